import { inOwnWords, isGiven } from '../../given-names';

/** `toString` of a cell's function returns the source as typed, without the compiler's insertions. */
export function hideGiven(): void {
  const { toString: textOf } = Function.prototype;
  Object.assign(Function.prototype, {
    toString(this: unknown) {
      const text = textOf.call(this);
      return isGiven(text) ? inOwnWords(text) : text;
    },
  });
}
