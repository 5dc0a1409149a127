import { requireOneOf } from '../ops/arguments';
import type { LossReduction } from '../ops/losses';
import type { Tensor } from '../tensor/tensor';

/** How the losses of many elements become one: their mean (the default), their sum, or not at all. */
export type Reduction = LossReduction;

/** Option of the losses. */
export interface LossOptions {
  /** `'mean'` (default), `'sum'`, or `'none'` for the loss of every element. */
  reduction?: Reduction;
}

/** Options of losses that weigh their elements. */
export interface WeightedLossOptions extends LossOptions {
  /** Factors of the losses, of the input's shape; default 1. */
  weight?: Tensor | null;
}

/** @throws {ValueError} if the reduction is none of the three. @internal */
export function checkReduction(op: string, { reduction = 'mean' }: LossOptions): Reduction {
  requireOneOf(op, { reduction }, ['mean', 'sum', 'none']);
  return reduction;
}

/** The losses of many elements as the reduction wants them. @internal */
export function reduced(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === 'none') return losses;
  return reduction === 'sum' ? losses.sum() : losses.mean();
}
