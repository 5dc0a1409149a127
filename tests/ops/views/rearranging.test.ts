import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arange,
  flip,
  fliplr,
  flipud,
  IndexError,
  repeatInterleave,
  roll,
  rot90,
  ShapeError,
  tensor,
  tile,
  ValueError,
  zeros,
} from '../../../src';

const x = arange(6).reshape(2, 3);

test('flip reverses dimensions, in a copy', () => {
  const y = x.flip(0, 1);
  expect(y.tolist()).toEqual([
    [5, 4, 3],
    [2, 1, 0],
  ]);
  y.zero_();
  expect(x.sum().item()).toBe(15);
  expect(flip(x.t(), [-1]).tolist()).toEqual([
    [3, 0],
    [4, 1],
    [5, 2],
  ]);
  expect(x.flip([]).data).not.toBe(x.data);
  expect(zeros([0, 2]).flip(0).shape).toEqual([0, 2]);
  expect(fliplr(x).equal(x.flip(1))).toBe(true);
  expect(flipud(x).equal(x.flip(0))).toBe(true);
  expect(() => x.flip(0, -2)).toThrow('flip: dimension 0 appears twice');
  expect(() => x.flip(2)).toThrow(IndexError);
  expect(() => tensor([1]).fliplr()).toThrow('fliplr: needs at least 2 dimensions, got a tensor of shape [1]');
  expect(() => tensor(1).flipud()).toThrow(ShapeError);
});

describe.each(['float32', 'float64', 'int32', 'bool'] as const)('%s, rows that are copied in pieces', (dtype) => {
  const long = arange(5 * 3 * 70)
    .reshape(5, 3, 70)
    .remainder(dtype === 'bool' ? 2 : 1000)
    .to(dtype);
  const elements = long.tolist() as number[][][];

  test.each([long, long.transpose(0, 1).contiguous().transpose(0, 1)])('are reversed, %#', (t) => {
    const reversed = elements.map((matrix) => matrix.map((row) => [...row].reverse()));
    expect(t.flip(2).tolist()).toEqual(reversed);
    expect(t.flip([0, 2]).tolist()).toEqual([...reversed].reverse());
  });

  test('are shifted cyclically along each dimension, and without one', () => {
    const [by0, by1, by2] = [-2, 4, 67];
    const wrapped = (i: number, n: number) => ((i % n) + n) % n;
    const shifted = elements.map((matrix, i) =>
      matrix.map((row, j) =>
        row.map((_, k) => elements[wrapped(i - by0, 5)][wrapped(j - by1, 3)][wrapped(k - by2, 70)]),
      ),
    );
    expect(long.roll([by0, by1, by2], [0, 1, 2]).tolist()).toEqual(shifted);
    const flat = elements.flat(2);
    expect(long.roll(1).reshape(-1).tolist()).toEqual([...flat.slice(-1), ...flat.slice(0, -1)]);
    expect(zeros([0, 70]).to(dtype).roll([1, 1], [0, 1]).shape).toEqual([0, 70]);
  });
});

describe('roll', () => {
  test('shifts cyclically along dimensions, or along all elements', () => {
    expect(x.roll(1, 1).tolist()).toEqual([
      [2, 0, 1],
      [5, 3, 4],
    ]);
    expect(x.roll(-1).tolist()).toEqual([
      [1, 2, 3],
      [4, 5, 0],
    ]);
    expect(roll(x, [1, -4], [0, 1]).tolist()).toEqual([
      [4, 5, 3],
      [1, 2, 0],
    ]);
    expect(x.roll([1, 1], [1, 1]).equal(x.roll(2, 1))).toBe(true);
    expect(x.roll(10000).equal(x.roll(10000 % 6))).toBe(true);
    expect(tensor(3).roll(5).item()).toBe(3);
    expect(zeros([0]).roll(1).shape).toEqual([0]);
  });

  test('a roll and its opposite cancel', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 }), (a, b) => {
        expect(x.roll([a, b], [0, 1]).roll([-b, -a], [1, 0]).equal(x)).toBe(true);
        expect(
          x
            .roll(a)
            .roll(b)
            .equal(x.roll(a + b)),
        ).toBe(true);
      }),
      { seed: 3 },
    );
  });

  test('errors', () => {
    expect(() => x.roll([])).toThrow('roll: needs a number of places to move by');
    expect(() => x.roll([1, 2], 0)).toThrow('roll: 2 shifts for 1 dimensions; give one for each');
    expect(() => x.roll([1, 2])).toThrow(ShapeError);
    expect(() => x.roll(1, 2)).toThrow(IndexError);
  });
});

