// Sorted orders of adjacent elements, by radix sort and selection on integer keys with the same order. NaN counts as
// larger than every number, -0 as 0, and equals keep their order.

import { until } from '../cancellation';
import { monomorphic } from './monomorphic';
import type { NumberArray } from './strides';

/** Buffers for keys and positions during a sort. */
class Desk {
  keys: Int32Array;
  otherKeys: Int32Array;
  at: Uint32Array;
  otherAt: Uint32Array;

  constructor(readonly size: number) {
    this.keys = new Int32Array(size);
    this.otherKeys = new Int32Array(size);
    this.at = new Uint32Array(size);
    this.otherAt = new Uint32Array(size);
  }

  turnAround(): void {
    [this.keys, this.otherKeys] = [this.otherKeys, this.keys];
    [this.at, this.otherAt] = [this.otherAt, this.at];
  }
}

/** Buffers up to this size are reused. */
const largestKept = 2 ** 16;
let kept = new Desk(0);

function deskFor(n: number): Desk {
  if (n > largestKept) return new Desk(n);
  if (kept.size < n) kept = new Desk(Math.min(largestKept, Math.max(64, 2 * n)));
  return kept;
}

/** The key of 0: keys are unsigned numbers with the sign bit flipped, so 0 is 2³¹. */
const zero = 0x80000000 | 0;

/** Writes the key of each of `n` adjacent elements. `flip` reverses their order, or is the key of 0. */
function writeKeys(keys: Int32Array, data: NumberArray, offset: number, n: number, flip: number): void {
  if (!(data instanceof Float32Array)) {
    for (let i = 0; i < n; ) for (const end = until(i, n); i < end; i++) keys[i] = data[offset + i] ^ flip;
    return;
  }
  const bits = new Int32Array(data.buffer, data.byteOffset + 4 * offset, n);
  for (let i = 0; i < n; )
    for (const end = until(i, n); i < end; i++) {
      const b = bits[i];
      // Negative numbers are ordered in reverse; -0 counts as 0, and every NaN as the largest.
      const ordered = (b & 0x7fffffff) > 0x7f800000 ? 0x7fffffff : b === zero ? 0 : b ^ ((b >> 31) & 0x7fffffff);
      keys[i] = ordered ^ flip;
    }
}

const flipOf = (descending: boolean) => (descending ? ~zero : zero);

/** Digits of a radix sort: their bits, and the counts of each. */
const digits = {
  few: { bits: 8, counts: new Int32Array(4 << 8) },
  many: { bits: 11, counts: new Int32Array(3 << 11) },
};

function countFew(keys: Int32Array, from: number, to: number, counts: Int32Array): void {
  for (let i = from; i < to; i++) {
    const key = keys[i];
    counts[key & 255]++;
    counts[256 + ((key >>> 8) & 255)]++;
    counts[512 + ((key >>> 16) & 255)]++;
    counts[768 + (key >>> 24)]++;
  }
}

function countMany(keys: Int32Array, from: number, to: number, counts: Int32Array): void {
  for (let i = from; i < to; i++) {
    const key = keys[i];
    counts[key & 2047]++;
    counts[2048 + ((key >>> 11) & 2047)]++;
    counts[4096 + (key >>> 22)]++;
  }
}

/** Sorts the first `n` keys of a desk, and the positions beside them, digit by digit from the lowest. */
function sortKeys(desk: Desk, n: number): void {
  const { bits, counts } = n < 2 ** 14 ? digits.few : digits.many;
  const mask = (1 << bits) - 1;
  counts.fill(0);
  for (let i = 0; i < n; ) {
    const from = i;
    i = until(i, n, 2);
    if (bits === 8) countFew(desk.keys, from, i, counts);
    else countMany(desk.keys, from, i, counts);
  }
  for (let shift = 0, start = 0; shift < 32; shift += bits, start += mask + 1) {
    // A digit that is the same for all needs no pass.
    if (counts[start + ((desk.keys[0] >>> shift) & mask)] === n) continue;
    for (let d = start, sum = 0; d <= start + mask; d++) {
      const count = counts[d];
      counts[d] = sum;
      sum += count;
    }
    moveByDigit(desk, n, counts, start, shift, mask);
    desk.turnAround();
  }
}

function moveByDigit(
  { keys, otherKeys, at, otherAt }: Desk,
  n: number,
  counts: Int32Array,
  start: number,
  shift: number,
  mask: number,
): void {
  for (let i = 0; i < n; )
    for (const end = until(i, n, 2); i < end; i++) {
      const key = keys[i];
      const to = counts[start + ((key >>> shift) & mask)]++;
      otherKeys[to] = key;
      otherAt[to] = at[i];
    }
}

