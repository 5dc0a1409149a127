import { noGrad } from '../../autograd';
import { whole } from '../../cancellation';
import { ShapeError, ValueError } from '../../errors';
import { numel } from '../../kernels/strides';
import { normalization } from '../../ops/networks/normalization';
import type { Dims } from '../../ops/reduction/dims';
import { requireFloatTensor, requireMatching, requireSizes } from '../../ops/table/arguments';
import { isBatched, WritesShared } from '../../tensor/batched';
import { checkDims, checkShape, formatShape, type Shape, sameShape } from '../../tensor/shape';
import { fresh, type Tensor } from '../../tensor/tensor';
import { avgPool2d } from './dimensions';

/** Mean and variance, kept over several batches, and how far a new batch moves them. */
interface Running {
  readonly mean: Tensor | null;
  readonly variance: Tensor | null;
  readonly momentum: number;
}

/**
 * The input with mean 0 and variance 1 over `dims`, times weight plus bias as far as they are given; running statistics of
 * its channels, if any, are brought up to date.
 */
function standardized(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  dims: readonly number[],
  eps: number,
  running?: Running,
): Tensor {
  const { output, mean, variance } = normalization.standardize(x, weight, bias, dims, eps);
  if (running !== undefined && x.numel() > 0) whole(() => update(running, mean, variance, x.numel() / mean.numel()));
  return output;
}

/** `running = (1 - momentum)·running + momentum·batch`, in place, with the unbiased variance of `count` values. */
function update({ mean, variance, momentum }: Running, batchMean: Tensor, batchVariance: Tensor, count: number): void {
  moveTowards(mean, batchMean, 1, momentum);
  moveTowards(variance, batchVariance, count / (count - 1), momentum);
}

/** Moves `running` towards `factor` times the batch's statistics `[N, C, …]`, averaged over all but the channels. */
function moveTowards(running: Tensor | null, batch: Tensor, factor: number, momentum: number): void {
  if (running === null) return;
  if (isBatched(batch) && !isBatched(running))
    throw new WritesShared(
      'batchNorm: inside vmap the running statistics, which are the same for all examples, would be modified in place by each; ' +
        'use trackRunningStats: false, eval(), or groupNorm',
    );
  const values = batch.toArray();
  const moved = running.toArray();
  const channels = moved.length;
  const share = (momentum * factor * channels) / values.length;
  for (let c = 0; c < channels; c++) {
    let total = 0;
    for (let i = c; i < values.length; i += channels) total += values[i];
    moved[c] = (1 - momentum) * moved[c] + share * total;
  }
  noGrad(() => running.copy_(fresh(moved, running.sizes, running.dtype)));
}

/** A vector with an entry for each channel, in a shape that broadcasts along dimension 1 of `x`. */
const perChannel = <V extends Tensor | null>(x: Tensor, vector: V) =>
  vector === null || x.ndim === 2 ? vector : vector.reshape([vector.numel(), ...x.sizes.slice(2).map(() => 1)]);

