// Distances between the rows of two matrices that lie in memory row by row.

import { turn } from '../cancellation';
import { monomorphic } from './monomorphic';
import { multiply } from './products';
import { vectorNorm } from './reduce';
import { most, Stage } from './staging';
import { type NumberArray, part } from './strides';
import { type DistancesExports, distancesModule, rowsAtOnce } from './wasm/distances';
import { Family, padded, scratch } from './wasm/runtime';

const family = new Family<DistancesExports>(distancesModule);

type Floats = Float32Array | Float64Array;

/** Rows of `k` elements, one behind the other. */
export interface RowsOf {
  readonly memory: NumberArray;
  readonly offset: number;
  readonly rows: number;
}

/** Differences from which the copies into the kernels' memory are worth their while, and the longest rows that go there. */
const worthwhile = 512;
const longest = 8192;
/** Elements of `b` that are in memory at a time: they stay in the second-level cache. */
const block = 2 ** 14;

/** `y[to + i·n + j] = ‖a_i - b_j‖_p` in float64; NaN where a difference is. */
export function distancesByDifferences(y: NumberArray, to: number, a: RowsOf, b: RowsOf, k: number, p: number): void {
  const kernels = (p === 1 || p === 2) && k <= longest && a.rows * b.rows * k >= worthwhile ? family.kernels : null;
  if (kernels !== null) {
    inBlocks(p === 1 ? kernels.absolute : kernels.euclidean, y, to, a, b, k);
    return;
  }
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

/** Rows of both, some at a time, widened to float64 in the kernels' memory. */
function inBlocks(
  kernel: DistancesExports['absolute'],
  y: NumberArray,
  to: number,
  a: RowsOf,
  b: RowsOf,
  k: number,
): void {
  const width = k + (k & 1);
  const fitting = Math.max(1, Math.floor(block / (width * rowsAtOnce))) * rowsAtOnce;
  const [rows, others] = [Math.min(a.rows, fitting), Math.min(b.rows, fitting)];
  const room = (elements: number) => padded(8 * elements);
  const atA = scratch.start;
  const atB = atA + room(rows * width);
  const atY = atB + room((others + rowsAtOnce) * width);
  scratch.reserve(atY + room(rows * (others + rowsAtOnce)));
  const { f64 } = scratch;
  const bring = (at: number, { memory, offset }: RowsOf, first: number, count: number) => {
    for (let r = 0, from = offset + first * k, t = at / 8; r < count; r++, from += k, t += width) {
      f64.set(part(memory, from, k), t);
      if (k < width) f64[t + k] = 0;
    }
  };
  for (let j = 0; j < b.rows; j += others) {
    const n = Math.min(others, b.rows - j);
    const computed = Math.ceil(n / rowsAtOnce) * rowsAtOnce;
    bring(atB, b, j, n);
    for (let i = 0; i < a.rows; i += rows) {
      const m = Math.min(rows, a.rows - i);
      bring(atA, a, i, m);
      kernel(m, computed, 8 * width, atA, atB, atY);
      for (let r = 0, t = atY / 8; r < m; r++, t += computed) y.set(f64.subarray(t, t + n), to + (i + r) * b.rows + j);
      turn(m * n * k);
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
  const kernels = family.suited(y, m * n);
  // Smaller products are subnormal, or nothing.
  const smallest = y instanceof Float32Array ? 2 ** -100 : 2 ** -900;
  const unknown: number[] = [];
  if (kernels === null) {
    const finish = finishing(y);
    for (let i = 0; i < m; i++) {
      if (finish(y, to + i * n, n, first[i], second, least, smallest)) unknown.push(i);
      turn(4 * n);
    }
  } else {
    const stage = new Stage(m, n, most);
    const others = stage.table(second);
    const all = part(y, to, m * n);
    const at = stage.input(all, n, 3);
    stage.output(all, n, at);
    stage.run((count, start) => {
      for (let r = 0; r < count; r++)
        if (kernels.finish(n, at + 4 * r * n, others, first[start + r], least, smallest) !== 0) unknown.push(start + r);
    });
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
function squares({ memory, offset, rows }: RowsOf, k: number): Float64Array {
  const all = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    all[i] = vectorNorm(memory, offset + i * k, k, 2) ** 2;
    turn(k);
  }
  return all;
}

/** What the kernel `finish` does, by a loop. */
const finishing = monomorphic(
  (y: NumberArray, at: number, n: number, own: number, others: Float64Array, part: number, tiny: number): boolean => {
    let isMissing = false;
    for (let j = 0; j < n; j++) {
      const both = own + others[j];
      const square = both - 2 * y[at + j];
      // What is not finite is not more.
      const isKnown = square > part * both && both > tiny;
      y[at + j] = isKnown ? Math.sqrt(square) : Number.NaN;
      isMissing ||= !isKnown;
    }
    return isMissing;
  },
);
