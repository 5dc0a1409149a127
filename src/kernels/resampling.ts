import { inTurns, until } from '../cancellation';
import { monomorphic } from './monomorphic';
import { roomFor } from './room';
import { Stage } from './staging';
import type { NumberArray } from './strides';
import { type ResamplingExports, resamplingModule } from './wasm/resampling';
import { Family } from './wasm/runtime';

/** A sparse matrix: row `i` has the weights `starts[i]` to `starts[i + 1]` in the columns `at`. */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly starts: Int32Array;
  readonly at: Int32Array;
  readonly weights: Float64Array;
}

/** Returns the matrix whose row `i` has the weights `row(i)`, a list of column and weight pairs. */
export function sparse(
  rows: number,
  columns: number,
  row: (i: number) => readonly (readonly [number, number])[],
): SparseMatrix {
  // Calls `row` twice instead of storing lists, which would need too much memory.
  const starts = roomFor(Int32Array, rows + 1);
  for (let i = 0; i < rows; )
    for (const end = until(i, rows, 16); i < end; i++) starts[i + 1] = starts[i] + row(i).length;
  const at = roomFor(Int32Array, starts[rows]);
  const weights = roomFor(Float64Array, starts[rows]);
  let k = 0;
  for (let i = 0; i < rows; )
    for (const end = until(i, rows, 16); i < end; i++)
      for (const [column, weight] of row(i)) {
        at[k] = column;
        weights[k++] = weight;
      }
  return { rows, columns, starts, at, weights };
}

export function transposedMatrix({ rows, columns, starts, at, weights }: SparseMatrix): SparseMatrix {
  const lists = Array.from({ length: columns }, (): [number, number][] => []);
  for (let i = 0; i < rows; i++) for (let k = starts[i]; k < starts[i + 1]; k++) lists[at[k]].push([i, weights[k]]);
  return sparse(columns, rows, (j) => lists[j]);
}

const multiply = monomorphic(
  (
    { columns, starts, at, weights }: SparseMatrix,
    x: NumberArray,
    outer: number,
    inner: number,
    rows: readonly [first: number, end: number],
    y: NumberArray,
  ) => {
    let q = 0;
    for (let o = 0; o < outer; o++)
      for (let r = rows[0]; r < rows[1]; r++) {
        const from = starts[r];
        const to = starts[r + 1];
        for (let i = 0, p = o * columns * inner; i < inner; i++, p++) {
          let sum = 0;
          for (let k = from; k < to; k++) sum += weights[k] * x[p + at[k] * inner];
          y[q++] = sum;
        }
      }
  },
);

const family = new Family<ResamplingExports>(resamplingModule, { worthwhile: 64, longest: 2 ** 21 });
/** Elements copied at a time, if one case has fewer. */
const chunk = 2 ** 15;

/**
 * Multiplies each of the last dimensions of `x` by its matrix, one dimension after the other, the last first. The
 * leading dimensions form `cases`.
 */
export function resample(x: NumberArray, cases: number, matrices: readonly SparseMatrix[], y: NumberArray): void {
  const runs: Run[] = [];
  let inner = 1;
  for (let d = matrices.length - 1; d >= 0; d--) {
    const outer = matrices.slice(0, d).reduce((n, { columns }) => n * columns, 1);
    runs.push({ matrix: matrices[d], outer, inner, size: outer * inner * matrices[d].rows });
    inner *= matrices[d].rows;
  }
  const size = matrices.reduce((n, { columns }) => n * columns, 1);
  const most = Math.max(size, ...runs.map((run) => run.size));
  const kernels = family.suited(y, cases * most, most);
  if (kernels !== null) {
    const stage = new Stage(cases, most, chunk);
    // Results of one run are the input of the next.
    const [first, second] = [stage.input(x, size, stage.some * (most - size)), stage.space(most)];
    const lists = runs.map(({ matrix: { starts, at, weights } }) =>
      [starts, at, weights].map((list) => stage.table(list)),
    );
    const last = runs[runs.length - 1];
    stage.output(y, last.size, runs.length % 2 === 0 ? first : second);
    while (stage.next()) {
      let [from, to] = [first, second];
      for (const [k, { matrix, outer, inner }] of runs.entries()) {
        const [starts, at, weights] = lists[k];
        kernels.combine(stage.count * outer, inner, matrix.rows, matrix.columns, starts, at, weights, from, to);
        [from, to] = [to, from];
      }
    }
    return;
  }
  let from = x;
  for (const run of runs) {
    const { matrix, inner } = run;
    const { rows, columns, at } = matrix;
    const isLast = run === runs[runs.length - 1];
    const to = isLast ? y : new (y.constructor as new (n: number) => NumberArray)(cases * run.size);
    const width = inner * Math.ceil(at.length / Math.max(rows, 1));
    const part = (o: number, end: number, r: number, last: number): void => {
      const [input, result] = [from.subarray(o * columns * inner), to.subarray((o * rows + r) * inner)];
      multiply(y)(matrix, input, end - o, inner, [r, last], result);
    };
    inTurns(cases * run.outer, rows * width, (o, end) => {
      if (end - o > 1) part(o, end, 0, rows);
      else inTurns(rows, width, (r, last) => part(o, end, r, last));
    });
    from = to;
  }
}

/** A product along one dimension: the element counts before and after it. */
interface Run {
  readonly matrix: SparseMatrix;
  readonly outer: number;
  readonly inner: number;
  readonly size: number;
}
