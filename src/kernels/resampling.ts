import { monomorphic } from './monomorphic';
import type { NumberArray } from './strides';

/** A matrix with few elements that are not 0: row `i` has the weights `starts[i]` to `starts[i + 1]` in the columns `at`. */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly starts: Int32Array;
  readonly at: Int32Array;
  readonly weights: Float64Array;
}

/** The matrix whose row `i` has the weights `row(i)` gives, as pairs of a column and a weight. */
export function sparse(
  rows: number,
  columns: number,
  row: (i: number) => readonly (readonly [number, number])[],
): SparseMatrix {
  const entries = Array.from({ length: rows }, (_, i) => row(i));
  const starts = new Int32Array(rows + 1);
  entries.forEach((list, i) => {
    starts[i + 1] = starts[i] + list.length;
  });
  const flat = entries.flat();
  return {
    rows,
    columns,
    starts,
    at: Int32Array.from(flat, ([column]) => column),
    weights: Float64Array.from(flat, ([, weight]) => weight),
  };
}

export function transposedMatrix({ rows, columns, starts, at, weights }: SparseMatrix): SparseMatrix {
  const lists = Array.from({ length: columns }, (): [number, number][] => []);
  for (let i = 0; i < rows; i++) for (let k = starts[i]; k < starts[i + 1]; k++) lists[at[k]].push([i, weights[k]]);
  return sparse(columns, rows, (j) => lists[j]);
}

const multiply = monomorphic(
  (
    x: NumberArray,
    xo: number,
    outer: number,
    inner: number,
    rows: number,
    columns: number,
    starts: Int32Array,
    at: Int32Array,
    weights: Float64Array,
    y: NumberArray,
  ) => {
    let q = 0;
    for (let o = 0; o < outer; o++)
      for (let r = 0; r < rows; r++) {
        const from = starts[r];
        const to = starts[r + 1];
        for (let i = 0, p = xo + o * columns * inner; i < inner; i++, p++) {
          let sum = 0;
          for (let k = from; k < to; k++) sum += weights[k] * x[p + at[k] * inner];
          y[q++] = sum;
        }
      }
  },
);

/** The product of a matrix with one dimension of `x`, between `outer` elements before and `inner` after it. */
export function multiplyAlong(
  x: NumberArray,
  xo: number,
  outer: number,
  inner: number,
  { rows, columns, starts, at, weights }: SparseMatrix,
  y: NumberArray,
): void {
  multiply(y)(x, xo, outer, inner, rows, columns, starts, at, weights, y);
}
