import { perCall, turn } from '../../cancellation';
import { ValueError } from '../../errors';

/** Options of {@link bisect}. */
export interface BisectOptions {
  /** Maximum length of the final interval. Default: 1e-9. */
  tolerance?: number;
}

/**
 * The position between `low` and `high` where `f` changes: from true to false (or back), or from positive to not
 * positive. The interval is halved until it is no longer than `tolerance`, or no number lies inside; its middle is
 * returned. It finds one change, whatever their number is.
 *
 * @example
 * numeric.bisect((x) => x * x < 2, 1, 2) // 1.41421356…
 * @throws {ValueError} if `f` is the same at both ends, the ends are not finite and in order, or `tolerance` is
 *   negative.
 */
export function bisect(
  f: (x: number) => boolean | number,
  low: number,
  high: number,
  options: BisectOptions = {},
): number {
  const { tolerance = 1e-9 } = options;
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw new ValueError(`bisect: low must be below high, and both finite; got ${low} and ${high}`);
  }
  if (!(tolerance >= 0)) throw new ValueError(`bisect: tolerance must be 0 or more, got ${tolerance}`);
  const is = (x: number) => {
    const value = f(x);
    return typeof value === 'boolean' ? value : value > 0;
  };
  const atLow = is(low);
  if (is(high) === atLow) {
    throw new ValueError(`bisect: f is ${f(low)} at ${low} and ${f(high)} at ${high}; it must change between them`);
  }
  let [a, b] = [low, high];
  while (b - a > tolerance) {
    turn(perCall);
    const middle = a + (b - a) / 2;
    if (middle <= a || middle >= b) break;
    if (is(middle) === atLow) a = middle;
    else b = middle;
  }
  return a + (b - a) / 2;
}
