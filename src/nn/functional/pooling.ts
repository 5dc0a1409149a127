import { ValueError } from '../../errors';
import type { Windows } from '../../kernels/pooling';
import { requireFloat, requireNumbers, shown } from '../../ops/arguments';
import type { ValuesIndices } from '../../ops/dims';
import { maxPooling } from '../../ops/pooling';
import { resampling } from '../../ops/resampling';
import type { Tensor } from '../../tensor/tensor';
import { type PerDimension, perDimension, requireSpatial } from '../spatial';
import { type AdaptiveSize, adaptiveMean, adaptiveOf, averaging, windowsOf } from '../windows';

/** Options of {@link maxPool1d} and {@link maxPool2d}. */
export interface MaxPoolOptions<I extends boolean = boolean> {
  /** Distance between neighbouring windows; default the size of a window. */
  stride?: PerDimension | null;
  /** Places around the input, which never are the largest; at most half of a window; default 0. */
  padding?: PerDimension;
  /** Distance between neighbouring elements of a window; default 1. */
  dilation?: PerDimension;
  /** Count a last window that reaches beyond the padding; default `false`. */
  ceilMode?: boolean;
  /** Give the places of the largest elements as well; default `false`. */
  returnIndices?: I;
}

/** The largest elements, with their places if these were asked for. */
export type Pooled<I extends boolean> = I extends true ? ValuesIndices : Tensor;

/** Options of {@link avgPool2d}. */
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

/** Options of {@link adaptiveMaxPool1d} and {@link adaptiveMaxPool2d}. */
export interface AdaptiveMaxPoolOptions<I extends boolean = boolean> {
  /** Give the places of the largest elements as well; default `false`. */
  returnIndices?: I;
}

/** Options of {@link lpPool1d} and {@link lpPool2d}. */
export interface LpPoolOptions {
  /** Distance between neighbouring windows; default the size of a window. */
  stride?: PerDimension | null;
  /** Count a last window that reaches beyond the input; default `false`. */
  ceilMode?: boolean;
}

/**
 * Largest element of each window of `[N, C, L]` or `[C, L]` (`torch.nn.functional.max_pool1d`); see {@link maxPool2d}.
 * @throws {ShapeError} if shapes do not fit; {@link ValueError} if an argument is out of range.
 *
 * @example
 * nn.functional.maxPool1d(tensor([[1, 3, 2, 5, 4]]), 2, { stride: 1 }) // tensor([[3., 3., 5., 5.]])
 */
export function maxPool1d<I extends boolean = false>(
  input: Tensor,
  kernelSize: PerDimension,
  options: MaxPoolOptions<I> = {},
): Pooled<I> {
  return maxPool('maxPool1d', 1, input, kernelSize, options);
}

/**
 * Largest element of each window of `[N, C, H, W]` or `[C, H, W]` (`torch.nn.functional.max_pool2d`); of equals the
 * first one has the gradient. There are `⌊(H + 2·padding - dilation·(kernelSize - 1) - 1) / stride⌋ + 1` rows of
 * windows. Indices are places in the plane of an image, `row·W + column`.
 * @throws {ShapeError} if shapes do not fit; {@link ValueError} if an argument is out of range.
 *
 * @example
 * const image = arange(16).reshape(1, 4, 4);
 * const { values, indices } = nn.functional.maxPool2d(image, 2, { returnIndices: true });
 * indices.tolist() // [[[5, 7], [13, 15]]]
 */
export function maxPool2d<I extends boolean = false>(
  input: Tensor,
  kernelSize: PerDimension,
  options: MaxPoolOptions<I> = {},
): Pooled<I> {
  return maxPool('maxPool2d', 2, input, kernelSize, options);
}

/**
 * Mean of each window of `[N, C, L]` or `[C, L]` (`torch.nn.functional.avg_pool1d`); see {@link avgPool2d}.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for integers; {@link ValueError} if an argument is out of
 * range.
 *
 * @example
 * nn.functional.avgPool1d(tensor([[1, 3, 2, 6]]), 2, { padding: 1, countIncludePad: false }).tolist() // [[1, 2.5, 6]]
 */
export function avgPool1d(input: Tensor, kernelSize: PerDimension, options: AvgPool1dOptions = {}): Tensor {
  return avgPool('avgPool1d', 1, input, kernelSize, options);
}

/**
 * Mean of each window of `[N, C, H, W]` or `[C, H, W]` (`torch.nn.functional.avg_pool2d`).
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for integers; {@link ValueError} if an argument is out of
 * range.
 */
export function avgPool2d(input: Tensor, kernelSize: PerDimension, options: AvgPool2dOptions = {}): Tensor {
  return avgPool('avgPool2d', 2, input, kernelSize, options);
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
  return adaptiveMean('adaptiveAvgPool1d', 1, input, outputSize);
}

