import { DtypeError, ShapeError, ValueError } from '../../errors';
import { losses } from '../../ops/networks/losses';
import { requireFloat, requireFloatTensor } from '../../ops/table/arguments';
import { rootOf } from '../../tensor/batched';
import { isFloat } from '../../tensor/dtype';
import type { Tensor } from '../../tensor/tensor';
import { type LossOptions, type Reduction, reduced } from '../reduction';
import { logsigmoid } from './activation';
import { checkSameShape, checkWeights } from './targets';

/** Options of {@link binaryCrossEntropy}. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** A weight for each element; it broadcasts. */
  weight?: Tensor | null;
}

/**
 * Binary cross-entropy `-t·ln p - (1 - t)·ln(1 - p)` of probabilities `p` with targets `t` between 0 and 1
 * (`torch.nn.functional.binary_cross_entropy`). Logarithms are bounded below by -100.
 * @throws {ShapeError} if the shapes differ; {@link ValueError} if an input or target is not between 0 and 1;
 * {@link DtypeError} if one is not a float.
 */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options: BinaryCrossEntropyOptions = {}): Tensor {
  const { weight = null } = options;
  checkWeights('binaryCrossEntropy', { weight });
  checkSameShape('binaryCrossEntropy', input, target);
  if (!isFloat(input.dtype) || input.dtype !== target.dtype)
    throw new DtypeError(
      `binaryCrossEntropy: input and target must be floats of one dtype, got ${input.dtype} and ${target.dtype}`,
    );
  for (const p of rootOf(input).detach().toArray())
    if (!(p >= 0 && p <= 1))
      throw new ValueError(
        `binaryCrossEntropy: the input ${p} is not a probability between 0 and 1; for scores, which may be any number, use ` +
          'binaryCrossEntropyWithLogits',
      );
  for (const t of rootOf(target).detach().toArray())
    if (!(t >= 0 && t <= 1)) throw new ValueError(`binaryCrossEntropy: the target ${t} is not between 0 and 1`);
  const loss = losses.binaryCrossEntropy(input, target);
  return reduced('binaryCrossEntropy', weight === null ? loss : loss.mul(weight), options);
}

/** Options of {@link binaryCrossEntropyWithLogits}. */
export interface BinaryCrossEntropyWithLogitsOptions extends BinaryCrossEntropyOptions {
  /** How much more positive targets count, for each class (the last dimension); it broadcasts. */
  posWeight?: Tensor | null;
}

/**
 * {@link binaryCrossEntropy} of the sigmoid of scores `x` (`torch.nn.functional.binary_cross_entropy_with_logits`),
 * computed without overflow: `(1 - t)·x - (1 + (posWeight - 1)·t)·ln σ(x)`.
 * @throws {ShapeError} if the shapes differ; {@link DtypeError} if one is not a float; {@link ValueError} for an unknown
 * reduction.
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  options: BinaryCrossEntropyWithLogitsOptions = {},
): Tensor {
  const { weight = null, posWeight = null } = options;
  checkWeights('binaryCrossEntropyWithLogits', { weight, posWeight });
  checkSameShape('binaryCrossEntropyWithLogits', input, target);
  requireFloat('binaryCrossEntropyWithLogits', input);
  requireFloatTensor('binaryCrossEntropyWithLogits', target, 'the target');
  const logs = logsigmoid(input);
  const weighted = posWeight === null ? logs : logs.mul(posWeight.sub(1).mul(target).add(1));
  const loss = input.mul(target.rsub(1)).sub(weighted);
  return reduced('binaryCrossEntropyWithLogits', weight === null ? loss : loss.mul(weight), options);
}

/** Options of {@link klDiv}. */
export interface KlDivOptions {
  /**
   * `'mean'` (default) over all elements, `'batchmean'` over the first dimension, which is the divergence, `'sum'`, or
   * `'none'`.
   */
  reduction?: Reduction | 'batchmean';
  /** Whether the target, too, holds logarithms; default `false`. */
  logTarget?: boolean;
}

/**
 * Kullback-Leibler divergence from the distribution `e^input` to the target `t` (`torch.nn.functional.kl_div`), element
 * by element: `t·(ln t - input)`, 0 where `t` is 0.
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} if one is not a float; {@link ValueError} for
 * an unknown reduction.
 */
export function klDiv(input: Tensor, target: Tensor, options: KlDivOptions = {}): Tensor {
  const { reduction = 'mean', logTarget = false } = options;
  requireFloatTensor('klDiv', input);
  requireFloatTensor('klDiv', target, 'the target');
  const loss = logTarget ? target.exp().mul(target.sub(input)) : target.xlogy(target).sub(target.mul(input));
  if (reduction !== 'batchmean') return reduced('klDiv', loss, { reduction });
  return input.ndim === 0 ? loss.sum() : loss.sum().div(input.sizes[0]);
}

/** Options of {@link multilabelSoftMarginLoss}. */
export interface MultilabelSoftMarginLossOptions extends LossOptions {
  /** A weight for each class. */
  weight?: Tensor | null;
}

/**
 * Binary cross-entropy of every class, averaged over the classes, the last dimension
 * (`torch.nn.functional.multilabel_soft_margin_loss`): `-t·ln σ(x) - (1 - t)·ln σ(-x)`.
 * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} for an unknown reduction.
 */
export function multilabelSoftMarginLoss(
  input: Tensor,
  target: Tensor,
  options: MultilabelSoftMarginLossOptions = {},
): Tensor {
  const { weight = null } = options;
  checkWeights('multilabelSoftMarginLoss', { weight });
  if (input.ndim === 0) throw new ShapeError('multilabelSoftMarginLoss: the input has shape [] and so no classes');
  const loss = target
    .mul(logsigmoid(input))
    .add(target.rsub(1).mul(logsigmoid(input.neg())))
    .neg();
  return reduced('multilabelSoftMarginLoss', (weight === null ? loss : loss.mul(weight)).mean(-1), options);
}