/** Up to this number, elements are sorted by insertion. */
const fewest = 24;

function insertKeys({ keys, at }: Desk, n: number): void {
  for (let i = 1; i < n; i++) {
    const [key, position] = [keys[i], at[i]];
    let j = i;
    for (; j > 0 && keys[j - 1] >>> 0 > key >>> 0; j--) {
      keys[j] = keys[j - 1];
      at[j] = at[j - 1];
    }
    keys[j] = key;
    at[j] = position;
  }
}

function sortDesk(desk: Desk, n: number): Uint32Array {
  if (n <= fewest) insertKeys(desk, n);
  else sortKeys(desk, n);
  return desk.at.subarray(0, n);
}

function wholeNumbersInto(at: Uint32Array, n: number): void {
  for (let i = 0; i < n; ) for (const end = until(i, n); i < end; i++) at[i] = i;
}

/**
 * Positions of `n` adjacent elements in ascending (or descending) order. NaN counts as larger than every number; equals
 * keep their order either way. The array is valid until the next call.
 */
export function sortedPositions(data: NumberArray, offset: number, n: number, descending: boolean): Uint32Array {
  const desk = deskFor(n);
  // An empty array has no position for an empty subarray.
  if (n === 0) return desk.at.subarray(0, 0);
  wholeNumbersInto(desk.at, n);
  if (data instanceof Float64Array) return sortedWide(desk, data, offset, n, descending);
  writeKeys(desk.keys, data, offset, n, flipOf(descending));
  return sortDesk(desk, n);
}

/** The same for float64: sorts by the low words of the keys, then by the high ones. */
function sortedWide(desk: Desk, data: Float64Array, offset: number, n: number, descending: boolean): Uint32Array {
  const bits = new Int32Array(data.buffer, data.byteOffset + 8 * offset, 2 * n);
  const high = new Int32Array(n);
  const flip = flipOf(descending);
  for (let i = 0; i < n; )
    for (const end = until(i, n, 2); i < end; i++) {
      const x = data[offset + i];
      const [l, h] = [bits[2 * i], bits[2 * i + 1]];
      const sign = h >> 31;
      const isUsual = !Number.isNaN(x) && x !== 0;
      high[i] = (isUsual ? h ^ (sign & 0x7fffffff) : x === 0 ? 0 : 0x7fffffff) ^ flip;
      desk.keys[i] = (isUsual ? l ^ sign : 0) ^ (descending ? -1 : 0);
    }
  sortDesk(desk, n);
  const { at, keys } = desk;
  for (let i = 0; i < n; ) for (const end = until(i, n); i < end; i++) keys[i] = high[at[i]];
  return sortDesk(desk, n);
}

/**
 * Returns the key at `k` after sorting the first `n`, and how many equal keys precede it there. Overwrites the buffer's
 * other keys.
 */
function select({ keys, otherKeys }: Desk, n: number, k: number): { key: number; before: number } {
  const { counts } = digits.few;
  let from = keys;
  let left = n;
  let before = k;
  for (let shift = 24; shift >= 0 && left > 1; shift -= 8) {
    counts.fill(0, 0, 256);
    for (let i = 0; i < left; ) for (const end = until(i, left); i < end; i++) counts[(from[i] >>> shift) & 255]++;
    let digit = 0;
    for (; before >= counts[digit]; digit++) before -= counts[digit];
    if (counts[digit] === left) continue;
    let to = 0;
    for (let i = 0; i < left; )
      for (const end = until(i, left); i < end; i++) {
        const key = from[i];
        otherKeys[to] = key;
        to += +(((key >>> shift) & 255) === digit);
      }
    from = otherKeys;
    left = to;
  }
  return { key: from[0], before };
}

/** Returns the position of the element at `k` after sorting `n` neighbours in ascending order; NaN last. */
export function nthPosition(data: NumberArray, offset: number, n: number, k: number): number {
  if (data instanceof Float64Array) return sortedPositions(data, offset, n, false)[k];
  const desk = deskFor(n);
  writeKeys(desk.keys, data, offset, n, zero);
  const { key, before } = select(desk, n, k);
  const { keys } = desk;
  let left = before;
  for (let i = 0; i < n; ) for (const end = until(i, n); i < end; i++) if (keys[i] === key && left-- === 0) return i;
  throw new Error(`there is no element ${k}`);
}

/**
 * Up to `most` elements are kept sorted during one pass over the others, if there are at least `times` as many others.
 */
