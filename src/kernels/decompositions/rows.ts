// Memory for decompositions: row by row in the memory of the WebAssembly kernels, or in a separate array without them.

import { turn } from '../../cancellation';
import type { NumberArray } from '../strides';
import type { Kernel } from '../wasm/matrix-vector';
import { type RowsExports, rowsModule } from '../wasm/rows';
import { Family, scratch } from '../wasm/runtime';
import { hypotenuse, lengthOf } from './lengths';

const family = new Family<RowsExports>(rowsModule);
/** More numbers would make the kernels' memory, which never shrinks, too large. */
const most = 2 ** 24;

/** One of {@link RowsExports}, with array positions instead of addresses. `combine` adds to the numbers at `c`. */
type OnRows = (n: number, k: number, a: number, b: number, step: number, c: number) => void;

/** An array, and the kernels on it. */
export interface Rows extends Readonly<Record<keyof RowsExports, OnRows>> {
  readonly f: Float64Array;
  /** The position of free memory. */
  readonly at: number;
}

/** Elements from row to row: whole vectors, with a zero at least at the end of each row. */
export const stepOf = (n: number): number => (n + 2) & -2;

/** Returns zeroed memory for `size` numbers. */
export function roomForRows(size: number): Rows {
  const kernels = size > most ? null : family.kernels;
  if (kernels === null) return plain(new Float64Array(size));
  const at = scratch.start / 8;
  scratch.reserve(8 * (at + size));
  const on =
    (kernel: Kernel): OnRows =>
    (n, k, a, b, step, c) => {
      turn(n * k);
      kernel(n, k, 8 * a, 8 * b, 8 * step, 8 * c, 8 * c);
    };
  return {
    f: scratch.f64.fill(0, at, at + size),
    at,
    combine: on(kernels.combine),
    spread: on(kernels.spread),
    mirror: on(kernels.mirror),
    rotate: on(kernels.rotate),
  };
}

/** The kernels as loops. */
function plain(f: Float64Array): Rows {
  const each =
    (row: (n: number, a: number, b: number, c: number, next: number) => void, size = 1): OnRows =>
    (n, k, a, b, step, c) => {
      turn(n * k);
      for (let i = 0; i < k; i++) row(n, a + i * size, b + i * step, c, b + (i + 1) * step);
    };
  const add = (n: number, to: number, from: number, factor: number) => {
    for (let j = 0; j < n; j++) f[to + j] += factor * f[from + j];
  };
  return {
    f,
    at: 0,
    combine: each((n, a, b, c) => add(n, c, b, f[a])),
    spread: each((n, a, b, c) => add(n, b, c, -f[a])),
    mirror: each((n, a, b, c) => {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += f[b + j] * f[c + j];
      add(n, b, c, -sum * f[a]);
    }, 0),
    rotate: each((n, a, b, _, next) => {
      for (let j = 0; j < n; j++) {
        const p = f[b + j];
        const q = f[next + j];
        f[b + j] = f[a] * p + f[a + 1] * q;
        f[next + j] = f[a] * q - f[a + 1] * p;
      }
    }, 2),
  };
}

/**
 * Replaces the `n` numbers at a position by the vector v of a reflection, `I - τ v vᵀ`, that maps them to a multiple of
 * the first unit vector. Writes τ at another position, and returns the multiple. If the others are not above `least`, v
 * and τ are 0.
 */
export function makeMirror(f: Float64Array, at: number, n: number, least: number, factor: number): number {
  const below = lengthOf(f, at + 1, at + n);
  const head = f[at];
  if (below <= least) {
    f.fill(0, at, at + n);
    return head;
  }
  const size = hypotenuse(head, below);
  const length = head < 0 ? size : -size;
  f[factor] = (length - head) / length;
  for (let i = 1; i < n; i++) f[at + i] /= head - length;
  f[at] = 1;
  return length;
}

/** Writes a number on the diagonal of `n` rows. */
export function makeIdentity(f: NumberArray, at: number, n: number, step: number, value = 1): void {
  for (let i = 0; i < n; i++) f[at + i * step + i] = value;
}

/** The `n × m` transpose of `m` rows of `n` elements, which are `step` apart. */
export function transposed(a: Float64Array, m: number, n: number, at = 0, step: number = n): Float64Array {
  const y = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) y[j * m + i] = a[at + i * step + j];
  return y;
}

/** The rows of `n` elements given by `order` as columns, each times its sign. */
export function columnsOf(
  f: Float64Array,
  at: number,
  step: number,
  n: number,
  order: readonly number[],
  signs: readonly number[],
): Float64Array {
  const y = new Float64Array(n * order.length);
  order.forEach((from, to) => {
    // Adding 0 turns -0 into 0.
    for (let i = 0; i < n; i++) y[i * order.length + to] = 0 + signs[from] * f[at + from * step + i];
  });
  return y;
}

/** Copies rows of `n` elements, contiguous in `a`, to rows `step` apart. */
export function copyRows(a: Float64Array, n: number, f: Float64Array, at: number, step: number): void {
  for (let i = 0, to = at; i < a.length; to += step) for (let j = 0; j < n; j++) f[to + j] = a[i++];
}
