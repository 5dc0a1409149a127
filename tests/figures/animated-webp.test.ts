// Animated WebP files, read by the container's rules.
import { expect, test } from 'vitest';
import { animatedWebp, chunksOf } from '../../tools/pictures/animated-webp.mjs';

/** A WebP file with one bitstream of this many bytes. */
function still(length: number, fill: number): Buffer {
  const header = Buffer.alloc(20);
  header.write('RIFF', 0);
  header.write('WEBPVP8 ', 8);
  header.writeUInt32LE(length, 16);
  return Buffer.concat([header, Buffer.alloc(length + (length % 2), fill)]);
}

test('has size, durations and bitstreams of the frames, each at an even offset', () => {
  const frames = [
    { webp: still(5, 1), ms: 2500 },
    { webp: still(4, 2), ms: 70_000 },
  ];
  const made = animatedWebp(frames, { width: 300, height: 70_000 });
  expect(made.toString('latin1', 0, 4) + made.toString('latin1', 8, 12)).toBe('RIFFWEBP');
  expect(made.readUInt32LE(4)).toBe(made.length - 8);
  const chunks = chunksOf(made);
  expect(chunks.map(({ name }) => name)).toEqual(['VP8X', 'ANIM', 'ANMF', 'ANMF']);
  const [extended, animation, ...shown] = chunks.map(({ content }) => content);
  expect(extended![0]).toBe(2);
  expect([extended!.readUIntLE(4, 3), extended!.readUIntLE(7, 3)]).toEqual([299, 69_999]);
  expect(animation!.readUInt16LE(4)).toBe(0);
  for (const [i, content] of shown.entries()) {
    expect(content.readUIntLE(12, 3)).toBe(frames[i]!.ms);
    expect(content.toString('latin1', 16, 20)).toBe('VP8 ');
    const length = content.readUInt32LE(20);
    expect(content.subarray(24, 24 + length)).toEqual(frames[i]!.webp.subarray(20, 20 + length));
    expect(content.length).toBe(24 + length + (length % 2));
  }
});

test('rejects data that is not a picture', () => {
  expect(() => animatedWebp([], { width: 1, height: 1 })).toThrow(RangeError);
  const png = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
  expect(() => animatedWebp([{ webp: png, ms: 1 }], { width: 1, height: 1 })).toThrow('picture 0 is not a WebP');
});
