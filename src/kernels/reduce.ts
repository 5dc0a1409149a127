import { turn, until } from '../cancellation';
import type { Operand } from './elementwise';
import { copied, Stage } from './staging';
import { collapseAlong, type NumberArray, Odometer, part } from './strides';
import { type ExtremesExports, extremesModule } from './wasm/extremes';
import { Family, reservedBytes, scratch } from './wasm/runtime';
import { mostRows, type SumsExports, sumsModule } from './wasm/sums';

const sums = new Family<SumsExports>(sumsModule, { worthwhile: 64 });
const extremes = new Family<ExtremesExports>(extremesModule, { worthwhile: 64 });

/** Elements copied at a time: they fit in the first-level cache. */
const chunk = { sums: 2048, extremes: 8192 };
/** Minimum row length for which several rows are summed together. */
const leastInRow = 8;
/** With more columns, the totals would occupy too much of WebAssembly's memory. */
const widest = 2 ** 18;

/** Elements from which a loop polls for a cancellation: a poll costs as much as several elements. */
const long = 2 ** 12;

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
  const { memory: data } = x;
  // Memory is read from one end to the other, whatever the order of the dimensions.
  const plan = collapseAlong(shape, [x.steps, toStride]);
  plan.strides.reverse();
  const inner = plan.shape.length - 1;
  const n = plan.shape[inner];
  const [t, s] = plan.strides.map((stride) => stride[inner]);
  const kernels = s === 1 ? sums.suited(data, n) : null;
  const [rows, step, toStep] =
    inner > 0 ? [plan.shape[inner - 1], plan.strides[1][inner - 1], plan.strides[0][inner - 1]] : [1, 0, 0];
  const areColumns = t === 1 && toStep === 0 && n <= widest;
  const areRows = t === 0 && step === n && n >= leastInRow;
  const together =
    inner > 0 && s === 1 && (areColumns || areRows) ? sums.suited(data, step === n ? rows * n : n) : null;
  if (together !== null) {
    // All rows of a matrix at once.
    for (const walk = new Odometer(plan.shape, plan.strides, [0, x.offset], 2); walk.goes; walk.next()) {
      const [to, from] = walk.at;
      const x = part(data, from, (rows - 1) * step + n);
      if (areRows) addRows(together, x, rows, n, totals, to, toStep);
      else addColumns(together, x, rows, n, step, totals, to);
      turn(1);
    }
    return;
  }
  for (const walk = new Odometer(plan.shape, plan.strides, [0, x.offset], 1); walk.goes; walk.next()) {
    const [to, from] = walk.at;
    if (t === 0 && kernels !== null) totals[to] += sumOf(kernels.rows, part(data, from, n));
    else if (t === 0 && s === 1 && data instanceof Int32Array) totals[to] += sumOfIntegers(data, from, n);
    else if (t === 0) {
      let total = 0;
      for (let i = 0, p = from; i < n; )
        for (const end = n < long ? n : until(i, n); i < end; i++, p += s) total += data[p];
      totals[to] += total;
    } else {
      for (let i = 0, p = from, q = to; i < n; )
        for (const end = n < long ? n : until(i, n); i < end; i++, p += s, q += t) totals[q] += data[p];
    }
    if (n < long) turn(n);
  }
}

