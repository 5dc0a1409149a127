import { argExtreme } from './reduce';
import type { NumberArray } from './strides';

/**
 * Softmax (or its logarithm) of `n` neighbours: `y = exp(x - max) / Σ exp(x - max)`. Subtracting the maximum keeps `exp`
 * from overflowing.
 */
export function softmax(y: NumberArray, to: number, x: NumberArray, from: number, n: number, log: boolean): void {
  if (n === 0) return;
  const max = x[from + argExtreme(x, from, 1, n, 1)];
  let total = 0;
  for (let i = 0; i < n; i++) total += Math.exp(x[from + i] - max);
  const logTotal = Math.log(total);
  for (let i = 0; i < n; i++) {
    const v = x[from + i] - max;
    y[to + i] = log ? v - logTotal : Math.exp(v) / total;
  }
}
