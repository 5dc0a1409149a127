import type { Sliding } from '../../ops/networks/folding';
import type { Tensor } from '../../tensor/tensor';
import { type PerDimension, perDimension, withCases } from '../spatial';

/** Options of {@link unfold} and {@link fold}. */
export interface FoldOptions {
  /** Distance between neighbouring elements of the window; default 1. */
  dilation?: PerDimension;
  /** Zeros around the images; default 0. */
  padding?: PerDimension;
  /** Distance between neighbouring places of the window; default 1. */
  stride?: PerDimension;
}

function sliding(op: string, size: PerDimension, { dilation = 1, padding = 0, stride = 1 }: FoldOptions): Sliding {
  return {
    kernelSize: perDimension(op, 'kernelSize', size, 2),
    dilation: perDimension(op, 'dilation', dilation, 2),
    padding: perDimension(op, 'padding', padding, 2, 0),
    stride: perDimension(op, 'stride', stride, 2),
  };
}

/**
 * The patches that a sliding window sees in images, as columns (`torch.nn.functional.unfold`): from
 * `[N, C, H, W]` to `[N, C · window, places]`, or without `N`.
 * @throws {ShapeError} if the window does not fit, or the input is no image; {@link ValueError} for a window of size 0.
 */
export function unfold(input: Tensor, kernelSize: PerDimension, options: FoldOptions = {}): Tensor {
  return withCases('unfold', input, 2, (images) => images.im2col(sliding('unfold', kernelSize, options)));
}

/**
 * Images of `outputSize` from columns of patches, which add up where they overlap (`torch.nn.functional.fold`): from
 * `[N, C · window, places]` to `[N, C, H, W]`, or without `N`.
 * @throws {ShapeError} if the columns do not fit; {@link ValueError} for a window of size 0.
 */
export function fold(
  input: Tensor,
  outputSize: PerDimension,
  kernelSize: PerDimension,
  options: FoldOptions = {},
): Tensor {
  const size = perDimension('fold', 'outputSize', outputSize, 2);
  return withCases('fold', input, 1, (columns) => columns.col2im(size, sliding('fold', kernelSize, options)));
}
