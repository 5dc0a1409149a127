import { turn, until } from '../cancellation';
import { argExtreme, logSumExp, powerSum } from './reduce';
import { atATime, Stage } from './staging';
import type { NumberArray } from './strides';
import { Family, scratch } from './wasm/runtime';
import {
  keptBytes,
  type NarrowRowsExports,
  narrow,
  narrowRowsModule,
  type RowsExports,
  rowsModule,
} from './wasm/softmax';

const limits = { worthwhile: 16, longest: 2 ** 21 };
const family = new Family<RowsExports>(rowsModule, limits);
const narrowFamily = new Family<NarrowRowsExports>(narrowRowsModule, limits);

/** Bytes between an element and its result. */
const lead = 64;

/**
 * Softmax (or its logarithm) of `rows` contiguous rows of `n` elements: `y = exp(x - max) / Σ exp(x - max)`.
 * Subtracting the maximum prevents overflow of `exp`.
 */
export function softmaxRows(y: NumberArray, x: NumberArray, rows: number, n: number, log: boolean): void {
  const kernels = (n > narrow ? family : narrowFamily).suited(x, rows * n, n);
  if (kernels === null) {
    for (let i = 0; i < rows; i++) {
      softmax(y, x, i * n, n, log);
      turn(16 * n);
    }
    return;
  }
  const run = log ? kernels.logSoftmax : kernels.softmax;
  const stage = new Stage(rows, n, atATime(rows * n));
  // Results overwrite elements that were already read, to use less cache. They start slightly before them, because
  // results may extend beyond a row.
  const to = stage.take(lead);
  // For narrow rows, up to three further rows may be computed.
  const from = stage.input(x, n, 3 * narrow);
  stage.output(y, n, to);
  const kept = stage.take(keptBytes);
  while (stage.next()) run(stage.count, n, from, to, kept);
}

function softmax(y: NumberArray, x: NumberArray, at: number, n: number, log: boolean): void {
  if (n === 0) return;
  const end = at + n;
  const max = x[at + argExtreme(x, at, 1, n, 1)];
  const rest = powerSum(x, at, n, max);
  const logTotal = Math.log1p(rest);
  for (let i = at; i < end; )
    for (const stop = until(i, end, 4); i < stop; i++) {
      const v = x[i] - max;
      y[i] = log ? v - logTotal : Math.exp(v) / (1 + rest);
    }
}

/** `ln Σ e^x` of `rows` contiguous rows of `n` elements, in `y`; `-∞` for empty rows. */
export function logSumExpRows(y: NumberArray, x: NumberArray, rows: number, n: number): void {
  const kernels = family.suited(x, rows * n, n);
  if (kernels === null) {
    for (let i = 0; i < rows; i++) {
      y[i] = logSumExp(x, i * n, n);
      turn(16 * n);
    }
    return;
  }
  const stage = new Stage(rows, n, atATime(rows * n));
  const [sums, from] = [stage.space(4), stage.input(x)];
  while (stage.next()) {
    const { count, first } = stage;
    kernels.powerSums(count, n, from, sums);
    const { f64 } = scratch;
    for (let r = 0, p = sums / 8; r < count; r++, p += 2) y[first + r] = f64[p] + Math.log1p(f64[p + 1]);
    // If both terms cancel, the sum needs more digits; infinity and NaN are computed separately, too. This may
    // overwrite the scratch memory.
    for (let r = first; r < first + count; r++) if (!(Math.abs(y[r]) >= 0.1)) y[r] = logSumExp(x, r * n, n);
  }
}

/**
 * Gradients of `rows` contiguous rows of `n` elements of softmax (or of its logarithm), from its results `y` and their
 * gradients: `dx = y·(dy - Σ dy·y)`, or `dy - e^y·Σ dy`.
 */
export function softmaxGradients(
  dx: NumberArray,
  y: NumberArray,
  dy: NumberArray,
  rows: number,
  n: number,
  log: boolean,
): void {
  const kernels = family.suited(y, rows * n, n);
  if (kernels === null) {
    for (let i = 0; i < rows; i++) {
      softmaxGradient(dx, y, dy, i * n, n, log);
      turn(4 * n);
    }
    return;
  }
  const run = log ? kernels.logSoftmaxGradients : kernels.softmaxGradients;
  const stage = new Stage(rows, n, atATime(rows * n));
  const [results, gradients, to] = [stage.input(y), stage.input(dy), stage.output(dx)];
  while (stage.next()) run(stage.count, n, results, gradients, to);
}

function softmaxGradient(dx: NumberArray, y: NumberArray, dy: NumberArray, at: number, n: number, log: boolean): void {
  const end = at + n;
  let total = 0;
  for (let i = at; i < end; ) for (const stop = until(i, end); i < stop; i++) total += log ? dy[i] : dy[i] * y[i];
  for (let i = at; i < end; )
    for (const stop = until(i, end, 4); i < stop; i++)
      dx[i] = log ? dy[i] - Math.exp(y[i]) * total : y[i] * (dy[i] - total);
}
