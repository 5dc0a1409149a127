// Distances between the rows of two row-major matrices.

import { turn } from '../cancellation';
import { monomorphic } from './monomorphic';
import { multiply } from './products';
import { turned } from './products/strided-matrix';
import { vectorNorm } from './reduce';
import { most, Stage } from './staging';
import { type NumberArray, part } from './strides';
import { type DistancesExports, distancesModule, leastShare, rowsAtOnce, tiny } from './wasm/distances';
import { Family, padded, scratch } from './wasm/runtime';

const family = new Family<DistancesExports>(distancesModule);

type Floats = Float32Array | Float64Array;

/** Contiguous rows of `k` elements. */
export interface RowsOf {
  readonly memory: NumberArray;
  readonly offset: number;
  readonly rows: number;
}

/** Minimum differences for which copying to the kernels' memory pays, and the maximum row length. */
const worthwhile = 512;
const longest = 8192;
/** Elements of `b` in memory at a time: they fit in the second-level cache. */
const block = 2 ** 14;

/**
 * `y[to + i·n + j] =
 * a_i - b_j
 * _p` in float64; NaN if a difference is NaN.
 */
export function distancesByDifferences(y: NumberArray, to: number, a: RowsOf, b: RowsOf, k: number, p: number): void {
  const kernels = p === 1 && k <= longest && a.rows * b.rows * k >= worthwhile ? family.kernels : null;
  if (kernels !== null) {
    inBlocks(kernels, y, to, a, b, k);
    return;
  }
  const distance = p === 2 ? euclidean(a.memory) : null;
  const d = new Float64Array(k);
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

/** Sums of absolute differences between one row and several others at a time, as float64 in the kernels' memory. */
function inBlocks({ absolute }: DistancesExports, y: NumberArray, to: number, a: RowsOf, b: RowsOf, k: number) {
  const width = k + (k & 1);
  const others = Math.ceil(Math.min(b.rows, block / width) / rowsAtOnce) * rowsAtOnce;
  const atB = scratch.start + padded(8 * width);
  const atY = atB + padded(8 * others * width);
  scratch.reserve(atY + padded(8 * others));
  const { f64 } = scratch;
  const bring = (at: number, { memory, offset }: RowsOf, row: number) => {
    f64.set(part(memory, offset + row * k, k), at / 8);
    // The next row is copied after it.
    f64[at / 8 + k] = 0;
  };
  for (let j = 0; j < b.rows; j += others) {
    const n = Math.min(others, b.rows - j);
    for (let r = 0; r < n; r++) bring(atB + 8 * r * width, b, j + r);
    for (let i = 0; i < a.rows; i++) {
      bring(scratch.start, a, i);
      absolute(Math.ceil(n / rowsAtOnce) * rowsAtOnce, 8 * width, scratch.start, atB, atY);
      y.set(f64.subarray(atY / 8, atY / 8 + n), to + i * b.rows + j);
      turn(n * k);
    }
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

/** Euclidean distances by a matrix product, `√(|a|² + |b|² - 2 a·b)`, and by differences for close rows. */
export function distancesByProduct(y: Floats, to: number, a: RowsOf, b: RowsOf, k: number): void {
  const [m, n] = [a.rows, b.rows];
  const matrix = ({ memory, offset }: RowsOf) => ({ memory, offset, row: k, col: 1 });
  multiply(m, n, k, matrix(a), turned(matrix(b)), y, to);
  const [first, second] = [squares(a, k), squares(b, k)];
  const kernels = family.suited(y, m * n);
  /** Rows with NaN where a distance must be computed by differences. */
  const unknown: number[] = [];
  if (kernels === null) {
    const finish = finishing(y);
    for (let i = 0; i < m; i++) {
      finish(y, to + i * n, n, first[i], second, leastShare, tiny);
      unknown.push(i);
      turn(4 * n);
    }
  } else {
    const stage = new Stage(m, n, most);
    const others = stage.table(second);
    const all = part(y, to, m * n);
    const at = stage.input(all, n, 3);
    stage.output(all, n, at);
    while (stage.next())
      for (let r = 0, i = stage.first; r < stage.count; r++, i++)
        if (kernels.finish(n, at + 4 * r * n, others, first[i]) !== 0) unknown.push(i);
  }
  const distance = euclidean(a.memory);
  for (const i of unknown)
    for (let j = 0, t = to + i * n; j < n; j++, t++)
      if (Number.isNaN(y[t])) {
        y[t] = distance(a.memory, a.offset + i * k, b.memory, b.offset + j * k, k);
        turn(k);
      }
}

/** `|x|²` of each row. */
const squares = ({ memory, offset, rows }: RowsOf, k: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => {
    turn(k);
    return vectorNorm(memory, offset + i * k, k, 2) ** 2;
  });

/** The loop form of the kernel `finish`, with its bounds as parameters. */
const finishing = monomorphic(
  (y: NumberArray, at: number, n: number, own: number, others: Float64Array, share: number, tiny: number): void => {
    for (let j = 0; j < n; j++) {
      const both = own + others[j];
      const square = both - 2 * y[at + j];
      // The comparison is false for NaN.
      y[at + j] = square > share * Math.max(both, tiny) ? Math.sqrt(square) : Number.NaN;
    }
  },
);
