// Has functions that call back later keep the request in which a callback was handed over: those that every platform has.
import { bound, type Callback, enter, here, inCellsWords, isCancelled, isKnown } from './parent';

type Scheduler = (callback: Callback, ...rest: never[]) => unknown;

/** Puts a function in the place of a method; what hangs on the old one, such as its form for util.promisify, stays. */
export function replace<F extends Callback>(owner: object, name: string, make: (real: F) => Callback): void {
  const descriptor = descriptorOf(owner, name);
  const real = descriptor.value as F;
  const replacement = make(real);
  Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(real));
  Object.defineProperty(owner, name, { ...descriptor, value: replacement });
}

/** Where a page keeps its globals, they are inherited. */
function descriptorOf(owner: object, name: string): PropertyDescriptor {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  return own ?? descriptorOf(Object.getPrototypeOf(owner) as object, name);
}

/** Functions whose first argument is a callback. */
export function keepInScheduler(owner: object, name: string, cancellable = false): void {
  replace<Scheduler>(
    owner,
    name,
    (real) =>
      function (callback: Callback, ...rest: never[]) {
        return Reflect.apply(real, this, [bound(callback, cancellable), ...rest]);
      },
  );
}

/** Then, and by it what a promise's other methods and `Promise.all` call. An `await` calls nothing. */
function keepInPromises(): void {
  replace(
    Promise.prototype,
    'then',
    (then) =>
      function (onValue: unknown, onError: unknown) {
        return Reflect.apply(then, this, [bound(onValue), inWords(bound(onError))]);
      },
  );
}

/** What a handler gets to see of an error is in the words of who typed the cell. */
function inWords(onError: unknown): unknown {
  if (typeof onError !== 'function') return onError;
  return (error: unknown) => (onError as Callback)(inCellsWords(error));
}

/** Listeners run for the request that has added them, unless it is known for whom an event is. */
function keepInEventTargets(): void {
  const wrappers = new WeakMap<Callback, Callback>();
  replace(
    EventTarget.prototype,
    'addEventListener',
    (real) =>
      function (type: string, listener: Callback | object | null, ...rest: unknown[]) {
        const parent = here();
        if (typeof listener !== 'function' || parent.id === 0)
          return Reflect.apply(real, this, [type, listener, ...rest]);
        const given = listener as Callback;
        if (!wrappers.has(given))
          wrappers.set(given, function (...args) {
            if (isCancelled(given, parent)) return undefined;
            if (!isKnown()) enter(parent);
            return Reflect.apply(given, this, args);
          });
        return Reflect.apply(real, this, [type, wrappers.get(given), ...rest]);
      },
  );
  replace(
    EventTarget.prototype,
    'removeEventListener',
    (real) =>
      function (type: string, listener: Callback, ...rest: unknown[]) {
        return Reflect.apply(real, this, [type, wrappers.get(listener) ?? listener, ...rest]);
      },
  );
}

/** To be called once, before the first cell. */
export function keepParents(): void {
  for (const name of ['setTimeout', 'setInterval']) keepInScheduler(globalThis, name, true);
  // The platform's own parts use it, too, for what all cells share.
  keepInScheduler(globalThis, 'queueMicrotask');
  keepInPromises();
  keepInEventTargets();
}
