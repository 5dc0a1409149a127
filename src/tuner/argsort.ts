/** The order of equal numbers: as NumPy's vectorised sort or its portable one leaves them. */
export type NumpySort = 'vector' | 'portable';

/**
 * Sorts indices as NumPy's `argsort` does: the order of equal numbers changes what TPE suggests.
 * @internal
 */
export function argsort(values: readonly number[], sort: NumpySort): number[] {
  const order = values.map((_, i) => i);
  if (sort === 'portable') sortByParts(values, order);
  else if (!values.every((value, i) => i === 0 || values[i - 1]! <= value))
    sortByVectors(values, order, 0, values.length, 2 * Math.floor(Math.log2(values.length)));
  return order;
}

/** Ranges up to this length are sorted by insertion. */
const SHORT = 16;

/** NumPy's portable sort: quicksort by the median of three, insertion for short ranges. */
function sortByParts(values: readonly number[], order: number[]): void {
  const less = (i: number, j: number) => values[order[i]!]! < values[order[j]!]!;
  const swap = (i: number, j: number) => {
    [order[i], order[j]] = [order[j]!, order[i]!];
  };
  const ranges: [number, number][] = [[0, values.length - 1]];
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const [first, last] = range;
    if (last - first + 1 <= SHORT) {
      for (let i = first + 1; i <= last; i++) for (let j = i; j > first && less(j, j - 1); j--) swap(j, j - 1);
      continue;
    }
    const middle = (first + last) >> 1;
    if (less(middle, first)) swap(middle, first);
    if (less(last, middle)) swap(last, middle);
    if (less(middle, first)) swap(middle, first);
    // The median is stored next to the end until both sides are partitioned.
    const pivot = last - 1;
    swap(middle, pivot);
    let low = first;
    let high = pivot;
    for (;;) {
      do low++;
      while (less(low, pivot));
      do high--;
      while (less(pivot, high));
      if (low >= high) break;
      swap(low, high);
    }
    swap(low, pivot);
    ranges.push([first, low - 1], [low + 1, last]);
  }
}

/**
 * Ranges up to this length are sorted by a sorting network on any processor; longer ones are partitioned first, by
 * vectors of four.
 */
const NETWORK = 256;
const LANES = 4;

/**
 * NumPy's sort on x86-64 processors with AVX2 (x86-simd-sort): vectorised quicksort, and a bitonic network for short
 * ranges.
 */
function sortByVectors(values: readonly number[], order: number[], first: number, end: number, depth: number): void {
  const n = end - first;
  if (n <= NETWORK && depth > 0) {
    sortByNetwork(values, order, first, end);
    return;
  }
  // The pivot was repeatedly the least number: falls back to another sort.
  if (depth === 0) {
    sortAsLibrary(values, order, first, end);
    return;
  }
  const at = (i: number) => values[order[i]!]!;
  const share = Math.floor((n - 1) / LANES);
  const pivot = Array.from({ length: LANES }, (_, i) => at(first + (i + 1) * share)).sort((a, b) => a - b)[LANES / 2]!;
  const range = order.slice(first, end).map((i) => values[i]!);
  const middle = part(values, order, first, end, pivot);
  if (range.some((value) => value < pivot)) sortByVectors(values, order, first, middle, depth - 1);
  if (range.some((value) => value > pivot)) sortByVectors(values, order, middle, end, depth - 1);
}

/**
 * Compare-exchange at fixed positions, only for numbers in the wrong order; positions beyond the end count as infinite.
 */
function sortByNetwork(values: readonly number[], order: number[], first: number, end: number): void {
  const n = end - first;
  const exchange = (i: number, j: number) => {
    if (j >= n) return;
    const [a, b] = [order[first + i]!, order[first + j]!];
    if (values[b]! < values[a]!) [order[first + i], order[first + j]] = [b, a];
  };
  for (let size = 2; size < 2 * n; size *= 2) {
    for (let block = 0; block < n; block += size)
      for (let i = 0; i < size / 2; i++) exchange(block + i, block + size - 1 - i);
    for (let half = size / 4; half >= 1; half /= 2)
      for (let i = 0; i < n; i++) if ((i & half) === 0) exchange(i, i + half);
  }
}

/** Partitions by the pivot, vector by vector from both ends. Returns the start of the upper part. */
function part(values: readonly number[], order: number[], first: number, end: number, pivot: number): number {
  let [left, right] = [first, end];
  const step = LANES * (right - left > 32 * LANES ? 4 : 1);
  // The remainder of a step is partitioned one by one.
  for (let i = (right - left) % step; i > 0; i--)
    if (values[order[left]!]! < pivot) left++;
    else {
      right--;
      [order[left], order[right]] = [order[right]!, order[left]!];
    }
  let [low, high] = [left, right];
  const store = (block: readonly number[]) => {
    for (let i = 0; i < block.length; i += LANES) {
      const vector = block.slice(i, i + LANES);
      // In reverse order, as in the processor's permutation table.
      const above = vector.filter((k) => values[k]! >= pivot).reverse();
      for (const k of vector) if (values[k]! < pivot) order[low++] = k;
      high -= above.length;
      for (const [j, k] of above.entries()) order[high + j] = k;
    }
  };
  if (right - left === step) {
    store(order.slice(left, right));
    return low;
  }
  // The outermost blocks are saved, so that both sides have space.
  const outer = [order.slice(left, left + step), order.slice(right - step, right)];
  left += step;
  right -= step;
  while (left < right) {
    // Reads from the side with less space.
    if (high - right < left - low) {
      right -= step;
      store(order.slice(right, right + step));
    } else {
      left += step;
      store(order.slice(left - step, left));
    }
  }
  for (const block of outer) store(block);
  return low;
}

/** C++'s `std::sort` of GCC's library: quicksort by the median of three, and insertion at the end. */
function sortAsLibrary(values: readonly number[], order: number[], first: number, end: number): void {
  const less = (i: number, j: number) => values[order[i]!]! < values[order[j]!]!;
  const swap = (i: number, j: number) => {
    [order[i], order[j]] = [order[j]!, order[i]!];
  };
  const ranges: [number, number][] = [[first, end]];
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const [from, to] = range;
    if (to - from <= SHORT) continue;
    const [a, b, c] = [from + 1, from + Math.floor((to - from) / 2), to - 1];
    const median = less(a, b) ? (less(b, c) ? b : less(a, c) ? c : a) : less(a, c) ? a : less(b, c) ? c : b;
    swap(from, median);
    let [left, right] = [from + 1, to];
    for (;;) {
      while (less(left, from)) left++;
      do right--;
      while (less(from, right));
      if (left >= right) break;
      swap(left, right);
      left++;
    }
    ranges.push([from, left], [left, to]);
  }
  for (let i = first + 1; i < end; i++) for (let j = i; j > first && less(j, j - 1); j--) swap(j, j - 1);
}
