// The windows of a pooling, checked, and means of them.

import { describe } from '../describe';
import { ShapeError, ValueError } from '../errors';
import { adaptiveWindows, slidingWindows, type Windows } from '../kernels/pooling';
import { type SparseMatrix, sparse } from '../kernels/resampling';
import { numel } from '../kernels/strides';
import { resampling } from '../ops/networks/resampling';
import { requireFloat } from '../ops/table/arguments';
import { requireRoom } from '../tensor/dtype';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { type AdaptiveSize, type PerDimension, perDimension, requireSpatial } from './spatial';

/** Options of the windows of a pooling layer. */
interface WindowOptions {
  stride?: PerDimension | null;
  padding?: PerDimension;
  dilation?: PerDimension;
  ceilMode?: boolean;
}

/**
 * The windows along each dimension, with the numbers they were made from.
 * @throws {ShapeError} if the windows do not fit; {@link ValueError} if a number is out of range.
 * @internal
 */
export function windowsOf(op: string, rank: number, input: Tensor, kernelSize: PerDimension, options: WindowOptions) {
  const kernel = perDimension(op, 'kernelSize', kernelSize, rank);
  // As in PyTorch, an empty list means no stride.
  const given = Array.isArray(options.stride) && options.stride.length === 0 ? null : options.stride;
  const stride = perDimension(op, 'stride', given ?? kernel, rank);
  const padding = perDimension(op, 'padding', options.padding ?? 0, rank, 0);
  const dilation = perDimension(op, 'dilation', options.dilation ?? 1, rank);
  const { ceilMode: ceil = false } = options;
  if (padding.some((n, d) => 2 * n > dilation[d] * (kernel[d] - 1) + 1))
    throw new ValueError(
      `${op}: padding ${formatShape(padding)} is more than half of a window of ${formatShape(kernel)}` +
        `${dilation.some((n) => n > 1) ? ` with dilation ${formatShape(dilation)}` : ''}`,
    );
  checkPlaces(op, rank, input, rank + 1);
  const sizes = input.sizes.slice(-rank);
  return sizes.map((n, d) => {
    const sliding = { kernel: kernel[d], stride: stride[d], padding: padding[d], dilation: dilation[d], ceil };
    const windows = slidingWindows(n, sliding);
    if (windows.starts.length === 0)
      throw new ShapeError(
        `${op}: a window of ${formatShape(kernel)} does not fit an input of shape ${formatShape(input.sizes)}`,
      );
    if (windows.counts.includes(0))
      throw new ShapeError(
        `${op}: a window of ${formatShape(kernel)} covers only padding in an input of shape ${formatShape(input.sizes)}`,
      );
    return { ...sliding, windows };
  });
}

/** @throws {ShapeError} if the input has another number of dimensions, or one of the last `filled` is empty. */
function checkPlaces(op: string, rank: number, input: Tensor, filled: number): void {
  requireSpatial(op, input, rank);
  if (input.sizes.slice(-filled).includes(0))
    throw new ShapeError(
      `${op}: an input of shape ${formatShape(input.sizes)} has no elements to pool: the last ${filled} sizes must be 1 or more`,
    );
}

/** Averages over windows so that the output has the size `outputSize`, along the last `rank` dimensions. @internal */
export function adaptiveMean(op: string, rank: number, input: Tensor, outputSize: AdaptiveSize): Tensor {
  const windows = adaptiveOf(op, rank, input, outputSize);
  requireFloat(op, input);
  return resampling.resample(input, {
    matrices: windows.map(summing),
    divisors: windows.map(({ counts }) => Float64Array.from(counts)),
    gradFn: `AdaptiveAvgPool${rank}DBackward0`,
  });
}

/** The matrix that sums over every window. @internal */
export function summing({ size, starts, counts }: Windows): SparseMatrix {
  return sparse(starts.length, size, (i) => Array.from({ length: counts[i] }, (_, k) => [starts[i] + k, 1] as const));
}

/**
 * As many windows along each dimension as `outputSize` says.
 * @throws {ShapeError} if there is nothing to pool; {@link ValueError} for sizes that are none.
 * @internal
 */
export function adaptiveOf(op: string, rank: number, input: Tensor, outputSize: AdaptiveSize): Windows[] {
  // Here PyTorch takes no channels, too.
  checkPlaces(op, rank, input, rank);
  const sizes = input.sizes.slice(-rank);
  const given = Array.isArray(outputSize) ? [...outputSize] : sizes.map(() => outputSize as number);
  const wanted: number[] = given.map((n, d) => n ?? sizes[d]);
  if (wanted.length !== rank || !wanted.every((n) => Number.isInteger(n) && n >= 0))
    throw new ValueError(
      `${op}: outputSize is ${Array.isArray(outputSize) ? formatShape(outputSize) : describe(outputSize)}; it must be a ` +
        `whole number, 0 or more${rank === 1 ? '' : `, or a list of ${rank}, where null keeps the input's size`}`,
    );
  requireRoom(input.dtype, numel([...input.sizes.slice(0, -rank), ...wanted]));
  return wanted.map((n, d) => adaptiveWindows(sizes[d], n));
}
