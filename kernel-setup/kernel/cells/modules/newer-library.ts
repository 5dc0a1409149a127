// Polyfills that cells' types include and Node 20 lacks: functions of ECMAScript 2024, and disposal of iterators.

type Key = string | number | symbol;

function objectGroupBy<T>(items: Iterable<T>, keyOf: (item: T, index: number) => Key): object {
  const groups: Record<Key, T[]> = Object.create(null);
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    groups[key] ??= [];
    groups[key].push(item);
  }
  return groups;
}

function mapGroupBy<T, K>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function withResolvers<T>(this: PromiseConstructor): object {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new this<T>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}

/** The additions by global. */
const additions: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Object: { groupBy: objectGroupBy },
  Map: { groupBy: mapGroupBy },
  Promise: { withResolvers },
};

/** Whether a global's function is among the additions. */
export const isAdded = (owner: string, name: string): boolean => name in (additions[owner] ?? {});

/** Adds what is missing. */
export function completeLibrary(): void {
  for (const [owner, functions] of Object.entries(additions))
    for (const [name, value] of Object.entries(functions)) add(Reflect.get(globalThis, owner) as object, name, value);
  // `using` disposes of an iterator by this method.
  const prototypeOf = (value: object) => Object.getPrototypeOf(value) as object;
  add(prototypeOf(prototypeOf([][Symbol.iterator]())), Symbol.dispose, function (this: Iterator<unknown>) {
    this.return?.();
  });
  const generator = async function* () {}.prototype as object;
  add(prototypeOf(prototypeOf(generator)), Symbol.asyncDispose, async function (this: AsyncIterator<unknown>) {
    await this.return?.(undefined);
  });
}

function add(owner: object, name: Key, value: unknown): void {
  if (!(name in owner)) Object.defineProperty(owner, name, { value, writable: true, configurable: true });
}
