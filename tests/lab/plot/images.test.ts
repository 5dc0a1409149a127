import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { tensor } from '../../../src';
import { PlotError } from '../../../src/errors';
import { confusion, type Figure, images } from '../../../src/lab/plot';

interface Png {
  width: number;
  height: number;
}
const UPNG: { decode(file: ArrayBuffer): Png; toRGBA8(png: Png): ArrayBuffer[] } = createRequire(__filename)('upng-js');

/** The pixels of a sheet, decoded by another program: grey from 0 to 255, or null if transparent. */
function decoded(figure: Figure) {
  const [head, body] = (figure.data[0]!.source as string).split(',');
  expect(head).toBe('data:image/png;base64');
  const { buffer, byteOffset, length } = Buffer.from(body!, 'base64');
  const png = UPNG.decode(buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer);
  const rgba = new Uint8Array(UPNG.toRGBA8(png)[0]!);
  const pixels = Array.from({ length: png.height }, (_, y) =>
    Array.from({ length: png.width }, (_, x) => {
      const [r, g, b, a] = rgba.subarray(4 * (png.width * y + x));
      return a === 0 ? null : r === g && g === b ? r : -1;
    }),
  );
  return { pixels, width: png.width, height: png.height };
}

describe('images', () => {
  const two = [
    [
      [0, 1],
      [0.5, 0],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  ];

  it('is one sheet, pictures side by side with a transparent gap', () => {
    const figure = images(two, { columns: 2 });
    const { pixels } = decoded(figure);
    expect(pixels).toEqual([
      [0, 255, null, null, 255, 0],
      [128, 0, null, null, 0, 255],
    ]);
    expect(figure.description).toBe('Pictures. 2 of 2 × 2 pixels in 1 rows.');
  });

  it('accepts a tensor, and maps a range to grey levels', () => {
    const figure = images(tensor(two), { columns: 1, range: [-1, 1] });
    const { pixels, width, height } = decoded(figure);
    expect([width, height]).toEqual([2, 6]);
    expect(pixels[0]).toEqual([128, 255]);
    expect(pixels[1]).toEqual([200, 128]);
    expect(pixels[2]).toEqual([null, null]);
  });

  it('writes labels below, centred under each picture', () => {
    const figure = images(two, { columns: 2, labels: ['a', 'b'], scale: 10 });
    expect(figure.data[1]).toMatchObject({ x: [0.5, 4.5], y: [2.35, 2.35], text: ['a', 'b'] });
    expect(figure.description).toContain('a, b');
  });

  it('has the same bytes every time, also in several blocks', () => {
    const many = Array.from({ length: 200 }, (_, k) =>
      Array.from({ length: 28 }, (_, y) => Array.from({ length: 28 }, (_, x) => (k * x + y) % 256)),
    );
    const sheet = () => images(many, { columns: 10 });
    expect(sheet().data).toEqual(sheet().data);
    const { pixels } = decoded(sheet());
    expect(pixels[5]![30 + 4]).toBe(Math.round((255 * Math.round((14 * (4 + 5)) / 255)) / 14));
    expect((sheet().data[0]!.source as string).length).toBeLessThan(200 * 28 * 28 * 0.8);
  });

  it('rejects invalid pictures', () => {
    expect(() => images([])).toThrow(PlotError);
    expect(() => images(tensor([[1, 2]]))).toThrow('tensor of shape [1, 2]');
    expect(() => images([[[1]], [[1, 2]]])).toThrow('picture 0 is 1 × 1, picture 1 is 1 × 2');
    expect(() => images([[[Number.NaN]]])).toThrow('not a finite number');
    expect(() => images(two, { labels: ['a'] })).toThrow('1 labels for 2 pictures');
    expect(() => images(two, { columns: 0 })).toThrow('columns');
    expect(() => images(two, { range: [1, 1] })).toThrow('range must rise');
  });
});

describe('confusion', () => {
  const counts = [
    [100, 10],
    [0, 1],
  ];

  it('has a row for each class, on a log scale by default', () => {
    const figure = confusion(counts, { classes: ['yes', 'no'], title: 'Two' });
    expect(figure.data[0]).toMatchObject({
      x: ['yes', 'no'],
      y: ['yes', 'no'],
      z: [
        [2, 1],
        [null, 0],
      ],
    });
    expect(figure.description).toContain('yes: 100, 10; no: 0, 1');
    expect(confusion(tensor(counts), { classes: ['yes', 'no'], log: false }).data[0]).toMatchObject({ z: counts });
  });

  it('frames the chosen cell: truth is the row', () => {
    const figure = confusion(counts, { classes: ['yes', 'no'], chosen: [0, 1] });
    expect(figure.data[1]).toMatchObject({ x: ['no'], y: ['yes'] });
    expect(figure.description).toContain('yes taken for no');
  });

  it('rejects data that does not match the classes', () => {
    expect(() => confusion(counts, { classes: ['yes'] })).toThrow('1 classes need as many rows and columns, got 2 × 2');
    expect(() => confusion(counts, { classes: ['yes', 'no'], chosen: [0, 2] })).toThrow('from 0 to 1, got [0,2]');
  });
});