const fewKept = { most: 256, times: 16 };
/** Steps per element after which another method is used, for example if the elements ascend. */
const patience = 8;

/**
 * Positions of the first `k` of `n` adjacent elements in ascending (or descending) order, as in
 * {@link sortedPositions}. The array is valid until the next call.
 */
export function firstPositions(
  data: NumberArray,
  offset: number,
  n: number,
  k: number,
  descending: boolean,
): Uint32Array {
  if (k <= fewKept.most && (n >= fewKept.times * k || (k <= 8 && n > k))) {
    const { at } = deskFor(k);
    let i = k === 0 ? n : 0;
    for (let steps = 0; i < n && steps <= patience * n; ) {
      const from = i;
      i = until(i, n);
      steps += keeping(data)(data, offset, from, i, at, k, descending);
    }
    if (i === n) return at.subarray(0, k);
  }
  if (4 * k > n || data instanceof Float64Array) return sortedPositions(data, offset, n, descending).subarray(0, k);
  const desk = deskFor(n);
  const { keys, at } = desk;
  writeKeys(keys, data, offset, n, flipOf(descending));
  const { key, before } = select(desk, n, k - 1);
  let equals = before + 1;
  let to = 0;
  for (let i = 0; i < n && to < k; )
    for (const end = until(i, n); i < end; i++) {
      const own = keys[i];
      if (own >>> 0 > key >>> 0 || (own === key && equals-- <= 0)) continue;
      keys[to] = own;
      at[to++] = i;
    }
  return sortDesk(desk, k);
}

/**
 * Continues with the elements `from … to`: `at` has the positions of the first `k` of the earlier elements. Returns the
 * number of moves.
 */
const keeping = monomorphic(
  (
    data: NumberArray,
    offset: number,
    from: number,
    to: number,
    at: Uint32Array,
    k: number,
    descending: boolean,
  ): number => {
    let moved = 0;
    let worst = from >= k ? data[offset + at[k - 1]] : 0;
    for (let i = from; i < to; i++) {
      if (i >= k) {
        // Most elements fail this first comparison.
        if (descending) {
          if (Number.isNaN(worst)) return moved;
          while (i < to && data[offset + i] <= worst) i++;
        } else if (Number.isNaN(worst)) while (i < to && Number.isNaN(data[offset + i])) i++;
        else while (i < to && !(data[offset + i] < worst)) i++;
        if (i === to) return moved;
      }
      const x = data[offset + i];
      const isNan = Number.isNaN(x);
      let j = Math.min(i, k - 1);
      for (; j > 0; j--) {
        const y = data[offset + at[j - 1]];
        if (descending ? y >= x || Number.isNaN(y) : y <= x || isNan) break;
        at[j] = at[j - 1];
        moved++;
      }
      at[j] = i;
      worst = data[offset + at[Math.min(i, k - 1)]];
    }
    return moved;
  },
);

/** Copies elements and their positions: `values[to + i] = data[offset + at[i]]`. */
export function pick(
  values: NumberArray,
  positions: NumberArray,
  to: number,
  data: NumberArray,
  offset: number,
  at: Uint32Array,
): void {
  const n = at.length;
  for (let i = 0; i < n; ) {
    const from = i;
    i = until(i, n);
    picking(data)(values, positions, to, data, offset, at, from, i);
  }
}

const picking = monomorphic(
  (
    values: NumberArray,
    positions: NumberArray,
    to: number,
    data: NumberArray,
    offset: number,
    at: Uint32Array,
    from: number,
    end: number,
  ) => {
    for (let i = from; i < end; i++) {
      positions[to + i] = at[i];
      values[to + i] = data[offset + at[i]];
    }
  },
);

/** Returns the start of each group of equal elements in an order from {@link sortedPositions}; NaN differs from NaN. */
export function startsOfOthers(data: NumberArray, offset: number, order: Uint32Array): Int32Array {
  const n = order.length;
  const starts = new Int32Array(n);
  let count = 0;
  for (let i = 0; i < n; ) {
    const from = i;
    i = until(i, n, 4);
    count = findingOthers(data)(data, offset, order, from, i, starts, count);
  }
  return starts.slice(0, count);
}

const findingOthers = monomorphic(
  (
    data: NumberArray,
    offset: number,
    order: Uint32Array,
    from: number,
    to: number,
    starts: Int32Array,
    known: number,
  ): number => {
    let count = known;
    for (let i = from; i < to; i++)
      if (i === 0 || data[offset + order[i]] !== data[offset + order[i - 1]]) starts[count++] = i;
    return count;
  },
);
