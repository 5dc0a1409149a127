// Number of threads for large products and convolutions, and when to use them.

import { describe } from '../describe';
import { ValueError } from '../errors';
import { environment, processors } from '../platform';
import { mostThreads, Team } from './wasm/team';

/** Minimum multiplications for which a second thread pays, in all and per copied element. @internal */
export const leastShared = 7e6;
const leastEach = 60;

const isNumber = (n: unknown): n is number => Number.isInteger(n) && (n as number) >= 1 && (n as number) <= mostThreads;

let wanted: number | undefined;
/** Undefined until the first large task; `null` if threads are not available. */
let team: Team | null | undefined;
/** Teams lost since the last call of {@link setNumThreads}, and the number after which no new team is started. */
let lost = 0;
const mostLost = 3;

/**
 * Returns the number of threads for large products and convolutions (`torch.get_num_threads`): the value set by
 * {@link setNumThreads}, else the environment variable `GRADLAB_THREADS`, else two if there are two processors.
 */
export function getNumThreads(): number {
  if (wanted === undefined) {
    const asked = Number(environment('GRADLAB_THREADS'));
    wanted = isNumber(asked) ? asked : Math.min(2, processors());
  }
  return wanted;
}

/**
 * Sets the number of threads for large products and convolutions (`torch.set_num_threads`), of 14 million
 * floating-point operations or more. Results have the same bits for any number. The threads start during the first
 * large task, and sleep between tasks. If they are unavailable (a page without `SharedArrayBuffer`) or do not respond
 * in time, the calling thread computes alone.
 * @param n from 1, only the calling thread, to 64
 * @throws {ValueError} if `n` is not an integer in this range
 */
export function setNumThreads(n: number): void {
  if (!isNumber(n))
    throw new ValueError(
      `setNumThreads: expected a whole number from 1 to ${mostThreads}, got ${describe(n)}; 1 computes without threads`,
    );
  wanted = n;
  // With one thread, the sleeping threads are kept for later.
  if (n === 1 || (n === team?.threads && !team.isLost)) return;
  team?.end();
  team = undefined;
  lost = 0;
}

/**
 * Returns the team for a task with this many multiplications and elements of operands and results, or `null` if the
 * caller should compute alone. Copying elements to other processors can cost more than they save.
 * @internal
 */
export function teamFor(multiplications: number, elements: number): Team | null {
  if (multiplications < Math.max(leastShared, leastEach * elements) || getNumThreads() === 1) return null;
  // The threads are not ready before this task ends.
  if (team === undefined || (team?.isLost && ++lost < mostLost)) team = Team.start(getNumThreads());
  return team?.isFree(multiplications / elements) ? team : null;
}
