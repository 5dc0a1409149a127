import { makeIdentity, makeMirror, roomForRows, stepOf, transposed } from './rows';

/** Far above the subnormal numbers, which have fewer digits: reflections of smaller columns would not be orthogonal. */
const LEAST = 1e-290;

/**
 * `A = Q R` by Householder reflections, with LAPACK's signs.
 * @param width number of columns of Q: `min(m, n)`, or `m` for all
 * @returns Q, `m × width`, and R, `width × n`
 */
export function factorQr(a: Float64Array, m: number, n: number, width: number): { q: Float64Array; r: Float64Array } {
  const count = Math.min(m, n);
  const step = stepOf(m);
  const { f, at, mirror } = roomForRows((n + width + 1) * step);
  // Rows are the columns of A, whose part from the diagonal on becomes the reflection vector; then the columns of Q,
  // and factors.
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) f[at + j * step + i] = a[i * n + j];
  const to = at + n * step;
  const factors = to + width * step;
  const r = new Float64Array(width * n);
  for (let k = 0; k < n; k++) {
    const row = at + k * step;
    for (let i = 0; i < Math.min(k, width); i++) r[i * n + k] = f[row + i];
    if (k >= count) continue;
    r[k * n + k] = makeMirror(f, row + k, m - k, LEAST, factors + k);
    if (f[row + k] !== 0) mirror(m - k, n - k - 1, factors + k, row + step + k, step, row + k);
  }
  makeIdentity(f, to, width, step);
  for (let k = count - 1; k >= 0; k--) {
    const v = at + k * step + k;
    if (f[v] !== 0) mirror(m - k, width - k, factors + k, to + k * step + k, step, v);
  }
  return { q: transposed(f, width, m, to, step), r };
}
