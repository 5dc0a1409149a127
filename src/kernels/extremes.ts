// The largest and the smallest of float32 numbers in WebAssembly (wasm/extremes.ts), on ordinary arrays.

import { turn } from '../turn';
import { type ExtremesExports, extremesModule } from './wasm/extremes';
import { Family, padded, reservedBytes, scratch } from './wasm/runtime';

const family = new Family<ExtremesExports>(extremesModule);

/** Elements that are copied at a time: they stay in the first-level cache. */
const chunk = 8192;
/** Elements from which the copy is worth its while. */
const worthwhile = 64;

/** Whether a kernel compares `n` neighbours in this memory. */
export function isCompared(x: ArrayBufferView, n: number): x is Float32Array {
  return n >= worthwhile && x instanceof Float32Array && family.kernels !== null;
}

/** Position of the first of the largest (or, with `sign` -1, smallest) elements; a NaN wins; see {@link isCompared}. */
export function extremeOf(x: Float32Array, from: number, n: number, sign: 1 | -1): number {
  scratch.reserve(reservedBytes + padded(4 * chunk));
  const { f32 } = scratch;
  const kernel = sign === 1 ? family.kernels!.largest : family.kernels!.smallest;
  let best = 0;
  for (let i = 0; i < n; i += chunk) {
    // A kernel needs four elements: the last chunk may begin before it has to.
    const start = Math.max(0, Math.min(i, n - 4));
    const count = Math.min(chunk, n - start);
    f32.set(x.subarray(from + start, from + start + count), reservedBytes / 4);
    const at = start + kernel(count, reservedBytes);
    const value = x[from + at];
    if (Number.isNaN(value)) return at;
    if (sign * value > sign * x[from + best]) best = at;
    turn(count);
  }
  return best;
}
