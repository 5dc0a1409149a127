import { turn } from '../cancellation';

/** The effect of a byte on the remainder, by the polynomial of zip, gzip and PNG, lowest bit first. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** The checksum of bytes, as zip has it (`zlib.crc32` in Python). @param before the checksum of the bytes before these */
export function crc32(bytes: ArrayLike<number>, before = 0): number {
  turn(bytes.length);
  let rest = ~before;
  for (let i = 0; i < bytes.length; i++) rest = (rest >>> 8) ^ table[(rest ^ bytes[i]) & 255];
  return ~rest >>> 0;
}
