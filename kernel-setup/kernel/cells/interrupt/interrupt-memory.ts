// What the main thread and the one that stops it have in common.
import type { ParentId } from '../../process-messages';

/** An interrupt: its number, and the last of the requests that it is for. */
export interface InterruptRequest {
  count: number;
  parentId: ParentId;
}

/** A child process that runs beside the cells; without a request it has ended. */
export interface ChildNote {
  pid: number;
  parentId: ParentId | undefined;
}

/** What both threads see: numbers at these places of shared memory. */
export const shared = {
  /** How many orders there were, and how many of them the main thread has noticed. */
  requested: 0,
  acknowledged: 1,
  /** The first of the requests that run, 0 if none does; up to which they are to end, 0 if they are not. */
  running: 2,
  interrupted: 3,
  /** The last order of which a loop has been ended by an error: what tidies up behind it may run. */
  thrown: 4,
} as const;

/** Where the functions are that the thread has the main thread call, in the middle of what it does. */
export const throwInLoopOf: symbol = Symbol.for('gradlab.throw-in-loop');
export const beforeTerminationOf: symbol = Symbol.for('gradlab.before-termination');
