import { describe } from '../describe';
import { ValueError } from '../errors';
import type { Module } from '../nn';
import type { Tensor } from '../tensor/tensor';

/** The mean loss of a batch. */
export type Loss = (output: Tensor, target: Tensor) => Tensor;

/** A net with one input and one output. */
export type Net = Module<[Tensor], Tensor>;

/** @throws {ValueError} unless it can be called. @internal */
export function checkLoss(op: string, loss: unknown): void {
  if (typeof loss !== 'function')
    throw new ValueError(`${op}: loss must be a function or a module, got ${describe(loss)}`);
}
