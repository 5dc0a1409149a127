import { monomorphic } from './monomorphic';
import type { NumberArray } from './strides';
import { type PoolingExports, poolingModule } from './wasm/pooling';
import { Family, padded, reservedBytes, scratch } from './wasm/runtime';

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

const family = new Family<PoolingExports>(poolingModule);
/** Elements that are copied at a time, if a plane has less. */
const chunk = 2 ** 15;
/** A larger plane would occupy too much of WebAssembly's memory. */
const largest = 2 ** 21;

/** Whether windows are pairs of neighbours that follow one another without a rest. */
const arePairs = ({ size, starts, counts, step }: Windows) =>
  size === 2 * starts.length && step === 1 && starts.every((start, i) => start === 2 * i && counts[i] === 2);

/**
 * Largest element of every window of 2 × 2 in `planes` planes, and its place in its plane, in WebAssembly. Gives `false`
 * without doing anything where there is no kernel for such windows.
 */
export function maxOfSquares(
  x: NumberArray,
  xo: number,
  planes: number,
  rows: Windows,
  columns: Windows,
  y: NumberArray,
  at: Int32Array,
): boolean {
  const [height, width] = [rows.starts.length, columns.starts.length];
  const size = height * width;
  const isSuited =
    x instanceof Float32Array && width >= 4 && 4 * size <= largest && arePairs(rows) && arePairs(columns);
  const kernels = isSuited ? family.kernels : null;
  if (kernels === null) return false;
  const some = Math.min(planes, Math.max(1, Math.floor(chunk / (4 * size))));
  const small = reservedBytes + padded(16 * some * size);
  const places = small + padded(4 * some * size);
  scratch.reserve(places + padded(4 * some * size));
  const { f32, i32 } = scratch;
  for (let i = 0; i < planes; i += some) {
    const count = Math.min(some, planes - i);
    f32.set(x.subarray(xo + 4 * i * size, xo + 4 * (i + count) * size), reservedBytes / 4);
    kernels.maxPool(count, height, width, reservedBytes, small, places);
    y.set(f32.subarray(small / 4, small / 4 + count * size), i * size);
    at.set(i32.subarray(places / 4, places / 4 + count * size), i * size);
  }
  return true;
}
