// Downloads with a timeout: a server may accept the request and then send no more data.
import { joined } from '../bytes';

/** The part of a `Response` that is used here; its type is not declared in every program. */
export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: { get(name: string): string | null };
  readonly body: unknown;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * As `fetch`, but it rejects, and so does its body, after `patience` milliseconds without data.
 * @internal
 */
export async function fetchPatiently(address: string, patience: number): Promise<Answer> {
  const control = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    const stalled = () => control.abort(new Error(`no data arrived for ${patience / 1000} seconds`));
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

/** As `arrayBuffer()`, which in Chromium hides the reason when a stream fails. */
async function allOf(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) pieces.push(part.value);
  return joined(pieces);
}
