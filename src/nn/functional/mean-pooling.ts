import { ValueError } from '../../errors';
import { resampling } from '../../ops/networks/resampling';
import { requireFloat, requireTensor, shown } from '../../ops/table/arguments';
import { asInt32 } from '../../ops/table/exact-integers';
import * as names from '../../option-names';
import { checkOptions } from '../../options';
import { refuseSurplus } from '../../surplus';
import type { Tensor } from '../../tensor/tensor';
import { type PerDimension, perDimension, requireSpatial } from '../spatial';
import { type AdaptiveSize, adaptiveMean, summing, windowsOf } from '../windows';

/** Options of {@link avgPool2d} and {@link avgPool3d}. */
export interface AvgPool2dOptions {
  /** Distance between neighbouring windows; default the size of a window. */
  stride?: PerDimension | null;
  /** Zeros around the input; at most half of a window; default 0. */
  padding?: PerDimension;
  /** Count a last window that reaches beyond the padding; default `false`. */
  ceilMode?: boolean;
  /** Count the zeros of the padding in the mean; default `true`. */
  countIncludePad?: boolean;
  /** Divide by this number instead of the number of elements. */
  divisorOverride?: number | null;
}

/** Options of {@link avgPool1d}. */
export type AvgPool1dOptions = Omit<AvgPool2dOptions, 'divisorOverride'>;

/** Options of {@link lpPool1d} to {@link lpPool3d}. */
export interface LpPoolOptions {
  /** Distance between neighbouring windows; default the size of a window. */
  stride?: PerDimension | null;
  /** Count a last window that reaches beyond the input; default `false`. */
  ceilMode?: boolean;
}

/**
 * Mean of each window of `[N, C, L]` or `[C, L]` (`torch.nn.functional.avg_pool1d`); see {@link avgPool2d}.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for bytes and bools; {@link ValueError} if an argument is
 * out of range.
 *
 * @example
 * nn.functional.avgPool1d(tensor([[1, 3, 2, 6]]), 2, { padding: 1, countIncludePad: false }).tolist() // [[1, 2.5, 6]]
 */
export function avgPool1d(input: Tensor, kernelSize: PerDimension, options: AvgPool1dOptions = {}): Tensor {
  if (arguments.length > 3) refuseSurplus('avgPool1d', arguments, 3);
  requireTensor('avgPool1d', input);
  checkOptions('avgPool1d', options, names.AvgPool1dOptions);
  return avgPool('avgPool1d', 1, input, kernelSize, options);
}

/**
 * Mean of each window of `[N, C, H, W]` or `[C, H, W]` (`torch.nn.functional.avg_pool2d`); that of
 * integers is cut off to an integer.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for bytes and bools; {@link ValueError} if an argument is
 * out of range.
 */
export function avgPool2d(input: Tensor, kernelSize: PerDimension, options: AvgPool2dOptions = {}): Tensor {
  if (arguments.length > 3) refuseSurplus('avgPool2d', arguments, 3);
  requireTensor('avgPool2d', input);
  checkOptions('avgPool2d', options, names.AvgPool2dOptions);
  return avgPool('avgPool2d', 2, input, kernelSize, options);
}

/**
 * Mean of each window of `[N, C, D, H, W]` or `[C, D, H, W]` (`torch.nn.functional.avg_pool3d`); see {@link avgPool2d}.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for bytes and bools; {@link ValueError} if an argument is
 * out of range.
 */
export function avgPool3d(input: Tensor, kernelSize: PerDimension, options: AvgPool2dOptions = {}): Tensor {
  if (arguments.length > 3) refuseSurplus('avgPool3d', arguments, 3);
  requireTensor('avgPool3d', input);
  checkOptions('avgPool3d', options, names.AvgPool2dOptions);
  return avgPool('avgPool3d', 3, input, kernelSize, options);
}

/**
 * Mean of as many windows as `outputSize` says, of `[N, C, L]` or `[C, L]` (`torch.nn.functional.adaptive_avg_pool1d`);
 * see {@link adaptiveAvgPool2d}.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for integers; {@link ValueError} for sizes below 0.
 *
 * @example
 * nn.functional.adaptiveAvgPool1d(tensor([[1, 2, 3, 4, 5]]), 3) // tensor([[1.5000, 3.0000, 4.5000]])
 */
export function adaptiveAvgPool1d(input: Tensor, outputSize: AdaptiveSize): Tensor {
  if (arguments.length > 2) refuseSurplus('adaptiveAvgPool1d', arguments, 2);
  requireTensor('adaptiveAvgPool1d', input);
  return adaptiveMean('adaptiveAvgPool1d', 1, input, outputSize);
}

/**
 * Mean of as many windows as `outputSize` says, of `[N, C, H, W]` or `[C, H, W]`
 * (`torch.nn.functional.adaptive_avg_pool2d`). Of `m` windows over `H` rows, window `i` goes from `⌊i·H / m⌋` to
 * before `⌈(i + 1)·H / m⌉`.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for integers; {@link ValueError} for sizes below 0.
 */
export function adaptiveAvgPool2d(input: Tensor, outputSize: AdaptiveSize): Tensor {
  if (arguments.length > 2) refuseSurplus('adaptiveAvgPool2d', arguments, 2);
  requireTensor('adaptiveAvgPool2d', input);
  return adaptiveMean('adaptiveAvgPool2d', 2, input, outputSize);
}

