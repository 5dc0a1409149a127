// Eigenvalues of symmetric matrices: mirrors make the matrix tridiagonal, then QR steps make it diagonal.

import { turn } from '../../cancellation';
import { hypotenuse, lengthOf } from './lengths';

const STEPS_EACH = 60;
/** What counts as zero beside numbers of size 1: far below rounding errors, far above what squares to zero. */
const NOTHING = Number.EPSILON ** 2;

/**
 * The eigenvalues of a symmetric matrix of finite numbers in ascending order, and the eigenvectors as rows; writes over
 * `a`.
 * @returns null if the steps do not converge
 */
export function symmetricEigen(a: Float64Array, n: number): { values: Float64Array; rows: Float64Array } | null {
  const largest = a.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const unit = largest === 0 ? 1 : largest;
  for (let i = 0; i < a.length; i++) a[i] /= unit;
  const { diagonal, beside, rows } = tridiagonalize(a, n);
  if (!diagonalize(diagonal, beside, rows, n)) return null;
  const order = Array.from(diagonal.keys()).sort((i, j) => diagonal[i] - diagonal[j]);
  const sorted = new Float64Array(n * n);
  order.forEach((from, to) => {
    const row = rows.subarray(from * n, (from + 1) * n);
    sorted.set(withSign(row), to * n);
  });
  return { values: Float64Array.from(order, (i) => diagonal[i] * unit), rows: sorted };
}

/** Of the two signs that a unit vector may have, the one whose largest element is positive; of equals the first counts. */
export function withSign(v: Float64Array): Float64Array {
  return isTurned(v) ? v.map((x) => 0 - x) : v;
}

/** Whether the largest element is negative. */
export function isTurned(v: Float64Array): boolean {
  let largest = 0;
  // What differs by rounding only counts as equal.
  for (const x of v) if (Math.abs(x) > Math.abs(largest) * (1 + 1e-9)) largest = x;
  return largest < 0;
}

/** `A = Zᵀ T Z` with tridiagonal T; the rows of Z are orthonormal. Only the lower triangle of A is kept. */
function tridiagonalize(a: Float64Array, n: number) {
  const p = new Float64Array(n);
  // A mirror H = I - factor·v vᵀ for each column; v begins below the diagonal, with 1.
  const mirrors = new Float64Array(n * n);
  const factors = new Float64Array(n);
  for (let k = 0; k + 2 < n; k++) {
    turn(2 * n * n);
    const v = mirrors.subarray(k * n, (k + 1) * n);
    const below = lengthOf(a, (k + 2) * n + k, n * n, n);
    if (below <= NOTHING) continue;
    const head = a[(k + 1) * n + k];
    const length = head < 0 ? hypotenuse(head, below) : -hypotenuse(head, below);
    v[k + 1] = 1;
    for (let i = k + 2; i < n; i++) v[i] = a[i * n + k] / (head - length);
    const factor = (length - head) / length;
    factors[k] = factor;
    // A ← H A H, in the part below and behind k.
    p.fill(0);
    for (let i = k + 1; i < n; i++) {
      const row = i * n;
      const vi = v[i];
      let sum = a[row + i] * vi;
      for (let j = k + 1; j < i; j++) {
        const x = a[row + j];
        p[j] += x * vi;
        sum += x * v[j];
      }
      p[i] += sum;
    }
    let along = 0;
    for (let i = k + 1; i < n; i++) {
      p[i] *= factor;
      along += p[i] * v[i];
    }
    for (let i = k + 1; i < n; i++) p[i] -= (factor / 2) * along * v[i];
    for (let i = k + 1; i < n; i++) {
      const row = i * n;
      const vi = v[i];
      const pi = p[i];
      for (let j = k + 1; j <= i; j++) a[row + j] -= vi * p[j] + pi * v[j];
    }
    a[(k + 1) * n + k] = length;
  }
  const diagonal = Float64Array.from({ length: n }, (_, i) => a[i * n + i]);
  const beside = Float64Array.from({ length: Math.max(n - 1, 0) }, (_, i) => a[(i + 1) * n + i]);
  return { diagonal, beside, rows: transposed(productOf(mirrors, factors, n), n, n) };
}

/** `H_0 H_1 …`, from the last: each changes only what is below and behind it. */
function productOf(mirrors: Float64Array, factors: Float64Array, n: number): Float64Array {
  const y = new Float64Array(n * n);
  const sums = new Float64Array(n);
  for (let i = 0; i < n; i++) y[i * n + i] = 1;
  for (let k = n - 3; k >= 0; k--) {
    if (factors[k] === 0) continue;
    turn(2 * (n - k) * (n - k));
    const first = k + 1;
    sums.fill(0);
    for (let i = first; i < n; i++) {
      const v = mirrors[k * n + i];
      const row = i * n;
      for (let j = first; j < n; j++) sums[j] += v * y[row + j];
    }
    for (let i = first; i < n; i++) {
      const v = factors[k] * mirrors[k * n + i];
      const row = i * n;
      for (let j = first; j < n; j++) y[row + j] -= v * sums[j];
    }
  }
  return y;
}

/** QR steps with Wilkinson's shift until nothing is left beside the diagonal; false if that takes too long. */
function diagonalize(d: Float64Array, e: Float64Array, rows: Float64Array, n: number): boolean {
  let left = STEPS_EACH * n;
  let last = n - 1;
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
    step(d, e, rows, n, first, last);
  }
  return true;
}

function step(d: Float64Array, e: Float64Array, rows: Float64Array, n: number, first: number, last: number): void {
  const half = (d[last - 1] - d[last]) / 2;
  const corner = e[last - 1];
  const root = hypotenuse(half, corner);
  const shift = d[last] - (corner * corner) / (half < 0 ? half - root : half + root);
  let x = d[first] - shift;
  let z = e[first];
  for (let k = first; k < last; k++) {
    turn(4 * n);
    const r = hypotenuse(x, z);
    const c = r === 0 ? 1 : x / r;
    const s = r === 0 ? 0 : z / r;
    if (k > first) e[k - 1] = r;
    const [a, b, f] = [d[k], d[k + 1], e[k]];
    d[k] = c * c * a + 2 * c * s * f + s * s * b;
    d[k + 1] = s * s * a - 2 * c * s * f + c * c * b;
    e[k] = c * s * (b - a) + (c * c - s * s) * f;
    x = e[k];
    if (k + 1 < last) {
      z = s * e[k + 1];
      e[k + 1] *= c;
    }
    rotate(rows, n, k, k + 1, c, s);
  }
}

/** Turns two rows: `[c s; -s c]` from the left. */
export function rotate(rows: Float64Array, n: number, i: number, j: number, c: number, s: number): void {
  const at = i * n;
  const to = j * n;
  for (let k = 0; k < n; k++) {
    const p = rows[at + k];
    const q = rows[to + k];
    rows[at + k] = c * p + s * q;
    rows[to + k] = c * q - s * p;
  }
}

/** The `n × m` transpose of an `m × n` matrix. */
export function transposed(a: Float64Array, m: number, n: number): Float64Array {
  const y = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) y[j * m + i] = a[i * n + j];
  return y;
}
