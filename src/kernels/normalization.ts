// Loops of normalization: elements in row-major order, each with a statistic (of its channel, say) and with a weight, which
// stand at the sum of index times stride. A loop runs over `m` lines of `n` elements; those of a line share their statistic.

import { turn } from '../turn';
import { combining, type Steps, scaling, squares, sums, weighing } from './normalization-loops';
import { hasRowKernels, NormalizedRows } from './normalized-rows';
import { collapse, forEachRow, type NumberArray } from './strides';
import { scratch } from './wasm/runtime';

type List = readonly number[];

const NO_WEIGHT = Float64Array.of(1);

/** Elements of a part of a matrix that is walked along its columns: they stay in the cache. */
const part = 2 ** 13;

/** Which statistic and which weight belong to an element of a row-major tensor. */
export class Groups {
  private readonly outer: List;
  private readonly outerStrides: readonly List[];
  private readonly rows: number;
  private readonly columns: number;
  /** Lines are along what shares a statistic: along rows, or else along columns, of so many rows at a time. */
  private readonly isAlongRows: boolean;
  private readonly some: number;
  private readonly rowSteps: readonly [s: number, w: number];
  private readonly steps: Steps;

  constructor(shape: List, statistic: List, weight: List) {
    const plan = collapse(
      [1, ...shape],
      [
        [0, ...statistic],
        [0, ...weight],
      ],
    );
    const inner = plan.shape.length - 1;
    const last = (list: List, back: number, otherwise: number) => list[inner - back] ?? otherwise;
    const [s, w] = plan.strides;
    const [sRow, wRow] = [last(s, 1, 0), last(w, 1, 0)];
    this.columns = plan.shape[inner];
    this.rows = last(plan.shape, 1, 1);
    this.rowSteps = [sRow, wRow];
    this.isAlongRows = s[inner] === 0;
    if (this.isAlongRows) {
      this.some = this.rows;
      this.steps = [this.columns, 1, wRow, w[inner], sRow];
    } else {
      // Where each row has its own statistics as well, nothing shares any.
      this.some = sRow === 0 ? Math.max(8, Math.floor(part / this.columns)) : 1;
      this.steps = [1, this.columns, w[inner], wRow, s[inner]];
    }
    this.outer = [...plan.shape.slice(0, -2), 1];
    this.outerStrides = [s, w].map((stride) => [...stride.slice(0, -2), 0]);
  }

  /** Runs over all elements: `m` lines of `n`, with the places of the first element, statistic and weight. */
  each(run: (m: number, n: number, at: number, s: number, w: number, steps: Steps) => void): void {
    const { rows, columns, some, isAlongRows, steps } = this;
    const [sRow, wRow] = this.rowSteps;
    let at = 0;
    forEachRow(this.outer, this.outerStrides, [0, 0], ([s, w]) => {
      for (let r = 0; r < rows; r += some) {
        const count = Math.min(some, rows - r);
        const [m, n] = isAlongRows ? [count, columns] : [columns, count];
        run(m, n, at + r * columns, s + r * sRow, w + r * wRow, steps);
        turn(2 * m * n);
      }
      at += rows * columns;
    });
  }
}

/** Adds `(x - mean)²` into `totals`. */
export function addSquaredDeviations(
  groups: Groups,
  x: NumberArray,
  xo: number,
  means: NumberArray,
  totals: Float64Array,
): void {
  const loop = squares(x);
  groups.each((m, n, at, s, _, steps) => {
    if (!hasRowKernels(x, n, steps[1])) return loop(steps, m, n, x, xo + at, means, totals, s);
    const rows = new NormalizedRows(m, n);
    rows.each(x, xo + at, null, 0, null, 0, (r, a) => {
      const k = s + r * steps[4];
      totals[k] += rows.kernels.squares(n, a, means[k]);
    });
  });
}

/** `y = (x - mean)·scale·weight + bias`. */
export function centerAndScale(
  groups: Groups,
  y: NumberArray,
  x: NumberArray,
  xo: number,
  means: NumberArray,
  scales: Float64Array,
  weights: NumberArray,
  biases: NumberArray,
): void {
  const loop = scaling(x);
  groups.each((m, n, at, s, w, steps) => {
    const [, step, row, wStep, sRow] = steps;
    if (!hasRowKernels(x, n, step)) return loop(steps, m, n, y, at, x, xo + at, means, scales, s, weights, biases, w);
    const rows = new NormalizedRows(m, n);
    rows.each(x, xo + at, null, 0, y, at, (r, a, _, to) => {
      const k = s + r * sRow;
      const first = rows.rowOf(0, weights, w, row, wStep, r);
      const second = rows.rowOf(1, biases, w, row, wStep, r);
      rows.kernels.transform(n, a, to, first, second, means[k], scales[k]);
    });
  });
}

