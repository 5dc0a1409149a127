import { noGrad } from '../../autograd';
import { DtypeError, ShapeError, ValueError } from '../../errors';
import { losses } from '../../ops/networks/losses';
import { requireFloat, requireNumbers, requireTensor } from '../../ops/table/arguments';
import { isFloat, promoteTypes } from '../../tensor/dtype';
import { broadcastShapes, formatShape, sameShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { checkReduction, type LossOptions, type Reduction, reduced, type WeightedLossOptions } from '../reduction';

/** The operation of each reduction. */
const mse = { mean: losses.mseLoss, sum: losses.mseLossSum, none: losses.mseLossNone };

/**
 * Input and target in one dtype and shape. Different shapes broadcast, with a warning.
 * @throws {ShapeError} if they do not broadcast.
 */
function matched(op: string, input: Tensor, target: Tensor): [Tensor, Tensor] {
  requireTensor(op, input);
  requireTensor(op, target, 'the target');
  if (input.dtype === target.dtype && sameShape(input.sizes, target.sizes)) return [input, target];
  const dtype = promoteTypes(input.dtype, target.dtype);
  const [a, b] = [input.to(dtype), target.to(dtype)];
  if (sameShape(a.sizes, b.sizes)) return [a, b];
  const shape = broadcastShapes(op, a.sizes, b.sizes);
  warnOnce(
    `${op}: an input of shape ${formatShape(a.sizes)} meets a target of shape ${formatShape(b.sizes)}; both are ` +
      `stretched to ${formatShape(shape)}, which is seldom what was meant: give them the same shape`,
  );
  return [a.expand(shape), b.expand(shape)];
}

const warned = new Set<string>();

/** Warns without ending the computation; a training loop would say the same in every step. */
function warnOnce(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  // Node's own warnings come after the cell has ended, where nobody sees them.
  console.warn(message);
}

/** @throws {ShapeError} unless there is a weight for each element of the input. */
function checkWeight(op: string, input: Tensor, weight: Tensor): Tensor {
  requireTensor(op, weight, 'the weight');
  if (!sameShape(weight.sizes, input.sizes))
    throw new ShapeError(
      `${op}: a weight of shape ${formatShape(weight.sizes)} does not fit an input of shape ${formatShape(input.sizes)}; ` +
        'they must be equal',
    );
  return weight;
}

/** Losses times their weights; their mean is that of a weighted sample. */
function weighted(op: string, losses: Tensor, input: Tensor, weight: Tensor, reduction: Reduction): Tensor {
  const products = losses.mul(checkWeight(op, input, weight));
  return reduction === 'mean' ? products.sum().div(weight.sum()) : reduced(op, products, { reduction });
}

/**
 * Squared error `(input - target)²`, its mean, or its sum (`torch.nn.functional.mse_loss`). With weights, the mean is the
 * sum of `weight·(input - target)²` divided by that of the weights. Different shapes broadcast,
 * with a warning, because it is seldom what was meant.
 *
 * @example
 * nn.functional.mseLoss(tensor([1, 2]), tensor([1, 4])) // tensor(2.)
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for integers; {@link ValueError} for an
 * unknown reduction.
 */
export function mseLoss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  const reduction = checkReduction('mseLoss', options);
  const [a, b] = matched('mseLoss', input, target);
  if (!isFloat(a.dtype))
    throw new DtypeError(`mseLoss: needs float32 or float64 tensors, got ${input.dtype} and ${target.dtype}`);
  const { weight = null } = options;
  return weight === null ? mse[reduction](a, b) : weighted('mseLoss', a.sub(b).square(), input, weight, reduction);
}

/**
 * Absolute error `|input - target|` (`torch.nn.functional.l1_loss`); its derivative where they are equal is taken as 0.
 * With weights, the mean is the sum of `weight·|input - target|` divided by that of the weights.
 * Different shapes broadcast, with a warning.
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for bools; {@link ValueError} for an unknown
 * reduction.
 */
export function l1Loss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  const reduction = checkReduction('l1Loss', options);
  const [a, b] = matched('l1Loss', input, target);
  requireNumbers('l1Loss', input);
  requireNumbers('l1Loss', target);
  const d = a.sub(b).abs();
  const { weight = null } = options;
  return weight === null ? reduced('l1Loss', d, options) : weighted('l1Loss', d, input, weight, reduction);
}

/** Options of {@link smoothL1Loss}. */
export interface SmoothL1LossOptions extends LossOptions {
  /** Up to this difference the error is quadratic; 0 or more, default 1. */
  beta?: number;
}

/**
 * Huber's loss divided by `beta` (`torch.nn.functional.smooth_l1_loss`): with `d = |input - target|`, `d² / (2·beta)` up
 * to `beta`, then `d - beta/2`. With `beta` 0 it is {@link l1Loss}.
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for integers; {@link ValueError} if an option
 * is out of range.
 */
export function smoothL1Loss(input: Tensor, target: Tensor, options: SmoothL1LossOptions = {}): Tensor {
  const { beta = 1 } = options;
  if (!(beta >= 0)) throw new ValueError(`smoothL1Loss: beta is ${beta}; it must be 0 or more`);
  const [a, b] = matched('smoothL1Loss', input, target);
  if (beta === 0) return l1Loss(input, target, { reduction: checkReduction('smoothL1Loss', options) });
  requireFloat('smoothL1Loss', a);
  return reduced('smoothL1Loss', a.sub(b).huber(beta).div(beta), options);
}

