import { PlotError } from '../../errors';
import { crc32 } from '../../kernels/crc32';

/** The grey levels of the palette: from black at 0 to white; the last entry is transparent. */
export const greys = 15;
export const clearPixel: number = greys;

/**
 * Encodes a picture of 15 greys and transparency as PNG, four bits per pixel, as a data URI. It is not compressed, so
 * its bytes are the same on every machine, without a library; four bits take half of the space of eight. Every pixel is
 * a number from 0 to 15, row by row.
 */
export function pngOf(pixels: Uint8Array, width: number, height: number): string {
  if (pixels.length !== width * height)
    throw new PlotError(`pngOf: ${pixels.length} pixels are not ${width} × ${height}`);
  const palette = Uint8Array.from({ length: 48 }, (_, i) => Math.round((255 * Math.min(Math.floor(i / 3), 14)) / 14));
  const opacity = Uint8Array.from({ length: 16 }, (_, i) => (i === clearPixel ? 0 : 255));
  // Bit depth 4, palette colours, no interlacing.
  const header = [...bigEndian(width), ...bigEndian(height), 4, 3, 0, 0, 0];
  const bytes = [
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk('IHDR', header),
    ...chunk('PLTE', palette),
    ...chunk('tRNS', opacity),
    ...chunk('IDAT', stored(scanlines(pixels, width, height))),
    ...chunk('IEND', []),
  ];
  return `data:image/png;base64,${base64(bytes)}`;
}

/** Returns each row after a filter byte 0, two pixels per byte. */
function scanlines(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const perRow = Math.ceil(width / 2);
  const rows = new Uint8Array((1 + perRow) * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[(1 + perRow) * y + 1 + (x >> 1)]! |= pixels[width * y + x]! << (x % 2 ? 0 : 4);
  return rows;
}

/** Bytes in zlib's format, in uncompressed blocks. */
function stored(bytes: Uint8Array): number[] {
  const most = 65535;
  const out = [0x78, 0x01];
  for (let at = 0; at < bytes.length; at += most) {
    const block = bytes.subarray(at, at + most);
    const [low, high] = [block.length & 255, block.length >> 8];
    out.push(at + most >= bytes.length ? 1 : 0, low, high, low ^ 255, high ^ 255);
    for (const byte of block) out.push(byte);
  }
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  out.push(...bigEndian(b * 65536 + a));
  return out;
}

function chunk(name: string, content: ArrayLike<number>): number[] {
  const body = [...[...name].map((letter) => letter.charCodeAt(0)), ...Array.from(content)];
  return [...bigEndian(content.length), ...body, ...bigEndian(crc32(body))];
}

const bigEndian = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes as base64. */
export function base64(bytes: readonly number[]): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let k = 0; k < 4; k++) text += i + k > bytes.length ? '=' : digits[(three >> (18 - 6 * k)) & 63];
  }
  return text;
}
