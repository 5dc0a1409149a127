import { describe, expect, test } from 'vitest';
import { arange, matmul, ones, ShapeError, tensor, ValueError, zeros } from '../../../src';

describe('matmul', () => {
  const a = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const v = tensor([1, 0, -1]);

  test('vectors and matrices', () => {
    expect(v.matmul(tensor([5, 6, 7])).item()).toBe(-2);
    expect(a.matmul(v).tolist()).toEqual([-2, -2]);
    expect(tensor([1, -1]).matmul(a).tolist()).toEqual([-3, -3, -3]);
    expect(matmul(a, a.t()).tolist()).toEqual([
      [14, 32],
      [32, 77],
    ]);
    expect(a.t().matmul(a).tolist()).toEqual([
      [17, 22, 27],
      [22, 29, 36],
      [27, 36, 45],
    ]);
  });

  test('batches broadcast', () => {
    const x = arange(12).reshape(2, 2, 3).float();
    const y = ones([3, 2]);
    expect(x.matmul(y).tolist()).toEqual([
      [
        [3, 3],
        [12, 12],
      ],
      [
        [21, 21],
        [30, 30],
      ],
    ]);
    expect(ones([4, 1, 2, 3]).matmul(ones([5, 3, 2])).shape).toEqual([4, 5, 2, 2]);
    expect(x.matmul(v).tolist()).toEqual([
      [-2, -2],
      [-2, -2],
    ]);
    expect(tensor([1, 1]).matmul(x).tolist()).toEqual([
      [3, 5, 7],
      [15, 17, 19],
    ]);
  });

  test('inner dimensions of any length', () => {
    for (const k of [0, 1, 3, 4, 5, 9]) {
      const row = arange(k).float().reshape(1, k);
      expect(row.matmul(row.t()).item()).toBe(((k - 1) * k * (2 * k - 1)) / 6 || 0);
    }
    expect(
      zeros([2, 0])
        .matmul(zeros([0, 3]))
        .tolist(),
    ).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(zeros([0, 2]).matmul(zeros([2, 3])).shape).toEqual([0, 3]);
  });

  test('errors name both shapes', () => {
    expect(() => matmul(zeros([500, 20]), zeros([13, 8]))).toThrow(ShapeError);
    expect(() => matmul(zeros([500, 20]), zeros([13, 8]))).toThrow(
      "matmul: inner dimensions differ: [500, 20] · [13, 8]; the first's last (20) must equal the second's second-to-last (13)",
    );
    expect(() => a.matmul(tensor([1, 2]))).toThrow("the second's only (2)");
    expect(() => tensor(2).matmul(a)).toThrow(
      'matmul: both operands need at least one dimension, got [] · [2, 3]; use mul()',
    );
    expect(() => zeros([2, 2, 3]).matmul(zeros([3, 3, 2]))).toThrow('matmul: shapes [2] and [3] do not broadcast');
    expect(() => a.matmul(2 as unknown as typeof a)).toThrow(ValueError);
  });
});
