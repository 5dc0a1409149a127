import type { Windows } from '../../kernels/pooling';
import { maxPooling } from '../../ops/networks/pooling';
import type { ValuesIndices } from '../../ops/reduction/dims';
import { requireFloat, requireNumbers } from '../../ops/table/arguments';
import type { Tensor } from '../../tensor/tensor';
import type { AdaptiveSize, PerDimension } from '../spatial';
import { adaptiveOf, windowsOf } from '../windows';

/** Options of {@link maxPool1d} to {@link maxPool3d}. */
export interface MaxPoolOptions<I extends boolean = boolean> {
  /** Distance between neighbouring windows; default the size of a window. */
  stride?: PerDimension | null;
  /** Places around the input, which are never the largest; at most half of a window; default 0. */
  padding?: PerDimension;
  /** Distance between neighbouring elements of a window; default 1. */
  dilation?: PerDimension;
  /** Count a last window that reaches beyond the padding; default `false`. */
  ceilMode?: boolean;
  /** Return the places of the largest elements as well; default `false`. */
  returnIndices?: I;
}

/** The largest elements, with their places if these were asked for. */
export type Pooled<I extends boolean> = I extends true ? ValuesIndices : Tensor;

/** Options of {@link adaptiveMaxPool1d} to {@link adaptiveMaxPool3d}. */
export interface AdaptiveMaxPoolOptions<I extends boolean = boolean> {
  /** Return the places of the largest elements as well; default `false`. */
  returnIndices?: I;
}

/**
 * Largest element of each window of `[N, C, H, W]` or `[C, H, W]` (`torch.nn.functional.max_pool2d`). Of equal elements the
 * first one has the gradient. There are `⌊(H + 2·padding - dilation·(kernelSize - 1) - 1) / stride⌋ + 1` rows of windows. An
 * index is a place in its channel, `row·W + column`; in a volume `(depth·H + row)·W + column`.
 * @throws {ShapeError} if shapes do not fit; {@link ValueError} if an argument is out of range.
 *
 * @example
 * nn.functional.maxPool1d(tensor([[1, 3, 2, 5, 4]]), 2, { stride: 1 }) // tensor([[3., 3., 5., 5.]])
 *
 * @example
 * const image = arange(16).reshape(1, 4, 4);
 * const { values, indices } = nn.functional.maxPool2d(image, 2, { returnIndices: true });
 * indices.tolist() // [[[5, 7], [13, 15]]]
 * @internal
 */
export function maxPool<I extends boolean = false>(
  op: string,
  rank: number,
  input: Tensor,
  kernelSize: PerDimension,
  options: MaxPoolOptions<I>,
): Pooled<I> {
  const windows = windowsOf(op, rank, input, kernelSize, options).map((w) => w.windows);
  return largest(op, input, windows, `MaxPool${rank}DWithIndicesBackward0`, options.returnIndices);
}

/**
 * Largest element of as many windows as `outputSize` says, of `[N, C, H, W]` or `[C, H, W]`
 * (`torch.nn.functional.adaptive_max_pool2d`); see {@link adaptiveAvgPool2d} and {@link maxPool2d}.
 * @throws {ShapeError} if shapes do not fit; {@link DtypeError} for integers; {@link ValueError} for sizes below 0.
 * @internal
 */
export function adaptiveMaxPool<I extends boolean = false>(
  op: string,
  rank: number,
  input: Tensor,
  outputSize: AdaptiveSize,
  options: AdaptiveMaxPoolOptions<I>,
): Pooled<I> {
  const windows = adaptiveOf(op, rank, input, outputSize);
  requireFloat(op, input);
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
