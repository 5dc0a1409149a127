// Nested lists and records: the walker that all code uses.

import { ValueError } from './errors';

/** The largest depth of lists and records; cyclic ones exceed it. */
const deepest = 100;

/** Whether a value is a plain object, whose members are visited. @internal */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Whether a value is a list or a record. @internal */
export const isBranch = (value: unknown): value is readonly unknown[] | Record<string, unknown> =>
  Array.isArray(value) || isRecord(value);

/** @throws {ValueError} if lists and records are nested too deeply or cyclic. @internal */
export function checkDepth(op: string, depth: number): void {
  if (depth > deepest)
    throw new ValueError(
      `${op === '' ? '' : `${op}: `}lists and objects in one another, ${deepest} deep: is one of them in itself?`,
    );
}

/**
 * Returns the same lists and records with `change` applied to every other value in them.
 * @throws {ValueError} if they are cyclic.
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
