/** Ranges up to this length are sorted by insertion. */
const SHORT = 16;

/**
 * The order of numbers as NumPy's `argsort` gives it where its sort is the portable one (quicksort by the median of three, insertion for
 * short ranges): which of equal numbers comes first decides what TPE suggests.
 */
export function argsort(values: readonly number[]): number[] {
  const order = values.map((_, i) => i);
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
    // The median waits beside the end until both sides are parted.
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
  return order;
}
