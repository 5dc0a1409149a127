// Values in lists and records, one in another: the one way through them.

import { ValueError } from './errors';

/** Lists and records in one another; one that is in itself would have no end. */
const deepest = 100;

/** Whether a value is an object that was written as one, whose parts are looked at. @internal */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Whether a value is a list or a record. @internal */
export const isBranch = (value: unknown): value is readonly unknown[] | Record<string, unknown> =>
  Array.isArray(value) || isRecord(value);

/** @throws {ValueError} where lists and records are deeper than any that is meant. @internal */
export function checkDepth(op: string, depth: number): void {
  if (depth > deepest)
    throw new ValueError(
      `${op === '' ? '' : `${op}: `}lists and objects in one another, ${deepest} deep: is one of them in itself?`,
    );
}

/**
 * The same lists and records with `change` of everything else in them.
 * @throws {ValueError} for one that is in itself.
 * @internal
 */
export function mapNested(op: string, value: unknown, change: (leaf: unknown) => unknown, depth = 0): unknown {
  checkDepth(op, depth);
  if (Array.isArray(value)) return value.map((one) => mapNested(op, one, change, depth + 1));
  if (isRecord(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, mapNested(op, one, change, depth + 1)]),
    );
  return change(value);
}
