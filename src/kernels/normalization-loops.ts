// Normalization in plain loops, over a matrix of `m` rows of `n` neighbours. Statistics and weights are float64; those of the
// first element stand at `so` and `wo`.

import { monomorphic } from './monomorphic';
import type { NumberArray } from './strides';

/** Steps from row to row and from element to element: of statistics, of weights. */
export type Steps = readonly [sRow: number, s: number, wRow: number, w: number];

/** `totals += (x - mean)²`. */
export const squares = monomorphic(
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

/** `y = (x - mean)·scale·weight + bias`. */
export const scaling = monomorphic(
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

/** `levels += dy·weight`, `slopes += dy·weight·(x - mean)`. */
export const sums = monomorphic(
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

/** `dx = dy·weight·scale - level - (x - mean)·slope`. */
export const combining = monomorphic(
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

/** `totals += dy·(x - mean)·scale`. */
export const weighing = monomorphic(
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
