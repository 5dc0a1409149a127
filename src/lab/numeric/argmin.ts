import { ValueError } from '../../errors';

/** Options of {@link argmin}. */
export interface ArgminOptions {
  /** Maximum length of the final interval. Default: 1e-9. */
  tolerance?: number;
}

const golden = (Math.sqrt(5) - 1) / 2;

/**
 * The minimum of a function that falls and then rises between `low` and `high`, by golden-section search: of two
 * positions inside, the end next to the higher one moves there, until the interval is no longer than `tolerance`; its
 * middle is returned. If the minimum of `f` is flat, it is some position in the flat part. A smooth minimum is found to
 * about 1e-8 of its size: nearer to it, values differ by less than rounding.
 *
 * @example
 * numeric.argmin((x) => Math.abs(x - 2), 0, 10) // 2.000…
 * @throws {ValueError} if the ends are not finite and in order, `tolerance` is negative, or `f` is NaN somewhere.
 */
export function argmin(f: (x: number) => number, low: number, high: number, options: ArgminOptions = {}): number {
  const { tolerance = 1e-9 } = options;
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high)) {
    throw new ValueError(`argmin: low must not be above high, and both finite; got ${low} and ${high}`);
  }
  if (!(tolerance >= 0)) throw new ValueError(`argmin: tolerance must be 0 or more, got ${tolerance}`);
  const at = (x: number) => {
    const value = f(x);
    if (Number.isNaN(value)) throw new ValueError(`argmin: f is NaN at ${x}`);
    return value;
  };
  let [a, b] = [low, high];
  let [left, right] = [b - golden * (b - a), a + golden * (b - a)];
  let [atLeft, atRight] = [at(left), at(right)];
  while (b - a > tolerance && a < left && left < right && right < b) {
    if (atLeft <= atRight) {
      [b, right, atRight] = [right, left, atLeft];
      left = b - golden * (b - a);
      atLeft = at(left);
    } else {
      [a, left, atLeft] = [left, right, atRight];
      right = a + golden * (b - a);
      atRight = at(right);
    }
  }
  return a + (b - a) / 2;
}
