import { repr } from '../display';
import { ShapeError, ValueError } from '../errors';
import { numel } from '../kernels/strides';
import { requireOneOf, requireSizes, requireTensor } from '../ops/table/arguments';
import { zeros } from '../tensor/creation';
import type { Dtype } from '../tensor/dtype';
import { formatShape, type Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import {
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  type PadMode,
  pad,
} from './functional';
import { kaimingUniform_, uniform_ } from './init';
import { Module } from './module';
import { noteMembers } from './module-tree';
import { Parameter } from './parameter';
import { type PerDimension, paddingOf, perDimension, rankOf, requireSpatial, transposedSizes } from './spatial';

/** Options of {@link Conv1d}, {@link Conv2d} and {@link Conv3d}. */
export interface ConvOptions {
  /** Stride of the kernel; default 1. */
  stride?: PerDimension;
  /** Elements added on both sides of each dimension, `'same'` or `'valid'`; default 0. */
  padding?: PerDimension | 'same' | 'valid';
  /** Dilation: distance between neighbouring elements of the kernel; default 1. */
  dilation?: PerDimension;
  /** Number of groups of channels; outputs depend only on the inputs of their group; default 1. */
  groups?: number;
  /** Add a bias to each output channel; default `true`. */
  bias?: boolean;
  /**
   * Padding values: `'zeros'` (default), `'reflect'` mirrored at the edge, `'replicate'` the edge repeated,
   * `'circular'` from the opposite edge.
   */
  paddingMode?: PaddingMode;
  /** Dtype of the parameters; default `float32`. */
  dtype?: Dtype;
}

/** Options of {@link ConvTranspose1d}, {@link ConvTranspose2d} and {@link ConvTranspose3d}. */
export interface ConvTransposeOptions {
  /** Stride of the kernel in the output; default 1. */
  stride?: PerDimension;
  /** Elements cut off on both sides of each dimension of the output; default 0. */
  padding?: PerDimension;
  /** Elements added at the end of each dimension of the output; default 0. */
  outputPadding?: PerDimension;
  /** Number of groups of channels; outputs depend only on the inputs of their group; default 1. */
  groups?: number;
  /** Add a bias to each output channel; default `true`. */
  bias?: boolean;
  /** Dilation: distance between neighbouring elements of the kernel; default 1. */
  dilation?: PerDimension;
  /** Only `'zeros'` (default). */
  paddingMode?: 'zeros';
  /** Dtype of the parameters; default `float32`. */
  dtype?: Dtype;
}

/** Padding mode of a convolution. */
export type PaddingMode = 'zeros' | Exclude<PadMode, 'constant'>;

const modes: readonly PaddingMode[] = ['zeros', 'reflect', 'replicate', 'circular'];

/** Base class of all convolutions: parameters, their initialization, and the printed form. */
abstract class Convolution extends Module {
  /** Sizes of the kernel. */
  readonly kernelSize: readonly number[];
  /** Stride of the kernel. */
  readonly stride: readonly number[];
  /** Elements added, or cut off from the output of a transposed convolution. */
  readonly padding: readonly number[] | 'same' | 'valid';
  /** Dilation: distance between neighbouring elements of the kernel. */
  readonly dilation: readonly number[];
  /** Elements added at the end of the output of a transposed convolution. */
  readonly outputPadding: readonly number[];
  /** Number of groups of channels. */
  readonly groups: number;
  /** Padding mode. */
  readonly paddingMode: PaddingMode;
  /** `[O, C / groups, …]`, or `[C, O / groups, …]` of a transposed convolution. */
  weight: Parameter;
  /** `[O]`, or `null` without a bias. */
  bias: Parameter | null;

  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    kernelSize: PerDimension,
    options: ConvOptions & { outputPadding?: PerDimension },
    transposed: boolean,
  ) {
    super();
    const [op, rank] = [this.constructor.name, rankOf(this)];
    const { padding = 0, groups = 1, bias = true, paddingMode = 'zeros', dtype } = options;
    requireSizes(op, { inChannels, outChannels, groups });
    if (inChannels % groups !== 0 || outChannels % groups !== 0)
      throw new ValueError(`${op}: ${groups} groups do not divide ${inChannels} and ${outChannels} channels`);
    requireOneOf(op, { paddingMode }, transposed ? ['zeros'] : modes);
    this.kernelSize = perDimension(op, 'kernelSize', kernelSize, rank);
    this.stride = perDimension(op, 'stride', options.stride ?? 1, rank);
    this.dilation = perDimension(op, 'dilation', options.dilation ?? 1, rank);
    this.outputPadding = perDimension(op, 'outputPadding', options.outputPadding ?? 0, rank, 0);
    const { start } = paddingOf(op, padding, this.kernelSize, this.stride, this.dilation);
    this.padding = typeof padding === 'string' ? padding : start;
    this.groups = groups;
    this.paddingMode = paddingMode;
    const [from, to] = transposed ? [outChannels, inChannels] : [inChannels, outChannels];
    this.weight = new Parameter(zeros([to, from / groups, ...this.kernelSize], { dtype }));
    this.bias = bias ? new Parameter(zeros([outChannels], { dtype })) : null;
    this.resetParameters();
    noteMembers(this);
  }

  /** Initializes the parameters again (`torch.nn.Conv2d.reset_parameters`). */
  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    const bound = 1 / Math.sqrt(numel(this.weight.shape.slice(1)));
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, outputPadding, groups, bias, paddingMode } = this;
    const parts = [`${this.inChannels}, ${this.outChannels}, kernelSize=${repr(kernelSize)}, stride=${repr(stride)}`];
    if (typeof padding === 'string') parts.push(`padding=${padding}`);
    else if (padding.some((n) => n !== 0)) parts.push(`padding=${repr(padding)}`);
    if (dilation.some((n) => n !== 1)) parts.push(`dilation=${repr(dilation)}`);
    if (outputPadding.some((n) => n !== 0)) parts.push(`outputPadding=${repr(outputPadding)}`);
    if (groups !== 1) parts.push(`groups=${groups}`);
    if (bias === null) parts.push('bias=False');
    if (paddingMode !== 'zeros') parts.push(`paddingMode=${paddingMode}`);
    return parts.join(', ');
  }
}

