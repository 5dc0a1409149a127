import { inTurns, turn } from '../cancellation';
import { monomorphic } from './monomorphic';
import { roomFor } from './room';
import { Stage } from './staging';
import type { NumberArray } from './strides';
import { type PoolingExports, poolingModule } from './wasm/pooling';
import { Family } from './wasm/runtime';

/** Windows along one dimension: window `i` covers `counts[i]` positions from `starts[i]` on, `step` apart. */
export interface Windows {
  /** Number of positions. */
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
  /** Whether the last window may extend beyond the padding. */
  readonly ceil: boolean;
}

/** Returns sliding windows over `size` positions; an empty list if none fits. Windows cover only existing positions. */
export function slidingWindows(size: number, { kernel, stride, padding, dilation, ceil }: Sliding): Windows {
  const room = size + 2 * padding - dilation * (kernel - 1) - 1;
  let count = Math.max(Math.floor((room + (ceil ? stride - 1 : 0)) / stride) + 1, 0);
  // The last window starts inside the input or the padding before it.
  if (ceil && (count - 1) * stride >= size + padding) count--;
  const starts = roomFor(Int32Array, count);
  const counts = roomFor(Int32Array, count);
  for (let i = 0; i < count; i++) {
    const from = i * stride - padding;
    const missing = Math.max(Math.ceil(-from / dilation), 0);
    starts[i] = from + missing * dilation;
    counts[i] = Math.max(Math.min(kernel - missing, Math.ceil((size - starts[i]) / dilation)), 0);
  }
  return { size, starts, counts, step: dilation };
}

/** Returns windows that divide `size` positions among `count`; they overlap if `size` is not divisible. */
export function adaptiveWindows(size: number, count: number): Windows {
  const starts = roomFor(Int32Array, count).map((_, i) => Math.floor((i * size) / count));
  const counts = starts.map((start, i) => Math.ceil(((i + 1) * size) / count) - start);
  return { size, starts, counts, step: 1 };
}

/** Arrays of a run along one dimension: elements, and positions found by a previous run. */
interface Along {
  readonly x: NumberArray;
  readonly from: Int32Array | null;
  readonly outer: number;
  readonly inner: number;
  readonly plane: number;
  readonly y: NumberArray;
  readonly at: Int32Array;
}

