// How many threads compute large products and convolutions, and when.

import { ValueError } from '../errors';
import { environment, processors } from '../platform';
import { textOf } from '../text-of';
import { mostThreads, Team } from './wasm/team';

/** Multiplications from which a second thread pays, in all and for each element that is copied. @internal */
export const leastShared = 7e6;
const leastEach = 60;

const isNumber = (n: unknown): n is number => Number.isInteger(n) && (n as number) >= 1 && (n as number) <= mostThreads;

let wanted: number | undefined;
/** Not there before the first large task; `null` where there can be none. */
let team: Team | null | undefined;
/** Teams that have been lost since somebody has set the number of threads, and after how many there are no more. */
let lost = 0;
const mostLost = 3;

/**
 * How many threads compute large products and convolutions (`torch.get_num_threads`): what {@link setNumThreads} was
 * given, else what the variable `GRADLAB_THREADS` of the environment says, else two, where there are two processors.
 */
export function getNumThreads(): number {
  if (wanted === undefined) {
    const asked = Number(environment('GRADLAB_THREADS'));
    wanted = isNumber(asked) ? asked : Math.min(2, processors());
  }
  return wanted;
}

/**
 * Sets how many threads compute large products and convolutions (`torch.set_num_threads`): those of 14 million
 * floating-point operations or more. Results have the same bits for any number. The threads start beside the first large
 * task, and sleep between tasks; where one cannot be had (a page of a browser without `SharedArrayBuffer`), or does not
 * answer in time, the calling thread computes alone.
 * @param n from 1, which is no thread but the calling one, to 64
 * @throws {ValueError} if `n` is not such a number.
 */
export function setNumThreads(n: number): void {
  if (!isNumber(n))
    throw new ValueError(
      `setNumThreads: expected a whole number from 1 to ${mostThreads}, got ${textOf(n)}; 1 computes without threads`,
    );
  wanted = n;
  // Those that are asleep may stay, while the caller is to do without them.
  if (n === 1 || (n === team?.threads && !team.isLost)) return;
  team?.end();
  team = undefined;
  lost = 0;
}

/**
 * The threads for a task of so many multiplications, with so many elements of operands and results: copying them to where
 * other processors read them costs more than leaving them here. `null` where the caller is to do it alone.
 * @internal
 */
export function teamFor(multiplications: number, elements: number): Team | null {
  if (multiplications < Math.max(leastShared, leastEach * elements) || getNumThreads() === 1) return null;
  // They come later than this task is done.
  if (team === undefined || (team?.isLost && ++lost < mostLost)) team = Team.start(getNumThreads());
  return team?.isFree(multiplications / elements) ? team : null;
}
