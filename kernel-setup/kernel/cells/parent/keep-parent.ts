// Makes functions with callbacks keep the request in which the callback was passed. This part works on all platforms.
import { bound, type Callback, enter, here, inCellsWords, isCancelled, isKnown } from './parent';

type Scheduler = (callback: Callback, ...rest: never[]) => unknown;

/** Replaces a method. Properties of the old one, such as its form for util.promisify, are kept. */
export function replace<F extends Callback>(owner: object, name: string, make: (real: F) => Callback): void {
  const descriptor = descriptorOf(owner, name);
  const real = descriptor.value as F;
  const replacement = make(real);
  Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(real));
  Object.defineProperty(owner, name, { ...descriptor, value: replacement });
}

/** In a page, globals are inherited. */
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

/** `then`, which a promise's other methods and `Promise.all` call. `await` does not call it. */
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

/** A handler receives errors in terms of the cell's source. */
function inWords(onError: unknown): unknown {
  if (typeof onError !== 'function') return onError;
  return (error: unknown) => (onError as Callback)(inCellsWords(error));
}

/** Listeners run for the request that added them, unless the event's own request is known. */
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

/** Call once, before the first cell. */
export function keepParents(): void {
  for (const name of ['setTimeout', 'setInterval']) keepInScheduler(globalThis, name, true);
  // Cannot be cancelled: the platform uses it too, for state that cells share.
  keepInScheduler(globalThis, 'queueMicrotask');
  keepInPromises();
  keepInEventTargets();
}
