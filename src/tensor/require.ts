import { noTensor } from '../describe';
import { ValueError } from '../errors';
import { Tensor } from './tensor';

/** @throws {ValueError} unless it is a tensor. @internal */
export function requireTensor(op: string, x: unknown, name = 'the input'): asserts x is Tensor {
  if (!(x instanceof Tensor)) throw new ValueError(`${op}: ${name} must be a tensor, got ${noTensor(x)}`);
}

/** @throws {ValueError} for a tensor where a list of tensors is expected. @internal */
export function requireTensorList(op: string, x: unknown): void {
  if (x instanceof Tensor) throw new ValueError(`${op}: needs a list of tensors, as in ${op}([x, y]), got a tensor`);
}
