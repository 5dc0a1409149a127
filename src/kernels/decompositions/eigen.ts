// Eigenvalues of symmetric matrices: Householder reflections make the matrix tridiagonal, then QR steps make it
// diagonal.

import { hypotenuse } from './lengths';
import { columnsOf, copyRows, makeIdentity, makeMirror, roomForRows, stepOf } from './rows';

const STEPS_EACH = 60;
/**
 * The threshold for zero relative to numbers of size 1: far below rounding errors, far above numbers whose square
 * underflows.
 */
export const NOTHING: number = Number.EPSILON ** 2;

/**
 * The eigenvalues of a symmetric matrix of finite numbers in ascending order, and the eigenvectors as columns.
 * Overwrites `a`.
 * @returns null if the steps do not converge
 */
export function symmetricEigen(a: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } | null {
  const unit = toUnit(a);
  const step = stepOf(n);
  const { f, at, combine, spread, mirror, rotate } = roomForRows((2 * n + 3) * step);
  // The matrix, whose rows right of the diagonal become the reflection vectors; the eigenvectors as rows; two scratch
  // rows; and factors.
  const rows = at + n * step;
  const other = rows + n * step;
  const factors = other + 2 * step;
  copyRows(a, n, f, at, step);
  const [d, e] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n; k++) {
    const v = at + k * step + k + 1;
    const count = n - k - 1;
    d[k] = f[v - 1];
    if (count === 0) break;
    e[k] = makeMirror(f, v, count, NOTHING, factors + k);
    // A ← H A H, in the part right of k and below.
    f.fill(0, other, other + n);
    combine(count, count, v, v + step, step, other);
    let along = 0;
    const factor = f[factors + k];
    for (let i = 0; i < count; i++) along += f[other + i] * f[v + i];
    along *= factor / 2;
    for (let i = 0; i < count; i++) f[other + i] = factor * (f[other + i] - along * f[v + i]);
    spread(count, count, v, v + step, step, other);
    spread(count, count, other, v + step, step, v);
  }
  makeIdentity(f, rows, n, step);
  for (let k = n - 2; k >= 0; k--) {
    const v = at + k * step + k + 1;
    mirror(n - k - 1, n - k - 1, factors + k, rows + (k + 1) * (step + 1), step, v);
  }
  const isDone = untilDiagonal(d, e, (first, last) => {
    turnsOf(d, e, first, last, f, other);
    rotate(n, last - first, other, rows + first * step, step, 0);
  });
  if (!isDone) return null;
  const order = Array.from(d.keys()).sort((i, j) => d[i] - d[j]);
  const vectors = columnsOf(f, rows, step, n, order, signsOf(f, rows, step, n, n));
  return { values: Float64Array.from(order, (i) => d[i] * unit), vectors };
}

/** Divides by the largest absolute value, and returns it; 1 if all are zero. */
export function toUnit(a: Float64Array): number {
  let unit = 0;
  for (let i = 0; i < a.length; i++) unit = Math.max(unit, Math.abs(a[i]));
  unit ||= 1;
  for (let i = 0; i < a.length; i++) a[i] /= unit;
  return unit;
}

/** The sign for each row that makes its largest element positive; of equals the first counts. */
export function signsOf(f: Float64Array, at: number, step: number, n: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => {
    const row = at + k * step;
    let largest = 0;
    // Numbers that differ only by rounding count as equal.
    for (let i = row; i < row + n; i++) if (Math.abs(f[i]) > Math.abs(largest) * (1 + 1e-9)) largest = f[i];
    return largest < 0 ? -1 : 1;
  });
}

/**
 * Applies steps to each unreduced block, from a first to a last row, until the off-diagonal elements are 0. Returns
 * `false` if that takes too many steps.
 */
export function untilDiagonal(d: Float64Array, e: Float64Array, step: (first: number, last: number) => void): boolean {
  let left = STEPS_EACH * d.length;
  let last = d.length - 1;
  while (last > 0) {
    for (let i = 0; i < last; i++)
      if (Math.abs(e[i]) <= Number.EPSILON * (Math.abs(d[i]) + Math.abs(d[i + 1])) + NOTHING) e[i] = 0;
    if (e[last - 1] === 0) {
      last--;
      continue;
    }
    if (left-- === 0) return false;
    let first = last - 1;
    while (first > 0 && e[first - 1] !== 0) first--;
    step(first, last);
  }
  return true;
}

/** The shift of Wilkinson: the eigenvalue of `[a c; c b]` that is nearer to b. */
export function shiftOf(a: number, b: number, c: number): number {
  const half = (a - b) / 2;
  const root = hypotenuse(half, c);
  return b - (c * c) / (half < 0 ? half - root : half + root);
}

/** Writes the cosine and the sine of the angle of a point, and returns its distance from 0. */
export function angleOf(x: number, z: number, f: Float64Array, at: number): number {
  const r = hypotenuse(x, z);
  f[at] = r === 0 ? 1 : x / r;
  f[at + 1] = r === 0 ? 0 : z / r;
  return r;
}

/** A QR step; writes the cosines and sines of its rotations. */
function turnsOf(d: Float64Array, e: Float64Array, first: number, last: number, f: Float64Array, at: number): void {
  let x = d[first] - shiftOf(d[last - 1], d[last], e[last - 1]);
  let z = e[first];
  for (let k = first, to = at; k < last; k++, to += 2) {
    const r = angleOf(x, z, f, to);
    const c = f[to];
    const s = f[to + 1];
    if (k > first) e[k - 1] = r;
    const part = s * (d[k + 1] - d[k]) + 2 * c * e[k];
    d[k] += s * part;
    d[k + 1] -= s * part;
    x = c * part - e[k];
    e[k] = x;
    if (k + 1 < last) {
      z = s * e[k + 1];
      e[k + 1] *= c;
    }
  }
}
