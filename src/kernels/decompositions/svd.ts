import { turn } from '../../cancellation';
import { multiply } from '../products';
import { type Matrix, turned } from '../products/strided-matrix';
import { isTurned, rotate, symmetricEigen, transposed } from './eigen';
import { factorQr } from './qr';

const SWEEPS = 40;

/** `A = U diag(S) Vᵀ`. */
export interface Svd {
  /** `m × k`, or `m × m`. */
  readonly u: Float64Array;
  /** The `k = min(m, n)` singular values, the largest first. */
  readonly s: Float64Array;
  /** `k × n`, or `n × n`. */
  readonly vt: Float64Array;
}

/**
 * The singular value decomposition of a matrix of finite numbers.
 * @param full whether U and V are square
 * @returns null if it does not converge
 */
export function singularValues(a: Float64Array, m: number, n: number, full: boolean): Svd | null {
  const found = m < n ? ofTall(transposed(a, m, n), n, m, full) : ofTall(a, m, n, full);
  if (found === null) return null;
  const { s } = found;
  const [high, wide] = full ? [m, n] : [s.length, s.length];
  const svd = m < n ? { u: transposed(found.vt, high, m), s, vt: transposed(found.u, n, wide) } : found;
  for (let k = 0; k < s.length; k++) {
    const v = svd.vt.subarray(k * n, (k + 1) * n);
    if (!isTurned(v)) continue;
    for (let j = 0; j < n; j++) v[j] = 0 - v[j];
    for (let i = 0; i < m; i++) svd.u[i * high + k] = 0 - svd.u[i * high + k];
  }
  return svd;
}

function ofTall(a: Float64Array, m: number, n: number, full: boolean): Svd | null {
  const largest = a.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const unit = largest === 0 ? 1 : largest;
  // Of a tall matrix, only its triangle is decomposed.
  const { q, r } = factorQr(
    a.map((v) => v / unit),
    m,
    n,
    full ? m : n,
  );
  const width = full ? m : n;
  const inner = square(r.subarray(0, n * n), n);
  if (inner === null) return null;
  const u = new Float64Array(m * width);
  const turnedQ = new Float64Array(m * n);
  multiply(m, n, n, { memory: q, offset: 0, row: width, col: 1 }, turned(rowsOf(inner.ut, n)), turnedQ, 0);
  for (let i = 0; i < m; i++) {
    u.set(turnedQ.subarray(i * n, (i + 1) * n), i * width);
    for (let j = n; j < width; j++) u[i * width + j] = q[i * width + j];
  }
  return { u, s: inner.s.map((v) => v * unit), vt: inner.vt };
}

/**
 * A square matrix by one-sided Jacobi rotations, which find small singular values well; they begin at the eigenvectors of
 * `AᵀA`, from which they need two or three sweeps instead of ten.
 */
function square(a: Float64Array, n: number): { ut: Float64Array; s: Float64Array; vt: Float64Array } | null {
  const at = transposed(a, n, n);
  const start = symmetricEigen(product(at, a, n), n);
  if (start === null) return null;
  const vt = start.rows;
  // Rows of `left` are the columns of A V.
  const left = product(vt, at, n);
  const lengthsNow = () => Float64Array.from({ length: n }, (_, i) => Math.sqrt(dot(left, i, i, n)));
  const least = n * Number.EPSILON * lengthsNow().reduce((most, v) => Math.max(most, v), 0);
  if (!orthogonalize(left, vt, n, least)) return null;
  const lengths = lengthsNow();
  const order = Array.from(lengths.keys()).sort((i, j) => lengths[j] - lengths[i]);
  const s = Float64Array.from(order, (i) => lengths[i]);
  const [ut, sorted] = [new Float64Array(n * n), new Float64Array(n * n)];
  order.forEach((from, to) => {
    for (let k = 0; k < n; k++) {
      sorted[to * n + k] = vt[from * n + k];
      ut[to * n + k] = s[to] > least ? left[from * n + k] / s[to] : 0;
    }
  });
  complete(ut, s, n, least);
  return { ut, s, vt: sorted };
}

/**
 * Turns pairs of rows, of `vt` as well, until all rows of `left` are orthogonal; those no longer than `least` are rounding
 * errors, and stay.
 */
function orthogonalize(left: Float64Array, vt: Float64Array, n: number, least: number): boolean {
  const tolerance = Math.max(4, Math.sqrt(n)) * Number.EPSILON;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const squares = Float64Array.from({ length: n }, (_, i) => dot(left, i, i, n));
    let turned = false;
    for (let i = 0; i < n; i++)
      for (let j = i + 1; j < n; j++) {
        if (!(Math.min(squares[i], squares[j]) > least * least)) continue;
        turn(n);
        const ij = dot(left, i, j, n);
        if (!(Math.abs(ij) > tolerance * Math.sqrt(squares[i]) * Math.sqrt(squares[j]))) continue;
        const zeta = (squares[j] - squares[i]) / (2 * ij);
        const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const c = 1 / Math.sqrt(1 + tangent * tangent);
        rotate(left, n, i, j, c, -c * tangent);
        rotate(vt, n, i, j, c, -c * tangent);
        turn(4 * n);
        squares[i] -= tangent * ij;
        squares[j] += tangent * ij;
        turned = true;
      }
    if (!turned) return true;
  }
  return false;
}

/** The product of two rows. */
function dot(rows: Float64Array, i: number, j: number, n: number): number {
  const at = i * n;
  const to = j * n;
  // Two sums: the processor adds to one while the other is not ready.
  let even = 0;
  let odd = 0;
  const pairs = n - 1;
  let k = 0;
  for (; k < pairs; k += 2) {
    even += rows[at + k] * rows[to + k];
    odd += rows[at + k + 1] * rows[to + k + 1];
  }
  return k < n ? even + odd + rows[at + k] * rows[to + k] : even + odd;
}

/** Where singular values are zero but for rounding errors, gives U rows that are orthonormal to the others. */
function complete(ut: Float64Array, s: Float64Array, n: number, least: number): void {
  let rank = s.findIndex((v) => v <= least);
  if (rank < 0) return;
  const columns = new Float64Array(n * rank);
  for (let j = 0; j < rank; j++) for (let i = 0; i < n; i++) columns[i * rank + j] = ut[j * n + i];
  const { q } = factorQr(columns, n, rank, n);
  for (; rank < n; rank++) for (let i = 0; i < n; i++) ut[rank * n + i] = q[i * n + rank];
}

const rowsOf = (memory: Float64Array, n: number): Matrix => ({ memory, offset: 0, row: n, col: 1 });

/** The product of two square matrices. */
function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const y = new Float64Array(n * n);
  multiply(n, n, n, rowsOf(a, n), rowsOf(b, n), y, 0);
  return y;
}
