import { repr } from '../display';
import { checkKind } from '../options';
import type { Tensor } from '../tensor/tensor';
import {
  type AdaptiveMaxPoolOptions,
  type AvgPool1dOptions,
  type AvgPool2dOptions,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  type LpPoolOptions,
  lpPool1d,
  lpPool2d,
  lpPool3d,
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  type Pooled,
} from './functional';
import { Module } from './module';
import { passOn } from './recycling';
import { type AdaptiveSize, inDimensions, kept, type PerDimension, perDimension, rankOf } from './spatial';

/**
 * Largest element of each window of `[N, C, H, W]` or `[C, H, W]` (`torch.nn.MaxPool2d`); see `nn.functional.maxPool2d`.
 * With `returnIndices` it returns `{ values, indices }`.
 *
 * @example
 * new nn.MaxPool2d(2)(rand([1, 3, 8, 8])).shape // [1, 3, 4, 4]
 * @passesOn
 */
export abstract class MaxPool<I extends boolean = false> extends Module<[input: Tensor], Pooled<I>> {
  /** Stride of the windows. */
  readonly stride: PerDimension;
  /** Places around the input, which are never selected. */
  readonly padding: PerDimension;
  /** Distance between neighbouring elements of a window. */
  readonly dilation: PerDimension;
  /** Whether the positions of the largest elements are returned, too. */
  readonly returnIndices: I;
  /** Whether a last window may reach beyond the padding. */
  readonly ceilMode: boolean;

  /** Windows of a size, one number for each dimension or one for all. */
  constructor(
    /** Size of the windows. */
    readonly kernelSize: PerDimension,
    options: MaxPoolOptions<I> = {},
  ) {
    super();
    const { stride, padding = 0, dilation = 1, ceilMode = false } = options;
    this.kernelSize = kept(this, 'kernelSize', kernelSize);
    this.stride = kept(this, 'stride', stride ?? kernelSize);
    this.padding = kept(this, 'padding', padding);
    this.dilation = kept(this, 'dilation', dilation);
    this.returnIndices = (options.returnIndices ?? false) as I;
    this.ceilMode = ceilMode;
  }

  forward(input: Tensor): Pooled<I> {
    const maxPool = [maxPool1d, maxPool2d, maxPool3d][rankOf(this) - 1];
    return maxPool(input, this.kernelSize, this);
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, ceilMode } = this;
    return `kernelSize=${repr(kernelSize)}, stride=${repr(stride)}, padding=${repr(padding)}, dilation=${repr(dilation)}, ceilMode=${repr(ceilMode)}`;
  }
}

/** Base class of the layers that take the mean of each window. */
abstract class AvgPool extends Module {
  /** Stride of the windows. */
  readonly stride: PerDimension;
  /** Zeros around the input. */
  readonly padding: PerDimension;
  /** Whether a last window may reach beyond the padding. */
  readonly ceilMode: boolean;
  /** Whether the zeros of the padding count in the mean. */
  readonly countIncludePad: boolean;

  constructor(
    /** Size of the windows. */
    readonly kernelSize: PerDimension,
    options: AvgPool1dOptions,
  ) {
    super();
    const { stride, padding = 0, ceilMode = false, countIncludePad = true } = options;
    this.kernelSize = kept(this, 'kernelSize', kernelSize);
    this.stride = kept(this, 'stride', stride ?? kernelSize);
    this.padding = kept(this, 'padding', padding);
    this.ceilMode = ceilMode;
    this.countIncludePad = countIncludePad;
  }

  forward(input: Tensor): Tensor {
    const avgPool = [avgPool1d, avgPool2d, avgPool3d][rankOf(this) - 1];
    return avgPool(input, this.kernelSize, this);
  }

  override extraRepr(): string {
    return `kernelSize=${repr(this.kernelSize)}, stride=${repr(this.stride)}, padding=${repr(this.padding)}`;
  }
}

/** Mean of each window of `[N, C, L]` or `[C, L]` (`torch.nn.AvgPool1d`); see `nn.functional.avgPool1d`. */
export class AvgPool1d extends AvgPool {
  /** Windows of a size, given as a number or a list of one. */
  constructor(kernelSize: PerDimension, options: AvgPool1dOptions = {}) {
    const list = (name: string, value: PerDimension, least = 1) => perDimension('AvgPool1d', name, value, 1, least);
    const stride = list('stride', options.stride ?? kernelSize);
    super(list('kernelSize', kernelSize), { ...options, stride, padding: list('padding', options.padding ?? 0, 0) });
  }
}

