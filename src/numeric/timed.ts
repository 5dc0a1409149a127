import { ValueError } from '../errors';
import { median } from './summary';

/** Options of {@link timed}. */
export interface TimedOptions {
  /** How often `fn` is run and timed. Default: 20. */
  repeats?: number;
}

/**
 * How long `fn` takes, in milliseconds: the median of several runs, after a few that are not counted (they are compiled
 * meanwhile). Only ratios of such times from one run say something, and a machine that is busy makes even these vary.
 *
 * @throws {ValueError} if `repeats` is not a whole number above 0.
 */
export function timed(fn: () => unknown, options: TimedOptions = {}): number {
  const { repeats = 20 } = options;
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new ValueError(`timed: repeats must be a whole number above 0, got ${String(repeats)}`);
  }
  for (let run = 0; run < Math.min(3, repeats); run++) fn();
  return median(
    Array.from({ length: repeats }, () => {
      const start = performance.now();
      fn();
      return performance.now() - start;
    }),
  );
}
