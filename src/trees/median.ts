/**
 * Returns the median of at least one number; for an even count the mean of the two in the middle, as NumPy's `median`.
 */
export function median(numbers: Iterable<number>): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!];
  return low === high ? low : low / 2 + high / 2;
}
