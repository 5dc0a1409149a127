import { repr } from '../display';
import type { Tensor } from '../tensor/tensor';
import type { OutputSizeOption } from './conv';
import { type MaxUnpoolOptions, maxUnpool1d, maxUnpool2d, maxUnpool3d } from './functional';
import { Module } from './module';
import { type PerDimension, perDimension } from './spatial';

/** Options of {@link MaxUnpool1d} to {@link MaxUnpool3d}. */
export type MaxUnpoolLayerOptions = Omit<MaxUnpoolOptions, 'outputSize'>;

abstract class MaxUnpool extends Module<[input: Tensor, indices: Tensor, options?: OutputSizeOption]> {
  /** Distance between neighbouring windows. */
  readonly stride: PerDimension;
  /** Padding that the pooling had. */
  readonly padding: PerDimension;

  /** Windows as the pooling had them. */
  constructor(
    /** Size of the windows. */
    readonly kernelSize: PerDimension,
    options: MaxUnpoolLayerOptions = {},
  ) {
    super();
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? 0;
  }

  /** Number of dimensions that windows have. */
  protected abstract readonly rank: number;

  override extraRepr(): string {
    const { kernelSize, stride, padding } = this;
    return Object.entries({ kernelSize, stride, padding })
      .map(([name, given]) => `${name}=${repr(perDimension('MaxUnpool', name, given, this.rank, 0))}`)
      .join(', ');
  }
}

/**
 * Puts largest elements back to where `MaxPool1d` found them (`torch.nn.MaxUnpool1d`); see `nn.functional.maxUnpool1d`.
 */
export class MaxUnpool1d extends MaxUnpool {
  protected readonly rank = 1;

  /** Computes the output, of the size in `outputSize` if there is one. */
  forward(input: Tensor, indices: Tensor, options: OutputSizeOption = {}): Tensor {
    const { kernelSize, stride, padding } = this;
    return maxUnpool1d(input, indices, kernelSize, { stride, padding, ...options });
  }
}

/**
 * Puts largest elements back to where `MaxPool2d` found them (`torch.nn.MaxUnpool2d`); see `nn.functional.maxUnpool2d`.
 */
export class MaxUnpool2d extends MaxUnpool {
  protected readonly rank = 2;

  /** Computes the output, of the size in `outputSize` if there is one. */
  forward(input: Tensor, indices: Tensor, options: OutputSizeOption = {}): Tensor {
    const { kernelSize, stride, padding } = this;
    return maxUnpool2d(input, indices, kernelSize, { stride, padding, ...options });
  }
}

/**
 * Puts largest elements back to where `MaxPool3d` found them (`torch.nn.MaxUnpool3d`); see `nn.functional.maxUnpool3d`.
 */
export class MaxUnpool3d extends MaxUnpool {
  protected readonly rank = 3;

  /** Computes the output, of the size in `outputSize` if there is one. */
  forward(input: Tensor, indices: Tensor, options: OutputSizeOption = {}): Tensor {
    const { kernelSize, stride, padding } = this;
    return maxUnpool3d(input, indices, kernelSize, { stride, padding, ...options });
  }
}
