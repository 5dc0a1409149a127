import { until } from '../cancellation';
import type { NumberArray } from './strides';

/** Running totals of `n` neighbours, in float64. */
export function runningSum(y: NumberArray, to: number, x: NumberArray, from: number, n: number): void {
  let total = 0;
  for (let i = 0; i < n; ) for (const end = until(i, n); i < end; i++) y[to + i] = total += x[from + i];
}

/** Running products of `n` neighbours, in float64. */
export function runningProduct(y: NumberArray, to: number, x: NumberArray, from: number, n: number): void {
  let total = 1;
  for (let i = 0; i < n; ) for (const end = until(i, n); i < end; i++) y[to + i] = total *= x[from + i];
}

/** {@link runningProduct} of bytes; only the last 8 bits count. */
export function runningProductOfBytes(y: NumberArray, to: number, x: NumberArray, from: number, n: number): void {
  let total = 1;
  for (let i = 0; i < n; ) for (const end = until(i, n); i < end; i++) y[to + i] = total = (total * x[from + i]) & 255;
}

/**
 * For each of `n` adjacent elements the product of those before it, or, with `reverse`, of those after it. It is 0 as
 * soon as one factor is 0, whatever the others are.
 */
export function productOfOthers(
  y: NumberArray,
  to: number,
  x: NumberArray,
  from: number,
  n: number,
  reverse: boolean,
): void {
  let total = 1;
  for (let k = 0; k < n; )
    for (const end = until(k, n); k < end; k++) {
      const i = reverse ? n - 1 - k : k;
      y[to + i] = total;
      total = total === 0 || x[from + i] === 0 ? 0 : total * x[from + i];
    }
}

/**
 * `s_i = a_j + b_j·s_j`, where `j` is the neighbour before `i` (after it, with `reverse`); the first `s` is 0. A `b` of
 * 0 resets the state, even if it is NaN.
 */
export function linearRecurrence(
  s: NumberArray,
  to: number,
  a: NumberArray,
  fromA: number,
  b: NumberArray,
  fromB: number,
  n: number,
  reverse: boolean,
): void {
  let state = 0;
  for (let k = 0; k < n; )
    for (const end = until(k, n); k < end; k++) {
      const i = reverse ? n - 1 - k : k;
      s[to + i] = state;
      const factor = b[fromB + i];
      // The first has no predecessor, and 0 times infinity would be NaN.
      state = a[fromA + i] + (factor === 0 || k === 0 ? 0 : factor * state);
    }
}

/** `ln Σ e^x` over each of `n` neighbours and those before it. */
export function runningLogSumExp(y: NumberArray, to: number, x: NumberArray, from: number, n: number): void {
  let largest = Number.NEGATIVE_INFINITY;
  // The sum of e^(x - largest).
  let total = 0;
  for (let i = 0; i < n; )
    for (const end = until(i, n, 8); i < end; i++) {
      const v = x[from + i];
      if (v > largest) {
        total = total * Math.exp(largest - v) + 1;
        largest = v;
      } else if (v !== Number.NEGATIVE_INFINITY) total += v === largest ? 1 : Math.exp(v - largest);
      y[to + i] = total === 0 ? Number.NEGATIVE_INFINITY : largest + Math.log(total);
    }
}

/** The largest (smallest, with `sign` -1) of each of `n` neighbours and those before it: the last of equals; NaN stays. */
export function runningExtreme(
  values: NumberArray,
  indices: NumberArray,
  to: number,
  x: NumberArray,
  from: number,
  n: number,
  sign: 1 | -1,
): void {
  let best = 0;
  for (let i = 0; i < n; )
    for (const end = until(i, n); i < end; i++) {
      const v = x[from + i];
      const held = x[from + best];
      if (Number.isNaN(v) || sign * v >= sign * held) best = i;
      values[to + i] = x[from + best];
      indices[to + i] = best;
    }
}
