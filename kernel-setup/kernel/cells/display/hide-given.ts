import { inOwnWords, isGiven } from '../../given-names';

/** Functions of cells are as texts what was typed: without what the compiler has added. */
export function hideGiven(): void {
  const { toString: textOf } = Function.prototype;
  Object.assign(Function.prototype, {
    toString(this: unknown) {
      const text = textOf.call(this);
      return isGiven(text) ? inOwnWords(text) : text;
    },
  });
}
