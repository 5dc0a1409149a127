import { StringDecoder } from 'node:string_decoder';
import { send } from '../channel';
import { currentParent } from '../parent/parent';

type Done = (error?: Error | null) => void;

/** Sends output of the standard streams to the host at once, so that a cell that never returns shows its output. */
export function captureStreams(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const decoder = new StringDecoder('utf8');
    const write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean => {
      const isText = typeof chunk === 'string' && (typeof encoding !== 'string' || /^utf-?8$/i.test(encoding));
      const text = isText ? chunk : decoder.write(bytesOf(chunk, encoding));
      if (text !== '') send({ type: 'stream', parentId: currentParent(), name, text });
      const callback = typeof encoding === 'function' ? encoding : done;
      if (callback !== undefined) process.nextTick(callback);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
}

const bytesOf = (chunk: string | Uint8Array, encoding: unknown): Buffer =>
  typeof chunk === 'string' ? Buffer.from(chunk, encoding as BufferEncoding) : Buffer.from(chunk);