describe('repeated', () => {
  test('repeat and tile', () => {
    expect(tensor([1, 2]).repeat(2, 2).tolist()).toEqual([
      [1, 2, 1, 2],
      [1, 2, 1, 2],
    ]);
    expect(x.t().repeat([1, 2]).at(0).tolist()).toEqual([0, 3, 0, 3]);
    expect(x.repeat(0, 2).shape).toEqual([0, 6]);
    expect(tensor(4).repeat().shape).toEqual([]);
    expect(tile(x, 2).equal(x.repeat(1, 2))).toBe(true);
    expect(x.tile([2, 1, 1]).shape).toEqual([2, 2, 3]);
    expect(x.tile([]).equal(x)).toBe(true);
    expect(() => x.repeat(2)).toThrow('repeat: [2] times for shape [2, 3]; give a whole number');
    expect(() => x.repeat(1, -1)).toThrow(ShapeError);
    expect(() => x.repeat(1, 1.5)).toThrow(ShapeError);
  });

  test('the gradients of the copies add up', () => {
    const w = tensor([1, 2], { requiresGrad: true });
    w.repeat(2, 3).mul(arange(12).reshape(2, 6)).sum().backward();
    expect(w.grad!.tolist()).toEqual([30, 36]);
  });

  test('repeatInterleave', () => {
    expect(x.repeatInterleave(2).tolist()).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    const counts = tensor([2, 0, 1], { dtype: 'int32' });
    expect(repeatInterleave(x, counts, 1).tolist()).toEqual([
      [0, 0, 2],
      [3, 3, 5],
    ]);
    expect(x.repeatInterleave(counts, -1, { outputSize: 3 }).shape).toEqual([2, 3]);
    expect(tensor(7).repeatInterleave(2).tolist()).toEqual([7, 7]);
    expect(() => x.repeatInterleave(counts, 0)).toThrow('repeatInterleave: 3 numbers of times for 2 entries');
    expect(() => x.repeatInterleave(-1)).toThrow(ValueError);
    expect(() => x.repeatInterleave(2, 2)).toThrow(IndexError);
    expect(() => x.repeatInterleave(counts, 1, { outputSize: 4 })).toThrow(
      'repeatInterleave: outputSize is 4, the result has 3 entries',
    );
    const w = tensor([1, 2, 3], { requiresGrad: true });
    w.repeatInterleave(counts)
      .mul(tensor([1, 10, 100]))
      .sum()
      .backward();
    expect(w.grad!.tolist()).toEqual([11, 0, 100]);
  });
});

test('rot90 turns from the first dimension towards the second', () => {
  expect(rot90(x).tolist()).toEqual([
    [2, 5],
    [1, 4],
    [0, 3],
  ]);
  expect(x.rot90(-1).tolist()).toEqual([
    [3, 0],
    [4, 1],
    [5, 2],
  ]);
  expect(x.rot90(2).equal(x.flip(0, 1))).toBe(true);
  expect(x.rot90(4).equal(x)).toBe(true);
  expect(x.rot90(1, [1, 0]).equal(x.rot90(-1))).toBe(true);
  for (const k of [-3, 1, 2, 5]) expect(x.rot90(k).rot90(-k).equal(x)).toBe(true);
  expect(() => tensor([1, 2]).rot90()).toThrow(IndexError);
  expect(() => x.rot90(1, [0, 0])).toThrow('rot90: dimensions 0 and 0 are the same');
  expect(() => x.rot90(1, [0])).toThrow(ShapeError);
  expect(() => x.rot90(0.5)).toThrow(ValueError);
});
