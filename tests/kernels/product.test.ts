import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { multiply } from '../../src/kernels/products';
import type { Matrix } from '../../src/kernels/products/strided-matrix';
import type { NumberArray } from '../../src/kernels/strides';
import { type Switches, setSwitches } from '../../src/kernels/wasm/runtime';
import { eachVariant } from '../support/kernels';

type Floats = Float32Array | Float64Array;
type FloatsConstructor = Float32ArrayConstructor | Float64ArrayConstructor;

/** Numbers between -1 and 1 that differ by position. */
function numbers(Kind: FloatsConstructor, n: number, seed: number): Floats {
  const values = new Kind(n);
  for (let i = 0; i < n; i++) values[i] = ((Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b)) >> 8) / 2 ** 23;
  return values;
}

/** The same product, summed in float64; `sizes` receives the sums of the absolute values. */
function expected(m: number, n: number, k: number, a: Matrix, b: Matrix, start: Matrix | null) {
  const values = new Float64Array(m * n);
  const sizes = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      const first = start === null ? 0 : start.memory[start.offset + i * start.row + j * start.col];
      values[i * n + j] = first;
      sizes[i * n + j] = Math.abs(first);
      for (let p = 0; p < k; p++) {
        const term = a.memory[a.offset + i * a.row + p * a.col] * b.memory[b.offset + p * b.row + j * b.col];
        values[i * n + j] += term;
        sizes[i * n + j] += Math.abs(term);
      }
    }
  return { values, sizes };
}

/** The error of the result, in units of the possible rounding error. */
function error(y: NumberArray, to: number, { values, sizes }: ReturnType<typeof expected>): number {
  const unit = y.BYTES_PER_ELEMENT === 4 ? 2 ** -24 : 2 ** -53;
  return values.reduce((worst, v, i) => Math.max(worst, Math.abs(y[to + i] - v) / (unit * (sizes[i] + 1e-30))), 0);
}

/**
 * A matrix in one of several layouts: by rows, by columns, with wider rows, every other element, one row or column
 * repeated.
 */
function laidOut(Kind: FloatsConstructor, rows: number, cols: number, layout: number, seed: number): Matrix {
  const [row, col, offset] = [
    [cols, 1, 0],
    [1, rows, 3],
    [cols + 5, 1, 2],
    [2 * cols, 2, 1],
    [4 * cols + 7, 3, 0],
    [0, 1, 1],
    [1, 0, 0],
  ][layout];
  const length = offset + Math.max(rows - 1, 0) * row + Math.max(cols - 1, 0) * col + 1 + (layout % 2);
  return { memory: numbers(Kind, length, seed), offset, row, col };
}

const layout = fc.integer({ min: 0, max: 6 });
const size = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 10, max: 70 }));

