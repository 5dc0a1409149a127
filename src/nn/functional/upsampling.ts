import { describe } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { numel } from '../../kernels/strides';
import { resampling } from '../../ops/networks/resampling';
import { requireFloat, requireTensor } from '../../ops/table/arguments';
import { requireRoom } from '../../tensor/dtype';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { checkMode, interpolationMatrix, modes } from '../interpolation';
import type { PerDimension } from '../spatial';
import { adaptiveMean } from '../windows';

/** What {@link interpolate} makes new elements of. */
export type InterpolationMode = 'nearest' | 'nearest-exact' | 'linear' | 'bilinear' | 'bicubic' | 'trilinear' | 'area';

/** Options of {@link interpolate}; `size` or `scaleFactor` is needed. */
export interface InterpolateOptions {
  /** The spatial sizes of the output. */
  size?: PerDimension | null;
  /** Ratio of the output's sizes to the input's. */
  scaleFactor?: PerDimension | null;
  /**
   * `'nearest'` (default) takes the element at the rounded-down place, `'nearest-exact'` the one that covers the
   * centre, `'linear'`, `'bilinear'` and `'trilinear'` (for one, two, three dimensions) weight the neighbours,
   * `'bicubic'` weights 16 of them, `'area'` averages over what an output element covers.
   */
  mode?: InterpolationMode;
  /**
   * Whether the centres of the corner elements stay where they are; otherwise the outer edges do. For the linear and
   * cubic modes; default `false`.
   */
  alignCorners?: boolean | null;
  /** Interpolate with the ratio of the sizes, rounded as they are, instead of `scaleFactor`; default `false`. */
  recomputeScaleFactor?: boolean | null;
  /** Average over what an output element covers when the size shrinks; for `'bilinear'` and `'bicubic'`; default `false`. */
  antialias?: boolean;
}

/** Options of {@link upsample}; `size` or `scaleFactor` is needed. */
export type UpsampleOptions = Omit<InterpolateOptions, 'recomputeScaleFactor' | 'antialias'>;

/** Options of {@link upsampleNearest} and {@link upsampleBilinear}; one of the two is needed. */
export type SizeOptions = Pick<InterpolateOptions, 'size' | 'scaleFactor'>;

/**
 * The input `[N, C, L]`, `[N, C, H, W]` or `[N, C, D, H, W]` enlarged or reduced to `size`, or by `scaleFactor`
 * (`torch.nn.functional.interpolate`).
 * @throws {ShapeError} if the input has the wrong number of dimensions for the mode, or a size is 0; {@link ValueError}
 * if options contradict each other or are out of range; {@link DtypeError} for integers, except `uint8` and the nearest
 * modes.
 *
 * @example
 * const x = tensor([[[0, 10]]]);
 * nn.functional.interpolate(x, { scaleFactor: 2 }).tolist() // [[[0, 0, 10, 10]]]
 * nn.functional.interpolate(x, { size: 4, mode: 'linear' }).tolist() // [[[0, 2.5, 7.5, 10]]]
 */
export function interpolate(input: Tensor, options: InterpolateOptions = {}): Tensor {
  return resize('interpolate', input, options);
}

/**
 * Enlarges the input, as {@link interpolate} does (`torch.nn.functional.upsample`).
 * @throws {ShapeError} as `interpolate`; {@link ValueError} as `interpolate`; {@link DtypeError} as `interpolate`.
 */
export function upsample(input: Tensor, options: UpsampleOptions = {}): Tensor {
  return resize('upsample', input, options);
}

/**
 * Enlarges the input by repeating elements: {@link interpolate} with mode `'nearest'`
 * (`torch.nn.functional.upsample_nearest`).
 * @throws {ShapeError} as `interpolate`; {@link ValueError} as `interpolate`; {@link DtypeError} as `interpolate`.
 */
export function upsampleNearest(input: Tensor, options: SizeOptions = {}): Tensor {
  return resize('upsampleNearest', input, { ...options, mode: 'nearest' });
}

