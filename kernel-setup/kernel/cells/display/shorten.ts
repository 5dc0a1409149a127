// `inspect` prints objects with thousands of entries in full. This cuts them, as `inspect` cuts arrays, maps and sets.
import { inspect } from 'node:util';
import { isProxy } from 'node:util/types';

/** Maximum number of entries shown. */
const most = 1000;
/** Maximum depth, and number of objects, of the search for large ones. */
const deepest = 4;
const enough = 10_000;

/** The value itself, or a copy for printing in which large objects are cut. */
export function shortened(value: unknown): unknown {
  return hasLarge(value, 0, new Set()) ? copyOf(value, 0, new Map()) : value;
}

/** Elements of an array that `inspect` shows. */
const ofArray = 100;

/** Entries of an array or object without running getters; empty for objects that print themselves. */
function entriesOf(value: unknown): [string, PropertyDescriptor][] {
  if (typeof value !== 'object' || value === null || isProxy(value)) return [];
  if (!['[object Object]', '[object Array]'].includes(Object.prototype.toString.call(value))) return [];
  if (inspect.custom in value) return [];
  const keys = Array.isArray(value)
    ? Array.from({ length: Math.min(value.length, ofArray) }, (_, i) => String(i))
    : Object.keys(value).slice(0, most);
  return keys.flatMap((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    return descriptor === undefined ? [] : [[key, descriptor] as [string, PropertyDescriptor]];
  });
}

const sizeOf = (value: object): number => (Array.isArray(value) ? 0 : Object.keys(value).length);

function hasLarge(value: unknown, depth: number, seen: Set<unknown>): boolean {
  if (depth > deepest || seen.has(value) || seen.size > enough) return false;
  const entries = entriesOf(value);
  if (entries.length === 0) return false;
  if (sizeOf(value as object) > most) return true;
  seen.add(value);
  return entries.some(([, { value: inner }]) => hasLarge(inner, depth + 1, seen));
}

/** A copy for printing. The same object has the same copy, so cycles remain cycles. */
function copyOf(value: unknown, depth: number, copies: Map<unknown, object>): unknown {
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (depth > deepest || copies.size > enough) return value;
  const entries = entriesOf(value);
  if (entries.length === 0) return value;
  const original = value as object;
  const copy = Array.isArray(original)
    ? Object.setPrototypeOf(original.slice(), Object.getPrototypeOf(original))
    : Object.create(Object.getPrototypeOf(original));
  copies.set(value, copy);
  for (const [key, descriptor] of entries)
    Object.defineProperty(
      copy,
      key,
      'value' in descriptor ? { ...descriptor, value: copyOf(descriptor.value, depth + 1, copies) } : descriptor,
    );
  const more = sizeOf(original) - most;
  if (more > 0) sayMore(copy, more);
  return copy;
}

/** Adds the remark `… more items` that `inspect` adds to arrays. */
function sayMore(copy: object, more: number): void {
  let isInside = false;
  Object.defineProperty(copy, inspect.custom, {
    value(_depth: number, options: object, print: typeof inspect): string | object {
      if (isInside) return copy;
      isInside = true;
      try {
        return print(copy, options).replace(/\n?([ \t]*)\s*\}$/, `,\n$1  ... ${more} more items\n$1}`);
      } finally {
        isInside = false;
      }
    },
  });
}
