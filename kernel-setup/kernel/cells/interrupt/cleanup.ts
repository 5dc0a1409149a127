// What an interrupted cell has to tidy up: `finally`, and `using`, which is one when it has been compiled. Code in a `try` with a
// `finally` that waits for something is told of the interrupt there, the innermost first, and the cell is answered when all of
// them have been left. Compiled code calls `guard`, `wait` and `each` (compiler/awaits.ts).
import type { ParentId } from '../../process-messages';
import { flow, here, KernelInterrupt, type Parent, restore } from '../parent/parent';

/** A `try` with a `finally`, from its beginning until it has been left. */
interface Guard {
  readonly parent: Parent;
  /** Ends what is waited for in it, by an error. */
  cancel: (() => void) | undefined;
  /** Whether its `finally` runs. */
  cleansUp: boolean;
  /** To be told when it has been left. */
  onLeft: (() => void) | undefined;
}

/** Those that have not been left, in the order in which they began: within each other, the innermost is the last. */
const guards = new Set<Guard>();

function guard(): Guard {
  const self: Guard = { parent: here(), cleansUp: false, cancel: undefined, onLeft: undefined };
  guards.add(self);
  return self;
}

/** Its `finally` begins. @param waits whether it waits for something itself; else nothing comes between */
function cleanup(self: Guard, waits: boolean): void {
  self.cleansUp = true;
  restore(self.parent);
  if (!waits) left(self);
}

function left(self: Guard): void {
  guards.delete(self);
  self.onLeft?.();
}

/** What `await` waits for in the `try`: it, or the interrupt. */
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

/** What `for await` goes through in the `try`. */
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

/** Whether an interrupted request has something to tidy up that waits, or waits itself. */
export const hasCleanup = (id: ParentId): boolean => openOf(id).length > 0;

/** Ends what an interrupted request waits for, from the inside, and waits until it has tidied up. */
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
