// Gaussian elimination. Matrices are row-major in one array.

import { copyRows, roomForRows, stepOf } from './rows';

/** The result of elimination with partial pivoting. */
export interface Pivots {
  /** The diagonal of U in `P A = L U`. */
  readonly pivots: Float64Array;
  /** 1, or -1 after an odd number of exchanges. */
  readonly sign: number;
}

/**
 * Eliminates the columns of a matrix. With right sides of `columns` columns, it overwrites them with the solutions,
 * unless a pivot is 0: then the matrix is singular.
 */
export function eliminate(a: Float64Array, n: number, b: Float64Array = new Float64Array(0), columns = 0): Pivots {
  const width = n + columns;
  const step = stepOf(width);
  const { f, at, spread } = roomForRows((n + 1) * step);
  // Right sides are stored beside the matrix, so that both are eliminated together. The last row has the factors of one
  // step.
  copyRows(a, n, f, at, step);
  copyRows(b, columns, f, at + n, step);
  const factors = at + n * step;
  const pivots = new Float64Array(n);
  let sign = 1;
  for (let k = 0; k < n; k++) {
    const row = at + k * step;
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(f[at + i * step + k]) > Math.abs(f[at + pivot * step + k])) pivot = i;
    if (pivot !== k) {
      sign = -sign;
      const other = at + pivot * step;
      for (let c = k; c < width; c++) {
        const kept = f[row + c];
        f[row + c] = f[other + c];
        f[other + c] = kept;
      }
    }
    pivots[k] = f[row + k];
    if (pivots[k] === 0) continue;
    for (let i = k + 1; i < n; i++) f[factors + i] = f[at + i * step + k] / pivots[k];
    spread(width - k - 1, n - k - 1, factors + k + 1, row + step + k + 1, step, row + k + 1);
  }
  for (let k = pivots.includes(0) ? 0 : n; k-- > 0; ) {
    const right = at + k * step + n;
    for (let c = 0; c < columns; c++) b[k * columns + c] = f[right + c] /= pivots[k];
    for (let i = 0; i < k; i++) f[factors + i] = f[at + i * step + k];
    spread(columns, k, factors, at + n, step, right);
  }
  return { pivots, sign };
}

/**
 * `A = L Lᵀ` from the lower triangle; writes L over `a`, with zeros above.
 * @returns the order of the first leading minor that is not positive, or 0
 */
export function factorCholesky(a: Float64Array, n: number): number {
  const step = stepOf(n);
  const { f, at, spread } = roomForRows(n * step);
  // Works on the upper triangle, Lᵀ, whose rows are contiguous.
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) f[at + j * step + i] = a[i * n + j];
  for (let k = 0; k < n; k++) {
    const d = at + k * step + k;
    if (!(f[d] > 0)) return k + 1;
    f[d] = Math.sqrt(f[d]);
    for (let j = 0; j < n; j++) {
      const to = d + j - k;
      if (j > k) f[to] /= f[d];
      a[j * n + k] = j < k ? 0 : f[to];
    }
    spread(n - k - 1, n - k - 1, d + 1, d + step + 1, step, d + 1);
  }
  return 0;
}
