import type { Json } from '../process-messages';

/** An object as a front end receives it. Throws for what JSON cannot express, such as cycles and big integers. */
export function asJson(value: object): Record<string, Json> {
  return JSON.parse(JSON.stringify(value)) as Record<string, Json>;
}

/** Bytes in Base64. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  // In chunks: the number of arguments is limited.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** The text that UTF-8 in Base64 holds. */
export const textInBase64 = (encoded: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)));

/** Binary data as bytes for the channel. */
export function asBytes(data: ArrayBufferView | ArrayBufferLike): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
