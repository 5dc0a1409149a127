import { type FloatArray, rmsprop } from '../kernels/optimizer-steps';
import type { Tensor } from '../tensor/tensor';
import { ElementwiseOptimizer } from './elementwise';
import type { OptimizerOptions, Params } from './optimizer';
import { checkNotNegative } from './options';

/** Options of {@link RMSprop}. */
export interface RMSpropOptions extends OptimizerOptions {
  /** Learning rate; default 0.01. */
  lr: number;
  /** How much of the mean square is kept from step to step; default 0.99. */
  alpha: number;
  /** Added to the root, to avoid division by zero; default 1e-8. */
  eps: number;
  /** Factor of an L2 penalty on the parameters; default 0. */
  weightDecay: number;
  /** How much of the last step is kept; default 0. */
  momentum: number;
  /** Divide by the standard deviation of the gradients rather than by their mean size; default `false`. */
  centered: boolean;
  /** Climb instead of descend; default `false`. */
  maximize: boolean;
}

/**
 * RMSprop (`torch.optim.RMSprop`): `s ← alpha·s + (1 - alpha)·g²`, `p ← p - lr·g / (√s + eps)`, where `g` is the
 * gradient plus `weightDecay·p`.
 * @throws {ValueError} if an option is negative.
 */
export class RMSprop extends ElementwiseOptimizer<RMSpropOptions> {
  /**
   * Gradient descent with steps divided by the root of the mean square of the gradients, for `net.parameters()` or for groups `{ params, lr }` with options of their own.
   * @throws {ValueError} if there are no parameters, one is listed twice, or an option is out of range.
   */
  constructor(params: Params<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    const sizes = { lr: 0.01, alpha: 0.99, eps: 1e-8, weightDecay: 0, momentum: 0 };
    super(params, { ...sizes, centered: false, maximize: false }, options);
  }

  /** @internal */
  protected checkOptions({ lr, alpha, eps, weightDecay, momentum }: RMSpropOptions): void {
    checkNotNegative('RMSprop', { lr, alpha, eps, weightDecay, momentum });
  }

  /** @internal */
  protected update(parameter: Tensor, p: FloatArray, g: FloatArray, group: RMSpropOptions): void {
    const { lr, alpha, eps, weightDecay, momentum, centered, maximize } = group;
    this.countStep(parameter);
    const s = this.remembered(parameter, 'squareAvg');
    const average = centered ? this.remembered(parameter, 'gradAvg') : null;
    const velocity = momentum > 0 ? this.remembered(parameter, 'momentumBuffer') : null;
    const numbers = { lr, decay: weightDecay, sign: maximize ? -1 : 1, keep: alpha, take: 1 - alpha, eps, momentum };
    rmsprop({ p, g, s, average, velocity }, numbers);
  }
}
