import { ValueError } from '../errors';
import { Tensor } from '../tensor/tensor';
import { describe } from './combinators';

/**
 * The first argument of a function that is a method of it.
 * @throws {ValueError} if it is no tensor.
 * @internal
 */
export function asTensor(op: string, input: Tensor): Tensor {
  if (input instanceof Tensor) return input;
  throw new ValueError(`${op}: the input must be a tensor, got ${describe(input)}`);
}

/**
 * Calls a method that has several forms.
 * @throws {ValueError} if the input is no tensor.
 * @internal
 */
export function callMethod<R>(op: string, input: Tensor, args: readonly unknown[]): R {
  const x = asTensor(op, input) as unknown as Record<string, (...args: readonly unknown[]) => R>;
  return x[op](...args);
}
