// The part of Node's util/types that the kernel uses. Each check uses an internal slot of the type, so no getter of a value
// runs.

/** A page cannot detect proxies. */
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
/** Excludes the prototype, which has a source as well. */
export const isRegExp = (value: unknown): boolean => value !== RegExp.prototype && sourceOf(value);

type WithErrors = { isError?: (value: unknown) => boolean };
/** If the browser lacks `Error.isError`, checks the class. */
export const isNativeError = (value: unknown): boolean =>
  (Error as WithErrors).isError?.(value) ?? value instanceof Error;
