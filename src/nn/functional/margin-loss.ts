import { DtypeError, IndexError, ShapeError, ValueError } from '../../errors';
import { where } from '../../ops/elementwise/masking';
import { requireFloatTensor } from '../../ops/table/arguments';
import { arange, zerosLike } from '../../tensor/creation';
import { broadcastShapes, formatShape, sameShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { type LossOptions, reduced } from '../reduction';
import { pairwiseDistance } from './distance';
import { checkClassWeights, checkedClasses, checkSameShape } from './targets';

/** Option of the losses that leave what is far enough alone. */
export interface MarginOptions extends LossOptions {
  /** How far apart is far enough; the default is the loss's own. */
  margin?: number;
}

/**
 * Hinge loss of distances (`torch.nn.functional.hinge_embedding_loss`): `x` where the target is 1,
 * `max(0, margin - x)` where it is -1. The margin is 1 by default.
 * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} for an unknown reduction.
 */
export function hingeEmbeddingLoss(input: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  const { margin = 1 } = options;
  const zero = zerosLike(input);
  const far = where(target.ne(1), input.rsub(margin).clampMin(0), zero);
  return reduced('hingeEmbeddingLoss', far.add(where(target.ne(-1), input, zero)), options);
}

/**
 * Whether the first input ranks higher where the target is 1, and lower where it is -1
 * (`torch.nn.functional.margin_ranking_loss`): `max(0, -t·(x₁ - x₂) + margin)`. The margin is 0 by default.
 * @throws {ShapeError} if the shapes do not broadcast or differ in rank; {@link ValueError} for an unknown reduction.
 */
export function marginRankingLoss(input1: Tensor, input2: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  const { margin = 0 } = options;
  checkSameRank('marginRankingLoss', [input1, input2, target]);
  return reduced('marginRankingLoss', target.neg().mul(input1.sub(input2)).add(margin).clampMin(0), options);
}

function checkSameRank(op: string, tensors: readonly Tensor[]): void {
  if (tensors.some((t) => t.ndim !== tensors[0].ndim))
    throw new ShapeError(
      `${op}: the tensors must have the same number of dimensions, got ${tensors.map((t) => formatShape(t.sizes)).join(', ')}`,
    );
}

/**
 * Logistic loss of scores with targets 1 and -1 (`torch.nn.functional.soft_margin_loss`): `ln(1 + e^(-t·x))`.
 * @throws {ShapeError} if the target does not broadcast to the shape of the input; {@link DtypeError} for an input of
 * integers; {@link ValueError} for an unknown reduction.
 */
export function softMarginLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  if (!sameShape(broadcastShapes('softMarginLoss', input.sizes, target.sizes), input.sizes))
    throw new ShapeError(
      `softMarginLoss: a target of shape ${formatShape(target.sizes)} does not broadcast to the input's ` +
        `${formatShape(input.sizes)}`,
    );
  requireFloatTensor('softMarginLoss', input);
  return reduced('softMarginLoss', target.to(input.dtype).neg().mul(input).exp().log1p(), options);
}

/**
 * Loss of pairs of vectors by the cosine of their angle (`torch.nn.functional.cosine_embedding_loss`): `1 - cos` where
 * the target is 1, `max(0, cos - margin)` where it is -1. Inputs are `[N, D]` with a target `[N]`, or `[D]` with `[]`.
 * The margin is 0 by default.
 * @throws {ShapeError} if the shapes do not fit; {@link ValueError} for an unknown reduction.
 */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: MarginOptions = {},
): Tensor {
  const { margin = 0 } = options;
  if (target.ndim > 1 || [input1, input2].some((x) => x.ndim !== target.ndim + 1))
    throw new ShapeError(
      `cosineEmbeddingLoss: inputs of shapes ${formatShape(input1.sizes)} and ${formatShape(input2.sizes)} with a target ` +
        `of shape ${formatShape(target.sizes)}; expected [N, D] twice with [N], or [D] twice with []`,
    );
  // Keeps the length of a zero vector from being 0, as in PyTorch.
  const tiny = 1e-12;
  const squared = (x: Tensor) => x.square().sum(-1).add(tiny);
  const cosine = input1
    .mul(input2)
    .sum(-1)
    .div(squared(input1).mul(squared(input2)).sqrt());
  const zero = zerosLike(cosine);
  const close = where(target.eq(1), cosine.rsub(1), zero);
  return reduced('cosineEmbeddingLoss', close.add(where(target.eq(-1), cosine.sub(margin).clampMin(0), zero)), options);
}

/** Options of {@link multiMarginLoss}. */
export interface MultiMarginLossOptions extends LossOptions {
  /** The power of each term, 1 (default) or 2. */
  p?: number;
  /** By how much the right class shall lead; default 1. */
  margin?: number;
  /** A weight for each class. */
  weight?: Tensor | null;
}

/**
 * Multi-class hinge loss (`torch.nn.functional.multi_margin_loss`):
 * `Σ_{j≠t} w_t·max(0, margin - x_t + x_j)^p / C`, for scores `[N, C]` or `[C]` and classes `[N]` or `[]`.
 * @throws {ShapeError} if the shapes do not fit; {@link IndexError} if a target is no class; {@link ValueError} if an
 * option is out of range; {@link DtypeError} if the target holds no whole numbers.
 */