const slideMax = monomorphic(
  ({ size, starts, counts, step }: Windows, { x, from, outer, inner, plane, y, at }: Along) => {
    let q = 0;
    for (let o = 0; o < outer; o++)
      for (let w = 0; w < starts.length; w++)
        for (let i = 0; i < inner; i++, q++) {
          let place = starts[w];
          let best = (o * size + place) * inner + i;
          let value = x[best];
          for (let k = 1, p = best; k < counts[w]; k++) {
            p += step * inner;
            const candidate = x[p];
            // Of equals the first is kept; of several NaN the last, as in PyTorch.
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

const family = new Family<PoolingExports>(poolingModule, { worthwhile: 64, longest: 2 ** 21 });
/** Elements copied at a time, if a plane has fewer. */
const chunk = 2 ** 15;

/** Whether windows are consecutive pairs that cover all positions. */
const arePairs = ({ size, starts, counts, step }: Windows) =>
  size === 2 * starts.length && step === 1 && starts.every((start, i) => start === 2 * i && counts[i] === 2);

/** Whether windows are 2 × 2, do not overlap, and are wide enough for their kernel. */
const areSquares = (windows: readonly Windows[]) =>
  windows.length === 2 && windows[1].starts.length >= 4 && windows.every(arePairs);

const sizeOf = (windows: readonly Windows[]) => windows.reduce((n, { size }) => n * size, 1);
const countOf = (windows: readonly Windows[]) => windows.reduce((n, { starts }) => n * starts.length, 1);

/**
 * Returns the largest element of every window in `planes` planes, with one dimension per list of windows. `y` receives
 * the elements, `at` their positions in the planes.
 */
export function maxOfWindows(
  x: NumberArray,
  planes: number,
  windows: readonly Windows[],
  y: NumberArray,
  at: Int32Array,
): void {
  const [size, count] = [sizeOf(windows), countOf(windows)];
  const kernels = family.suited(x, planes * size, size);
  if (kernels === null) {
    maxByLoops(x, planes, windows, y, at);
    return;
  }
  const stage = new Stage(planes, size, chunk);
  const from = stage.input(x);
  if (areSquares(windows)) {
    const [to, places] = [stage.output(y, count), stage.output(at, count)];
    const [height, width] = windows.map(({ starts }) => starts.length);
    while (stage.next()) kernels.maxPool(stage.count, height, width, from, to, places);
  } else maxByRuns(kernels, stage, from, windows, y, at);
}

/** One dimension after the other, the last first: the maximum of a window is the maximum of its row maxima. */
function alongEach(
  windows: readonly Windows[],
  visit: (w: Windows, before: number, inner: number, plane: number) => void,
) {
  let [inner, plane] = [1, 1];
  for (let d = windows.length - 1; d >= 0; d--) {
    visit(windows[d], sizeOf(windows.slice(0, d)), inner, plane);
    inner *= windows[d].starts.length;
    plane *= windows[d].size;
  }
}

function maxByLoops(x: NumberArray, planes: number, windows: readonly Windows[], y: NumberArray, at: Int32Array): void {
  let [from, places]: [NumberArray, Int32Array | null] = [x, null];
  alongEach(windows, (w, before, inner, plane) => {
    const { size, starts } = w;
    const outer = planes * before;
    const isLast = w === windows[0];
    const to = isLast
      ? y
      : (roomFor(y.constructor as typeof Float32Array, outer * starts.length * inner) as NumberArray);
    const found = isLast ? at : new Int32Array(to.length);
    const [input, output] = [size * inner, starts.length * inner];
    const some = Math.ceil(2 ** 14 / output);
    for (let o = 0; o < outer; o += some) {
      const now = Math.min(some, outer - o);
      const own = places?.subarray(o * input) ?? null;
      const [elements, results, at] = [from.subarray(o * input), to.subarray(o * output), found.subarray(o * output)];
      slideMax(y)(w, { x: elements, from: own, outer: now, inner, plane, y: results, at });
      turn(16 * now * output);
    }
    [from, places] = [to, found];
  });
}

function maxByRuns(
  kernels: PoolingExports,
  stage: Stage,
  x: number,
  windows: readonly Windows[],
  y: NumberArray,
  at: Int32Array,
): void {
  const runs: ((count: number) => void)[] = [];
  let [from, found] = [x, 0];
  alongEach(windows, (w, before, inner, plane) => {
    const { size, starts, counts, step } = w;
    const n = starts.length;
    const results = before * n * inner;
    const [input, places] = [from, found];
    const [atStarts, atCounts] = [stage.table(starts), stage.table(counts)];
    const isLast = w === windows[0];
    from = isLast ? stage.output(y, results) : stage.space(results);
    found = isLast ? stage.output(at, results) : stage.space(results);
    const [to, own] = [from, found];
    runs.push((count) =>
      kernels.maxAlong(count * before, inner, size, n, atStarts, atCounts, step, plane, input, places, to, own),
    );
  });
  while (stage.next()) for (const run of runs) run(stage.count);
}

/**
 * The gradient of {@link maxOfWindows}: adds the elements of `dy` to `x` at their positions in the planes; other
 * elements are 0.
 */
export function maxBack(
  dy: NumberArray,
  at: NumberArray,
  planes: number,
  windows: readonly Windows[],
  x: NumberArray,
): void {
  const [size, count] = [sizeOf(windows), countOf(windows)];
  const kernels = areSquares(windows) ? family.suited(x, planes * size, size) : null;
  if (kernels === null) {
    x.fill(0);
    inTurns(planes, size + count, (i, end) => {
      const [gradients, places] = [dy.subarray(i * count), (at as Int32Array).subarray(i * count)];
      spread(x)(gradients, places, end - i, size, count, x.subarray(i * size));
    });
    return;
  }
  const stage = new Stage(planes, size, chunk);
  const [to, from, places] = [stage.output(x), stage.input(dy, count), stage.input(at, count)];
  const [height, width] = windows.map(({ starts }) => starts.length);
  while (stage.next()) kernels.maxPoolBack(stage.count, height, width, to, from, places);
}

const spread = monomorphic(
  (dy: NumberArray, at: Int32Array, planes: number, size: number, count: number, x: NumberArray) => {
    for (let i = 0, q = 0; i < planes; i++) for (let k = 0; k < count; k++, q++) x[i * size + at[q]] += dy[q];
  },
);
