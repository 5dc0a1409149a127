import { inTurns, turn } from '../turn';
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

const family = new Family<PoolingExports>(poolingModule);
/** Elements that are copied at a time, if a plane has less. */
const chunk = 2 ** 15;
/** A larger plane would occupy too much of WebAssembly's memory. */
const largest = 2 ** 21;
/** Elements from which the copies are worth their while. */
const worthwhile = 64;

function kernelsFor(x: NumberArray, planes: number, size: number): PoolingExports | null {
  const isSuited = x instanceof Float32Array && planes * size >= worthwhile && size <= largest;
  return isSuited ? family.kernels : null;
}

/** Whether windows are pairs of neighbours that follow one another without a rest. */
const arePairs = ({ size, starts, counts, step }: Windows) =>
  size === 2 * starts.length && step === 1 && starts.every((start, i) => start === 2 * i && counts[i] === 2);

/** Whether windows are of 2 × 2, do not overlap, and are enough for the kernel of these. */
const areSquares = (windows: readonly Windows[]) =>
  windows.length === 2 && windows[1].starts.length >= 4 && windows.every(arePairs);

const sizeOf = (windows: readonly Windows[]) => windows.reduce((n, { size }) => n * size, 1);
const countOf = (windows: readonly Windows[]) => windows.reduce((n, { starts }) => n * starts.length, 1);

/**
 * Largest element of every window in `planes` planes, of as many dimensions as there are windows: `y` gets the elements,
 * `at` their places in their planes.
 */
export function maxOfWindows(
  x: NumberArray,
  xo: number,
  planes: number,
  windows: readonly Windows[],
  y: NumberArray,
  at: Int32Array,
): void {
  const size = sizeOf(windows);
  const kernels = kernelsFor(x, planes, size);
  if (kernels === null) maxByLoops(x, xo, planes, windows, y, at);
  else if (areSquares(windows)) maxOfSquares(kernels, x, xo, planes, windows, y, at);
  else maxByRuns(kernels, x, xo, planes, windows, y, at);
}

/** One dimension after the other, the last first: the largest of a window is the largest of its rows' largest. */
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

function maxByLoops(
  x: NumberArray,
  xo: number,
  planes: number,
  windows: readonly Windows[],
  y: NumberArray,
  at: Int32Array,
): void {
  let [from, offset, places]: [NumberArray, number, Int32Array | null] = [x, xo, null];
  alongEach(windows, (w, before, inner, plane) => {
    const { size, starts, counts, step } = w;
    const outer = planes * before;
    const isLast = w === windows[0];
    const to = isLast ? y : new (y.constructor as new (n: number) => NumberArray)(outer * starts.length * inner);
    const found = isLast ? at : new Int32Array(to.length);
    const [input, output] = [size * inner, starts.length * inner];
    const some = Math.ceil(2 ** 14 / output);
    for (let o = 0; o < outer; o += some) {
      const [now, start] = [Math.min(some, outer - o), offset + o * input];
      const own = places?.subarray(o * input) ?? null;
      const [results, at] = [to.subarray(o * output), found.subarray(o * output)];
      slideMax(y)(from, start, own, now, inner, size, starts, counts, step, plane, results, at);
      turn(16 * now * output);
    }
    [from, offset, places] = [to, 0, found];
  });
}

