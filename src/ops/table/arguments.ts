// Checks of arguments of functions, methods and constructors, with their error messages.

import { describe } from '../../describe';
import { DtypeError, ShapeError, ValueError } from '../../errors';
import { isFloat } from '../../tensor/dtype';
import { requireTensor } from '../../tensor/require';
import { formatShape, type Shape, sameShape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';

export { requireTensor };

/** Returns an operand as derivatives read it: a boolean, which the types exclude, counts as 0 or 1. @internal */
export function asOperand<T>(operand: T): T | number {
  return typeof operand === 'boolean' ? Number(operand) : operand;
}

/** @throws {ValueError} unless it is a number. @internal */
export function requireNumber(op: string, name: string, value: unknown): asserts value is number {
  if (typeof value !== 'number') throw new ValueError(`${op}: ${name} must be a number, got ${describe(value)}`);
}

/** @throws {ValueError} unless it is a list or another iterable, but not a tensor. @internal */
export function requireList(op: string, values: unknown): asserts values is Iterable<unknown> {
  // A collection of modules is callable.
  const isObject = (typeof values === 'object' && values !== null) || typeof values === 'function';
  if (!isObject || !(Symbol.iterator in values) || values instanceof Tensor)
    throw new ValueError(`${op}: needs a list, got ${describe(values)}`);
}

/** @throws {DtypeError} unless the tensor is a float. @internal */
export function requireFloat(op: string, x: Tensor): void {
  requireTensor(op, x);
  if (!isFloat(x.dtype))
    throw new DtypeError(`${op}: needs a float32 or float64 tensor, got ${x.dtype}; convert it with to('float32')`);
}

/** @throws {DtypeError} if it is a bool tensor, as in PyTorch. @internal */
export function requireNumbers(op: string, x: Tensor): void {
  if (x.dtype === 'bool') throw new DtypeError(`${op}: needs numbers, got a bool tensor; convert it with to('uint8')`);
}

/** @throws {ValueError} unless each is a whole number, `least` or more. @internal */
export function requireSizes(op: string, sizes: Record<string, number>, least = 1): void {
  for (const [name, size] of Object.entries(sizes))
    if (!Number.isSafeInteger(size) || size < least)
      throw new ValueError(`${op}: ${name} is ${describe(size)}; it must be a whole number, ${least} or more`);
}

/** @throws {ValueError} unless each is `true` or `false`. @internal */
export function requireBooleans(op: string, flags: Record<string, boolean>): void {
  for (const [name, flag] of Object.entries(flags))
    if (typeof flag !== 'boolean')
      throw new ValueError(`${op}: ${name} is ${describe(flag)}; it must be true or false`);
}

/** @throws {ValueError} unless it is a tensor; {@link DtypeError} unless that is a float. @internal */
export function requireFloatTensor(op: string, x: Tensor, name = 'the input'): void {
  requireTensor(op, x, name);
  requireFloat(op, x);
}

/**
 * Checks optional tensors of a layer: each must have `shape` and the input's dtype, or be absent.
 * @throws {ShapeError} for another shape; {@link DtypeError} for another dtype.
 * @internal
 */
export function requireMatching(op: string, x: Tensor, shape: Shape, given: Record<string, Tensor | null>): void {
  for (const [name, t] of Object.entries(given)) {
    if (t === null) continue;
    requireFloatTensor(op, t, name);
    if (!sameShape(t.sizes, shape))
      throw new ShapeError(
        `${op}: ${name} has shape ${formatShape(t.sizes)}; for this input of shape ${formatShape(x.sizes)} it must be ` +
          formatShape(shape),
      );
    requireDtypeOf(op, x, { [name]: t });
  }
}

/** @throws {DtypeError} unless each has the dtype of `x`, named `called` in the message. @internal */
export function requireDtypeOf(op: string, x: Tensor, given: Record<string, Tensor>, called = 'the input'): void {
  for (const [name, t] of Object.entries(given))
    if (t.dtype !== x.dtype)
      throw new DtypeError(`${op}: ${name} is ${t.dtype}, ${called} is ${x.dtype}; convert it with to('${x.dtype}')`);
}

/** @throws {ValueError} unless each is one of the names. @internal */
export function requireOneOf(op: string, given: Record<string, unknown>, names: readonly unknown[]): void {
  for (const [name, value] of Object.entries(given))
    if (!names.includes(value))
      throw new ValueError(`${op}: ${name} is ${describe(value)}; use ${listed(names.map(describe))}`);
}

const listed = (names: readonly string[]) =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`;
