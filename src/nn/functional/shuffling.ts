import { ShapeError, ValueError } from '../../errors';
import { requireSizes } from '../../ops/table/arguments';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';

/** Sizes of images, with the first dimensions as one list. */
function imageSizes(op: string, input: Tensor, factor: number) {
  requireSizes(op, { 'the factor': factor });
  if (input.ndim < 3) throw new ShapeError(`${op}: needs images [C, H, W], got shape ${formatShape(input.sizes)}`);
  const [channels, height, width] = input.sizes.slice(-3);
  return { cases: input.sizes.slice(0, -3), channels, height, width };
}

/** Exchanges dimensions counted from the last. */
function permuteLast(x: Tensor, order: readonly number[]): Tensor {
  const first = x.ndim - order.length;
  return x.permute([...Array.from({ length: first }, (_, d) => d), ...order.map((d) => first + d)]);
}

/**
 * Larger images from more channels (`torch.nn.functional.pixel_shuffle`): from `[…, C·r², H, W]` to `[…, C, H·r, W·r]`
 * with `r = upscaleFactor`.
 * @throws {ShapeError} if the channels do not divide by `r²`; {@link ValueError} if `r` is not a whole number above 0.
 */
export function pixelShuffle(input: Tensor, upscaleFactor: number): Tensor {
  const r = upscaleFactor;
  const { cases, channels, height, width } = imageSizes('pixelShuffle', input, r);
  if (channels % r ** 2 !== 0)
    throw new ShapeError(`pixelShuffle: ${channels} channels do not divide by ${r}² = ${r ** 2}`);
  const blocks = input.reshape([...cases, channels / r ** 2, r, r, height, width]);
  return permuteLast(blocks, [0, 3, 1, 4, 2]).reshape([...cases, channels / r ** 2, height * r, width * r]);
}

/**
 * More channels from larger images, the way back of {@link pixelShuffle} (`torch.nn.functional.pixel_unshuffle`): from
 * `[…, C, H·r, W·r]` to `[…, C·r², H, W]` with `r = downscaleFactor`.
 * @throws {ShapeError} if height or width do not divide by `r`; {@link ValueError} if `r` is not a whole number above 0.
 */
export function pixelUnshuffle(input: Tensor, downscaleFactor: number): Tensor {
  const r = downscaleFactor;
  const { cases, channels, height, width } = imageSizes('pixelUnshuffle', input, r);
  if (height % r !== 0 || width % r !== 0)
    throw new ShapeError(`pixelUnshuffle: height ${height} and width ${width} do not divide by ${r}`);
  const blocks = input.reshape([...cases, channels, height / r, r, width / r, r]);
  return permuteLast(blocks, [0, 2, 4, 1, 3]).reshape([...cases, channels * r ** 2, height / r, width / r]);
}
