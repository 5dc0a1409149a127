import { turn } from '../../cancellation';
import { hypotenuse, lengthOf } from './lengths';

/** Far above the numbers that have fewer digits. */
const LEAST = 1e-290;

/** The mirrors `I - τ v vᵀ` whose product is Q; column `k` of `vectors` is zero above its element `k`, which is 1. */
interface Reflections {
  readonly vectors: Float64Array;
  readonly factors: Float64Array;
}

/**
 * `A = Q R` by Householder's mirrors, with the signs that LAPACK gives; writes over `a`.
 * @param width how many columns of Q: `min(m, n)`, or `m` for all
 * @returns Q, `m × width`, and R, `width × n`
 */
export function factorQr(a: Float64Array, m: number, n: number, width: number): { q: Float64Array; r: Float64Array } {
  const reflections = triangularize(a, m, n);
  const q = new Float64Array(m * width);
  for (let i = 0; i < width; i++) q[i * width + i] = 1;
  const { vectors, factors } = reflections;
  const count = factors.length;
  const sums = new Float64Array(width);
  for (let k = count - 1; k >= 0; k--) reflect(q, width, m, k, vectors, count, factors[k], sums);
  const r = new Float64Array(width * n);
  for (let i = 0; i < Math.min(m, width); i++) for (let j = i; j < n; j++) r[i * n + j] = a[i * n + j];
  return { q, r };
}

function triangularize(a: Float64Array, m: number, n: number): Reflections {
  const count = Math.min(m, n);
  const vectors = new Float64Array(m * count);
  const factors = new Float64Array(count);
  const sums = new Float64Array(n);
  for (let k = 0; k < count; k++) {
    const below = lengthOf(a, (k + 1) * n + k, m * n, n);
    vectors[k * count + k] = 1;
    // Nothing to clear: no mirror, and the sign stays. Of smaller numbers, mirrors would not be orthogonal.
    if (below < LEAST) continue;
    const head = a[k * n + k];
    const length = head < 0 ? hypotenuse(head, below) : -hypotenuse(head, below);
    factors[k] = (length - head) / length;
    for (let i = k + 1; i < m; i++) vectors[i * count + k] = a[i * n + k] / (head - length);
    reflect(a, n, m, k, vectors, count, factors[k], sums);
  }
  return { vectors, factors };
}

/** Applies mirror `k` from the left; the columns before `k` are zero where it looks. */
function reflect(
  a: Float64Array,
  width: number,
  m: number,
  k: number,
  vectors: Float64Array,
  count: number,
  factor: number,
  sums: Float64Array,
): void {
  if (factor === 0) return;
  sums.fill(0);
  turn(2 * (m - k) * width);
  for (let i = k; i < m; i++) {
    const v = vectors[i * count + k];
    const row = i * width;
    for (let j = k; j < width; j++) sums[j] += v * a[row + j];
  }
  for (let i = k; i < m; i++) {
    const v = factor * vectors[i * count + k];
    const row = i * width;
    for (let j = k; j < width; j++) a[row + j] -= v * sums[j];
  }
}