/**
 * Mean of as many windows as `outputSize` says, of `[N, C, H, W]` or `[C, H, W]`
 * (`torch.nn.functional.adaptive_avg_pool2d`). Of `m` windows over `H` rows, window `i` goes from `⌊i·H / m⌋` to
 * before `⌈(i + 1)·H / m⌉`.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for integers; {@link ValueError} for sizes below 0.
 */
export function adaptiveAvgPool2d(input: Tensor, outputSize: AdaptiveSize): Tensor {
  return adaptiveMean('adaptiveAvgPool2d', 2, input, outputSize);
}

/**
 * Largest element of as many windows as `outputSize` says, of `[N, C, L]` or `[C, L]`
 * (`torch.nn.functional.adaptive_max_pool1d`); see {@link adaptiveAvgPool2d} and {@link maxPool2d}.
 * @throws {ShapeError} if shapes do not fit; {@link ValueError} for sizes below 0.
 */
export function adaptiveMaxPool1d<I extends boolean = false>(
  input: Tensor,
  outputSize: AdaptiveSize,
  options: AdaptiveMaxPoolOptions<I> = {},
): Pooled<I> {
  return adaptiveMaxPool('adaptiveMaxPool1d', 1, input, outputSize, options);
}

/**
 * Largest element of as many windows as `outputSize` says, of `[N, C, H, W]` or `[C, H, W]`
 * (`torch.nn.functional.adaptive_max_pool2d`); see {@link adaptiveAvgPool2d} and {@link maxPool2d}.
 * @throws {ShapeError} if shapes do not fit; {@link ValueError} for sizes below 0.
 */
export function adaptiveMaxPool2d<I extends boolean = false>(
  input: Tensor,
  outputSize: AdaptiveSize,
  options: AdaptiveMaxPoolOptions<I> = {},
): Pooled<I> {
  return adaptiveMaxPool('adaptiveMaxPool2d', 2, input, outputSize, options);
}

/**
 * Norm `(Σ x^p)^(1/p)` of each window of `[N, C, L]` or `[C, L]`, with `p = normType` (`torch.nn.functional.lp_pool1d`);
 * see {@link lpPool2d}.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for integers; {@link ValueError} if an argument is out of
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
  return lpPool('lpPool1d', 1, input, normType, kernelSize, options);
}

/**
 * Norm `(Σ x^p)^(1/p)` of each window of `[N, C, H, W]` or `[C, H, W]`, with `p = normType`
 * (`torch.nn.functional.lp_pool2d`): for `p = 1` the sum, for large `p` nearly the largest. The gradient of a window
 * whose sum is 0 is 0.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for integers; {@link ValueError} if an argument is out of
 * range.
 */
export function lpPool2d(
  input: Tensor,
  normType: number,
  kernelSize: PerDimension,
  options: LpPoolOptions = {},
): Tensor {
  return lpPool('lpPool2d', 2, input, normType, kernelSize, options);
}

function maxPool<I extends boolean>(
  op: string,
  rank: number,
  input: Tensor,
  kernelSize: PerDimension,
  options: MaxPoolOptions<I>,
): Pooled<I> {
  const windows = windowsOf(op, rank, input, kernelSize, options).map((w) => w.windows);
  return largest(op, input, windows, `MaxPool${rank}DWithIndicesBackward0`, options.returnIndices);
}

function adaptiveMaxPool<I extends boolean>(
  op: string,
  rank: number,
  input: Tensor,
  outputSize: AdaptiveSize,
  options: AdaptiveMaxPoolOptions<I>,
): Pooled<I> {
  const windows = adaptiveOf(op, rank, input, outputSize);
  return largest(op, input, windows, `AdaptiveMaxPool${rank}DBackward0`, options.returnIndices);
}

function largest<I extends boolean>(
  op: string,
  input: Tensor,
  windows: readonly Windows[],
  gradFn: string,
  returnIndices: I | undefined,
): Pooled<I> {
  requireNumbers(op, input);
  const both = maxPooling.maxPool(input, { windows, gradFn });
  return (returnIndices ? both : both.values) as Pooled<I>;
}

function avgPool(op: string, rank: number, input: Tensor, kernelSize: PerDimension, options: AvgPool2dOptions): Tensor {
  const { countIncludePad = true, divisorOverride = null } = options;
  if (divisorOverride !== null && (!Number.isFinite(divisorOverride) || divisorOverride === 0))
    throw new ValueError(`${op}: divisorOverride is ${shown(divisorOverride)}; it must be a number other than 0`);
  const all = windowsOf(op, rank, input, kernelSize, { ...options, dilation: 1 });
  requireFloat(op, input);
  const matrices = all.map(({ windows, kernel, stride, padding }, d) =>
    averaging(windows, (i) => {
      if (divisorOverride !== null) return d === 0 ? divisorOverride : 1;
      if (!countIncludePad) return windows.counts[i];
      return Math.min(kernel, windows.size + 2 * padding - i * stride);
    }),
  );
  return resampling.resample(input, { matrices, gradFn: `AvgPool${rank}DBackward0` });
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
