// Arguments with a value for each spatial dimension: kernel, stride, padding, size.

import { describe } from '../describe';
import { ShapeError, ValueError } from '../errors';
import type { ConvolutionPlan } from '../kernels/convolution';
import { checkKind } from '../options';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import type { AnyModule } from './module';

/** A size for each spatial dimension, or one for all; `null` keeps the input's. */
export type AdaptiveSize = number | readonly (number | null)[];

/** A number for each spatial dimension, or one for all of them. */
export type PerDimension = number | readonly number[];

const ranks = new WeakMap<object, number>();

/** Registers three classes as the 1-, 2- and 3-d variants of one layer. @internal */
export function inDimensions(...classes: readonly { readonly prototype: AnyModule }[]): void {
  for (const [i, { prototype }] of classes.entries()) ranks.set(prototype, i + 1);
}

/** The number of spatial dimensions of a layer, whose class, or one it extends, {@link inDimensions} has registered. @internal */
export function rankOf(layer: object): number {
  return ranks.get(layer) ?? rankOf(Object.getPrototypeOf(layer));
}

/**
 * A number or a list of them as a layer keeps it. Lists are copied, since the caller may change theirs.
 * @throws {ValueError} if it is neither; `null` is allowed if `kinds` has it.
 * @internal
 */
export function kept<T extends PerDimension | AdaptiveSize | null>(
  layer: object,
  name: string,
  value: T,
  kinds = 'number',
): T {
  for (const one of Array.isArray(value) ? [...value] : [value]) checkKind(layer.constructor.name, name, one, kinds);
  return Array.isArray(value) ? ([...value] as unknown as T) : value;
}

/**
 * The numbers for each of `rank` spatial dimensions.
 * @throws {ValueError} unless they are whole numbers, `least` or more, one for each dimension or one for all.
 * @internal
 */
export function perDimension(op: string, name: string, value: PerDimension, rank: number, least = 1): number[] {
  // A copy, since the caller may change the list; a hole in it becomes undefined.
  const given = Array.isArray(value) ? [...value] : [value];
  const all = given.length === 1 ? new Array(rank).fill(given[0]) : given;
  if (all.length !== rank || !all.every((n) => Number.isInteger(n) && n >= least))
    throw new ValueError(
      `${op}: ${name} is ${Array.isArray(value) ? formatShape(value) : describe(value)}; it must be a whole number, ` +
        `${least} or more${rank === 1 ? '' : `, or a list of ${rank}`}`,
    );
  return all;
}

/**
 * Runs a computation on `[N, C, …]` for a tensor with or without the dimension of cases.
 * @throws {ShapeError} if it has another number of dimensions.
 * @internal
 */
export function withCases(op: string, input: Tensor, rank: number, compute: (x: Tensor) => Tensor): Tensor {
  requireSpatial(op, input, rank);
  return input.ndim === rank + 2 ? compute(input) : compute(input.unsqueeze(0)).squeeze(0);
}

/**
 * @throws {ShapeError} unless a tensor is `[N, C, …]` or `[C, …]` with `rank` spatial dimensions.
 * @internal
 */
export function requireSpatial(op: string, input: Tensor, rank: number): void {
  if (input.ndim !== rank + 1 && input.ndim !== rank + 2) {
    const spatial = ['L', 'H, W', 'D, H, W'][rank - 1];
    throw new ShapeError(
      `${op}: the input has shape ${formatShape(input.sizes)}; expected [N, C, ${spatial}], or [C, ${spatial}] for a single case`,
    );
  }
}

/** Sizes after a transposed convolution without output padding. @internal */
export function transposedSizes(
  sizes: readonly number[],
  { kernel, stride, padding, dilation }: Pick<ConvolutionPlan, 'kernel' | 'stride' | 'padding' | 'dilation'>,
): number[] {
  return sizes.map((n, d) => (n - 1) * stride[d] - 2 * padding[d] + dilation[d] * (kernel[d] - 1) + 1);
}

/** Extent of the dilated kernel. @internal */
export const reach = (kernel: readonly number[], dilation: readonly number[]) =>
  kernel.map((k, d) => dilation[d] * (k - 1) + 1);

/** Zeros before each dimension, and in all. @throws {ValueError} if the padding cannot be. @internal */
export function paddingOf(
  op: string,
  padding: PerDimension | 'same' | 'valid',
  kernel: readonly number[],
  stride: readonly number[],
  dilation: readonly number[],
): { start: number[]; total: number[] } {
  if (padding === 'same') {
    if (stride.some((n) => n !== 1))
      throw new ValueError(`${op}: padding 'same' needs a stride of 1, got ${formatShape(stride)}`);
    const total = reach(kernel, dilation).map((n) => n - 1);
    return { start: total.map((n) => Math.floor(n / 2)), total };
  }
  if (typeof padding === 'string' && padding !== 'valid')
    throw new ValueError(`${op}: padding is '${padding}'; use a number, a list of numbers, 'same' or 'valid'`);
  const start = perDimension(op, 'padding', padding === 'valid' ? 0 : padding, kernel.length, 0);
  return { start, total: start.map((n) => 2 * n) };
}