/**
 * Mean of as many windows as `outputSize` says, of `[N, C, D, H, W]` or `[C, D, H, W]`
 * (`torch.nn.functional.adaptive_avg_pool3d`); see {@link adaptiveAvgPool2d}.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for integers; {@link ValueError} for sizes below 0.
 */
export function adaptiveAvgPool3d(input: Tensor, outputSize: AdaptiveSize): Tensor {
  if (arguments.length > 2) refuseSurplus('adaptiveAvgPool3d', arguments, 2);
  requireTensor('adaptiveAvgPool3d', input);
  return adaptiveMean('adaptiveAvgPool3d', 3, input, outputSize);
}

/**
 * Norm `(Σ x^p)^(1/p)` of each window of `[N, C, L]` or `[C, L]`, with `p = normType` (`torch.nn.functional.lp_pool1d`);
 * see {@link lpPool2d}.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for bytes; {@link ValueError} if an argument is out of
 * range.
 *
 * @example
 * nn.functional.lpPool1d(tensor([[3, 4, 6, 8]]), 2, 2) // tensor([[ 5., 10.]])
 */
export function lpPool1d(
  input: Tensor,
  normType: number,
  kernelSize: PerDimension,
  options: LpPoolOptions = {},
): Tensor {
  if (arguments.length > 4) refuseSurplus('lpPool1d', arguments, 4);
  requireTensor('lpPool1d', input);
  checkOptions('lpPool1d', options, names.LpPoolOptions);
  return lpPool('lpPool1d', 1, input, normType, kernelSize, options);
}

/**
 * Norm `(Σ x^p)^(1/p)` of each window of `[N, C, H, W]` or `[C, H, W]`, with `p = normType`
 * (`torch.nn.functional.lp_pool2d`): for `p = 1` the sum, for large `p` nearly the largest. The gradient of a window
 * whose sum is 0 is 0.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for bytes; {@link ValueError} if an argument is out of
 * range.
 */
export function lpPool2d(
  input: Tensor,
  normType: number,
  kernelSize: PerDimension,
  options: LpPoolOptions = {},
): Tensor {
  if (arguments.length > 4) refuseSurplus('lpPool2d', arguments, 4);
  requireTensor('lpPool2d', input);
  checkOptions('lpPool2d', options, names.LpPoolOptions);
  return lpPool('lpPool2d', 2, input, normType, kernelSize, options);
}

/**
 * Norm `(Σ x^p)^(1/p)` of each window of `[N, C, D, H, W]` or `[C, D, H, W]`, with `p = normType`
 * (`torch.nn.functional.lp_pool3d`); see {@link lpPool2d}.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for bytes; {@link ValueError} if an argument is out of
 * range.
 */
export function lpPool3d(
  input: Tensor,
  normType: number,
  kernelSize: PerDimension,
  options: LpPoolOptions = {},
): Tensor {
  if (arguments.length > 4) refuseSurplus('lpPool3d', arguments, 4);
  requireTensor('lpPool3d', input);
  checkOptions('lpPool3d', options, names.LpPoolOptions);
  return lpPool('lpPool3d', 3, input, normType, kernelSize, options);
}

function avgPool(op: string, rank: number, input: Tensor, kernelSize: PerDimension, options: AvgPool2dOptions): Tensor {
  const { countIncludePad = true, divisorOverride = null } = options;
  if (divisorOverride !== null && (!Number.isFinite(divisorOverride) || divisorOverride === 0))
    throw new ValueError(`${op}: divisorOverride is ${shown(divisorOverride)}; it must be a number other than 0`);
  const all = windowsOf(op, rank, input, kernelSize, { ...options, dilation: 1 });
  const divisors = all.map(({ windows, kernel, stride, padding }, d) =>
    Float64Array.from(windows.starts, (_, i) => {
      if (divisorOverride !== null) return d === 0 ? divisorOverride : 1;
      if (!countIncludePad) return windows.counts[i];
      return Math.min(kernel, windows.size + 2 * padding - i * stride);
    }),
  );
  const means = (x: Tensor) =>
    resampling.resample(x, {
      matrices: all.map(({ windows }) => summing(windows)),
      divisors,
      gradFn: `AvgPool${rank}DBackward0`,
    });
  // A mean of integers that is whole stays so, others are cut off.
  if (input.dtype === 'int32') return asInt32(op, means(input.to('float64')));
  requireFloat(op, input);
  return means(input);
}

function lpPool(
  op: string,
  rank: number,
  input: Tensor,
  normType: number,
  kernelSize: PerDimension,
  { stride, ceilMode }: LpPoolOptions,
): Tensor {
  if (typeof normType !== 'number' || normType === 0 || Number.isNaN(normType))
    throw new ValueError(`${op}: normType is ${shown(normType)}; it must be a number other than 0`);
  const kernel = perDimension(op, 'kernelSize', kernelSize, rank);
  requireSpatial(op, input, rank);
  const means = avgPool(op, rank, input.pow(normType), kernel, { stride, ceilMode });
  const sums = means.mul(kernel.reduce((n, k) => n * k, 1));
  // PyTorch's form: relu stops the gradient at 0, where that of the root is infinite.
  return sums
    .sign()
    .mul(sums.abs().relu())
    .pow(1 / normType);
}
