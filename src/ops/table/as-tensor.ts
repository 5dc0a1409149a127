import { ValueError } from '../../errors';
import { checkInt32 } from '../../kernels/int32';
import { full } from '../../tensor/creation';
import { resultType } from '../../tensor/dtype';
import { Tensor } from '../../tensor/tensor';
import { noTensor, requireTensor } from './arguments';

/**
 * The first argument of a function that is a method of it.
 * @throws {ValueError} if it is no tensor.
 * @internal
 */
export function asTensor(op: string, input: Tensor): Tensor {
  requireTensor(op, input);
  return input;
}

/** Functions that compute with two numbers too, as PyTorch's do. */
const ofTwoNumbers = new Set(['add', 'sub', 'mul', 'div', 'trueDivide', 'floorDivide']);

/** A boolean, which the types do not offer, counts as PyTorch's. */
const isScalar = (x: unknown): x is number => typeof x === 'number' || typeof x === 'boolean';

/**
 * The first operand of a function that takes a number in its place if the second is a tensor; the number counts as it
 * would in the second place.
 * @throws {ValueError} if neither is a tensor, unless the function is one of two numbers; if the number is whole, and
 * beyond int32.
 * @internal
 */
export function firstOperand(op: string, input: Tensor | number, other: Tensor | number): Tensor {
  if (!isScalar(input)) return asTensor(op, input);
  if (other instanceof Tensor || (isScalar(other) && ofTwoNumbers.has(op))) {
    const dtype = resultType(input, other);
    if (dtype === 'int32') checkInt32(op, Number(input));
    return full([], input, { dtype });
  }
  throw new ValueError(`${op}: one of the two operands must be a tensor, got ${input} and ${noTensor(other)}`);
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