/** Options of {@link huberLoss}. */
export interface HuberLossOptions extends WeightedLossOptions {
  /** Up to this difference the error is quadratic; above 0, default 1. */
  delta?: number;
}

/**
 * Huber's loss (`torch.nn.functional.huber_loss`): with `d = |input - target|`, `d²/2` up to `delta`, then
 * `delta·(d - delta/2)`. With weights, too, the mean is that of all elements, as in PyTorch.
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for integers; {@link ValueError} if an option
 * is out of range.
 */
export function huberLoss(input: Tensor, target: Tensor, options: HuberLossOptions = {}): Tensor {
  const { delta = 1 } = options;
  if (!(delta > 0)) throw new ValueError(`huberLoss: delta is ${delta}; it must be above 0`);
  const [a, b] = matched('huberLoss', input, target);
  requireFloat('huberLoss', input);
  const losses = a.sub(b).huber(delta).to(input.dtype);
  const { weight = null } = options;
  return reduced('huberLoss', weight === null ? losses : losses.mul(checkWeight('huberLoss', input, weight)), options);
}

/** Options of {@link gaussianNllLoss}. */
export interface GaussianNllLossOptions extends LossOptions {
  /** Add the constant `ln(2π)/2`; default `false`. */
  full?: boolean;
  /** Variances below this count as this; default 1e-6. */
  eps?: number;
}

/**
 * Negative log-likelihood of the target under normal distributions with mean `input` and variance `var_`
 * (`torch.nn.functional.gaussian_nll_loss`): `(ln v + (input - target)² / v) / 2`. The variance has the shape of the
 * input, or 1 in its last dimension, or lacks that; or it is one number.
 * @throws {ShapeError} if the shapes do not fit; {@link ValueError} if a variance is negative or an option out of range.
 */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  var_: Tensor | number,
  options: GaussianNllLossOptions = {},
): Tensor {
  const { full = false, eps = 1e-6 } = options;
  if (!(eps > 0)) throw new ValueError(`gaussianNllLoss: eps is ${eps}; it must be above 0`);
  if (typeof var_ !== 'number') requireTensor('gaussianNllLoss', var_, 'the variance');
  let variance = typeof var_ === 'number' ? input.detach().mul(0).add(var_) : var_;
  if (variance.lt(0).any().item() === 1)
    throw new ValueError('gaussianNllLoss: a variance is negative; pass variances, which are 0 or more');
  if (!sameShape(variance.sizes, input.sizes)) variance = varianceFor(input, variance);
  // Raised to eps without a derivative: the gradient passes as if the variance were what it is raised to.
  const raised = noGrad(() => variance.clampMin(eps).sub(variance));
  const v = variance.add(raised);
  const difference = input.sub(target);
  const loss = v.log().add(difference.square().div(v)).div(2);
  return reduced('gaussianNllLoss', full ? loss.add(0.5 * Math.log(2 * Math.PI)) : loss, options);
}

/** A variance that broadcasts against the input: the same for all of the last dimension, or of every case. */
function varianceFor(input: Tensor, variance: Tensor): Tensor {
  const lead = input.sizes.slice(0, -1);
  if (sameShape(variance.sizes, lead)) return variance.unsqueeze(-1);
  const broadcasts =
    variance.ndim === input.ndim && variance.sizes.filter((n, d) => n !== input.sizes[d]).every((n) => n === 1);
  if (broadcasts && variance.sizes.filter((n, d) => n !== input.sizes[d]).length === 1) return variance;
  throw new ShapeError(
    `gaussianNllLoss: a variance of shape ${formatShape(variance.sizes)} does not fit an input of shape ` +
      `${formatShape(input.sizes)}; expected ${formatShape(input.sizes)}, ${formatShape([...lead, 1])} or ${formatShape(lead)}`,
  );
}

/** Options of {@link poissonNllLoss}. */
export interface PoissonNllLossOptions extends LossOptions {
  /** Whether the input is the logarithm of the rate (default `true`) or the rate. */
  logInput?: boolean;
  /** Add Stirling's approximation of `ln target!`; default `false`. */
  full?: boolean;
  /** Added to the rate before its logarithm is taken; default 1e-8. */
  eps?: number;
}

/**
 * Negative log-likelihood of counts under Poisson distributions (`torch.nn.functional.poisson_nll_loss`):
 * `e^input - target·input`, or `input - target·ln(input + eps)` if the input is the rate.
 * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} for an unknown reduction.
 */
export function poissonNllLoss(input: Tensor, target: Tensor, options: PoissonNllLossOptions = {}): Tensor {
  const { logInput = true, full = false, eps = 1e-8 } = options;
  const loss = logInput ? input.exp().sub(target.mul(input)) : input.sub(target.mul(input.add(eps).log()));
  if (!full) return reduced('poissonNllLoss', loss, options);
  const stirling = target
    .mul(target.log())
    .sub(target)
    .add(
      target
        .mul(2 * Math.PI)
        .log()
        .mul(0.5),
    );
  return reduced('poissonNllLoss', loss.add(stirling.maskedFill(target.le(1), 0)), options);
}
