import { describe } from '../describe';
import { floatRepr, repr } from '../display';
import { ValueError } from '../errors';
import { requireBooleans, requireSizes } from '../ops/table/arguments';
import { ones, zeros } from '../tensor/creation';
import type { Dtype } from '../tensor/dtype';
import type { Tensor } from '../tensor/tensor';
import { groupNorm, type LocalResponseNormOptions, layerNorm, localResponseNorm, rmsNorm } from './functional';
import { ones_, zeros_ } from './init';
import { Module } from './module';
import { noteMembers } from './module-tree';
import { Parameter } from './parameter';
import { passOn } from './recycling';

/** Base class of normalization layers: their weight and bias. */
export abstract class AffineNorm extends Module {
  /** Factor of each channel or element, or `null`. */
  weight: Parameter | null;
  /** Summand of each channel or element, or `null`. */
  bias: Parameter | null;

  /** @internal */
  constructor(sizes: Record<string, number>, affine: boolean, bias: boolean, dtype: Dtype | undefined) {
    super();
    requireSizes(this.constructor.name, sizes, 0);
    requireBooleans(this.constructor.name, { affine, bias });
    const shape = Object.values(sizes);
    this.weight = affine ? new Parameter(ones(shape, { dtype })) : null;
    this.bias = affine && bias ? new Parameter(zeros(shape, { dtype })) : null;
    noteMembers(this);
  }

  /** Sets the weight to 1 and the bias to 0 (`torch.nn.LayerNorm.reset_parameters`). */
  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }
}

/** Normalization of the last dimensions. */
abstract class LastDimsNorm extends AffineNorm {
  /** Sizes of the dimensions that are normalized together. */
  readonly normalizedShape: readonly number[];
  /** Whether parameters are learned. */
  readonly elementwiseAffine: boolean;

  constructor(normalizedShape: number | readonly number[], affine: boolean, bias: boolean, dtype: Dtype | undefined) {
    const sizes = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
    if (!Array.isArray(sizes))
      throw new ValueError(
        `${new.target.name}: normalizedShape must be a size, or a list of sizes, got ${describe(sizes)}`,
      );
    super(Object.fromEntries(Array.from(sizes, (n, d) => [`normalizedShape[${d}]`, n])), affine, bias, dtype);
    if (sizes.length === 0)
      throw new ValueError(`${this.constructor.name}: normalizedShape is empty; it needs one size or more`);
    this.normalizedShape = [...sizes];
    this.elementwiseAffine = affine;
  }

  /** Added to the variance or mean square; `null`: the epsilon of the dtype. */
  abstract readonly eps: number | null;

  override extraRepr(): string {
    const { normalizedShape, eps, elementwiseAffine } = this;
    return `${repr(normalizedShape)}, eps=${repr(eps)}, elementwiseAffine=${repr(elementwiseAffine)}`;
  }
}

/** Options of {@link LayerNorm}. */
export interface LayerNormOptions {
  /** Added to the variance; default 1e-5. */
  eps?: number;
  /** Learn a weight and a bias for each element; default `true`. */
  elementwiseAffine?: boolean;
  /** With `elementwiseAffine`, learn a bias as well as a weight; default `true`. */
  bias?: boolean;
  /** Dtype of the parameters; default `float32`. */
  dtype?: Dtype;
}

/**
 * Layer normalization (`torch.nn.LayerNorm`): the last dimensions of each case with mean 0 and variance 1, times a
 * learned weight plus a learned bias; see `nn.functional.layerNorm`.
 *
 * @example
 * new nn.LayerNorm(2, { elementwiseAffine: false, eps: 0 })(tensor([[1, 3], [10, 20]])) // tensor([[-1., 1.], [-1., 1.]])
 */
export class LayerNorm extends LastDimsNorm {
  readonly eps: number;

  /**
   * Normalization over the last dimension, of size `normalizedShape`, or over several, of the sizes listed.
   * @throws {ValueError} if a size is no whole number, or a switch neither `true` nor `false`.
   */
  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    const { eps = 1e-5, elementwiseAffine = true, bias = true, dtype } = options;
    super(normalizedShape, elementwiseAffine, bias, dtype);
    this.eps = eps;
  }

  forward(input: Tensor): Tensor {
    const { weight, bias, eps } = this;
    return layerNorm(input, this.normalizedShape, { weight, bias, eps });
  }

  override extraRepr(): string {
    return `${super.extraRepr()}, bias=${repr(this.bias !== null)}`;
  }
}

