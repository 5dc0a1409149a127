import type { NumberArray } from './strides';

/** A loop for each kind of array, chosen by one of these. */
export type ForEachKind<F> = (like: NumberArray) => F;

/**
 * A loop as a copy of its own for each kind of array, chosen by one of the arrays it runs over: a loop that has seen
 * several kinds is about five times slower than one that has seen a single kind. The loop may use its parameters only,
 * since it is copied by its text, which may be given in its place.
 */
export function monomorphic<F extends (...args: never[]) => unknown>(loop: F | string): ForEachKind<F> {
  const copies = new Map<unknown, F>();
  return (like) => {
    let copy = copies.get(like.constructor);
    if (copy === undefined) {
      copy = new Function(`return ${loop}`)() as F;
      copies.set(like.constructor, copy);
    }
    return copy;
  };
}
