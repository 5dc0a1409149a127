import { noTensor } from '../../describe';
import { ValueError } from '../../errors';
import { checkInt32 } from '../../kernels/int32';
import { full } from '../../tensor/creation';
import { resultType } from '../../tensor/dtype';
import { Tensor } from '../../tensor/tensor';
import { requireTensor } from './arguments';

/**
 * Returns the first argument of a function that is also a method.
 * @throws {ValueError} if it is not a tensor.
 * @internal
 */
export function asTensor(op: string, input: Tensor): Tensor {
  requireTensor(op, input);
  return input;
}

/** Functions that accept two numbers, as in PyTorch. */
const ofTwoNumbers = new Set(['add', 'sub', 'mul', 'div', 'trueDivide', 'floorDivide']);

/** A boolean, which the types exclude, counts as in PyTorch. */
const isScalar = (x: unknown): x is number => typeof x === 'number' || typeof x === 'boolean';

/**
 * Returns the first operand of a function as a tensor; it may be a number if the second is a tensor, and counts as a
 * number would in the second place.
 * @throws {ValueError} if neither is a tensor, unless the function accepts two numbers; or for an integer beyond int32.
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
 * Calls a method with several signatures.
 * @throws {ValueError} if the input is not a tensor.
 * @internal
 */
export function callMethod<R>(op: string, input: Tensor, args: readonly unknown[]): R {
  const x = asTensor(op, input) as unknown as Record<string, (...args: readonly unknown[]) => R>;
  return x[op](...args);
}
