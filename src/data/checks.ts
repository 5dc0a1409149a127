// Checks of the arguments of datasets, samplers and loaders.

import { describe } from '../describe';
import { IndexError, ValueError } from '../errors';
import { checkOptions } from '../options';

/** @throws {ValueError} unless it has a `length`. @internal */
export function requireSized(op: string, value: unknown, name = 'the dataset'): void {
  const isKnown = typeof value === 'object' && value !== null;
  const { length } = (isKnown || typeof value === 'string' ? value : {}) as { length?: unknown };
  if (typeof length !== 'number')
    throw new ValueError(`${op}: ${name} must have a length, as an array or a Dataset has, got ${describe(value)}`);
}

/** @throws {ValueError} unless it has a `length` and a method `at`. @internal */
export function requireItems(op: string, value: unknown): void {
  requireSized(op, value);
  if (typeof (value as { at?: unknown }).at !== 'function')
    throw new ValueError(
      `${op}: the dataset must have at(index), as an array or a Dataset has, got ${describe(value)}`,
    );
}

/** @throws {ValueError} unless it is iterable and has a `length`. @internal */
export function requireSampler(op: string, value: unknown, name = 'sampler'): void {
  requireSized(op, value, name);
  if (typeof value === 'string' || !(Symbol.iterator in Object(value)))
    throw new ValueError(`${op}: ${name} must be a Sampler or a list, got ${describe(value)}`);
}

/** @throws {ValueError} unless it is a list of whole numbers. @internal */
export function requireIndices(op: string, indices: unknown): void {
  const isList = Array.isArray(indices) || (ArrayBuffer.isView(indices) && !(indices instanceof DataView));
  if (!isList) throw new ValueError(`${op}: the indices must be a list of whole numbers, got ${describe(indices)}`);
  for (const i of indices as unknown[])
    if (!Number.isInteger(i)) throw new ValueError(`${op}: the indices must be whole numbers, got ${describe(i)}`);
}

/**
 * Returns an index counted from the front; negative ones count from the back.
 * @throws {IndexError} if it is outside the dataset.
 * @internal
 */
export function placeOf(dataset: string, index: number, length: number): number {
  if (!Number.isInteger(index) || index < -length || index >= length)
    throw new IndexError(`${dataset}: there is no item ${describe(index)}; there are ${length}, numbered from 0`);
  return index < 0 ? index + length : index;
}

/** @throws {ValueError} unless it is an object with some of these options; `generator` must be a Generator. @internal */
export function requireOptions(op: string, options: unknown, names: readonly string[]): void {
  checkOptions(op, options ?? null, names);
}
