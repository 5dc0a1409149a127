// Polyfills that the kernel adds where Node lacks a function behave as in later versions.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtKernel } from '../support/cell-session';

type Library = typeof import('../../../kernel-setup/kernel/cells/modules/newer-library');
interface Newer {
  groupBy(items: Iterable<unknown>, keyOf: (item: never, index: number) => unknown): Map<unknown, unknown>;
  withResolvers(): { promise: Promise<unknown>; resolve(value: unknown): void; reject(reason: unknown): void };
}

const owners = { Object, Map, Promise } as unknown as Record<'Object' | 'Map' | 'Promise', Newer>;
const names = ['groupBy', 'withResolvers'] as const;
const before = Object.values(owners).map((owner) => names.map((name) => Object.getOwnPropertyDescriptor(owner, name)));

beforeAll(async () => {
  const { completeLibrary } = (await builtKernel())<Library>('cells/modules/newer-library.js');
  for (const owner of Object.values(owners)) for (const name of names) Reflect.deleteProperty(owner, name);
  completeLibrary();
});

afterAll(() => {
  Object.values(owners).forEach((owner, i) => {
    names.forEach((name, j) => {
      const descriptor = before[i][j];
      if (descriptor === undefined) Reflect.deleteProperty(owner, name);
      else Object.defineProperty(owner, name, descriptor);
    });
  });
});

test('Object.groupBy', () => {
  const groups = owners.Object.groupBy(new Set([5, 6, 7]), (item: number, index) =>
    index === 1 ? '__proto__' : item % 2,
  );
  expect(Object.getPrototypeOf(groups)).toBeNull();
  expect(Object.entries(groups)).toEqual([
    ['1', [5, 7]],
    ['__proto__', [6]],
  ]);
});

test('Map.groupBy', () => {
  const groups = owners.Map.groupBy([0, -0, Number.NaN, Number.NaN], (item: number) => item);
  expect([...groups]).toEqual([
    [0, [0, -0]],
    [Number.NaN, [Number.NaN, Number.NaN]],
  ]);
});

test('Promise.withResolvers', async () => {
  class Mine<T> extends Promise<T> {}
  const { promise, resolve } = owners.Promise.withResolvers.call(Mine);
  resolve(4);
  expect(promise).toBeInstanceOf(Mine);
  expect(await promise).toBe(4);
  const failing = owners.Promise.withResolvers();
  failing.reject(new Error('no'));
  await expect(failing.promise).rejects.toThrow('no');
});

test('using closes an iterator', async () => {
  const ended: string[] = [];
  function* numbers() {
    try {
      yield 1;
    } finally {
      ended.push('sync');
    }
  }
  async function* later() {
    try {
      yield 1;
    } finally {
      ended.push('async');
    }
  }
  const one = numbers() as ReturnType<typeof numbers> & Disposable;
  one.next();
  one[Symbol.dispose]();
  const other = later() as ReturnType<typeof later> & AsyncDisposable;
  await other.next();
  await other[Symbol.asyncDispose]();
  expect(ended).toEqual(['sync', 'async']);
});

test('are not enumerable, like the whole standard library', () => {
  expect(Object.keys(Object)).toEqual([]);
});
