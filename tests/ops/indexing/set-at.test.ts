import { describe, expect, test } from 'vitest';
import { arange, DtypeError, IndexError, ShapeError, slice, tensor, zeros } from '../../../src';
import { ints } from '../../support/tensors';

describe('setAt', () => {
  test('overwrites the selection of at, and returns the tensor', () => {
    const y = zeros([2, 3]);
    expect(y.setAt([0, 1], 5)).toBe(y);
    y.setAt(1, tensor([7, 8, 9]));
    y.setAt(['...', 0], -1);
    y.setAt([slice(), slice(1, 2)], tensor([[10], [20]]));
    expect(y.tolist()).toEqual([
      [-1, 10, 0],
      [-1, 20, 9],
    ]);
    expect(tensor(1).setAt([], 4).item()).toBe(4);
    expect(zeros([2]).setAt([], 4).tolist()).toEqual([4, 4]);
    expect(
      zeros([2])
        .setAt(slice(), tensor([1, 2]))
        .tolist(),
    ).toEqual([1, 2]);
  });

  test('at lists of positions and masks', () => {
    const y = arange(5).float();
    y.setAt([[0, -1]], 9);
    expect(y.tolist()).toEqual([9, 1, 2, 3, 9]);
    y.setAt(y.lt(3), tensor([10, 20]));
    expect(y.tolist()).toEqual([9, 10, 20, 3, 9]);
    y.setAt(ints([1, 2]), 0);
    expect(y.tolist()).toEqual([9, 0, 0, 3, 9]);
    const m = zeros([2, 3]);
    m.setAt(
      [
        [0, 1],
        [2, 0],
      ],
      tensor([5, 6]),
    );
    expect(m.tolist()).toEqual([
      [0, 0, 5],
      [6, 0, 0],
    ]);
    m.setAt([slice(), [0, 1]], 1);
    expect(m.tolist()).toEqual([
      [1, 1, 5],
      [1, 1, 0],
    ]);
    const flags = zeros([2], { dtype: 'bool' });
    flags.setAt([[0]], 7);
    expect(flags.toArray()).toEqual(Uint8Array.of(1, 0));
  });

  test('writes through views to their memory', () => {
    const y = zeros([2, 3]);
    y.t().setAt([slice(), 1], tensor([1, 2, 3]));
    y.at(0).setAt(tensor([true, false, true]), 8);
    expect(y.tolist()).toEqual([
      [8, 0, 8],
      [1, 2, 3],
    ]);
  });

  test('an array is always one entry per dimension', () => {
    const v = zeros([5]);
    expect(() => v.setAt([0, 2], 1)).toThrow('2 positions for a tensor of shape [5]');
    expect(v.setAt([[0, 2]], 1).tolist()).toEqual([1, 0, 1, 0, 0]);
  });

  test('rejected values change nothing', () => {
    const y = zeros([2, 3]);
    const array = [1, 2, 3] as unknown as number;
    expect(() => y.setAt(0, array)).toThrow('copy_: the source must be a tensor or a number, got an array');
    expect(() => y.setAt(y.eq(0), array)).toThrow('setAt: the value must be a tensor or a number, got an array');
    const wrong = [
      () => y.setAt([0], tensor([1, 2])),
      () => y.setAt([[0, 1]], zeros([3, 3])),
      () => y.setAt([[0, 5]], 1),
      () => y.setAt([2], 1),
      () => y.setAt(y.eq(0), tensor([1, 2])),
      () => y.setAt([[0, 1]], arange(3)),
      () => y.setAt([0, 0, 0], 1),
    ];
    const kinds = [ShapeError, ShapeError, IndexError, IndexError, ShapeError, DtypeError, IndexError];
    wrong.forEach((run, i) => {
      expect(run).toThrow(kinds[i]);
    });
    expect(() => y.setAt([[0, 1]], arange(3))).toThrow(
      "setAt: the value is int32, the tensor is float32; convert it with to('float32')",
    );
    expect(y.tolist()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(y.version).toBe(0);
  });
});

test('a mask accepts one number of any dtype', () => {
  const x = zeros([2, 3], { dtype: 'int32' });
  x.setAt(tensor([true, false]), tensor([2.7]));
  x.setAt([slice(), tensor([true, false, true])], tensor(-1.5));
  expect(x.tolist()).toEqual([
    [-1, 2, -1],
    [-1, 0, -1],
  ]);
  expect(() => x.setAt([tensor([true, false]), ints([1])], tensor([2.7]))).toThrow(DtypeError);
});
