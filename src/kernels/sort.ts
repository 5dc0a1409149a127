import type { NumberArray } from './strides';

/** Orders numbers upwards, NaN last. */
export const ascending = (a: number, b: number): number =>
  Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a - b || 0;

/**
 * Positions of `n` neighbours in ascending (or descending) order. NaN counts as larger than every number; equals keep
 * their order either way.
 */
export function sortedPositions(data: NumberArray, offset: number, n: number, descending: boolean): Uint32Array {
  const at = Uint32Array.from({ length: n }, (_, i) => i);
  // The language's sort is stable.
  return at.sort((i, j) =>
    descending ? ascending(data[offset + j], data[offset + i]) : ascending(data[offset + i], data[offset + j]),
  );
}

/** How many of `n` sorted neighbours are below `value`, or, with `right`, below or equal; `order` says where they stand. */
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

/** Position of the element that would stand at `k` if `n` neighbours were sorted upwards; NaN last. */
export function nthPosition(data: NumberArray, offset: number, n: number, k: number): number {
  return sortedPositions(data, offset, n, false)[k];
}