/** Options of {@link RMSNorm}. */
export interface RMSNormOptions {
  /** Added to the mean square; default `null`: the distance from 1 to the next number of the input's dtype. */
  eps?: number | null;
  /** Learn a weight for each element; default `true`. */
  elementwiseAffine?: boolean;
  /** Dtype of the parameters; default `float32`. */
  dtype?: Dtype;
}

/**
 * Division of the last dimensions by their root mean square (`torch.nn.RMSNorm`), times a learned weight; see
 * `nn.functional.rmsNorm`.
 */
export class RMSNorm extends LastDimsNorm {
  readonly eps: number | null;

  /**
   * Normalization over the last dimension, of size `normalizedShape`, or over several, of the sizes listed.
   * @throws {ValueError} if a size is no whole number, or a switch neither `true` nor `false`.
   */
  constructor(normalizedShape: number | readonly number[], options: RMSNormOptions = {}) {
    const { eps = null, elementwiseAffine = true, dtype } = options;
    super(normalizedShape, elementwiseAffine, false, dtype);
    this.eps = eps;
  }

  forward(input: Tensor): Tensor {
    const { weight, eps } = this;
    return rmsNorm(input, this.normalizedShape, { weight, eps });
  }
}

/** Options of {@link GroupNorm}. */
export interface GroupNormLayerOptions {
  /** Added to the variance; default 1e-5. */
  eps?: number;
  /** Learn a weight and a bias for each channel; default `true`. */
  affine?: boolean;
  /** Dtype of the parameters; default `float32`. */
  dtype?: Dtype;
  /** With `affine`, learn a bias as well as a weight; default `true`. */
  bias?: boolean;
}

/**
 * Group normalization (`torch.nn.GroupNorm`) of inputs `[N, C, …]`: each group of neighbouring channels of a case with
 * mean 0 and variance 1, times a learned weight plus a learned bias for each channel; see `nn.functional.groupNorm`.
 */
export class GroupNorm extends AffineNorm {
  /** Added to the variance. */
  readonly eps: number;
  /** Whether a weight (and a bias) is learned. */
  readonly affine: boolean;

  /**
   * Normalization of `numChannels` channels in `numGroups` groups of one size.
   * @throws {ValueError} if the channels do not divide into the groups, or a switch is neither `true` nor `false`.
   */
  constructor(
    /** Number of groups. */
    readonly numGroups: number,
    /** Number of channels. */
    readonly numChannels: number,
    options: GroupNormLayerOptions = {},
  ) {
    const { eps = 1e-5, affine = true, dtype, bias = true } = options;
    super({ numChannels }, affine, bias, dtype);
    requireSizes('GroupNorm', { numGroups });
    if (numChannels % numGroups !== 0)
      throw new ValueError(`GroupNorm: ${numChannels} channels do not divide into ${numGroups} groups of one size`);
    this.eps = eps;
    this.affine = affine;
  }

  forward(input: Tensor): Tensor {
    const { weight, bias, eps } = this;
    return groupNorm(input, this.numGroups, { weight, bias, eps });
  }

  override extraRepr(): string {
    const { numGroups, numChannels, eps, affine } = this;
    return `${numGroups}, ${numChannels}, eps=${repr(eps)}, affine=${repr(affine)}, bias=${repr(this.bias !== null)}`;
  }
}

/**
 * Division by the mean square of neighbouring channels (`torch.nn.LocalResponseNorm`); see
 * `nn.functional.localResponseNorm`.
 */
export class LocalResponseNorm extends Module {
  /** Factor of the mean square. */
  readonly alpha: number;
  /** Exponent. */
  readonly beta: number;
  /** Added to the mean square. */
  readonly k: number;

  /** Normalization over `size` neighbouring channels. @throws {ValueError} if `size` is no whole number above 0. */
  constructor(
    /** Number of channels in each sum. */
    readonly size: number,
    options: LocalResponseNormOptions = {},
  ) {
    super();
    requireSizes('LocalResponseNorm', { size });
    this.alpha = options.alpha ?? 1e-4;
    this.beta = options.beta ?? 0.75;
    this.k = options.k ?? 1;
  }

  forward(input: Tensor): Tensor {
    const { alpha, beta, k } = this;
    return localResponseNorm(input, this.size, { alpha, beta, k });
  }

  override extraRepr(): string {
    const { size, alpha, beta, k } = this;
    return `${size}, alpha=${repr(alpha)}, beta=${repr(beta)}, k=${floatRepr(k)}`;
  }
}

passOn(LayerNorm);
