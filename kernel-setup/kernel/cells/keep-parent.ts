// Has Node's functions keep the request in which a callback was handed over.
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { bound, type Callback, caught, enter, here, isKnown, isOver, nextTick } from './parent';

type Scheduler = (callback: Callback, ...rest: never[]) => unknown;
type Async<T> = (...args: never[]) => Promise<T>;

const { setImmediate } = globalThis;

/**
 * Calls back when the event loop comes round, not from inside Node's queue of immediates: an interrupt there would leave
 * the queue broken for good.
 */
const soon = (callback: () => void): NodeJS.Immediate => setImmediate(() => nextTick(callback));

/** Puts a function in the place of a method; what hangs on the old one, such as its form for util.promisify, stays. */
export function replace<F extends Callback>(owner: object, name: string, make: (real: F) => Callback): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name)!;
  const real = descriptor.value as F;
  const replacement = make(real);
  Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(real));
  Object.defineProperty(owner, name, { ...descriptor, value: replacement });
}

/** Functions whose first argument is a callback. */
function keepInScheduler(owner: object, name: string, ends = false): void {
  replace<Scheduler>(
    owner,
    name,
    (real) =>
      function (callback: Callback, ...rest: never[]) {
        return Reflect.apply(real, this, [bound(callback, ends), ...rest]);
      },
  );
}

/** Functions that give a promise of a timer. */
const keepInPromise =
  <T>(start: Async<T>): Async<T> =>
  (...args) =>
    new Promise<T>((resolve, reject) => start(...args).then(bound(resolve, true), bound(reject, true)));

/** Functions whose last argument is a callback, as Node's asynchronous functions have it. */
function keepInCallbacks(module: object, names: readonly string[]): void {
  for (const name of names)
    if (typeof Reflect.get(module, name) === 'function')
      replace(
        module,
        name,
        (real) =>
          function (...args: unknown[]) {
            return Reflect.apply(real, this, [...args.slice(0, -1), ...args.slice(-1).map((last) => bound(last))]);
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
  return (error: unknown) => (onError as Callback)(caught(error));
}

type Listener = Callback & { listener?: Callback };

/**
 * Listeners run for whoever emits an event. If that is Node, as when data comes from a child process, they run for the
 * request that has added them.
 */
function keepInEmitters(): void {
  const emitter: EventEmitter = EventEmitter.prototype;
  const kept = (listener: Listener): Listener => {
    const parent = here();
    if (typeof listener !== 'function' || listener.listener !== undefined || parent.id === 0) return listener;
    const wrapped: Listener = function (...args) {
      if (isOver(listener, parent)) return undefined;
      if (!isKnown()) enter(parent);
      return Reflect.apply(listener, this, args);
    };
    wrapped.listener = listener; // by which it is found when it is to be removed
    return wrapped;
  };
  for (const name of ['on', 'addListener', 'prependListener'] as const)
    replace(
      emitter,
      name,
      (real) =>
        function (event: string, listener: Listener) {
          return Reflect.apply(real, this, [event, kept(listener)]);
        },
    );
  // Node wraps such a listener before it hands it to `on`.
  for (const [name, add] of [
    ['once', 'on'],
    ['prependOnceListener', 'prependListener'],
  ] as const)
    replace(
      emitter,
      name,
      (real) =>
        function (this: EventEmitter, event: string, listener: Listener) {
          if (typeof listener !== 'function' || here().id === 0) return Reflect.apply(real, this, [event, listener]);
          const run = kept(listener);
          const once: Listener = function (this: EventEmitter, ...args) {
            this.removeListener(event, once);
            return Reflect.apply(run, this, args);
          };
          once.listener = listener;
          return this[add](event, once);
        },
    );
}

/** The same for events as browsers have them. */
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
            if (isOver(given, parent)) return undefined;
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

/** Where callbacks come last, by module: those that have no event emitters between. */
const callbacks: Record<string, (module: object) => readonly string[]> = {
  fs: (module) => Object.keys(module).filter((name) => name === 'exists' || `${name}Sync` in module),
  dns: (module) => Object.keys(module).filter((name) => /^(lookup|resolve|reverse)/.test(name)),
  crypto: (module) =>
    Object.keys(module).filter(
      (name) =>
        `${name}Sync` in module || /^(randomBytes|randomInt|randomFill|sign|verify|hkdf|diffieHellman)$/.test(name),
    ),
};
const prepared = new Set<object>();

/** Prepares one of Node's modules when a cell loads it, so that those which no cell loads cost nothing. */
export function keepParentIn(id: string, module: unknown): void {
  const namesOf = callbacks[id.replace(/^node:/, '')];
  if (namesOf === undefined || prepared.has(module as object)) return;
  prepared.add(module as object);
  keepInCallbacks(module as object, namesOf(module as object));
  syncBuiltinESMExports();
}

/** To be called once, before the first cell. */
export function keepParents(): void {
  const { setTimeout: sleep, setImmediate: turn } = timers;
  timers.setTimeout = keepInPromise(sleep as Async<unknown>) as typeof sleep;
  timers.setImmediate = keepInPromise(turn as Async<unknown>) as typeof turn;
  syncBuiltinESMExports();
  replace(
    globalThis,
    'setImmediate',
    () =>
      (callback: Callback, ...args: never[]) =>
        soon(() => callback(...args)),
  );
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) keepInScheduler(globalThis, name, true);
  // Node's own parts use these, too, for what all cells share.
  keepInScheduler(globalThis, 'queueMicrotask');
  keepInScheduler(process, 'nextTick');
  keepInPromises();
  keepInEmitters();
  keepInEventTargets();
}
