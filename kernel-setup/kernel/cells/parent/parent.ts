// To which request output belongs. What a cell starts and what ends later belongs to that cell: callbacks, promises and
// listeners take their request with them (keep-parent.ts), and so does code behind an `await` (compiler/awaits.ts).
// AsyncLocalStorage would know it as well, but while it is in use, interrupting a promise chain aborts the process.
import { inOwnWords, isGiven } from '../../given-names';
import type { ParentId } from '../../process-messages';

/** What an interrupted cell fails with. */
export class KernelInterrupt extends Error {
  override name = 'KernelInterrupt';

  constructor() {
    super('The cell was interrupted; its variables are kept');
  }
}

/** A request as what it started knows it. After an interrupt there is another one of its id, for what begins then. */
export interface Parent {
  readonly id: ParentId;
  /** An interrupt has ended what was started until then. */
  cancelled: boolean;
}

const parentOf = (id: ParentId): Parent => ({ id, cancelled: false });

/** The cell, or handler of a message, that began last of those that have not ended; the last one, if all have. */
let running: Parent = parentOf(0);
/** What has not ended, in the order in which it began: a cell that awaits, and handlers of messages beside it. */
const active = new Set<Parent>();
let current: Parent = running;
/** Whether `current` is to whom what runs now belongs. What Node calls on its own account says nothing of it. */
let known = false;

/** The request to which what runs now belongs: the last one, if nothing is known. */
export const here = (): Parent => (known ? current : running);
export const currentParent = (): ParentId => here().id;
/** To which request an error belongs that nobody has caught: it is reported when all that was due has run. */
export const lastParent = (): ParentId => current.id;
/** Whether to whom what runs now belongs has been said: it has not come from Node's event loop of itself. */
export const isKnown = (): boolean => known;

/** `process.nextTick` and `queueMicrotask` as Node has them. */
export const { nextTick } = process;
const microtask = queueMicrotask;

/** From here on, until the event loop goes on, what runs belongs to a request. */
export function enter(parent: Parent): void {
  current = parent;
  if (known) return;
  known = true;
  // Ticks come before microtasks; a tick of a microtask comes when all of both have run.
  nextTick(() => microtask(() => nextTick(forget)));
}

function forget(): void {
  known = false;
}

/** A cell or the handler of a message begins. */
export function enterParent(id: ParentId): void {
  running = parentOf(id);
  active.add(running);
  known = false; // an interrupt may have thrown away what was to forget
  enter(running);
}

/** A cell or the handler of a message has ended: what runs on of itself belongs to what it ran beside. */
export function leaveParent(id: ParentId): void {
  for (const parent of active) if (parent.id === id) active.delete(parent);
  running = [...active].at(-1) ?? running;
}

/** Ends what runs by an error, once for each interrupt: what tidies up behind it is not ended again. */
export function cancelBy(interrupt: ParentId): void {
  if (cancelRunning(interrupt)) throw new KernelInterrupt();
}

/** What waits for something, and is told when its request is interrupted. */
const cancelCallbacks = new Set<{ parent: Parent; callback(): void }>();

/** The interrupt that was heard of last. */
let lastInterrupt: ParentId = 0;

/**
 * Once for each interrupt: what the running requests have started until now goes on nowhere, so that no loop does.
 * @returns whether it was the first time
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

/** Has `tell` called when an interrupt ends the request that runs. @returns to be called when it need not be told any more */
export function onCancel(callback: () => void): () => void {
  const self = { parent: here(), callback };
  cancelCallbacks.add(self);
  return () => cancelCallbacks.delete(self);
}

/** What a promise gives, or an error if an interrupt of the request comes before. */
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

/** Behind an `await` or in a `catch`: what runs on belongs to `parent`; if an interrupt has ended that, it does not run on. */
export function resume<T>(parent: Parent, value?: T): T {
  restore(parent);
  if (parent.cancelled) throw new KernelInterrupt();
  return value as T;
}

/** The same in a `finally`, which runs in any case. */
export function restore(parent: Parent): void {
  enter(parent.cancelled ? successorOf(parent) : parent);
}

/** What tidies up after an interrupt is ended by the next one. */
const successorOf = ({ id }: Parent): Parent => [...active].find((parent) => parent.id === id) ?? parentOf(id);

// biome-ignore lint/suspicious/noExplicitAny: any function can be a callback
export type Callback = (this: any, ...args: any[]) => unknown;

/** Functions that cells have handed to Node: others are parts of Node and of packages, and must not miss what they wait for. */
const owned = new WeakSet<object>();

/** Notes that a cell has handed over a function. */
export function own<T>(callback: T): T {
  if (typeof callback === 'function') owned.add(callback);
  return callback;
}

/** Whether a callback that was handed over for a request runs no more. */
export const isCancelled = (callback: object, parent: Parent): boolean => parent.cancelled && owned.has(callback);

/**
 * A callback whose output belongs to the request in which it was handed over, and so does that of the promises it settles.
 * @param cancellable whether an interrupt of that request is its end even if no cell has handed it over itself
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

/** What a cell catches, in its words. An interrupt is nobody's to catch. */
function caught<T>(error: T): T {
  if (error instanceof KernelInterrupt) throw error;
  return inCellsWords(error);
}

/** The engine's words for what was compiled become those for what was typed. */
export function inCellsWords<T>(error: T): T {
  try {
    const message = error instanceof Error && Object.getOwnPropertyDescriptor(error, 'message')?.value;
    if (typeof message === 'string' && isGiven(message))
      Object.assign(error as Error, { message: inOwnWords(message) });
  } catch {
    // It is frozen, or throws where it is looked at.
  }
  return error;
}

/** What loops call: compiler/stoppable-loops.ts. Where nothing happens, an optimized loop has nothing of it left. */
function poll(): void {}

/** What compiled code calls: compiler/awaits.ts and compiler/rewrite.ts put the calls there. */
export const flow = { here, resume, own, caught, poll };

/** Has the next loop that looks end by an error, so that what tidies up behind it runs. @param raise may throw */
export function throwAtNextPoll(raise: () => void): void {
  flow.poll = () => {
    flow.poll = poll;
    raise();
  };
}

/** No loop is to end any more. */
export function resetPoll(): void {
  flow.poll = poll;
}
