// Downloads that may stall: the server has accepted, but nothing more comes.
import type { Answer } from './platform';

/**
 * As `fetch`; it fails, and so does its body, when nothing has come for so many milliseconds.
 * @internal
 */
export async function fetchPatiently(address: string, patience: number): Promise<Answer> {
  const control = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    const stalled = () => control.abort(new Error(`nothing came for ${patience / 1000} seconds`));
    timer = setTimeout(stalled, patience);
    timer.unref?.();
  };
  wait();
  try {
    const answer = await fetch(address, { signal: control.signal });
    if (answer.body === null) return answer;
    const watched = new TransformStream<Uint8Array, Uint8Array>({
      transform(part, out) {
        wait();
        out.enqueue(part);
      },
      flush: () => clearTimeout(timer),
    });
    return new Response(answer.body.pipeThrough(watched), answer);
  } catch (error) {
    clearTimeout(timer);
    throw error;
  }
}
