import { ValueError } from '../errors';

/**
 * Allocates an array of `n` numbers.
 * @throws {ValueError} if memory is exhausted, with the requested size.
 */
export function roomFor<A>(kind: { new (n: number): A; readonly BYTES_PER_ELEMENT: number }, n: number): A {
  return orRefuse(() => new kind(n), `${n} numbers to compute with`, n * kind.BYTES_PER_ELEMENT);
}

/** Returns the result of `make`; if memory is exhausted, the error names `what` and the bytes. @throws {ValueError} */
export function orRefuse<A>(make: () => A, what: string, bytes: number): A {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ValueError(
      `${what} take${what.startsWith('a ') ? 's' : ''} ${Number((bytes / 1e9).toPrecision(3))} GB, which cannot be had; ` +
        'compute it in parts, or from smaller shapes',
      { cause: error },
    );
  }
}