/**
 * Convolution in two dimensions (`torch.nn.Conv2d`): from `[N, C, H, W]` or `[C, H, W]` to `outChannels` channels; see
 * `nn.functional.conv2d`. Weight and bias start uniform in `±1/√(inChannels / groups · kernel elements)`.
 * @throws {ValueError} if an argument is out of range, or the groups do not divide the channels.
 *
 * @example
 * new nn.Conv2d(1, 6, 5, { padding: 2 })(rand([4, 1, 28, 28])).shape // [4, 6, 28, 28]
 * @passesOn
 */
export abstract class Conv extends Convolution {
  /** A convolution of inputs with `inChannels` channels, with PyTorch's initial weights. */
  constructor(inChannels: number, outChannels: number, kernelSize: PerDimension, options: ConvOptions = {}) {
    super(inChannels, outChannels, kernelSize, options, false);
  }

  forward(input: Tensor): Tensor {
    const op = [conv1d, conv2d, conv3d][rankOf(this) - 1];
    const { weight, bias, stride, padding, dilation, groups, paddingMode, kernelSize } = this;
    if (paddingMode === 'zeros') return op(input, weight, { bias, stride, padding, dilation, groups });
    const { start, total } = paddingOf(op.name, padding, kernelSize, stride, dilation);
    const sides = start.flatMap((n, d) => [total[d] - n, n]).reverse();
    requireSpatial(op.name, input, kernelSize.length);
    return op(pad(input, sides, { mode: paddingMode }), weight, { bias, stride, dilation, groups });
  }
}

/** Options of a call of a transposed convolution. */
export interface OutputSizeOption {
  /**
   * The size of the output, with or without `[N, C]`, instead of `outputPadding`: several sizes belong to one input
   * size.
   */
  outputSize?: readonly number[] | null;
}

/** A module of one tensor, so that it fits into a Sequential; its call takes an option. */
export interface ConvTranspose {
  // biome-ignore lint/style/useShorthandFunctionType: it merges with the class of the same name
  (input: Tensor, options?: OutputSizeOption): Tensor;
}

/**
 * Transposed convolution in two dimensions (`torch.nn.ConvTranspose2d`): from `[N, C, H, W]` or `[C, H, W]` to larger
 * outputs with `outChannels` channels; see `nn.functional.convTranspose2d`. Weight and bias start uniform in
 * `±1/√(outChannels / groups · kernel elements)`.
 * @throws {ValueError} if an argument is out of range, or the groups do not divide the channels.
 * @passesOn
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: a module is called like a function
export abstract class ConvTranspose extends Convolution {
  /** A transposed convolution of inputs with `inChannels` channels, with PyTorch's initial weights. */
  constructor(inChannels: number, outChannels: number, kernelSize: PerDimension, options: ConvTransposeOptions = {}) {
    super(inChannels, outChannels, kernelSize, options, true);
  }

  /** Computes the output, of the size in `outputSize` if there is one. */
  forward(input: Tensor, options: OutputSizeOption = {}): Tensor {
    const op = [convTranspose1d, convTranspose2d, convTranspose3d][rankOf(this) - 1];
    const { outputSize = null } = options;
    const { weight, bias, stride, dilation, groups } = this;
    const padding = this.padding as readonly number[];
    const outputPadding = outputSize === null ? this.outputPadding : this.missing(input, outputSize);
    return op(input, weight, { bias, stride, padding, outputPadding, groups, dilation });
  }

  /** Returns the output padding for an output of a given size. */
  private missing(input: Tensor, outputSize: Shape): number[] {
    const { kernelSize: kernel, stride, dilation } = this;
    const [op, rank] = [this.constructor.name, kernel.length];
    requireTensor(op, input);
    requireSpatial(op, input, rank);
    const wanted = outputSize.length === input.ndim ? outputSize.slice(-rank) : outputSize;
    const plan = { kernel, stride, padding: this.padding as readonly number[], dilation };
    const least = transposedSizes(input.shape.slice(-rank), plan);
    if (wanted.length !== rank)
      throw new ShapeError(
        `${op}: outputSize is ${formatShape(outputSize)}; it needs ${rank} sizes, or ${input.ndim} with the channels`,
      );
    if (!wanted.every((n, d) => Number.isInteger(n) && n >= least[d] && n < least[d] + stride[d]))
      throw new ValueError(
        `${op}: outputSize is ${formatShape(wanted)}; for an input of shape ${formatShape(input.shape)} it must be from ` +
          `${formatShape(least)} to ${formatShape(least.map((n, d) => n + stride[d] - 1))}`,
      );
    return wanted.map((n, d) => n - least[d]);
  }
}