/**
 * Enlarges images between fixed corners: {@link interpolate} with mode `'bilinear'` and `alignCorners`
 * (`torch.nn.functional.upsample_bilinear`).
 * @throws {ShapeError} as `interpolate`; {@link ValueError} as `interpolate`; {@link DtypeError} as `interpolate`.
 */
export function upsampleBilinear(input: Tensor, options: SizeOptions = {}): Tensor {
  return resize('upsampleBilinear', input, { ...options, mode: 'bilinear', alignCorners: true });
}

function resize(op: string, input: Tensor, options: InterpolateOptions): Tensor {
  const { mode = 'nearest', alignCorners = null, antialias = false } = options;
  checkMode(op, mode);
  requireTensor(op, input);
  const rank = input.ndim - 2;
  const needed = mode === 'area' ? undefined : modes[mode].rank;
  if (rank < 1 || rank > 3 || (needed !== undefined && rank !== needed))
    throw new ShapeError(
      `${op}: mode '${mode}' needs [N, C] and ${needed ?? '1 to 3'} more dimensions, got ${formatShape(input.sizes)}`,
    );
  if (alignCorners !== null && (mode === 'area' || modes[mode].kind.startsWith('nearest')))
    throw new ValueError(`${op}: alignCorners has no meaning for mode '${mode}'; leave it out`);
  if (antialias && mode !== 'bilinear' && mode !== 'bicubic')
    throw new ValueError(`${op}: antialias is for the modes 'bilinear' and 'bicubic', not '${mode}'`);
  const { sizes, factors } = target(op, input.sizes.slice(2), options);
  if (input.sizes.slice(1).includes(0) || sizes.some((n) => n < 1))
    throw new ShapeError(
      `${op}: from ${formatShape(input.sizes)} to ${formatShape(sizes)}; sizes must be 1 or more, only the dimension of ` +
        'cases may be empty',
    );
  requireRoom(input.dtype, numel(sizes) * input.sizes[0] * input.sizes[1]);
  if (mode === 'area') return adaptiveMean(op, rank, input, sizes);
  const { kind, name } = modes[mode];
  if (input.dtype !== 'uint8' || !kind.startsWith('nearest')) requireFloat(op, input);
  const matrices = sizes.map((to, d) =>
    interpolationMatrix(kind, input.sizes[d + 2], to, {
      factor: factors === null ? null : factors[d],
      alignCorners: alignCorners ?? false,
      antialias,
    }),
  );
  return resampling.resample(input, { matrices, gradFn: `Upsample${name}${rank}D${antialias ? 'Aa' : ''}Backward0` });
}

/** The sizes of the output, and the factors to interpolate with, if not those of the sizes. */
function target(
  op: string,
  from: readonly number[],
  { size = null, scaleFactor = null, mode, recomputeScaleFactor }: InterpolateOptions,
): { sizes: number[]; factors: number[] | null } {
  if ((size === null) === (scaleFactor === null))
    throw new ValueError(`${op}: give either size or scaleFactor, got ${size === null ? 'neither' : 'both'}`);
  const given = (size ?? scaleFactor) as PerDimension;
  const isSize = scaleFactor === null;
  if (typeof given !== 'number' && !Array.isArray(given))
    throw new ValueError(
      `${op}: ${isSize ? 'size' : 'scaleFactor'} is a number or a list of numbers, got ${describe(given)}`,
    );
  const all = typeof given === 'number' ? from.map(() => given) : [...given];
  if (all.length !== from.length || !all.every((n) => (isSize ? Number.isInteger(n) : Number.isFinite(n))))
    throw new ValueError(
      `${op}: ${isSize ? 'size' : 'scaleFactor'} is ${typeof given === 'number' ? given : formatShape(given)}; it must be ` +
        `a ${isSize ? 'whole ' : ''}number, or a list of ${from.length}`,
    );
  if (isSize) {
    if (recomputeScaleFactor)
      throw new ValueError(`${op}: recomputeScaleFactor has no meaning for a given size; leave it out`);
    return { sizes: all, factors: null };
  }
  const sizes = from.map((n, d) => Math.floor(n * all[d]));
  return { sizes, factors: recomputeScaleFactor || mode === 'area' ? null : all };
}
