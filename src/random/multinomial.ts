import { until } from '../cancellation';
import type { Generator } from '../generator';
import { firstPositions } from '../kernels/order';
import { fillMapped } from './draws';

type FloatArray = Float32Array | Float64Array;

/**
 * Fills `indices` with `samples` draws, with replacement, for each row of `categories` weights: the first category
 * whose cumulative share reaches a uniform number. Sums and shares are rounded to the weights' dtype.
 */
export function fillWithReplacement(
  indices: Int32Array,
  weights: FloatArray,
  categories: number,
  samples: number,
  generator: Generator,
): void {
  // In the weights' dtype, so that every step is rounded to it.
  const shares = weights.slice(0, categories);
  for (let row = 0, at = 0; at < indices.length; row += categories, at += samples) {
    shares.set(weights.subarray(row, row + categories));
    for (let j = 1; j < categories; ) for (const end = until(j, categories); j < end; j++) shares[j] += shares[j - 1];
    const total = shares[categories - 1];
    for (let j = 0; j < categories; ) for (const end = until(j, categories); j < end; j++) shares[j] /= total;
    shares[categories - 1] = 1;
    fillMapped(indices.subarray(at, at + samples), generator, (u) => firstNotBelow(shares, u));
  }
}

/** Returns the first position in an ascending array whose value is at least `u`. */
function firstNotBelow(ascending: FloatArray, u: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < u) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Fills `indices` with the positions of the `samples` largest scores of each row of `categories`, largest first. With
 * weights over exponential numbers as scores this draws without replacement.
 */
export function fillLargest(indices: Int32Array, scores: FloatArray, categories: number, samples: number): void {
  for (let row = 0, at = 0; at < indices.length; row += categories, at += samples) {
    indices.set(firstPositions(scores, row, categories, samples, true), at);
  }
}
