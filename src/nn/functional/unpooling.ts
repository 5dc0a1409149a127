import { ShapeError, ValueError } from '../../errors';
import { numel } from '../../kernels/strides';
import { checkKind } from '../../options';
import { zeros } from '../../tensor/creation';
import { formatShape, sameShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { type PerDimension, perDimension, requireSpatial } from '../spatial';

/** Options of {@link maxUnpool1d} to {@link maxUnpool3d}. */
export interface MaxUnpoolOptions {
  /** Distance between neighbouring windows; default the size of a window. */
  stride?: PerDimension | null;
  /** Padding that the pooling had; default 0. */
  padding?: PerDimension;
  /** The size before the pooling, with or without `[N, C]`; by default the one that leaves nothing over. */
  outputSize?: readonly number[] | null;
}

/**
 * Puts largest elements `[N, C, H, W]` or `[C, H, W]` back to the `indices` at which `maxPool2d` found them, between
 * zeros (`torch.nn.functional.max_unpool2d`). Where windows overlapped, the last one counts.
 * @throws {ShapeError} if shapes do not fit; {@link IndexError} if an index is outside; {@link ValueError} if an argument
 * is out of range.
 *
 * @example
 * const { maxPool2d, maxUnpool2d } = nn.functional;
 * const { values, indices } = maxPool2d(tensor([[[1, 2], [4, 3]]]), 2, { returnIndices: true });
 * maxUnpool2d(values, indices, 2).tolist() // [[[0, 0], [4, 0]]]
 * @internal
 */
export function maxUnpool(
  op: string,
  rank: number,
  input: Tensor,
  indices: Tensor,
  kernelSize: PerDimension,
  options: MaxUnpoolOptions,
): Tensor {
  requireSpatial(op, input, rank);
  if (!sameShape(indices.sizes, input.sizes))
    throw new ShapeError(
      `${op}: indices of shape ${formatShape(indices.sizes)} for an input of shape ${formatShape(input.sizes)}; they must ` +
        'be equal',
    );
  const before = input.sizes.slice(0, -rank);
  const sizes = unpooledSizes(op, rank, input.sizes.slice(-rank), kernelSize, options);
  const flat = (x: Tensor) => x.reshape([...before, numel(x.sizes.slice(-rank))]);
  const plane = zeros([...before, numel(sizes)], { dtype: input.dtype });
  return plane.scatter(-1, flat(indices), flat(input)).reshape([...before, ...sizes]);
}

/** The sizes before the pooling. */
function unpooledSizes(
  op: string,
  rank: number,
  pooled: readonly number[],
  kernelSize: PerDimension,
  { stride: given, padding: around = 0, outputSize = null }: MaxUnpoolOptions,
): readonly number[] {
  const kernel = perDimension(op, 'kernelSize', kernelSize, rank);
  const stride = perDimension(op, 'stride', given ?? kernel, rank);
  const padding = perDimension(op, 'padding', around, rank, 0);
  const usual = pooled.map((n, d) => (n - 1) * stride[d] + kernel[d] - 2 * padding[d]);
  if (outputSize !== null) checkKind(op, 'outputSize', outputSize, 'numbers');
  const sizes = outputSize === null ? usual : [...outputSize].slice(outputSize.length === rank + 2 ? 2 : 0);
  if (sizes.length !== rank || !sizes.every((n, d) => Math.abs(n - usual[d]) < stride[d] && n > 0))
    throw new ValueError(
      `${op}: outputSize is ${formatShape(sizes)}; it must be near ${formatShape(usual)}, by less than the stride ` +
        `${formatShape(stride)}, and more than 0`,
    );
  return sizes;
}