/** A gradient on its way back through `y = (x - mean)·scale·weight + bias`, and what it is computed from. */
export interface Gradients {
  readonly groups: Groups;
  readonly dy: NumberArray;
  readonly dyo: number;
  readonly x: NumberArray;
  readonly xo: number;
  readonly means: NumberArray;
  readonly scales: Float64Array;
  readonly weights: NumberArray;
}

/** Adds `dy·weight` into `levels`, and `dy·weight·(x - mean)` into `slopes`, for each statistic. */
export function addGradients(
  { groups, dy, dyo, x, xo, means, weights }: Gradients,
  levels: Float64Array,
  slopes: Float64Array,
): void {
  const loop = sums(x);
  groups.each((m, n, at, s, w, steps) => {
    const [, step, row, wStep, sRow] = steps;
    if (!hasRowKernels(x, n, step))
      return loop(steps, m, n, dy, dyo + at, x, xo + at, means, s, weights, w, levels, slopes);
    const rows = new NormalizedRows(m, n);
    const to = rows.totals / 8;
    rows.each(dy, dyo + at, x, xo + at, null, 0, (r, a, b) => {
      const k = s + r * sRow;
      rows.kernels.sums(n, a, b, rows.rowOf(0, weights, w, row, wStep, r), 8 * to, means[k]);
      levels[k] += scratch.f64[to];
      slopes[k] += scratch.f64[to + 1];
    });
  });
}

/** `dx = dy·weight·scale - level - (x - mean)·slope`. */
export function combineGradients(
  { groups, dy, dyo, x, xo, means, scales, weights }: Gradients,
  dx: NumberArray,
  levels: Float64Array,
  slopes: Float64Array,
): void {
  const loop = combining(x);
  groups.each((m, n, at, s, w, steps) => {
    const [, step, row, wStep, sRow] = steps;
    if (!hasRowKernels(x, n, step))
      return loop(steps, m, n, dx, at, dy, dyo + at, x, xo + at, means, scales, s, weights, w, levels, slopes);
    const rows = new NormalizedRows(m, n);
    rows.each(dy, dyo + at, x, xo + at, dx, at, (r, a, b, to) => {
      const k = s + r * sRow;
      const factor = rows.rowOf(0, weights, w, row, wStep, r);
      rows.kernels.combine(n, a, b, factor, to, means[k], scales[k], levels[k], slopes[k]);
    });
  });
}

/** Adds `dy·(x - mean)·scale` into `totals`, for each weight. */
export function addWeightGradients({ groups, dy, dyo, x, xo, means, scales }: Gradients, totals: Float64Array): void {
  const loop = weighing(x);
  groups.each((m, n, at, s, w, steps) => {
    const [, step, row, wStep, sRow] = steps;
    if (!hasRowKernels(x, n, step)) return loop(steps, m, n, totals, w, dy, dyo + at, x, xo + at, means, scales, s);
    const rows = new NormalizedRows(m, n);
    const to = rows.totals / 8;
    if (wStep === 0) {
      // One weight for a row: its gradient is the slope without it.
      rows.each(dy, dyo + at, x, xo + at, null, 0, (r, a, b) => {
        const k = s + r * sRow;
        rows.kernels.sums(n, a, b, rows.rowOf(0, NO_WEIGHT, 0, 0, 0, r), 8 * to, means[k]);
        totals[w + r * row] += scratch.f64[to + 1] * scales[k];
      });
      return;
    }
    scratch.f64.fill(0, to, to + n);
    rows.each(dy, dyo + at, x, xo + at, null, 0, (r, a, b) => {
      const k = s + r * sRow;
      rows.kernels.weigh(n, a, b, 8 * to, means[k], scales[k]);
      // Rows with the same weights are added up first.
      if (row === 0 && r < m - 1) return;
      for (let i = 0; i < n; i++) totals[w + r * row + i * wStep] += scratch.f64[to + i];
      scratch.f64.fill(0, to, to + n);
    });
  });
}