describe.each(eachVariant)('%s', (_, switches) => {
  let before: Switches;
  beforeEach(() => {
    before = setSwitches(switches);
  });
  afterEach(() => void setSwitches(before));

  test.each([Float32Array, Float64Array])('products of any sizes and strides, %s', (Kind) => {
    fc.assert(
      fc.property(size, size, size, layout, layout, fc.option(layout), (m, n, k, la, lb, ls) => {
        const a = laidOut(Kind, m, k, la, 1);
        const b = laidOut(Kind, k, n, lb, 2);
        const start = ls === null ? null : laidOut(Kind, m, n, ls, 3);
        const y = new Kind(m * n + 4).fill(7);
        multiply(m, n, k, a, b, y, 2, start);
        expect(error(y, 2, expected(m, n, k, a, b, start))).toBeLessThan(k + 2);
        // Adding to previous contents works, too.
        const before = y.slice();
        multiply(m, n, k, a, b, y, 2, { memory: y, offset: 2, row: n, col: 1 });
        const sum = expected(m, n, k, a, b, { memory: before, offset: 2, row: n, col: 1 });
        expect(error(y, 2, sum)).toBeLessThan(k + 2);
        // Memory around the result is unchanged.
        expect([y[0], y[1], y[m * n + 2], y[m * n + 3]]).toEqual([7, 7, 7, 7]);
      }),
      { numRuns: 300 },
    );
  });

  test('long sums, and sizes at the edges of blocks and tiles', () => {
    for (const [m, n, k] of [
      [1, 9, 5000],
      [9, 1, 5000],
      [1, 5000, 9],
      [5000, 1, 9],
      [3, 4, 5000],
      [119, 8, 255],
      [121, 17, 257],
      [241, 3, 513],
      [33, 600, 40],
    ])
      for (const layout of [0, 1]) {
        const a = laidOut(Float32Array, m, k, layout, 1);
        const b = laidOut(Float32Array, k, n, layout, 2);
        const y = new Float32Array(m * n);
        multiply(m, n, k, a, b, y, 0);
        // Sums of blocks are added, so the error grows more slowly than the length.
        expect(error(y, 0, expected(m, n, k, a, b, null))).toBeLessThan(300);
      }
  });

  test('NaN and infinities affect only their rows and columns', () => {
    const [m, n, k] = [7, 13, 9];
    for (const layout of [0, 1]) {
      const a = laidOut(Float32Array, m, k, layout, 1);
      const b = laidOut(Float32Array, k, n, layout, 2);
      a.memory[a.offset + 2 * a.row + 3 * a.col] = Number.NaN;
      b.memory[b.offset + 8 * b.row + 12 * b.col] = Number.POSITIVE_INFINITY;
      const y = new Float32Array(m * n);
      multiply(m, n, k, a, b, y, 0);
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++) {
          const v = y[i * n + j];
          if (i === 2) expect(v).toBeNaN();
          else if (j === 12) expect(Math.abs(v)).toBe(Number.POSITIVE_INFINITY);
          else expect(Number.isFinite(v)).toBe(true);
        }
    }
  });

  test('memory after the operands does not matter', () => {
    // A product of NaN first, to fill the memory with NaN.
    const wild = { memory: new Float32Array(4000).fill(Number.NaN), offset: 0, row: 40, col: 1 };
    multiply(40, 40, 40, wild, wild, new Float32Array(1600), 0);
    for (const [m, n, k] of [
      [1, 9, 31],
      [9, 1, 31],
      [5, 5, 7],
      [13, 11, 3],
    ]) {
      const a = laidOut(Float32Array, m, k, 0, 1);
      const b = laidOut(Float32Array, k, n, 1, 2);
      const y = new Float32Array(m * n);
      multiply(m, n, k, a, b, y, 0);
      expect(error(y, 0, expected(m, n, k, a, b, null))).toBeLessThan(k + 2);
    }
  });
});

test('a large product is split, with the same bits', () => {
  for (const [m, n, k] of [
    [3000, 2000, 40],
    [40, 2000, 3000],
    [2000, 3000, 40],
    [30, 30, 150_000],
  ]) {
    const a = laidOut(Float32Array, m, k, 0, 1);
    const b = laidOut(Float32Array, k, n, 0, 2);
    const start = { ...laidOut(Float32Array, 1, n, 0, 3), row: 0 };
    const y = new Float32Array(m * n);
    multiply(m, n, k, a, b, y, 0, start);
    // The corner of the last parts, computed separately.
    const [i, j] = [m - 20, n - 20];
    const corner = new Float32Array(400);
    multiply(20, 20, k, { ...a, offset: i * k }, { ...b, offset: j }, corner, 0, { ...start, offset: j });
    for (let r = 0; r < 20; r++)
      expect(y.subarray((i + r) * n + j, (i + r) * n + j + 20)).toEqual(corner.subarray(r * 20, (r + 1) * 20));
    expect(
      error(corner, 0, expected(20, 20, k, { ...a, offset: i * k }, { ...b, offset: j }, { ...start, offset: j })),
    ).toBeLessThan(1000);
  }
});
