import { ValueError } from '../errors';

/**
 * An array of `n` numbers to compute with.
 * @throws {ValueError} if there is not so much memory, saying how much was asked for.
 */
export function roomFor<A>(kind: { new (n: number): A; readonly BYTES_PER_ELEMENT: number }, n: number): A {
  return orRefuse(() => new kind(n), `${n} numbers to compute with`, n * kind.BYTES_PER_ELEMENT);
}

/** What `make` gives; where it finds no memory, the error says `what` would have taken how many bytes. @throws {ValueError} */
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
