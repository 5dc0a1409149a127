// Cleanup of an interrupted cell: `finally`, and `using`, which compiles to it. Awaits in a `try` with a `finally` reject,
// the innermost first, and the cell is answered when all of these blocks have been left. Compiled code calls `guard`, `wait`,
// `each`, `cleanup` and `left` (compiler/awaits.ts).
import type { ParentId } from '../../process-messages';
import { flow, here, KernelInterrupt, type Parent, restore } from '../parent/parent';

/** A running `try` with a `finally`. */
interface Guard {
  readonly parent: Parent;
  /** Rejects the await inside it; undefined if nothing is awaited. */
  cancel: (() => void) | undefined;
  /** Whether its `finally` is running. */
  cleansUp: boolean;
  /** Called when it has been left. */
  onLeft: (() => void) | undefined;
}

/** In the order in which they began, so the innermost is the last. */
const guards = new Set<Guard>();

function guard(): Guard {
  const self: Guard = { parent: here(), cleansUp: false, cancel: undefined, onLeft: undefined };
  guards.add(self);
  return self;
}

/**
 * Called at the start of a `finally`. @param waits whether it contains an `await`; if so, compiled code calls `left` at
 * its end
 */
function cleanup(self: Guard, waits: boolean): void {
  self.cleansUp = true;
  restore(self.parent);
  if (!waits) left(self);
}

function left(self: Guard): void {
  guards.delete(self);
  self.onLeft?.();
}

/** The value that an `await` in the `try` waits for. It rejects on an interrupt. */
function wait<T>(self: Guard, value: T | PromiseLike<T>): T | Promise<T> {
  if (typeof (value as PromiseLike<T> | undefined)?.then !== 'function') return value as T;
  return new Promise<T>((resolve, reject) => {
    self.cancel = () => reject(new KernelInterrupt());
    void settle(self, value, resolve, reject);
  });
}

async function settle<T>(
  self: Guard,
  value: T | PromiseLike<T>,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): Promise<void> {
  try {
    resolve(await value);
  } catch (error) {
    reject(error);
  } finally {
    self.cancel = undefined;
  }
}

type Source<T> = AsyncIterable<T> | Iterable<T>;

/** The source of a `for await` in the `try`. Each step rejects on an interrupt. */
function each<T>(self: Guard, source: Source<T>): AsyncIterable<T> {
  const iterator = iteratorOf(source);
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => wait(self, iterator.next()),
      return: async (value) => iterator.return?.(value) ?? { done: true, value },
    }),
  };
}

function iteratorOf<T>(source: Source<T>): AsyncIterator<T> {
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  return (async function* () {
    yield* source;
  })();
}

Object.assign(flow, { guard, cleanup, left, wait, each });

const openOf = (id: ParentId) =>
  [...guards].filter(
    ({ parent, cancel, cleansUp }) => parent.id === id && parent.cancelled && (cancel !== undefined || cleansUp),
  );

/** Whether an interrupted request has an await to reject or a `finally` that still runs. */
export const hasCleanup = (id: ParentId): boolean => openOf(id).length > 0;

/** Rejects the awaits of an interrupted request from the inside out, and waits until all of its cleanup has run. */
export async function cleanedUp(id: ParentId): Promise<void> {
  for (;;) {
    const innermost = openOf(id).at(-1);
    if (innermost === undefined) return;
    const isLeft = new Promise<void>((resolve) => {
      innermost.onLeft = resolve;
    });
    innermost.cancel?.();
    await isLeft;
  }
}