/** `y·weight + bias` as far as they are given. */
function affine(y: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor {
  if (weight === null) return bias === null ? y : y.add(bias);
  return bias === null ? y.mul(weight) : bias.addcmul(y, weight);
}

const affinePerChannel = (y: Tensor, weight: Tensor | null, bias: Tensor | null) =>
  affine(y, perChannel(y, weight), perChannel(y, bias));

/** @throws {ShapeError} if there are no channels: fewer than two dimensions, unless there is nothing at all. */
function channelsOf(op: string, x: Tensor): number {
  requireFloatTensor(op, x);
  if (x.ndim < 2 && x.numel() > 0)
    throw new ShapeError(`${op}: needs an input [N, C, …] with two dimensions or more, got ${formatShape(x.sizes)}`);
  return x.sizes[1] ?? 0;
}

/** @throws {ShapeError} if only one value has to be its own mean, which leaves nothing of it. */
function requireSpread(op: string, x: Tensor, count: number, each: string): void {
  if (count === 1)
    throw new ShapeError(
      `${op}: an input of shape ${formatShape(x.sizes)} has one value for each ${each}, which has no variance; ` +
        'it needs more than one',
    );
}

/** Options of {@link batchNorm}. */
export interface BatchNormOptions {
  /** Factor of each channel; default: none. */
  weight?: Tensor | null;
  /** Summand of each channel; default: none. */
  bias?: Tensor | null;
  /** Use the statistics of this batch, and bring the running ones up to date, instead of using those; default `false`. */
  training?: boolean;
  /** Part of the new statistics in the running ones; default 0.1. */
  momentum?: number;
  /** Added to the variance; default 1e-5. */
  eps?: number;
}

/**
 * Batch normalization (`torch.nn.functional.batch_norm`): `(x - μ) / √(σ² + eps) · weight + bias` for each channel of an
 * input `[N, C, …]`, with mean `μ` and variance `σ²` over all its values in the batch if `training`, and with
 * `runningMean` and `runningVar` otherwise. In training these are changed in place, to
 * `(1 - momentum)·running + momentum·batch`, with the batch's unbiased variance. Running statistics, weight and bias are
 * `[C]` or `null`.
 * @throws {ShapeError} if the shapes do not fit, or training has one value for each channel; {@link DtypeError} if the
 * dtypes differ or are no floats; {@link ValueError} without running statistics outside training, or if `eps` is
 * negative, or 0 in training.
 */
export function batchNorm(
  input: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  options: BatchNormOptions = {},
): Tensor {
  const { weight = null, bias = null, training = false, momentum = 0.1, eps = 1e-5 } = options;
  const channels = channelsOf('batchNorm', input);
  requireMatching('batchNorm', input, [channels], { runningMean, runningVar, weight, bias });
  if (training) {
    requireSpread('batchNorm', input, input.numel() / channels, 'channel');
    requirePositive('batchNorm', eps);
    const dims = [...input.sizes.keys()].filter((d) => d !== 1);
    const running = { mean: runningMean, variance: runningVar, momentum };
    return standardized(input, perChannel(input, weight), perChannel(input, bias), dims, eps, running);
  }
  if (runningMean === null || runningVar === null)
    throw new ValueError(
      'batchNorm: needs runningMean and runningVar unless it is training; pass them, or { training: true }',
    );
  if (!(eps >= 0)) throw new ValueError(`batchNorm: eps is ${eps}; it must be 0 or more`);
  const scale = runningVar.add(eps).rsqrt();
  const factor = weight === null ? scale : scale.mul(weight);
  return affinePerChannel(input.sub(perChannel(input, runningMean)), factor, bias);
}

function requirePositive(op: string, eps: number): void {
  if (!(eps > 0)) throw new ValueError(`${op}: eps is ${eps}; it must be more than 0 in training`);
}

/** Options of {@link instanceNorm}. */
export interface InstanceNormOptions {
  /** Running means `[C]`, changed in place if the input's statistics are used. */
  runningMean?: Tensor | null;
  /** Running variances `[C]`. */
  runningVar?: Tensor | null;
  /** Factor of each channel; default: none. */
  weight?: Tensor | null;
  /** Summand of each channel; default: none. */
  bias?: Tensor | null;
  /** Use the statistics of each case (the default) instead of the running ones. */
  useInputStats?: boolean;
  /** Part of the new statistics in the running ones; default 0.1. */
  momentum?: number;
  /** Added to the variance; default 1e-5. */
  eps?: number;
}

/**
 * Instance normalization (`torch.nn.functional.instance_norm`): batch normalization of every case by itself, over the
 * dimensions after the channels of an input `[N, C, …]`. Running statistics take the mean over the cases.
 * @throws {ShapeError} if the shapes do not fit, or there is one value for each channel of a case; {@link DtypeError} if
 * the dtypes differ or are no floats; {@link ValueError} if there are no statistics to use.
 */
export function instanceNorm(input: Tensor, options: InstanceNormOptions = {}): Tensor {
  const { runningMean = null, runningVar = null, weight = null, bias = null, useInputStats = true } = options;
  const { momentum = 0.1, eps = 1e-5 } = options;
  if (!useInputStats) return batchNorm(input, runningMean, runningVar, { weight, bias, eps });
  const channels = channelsOf('instanceNorm', input);
  requireMatching('instanceNorm', input, [channels], { runningMean, runningVar, weight, bias });
  const spatial = input.sizes.slice(2);
  requireSpread('instanceNorm', input, numel(spatial), 'channel of a case');
  requirePositive('instanceNorm', eps);
  const dims = spatial.map((_, d) => d + 2);
  const running = { mean: runningMean, variance: runningVar, momentum };
  return standardized(input, perChannel(input, weight), perChannel(input, bias), dims, eps, running);
}

/** Options of {@link groupNorm} and {@link layerNorm}. */
export interface GroupNormOptions {
  /** Factor of each channel (or element); default: none. */
  weight?: Tensor | null;
  /** Summand of each channel (or element); default: none. */
  bias?: Tensor | null;
  /** Added to the variance; default 1e-5. */
  eps?: number;
}

/**
 * Group normalization (`torch.nn.functional.group_norm`): `(x - μ) / √(σ² + eps) · weight + bias`, where mean and
 * variance are those of a group of neighbouring channels in one case of an input `[N, C, …]`; weight and bias are `[C]`.
 * @throws {ShapeError} if the channels do not divide into `numGroups`, or the shapes do not fit; {@link DtypeError} if the
 * dtypes differ or are no floats.
 */
export function groupNorm(input: Tensor, numGroups: number, options: GroupNormOptions = {}): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } = options;
  requireSizes('groupNorm', { numGroups });
  const channels = channelsOf('groupNorm', input);
  if (channels % numGroups !== 0)
    throw new ShapeError(
      `groupNorm: the ${channels} channels of an input of shape ${formatShape(input.sizes)} do not divide into ` +
        `${numGroups} groups of one size`,
    );
  requireMatching('groupNorm', input, [channels], { weight, bias });
  const perGroup = (channels / numGroups) * numel(input.sizes.slice(2));
  requireSpread('groupNorm', input, input.sizes[0] * perGroup, 'group');
  const groups = input.reshape([input.sizes[0], numGroups, perGroup]);
  return affinePerChannel(standardized(groups, null, null, [2], eps).reshape(input.sizes), weight, bias);
}

