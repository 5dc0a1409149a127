import type { Operand } from './elementwise';
import { collapse, contiguousStride, forEachRow, type NumberArray } from './strides';

/**
 * `y = (x - mean) / √(variance + eps)` in float64, rounded once. Mean and variance are walked with the strides given:
 * 0 along the dimensions that share them.
 */
export function standardize(
  shape: readonly number[],
  y: NumberArray,
  x: Operand,
  mean: Operand,
  variance: Operand,
  eps: number,
): void {
  const plan = collapse(shape, [contiguousStride(shape), x.stride, mean.stride, variance.stride]);
  const [sy, sx, sm, sv] = plan.strides.map((stride) => stride[plan.shape.length - 1]);
  forEachRow(plan.shape, plan.strides, [0, x.offset, mean.offset, variance.offset], ([to, from, m, v], n) => {
    let scale = 1 / Math.sqrt(variance.data[v] + eps);
    for (let i = 0; i < n; i++) {
      if (sv !== 0) scale = 1 / Math.sqrt(variance.data[v + i * sv] + eps);
      y[to + i * sy] = (x.data[from + i * sx] - mean.data[m + i * sm]) * scale;
    }
  });
}
