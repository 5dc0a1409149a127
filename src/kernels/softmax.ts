import { turn, until } from '../turn';
import { atATime } from './maps';
import { argExtreme, logSumExp } from './reduce';
import type { NumberArray } from './strides';
import { keptBytes, type NarrowRowsExports, narrow, narrowRowsModule, type RowsExports, rowsModule } from './wasm/rows';
import { Family, padded, reservedBytes, scratch } from './wasm/runtime';

const family = new Family<RowsExports>(rowsModule);
const narrowFamily = new Family<NarrowRowsExports>(narrowRowsModule);

/** Elements from which the copies into WebAssembly are worth their while. */
const worthwhile = 16;
/** Longer rows would occupy too much of WebAssembly's memory. */
const longest = 2 ** 21;
/** Bytes between an element and its result. */
const lead = 64;

/**
 * Softmax (or its logarithm) of `rows` rows of `n` elements, one behind the other in `x` and from `to` on in `y`:
 * `y = exp(x - max) / Σ exp(x - max)`. Subtracting the maximum keeps `exp` from overflowing.
 */
export function softmaxRows(
  y: NumberArray,
  to: number,
  x: NumberArray,
  from: number,
  rows: number,
  n: number,
  log: boolean,
): void {
  const isSuited = x.BYTES_PER_ELEMENT === 4 && n <= longest && rows * n >= worthwhile;
  const kernels = isSuited ? (n > narrow ? family : narrowFamily).kernels : null;
  if (kernels === null) {
    for (let i = 0; i < rows; i++) {
      softmax(y, to + i * n, x, from + i * n, n, log);
      turn(16 * n);
    }
    return;
  }
  const some = Math.max(1, Math.floor(atATime(rows * n) / n));
  // Results go over what has been read, so that the cache holds less; a little before it, since they may end beyond a row.
  const at = reservedBytes + lead;
  // Of narrow rows three more may be computed.
  const kept = at + padded(4 * (Math.min(rows, some) * n + 3 * narrow));
  scratch.reserve(kept + keptBytes);
  const { f32 } = scratch;
  const run = log ? kernels.logSoftmax : kernels.softmax;
  for (let i = 0; i < rows; i += some) {
    const count = Math.min(some, rows - i);
    f32.set(x.subarray(from + i * n, from + (i + count) * n), at / 4);
    run(count, n, at, reservedBytes, kept);
    y.set(scratch.part(reservedBytes, count * n), to + i * n);
    turn(count * n);
  }
}

function softmax(y: NumberArray, to: number, x: NumberArray, from: number, n: number, log: boolean): void {
  if (n === 0) return;
  const max = x[from + argExtreme(x, from, 1, n, 1)];
  let total = 0;
  for (let i = 0; i < n; ) for (const end = until(i, n, 4); i < end; i++) total += Math.exp(x[from + i] - max);
  const logTotal = Math.log(total);
  for (let i = 0; i < n; )
    for (const end = until(i, n, 4); i < end; i++) {
      const v = x[from + i] - max;
      y[to + i] = log ? v - logTotal : Math.exp(v) / total;
    }
}

/** `ln Σ e^x` of `rows` rows of `n` elements, one behind the other, in `y`; `-∞` of nothing. */
export function logSumExpRows(y: NumberArray, x: NumberArray, from: number, rows: number, n: number): void {
  const isSuited = x.BYTES_PER_ELEMENT === 4 && n > 0 && n <= longest && rows * n >= worthwhile;
  const kernels = isSuited ? family.kernels : null;
  if (kernels === null) {
    for (let i = 0; i < rows; i++) {
      y[i] = logSumExp(x, from + i * n, n);
      turn(16 * n);
    }
    return;
  }
  const some = Math.min(rows, Math.max(1, Math.floor(atATime(rows * n) / n)));
  const at = reservedBytes + padded(16 * some);
  scratch.reserve(at + padded(4 * some * n));
  const { f32, f64 } = scratch;
  for (let i = 0; i < rows; i += some) {
    const count = Math.min(some, rows - i);
    f32.set(x.subarray(from + i * n, from + (i + count) * n), at / 4);
    kernels.powerSums(count, n, at, reservedBytes);
    for (let r = 0, p = reservedBytes / 8; r < count; r++, p += 2) y[i + r] = f64[p] + Math.log(f64[p + 1]);
    turn(count * n);
  }
}

/**
 * Gradients of `rows` rows of `n` elements of softmax (or of its logarithm), one behind the other, from its results `y` and
 * their gradients: `dx = y·(dy - Σ dy·y)`, or `dy - e^y·Σ dy`.
 */
export function softmaxGradients(
  dx: NumberArray,
  y: NumberArray,
  yo: number,
  dy: NumberArray,
  dyo: number,
  rows: number,
  n: number,
  log: boolean,
): void {
  const isSuited = y.BYTES_PER_ELEMENT === 4 && n <= longest && rows * n >= worthwhile;
  const kernels = isSuited ? family.kernels : null;
  if (kernels === null) {
    for (let i = 0; i < rows; i++) {
      softmaxGradient(dx, i * n, y, yo + i * n, dy, dyo + i * n, n, log);
      turn(4 * n);
    }
    return;
  }
  const some = Math.max(1, Math.floor(atATime(rows * n) / n));
  const room = padded(4 * Math.min(rows, some) * n);
  scratch.reserve(reservedBytes + 3 * room);
  const { f32 } = scratch;
  const [first, second, third] = [0, 1, 2].map((k) => (reservedBytes + k * room) / 4);
  const run = log ? kernels.logSoftmaxGradients : kernels.softmaxGradients;
  for (let i = 0; i < rows; i += some) {
    const count = Math.min(some, rows - i);
    f32.set(y.subarray(yo + i * n, yo + (i + count) * n), first);
    f32.set(dy.subarray(dyo + i * n, dyo + (i + count) * n), second);
    run(count, n, 4 * first, 4 * second, 4 * third);
    dx.set(scratch.part(4 * third, count * n), i * n);
    turn(count * n);
  }
}

function softmaxGradient(
  dx: NumberArray,
  to: number,
  y: NumberArray,
  yo: number,
  dy: NumberArray,
  dyo: number,
  n: number,
  log: boolean,
): void {
  let total = 0;
  for (let i = 0; i < n; )
    for (const end = until(i, n); i < end; i++) total += log ? dy[dyo + i] : dy[dyo + i] * y[yo + i];
  for (let i = 0; i < n; )
    for (const end = until(i, n, 4); i < end; i++)
      dx[to + i] = log ? dy[dyo + i] - Math.exp(y[yo + i]) * total : y[yo + i] * (dy[dyo + i] - total);
}
