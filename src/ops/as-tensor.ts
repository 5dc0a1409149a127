import { ValueError } from '../errors';
import { full } from '../tensor/creation';
import { resultType } from '../tensor/dtype';
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
 * The first operand of a function that takes a number in its place if the second is a tensor; the number counts as it
 * would in the second place.
 * @throws {ValueError} if neither is a tensor.
 * @internal
 */
export function firstOperand(op: string, input: Tensor | number, other: Tensor | number): Tensor {
  if (typeof input !== 'number') return asTensor(op, input);
  if (other instanceof Tensor) return full([], input, { dtype: resultType(input, other) });
  throw new ValueError(`${op}: one of the two operands must be a tensor, got ${input} and ${describe(other)}`);
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
