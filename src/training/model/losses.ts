// Losses with Keras' names, for probabilities as in Keras.
import { ValueError } from '../../errors';
import { functional } from '../../nn';
import type { Tensor } from '../../tensor/tensor';
import type { Loss } from '../net';

/** A loss with the losses of the rows, or their mean. */
type Reduced = (output: Tensor, target: Tensor, options?: { reduction?: string }) => Tensor;

const reduced =
  (perRow: (output: Tensor, target: Tensor) => Tensor): Reduced =>
  (output, target, { reduction = 'mean' } = {}) =>
    reduction === 'none' ? perRow(output, target) : perRow(output, target).mean();

/** Keras clips probabilities away from 0 and 1. */
const fuzz = 1e-7;
const kept = (p: Tensor) => p.clamp(fuzz, 1 - fuzz);
const logShares = (p: Tensor) => kept(p.div(p.sum(1, { keepdim: true }))).log();
const perRow = (x: Tensor) => (x.ndim > 1 ? x.flatten(1).mean(1) : x);

/** Keras' names of losses, for probabilities; `crossEntropy`, for logits, is PyTorch's. */
export type LossName =
  | 'meanSquaredError'
  | 'meanAbsoluteError'
  | 'huber'
  | 'crossEntropy'
  | 'binaryCrossentropy'
  | 'categoricalCrossentropy'
  | 'sparseCategoricalCrossentropy'
  | 'mse'
  | 'mae';

const losses: Readonly<Record<Exclude<LossName, 'mse' | 'mae'>, Reduced>> = {
  meanSquaredError: functional.mseLoss as Reduced,
  meanAbsoluteError: functional.l1Loss as Reduced,
  huber: functional.huberLoss as Reduced,
  /** For logits and class numbers, as PyTorch's. */
  crossEntropy: functional.crossEntropy as Reduced,
  binaryCrossentropy: reduced((p, y) => perRow(functional.binaryCrossEntropy(kept(p), y, { reduction: 'none' }))),
  categoricalCrossentropy: reduced((p, y) => logShares(p).mul(y).sum(1).neg()),
  sparseCategoricalCrossentropy: reduced((p, y) => functional.nllLoss(logShares(p), y, { reduction: 'none' })),
};

/** @throws {ValueError} for an unknown name. @internal */
export function lossOf(given: Loss | LossName): Loss {
  if (typeof given !== 'string') return given;
  const name = { mse: 'meanSquaredError', mae: 'meanAbsoluteError' }[given as 'mse'] ?? given;
  const found = Object.hasOwn(losses, name) ? losses[name as keyof typeof losses] : undefined;
  if (found === undefined)
    throw new ValueError(
      `compile: there is no loss ${given}; give a function, or one of ${Object.keys(losses).join(', ')}, mse, mae`,
    );
  return found as Loss;
}
