// Checks of the arguments that constructors and functions of layers take.

import { DtypeError, ShapeError, ValueError } from '../errors';
import { describe, requireFloat } from '../ops/combinators';
import { formatShape, type Shape, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';

/** @throws {ValueError} unless each is a whole number, `least` or more. @internal */
export function requireSizes(op: string, sizes: Record<string, number>, least = 1): void {
  for (const [name, size] of Object.entries(sizes))
    if (!Number.isInteger(size) || size < least)
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
  if (!(x instanceof Tensor)) throw new ValueError(`${op}: ${name} must be a tensor, got ${describe(x)}`);
  requireFloat(op, x);
}

/**
 * Checks the tensors that belong to an input: each of `shape` and of the input's dtype, or absent.
 * @throws {ShapeError} for another shape; {@link DtypeError} for another dtype.
 * @internal
 */
export function requireMatching(op: string, x: Tensor, shape: Shape, given: Record<string, Tensor | null>): void {
  for (const [name, t] of Object.entries(given)) {
    if (t === null) continue;
    requireFloatTensor(op, t, name);
    if (!sameShape(t.shape, shape))
      throw new ShapeError(
        `${op}: ${name} has shape ${formatShape(t.shape)}; for this input of shape ${formatShape(x.shape)} it must be ` +
          formatShape(shape),
      );
    if (t.dtype !== x.dtype)
      throw new DtypeError(
        `${op}: ${name} is ${t.dtype}, the input is ${x.dtype}; convert one of them with to('${x.dtype}')`,
      );
  }
}
