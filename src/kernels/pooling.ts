import { monomorphic } from './monomorphic';
import type { NumberArray } from './strides';

/** Windows along one dimension: window `i` sees `counts[i]` places from `starts[i]` on, `step` apart. */
export interface Windows {
  /** How many places there are. */
  readonly size: number;
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly step: number;
}

/** How windows slide along one dimension. */
export interface Sliding {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  /** Whether a last window may reach beyond the padding. */
  readonly ceil: boolean;
}

/** Windows that slide over `size` places; none if they do not fit. Only places that exist are seen. */
export function slidingWindows(size: number, { kernel, stride, padding, dilation, ceil }: Sliding): Windows {
  const room = size + 2 * padding - dilation * (kernel - 1) - 1;
  let count = Math.max(Math.floor((room + (ceil ? stride - 1 : 0)) / stride) + 1, 0);
  // The last window starts inside the input or the padding before it.
  if (ceil && (count - 1) * stride >= size + padding) count--;
  const starts = new Int32Array(count);
  const counts = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const from = i * stride - padding;
    const missing = Math.max(Math.ceil(-from / dilation), 0);
    starts[i] = from + missing * dilation;
    counts[i] = Math.max(Math.min(kernel - missing, Math.ceil((size - starts[i]) / dilation)), 0);
  }
  return { size, starts, counts, step: dilation };
}

/** Windows that share out `size` places among `count`, overlapping where they do not divide evenly. */
export function adaptiveWindows(size: number, count: number): Windows {
  const starts = Int32Array.from({ length: count }, (_, i) => Math.floor((i * size) / count));
  const counts = starts.map((start, i) => Math.ceil(((i + 1) * size) / count) - start);
  return { size, starts, counts, step: 1 };
}

const slideMax = monomorphic(
  (
    x: NumberArray,
    xo: number,
    from: Int32Array | null,
    outer: number,
    inner: number,
    size: number,
    starts: Int32Array,
    counts: Int32Array,
    step: number,
    plane: number,
    y: NumberArray,
    at: Int32Array,
  ) => {
    let q = 0;
    for (let o = 0; o < outer; o++)
      for (let w = 0; w < starts.length; w++)
        for (let i = 0; i < inner; i++, q++) {
          let place = starts[w];
          let best = (o * size + place) * inner + i;
          let value = x[xo + best];
          for (let k = 1, p = best; k < counts[w]; k++) {
            p += step * inner;
            const candidate = x[xo + p];
            // Of equals the first is kept; of several NaN, PyTorch keeps the last.
            if (candidate > value || Number.isNaN(candidate)) {
              value = candidate;
              best = p;
              place = starts[w] + k * step;
            }
          }
          y[q] = value;
          at[q] = place * plane + (from === null ? 0 : from[best]);
        }
  },
);

/**
 * Largest element of every window along one dimension, between `outer` dimensions before and `inner` after it: `y` gets
 * the elements, `at` their places in the plane of all windowed dimensions, of which `plane` lie in one step along this
 * one. `from` holds the places that a run along a later dimension has found.
 */
export function maxOfWindows(
  x: NumberArray,
  xo: number,
  from: Int32Array | null,
  outer: number,
  inner: number,
  windows: Windows,
  plane: number,
  y: NumberArray,
  at: Int32Array,
): void {
  const { size, starts, counts, step } = windows;
  slideMax(x)(x, xo, from, outer, inner, size, starts, counts, step, plane, y, at);
}
