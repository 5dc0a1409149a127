// Loops of normalization: elements in row-major order, each with a statistic (of its channel, say) and with a weight. Both
// are float64 and stand at the sum of index times stride. A loop runs over a matrix of elements, `m` rows of `n`.

import { monomorphic } from './monomorphic';
import { collapse, forEachRow, type NumberArray } from './strides';

type List = readonly number[];

/** Steps from row to row and from element to element: of statistics, of weights. */
type Steps = readonly [sRow: number, s: number, wRow: number, w: number];

/** Which statistic and which weight belong to an element of a row-major tensor. */
export class Groups {
  private readonly outer: List;
  private readonly outerStrides: readonly List[];
  private readonly rows: number;
  private readonly columns: number;
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
    this.columns = plan.shape[inner];
    this.rows = last(plan.shape, 1, 1);
    this.steps = [last(s, 1, 0), s[inner], last(w, 1, 0), w[inner]];
    this.outer = [...plan.shape.slice(0, -2), 1];
    this.outerStrides = [s, w].map((stride) => [...stride.slice(0, -2), 0]);
  }

  /** Runs over all elements: matrices with the places of their first element, statistic and weight. */
  each(run: (m: number, n: number, at: number, s: number, w: number, steps: Steps) => void): void {
    let at = 0;
    forEachRow(this.outer, this.outerStrides, [0, 0], ([s, w]) => {
      run(this.rows, this.columns, at, s, w, this.steps);
      at += this.rows * this.columns;
    });
  }
}

const squares = monomorphic(
  (
    [sRow, s]: Steps,
    m: number,
    n: number,
    x: NumberArray,
    at: number,
    means: Float64Array,
    totals: Float64Array,
    to: number,
  ) => {
    for (let r = 0, p = at; r < m; r++) {
      let k = to + r * sRow;
      if (s === 0) {
        const mean = means[k];
        let total = 0;
        for (const end = p + n; p < end; p++) total += (x[p] - mean) * (x[p] - mean);
        totals[k] += total;
      } else for (const end = p + n; p < end; p++, k += s) totals[k] += (x[p] - means[k]) * (x[p] - means[k]);
    }
  },
);

/** Adds `(x - mean)²` into `totals`. */
export function addSquaredDeviations(
  groups: Groups,
  x: NumberArray,
  xo: number,
  means: Float64Array,
  totals: Float64Array,
): void {
  const loop = squares(x);
  groups.each((m, n, at, s, _, steps) => loop(steps, m, n, x, xo + at, means, totals, s));
}

const scaling = monomorphic(
  (
    [sRow, s, wRow, w]: Steps,
    m: number,
    n: number,
    y: NumberArray,
    to: number,
    x: NumberArray,
    from: number,
    means: Float64Array,
    scales: Float64Array,
    so: number,
    weights: Float64Array,
    biases: Float64Array,
    wo: number,
  ) => {
    for (let r = 0, p = from, q = to; r < m; r++) {
      let k = so + r * sRow;
      let j = wo + r * wRow;
      if (s === 0) {
        const mean = means[k];
        const scale = scales[k];
        for (let i = 0; i < n; i++, j += w) y[q++] = (x[p++] - mean) * scale * weights[j] + biases[j];
      } else
        for (let i = 0; i < n; i++, k += s, j += w) y[q++] = (x[p++] - means[k]) * scales[k] * weights[j] + biases[j];
    }
  },
);

/** `y = (x - mean)·scale·weight + bias`. */
export function centerAndScale(
  groups: Groups,
  y: NumberArray,
  x: NumberArray,
  xo: number,
  means: Float64Array,
  scales: Float64Array,
  weights: Float64Array,
  biases: Float64Array,
): void {
  const loop = scaling(x);
  groups.each((m, n, at, s, w, steps) => loop(steps, m, n, y, at, x, xo + at, means, scales, s, weights, biases, w));
}

/** A gradient on its way back through `y = (x - mean)·scale·weight + bias`, and what it is computed from. */
export interface Gradients {
  readonly groups: Groups;
  readonly dy: NumberArray;
  readonly dyo: number;
  readonly x: NumberArray;
  readonly xo: number;
  readonly means: Float64Array;
  readonly scales: Float64Array;
  readonly weights: Float64Array;
}

