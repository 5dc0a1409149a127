import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collapse, contiguousStride, forEachRow, isContiguous, numel } from '../../src/kernels/strides';

test('numel', () => {
  expect([numel([]), numel([3]), numel([2, 3, 4]), numel([2, 0, 4])]).toEqual([1, 3, 24, 0]);
});

test('contiguousStride', () => {
  expect(contiguousStride([])).toEqual([]);
  expect(contiguousStride([2, 3, 4])).toEqual([12, 4, 1]);
  expect(contiguousStride([2, 0, 4])).toEqual([4, 4, 1]);
});

test('isContiguous ignores the strides of dimensions of size 1, and of empty tensors', () => {
  expect(isContiguous([2, 3], [3, 1])).toBe(true);
  expect(isContiguous([2, 3], [1, 2])).toBe(false);
  expect(isContiguous([2, 3], [6, 2])).toBe(false);
  expect(isContiguous([3], [-1])).toBe(false);
  expect(isContiguous([1, 3, 1], [77, 1, 99])).toBe(true);
  expect(isContiguous([2, 0], [9, 9])).toBe(true);
  expect(isContiguous([], [])).toBe(true);
  expect(isContiguous([2], [0])).toBe(false);
});

describe('collapse', () => {
  test('merges dimensions that every operand walks in one stride', () => {
    expect(collapse([2, 3, 4], [[12, 4, 1]])).toEqual({ shape: [24], strides: [[1]] });
    expect(
      collapse(
        [2, 3, 4],
        [
          [12, 4, 1],
          [4, 8, 1],
        ],
      ),
    ).toEqual({
      shape: [2, 3, 4],
      strides: [
        [12, 4, 1],
        [4, 8, 1],
      ],
    });
    expect(
      collapse(
        [2, 3, 4],
        [
          [12, 4, 1],
          [0, 4, 1],
        ],
      ),
    ).toEqual({
      shape: [2, 12],
      strides: [
        [12, 1],
        [0, 1],
      ],
    });
    expect(collapse([2, 3], [[0, 0]])).toEqual({ shape: [6], strides: [[0]] });
  });

  test('drops dimensions of size 1, and leaves at least one dimension', () => {
    expect(collapse([1, 3, 1], [[9, 2, 7]])).toEqual({ shape: [3], strides: [[2]] });
    expect(collapse([], [[], []])).toEqual({ shape: [1], strides: [[0], [0]] });
    expect(collapse([1, 1], [[5, 5]])).toEqual({ shape: [1], strides: [[0]] });
  });
});

describe('forEachRow', () => {
  /** Positions of every element, row by row. */
  const visit = (shape: number[], strides: number[][], offsets: number[]) => {
    const seen: number[][] = strides.map(() => []);
    forEachRow(shape, strides, offsets, (positions, length) => {
      strides.forEach((s, k) => {
        for (let i = 0; i < length; i++) seen[k].push(positions[k] + i * s[shape.length - 1]);
      });
    });
    return seen;
  };

  test('visits every row once, in order', () => {
    expect(
      visit(
        [2, 3],
        [
          [3, 1],
          [1, 2],
        ],
        [0, 10],
      ),
    ).toEqual([
      [0, 1, 2, 3, 4, 5],
      [10, 12, 14, 11, 13, 15],
    ]);
    expect(visit([3], [[-1]], [2])).toEqual([[2, 1, 0]]);
    expect(visit([2, 0], [[1, 1]], [0])).toEqual([[]]);
    expect(visit([0, 2], [[1, 1]], [0])).toEqual([[]]);
  });

  test('agrees with plain loops, collapsed or not', () => {
    const dims = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -5, max: 9 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(dims, (list) => {
        const shape = list.map(([n]) => n);
        const stride = list.map(([, s]) => s);
        let expected = [100];
        for (const [n, s] of list) expected = expected.flatMap((p) => Array.from({ length: n }, (_, i) => p + i * s));
        expect(visit(shape, [stride], [100])).toEqual([expected]);
        const plan = collapse(shape, [stride]);
        expect(visit(plan.shape, plan.strides, [100])).toEqual([expected]);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});
