import { repr } from '../display';
import type { Tensor } from '../tensor/tensor';
import type { OutputSizeOption } from './conv';
import { type MaxUnpoolOptions, maxUnpool1d, maxUnpool2d, maxUnpool3d } from './functional';
import { Module } from './module';
import { kept, type PerDimension, perDimension, rankOf } from './spatial';

/** Options of {@link MaxUnpool1d} to {@link MaxUnpool3d}. */
export type MaxUnpoolLayerOptions = Omit<MaxUnpoolOptions, 'outputSize'>;

/**
 * Inverts `MaxPool2d`: places the largest elements at their positions (`torch.nn.MaxUnpool2d`); see
 * `nn.functional.maxUnpool2d`.
 */
export abstract class MaxUnpool extends Module<[input: Tensor, indices: Tensor, options?: OutputSizeOption]> {
  /** Stride of the windows. */
  readonly stride: PerDimension;
  /** Padding of the pooling. */
  readonly padding: PerDimension;

  /** Windows of the pooling. */
  constructor(
    /** Size of the windows. */
    readonly kernelSize: PerDimension,
    options: MaxUnpoolLayerOptions = {},
  ) {
    super();
    this.kernelSize = kept(this, 'kernelSize', kernelSize);
    this.stride = kept(this, 'stride', options.stride ?? kernelSize);
    this.padding = kept(this, 'padding', options.padding ?? 0);
  }

  /** Computes the output, of size `outputSize` if that is given. */
  forward(input: Tensor, indices: Tensor, options: OutputSizeOption = {}): Tensor {
    const { kernelSize, stride, padding } = this;
    const maxUnpool = [maxUnpool1d, maxUnpool2d, maxUnpool3d][rankOf(this) - 1];
    return maxUnpool(input, indices, kernelSize, { stride, padding, ...options });
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding } = this;
    return Object.entries({ kernelSize, stride, padding })
      .map(([name, given]) => `${name}=${repr(perDimension('MaxUnpool', name, given, rankOf(this), 0))}`)
      .join(', ');
  }
}
