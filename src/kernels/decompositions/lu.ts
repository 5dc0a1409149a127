// Elimination. Matrices stand row by row in one array.

import { turn } from '../../cancellation';

/** A matrix as `P A = L U`, with L and U in one array, and the row that each one was exchanged with. */
export interface Lu {
  readonly factors: Float64Array;
  readonly exchanged: Int32Array;
  /** 1, or -1 after an odd number of exchanges. */
  readonly sign: number;
}

/** `P A = L U` with partial pivoting; writes over `a`. */
export function factorLu(a: Float64Array, n: number): Lu {
  const exchanged = new Int32Array(n);
  let sign = 1;
  for (let k = 0; k < n; k++) {
    turn((n - k) * (n - k));
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i;
    exchanged[k] = pivot;
    if (pivot !== k) {
      sign = -sign;
      exchange(a, n, k, pivot);
    }
    const diagonal = a[k * n + k];
    if (diagonal === 0) continue;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / diagonal;
      a[i * n + k] = factor;
      if (factor !== 0) addRow(a, n, i, k, -factor, k + 1);
    }
  }
  return { factors: a, exchanged, sign };
}

/** Solves for `columns` right sides, over which it writes. */
export function solveLu({ factors, exchanged }: Lu, n: number, b: Float64Array, columns: number): void {
  for (let k = 0; k < n; k++) if (exchanged[k] !== k) exchange(b, columns, k, exchanged[k]);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      turn(columns);
      const factor = factors[i * n + j];
      if (factor !== 0) addRow(b, columns, i, j, -factor, 0);
    }
  for (let i = n - 1; i >= 0; i--) {
    turn((n - i) * columns);
    for (let j = i + 1; j < n; j++) addRow(b, columns, i, j, -factors[i * n + j], 0);
    for (let c = 0; c < columns; c++) b[i * columns + c] /= factors[i * n + i];
  }
}

/** The first place at which U has a zero on its diagonal, or -1: the matrix is singular. */
export function firstZeroPivot({ factors }: Lu, n: number): number {
  for (let i = 0; i < n; i++) if (factors[i * n + i] === 0) return i;
  return -1;
}

/**
 * `A = L Lᵀ` from the lower triangle; writes L over `a`, with zeros above.
 * @returns the order of the first leading minor that is not positive, or 0
 */
export function factorCholesky(a: Float64Array, n: number): number {
  for (let i = 0; i < n; i++) {
    turn((i * i) / 2);
    for (let j = 0; j <= i; j++) {
      let rest = a[i * n + j];
      for (let k = 0; k < j; k++) rest -= a[i * n + k] * a[j * n + k];
      if (i > j) a[i * n + j] = rest / a[j * n + j];
      else if (!(rest > 0)) return i + 1;
      else a[i * n + i] = Math.sqrt(rest);
    }
    a.fill(0, i * n + i + 1, (i + 1) * n);
  }
  return 0;
}

function exchange(a: Float64Array, width: number, i: number, j: number): void {
  for (let c = 0; c < width; c++) {
    const kept = a[i * width + c];
    a[i * width + c] = a[j * width + c];
    a[j * width + c] = kept;
  }
}

/** Adds `factor` times row `from` to row `to`, beginning at a column. */
function addRow(a: Float64Array, width: number, to: number, from: number, factor: number, start: number): void {
  const target = to * width;
  const source = from * width;
  for (let c = start; c < width; c++) a[target + c] += factor * a[source + c];
}
