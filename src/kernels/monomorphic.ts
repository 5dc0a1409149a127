import type { NumberArray } from './strides';

/** A loop for each kind of array, chosen by one of these. */
export type ForEachKind<F> = (like: NumberArray) => F;

/**
 * Returns a loop with a separate copy for each kind of array, selected by one of its arrays: a loop that has seen
 * several kinds is about five times slower. The loop may use only its parameters, because its text is copied; the text
 * may be given instead.
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
