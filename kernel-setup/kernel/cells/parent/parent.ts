// The request to which the running code, and so its output, belongs. Callbacks, promises and listeners keep their request
// (keep-parent.ts), and so does code after an `await` (compiler/awaits.ts). AsyncLocalStorage would do this too, but with it,
// interrupting a promise chain aborts the process.
import { inOwnWords, isGiven } from '../../given-names';
import type { ParentId } from '../../process-messages';

/** The error of an interrupted cell. */
export class KernelInterrupt extends Error {
  override name = 'KernelInterrupt';

  constructor() {
    super('The cell was interrupted; its variables are kept');
  }
}

/** A request. After an interrupt, a new object with the same id represents code that starts later. */
export interface Parent {
  readonly id: ParentId;
  /** Whether an interrupt has cancelled the code that it started. */
  cancelled: boolean;
}

const parentOf = (id: ParentId): Parent => ({ id, cancelled: false });

/** The active request that began last; if none is active, the last one. */
let running: Parent = parentOf(0);
/** Requests that have not ended, in order: a cell that awaits, and comm handlers beside it. */
const active = new Set<Parent>();
let current: Parent = running;
/** Whether `current` owns the running code; false in callbacks that Node starts itself. */
let known = false;

/** The request of the running code; if unknown, the last one. */
export const here = (): Parent => (known ? current : running);
export const currentParent = (): ParentId => here().id;
/** The request of an uncaught error, which is reported after all due code has run. */
export const lastParent = (): ParentId => current.id;
/** Whether the request of the running code is known; false in callbacks that Node starts itself. */
export const isKnown = (): boolean => known;

/** `process.nextTick` and `queueMicrotask` before they are patched. */
export const { nextTick } = process;
const microtask = queueMicrotask;

/** Makes a request the owner of the running code until the event loop continues. */
export function enter(parent: Parent): void {
  current = parent;
  if (known) return;
  known = true;
  // Ticks run before microtasks; a tick from a microtask runs when both queues are empty.
  nextTick(() => microtask(() => nextTick(forget)));
}

function forget(): void {
  known = false;
}

/** Call when a cell or comm handler begins. */
export function enterParent(id: ParentId): void {
  running = parentOf(id);
  active.add(running);
  known = false; // an interrupt may have dropped the call of `forget`
  enter(running);
}

/** Call when a cell or comm handler has ended. Code that it leaves running belongs to the request beside it. */
export function leaveParent(id: ParentId): void {
  for (const parent of active) if (parent.id === id) active.delete(parent);
  running = [...active].at(-1) ?? running;
}

/** Cancels the running requests and throws, once per interrupt, so that cleanup is not cancelled again. */
export function cancelBy(interrupt: ParentId): void {
  if (cancelRunning(interrupt)) throw new KernelInterrupt();
}

/** Callbacks by the request whose cancellation they report. */
const cancelCallbacks = new Set<{ parent: Parent; callback(): void }>();

/** The interrupt that cancelled last. */
let lastInterrupt: ParentId = 0;

/**
 * Cancels the active requests, once per interrupt: the code they have started does not continue.
 * @returns whether it was the first call for this interrupt
 */
export function cancelRunning(interrupt: ParentId): boolean {
  if (interrupt === lastInterrupt) return false;
  lastInterrupt = interrupt;
  const cancelled = [...active];
  active.clear();
  for (const parent of cancelled) {
    parent.cancelled = true;
    running = parentOf(parent.id);
    active.add(running);
  }
  known = false;
  for (const one of cancelCallbacks) if (one.parent.cancelled) one.callback();
  return true;
}

/** Registers a callback for the cancellation of the current request. @returns a function that unregisters it */
export function onCancel(callback: () => void): () => void {
  const self = { parent: here(), callback };
  cancelCallbacks.add(self);
  return () => cancelCallbacks.delete(self);
}

/** The promise's result; rejects if its request is interrupted first. */
export function unlessCancelled<T>(promise: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const forget = onCancel(() => reject(new KernelInterrupt()));
    const settle = async () => {
      try {
        resolve(await promise);
      } catch (error) {
        reject(error);
      } finally {
        forget();
      }
    };
    void settle();
  });
}

/** Called after an `await` and in a `catch`: the code belongs to `parent` again. Throws if an interrupt has cancelled it. */
export function resume<T>(parent: Parent, value?: T): T {
  restore(parent);
  if (parent.cancelled) throw new KernelInterrupt();
  return value as T;
}

/** Called in a `finally`: like `resume`, but never throws. */
export function restore(parent: Parent): void {
  enter(parent.cancelled ? successorOf(parent) : parent);
}

/** The request that cleanup after an interrupt belongs to; the next interrupt cancels it. */
const successorOf = ({ id }: Parent): Parent => [...active].find((parent) => parent.id === id) ?? parentOf(id);

// biome-ignore lint/suspicious/noExplicitAny: any function can be a callback
export type Callback = (this: any, ...args: any[]) => unknown;

/** Functions that cells have passed to Node. Only these are cancelled: others belong to Node and packages, and must run. */
const owned = new WeakSet<object>();

/** Marks a function as passed by a cell. */
export function own<T>(callback: T): T {
  if (typeof callback === 'function') owned.add(callback);
  return callback;
}

/** Whether a callback is dropped, because its request was cancelled. */
export const isCancelled = (callback: object, parent: Parent): boolean => parent.cancelled && owned.has(callback);

/**
 * A callback that keeps its request: its output, and that of the promises it settles, belong to the request that passed
 * it.
 * @param cancellable whether an interrupt drops it even if a cell has not passed it directly
 */
export function bound<C>(callback: C, cancellable = false): C {
  const parent = here();
  if (typeof callback !== 'function' || parent.id === 0) return callback;
  return function (this: unknown, ...args: unknown[]) {
    if ((cancellable && parent.cancelled) || isCancelled(callback, parent)) return undefined;
    enter(parent);
    return Reflect.apply(callback, this, args);
  } as C;
}

/** Called with what a `catch` in a cell catches. It cannot catch an interrupt. */
function caught<T>(error: T): T {
  if (error instanceof KernelInterrupt) throw error;
  return inCellsWords(error);
}

/** Rewrites an engine's message about compiled code in terms of the source. */
export function inCellsWords<T>(error: T): T {
  try {
    const message = error instanceof Error && Object.getOwnPropertyDescriptor(error, 'message')?.value;
    if (typeof message === 'string' && isGiven(message))
      Object.assign(error as Error, { message: inOwnWords(message) });
  } catch {
    // It is frozen, or a getter throws.
  }
  return error;
}

/** Called by loops (compiler/stoppable-loops.ts). Empty, so that an optimised loop does not contain the call. */
function poll(): void {}

/** The functions that compiled code calls (compiler/awaits.ts, compiler/rewrite.ts). */
export const flow = { here, resume, own, caught, poll };

/** Makes the next poll of a loop call `raise`, which may throw, so that `finally` runs. */
export function throwAtNextPoll(raise: () => void): void {
  flow.poll = () => {
    flow.poll = poll;
    raise();
  };
}

/** Undoes {@link throwAtNextPoll}. */
export function resetPoll(): void {
  flow.poll = poll;
}