function maxByRuns(
  kernels: PoolingExports,
  x: NumberArray,
  xo: number,
  planes: number,
  windows: readonly Windows[],
  y: NumberArray,
  at: Int32Array,
): void {
  const [size, count] = [sizeOf(windows), countOf(windows)];
  const some = Math.min(planes, Math.max(1, Math.floor(chunk / size)));
  let end = reservedBytes;
  const take = (elements: number) => {
    const address = end;
    end += padded(4 * elements);
    return address;
  };
  const atX = take(some * size);
  const runs: { w: Windows; before: number; inner: number; plane: number; addresses: number[] }[] = [];
  alongEach(windows, (w, before, inner, plane) => {
    const n = w.starts.length;
    const results = some * before * n * inner;
    runs.push({ w, before, inner, plane, addresses: [n, n, results, results].map(take) });
  });
  scratch.reserve(end);
  const { f32, i32 } = scratch;
  for (const { w, addresses } of runs) {
    i32.set(w.starts, addresses[0] / 4);
    i32.set(w.counts, addresses[1] / 4);
  }
  for (let i = 0; i < planes; i += some) {
    const now = Math.min(some, planes - i);
    f32.set(x.subarray(xo + i * size, xo + (i + now) * size), atX / 4);
    let [from, found] = [atX, 0];
    for (const { w, before, inner, plane, addresses } of runs) {
      const [starts, counts, to, places] = addresses;
      const n = w.starts.length;
      kernels.maxAlong(now * before, inner, w.size, n, starts, counts, w.step, plane, from, found, to, places);
      [from, found] = [to, places];
    }
    y.set(f32.subarray(from / 4, from / 4 + now * count), i * count);
    at.set(i32.subarray(found / 4, found / 4 + now * count), i * count);
    turn(now * size);
  }
}

/** Where {@link maxOfSquares} and {@link backToSquares} have some planes, the results and the places, and how many. */
function roomForSquares(planes: number, windows: readonly Windows[]) {
  const [size, count] = [sizeOf(windows), countOf(windows)];
  const some = Math.min(planes, Math.max(1, Math.floor(chunk / size)));
  const small = reservedBytes + padded(4 * some * size);
  const places = small + padded(4 * some * count);
  scratch.reserve(places + padded(4 * some * count));
  return { size, count, some, large: reservedBytes, small, places };
}

function maxOfSquares(
  kernels: PoolingExports,
  x: NumberArray,
  xo: number,
  planes: number,
  windows: readonly Windows[],
  y: NumberArray,
  at: Int32Array,
): void {
  const { size, count, some, large, small, places } = roomForSquares(planes, windows);
  const { f32, i32 } = scratch;
  for (let i = 0; i < planes; i += some) {
    const now = Math.min(some, planes - i);
    f32.set(x.subarray(xo + i * size, xo + (i + now) * size), large / 4);
    kernels.maxPool(now, windows[0].starts.length, windows[1].starts.length, large, small, places);
    y.set(f32.subarray(small / 4, small / 4 + now * count), i * count);
    at.set(i32.subarray(places / 4, places / 4 + now * count), i * count);
    turn(now * size);
  }
}

/**
 * The gradient of {@link maxOfWindows}: `x` gets the elements of `dy` at the places of their planes, added up where places
 * coincide, and 0 elsewhere.
 */
export function maxBack(
  dy: NumberArray,
  dyo: number,
  at: NumberArray,
  ato: number,
  planes: number,
  windows: readonly Windows[],
  x: NumberArray,
): void {
  const kernels = areSquares(windows) ? kernelsFor(x, planes, sizeOf(windows)) : null;
  if (kernels === null) {
    x.fill(0);
    const [size, count] = [sizeOf(windows), countOf(windows)];
    inTurns(planes, size + count, (i, end) =>
      spread(x)(
        ...([dy, dyo + i * count, at as Int32Array, ato + i * count, end - i, size, count] as const),
        x.subarray(i * size),
      ),
    );
    return;
  }
  const { size, count, some, large, small, places } = roomForSquares(planes, windows);
  const { f32, i32 } = scratch;
  for (let i = 0; i < planes; i += some) {
    const now = Math.min(some, planes - i);
    f32.set(dy.subarray(dyo + i * count, dyo + (i + now) * count), small / 4);
    i32.set(at.subarray(ato + i * count, ato + (i + now) * count), places / 4);
    kernels.maxPoolBack(now, windows[0].starts.length, windows[1].starts.length, large, small, places);
    x.set(f32.subarray(large / 4, large / 4 + now * size), i * size);
    turn(now * size);
  }
}

const spread = monomorphic(
  (
    dy: NumberArray,
    dyo: number,
    at: Int32Array,
    ato: number,
    planes: number,
    size: number,
    count: number,
    x: NumberArray,
  ) => {
    for (let i = 0, q = 0; i < planes; i++)
      for (let k = 0; k < count; k++, q++) x[i * size + at[ato + q]] += dy[dyo + q];
  },
);
