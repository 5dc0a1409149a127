// The part of Node's util that the kernel uses.
export { inspect } from 'node-inspect-extracted';

/** For values of widgets: numbers, strings, dates, lists and plain objects of them. */
export function isDeepStrictEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return a.getTime() === (b as Date).getTime();
  const keys = Reflect.ownKeys(a);
  const isSame = (key: PropertyKey) => key in b && isDeepStrictEqual(Reflect.get(a, key), Reflect.get(b, key));
  return keys.length === Reflect.ownKeys(b).length && keys.every(isSame);
}
