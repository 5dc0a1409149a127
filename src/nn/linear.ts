import { repr } from '../display';
import { requireBooleans, requireSizes } from '../ops/table/arguments';
import { zeros } from '../tensor/creation';
import type { Dtype } from '../tensor/dtype';
import type { Tensor } from '../tensor/tensor';
import { linear } from './functional';
import { kaimingUniform_, uniform_ } from './init';
import { Module } from './module';
import { noteMembers } from './module-tree';
import { Parameter } from './parameter';
import { passOn } from './recycling';

/** Options of {@link Linear}. */
export interface LinearOptions {
  /** Add a bias; default `true`. */
  bias?: boolean;
  /** Dtype of the parameters; default `float32`. */
  dtype?: Dtype;
}

/**
 * Linear layer `y = x Wᵀ + b` (`torch.nn.Linear`): from `[…, inFeatures]` to `[…, outFeatures]`. Weight and bias start
 * uniform in `±1/√inFeatures`.
 *
 * @example
 * const layer = new nn.Linear(3, 2);
 * [layer(rand([5, 3])).shape, layer.weight.shape] // [[5, 2], [2, 3]]
 */
export class Linear extends Module {
  /** `[outFeatures, inFeatures]`. */
  weight: Parameter;
  /** `[outFeatures]`, or `null` without a bias. */
  bias: Parameter | null;

  /**
   * A layer `y = x Wᵀ + b` from `inFeatures` to `outFeatures` numbers, with PyTorch's initial weights.
   * @throws {ValueError} if a size is no whole number, or `bias` neither `true` nor `false`.
   */
  constructor(
    /** Size of the last dimension of the input. */
    readonly inFeatures: number,
    /** Size of the last dimension of the output. */
    readonly outFeatures: number,
    options: LinearOptions = {},
  ) {
    super();
    const { bias = true, dtype } = options;
    requireSizes('Linear', { inFeatures, outFeatures }, 0);
    requireBooleans('Linear', { bias });
    this.weight = new Parameter(zeros([outFeatures, inFeatures], { dtype }));
    this.bias = bias ? new Parameter(zeros([outFeatures], { dtype })) : null;
    this.resetParameters();
    noteMembers(this);
  }

  /** Initializes the parameters again (`torch.nn.Linear.reset_parameters`). */
  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    const bound = this.inFeatures > 0 ? 1 / Math.sqrt(this.inFeatures) : 0;
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  forward(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `inFeatures=${this.inFeatures}, outFeatures=${this.outFeatures}, bias=${repr(this.bias !== null)}`;
  }
}

passOn(Linear);
