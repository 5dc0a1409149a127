// What cells may call by their types, and Node 20 lacks: the functions of ECMAScript 2024.

type Key = string | number | symbol;

/** Adds what is missing. */
export function completeLibrary(): void {
  add(Object, 'groupBy', <T>(items: Iterable<T>, keyOf: (item: T, index: number) => Key) => {
    const groups: Record<Key, T[]> = Object.create(null);
    let index = 0;
    for (const item of items) {
      const key = keyOf(item, index++);
      groups[key] ??= [];
      groups[key].push(item);
    }
    return groups;
  });
  add(Map, 'groupBy', <T, K>(items: Iterable<T>, keyOf: (item: T, index: number) => K) => {
    const groups = new Map<K, T[]>();
    let index = 0;
    for (const item of items) {
      const key = keyOf(item, index++);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
    return groups;
  });
  add(Promise, 'withResolvers', function <T>(this: PromiseConstructor) {
    let resolve!: (value: T) => void;
    let reject!: (reason: unknown) => void;
    const promise = new this<T>((...settle) => {
      [resolve, reject] = settle;
    });
    return { promise, resolve, reject };
  });
}

function add(owner: object, name: string, value: (...args: never[]) => unknown): void {
  if (!(name in owner)) Object.defineProperty(owner, name, { value, writable: true, configurable: true });
}
