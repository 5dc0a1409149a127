// Distances between the rows of two matrices that lie in memory row by row.

import { turn } from '../cancellation';
import { monomorphic } from './monomorphic';
import { multiply } from './products';
import { vectorNorm } from './reduce';
import type { NumberArray } from './strides';

type Floats = Float32Array | Float64Array;

/** Rows of `k` elements, one behind the other. */
export interface RowsOf {
  readonly memory: NumberArray;
  readonly offset: number;
  readonly rows: number;
}

/** `y[to + i·n + j] = ‖a_i - b_j‖_p` in float64; NaN where a difference is. */
export function distancesByDifferences(y: NumberArray, to: number, a: RowsOf, b: RowsOf, k: number, p: number): void {
  const distance = p === 2 || p === 1 ? (p === 2 ? euclidean : absolute)(a.memory) : null;
  const d = new Float64Array(distance === null ? k : 0);
  for (let i = 0, at = to, row = a.offset; i < a.rows; i++, row += k)
    for (let j = 0, other = b.offset; j < b.rows; j++, at++, other += k) {
      if (distance !== null) y[at] = distance(a.memory, row, b.memory, other, k);
      else {
        let isKnown = true;
        for (let e = 0; e < k; e++) {
          d[e] = a.memory[row + e] - b.memory[other + e];
          isKnown &&= !Number.isNaN(d[e]);
        }
        y[at] = isKnown ? vectorNorm(d, 0, k, p) : Number.NaN;
      }
      turn(8 * k);
    }
}

type Distance = (a: NumberArray, row: number, b: NumberArray, other: number, k: number) => number;

const euclidean = monomorphic<Distance>((a, row, b, other, k) => {
  let sum = 0;
  for (let e = 0; e < k; e++) {
    const d = a[row + e] - b[other + e];
    sum += d * d;
  }
  return Math.sqrt(sum);
});

const absolute = monomorphic<Distance>((a, row, b, other, k) => {
  let sum = 0;
  for (let e = 0; e < k; e++) sum += Math.abs(a[row + e] - b[other + e]);
  return sum;
});

/**
 * Squares of distances this far below `|a|² + |b|²` are computed by differences: `a·b` takes away most of their digits.
 */
const least = 0.1;

/** Euclidean distances by a product of matrices, `√(|a|² + |b|² - 2 a·b)`, and by differences where rows lie close together. */
export function distancesByProduct(y: Floats, to: number, a: RowsOf, b: RowsOf, k: number): void {
  const [m, n] = [a.rows, b.rows];
  const left = { memory: a.memory, offset: a.offset, row: k, col: 1 };
  multiply(m, n, k, left, { memory: b.memory, offset: b.offset, row: 1, col: k }, y, to);
  const [first, second] = [squares(a, k), squares(b, k)];
  const distance = euclidean(a.memory);
  const finish = finishing(y);
  // Smaller products are subnormal, or nothing.
  const tiny = y instanceof Float32Array ? 2 ** -100 : 2 ** -900;
  for (let i = 0; i < m; i++) {
    finish(
      y,
      to + i * n,
      n,
      first[i],
      second,
      least,
      tiny,
      a.memory,
      a.offset + i * k,
      b.memory,
      b.offset,
      k,
      distance,
    );
    turn(4 * n);
  }
}

/** `|x|²` of each row. */
function squares({ memory, offset, rows }: RowsOf, k: number): Float64Array {
  const all = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    all[i] = vectorNorm(memory, offset + i * k, k, 2) ** 2;
    turn(k);
  }
  return all;
}

const finishing = monomorphic(
  (
    y: NumberArray,
    at: number,
    n: number,
    own: number,
    others: Float64Array,
    part: number,
    tiny: number,
    a: NumberArray,
    row: number,
    b: NumberArray,
    start: number,
    k: number,
    distance: Distance,
  ) => {
    for (let j = 0; j < n; j++) {
      const both = own + others[j];
      const square = both - 2 * y[at + j];
      // Also what is not finite.
      y[at + j] = square > part * both && both > tiny ? Math.sqrt(square) : distance(a, row, b, start + j * k, k);
    }
  },
);
