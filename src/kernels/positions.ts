import type { Operand } from './elementwise';
import { type NumberArray, walkRows } from './strides';

/** Adds the elements of `source` to those of `target`; places of the target may coincide, and then add up. */
export function addStrided(shape: readonly number[], target: Operand, source: Operand): void {
  const { data: to } = target;
  const { data: from } = source;
  walkRows(shape, [target.stride, source.stride], [target.offset, source.offset], ([at, start], n, [t, s]) => {
    for (let i = 0; i < n; i++) to[at + i * t] += from[start + i * s];
  });
}

/**
 * Where each element of a result stands in a row-major array of `shape`, if its index along each dimension `d` is
 * looked up in `maps[d]`.
 */
export function mappedPositions(shape: readonly number[], maps: readonly Int32Array[]): Int32Array {
  let at = Int32Array.of(0);
  maps.forEach((map, d) => {
    const next = new Int32Array(at.length * map.length);
    let k = 0;
    for (const before of at) for (const index of map) next[k++] = before * shape[d] + index;
    at = next;
  });
  return at;
}

/** `y[i] = x[at[i]]`. */
export function take(y: NumberArray, x: NumberArray, offset: number, at: Int32Array): void {
  for (let i = 0; i < at.length; i++) y[i] = x[offset + at[i]];
}

/** `y[at[i]] += x[i]`. */
export function addAt(y: NumberArray, x: NumberArray, offset: number, at: Int32Array): void {
  for (let i = 0; i < at.length; i++) y[at[i]] += x[offset + i];
}
