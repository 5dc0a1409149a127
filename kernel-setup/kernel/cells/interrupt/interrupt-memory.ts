// Shared by the main thread and the interrupt thread.
import type { ParentId } from '../../process-messages';

/** An interrupt: how many there have been, and the last request that it cancels. */
export interface InterruptRequest {
  count: number;
  parentId: ParentId;
}

/** A child process of a cell. `parentId` is undefined when it has exited. */
export interface ChildNote {
  pid: number;
  parentId: ParentId | undefined;
}

/** Indices into the shared memory. */
export const shared = {
  /** Number of interrupts requested by the host, and the last one that the main thread has acknowledged. */
  requested: 0,
  acknowledged: 1,
  /** First running request, and last request to cancel; 0 if none. */
  running: 2,
  interrupted: 3,
  /** The last interrupt for which a loop has thrown, so that cleanup may be running. */
  thrown: 4,
} as const;

/** Global symbols of the functions that the interrupt thread makes the main thread call in the middle of its code. */
export const throwInLoopOf: symbol = Symbol.for('gradlab.throw-in-loop');
export const beforeTerminationOf: symbol = Symbol.for('gradlab.before-termination');
