// Sums of float32 in WebAssembly (wasm/sums.ts), on ordinary arrays.

import { turn } from '../turn';
import { Family, padded, reservedBytes, scratch } from './wasm/runtime';
import { mostRows, type SumsExports, sumsModule } from './wasm/sums';

const family = new Family<SumsExports>(sumsModule);

/** Elements that are copied at a time: they stay in the first-level cache. */
const chunk = 2048;
/** Elements from which the copy is worth its while. */
const worthwhile = 64;
/** Elements of a row from which several rows are summed together. */
export const leastInRow = 8;
/** Columns above which the totals would occupy too much of WebAssembly's memory. */
export const widest = 2 ** 18;

/** Whether a kernel sums `n` neighbours in this memory. */
export function isSummed(x: ArrayBufferView, n: number): x is Float32Array {
  return n >= worthwhile && x instanceof Float32Array && family.kernels !== null;
}

/** The sum of `n` elements from `from` on; see {@link isSummed}. */
export function sumOf(x: Float32Array, from: number, n: number): number {
  const at = reservedBytes + padded(8);
  scratch.reserve(at + padded(4 * Math.min(n, chunk)));
  const { f32, f64 } = scratch;
  const kernels = family.kernels!;
  let total = 0;
  for (let i = 0; i < n; i += chunk) {
    const count = Math.min(chunk, n - i);
    f32.set(x.subarray(from + i, from + i + count), at / 4);
    kernels.rows(1, count, reservedBytes, at);
    total += f64[reservedBytes / 8];
    turn(count);
  }
  return total;
}

/** Adds the sums of `rows` rows of `n` elements, one behind the other, to totals that are `toStep` apart; see {@link isSummed}. */
export function addRows(
  x: Float32Array,
  from: number,
  rows: number,
  n: number,
  totals: Float64Array,
  to: number,
  toStep: number,
): void {
  const some = Math.min(rows, Math.floor(chunk / n));
  if (some <= 1) {
    for (let i = 0; i < rows; i++) totals[to + i * toStep] += sumOf(x, from + i * n, n);
    return;
  }
  const atRows = reservedBytes + padded(8 * some);
  scratch.reserve(atRows + padded(4 * some * n));
  const { f32, f64 } = scratch;
  const kernels = family.kernels!;
  for (let i = 0; i < rows; i += some) {
    const count = Math.min(some, rows - i);
    f32.set(x.subarray(from + i * n, from + (i + count) * n), atRows / 4);
    kernels.rows(count, n, reservedBytes, atRows);
    for (let r = 0; r < count; r++) totals[to + (i + r) * toStep] += f64[reservedBytes / 8 + r];
    turn(count * n);
  }
}

/** Adds `rows` rows of `n` elements, at most {@link widest}, that are `step` apart to `totals`; see {@link isSummed}. */
export function addColumns(
  x: Float32Array,
  from: number,
  rows: number,
  step: number,
  n: number,
  totals: Float64Array,
  to: number,
): void {
  const atRows = reservedBytes + padded(8 * n);
  const some = Math.min(mostRows, rows);
  scratch.reserve(atRows + padded(4 * some * n));
  const { f32, f64 } = scratch;
  const kernels = family.kernels!;
  f64.fill(0, reservedBytes / 8, reservedBytes / 8 + n);
  for (let i = 0; i < rows; i += some) {
    const count = Math.min(some, rows - i);
    const start = from + i * step;
    if (step === n) f32.set(x.subarray(start, start + count * n), atRows / 4);
    else
      for (let r = 0; r < count; r++) f32.set(x.subarray(start + r * step, start + r * step + n), atRows / 4 + r * n);
    kernels.columns(count, n, reservedBytes, atRows);
    turn(count * n);
  }
  for (let j = 0; j < n; j++) totals[to + j] += f64[reservedBytes / 8 + j];
}
