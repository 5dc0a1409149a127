import { ValueError } from '../errors';
import { median } from './summary';

/** Options of {@link timed}. */
export interface TimedOptions {
  /** How often each is run and timed. Default: 20. */
  repeats?: number;
}

/**
 * How long each function takes, in milliseconds: the median of several runs by turns, after a few that are not counted (they are
 * compiled meanwhile). By turns, for a machine that is busy for a moment is so for all of them: only ratios of such times from one
 * call say something.
 *
 * @example
 * const time = numeric.timed({ short: () => [1, 2].sort(), long: () => Array.from({ length: 100 }, Math.random).sort() });
 * Object.keys(time) // [ 'short', 'long' ]
 * @throws {ValueError} if `repeats` is not a whole number above 0.
 */
export function timed<K extends string>(fns: Record<K, () => unknown>, options: TimedOptions = {}): Record<K, number> {
  const { repeats = 20 } = options;
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new ValueError(`timed: repeats must be a whole number above 0, got ${String(repeats)}`);
  }
  const each = Object.entries(fns) as [K, () => unknown][];
  const times = each.map((): number[] => []);
  for (let run = -Math.min(3, repeats); run < repeats; run++) {
    for (const [i, [, fn]] of each.entries()) {
      const start = performance.now();
      fn();
      if (run >= 0) times[i]!.push(performance.now() - start);
    }
  }
  return Object.fromEntries(each.map(([name], i) => [name, median(times[i]!)])) as Record<K, number>;
}
