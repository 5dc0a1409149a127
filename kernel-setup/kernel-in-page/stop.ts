// Interrupts in a page: loops and functions of cells poll (stoppable.ts), and so does the library.

import { hideGiven } from '../kernel/cells/display/hide-given';
import { installPoll } from '../kernel/cells/interrupt/cancellation';
import { flow } from '../kernel/cells/parent/parent';
import type { ParentId } from '../kernel/process-messages';
import type { StopSign } from './protocol';

/** Milliseconds between two polls of the address, which take a few each. */
const patience = 100;

/** The running requests, and their interrupt. */
export const stop = {
  sign: {} as StopSign,
  /** The first running request, 0 if none, and the one that began last. */
  running: 0 as ParentId,
  begun: 0 as ParentId,
  /** The latest interrupt, and the number up to which running requests are cancelled, 0 if none. */
  heard: 0 as ParentId,
  interrupted: 0 as ParentId,
  asked: 0,

  setRunning(first: ParentId, last: ParentId): void {
    this.running = first;
    this.begun = last;
    this.asked = performance.now();
  },

  pending(): ParentId {
    const isHeard = this.running !== 0 && this.running <= this.interrupted;
    return isHeard || this.hears(this.told()) ? this.interrupted : 0;
  },

  /** Cancels all requests up to a number. */
  interrupt(parentId: ParentId): void {
    this.heard = parentId;
    this.interrupted = parentId;
  },

  /** The interrupt as far as known without reading messages; 0 if none. */
  told(): ParentId {
    const { memory, address } = this.sign;
    if (memory !== undefined) return Atomics.load(memory, 0);
    const now = performance.now();
    if (address === undefined || now - this.asked < patience) return 0;
    const request = new XMLHttpRequest();
    request.open('GET', address, false);
    try {
      request.send();
    } catch {
      this.sign = {}; // the address was revoked; a message brings the next one
      return this.begun;
    } finally {
      this.asked = performance.now();
    }
    return 0;
  },

  /** Accepts an interrupt if it concerns what runs, also code of an earlier cell that blocks the next message. */
  hears(told: ParentId): boolean {
    if (told === 0 || told === this.heard) return false;
    if (told < (this.running === 0 ? this.begun : this.running)) return false;
    this.interrupt(told);
    return true;
  },
};
const poll = installPoll(() => stop.pending());
hideGiven();

/** Milliseconds between two polls of a loop. */
const wanted = { most: 20, least: 2 };
let last = 0;

/** The number of iterations until the next poll, from the number before this one. */
function rounds(before: number, most: number): number {
  poll();
  const now = performance.now();
  const passed = now - last;
  last = now;
  if (passed > wanted.most) return before >> 2;
  return passed < wanted.least ? Math.min(2 * before + 1, most) : before;
}

let apart = 0;
const calls = new Int32Array(1);
Object.assign(flow, {
  /** Number of function calls until the next poll. */
  calls,
  /** The poll of loops. */
  pollLoop: (before: number) => rounds(before, 1023),
  /** The poll of functions. */
  pollCall: () => {
    apart = rounds(apart, 255);
    calls[0] = apart;
  },
});
