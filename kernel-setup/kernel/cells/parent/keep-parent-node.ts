// Node's part of keep-parent.ts.
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { keepInScheduler, keepParents, replace } from './keep-parent';
import { bound, type Callback, enter, here, isCancelled, isKnown, nextTick } from './parent';

type Async<T> = (...args: never[]) => Promise<T>;

const { setImmediate } = globalThis;

/**
 * Runs a callback in the tick queue after an immediate: an interrupt inside Node's queue of immediates would corrupt the
 * queue.
 */
const soon = (callback: () => void): NodeJS.Immediate => setImmediate(() => nextTick(callback));

/** Functions that return a promise of a timer. */
const keepInPromise =
  <T>(start: Async<T>): Async<T> =>
  (...args) =>
    new Promise<T>((resolve, reject) => start(...args).then(bound(resolve, true), bound(reject, true)));

/** Functions whose last argument is a callback, by Node's convention. */
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

type Listener = Callback & { listener?: Callback };

/**
 * Listeners run for the request that emits the event. If Node emits it, such as data of a child process, they run for the
 * request that added them.
 */
function keepInEmitters(): void {
  const emitter: EventEmitter = EventEmitter.prototype;
  const kept = (listener: Listener): Listener => {
    const parent = here();
    if (typeof listener !== 'function' || listener.listener !== undefined || parent.id === 0) return listener;
    const wrapped: Listener = function (...args) {
      if (isCancelled(listener, parent)) return undefined;
      if (!isKnown()) enter(parent);
      return Reflect.apply(listener, this, args);
    };
    wrapped.listener = listener; // so that `removeListener` finds it
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
  // Node wraps such a listener before it passes it to `on`.
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

/** Functions with a final callback, by module. Modules with event emitters are not needed here. */
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

/** Patches one of Node's modules when a cell first loads it. Modules that are never loaded cost nothing. */
export function keepParentIn(id: string, module: unknown): void {
  const namesOf = callbacks[id.replace(/^node:/, '')];
  if (namesOf === undefined || prepared.has(module as object)) return;
  prepared.add(module as object);
  keepInCallbacks(module as object, namesOf(module as object));
  syncBuiltinESMExports();
}

/** Call once, before the first cell. */
export function keepParentsInNode(): void {
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
  keepInScheduler(globalThis, 'setImmediate', true);
  keepInScheduler(process, 'nextTick');
  keepInEmitters();
  keepParents();
}
