import { describe } from '../../describe';
import { ValueError } from '../../errors';
import { resampling } from '../../ops/networks/resampling';
import { requireFloat } from '../../ops/table/arguments';
import { asInt32 } from '../../ops/table/exact-integers';
import type { Tensor } from '../../tensor/tensor';
import { type AdaptiveSize, type PerDimension, perDimension, requireSpatial } from '../spatial';
import { adaptiveMean, summing, windowsOf } from '../windows';

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
 * Mean of each window of `[N, C, H, W]` or `[C, H, W]` (`torch.nn.functional.avg_pool2d`). The mean of integers is truncated to
 * an integer.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for bytes and bools; {@link ValueError} if an argument is
 * out of range.
 *
 * @example
 * nn.functional.avgPool1d(tensor([[1, 3, 2, 6]]), 2, { padding: 1, countIncludePad: false }).tolist() // [[1, 2.5, 6]]
 * @internal
 */
export function avgPool(
  op: string,
  rank: number,
  input: Tensor,
  kernelSize: PerDimension,
  options: AvgPool2dOptions,
): Tensor {
  const { countIncludePad = true, divisorOverride = null } = options;
  if (divisorOverride !== null && (!Number.isFinite(divisorOverride) || divisorOverride === 0))
    throw new ValueError(`${op}: divisorOverride is ${describe(divisorOverride)}; it must be a number other than 0`);
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
  // A whole mean of integers stays exact; others are truncated.
  if (input.dtype === 'int32') return asInt32(op, means(input.to('float64')));
  requireFloat(op, input);
  return means(input);
}

/**
 * Averages over windows so that the output has the size `outputSize`, of `[N, C, H, W]` or `[C, H, W]`
 * (`torch.nn.functional.adaptive_avg_pool2d`). Of `m` windows over `H` rows, window `i` goes from `⌊i·H / m⌋` to
 * before `⌈(i + 1)·H / m⌉`.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for integers; {@link ValueError} for sizes below 0.
 *
 * @example
 * nn.functional.adaptiveAvgPool1d(tensor([[1, 2, 3, 4, 5]]), 3) // tensor([[1.5000, 3.0000, 4.5000]])
 * @internal
 */
export function adaptiveAvgPool(op: string, rank: number, input: Tensor, outputSize: AdaptiveSize): Tensor {
  return adaptiveMean(op, rank, input, outputSize);
}

/**
 * Norm `(Σ x^p)^(1/p)` of each window of `[N, C, H, W]` or `[C, H, W]`, with `p = normType`
 * (`torch.nn.functional.lp_pool2d`): for `p = 1` the sum, for large `p` nearly the largest. The gradient of a window
 * whose sum is 0 is 0.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for bytes; {@link ValueError} if an argument is out of
 * range.
 *
 * @example
 * nn.functional.lpPool1d(tensor([[3, 4, 6, 8]]), 2, 2) // tensor([[ 5., 10.]])
 * @internal
 */
export function lpPool(
  op: string,
  rank: number,
  input: Tensor,
  normType: number,
  kernelSize: PerDimension,
  options: LpPoolOptions,
): Tensor {
  if (typeof normType !== 'number' || normType === 0 || Number.isNaN(normType))
    throw new ValueError(`${op}: normType is ${describe(normType)}; it must be a number other than 0`);
  const kernel = perDimension(op, 'kernelSize', kernelSize, rank);
  requireSpatial(op, input, rank);
  const means = avgPool(op, rank, input.pow(normType), kernel, options);
  const sums = means.mul(kernel.reduce((n, k) => n * k, 1));
  // PyTorch's form: relu stops the gradient at 0, where that of the root is infinite.
  return sums
    .sign()
    .mul(sums.abs().relu())
    .pow(1 / normType);
}
