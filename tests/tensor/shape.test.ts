import { describe, expect, test } from 'vitest';
import { IndexError, ones, ShapeError, tensor, zeros } from '../../src';
import { broadcastShapes, broadcastStride, checkDim, checkDims, formatShape } from '../../src/tensor/shape';

test('formatShape formats a shape for messages', () => {
  expect(formatShape([])).toBe('[]');
  expect(formatShape([2, 3])).toBe('[2, 3]');
});

describe('dimensions', () => {
  test('negative ones count from the end', () => {
    expect(checkDim('op', -1, 3)).toBe(2);
    expect(checkDim('op', 0, 3)).toBe(0);
    expect(checkDim('op', -1, 0)).toBe(0);
    expect(() => checkDim('op', 1, 0)).toThrow('op: dimension 1 is outside [-1, 0] for a tensor of 0 dimensions');
    expect(() => checkDim('op', 3, 3)).toThrow(IndexError);
    expect(() => checkDim('op', Number.NaN, 3)).toThrow(IndexError);
  });

  test('lists are sorted; none means all; duplicates throw', () => {
    expect(checkDims('op', [-1, 0], 3)).toEqual([0, 2]);
    expect(checkDims('op', undefined, 2)).toEqual([0, 1]);
    expect(checkDims('op', null, 2)).toEqual([0, 1]);
    expect(checkDims('op', [], 2)).toEqual([0, 1]);
    expect(checkDims('op', 0, 0)).toEqual([]);
    expect(() => checkDims('op', [1, -1], 2)).toThrow('op: dimension 1 appears twice in [1, -1]');
  });
});

describe('broadcasting', () => {
  test.each([
    [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    [[2, 3], [3], [2, 3]],
    [[2, 1], [3], [2, 3]],
    [[], [4], [4]],
    [
      [5, 1, 3],
      [4, 1],
      [5, 4, 3],
    ],
    [[1], [0], [0]],
    [[0, 1], [3], [0, 3]],
  ])('%j and %j give %j', (a, b, shape) => {
    expect(broadcastShapes('op', a, b)).toEqual(shape);
    expect(broadcastShapes('op', b, a)).toEqual(shape);
    expect(ones(a).add(ones(b)).shape).toEqual(shape);
  });

  test('a mismatch is reported with the dimension and both sizes', () => {
    expect(() => ones([2, 3]).add(ones([2]))).toThrow(ShapeError);
    expect(() => ones([2, 3]).add(ones([2]))).toThrow(
      'add: shapes [2, 3] and [2] do not broadcast: dimension 1 has sizes 3 and 2, which must be equal or one of them 1',
    );
    expect(() => ones([4, 2, 3]).mul(ones([5, 1, 3]))).toThrow(
      'mul: shapes [4, 2, 3] and [5, 1, 3] do not broadcast: dimension 0 has sizes 4 and 5',
    );
    expect(() => zeros([0]).add(ones([2]))).toThrow('dimension 0 has sizes 0 and 2');
    expect(() => tensor([1, 2]).gt(tensor([1, 2, 3]))).toThrow('gt: shapes [2] and [3] do not broadcast');
  });

  test('a broadcast dimension has stride 0', () => {
    expect(broadcastStride([2, 1], [1, 1], [3, 2, 4])).toEqual([0, 1, 0]);
    expect(broadcastStride([2, 3], [3, 1], [2, 3])).toEqual([3, 1]);
  });
});
