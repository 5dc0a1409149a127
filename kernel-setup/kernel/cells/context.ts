// To which request output belongs. What a cell starts and what ends later (timers, promises behind them) belongs to that
// cell. AsyncLocalStorage would know it exactly, but while it is in use, interrupting a promise chain aborts the process.
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import type { Context } from '../process-messages';

let current: Context = 0;
let running: Context = 0;

export const currentContext = (): Context => current;

/** From here on, a cell or the handler of a message runs. */
export function enterContext(context: Context): void {
  current = context;
  running = context;
}

/** How many interrupts there were, and which of them was the last for a context. */
let interrupts = 0;
const lastInterrupt = new Map<Context, number>();
const onAbandoned = new Map<Context, Set<() => void>>();

/** After an interrupt: the timers that a context has started until now do nothing any more, so that no loop goes on. */
export function abandon(context: Context): void {
  lastInterrupt.set(context, ++interrupts);
  for (const tell of onAbandoned.get(context) ?? []) tell();
  onAbandoned.delete(context);
}

/** What a promise gives, or the error if an interrupt comes before. */
export async function unlessAbandoned<T>(promise: Promise<T>, error: () => Error): Promise<T> {
  const context = current;
  const waiting = onAbandoned.get(context) ?? new Set();
  onAbandoned.set(context, waiting);
  let tell = () => {};
  const abandoned = new Promise<never>((_, reject) => {
    tell = () => reject(error());
    waiting.add(tell);
  });
  try {
    return await Promise.race([promise, abandoned]);
  } finally {
    waiting.delete(tell);
    if (waiting.size === 0) onAbandoned.delete(context);
  }
}

type Callback = (...args: never[]) => unknown;
type Scheduler = (callback: Callback, ...rest: never[]) => unknown;

const { setImmediate } = globalThis;
/** `process.nextTick` as Node has it. */
export const { nextTick } = process;

/**
 * Calls back when the event loop comes round, not from inside Node's queue of immediates: an interrupt there would leave
 * the queue broken for good.
 */
const soon = (callback: () => void): NodeJS.Immediate => setImmediate(() => nextTick(callback));

/**
 * A callback that runs in the context in which it was handed over, and so do the promises it settles.
 * @param canEnd whether an interrupt of that context is its end
 */
function bound<C extends Callback>(callback: C, canEnd: boolean): C {
  if (typeof callback !== 'function') return callback;
  const context = current;
  const since = interrupts;
  return function (this: unknown, ...args: never[]) {
    if (canEnd && (lastInterrupt.get(context) ?? 0) > since) return undefined;
    current = context;
    if (context !== running)
      soon(() => {
        current = running;
      });
    return Reflect.apply(callback, this, args);
  } as C;
}

/** The same for functions that give a promise of a timer. */
const boundPromise = <A extends unknown[], T>(start: (...args: A) => Promise<T>) =>
  function (this: unknown, ...args: A): Promise<T> {
    const promise = Reflect.apply(start, this, args) as Promise<T>;
    return new Promise<T>((resolve, reject) => promise.then(bound(resolve, true), bound(reject, true)));
  };

/** Makes timers keep the context in which they were started. */
export function keepContextInTimers(): void {
  const wrap = (owner: object, name: string, canEnd = false) => {
    const real = Reflect.get(owner, name) as Scheduler;
    const wrapped = function (this: unknown, callback: Callback, ...rest: never[]) {
      return Reflect.apply(real, this, [bound(callback, canEnd), ...rest]);
    };
    // Keeps what hangs on the function, such as the form of setTimeout for util.promisify.
    Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(real));
    Object.defineProperty(owner, name, { value: wrapped, writable: true, configurable: true, enumerable: true });
  };
  const { setTimeout: sleep, setImmediate: turn } = timers;
  timers.setTimeout = boundPromise(sleep) as typeof sleep;
  timers.setImmediate = boundPromise(turn) as typeof turn;
  syncBuiltinESMExports();
  globalThis.setImmediate = Object.defineProperties(
    (callback: Callback, ...args: never[]) => soon(() => callback(...args)),
    Object.getOwnPropertyDescriptors(setImmediate),
  ) as unknown as typeof setImmediate;
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) wrap(globalThis, name, true);
  // Node's own parts use these, too, for what belongs to no cell.
  wrap(globalThis, 'queueMicrotask');
  wrap(process, 'nextTick');
}
