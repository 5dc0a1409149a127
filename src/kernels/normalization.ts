import type { Operand } from './elementwise';
import { contiguousStride, type NumberArray, walkRows } from './strides';

/** Adds `(x - mean)²` into `totals`; a mean and a total stand at `Σ index·toStride`, as in `accumulate`. */
export function accumulateSquaredDeviations(
  shape: readonly number[],
  x: Operand,
  toStride: readonly number[],
  means: Float64Array,
  totals: Float64Array,
): void {
  const { data } = x;
  walkRows(shape, [toStride, x.stride], [0, x.offset], ([to, from], n, [t, s]) => {
    if (t === 0) {
      const mean = means[to];
      let total = 0;
      for (let i = 0, p = from; i < n; i++, p += s) total += (data[p] - mean) * (data[p] - mean);
      totals[to] += total;
    } else for (let i = 0, p = from, q = to; i < n; i++, p += s, q += t) totals[q] += (data[p] - means[q]) ** 2;
  });
}

/** `y = (x - mean)·scale` in row-major order; a mean and a scale stand at `Σ index·fromStride`. */
export function centerAndScale(
  shape: readonly number[],
  y: NumberArray,
  x: Operand,
  fromStride: readonly number[],
  means: Float64Array,
  scales: Float64Array,
): void {
  const { data } = x;
  walkRows(
    shape,
    [contiguousStride(shape), x.stride, fromStride],
    [0, x.offset, 0],
    ([to, from, at], n, [sy, sx, t]) => {
      if (t === 0) {
        const mean = means[at];
        const scale = scales[at];
        for (let i = 0, p = from, q = to; i < n; i++, p += sx, q += sy) y[q] = (data[p] - mean) * scale;
      } else
        for (let i = 0, p = from, q = to, k = at; i < n; i++, p += sx, q += sy, k += t)
          y[q] = (data[p] - means[k]) * scales[k];
    },
  );
}
