// How cells in a page hear of an interrupt: their loops and functions ask (stoppable.ts), and so does the library.

import { hideGiven } from '../kernel/cells/display/hide-given';
import { installPoll } from '../kernel/cells/interrupt/cancellation';
import { flow } from '../kernel/cells/parent/parent';
import type { ParentId } from '../kernel/process-messages';
import type { StopSign } from './protocol';

/** Milliseconds between two looks at the address: one takes a few. */
const patience = 100;

/** What runs, and whether it has been told to end. */
export const stop = {
  sign: {} as StopSign,
  /** The first of the requests that run, 0 if none does, and the one that has begun last. */
  running: 0 as ParentId,
  begun: 0 as ParentId,
  /** The interrupt that was heard of last; up to which request what runs is to end, 0 if it is not. */
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

  /** An interrupt of all requests up to one. */
  interrupt(parentId: ParentId): void {
    this.heard = parentId;
    this.interrupted = parentId;
  },

  /** The request that is to end, as far as can be known without reading messages; 0 if there is none. */
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
      this.sign = {}; // the address has been taken back; the next one comes in a message
      return this.begun;
    } finally {
      this.asked = performance.now();
    }
    return 0;
  },

  /** Whether that concerns what runs: also something of an earlier cell, if it keeps the next one from being heard. */
  hears(told: ParentId): boolean {
    if (told === 0 || told === this.heard) return false;
    if (told < (this.running === 0 ? this.begun : this.running)) return false;
    this.interrupt(told);
    return true;
  },
};
const poll = installPoll(() => stop.pending());
hideGiven();

/** Milliseconds within which a loop should ask. */
const wanted = { most: 20, least: 2 };
let last = 0;

/** How many rounds a loop may make before it asks again, which has asked after so many. */
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
  /** How many calls of functions there may be before one asks. */
  calls,
  /** Called by loops, now and then. */
  pollLoop: (before: number) => rounds(before, 1023),
  /** Called by functions. */
  pollCall: () => {
    apart = rounds(apart, 255);
    calls[0] = apart;
  },
});
