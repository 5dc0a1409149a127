import { inTurns, turn } from '../turn';
import { monomorphic } from './monomorphic';
import type { NumberArray } from './strides';
import { type ResamplingExports, resamplingModule } from './wasm/resampling';
import { Family, padded, reservedBytes, scratch } from './wasm/runtime';

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

const family = new Family<ResamplingExports>(resamplingModule);
/** Elements that are copied at a time, if those of one case are less. */
const chunk = 2 ** 15;
/** A larger case would occupy too much of WebAssembly's memory. */
const largest = 2 ** 21;
/** Elements from which the copies are worth their while. */
const worthwhile = 64;

/**
 * The product of each of the last dimensions of `x`, in `cases` that the others make, with its matrix; one dimension after
 * the other, the last first.
 */
export function resample(
  x: NumberArray,
  xo: number,
  cases: number,
  matrices: readonly SparseMatrix[],
  y: NumberArray,
): void {
  const runs: Run[] = [];
  let inner = 1;
  for (let d = matrices.length - 1; d >= 0; d--) {
    const outer = matrices.slice(0, d).reduce((n, { columns }) => n * columns, 1);
    runs.push({ matrix: matrices[d], outer, inner, size: outer * inner * matrices[d].rows });
    inner *= matrices[d].rows;
  }
  const size = matrices.reduce((n, { columns }) => n * columns, 1);
  const most = Math.max(size, ...runs.map((run) => run.size));
  const isSuited = y instanceof Float32Array && cases * most >= worthwhile && most <= largest;
  const kernels = isSuited ? family.kernels : null;
  if (kernels !== null) resampleInMemory(kernels, x, xo, cases, size, most, runs, y);
  else {
    let [from, offset] = [x, xo];
    for (const run of runs) {
      const { rows, columns, starts, at, weights } = run.matrix;
      const isLast = run === runs[runs.length - 1];
      const to = isLast ? y : new (y.constructor as new (n: number) => NumberArray)(cases * run.size);
      const { inner } = run;
      const width = inner * Math.ceil(at.length / Math.max(rows, 1));
      const part = (o: number, end: number, r: number, last: number): void => {
        const result = to.subarray((o * rows + r) * inner);
        const own = starts.subarray(r, last + 1);
        multiply(y)(from, offset + o * columns * inner, end - o, inner, last - r, columns, own, at, weights, result);
      };
      inTurns(cases * run.outer, rows * width, (o, end) => {
        if (end - o > 1) part(o, end, 0, rows);
        else inTurns(rows, width, (r, last) => part(o, end, r, last));
      });
      [from, offset] = [to, 0];
    }
  }
}

/** A product along one dimension: elements of one case before and behind it, and of the result. */
interface Run {
  readonly matrix: SparseMatrix;
  readonly outer: number;
  readonly inner: number;
  readonly size: number;
}

function resampleInMemory(
  kernels: ResamplingExports,
  x: NumberArray,
  xo: number,
  cases: number,
  size: number,
  most: number,
  runs: readonly Run[],
  y: NumberArray,
): void {
  const some = Math.min(cases, Math.max(1, Math.floor(chunk / most)));
  let end = reservedBytes;
  const take = (bytes: number) => {
    const address = end;
    end += padded(bytes);
    return address;
  };
  const places = [0, 1].map(() => take(4 * some * most));
  const lists = runs.map(({ matrix: { starts, at, weights } }) =>
    [starts, at, weights].map(({ byteLength }) => take(byteLength)),
  );
  scratch.reserve(end);
  const { f32, f64, i32 } = scratch;
  runs.forEach(({ matrix }, k) => {
    i32.set(matrix.starts, lists[k][0] / 4);
    i32.set(matrix.at, lists[k][1] / 4);
    f64.set(matrix.weights, lists[k][2] / 8);
  });
  const count = runs[runs.length - 1].size;
  for (let i = 0; i < cases; i += some) {
    const now = Math.min(some, cases - i);
    let [from, to] = places;
    f32.set(x.subarray(xo + i * size, xo + (i + now) * size), from / 4);
    runs.forEach(({ matrix: { rows, columns }, outer, inner }, k) => {
      const [starts, at, weights] = lists[k];
      kernels.combine(now * outer, inner, rows, columns, starts, at, weights, from, to);
      [from, to] = [to, from];
    });
    y.set(f32.subarray(from / 4, from / 4 + now * count), i * count);
    turn(2 * now * most);
  }
}
