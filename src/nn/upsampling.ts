import { repr } from '../display';
import type { Tensor } from '../tensor/tensor';
import { type InterpolateOptions, type InterpolationMode, interpolate, type SizeOptions } from './functional';
import { checkMode } from './interpolation';
import { Module } from './module';
import { kept, type PerDimension } from './spatial';

/** Options of {@link Upsample}; `size` or `scaleFactor` is needed. */
export type UpsampleLayerOptions = Omit<InterpolateOptions, 'antialias'>;

/**
 * Enlarges the input `[N, C, …]` to `size` or by `scaleFactor` (`torch.nn.Upsample`); see `nn.functional.interpolate`.
 *
 * @example
 * new nn.Upsample({ scaleFactor: 2, mode: 'bilinear' })(rand([1, 3, 4, 4])).shape // [1, 3, 8, 8]
 */
export class Upsample extends Module {
  /** The spatial sizes of the output, or `null`. */
  readonly size: PerDimension | null;
  /** Ratio of the output's sizes to the input's, or `null`. */
  readonly scaleFactor: PerDimension | null;
  /** The method of interpolation. */
  readonly mode: InterpolationMode;
  /** Whether the centres of the corner elements are aligned. */
  readonly alignCorners: boolean | null;
  /** Whether the ratio of the sizes is used instead of `scaleFactor`. */
  readonly recomputeScaleFactor: boolean | null;

  /** Enlarges to a size or by a factor; one of the two options is required. */
  constructor(options: UpsampleLayerOptions = {}) {
    const { mode = 'nearest' } = options;
    checkMode(new.target.name, mode);
    super();
    this.size = kept(this, 'size', options.size ?? null, 'number | null');
    this.scaleFactor = kept(this, 'scaleFactor', options.scaleFactor ?? null, 'number | null');
    this.mode = mode;
    this.alignCorners = options.alignCorners ?? null;
    this.recomputeScaleFactor = options.recomputeScaleFactor ?? null;
  }

  forward(input: Tensor): Tensor {
    return interpolate(input, this);
  }

  override extraRepr(): string {
    const { size, scaleFactor, mode } = this;
    return `${scaleFactor === null ? `size=${repr(size)}` : `scaleFactor=${floats(scaleFactor)}`}, mode=${repr(mode)}`;
  }
}

/** Factors are floats in Python, which prints whole ones as `2.0`. */
function floats(factor: PerDimension): string {
  if (typeof factor !== 'number') return `(${factor.map(floats).join(', ')}${factor.length === 1 ? ',' : ''})`;
  return Number.isInteger(factor) ? factor.toFixed(1) : repr(factor);
}

/**
 * Enlarges images by repeating elements (`torch.nn.UpsamplingNearest2d`); see {@link Upsample}, whose mode is
 * `'nearest'`.
 */
export class UpsamplingNearest2d extends Upsample {
  /** Enlarges to a size or by a factor; one of the two options is required. */
  constructor(options: SizeOptions = {}) {
    super({ ...options, mode: 'nearest' });
  }
}

/**
 * Enlarges images between fixed corners (`torch.nn.UpsamplingBilinear2d`); see {@link Upsample}, whose mode is
 * `'bilinear'` with `alignCorners`.
 */
export class UpsamplingBilinear2d extends Upsample {
  /** Enlarges to a size or by a factor; one of the two options is required. */
  constructor(options: SizeOptions = {}) {
    super({ ...options, mode: 'bilinear', alignCorners: true });
  }
}