/** Four sums at a time, so that none waits for another. Sums of integers are exact up to 2⁵³ in any order. */
function sumOfIntegers(x: Int32Array, from: number, n: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = from;
  for (const last = from + n - 3; i < last; )
    for (const end = until(i, last); i < end; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
  for (; i < from + n; i++) a += x[i];
  return a + b + (c + d);
}

/** The sum that a kernel computes of all elements. */
function sumOf(kernel: SumsExports['rows'], x: NumberArray): number {
  if (x.length <= chunk.sums) {
    kernel(1, x.length, reservedBytes, copied(x as Float32Array));
    return scratch.f64[reservedBytes / 8];
  }
  const stage = new Stage(x.length, 1, chunk.sums);
  const [at, from] = [stage.take(8), stage.input(x)];
  let total = 0;
  while (stage.next()) {
    kernel(1, stage.count, at, from);
    total += scratch.f64[at / 8];
  }
  return total;
}

/** Adds the sums of `rows` rows of `n` elements to totals that are `toStep` apart. */
function addRows(
  kernels: SumsExports,
  x: NumberArray,
  rows: number,
  n: number,
  totals: Float64Array,
  to: number,
  toStep: number,
): void {
  const stage = new Stage(rows, n, chunk.sums);
  if (stage.some === 1) {
    for (let i = 0; i < rows; i++) totals[to + i * toStep] += sumOf(kernels.rows, part(x, i * n, n));
    return;
  }
  const [at, from] = [stage.space(2), stage.input(x)];
  while (stage.next()) {
    const { count, first } = stage;
    kernels.rows(count, n, at, from);
    const { f64 } = scratch;
    for (let r = 0, p = at / 8, q = to + first * toStep; r < count; r++, q += toStep) totals[q] += f64[p + r];
  }
}

/** Adds `rows` rows of `n` elements, at most {@link widest}, that are `step` apart to `totals`. */
function addColumns(
  kernels: SumsExports,
  x: NumberArray,
  rows: number,
  n: number,
  step: number,
  totals: Float64Array,
  to: number,
): void {
  const stage = new Stage(rows, n, mostRows * n);
  const [at, from] = [stage.take(8 * n), stage.input(x, n, 0, step)];
  while (stage.next()) {
    if (stage.first === 0) scratch.f64.fill(0, at / 8, at / 8 + n);
    kernels.columns(stage.count, n, at, from);
  }
  const { f64 } = scratch;
  for (let j = 0, p = at / 8; j < n; j++) totals[to + j] += f64[p + j];
}

/** The sum of `n` adjacent elements in float64, as in {@link accumulate}. */
export function total(data: NumberArray, from: number, n: number): number {
  const kernels = sums.suited(data, n);
  if (kernels !== null) return sumOf(kernels.rows, part(data, from, n));
  let sum = 0;
  for (let i = from; i < from + n; ) for (const end = until(i, from + n); i < end; i++) sum += data[i];
  return sum;
}

/**
 * Returns the position of the largest (or, with `sign` -1, the smallest) of `length` elements that are `step` apart.
 * The first of equals wins; NaN beats every number, as in PyTorch.
 */
export function argExtreme(data: NumberArray, offset: number, step: number, length: number, sign: 1 | -1): number {
  const kernels = step === 1 ? extremes.suited(data, length) : null;
  return kernels === null
    ? extremeByLoop(data, offset, step, length, sign)
    : extremeOf(kernels, part(data, offset, length), sign);
}

function extremeOf({ largest, smallest }: ExtremesExports, x: NumberArray, sign: 1 | -1): number {
  const kernel = sign === 1 ? largest : smallest;
  if (x.length <= chunk.extremes) return kernel(x.length, copied(x as Float32Array));
  const stage = new Stage(x.length, 1, chunk.extremes);
  const from = stage.input(x);
  let best = 0;
  while (!Number.isNaN(x[best]) && stage.next()) {
    const { count, first } = stage;
    // The kernels need four elements.
    const at = first + (count < 4 ? extremeByLoop(x, first, 1, count, sign) : kernel(count, from));
    if (sign * x[at] > sign * x[best] || Number.isNaN(x[at])) best = at;
  }
  return best;
}

function extremeByLoop(data: NumberArray, offset: number, step: number, length: number, sign: 1 | -1): number {
  let best = 0;
  let value = sign * data[offset];
  for (let i = 1; i < length; )
    for (const end = length < long ? length : until(i, length); i < end; i++) {
      if (Number.isNaN(value)) return best;
      const candidate = sign * data[offset + i * step];
      if (candidate > value || Number.isNaN(candidate)) {
        best = i;
        value = candidate;
      }
    }
  return best;
}

/** Returns the product of `n` neighbours; 1 for none. */
export function product(data: NumberArray, offset: number, n: number): number {
  let y = 1;
  for (let i = offset; i < offset + n; i++) y *= data[i];
  return y;
}

/** {@link product} of bytes; only the last 8 bits count. */
export function productOfBytes(data: NumberArray, offset: number, n: number): number {
  let y = 1;
  for (let i = offset; i < offset + n; i++) y = (y * data[i]) & 255;
  return y;
}

/** `Σ (x - mean)²` of `n` adjacent elements, in two passes: subtracting sums of squares would cancel their digits. */
export function squaredDeviations(data: NumberArray, offset: number, n: number): number {
  let mean = 0;
  for (let i = offset; i < offset + n; i++) mean += data[i];
  mean /= n;
  let squares = 0;
  // Corrects the rounding error of the mean.
  let rest = 0;
  for (let i = offset; i < offset + n; i++) {
    const d = data[i] - mean;
    squares += d * d;
    rest += d;
  }
  return squares - (rest * rest) / n;
}

/** Returns the mean of `n` neighbours, updated element by element by Welford's algorithm; NaN for none. */
export function updatedMean(data: NumberArray, offset: number, n: number): number {
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (data[offset + i] - mean) / (i + 1);
  return n === 0 ? Number.NaN : mean;
}

/**
 * `Σ e^(x - base) - 1` of `n` neighbours. One power of 1 is excluded from the sum, as that of the largest element:
 * small terms keep their digits, for `log1p`.
 */
export function powerSum(data: NumberArray, offset: number, n: number, base: number): number {
  const last = offset + n;
  let [sum, ones] = [0, -1];
  for (let i = offset; i < last; )
    for (const end = until(i, last, 8); i < end; i++) {
      const exponent = data[i] - base;
      if (exponent === 0) ones++;
      else sum += Math.exp(exponent);
    }
  return sum + ones;
}

/** Returns `ln Σ e^x` of `n` neighbours, relative to the largest, so that it does not overflow; `-∞` for none. */
export function logSumExp(data: NumberArray, offset: number, n: number): number {
  if (n === 0) return Number.NEGATIVE_INFINITY;
  const largest = data[offset + argExtreme(data, offset, 1, n, 1)];
  // With an infinite maximum the difference would be NaN.
  const base = Math.abs(largest) === Number.POSITIVE_INFINITY ? 0 : largest;
  return base + Math.log1p(powerSum(data, offset, n, base));
}

/**
 * `(Σ |x|^p)^(1/p)` of `n` adjacent elements; for `p = 0` the number of nonzero elements, for `p = ±∞` the extremes of
 * `|x|`.
 */
export function vectorNorm(data: NumberArray, offset: number, n: number, p: number): number {
  const end = offset + n;
  let y = 0;
  const kernels = p === 1 || p === 2 ? sums.suited(data, n) : null;
  if (kernels !== null) {
    const x = part(data, offset, n);
    return p === 1 ? sumOf(kernels.magnitudes, x) : Math.sqrt(sumOf(kernels.squares, x));
  }
  if (p === 2) {
    for (let i = offset; i < end; i++) y += data[i] * data[i];
    return Math.sqrt(y);
  }
  if (p === 1) {
    for (let i = offset; i < end; i++) y += Math.abs(data[i]);
    return y;
  }
  if (p === 0) {
    for (let i = offset; i < end; i++) if (data[i] !== 0) y++;
    return y;
  }
  if (Math.abs(p) === Number.POSITIVE_INFINITY) {
    y = p > 0 ? 0 : Number.POSITIVE_INFINITY;
    // `Math.max` and `Math.min` propagate NaN.
    for (let i = offset; i < end; i++) y = p > 0 ? Math.max(y, Math.abs(data[i])) : Math.min(y, Math.abs(data[i]));
    return y;
  }
  for (let i = offset; i < end; i++) {
    y += Math.abs(data[i]) ** p;
    if ((i & 0xffff) === 0xffff) turn(2 ** 19);
  }
  return y ** (1 / p);
}
