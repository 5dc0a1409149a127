import type { LossReduction as Reduction } from '../ops/networks/losses';
import { requireOneOf } from '../ops/table/arguments';
import type { Tensor } from '../tensor/tensor';

export type { LossReduction as Reduction } from '../ops/networks/losses';

/** Option of the losses. */
export interface LossOptions {
  /** `'mean'` (default), `'sum'`, or `'none'` for the loss of every element. */
  reduction?: Reduction;
}

/** Options of losses with weighted elements. */
export interface WeightedLossOptions extends LossOptions {
  /** Factors of the losses, of the input's shape; default 1. */
  weight?: Tensor | null;
}

/** @throws {ValueError} if the reduction is none of the three. @internal */
export function checkReduction(op: string, { reduction = 'mean' }: LossOptions): Reduction {
  // Checking all three costs more than the loss of a few elements.
  if (reduction !== 'mean' && reduction !== 'sum' && reduction !== 'none')
    requireOneOf(op, { reduction }, ['mean', 'sum', 'none']);
  return reduction;
}

/** Applies the reduction to the losses of the elements. @throws {ValueError} if it is none of the three. @internal */
export function reduced(op: string, losses: Tensor, options: LossOptions): Tensor {
  const reduction = checkReduction(op, options);
  if (reduction === 'none') return losses;
  return reduction === 'sum' ? losses.sum() : losses.mean();
}
