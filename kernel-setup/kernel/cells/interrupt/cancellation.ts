// Cancellation: how long computations of gradlab hear of an interrupt, see src/cancellation.ts.
import type { ParentId } from '../../process-messages';
import { cancelBy } from '../parent/parent';

/**
 * Has the library ask now and then.
 * @param pending the interrupt of what runs, 0 if there is none
 * @returns what it calls: it throws when there is one
 */
export function installPoll(pending: () => ParentId): () => void {
  const poll = () => {
    const interrupt = pending();
    if (interrupt !== 0) cancelBy(interrupt);
  };
  Object.assign(globalThis, { [Symbol.for('gradlab.turn')]: poll });
  return poll;
}
