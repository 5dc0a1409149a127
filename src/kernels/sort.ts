import { turn, until } from '../cancellation';
import type { NumberArray } from './strides';

/** Orders numbers upwards, NaN last. */
export const ascending = (a: number, b: number): number =>
  Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a - b || 0;

/** The whole numbers from 0 to `n - 1`. */
export function wholeNumbers(n: number): Uint32Array {
  const all = new Uint32Array(n);
  for (let i = 0; i < n; ) for (const end = until(i, n); i < end; i++) all[i] = i;
  return all;
}

/** Elements sorted by one call of the built-in sort. */
const piece = 2 ** 13;

/** Positions in sorted order; equals keep their order. Reuses the memory of `at`. */
export function sorted(at: Uint32Array, compare: (i: number, j: number) => number): Uint32Array {
  // The built-in sort is stable but cannot be cancelled, so many elements are sorted in pieces.
  for (let i = 0; i < at.length; i += piece) {
    at.subarray(i, i + piece).sort(compare);
    turn(32 * Math.min(piece, at.length - i));
  }
  return merged(at, compare);
}

/** Merges sorted pieces: adjacent pairs become pieces of twice the length, until one is left. */
function merged(at: Uint32Array, compare: (i: number, j: number) => number): Uint32Array {
  let from: Uint32Array = at;
  let to: Uint32Array = new Uint32Array(at.length > piece ? at.length : 0);
  for (let length = piece; length < at.length; length *= 2) {
    for (let start = 0; start < at.length; start += 2 * length) {
      const middle = Math.min(start + length, at.length);
      const end = Math.min(middle + length, at.length);
      for (let k = start, i = start, j = middle; k < end; ) {
        for (const stop = Math.min(k + piece, end); k < stop; k++)
          to[k] = j === end || (i < middle && compare(from[i], from[j]) <= 0) ? from[i++] : from[j++];
        turn(8 * piece);
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

/**
 * Returns how many of `n` sorted elements are below `value`, or, with `right`, below or equal; `order` has their
 * positions.
 */
export function insertionPoint(
  data: NumberArray,
  offset: number,
  n: number,
  value: number,
  right: boolean,
  order: (i: number) => number,
): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    const c = ascending(data[offset + order(middle)], value);
    if (c < 0 || (right && c === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
