// Cancellation: how long computations of gradlab hear of an interrupt, see src/cancellation.ts.
import { abandon, KernelInterrupt } from './parent';

/** Has the library ask now and then. @returns what it calls: it throws when the interrupt has been raised */
export function installTurn(isRaised: () => boolean): () => void {
  const turn = () => {
    if (!isRaised()) return;
    abandon();
    throw new KernelInterrupt();
  };
  Object.assign(globalThis, { [Symbol.for('gradlab.turn')]: turn });
  return turn;
}
