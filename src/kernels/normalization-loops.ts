// Normalization in plain loops, over `m` lines of `n` elements that share their statistics. Statistics and weights of the first
// line and element stand at `so` and `wo`.

import { monomorphic } from './monomorphic';
import type { NumberArray } from './strides';

/** Steps from line to line and from element to element: of elements and of weights; and of statistics from line to line. */
export type Steps = readonly [line: number, step: number, wLine: number, w: number, sLine: number];

/** `totals += (x - mean)²`. */
export const squares = monomorphic(
  (
    [line, step, , , sLine]: Steps,
    m: number,
    n: number,
    x: NumberArray,
    xo: number,
    means: NumberArray,
    totals: Float64Array,
    so: number,
  ) => {
    for (let r = 0, k = so; r < m; r++, k += sLine) {
      const mean = means[k];
      let total = 0;
      for (let i = 0, p = xo + r * line; i < n; i++, p += step) total += (x[p] - mean) * (x[p] - mean);
      totals[k] += total;
    }
  },
);

/** `y = (x - mean)·scale·weight + bias`. */
export const scaling = monomorphic(
  (
    [line, step, wLine, w, sLine]: Steps,
    m: number,
    n: number,
    y: NumberArray,
    yo: number,
    x: NumberArray,
    xo: number,
    means: NumberArray,
    scales: Float64Array,
    so: number,
    weights: NumberArray,
    biases: NumberArray,
    wo: number,
  ) => {
    for (let r = 0, k = so; r < m; r++, k += sLine) {
      const mean = means[k];
      const scale = scales[k];
      for (let i = 0, p = r * line, j = wo + r * wLine; i < n; i++, p += step, j += w)
        y[yo + p] = (x[xo + p] - mean) * scale * weights[j] + biases[j];
    }
  },
);

/** `levels += dy·weight`, `slopes += dy·weight·(x - mean)`. */
export const sums = monomorphic(
  (
    [line, step, wLine, w, sLine]: Steps,
    m: number,
    n: number,
    dy: NumberArray,
    dyo: number,
    x: NumberArray,
    xo: number,
    means: NumberArray,
    so: number,
    weights: NumberArray,
    wo: number,
    levels: Float64Array,
    slopes: Float64Array,
  ) => {
    for (let r = 0, k = so; r < m; r++, k += sLine) {
      const mean = means[k];
      let level = 0;
      let slope = 0;
      for (let i = 0, p = r * line, j = wo + r * wLine; i < n; i++, p += step, j += w) {
        const g = dy[dyo + p] * weights[j];
        level += g;
        slope += g * (x[xo + p] - mean);
      }
      levels[k] += level;
      slopes[k] += slope;
    }
  },
);

/** `dx = dy·weight·scale - level - (x - mean)·slope`. */
export const combining = monomorphic(
  (
    [line, step, wLine, w, sLine]: Steps,
    m: number,
    n: number,
    dx: NumberArray,
    to: number,
    dy: NumberArray,
    dyo: number,
    x: NumberArray,
    xo: number,
    means: NumberArray,
    scales: Float64Array,
    so: number,
    weights: NumberArray,
    wo: number,
    levels: Float64Array,
    slopes: Float64Array,
  ) => {
    for (let r = 0, k = so; r < m; r++, k += sLine) {
      const mean = means[k];
      const scale = scales[k];
      const level = levels[k];
      const slope = slopes[k];
      for (let i = 0, p = r * line, j = wo + r * wLine; i < n; i++, p += step, j += w)
        dx[to + p] = dy[dyo + p] * weights[j] * scale - level - (x[xo + p] - mean) * slope;
    }
  },
);

/** `totals += dy·(x - mean)·scale`. */
export const weighing = monomorphic(
  (
    [line, step, wLine, w, sLine]: Steps,
    m: number,
    n: number,
    totals: Float64Array,
    to: number,
    dy: NumberArray,
    dyo: number,
    x: NumberArray,
    xo: number,
    means: NumberArray,
    scales: Float64Array,
    so: number,
  ) => {
    for (let r = 0, k = so; r < m; r++, k += sLine) {
      const mean = means[k];
      const scale = scales[k];
      let j = to + r * wLine;
      if (w === 0) {
        let total = totals[j];
        for (let i = 0, p = r * line; i < n; i++, p += step) total += dy[dyo + p] * (x[xo + p] - mean) * scale;
        totals[j] = total;
      } else
        for (let i = 0, p = r * line; i < n; i++, p += step, j += w)
          totals[j] += dy[dyo + p] * (x[xo + p] - mean) * scale;
    }
  },
);
