// The callback by which computations of gradlab poll for an interrupt; see src/cancellation.ts.
import type { ParentId } from '../../process-messages';
import { cancelBy } from '../parent/parent';

/**
 * Installs the library's poll callback.
 * @param pending returns the interrupt that applies to the running request, or 0
 * @returns the callback, which throws if there is one
 */
export function installPoll(pending: () => ParentId): () => void {
  const poll = () => {
    const interrupt = pending();
    if (interrupt !== 0) cancelBy(interrupt);
  };
  // Not among the members that a cell sees when it shows `globalThis`.
  Object.defineProperty(globalThis, Symbol.for('gradlab.turn'), { value: poll, writable: true, configurable: true });
  return poll;
}
