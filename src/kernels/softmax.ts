import { argExtreme } from './reduce';
import type { NumberArray } from './strides';

/**
 * Softmax (or its logarithm) of `rows` contiguous rows of `length` elements:
 * `y = exp(x - max) / Σ exp(x - max)`. Subtracting the maximum keeps `exp` from overflowing.
 */
export function softmaxRows(y: NumberArray, x: NumberArray, rows: number, length: number, log: boolean): void {
  for (let r = 0, start = 0; r < rows; r++, start += length) {
    if (length === 0) continue;
    const max = x[start + argExtreme(x, start, 1, length, 1)];
    let total = 0;
    for (let i = start; i < start + length; i++) total += Math.exp(x[i] - max);
    const logTotal = Math.log(total);
    for (let i = start; i < start + length; i++) y[i] = log ? x[i] - max - logTotal : Math.exp(x[i] - max) / total;
  }
}
