import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  addGradients,
  addSquaredDeviations,
  addWeightGradients,
  centerAndScale,
  combineGradients,
  Groups,
} from '../../src/kernels/normalization';
import { type Switches, setSwitches } from '../../src/kernels/wasm/runtime';
import { eachVariant } from '../support/kernels';

/** Shapes with the strides of statistics and weights: layers, channels of images, channels of vectors, one group. */
const layouts: readonly (readonly [string, number[], number[], number[]])[] = [
  ['layers', [9, 70], [1, 0], [0, 1]],
  ['long layers', [3, 5000], [1, 0], [0, 1]],
  ['channels of images', [3, 4, 7, 9], [0, 1, 0, 0], [0, 1, 0, 0]],
  ['channels of cases', [3, 4, 67], [4, 1, 0], [0, 1, 0]],
  ['channels of vectors', [130, 12], [0, 1], [0, 1]],
  ['wide channels', [20, 700], [0, 1], [0, 1]],
  ['channels of vectors, a weight for each case', [130, 12], [0, 1], [1, 0]],
  ['one element each', [9, 5, 4], [0, 4, 1], [0, 1, 0]],
  ['one group without weights', [2, 301], [0, 0], [0, 0]],
];

describe.each(eachVariant)('%s', (_, switches) => {
  let before: Switches;
  beforeEach(() => {
    before = setSwitches(switches);
  });
  afterEach(() => void setSwitches(before));

  test.each(layouts)('of %s', (_name, shape, statistic, weight) => {
    const n = shape.reduce((a, b) => a * b);
    const count = (stride: number[]) => 1 + shape.reduce((sum, size, d) => sum + (size - 1) * stride[d], 0);
    const place = (i: number, stride: number[]) => {
      let rest = i;
      let at = 0;
      for (let d = shape.length - 1; d >= 0; d--) {
        at += (rest % shape[d]) * stride[d];
        rest = Math.floor(rest / shape[d]);
      }
      return at;
    };
    const wave = (size: number, factor: number, level: number) =>
      Float64Array.from({ length: size }, (_, i) => level + Math.sin(factor * (i + 1) * (i + 1)));
    const [xo, dyo] = [3, 5];
    // Far from 0, so that a mean in float32 would show.
    const x = Float32Array.from(wave(n + xo, 0.7, 100)).subarray(xo);
    const dy = Float32Array.from(wave(n + dyo, 1.3, 0)).subarray(dyo);
    const [means, scales] = [wave(count(statistic), 2, 100), wave(count(statistic), 3, 2)];
    const [weights, biases] = [wave(count(weight), 5, 1), wave(count(weight), 7, 0)];
    const groups = new Groups(shape, statistic, weight);
    const gradients = { groups, dy, x, means, scales, weights };
    const [squares, levels, slopes, totals] = [statistic, statistic, statistic, weight].map(
      (stride) => new Float64Array(count(stride)),
    );
    const [y, dx] = [new Float32Array(n), new Float32Array(n)];
    addSquaredDeviations(groups, x, means, squares);
    centerAndScale(groups, { y, x, means, scales, weights, biases });
    addGradients(gradients, levels, slopes);
    combineGradients(gradients, dx, means, scales);
    addWeightGradients(gradients, totals);
    for (let i = 0; i < n; i++) {
      const [k, j] = [place(i, statistic), place(i, weight)];
      const d = x[i] - means[k];
      const g = dy[i] * weights[j];
      expect(Math.abs(y[i] - (d * scales[k] * weights[j] + biases[j]))).toBeLessThan(5e-6);
      expect(Math.abs(dx[i] - (g * scales[k] - means[k] - d * scales[k]))).toBeLessThan(5e-5);
      squares[k] -= d * d;
      levels[k] -= g;
      slopes[k] -= g * d;
      totals[j] -= dy[i] * d * scales[k];
    }
    for (const rest of [squares, levels, slopes, totals])
      for (const v of rest) expect(Math.abs(v)).toBeLessThan(2e-7 * n);
  });
});
