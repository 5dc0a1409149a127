import { until } from '../cancellation';
import type { Generator } from '../generator';
import type { NumberArray } from '../kernels/strides';
import { inDraws } from './draws';

/** From this many possible values on, PyTorch uses two draws for an integer instead of one. */
const TWO_DRAWS = 2 ** 28;

/**
 * Returns a word modulo an integer. Exact, because the quotient is far enough from the next integer, and faster than
 * `%`.
 */
function rest(word: number, divisor: number): number {
  const x = word >>> 0;
  return x - Math.floor(x / divisor) * divisor;
}

/** Fills the array with integers from `first` to `last`, equally likely up to the modulo bias. */
export function fillIntegers(data: NumberArray, first: number, last: number, generator: Generator): void {
  if (last - first >= TWO_DRAWS - 1) {
    const modulus = BigInt(last) - BigInt(first) + 1n;
    for (let i = 0; i < data.length; i++) data[i] = Number(generator.random64() % modulus) + first;
  } else {
    const range = last - first + 1;
    inDraws(data.length, generator, (words, start, count) => {
      for (let i = 0; i < count; i++) data[start + i] = rest(words[i], range) + first;
    });
  }
}

/** Fills the array with `0 … n - 1` in random order: each element swaps with itself or a later one. */
export function fillPermutation(data: NumberArray, generator: Generator): void {
  const n = data.length;
  for (let i = 0; i < n; ) for (const end = until(i, n); i < end; i++) data[i] = i;
  inDraws(Math.max(0, n - 1), generator, (words, first, count) => {
    for (let k = 0, i = first; k < count; k++, i++) {
      const j = i + rest(words[k], n - i);
      const kept = data[i];
      data[i] = data[j];
      data[j] = kept;
    }
  });
}

/** Fills the array with integers from 0 to `largest`, as PyTorch does for the dtype with that range. */
export function fillWhole(data: NumberArray, largest: number, generator: Generator): void {
  if (largest > 2 ** 32) {
    const modulus = BigInt(largest) + 1n;
    for (let i = 0; i < data.length; i++) data[i] = Number(generator.random64() % modulus);
  } else
    inDraws(data.length, generator, (words, first, count) => {
      for (let i = 0; i < count; i++) data[first + i] = rest(words[i], largest + 1);
    });
}
