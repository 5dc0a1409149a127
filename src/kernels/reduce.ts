import { turn, until } from '../turn';
import type { Operand } from './elementwise';
import { extremeOf, isCompared } from './extremes';
import { collapseAlong, forEachRow, type NumberArray } from './strides';
import { addColumns, addRows, isSummed, leastInRow, sumOf, widest } from './sums';

/** Elements from which a run is stopped in the middle: a question costs as much as some elements. */
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
  const { data } = x;
  // Whatever the order of the dimensions is, memory is read from one end to the other.
  const plan = collapseAlong(shape, [x.stride, toStride]);
  plan.strides.reverse();
  const inner = plan.shape.length - 1;
  const n = plan.shape[inner];
  const [t, s] = plan.strides.map((stride) => stride[inner]);
  const isVectors = s === 1 && isSummed(data, n);
  const [rows, step, toStep] =
    inner > 0 ? [plan.shape[inner - 1], plan.strides[1][inner - 1], plan.strides[0][inner - 1]] : [1, 0, 0];
  const areColumns = t === 1 && toStep === 0 && n <= widest && isSummed(data, step === n ? rows * n : n);
  const areRows = t === 0 && step === n && n >= leastInRow && isSummed(data, rows * n);
  if (inner > 0 && s === 1 && (areColumns || areRows)) {
    // All rows of a matrix at once.
    const [sizes, strides] = [plan.shape.slice(0, -2), plan.strides.map((stride) => stride.slice(0, -2))];
    forEachRow(
      [...sizes, 1],
      [
        [...strides[0], 0],
        [...strides[1], 0],
      ],
      [0, x.offset],
      ([to, from]) => {
        if (areRows) addRows(data, from, rows, n, totals, to, toStep);
        else addColumns(data, from, rows, step, n, totals, to);
        turn(1);
      },
    );
    return;
  }
  forEachRow(plan.shape, plan.strides, [0, x.offset], ([to, from]) => {
    if (t === 0 && isVectors) totals[to] += sumOf(data, from, n);
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
  });
}

/** The total of `n` neighbours, added up in float64, as {@link accumulate} does. */
export function total(data: NumberArray, from: number, n: number): number {
  if (isSummed(data, n)) return sumOf(data, from, n);
  let sum = 0;
  for (let i = from; i < from + n; ) for (const end = until(i, from + n); i < end; i++) sum += data[i];
  return sum;
}

/**
 * Position of the largest (or, with `sign` -1, the smallest) of `length` elements that lie `step` apart. The first of
 * equals wins; a NaN beats every number, as in PyTorch.
 */
export function argExtreme(data: NumberArray, offset: number, step: number, length: number, sign: 1 | -1): number {
  if (step === 1 && isCompared(data, length)) return extremeOf(data, offset, length, sign);
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

/** Product of `n` neighbours; 1 of nothing. */
export function product(data: NumberArray, offset: number, n: number): number {
  let y = 1;
  for (let i = offset; i < offset + n; i++) y *= data[i];
  return y;
}

/** {@link product} of bytes, of which the last 8 bits count. */
export function productOfBytes(data: NumberArray, offset: number, n: number): number {
  let y = 1;
  for (let i = offset; i < offset + n; i++) y = (y * data[i]) & 255;
  return y;
}

/** `Σ (x - mean)²` of `n` neighbours, in two passes: squares of large numbers would cancel each other's digits. */
export function squaredDeviations(data: NumberArray, offset: number, n: number): number {
  let mean = 0;
  for (let i = offset; i < offset + n; i++) mean += data[i];
  mean /= n;
  let squares = 0;
  // What rounding left in the mean.
  let rest = 0;
  for (let i = offset; i < offset + n; i++) {
    const d = data[i] - mean;
    squares += d * d;
    rest += d;
  }
  return squares - (rest * rest) / n;
}

/** The mean of `n` neighbours, brought up to date with each of them, as Welford's algorithm does; NaN of nothing. */
export function updatedMean(data: NumberArray, offset: number, n: number): number {
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (data[offset + i] - mean) / (i + 1);
  return n === 0 ? Number.NaN : mean;
}

/** `ln Σ e^x` of `n` neighbours, from the largest on, so that nothing overflows; `-∞` of nothing. */
export function logSumExp(data: NumberArray, offset: number, n: number): number {
  if (n === 0) return Number.NEGATIVE_INFINITY;
  const largest = data[offset + argExtreme(data, offset, 1, n, 1)];
  // An infinite largest would be subtracted from itself.
  const base = Math.abs(largest) === Number.POSITIVE_INFINITY ? 0 : largest;
  const last = offset + n;
  let total = 0;
  for (let i = offset; i < last; ) for (const end = until(i, last, 8); i < end; i++) total += Math.exp(data[i] - base);
  return base + Math.log(total);
}

/** `(Σ |x|^p)^(1/p)` of `n` neighbours; their number other than 0 for `p = 0`, the extremes of `|x|` for `p = ±∞`. */
export function vectorNorm(data: NumberArray, offset: number, n: number, p: number): number {
  const end = offset + n;
  let y = 0;
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
    // These hand on a NaN.
    for (let i = offset; i < end; i++) y = p > 0 ? Math.max(y, Math.abs(data[i])) : Math.min(y, Math.abs(data[i]));
    return y;
  }
  for (let i = offset; i < end; i++) {
    y += Math.abs(data[i]) ** p;
    if ((i & 0xffff) === 0xffff) turn(2 ** 19);
  }
  return y ** (1 / p);
}
