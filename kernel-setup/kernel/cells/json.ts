import type { Json } from '../process-messages';

/** What arrives of an object at a front end; throws for what cannot be sent, such as cycles and big integers. */
export function asJson(value: object): Record<string, Json> {
  return JSON.parse(JSON.stringify(value)) as Record<string, Json>;
}

/** Binary data as the channel carries it. */
export function asBytes(data: ArrayBufferView | ArrayBufferLike): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
