import type { Operand } from './elementwise';
import { collapse, forEachRow, type NumberArray } from './strides';

/**
 * Adds elements into `totals`: element `index` of the input goes to `totals[Σ index·toStride]`, where `toStride` is
 * zero along the summed dimensions. Totals are float64 whatever the input, so that long float32 sums stay accurate.
 */
export function accumulate(
  shape: readonly number[],
  x: Operand,
  toStride: readonly number[],
  totals: Float64Array,
): void {
  const plan = collapse(shape, [toStride, x.stride]);
  const [t, s] = plan.strides.map((stride) => stride[plan.shape.length - 1]);
  const { data } = x;
  forEachRow(plan.shape, plan.strides, [0, x.offset], ([to, from], n) => {
    if (t === 0) {
      let total = 0;
      for (let i = 0, p = from; i < n; i++, p += s) total += data[p];
      totals[to] += total;
    } else {
      for (let i = 0, p = from, q = to; i < n; i++, p += s, q += t) totals[q] += data[p];
    }
  });
}

/**
 * Position of the largest (or, with `sign` -1, the smallest) of `length` elements that lie `step` apart. The first of
 * equals wins; a NaN beats every number, as in PyTorch.
 */
export function argExtreme(data: NumberArray, offset: number, step: number, length: number, sign: 1 | -1): number {
  let best = 0;
  let value = sign * data[offset];
  for (let i = 1; i < length && !Number.isNaN(value); i++) {
    const candidate = sign * data[offset + i * step];
    if (candidate > value || Number.isNaN(candidate)) {
      best = i;
      value = candidate;
    }
  }
  return best;
}