abstract class DividedAvgPool extends AvgPool {
  /** The divisor of the sums instead of the number of elements, or `null`. */
  readonly divisorOverride: number | null;

  /** Windows of a size, one number for each dimension or one for all. */
  constructor(kernelSize: PerDimension, options: AvgPool2dOptions = {}) {
    super(kernelSize, options);
    this.divisorOverride = options.divisorOverride ?? null;
  }
}

/** Mean of each window of `[N, C, H, W]` or `[C, H, W]` (`torch.nn.AvgPool2d`); see `nn.functional.avgPool2d`. */
export class AvgPool2d extends DividedAvgPool {}

/**
 * Mean of each window of `[N, C, D, H, W]` or `[C, D, H, W]` (`torch.nn.AvgPool3d`); see `nn.functional.avgPool3d`.
 */
export class AvgPool3d extends DividedAvgPool {}

/** Base class of the layers that take a given number of windows. */
abstract class AdaptivePool<R> extends Module<[input: Tensor], R> {
  constructor(
    /** Number of windows along each dimension; `null` for that of the input's elements. */
    readonly outputSize: AdaptiveSize,
  ) {
    super();
    this.outputSize = kept(this, 'outputSize', outputSize, 'number | null');
  }

  override extraRepr(): string {
    return `outputSize=${repr(this.outputSize)}`;
  }
}

/**
 * Mean of `outputSize` windows over `[N, C, H, W]` or `[C, H, W]` (`torch.nn.AdaptiveAvgPool2d`); see
 * `nn.functional.adaptiveAvgPool2d`.
 * @passesOn
 */
export abstract class AdaptiveAvgPool extends AdaptivePool<Tensor> {
  constructor(outputSize: AdaptiveSize) {
    super(outputSize);
  }

  forward(input: Tensor): Tensor {
    const adaptiveAvgPool = [adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d][rankOf(this) - 1];
    return adaptiveAvgPool(input, this.outputSize);
  }
}

/**
 * Largest element of `outputSize` windows over `[N, C, H, W]` or `[C, H, W]` (`torch.nn.AdaptiveMaxPool2d`); see
 * `nn.functional.adaptiveMaxPool2d`.
 */
export abstract class AdaptiveMaxPool<I extends boolean = false> extends AdaptivePool<Pooled<I>> {
  /** Whether the positions of the largest elements are returned, too. */
  readonly returnIndices: I;

  /** `outputSize` windows, one number for each dimension or one for all. */
  constructor(outputSize: AdaptiveSize, options: AdaptiveMaxPoolOptions<I> = {}) {
    super(outputSize);
    this.returnIndices = (options.returnIndices ?? false) as I;
  }

  forward(input: Tensor): Pooled<I> {
    const adaptiveMaxPool = [adaptiveMaxPool1d, adaptiveMaxPool2d, adaptiveMaxPool3d][rankOf(this) - 1];
    return adaptiveMaxPool(input, this.outputSize, this);
  }
}

/** Norm of each window of `[N, C, H, W]` or `[C, H, W]` (`torch.nn.LPPool2d`); see `nn.functional.lpPool2d`. */
export abstract class LPPool extends Module {
  /** Stride of the windows; `null` for the size of a window. */
  readonly stride: PerDimension | null;
  /** Whether a last window may reach beyond the input. */
  readonly ceilMode: boolean;

  /** The norm and the size of the windows. */
  constructor(
    /** The `p` of the norm. */
    readonly normType: number,
    /** Size of the windows. */
    readonly kernelSize: PerDimension,
    options: LpPoolOptions = {},
  ) {
    checkKind(new.target.name, 'normType', normType, 'number');
    super();
    this.kernelSize = kept(this, 'kernelSize', kernelSize);
    this.stride = kept(this, 'stride', options.stride ?? null, 'number | null');
    this.ceilMode = options.ceilMode ?? false;
  }

  forward(input: Tensor): Tensor {
    const lpPool = [lpPool1d, lpPool2d, lpPool3d][rankOf(this) - 1];
    return lpPool(input, this.normType, this.kernelSize, this);
  }

  override extraRepr(): string {
    const { normType, kernelSize, stride, ceilMode } = this;
    return `normType=${normType}, kernelSize=${repr(kernelSize)}, stride=${repr(stride)}, ceilMode=${repr(ceilMode)}`;
  }
}

inDimensions(AvgPool1d, AvgPool2d, AvgPool3d);
passOn(AvgPool1d, AvgPool2d, AvgPool3d);
