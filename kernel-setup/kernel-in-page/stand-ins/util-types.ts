// Node's util/types, as far as the kernel uses it. Each asks for what only values of that kind have, so no getter of a
// value runs.

/** A page cannot tell a proxy from its target. */
export const isProxy = (_value: unknown): boolean => false;

const answersTo = (method: (this: unknown) => unknown) => (value: unknown) => {
  try {
    method.call(value);
    return true;
  } catch {
    return false;
  }
};

const getterOf = (prototype: object, name: PropertyKey) => Object.getOwnPropertyDescriptor(prototype, name)!.get!;
const tagOfTypedArrays = getterOf(Object.getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag);

export const isDate = answersTo(Date.prototype.getTime);
export const isMap = answersTo(getterOf(Map.prototype, 'size'));
export const isSet = answersTo(getterOf(Set.prototype, 'size'));
export const isTypedArray = (value: unknown): boolean => tagOfTypedArrays.call(value) !== undefined;
const isText = answersTo(String.prototype.valueOf);
export const isStringObject = (value: unknown): boolean => typeof value === 'object' && isText(value);

const sourceOf = answersTo(getterOf(RegExp.prototype, 'source'));
/** The prototype has a source as well. */
export const isRegExp = (value: unknown): boolean => value !== RegExp.prototype && sourceOf(value);

type WithErrors = { isError?: (value: unknown) => boolean };
/** Where the browser cannot say it, what has the class. */
export const isNativeError = (value: unknown): boolean =>
  (Error as WithErrors).isError?.(value) ?? value instanceof Error;
