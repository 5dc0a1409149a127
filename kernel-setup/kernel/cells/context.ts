// To which request output belongs. What a cell starts and what ends later (timers, promises behind them) belongs to that
// cell. AsyncLocalStorage would know it exactly, but while it is in use, interrupting a promise chain aborts the process.
import type { Context } from '../process-messages';

let current: Context = 0;
let running: Context = 0;

export const currentContext = (): Context => current;

/** From here on, a cell or the handler of a message runs. */
export function enterContext(context: Context): void {
  current = context;
  running = context;
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

/** A callback that runs in the context in which it was handed over, and so do the promises it settles. */
function bound(callback: Callback): Callback {
  if (typeof callback !== 'function') return callback;
  const context = current;
  return function (this: unknown, ...args: never[]) {
    current = context;
    if (context !== running)
      soon(() => {
        current = running;
      });
    return Reflect.apply(callback, this, args);
  };
}

/** Makes timers keep the context in which they were started. */
export function keepContextInTimers(): void {
  const wrap = (owner: object, name: string) => {
    const real = Reflect.get(owner, name) as Scheduler;
    const wrapped = function (this: unknown, callback: Callback, ...rest: never[]) {
      return Reflect.apply(real, this, [bound(callback), ...rest]);
    };
    // Keeps what hangs on the function, such as the form of setTimeout for util.promisify.
    Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(real));
    Object.defineProperty(owner, name, { value: wrapped, writable: true, configurable: true, enumerable: true });
  };
  globalThis.setImmediate = Object.defineProperties(
    (callback: Callback, ...args: never[]) => soon(() => callback(...args)),
    Object.getOwnPropertyDescriptors(setImmediate),
  ) as unknown as typeof setImmediate;
  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']) wrap(globalThis, name);
  wrap(process, 'nextTick');
}