const sums = monomorphic(
  (
    [sRow, s, wRow, w]: Steps,
    m: number,
    n: number,
    dy: NumberArray,
    dyo: number,
    x: NumberArray,
    xo: number,
    means: Float64Array,
    so: number,
    weights: Float64Array,
    wo: number,
    levels: Float64Array,
    slopes: Float64Array,
  ) => {
    for (let r = 0, p = xo, q = dyo; r < m; r++) {
      let k = so + r * sRow;
      let j = wo + r * wRow;
      if (s === 0) {
        const mean = means[k];
        let level = 0;
        let slope = 0;
        for (let i = 0; i < n; i++, j += w) {
          const g = dy[q++] * weights[j];
          level += g;
          slope += g * (x[p++] - mean);
        }
        levels[k] += level;
        slopes[k] += slope;
      } else
        for (let i = 0; i < n; i++, k += s, j += w) {
          const g = dy[q++] * weights[j];
          levels[k] += g;
          slopes[k] += g * (x[p++] - means[k]);
        }
    }
  },
);

/** Adds `dy·weight` into `levels`, and `dy·weight·(x - mean)` into `slopes`, for each statistic. */
export function addGradients(
  { groups, dy, dyo, x, xo, means, weights }: Gradients,
  levels: Float64Array,
  slopes: Float64Array,
): void {
  const loop = sums(x);
  groups.each((m, n, at, s, w, steps) =>
    loop(steps, m, n, dy, dyo + at, x, xo + at, means, s, weights, w, levels, slopes),
  );
}

const combining = monomorphic(
  (
    [sRow, s, wRow, w]: Steps,
    m: number,
    n: number,
    dx: NumberArray,
    to: number,
    dy: NumberArray,
    dyo: number,
    x: NumberArray,
    xo: number,
    means: Float64Array,
    scales: Float64Array,
    so: number,
    weights: Float64Array,
    wo: number,
    levels: Float64Array,
    slopes: Float64Array,
  ) => {
    for (let r = 0, p = xo, q = dyo, t = to; r < m; r++) {
      let k = so + r * sRow;
      let j = wo + r * wRow;
      if (s === 0) {
        const [mean, scale, level, slope] = [means[k], scales[k], levels[k], slopes[k]];
        for (let i = 0; i < n; i++, j += w) dx[t++] = dy[q++] * weights[j] * scale - level - (x[p++] - mean) * slope;
      } else
        for (let i = 0; i < n; i++, k += s, j += w)
          dx[t++] = dy[q++] * weights[j] * scales[k] - levels[k] - (x[p++] - means[k]) * slopes[k];
    }
  },
);

/** `dx = dy·weight·scale - level - (x - mean)·slope`. */
export function combineGradients(
  { groups, dy, dyo, x, xo, means, scales, weights }: Gradients,
  dx: NumberArray,
  levels: Float64Array,
  slopes: Float64Array,
): void {
  const loop = combining(x);
  groups.each((m, n, at, s, w, steps) =>
    loop(steps, m, n, dx, at, dy, dyo + at, x, xo + at, means, scales, s, weights, w, levels, slopes),
  );
}

const weighing = monomorphic(
  (
    [sRow, s, wRow, w]: Steps,
    m: number,
    n: number,
    totals: Float64Array,
    to: number,
    dy: NumberArray,
    dyo: number,
    x: NumberArray,
    xo: number,
    means: Float64Array,
    scales: Float64Array,
    so: number,
  ) => {
    for (let r = 0, p = xo, q = dyo; r < m; r++) {
      let k = so + r * sRow;
      let j = to + r * wRow;
      for (let i = 0; i < n; i++, k += s, j += w) totals[j] += dy[q++] * (x[p++] - means[k]) * scales[k];
    }
  },
);

/** Adds `dy·(x - mean)·scale` into `totals`, for each weight. */
export function addWeightGradients({ groups, dy, dyo, x, xo, means, scales }: Gradients, totals: Float64Array): void {
  const loop = weighing(x);
  groups.each((m, n, at, s, w, steps) => loop(steps, m, n, totals, w, dy, dyo + at, x, xo + at, means, scales, s));
}
