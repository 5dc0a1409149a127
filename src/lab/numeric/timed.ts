import { ValueError } from '../../errors';
import { median } from './summary';

/** Options of {@link timed}. */
export interface TimedOptions {
  /** How often each is run and timed. Default: 20. */
  repeats?: number;
}

/** So many steps of the clock must a measurement have, so that the step is a twentieth of it at most. */
const leastSteps = 20;

/** The step of the clock, in milliseconds: pages get a coarse one, of 0.1 in Chromium and 1 in Firefox. */
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
 * How long each function takes, in milliseconds: the median of several runs by turns, after a few that are not counted (they are
 * compiled meanwhile). By turns, for a machine that is busy for a moment is so for all of them: only ratios of such times from one
 * call say something. A run is so many calls that the clock can measure it: one where that is fine, as in Node.
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

/** Milliseconds for so many calls. */
function timeOf(fn: () => unknown, calls: number): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) fn();
  return performance.now() - start;
}
