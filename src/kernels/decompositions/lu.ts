// Elimination. Matrices stand row by row in one array.

import { turn } from '../../cancellation';

/** A matrix as `P A = L U`, with L and U in one array, and the row that each one was exchanged with. */
export interface Lu {
  readonly factors: Float64Array;
  readonly exchanged: Int32Array;
  /** 1, or -1 after an odd number of exchanges. */
  readonly sign: number;
}

/** Columns that are eliminated together, so that the rest of the matrix is written once for all of them. */
const panel = 4;

/** `P A = L U` with partial pivoting; writes over `a`. */
export function factorLu(a: Float64Array, n: number): Lu {
  const exchanged = new Int32Array(n);
  let sign = 1;
  for (let start = 0; start < n; start += panel) {
    const end = Math.min(start + panel, n);
    turn((n - start) * (n - start) * (end - start));
    for (let k = start; k < end; k++) {
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
        for (let c = k + 1; c < end; c++) a[i * n + c] -= factor * a[k * n + c];
      }
    }
    for (let i = start + 1; i < n; i++) subtractRows(a, n, i, a, i * n, start, Math.min(i, end), end);
  }
  return { factors: a, exchanged, sign };
}

/** Solves for `columns` right sides, over which it writes. */
export function solveLu({ factors, exchanged }: Lu, n: number, b: Float64Array, columns: number): void {
  for (let k = 0; k < n; k++) if (exchanged[k] !== k) exchange(b, columns, k, exchanged[k]);
  for (let i = 0; i < n; i++) {
    turn((i + 1) * columns);
    subtractRows(b, columns, i, factors, i * n, 0, i, 0);
  }
  for (let i = n - 1; i >= 0; i--) {
    turn((n - i) * columns);
    subtractRows(b, columns, i, factors, i * n, i + 1, n, 0);
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

/**
 * Takes `factors[at + j]` times row `j`, for `j` from `first` to before `end`, from row `to`, beginning at column `start`: four rows for
 * each time that it is written.
 */
function subtractRows(
  a: Float64Array,
  width: number,
  to: number,
  factors: Float64Array,
  at: number,
  first: number,
  end: number,
  start: number,
): void {
  const target = to * width;
  let j = first;
  for (; j < end - 3; j += 4) {
    const f0 = factors[at + j];
    const f1 = factors[at + j + 1];
    const f2 = factors[at + j + 2];
    const f3 = factors[at + j + 3];
    const source = j * width;
    for (let c = start; c < width; c++) {
      const s = source + c;
      a[target + c] = a[target + c] - f0 * a[s] - f1 * a[s + width] - f2 * a[s + 2 * width] - f3 * a[s + 3 * width];
    }
  }
  for (; j < end; j++) {
    const factor = factors[at + j];
    const source = j * width;
    for (let c = start; c < width; c++) a[target + c] -= factor * a[source + c];
  }
}