export function multiMarginLoss(input: Tensor, target: Tensor, options: MultiMarginLossOptions = {}): Tensor {
  const { p = 1, margin = 1, weight = null } = options;
  if (p !== 1 && p !== 2) throw new ValueError(`multiMarginLoss: p is ${p}; it must be 1 or 2`);
  const scores = input.ndim < 2 ? input.reshape([1, -1]) : input;
  const [cases, classes] = scores.sizes;
  checkMultiClass('multiMarginLoss', input, classes);
  if (target.ndim > 1 || target.numel() !== cases)
    throw new ShapeError(
      `multiMarginLoss: a target of shape ${formatShape(target.sizes)} does not fit an input of shape ` +
        `${formatShape(input.sizes)}; expected ${formatShape([cases])}, one class for each case`,
    );
  const own = checkedClasses('multiMarginLoss', target, classes);
  checkClassWeights('multiMarginLoss', input, weight, classes);
  const right = own.reshape([cases, 1]);
  const terms = aboveZero(scores.sub(scores.gather(1, right)).add(margin));
  const powers = p === 1 ? terms : terms.square();
  const weighted = weight === null ? powers : powers.mul(weight.at(own.reshape([cases])).unsqueeze(1));
  const others = weighted.maskedFill(arange(classes).eq(right), 0).sum(1).div(classes);
  return reduced('multiMarginLoss', target.ndim === 0 ? others.reshape([]) : others, options);
}

/** What is above 0; other than with `relu`, a NaN is not. */
const aboveZero = (x: Tensor) => x.where(x.gt(0), 0);

function checkMultiClass(op: string, input: Tensor, classes: number): void {
  if (input.ndim > 2 || classes === 0)
    throw new ShapeError(
      `${op}: an input of shape ${formatShape(input.sizes)}; expected [cases, classes] or [classes], with at least one class`,
    );
}

/**
 * Multi-label hinge loss (`torch.nn.functional.multilabel_margin_loss`): for each case `Σ max(0, 1 - x_t + x_i) / C` over
 * its classes `t` and the classes `i` that are not its own. Input and target are `[N, C]` or `[C]`; the target lists the
 * classes of a case, up to the first -1.
 * @throws {ShapeError} if the shapes differ; {@link IndexError} if a target is no class; {@link DtypeError} if the target
 * holds no whole numbers.
 */
export function multilabelMarginLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const classes = input.ndim === 0 ? 1 : input.sizes[input.ndim - 1];
  checkMultiClass('multilabelMarginLoss', input, classes);
  checkSameShape('multilabelMarginLoss', input, target);
  const numbers = checkedClasses('multilabelMarginLoss', target, classes, -1);
  const scores = input.reshape([-1, classes]);
  const listed = numbers.reshape([-1, classes]);
  // Entries count up to the first -1.
  const counts = listed.lt(0).to('int32').cumsum(1).eq(0);
  const own = arange(classes).eq(listed.unsqueeze(2)).logicalAnd(counts.unsqueeze(2)).any(1);
  const right = scores.gather(1, listed.clampMin(0)).unsqueeze(2);
  const terms = aboveZero(scores.unsqueeze(1).sub(right).add(1));
  const idle = counts.logicalNot().unsqueeze(2).logicalOr(own.unsqueeze(1));
  const loss = terms.maskedFill(idle, 0).sum([1, 2]).div(classes);
  return reduced('multilabelMarginLoss', input.ndim < 2 ? loss.reshape([]) : loss, options);
}

/** Options of {@link tripletMarginLoss}. */
export interface TripletMarginLossOptions extends LossOptions {
  /** By how much the negative shall be farther away than the positive; above 0, default 1. */
  margin?: number;
  /** Which norm measures distance; default 2. */
  p?: number;
  /** Added to the differences; default 1e-6. */
  eps?: number;
  /** Take the distance of positive and negative if it is smaller; default `false`. */
  swap?: boolean;
}

/**
 * Whether an anchor is closer to a positive than to a negative (`torch.nn.functional.triplet_margin_loss`):
 * `max(0, d(anchor, positive) - d(anchor, negative) + margin)`, distances along the last dimension.
 * @throws {ShapeError} if the shapes do not broadcast or differ in rank; {@link ValueError} if an option is out of range.
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginLossOptions = {},
): Tensor {
  const { margin = 1, p = 2, eps = 1e-6, swap = false } = options;
  if (!(margin > 0)) throw new ValueError(`tripletMarginLoss: margin is ${margin}; it must be above 0`);
  checkSameRank('tripletMarginLoss', [anchor, positive, negative]);
  const distance = (a: Tensor, b: Tensor) => pairwiseDistance(a, b, { p, eps });
  const near = distance(anchor, positive);
  const far = distance(anchor, negative);
  const nearest = swap ? far.minimum(distance(positive, negative)) : far;
  return reduced('tripletMarginLoss', near.sub(nearest).add(margin).clampMin(0), options);
}
