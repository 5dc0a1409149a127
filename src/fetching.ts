// Downloads that may stall: the server has accepted, but nothing more comes.
import { joined } from './bytes';
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
    const body = answer.body.pipeThrough(watched);
    const { ok, status, statusText, headers } = answer;
    return { ok, status, statusText, headers, body, arrayBuffer: async () => (await allOf(body)).buffer };
  } catch (error) {
    clearTimeout(timer);
    throw error;
  }
}

/** What Chromium's own `arrayBuffer` gives, with the reason of a stream that fails. */
async function allOf(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) pieces.push(part.value);
  return joined(pieces);
}
