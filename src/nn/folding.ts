import { repr } from '../display';
import type { Tensor } from '../tensor/tensor';
import { type FoldOptions, fold, unfold } from './functional/folding';
import { Module } from './module';
import { kept, type PerDimension } from './spatial';

/** Base of both directions: the sliding window. */
abstract class SlidingWindow extends Module {
  readonly dilation: PerDimension;
  readonly padding: PerDimension;
  readonly stride: PerDimension;

  constructor(
    /** Height and width of the window, or one number for both. */
    readonly kernelSize: PerDimension,
    { dilation = 1, padding = 0, stride = 1 }: FoldOptions,
  ) {
    super();
    this.kernelSize = kept(this, 'kernelSize', kernelSize);
    this.dilation = kept(this, 'dilation', dilation);
    this.padding = kept(this, 'padding', padding);
    this.stride = kept(this, 'stride', stride);
  }

  override extraRepr(): string {
    const { kernelSize, dilation, padding, stride } = this;
    return `kernelSize=${repr(kernelSize)}, dilation=${repr(dilation)}, padding=${repr(padding)}, stride=${repr(stride)}`;
  }
}

/** Extracts the patches of a sliding window from images, as columns (`torch.nn.Unfold`); see `nn.functional.unfold`. */
export class Unfold extends SlidingWindow {
  /** Patches of `kernelSize`: one number, or height and width. */
  constructor(kernelSize: PerDimension, options: FoldOptions = {}) {
    super(kernelSize, options);
  }

  forward(input: Tensor): Tensor {
    return unfold(input, this.kernelSize, this);
  }
}

/** Adds up columns of patches to images (`torch.nn.Fold`); see `nn.functional.fold`. */
export class Fold extends SlidingWindow {
  /** Images of `outputSize` from patches of `kernelSize`: each one number, or height and width. */
  constructor(
    /** Height and width of the images, or one number for both. */
    readonly outputSize: PerDimension,
    kernelSize: PerDimension,
    options: FoldOptions = {},
  ) {
    super(kernelSize, options);
    this.outputSize = kept(this, 'outputSize', outputSize);
  }

  forward(input: Tensor): Tensor {
    return fold(input, this.outputSize, this.kernelSize, this);
  }

  override extraRepr(): string {
    return `outputSize=${repr(this.outputSize)}, ${super.extraRepr()}`;
  }
}
