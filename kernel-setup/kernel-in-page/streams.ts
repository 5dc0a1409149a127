// The standard streams of cells in a page.
import { send } from '../kernel/cells/channel';
import { currentParent } from '../kernel/cells/parent/parent';

/** Sends what is written to the standard streams to the host, at once. */
export function captureStreams(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const decoder = new TextDecoder();
    const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      if (text !== '') send({ type: 'stream', parentId: currentParent(), name, text });
      const done = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
      if (done !== undefined) process.nextTick(done);
      return true;
    };
    Object.assign(process[name], { write });
  }
}