/** The last dimensions of the input, which must have the sizes of `normalizedShape`. */
function lastDims(op: string, x: Tensor, normalizedShape: Shape): number[] {
  requireFloatTensor(op, x);
  checkShape(op, normalizedShape);
  const lead = x.ndim - normalizedShape.length;
  if (normalizedShape.length === 0 || lead < 0 || !sameShape(x.sizes.slice(lead), normalizedShape))
    throw new ShapeError(
      `${op}: an input of shape ${formatShape(x.sizes)} does not end in the normalizedShape ` +
        `${formatShape(normalizedShape)}`,
    );
  return normalizedShape.map((_, d) => lead + d);
}

/**
 * Layer normalization (`torch.nn.functional.layer_norm`): `(x - μ) / √(σ² + eps) · weight + bias`, with mean and variance
 * over the last dimensions, whose sizes are `normalizedShape`; weight and bias have that shape.
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ or are no floats.
 */
export function layerNorm(input: Tensor, normalizedShape: readonly number[], options: GroupNormOptions = {}): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } = options;
  const dims = lastDims('layerNorm', input, normalizedShape);
  requireMatching('layerNorm', input, normalizedShape, { weight, bias });
  return standardized(input, weight, bias, dims, eps);
}

/** Options of {@link rmsNorm}. */
export interface RmsNormOptions {
  /** Factor of each element, of shape `normalizedShape`; default: none. */
  weight?: Tensor | null;
  /** Added to the mean square; default: the distance from 1 to the next number of the dtype. */
  eps?: number | null;
}

const machineEpsilon = { float32: 2 ** -23, float64: Number.EPSILON };

/**
 * Division by the root mean square of the last dimensions (`torch.nn.functional.rms_norm`):
 * `x / √(mean(x²) + eps) · weight`.
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ or are no floats.
 */
export function rmsNorm(input: Tensor, normalizedShape: readonly number[], options: RmsNormOptions = {}): Tensor {
  const dims = lastDims('rmsNorm', input, normalizedShape);
  const { weight = null } = options;
  const eps = options.eps ?? machineEpsilon[input.dtype as keyof typeof machineEpsilon];
  requireMatching('rmsNorm', input, normalizedShape, { weight });
  const meanSquare = input.square().mean(dims, { keepdim: true });
  return affine(input.mul(meanSquare.add(eps).rsqrt()), weight, null);
}

/** Options of {@link localResponseNorm}. */
export interface LocalResponseNormOptions {
  /** Factor of the mean square; default 1e-4. */
  alpha?: number;
  /** Exponent; default 0.75. */
  beta?: number;
  /** Added to the mean square; default 1. */
  k?: number;
}

/**
 * Division by the mean square of neighbouring channels (`torch.nn.functional.local_response_norm`), after Krizhevsky and
 * others: `x / (k + alpha/size·Σ x²)^beta` for an input `[N, C, …]`, where the sum is over `size` channels around each.
 * @throws {ShapeError} for fewer than three dimensions; {@link DtypeError} for integers; {@link ValueError} if `size` is
 * no whole number above 0.
 */
export function localResponseNorm(input: Tensor, size: number, options: LocalResponseNormOptions = {}): Tensor {
  const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
  requireSizes('localResponseNorm', { size });
  const channels = channelsOf('localResponseNorm', input);
  if (input.ndim < 3)
    throw new ShapeError(
      `localResponseNorm: needs an input [N, C, …] with three dimensions or more, got ${formatShape(input.sizes)}`,
    );
  if (input.numel() === 0) return input;
  // Channels stand as the rows of an image: windows of `size` rows with one window to spare at the end, if size is even.
  const squares = input.square().reshape([input.sizes[0], channels, -1]);
  const windows = avgPool2d(squares, [size, 1], { stride: 1, padding: [Math.floor(size / 2), 0] });
  const means = windows.narrow(1, 0, channels).reshape(input.sizes);
  return input.div(means.mul(alpha).add(k).pow(beta));
}

/** Options of {@link normalize}. */
export interface NormalizeOptions {
  /** Which norm; default 2. */
  p?: number;
  /** The dimension, or the dimensions, along which the vectors lie; default 1. */
  dim?: Dims;
  /** Norms below this count as this; default 1e-12. */
  eps?: number;
}

/**
 * Vectors along `dim` divided by their `p`-norm (`torch.nn.functional.normalize`): `x / max(‖x‖_p, eps)`.
 * @throws {IndexError} if there is no dimension `dim`; {@link DtypeError} for integers.
 */
export function normalize(input: Tensor, options: NormalizeOptions = {}): Tensor {
  const { p = 2, dim = 1, eps = 1e-12 } = options;
  requireFloatTensor('normalize', input);
  checkDims('normalize', dim, input.ndim);
  return input.div(input.norm(p, dim, { keepdim: true }).clampMin(eps));
}
