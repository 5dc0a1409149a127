// Singular values: Householder reflections from both sides make the matrix bidiagonal, then QR steps make it diagonal.

import { angleOf, NOTHING, shiftOf, signsOf, toUnit, untilDiagonal } from './eigen';
import { columnsOf, makeIdentity, makeMirror, roomForRows, stepOf, transposed } from './rows';

/** `A = U diag(S) Vᵀ`. */
export interface Svd {
  /** `m × k`. */
  readonly u: Float64Array;
  /** The `k = min(m, n)` singular values, the largest first. */
  readonly s: Float64Array;
  /** `k × n`. */
  readonly vt: Float64Array;
}

/**
 * The singular value decomposition of a matrix of finite numbers. Overwrites `a`.
 * @returns null if it does not converge
 */
export function singularValues(a: Float64Array, m: number, n: number): Svd | null {
  const unit = toUnit(a);
  const isWide = m < n;
  const [high, count] = isWide ? [n, m] : [m, n];
  const [step, narrow] = [stepOf(high), stepOf(count)];
  const room = roomForRows((2 * count + 1) * step + (2 * count + 6) * narrow);
  const { f, at, combine, spread, mirror, rotate } = room;
  // As rows: the columns of the tall matrix, which become the left reflection vectors, and U; a row of sums; the right
  // reflection vectors, and V; rotations and factors.
  const us = at + count * step;
  const sums = us + count * step;
  const right = sums + step;
  const vs = right + count * narrow;
  const turns = vs + count * narrow;
  const leftTurns = turns + 2 * narrow;
  const factors = leftTurns + 2 * narrow;
  const rightFactors = factors + narrow;
  for (let j = 0; j < count; j++)
    for (let i = 0; i < high; i++) f[at + j * step + i] = isWide ? a[j * n + i] : a[i * n + j];
  const [d, e] = [new Float64Array(count), new Float64Array(count)];
  for (let k = 0; k < count; k++) {
    const v = at + k * step + k;
    const rest = count - k - 1;
    d[k] = makeMirror(f, v, high - k, NOTHING, factors + k);
    mirror(high - k, rest, factors + k, v + step, step, v);
    if (rest === 0) break;
    const w = right + k * narrow + k + 1;
    for (let i = 0; i < rest; i++) f[w + i] = f[v + (i + 1) * step];
    e[k] = makeMirror(f, w, rest, NOTHING, rightFactors + k);
    const block = v + step + 1;
    f.fill(0, sums, sums + high);
    combine(high - k - 1, rest, w, block, step, sums);
    for (let i = 0; i < high; i++) f[sums + i] *= f[rightFactors + k];
    spread(high - k - 1, rest, w, block, step, sums);
  }
  makeIdentity(f, us, count, step);
  makeIdentity(f, vs, count, narrow);
  for (let k = count - 1; k >= 0; k--) {
    const corner = k * (step + 1);
    mirror(high - k, count - k, factors + k, us + corner, step, at + corner);
    const next = k * (narrow + 1) + 1;
    mirror(count - k - 1, count - k - 1, rightFactors + k, vs + next + narrow, narrow, right + next);
  }
  const isDone = untilDiagonal(d, e, (first, last) => {
    turnsOf(d, e, first, last, f, turns, leftTurns);
    rotate(count, last - first, turns, vs + first * narrow, narrow, 0);
    rotate(high, last - first, leftTurns, us + first * step, step, 0);
  });
  if (!isDone) return null;
  const order = Array.from(d.keys()).sort((i, j) => Math.abs(d[j]) - Math.abs(d[i]));
  const [u, v] = [[us, step, high] as const, [vs, narrow, count] as const];
  const [left, mine] = isWide ? [v, u] : [u, v];
  const signs = signsOf(f, ...mine, count);
  // For a negative singular value, one of its two vectors changes sign.
  const others = signs.map((sign, k) => (d[k] < 0 ? -sign : sign));
  return {
    u: columnsOf(f, ...left, order, others),
    s: Float64Array.from(order, (i) => Math.abs(d[i]) * unit),
    vt: transposed(columnsOf(f, ...mine, order, signs), n, count),
  };
}

/** A QR step on `BᵀB`, applied to B; writes the cosines and sines of its right and left rotations. */
function turnsOf(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  f: Float64Array,
  right: number,
  left: number,
): void {
  const isSingular = d.subarray(first, last + 1).some((v) => Math.abs(v) <= NOTHING);
  const a = d[last - 1];
  const c = e[last - 1];
  const before = last - 1 > first ? e[last - 2] : 0;
  // Without a shift, a 0 on the diagonal moves to its end in one step.
  let x = d[first] - (isSingular ? 0 : shiftOf(a * a + before * before, d[last] ** 2 + c * c, a * c) / d[first]);
  let z = e[first];
  for (let k = first, i = 0; k < last; k++, i += 2) {
    const r = angleOf(x, z, f, right + i);
    const c = f[right + i];
    const s = f[right + i + 1];
    if (k > first) e[k - 1] = r;
    x = c * d[k] + s * e[k];
    e[k] = c * e[k] - s * d[k];
    z = s * d[k + 1];
    d[k + 1] *= c;
    d[k] = angleOf(x, z, f, left + i);
    const p = f[left + i];
    const q = f[left + i + 1];
    x = p * e[k] + q * d[k + 1];
    d[k + 1] = p * d[k + 1] - q * e[k];
    e[k] = x;
    if (k + 1 < last) {
      z = q * e[k + 1];
      e[k + 1] *= p;
    }
  }
}
