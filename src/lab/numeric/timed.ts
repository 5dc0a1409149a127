import { describe } from '../../describe';
import { ValueError } from '../../errors';
import { median } from './summary';

/** Options of {@link timed}. */
export interface TimedOptions {
  /** The number of timed runs of each. Default: 20. */
  repeats?: number;
}

/** Minimum duration of a measurement in ticks of the clock, so that a tick is at most a twentieth of it. */
const leastSteps = 20;

/** The clock's resolution, in milliseconds: pages get a coarse one, of 0.1 in Chromium and 1 in Firefox. */
function stepOfClock(): number {
  const steps = [0, 1, 2].map(() => {
    const start = performance.now();
    let now = start;
    while (now === start) now = performance.now();
    return now - start;
  });
  return Math.min(...steps);
}

/**
 * The time of each function, in milliseconds: the median of several alternating runs, after some warm-up runs in which
 * they are compiled. Runs alternate so that a busy machine affects all functions; only ratios of times from one call
 * are meaningful. A run has as many calls as the clock needs to measure it: one with a fine clock, as in Node.
 *
 * @example
 * const time = numeric.timed({ short: () => [1, 2].sort(), long: () => Array.from({ length: 100 }, Math.random).sort() });
 * Object.keys(time) // [ 'short', 'long' ]
 * @throws {ValueError} if `repeats` is not a whole number above 0.
 */
export function timed<K extends string>(fns: Record<K, () => unknown>, options: TimedOptions = {}): Record<K, number> {
  const { repeats = 20 } = options;
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new ValueError(`timed: repeats must be a whole number above 0, got ${describe(repeats)}`);
  }
  const least = leastSteps * stepOfClock();
  const each = (Object.entries(fns) as [K, () => unknown][]).map(([name, fn]) => ({
    name,
    fn,
    calls: 1,
    times: [] as number[],
  }));
  for (let run = -Math.min(3, repeats); run < repeats; run++) {
    for (const one of each) {
      let time = timeOf(one.fn, one.calls);
      for (; time < least; time = timeOf(one.fn, one.calls)) one.calls *= 2;
      if (run >= 0) one.times.push(time / one.calls);
    }
  }
  return Object.fromEntries(each.map(({ name, times }) => [name, median(times)])) as Record<K, number>;
}

/** Milliseconds for this many calls. */
function timeOf(fn: () => unknown, calls: number): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) fn();
  return performance.now() - start;
}
