import { repr } from '../display';
import { requireBooleans, requireSizes } from '../ops/table/arguments';
import { zeros } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import { bilinear } from './functional';
import { uniform_ } from './init';
import type { LinearOptions } from './linear';
import { Module } from './module';
import { Parameter } from './parameter';

/**
 * Bilinear layer `y_o = Σ_ij x1_i·W_oij·x2_j + b_o` (`torch.nn.Bilinear`): from `[…, in1Features]` and
 * `[…, in2Features]` to `[…, outFeatures]`. Weight and bias start uniform in `±1/√in1Features`.
 */
export class Bilinear extends Module<[input1: Tensor, input2: Tensor]> {
  /** `[outFeatures, in1Features, in2Features]`. */
  weight: Parameter;
  /** `[outFeatures]`, or `null` without a bias. */
  bias: Parameter | null;

  /**
   * A layer from `in1Features` and `in2Features` to `outFeatures` numbers, with PyTorch's initial weights.
   * @throws {ValueError} if a size is no whole number above 0, or `bias` neither `true` nor `false`.
   */
  constructor(
    /** Size of the last dimension of the first input. */
    readonly in1Features: number,
    /** Size of the last dimension of the second input. */
    readonly in2Features: number,
    /** Size of the last dimension of the output. */
    readonly outFeatures: number,
    options: LinearOptions = {},
  ) {
    super();
    const { bias = true, dtype } = options;
    requireSizes('Bilinear', { in1Features });
    requireSizes('Bilinear', { in2Features, outFeatures }, 0);
    requireBooleans('Bilinear', { bias });
    this.weight = new Parameter(zeros([outFeatures, in1Features, in2Features], { dtype }));
    this.bias = bias ? new Parameter(zeros([outFeatures], { dtype })) : null;
    this.resetParameters();
  }

  /** Initializes the parameters again (`torch.nn.Bilinear.reset_parameters`). */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.in1Features);
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound);
  }

  forward(input1: Tensor, input2: Tensor): Tensor {
    return bilinear(input1, input2, this.weight, this.bias);
  }

  override extraRepr(): string {
    const { in1Features, in2Features, outFeatures, bias } = this;
    return `in1Features=${in1Features}, in2Features=${in2Features}, outFeatures=${outFeatures}, bias=${repr(bias !== null)}`;
  }
}
