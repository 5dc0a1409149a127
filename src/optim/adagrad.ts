import { type FloatArray, rmsprop } from '../kernels/optimizer-steps';
import type { Tensor } from '../tensor/tensor';
import { ElementwiseOptimizer } from './elementwise';
import type { OptimizerOptions, Params } from './optimizer';
import { checkNotNegative } from './options';

/** Options of {@link Adagrad}. */
export interface AdagradOptions extends OptimizerOptions {
  /** Learning rate; default 0.01. */
  lr: number;
  /** How fast the learning rate falls: step `t` takes `lr / (1 + (t - 1)·lrDecay)`; default 0. */
  lrDecay: number;
  /** Factor of an L2 penalty on the parameters; default 0. */
  weightDecay: number;
  /** Initial value of the sums of squares; default 0. */
  initialAccumulatorValue: number;
  /** Added to the root, to avoid division by zero; default 1e-10. */
  eps: number;
  /** Climb instead of descend; default `false`. */
  maximize: boolean;
}

/**
 * Adagrad (`torch.optim.Adagrad`): `s ← s + g²`, `p ← p - lr·g / (√s + eps)`, where `g` is the gradient plus
 * `weightDecay·p`.
 * @throws {ValueError} if an option is negative.
 */
export class Adagrad extends ElementwiseOptimizer<AdagradOptions> {
  /**
   * Gradient descent with steps divided by the root of the sum of the squared gradients, for `net.parameters()` or for groups `{ params, lr }` with options of their own.
   * @throws {ValueError} if there are no parameters, one is listed twice, or an option is out of range.
   */
  constructor(params: Params<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    const rates = { lr: 0.01, lrDecay: 0, weightDecay: 0 };
    super(params, { ...rates, initialAccumulatorValue: 0, eps: 1e-10, maximize: false }, options);
  }

  /** @internal */
  protected checkOptions({ lr, lrDecay, weightDecay, initialAccumulatorValue, eps }: AdagradOptions): void {
    checkNotNegative('Adagrad', { lr, lrDecay, weightDecay, initialAccumulatorValue, eps });
  }

  /** @internal */
  protected update(parameter: Tensor, p: FloatArray, g: FloatArray, group: AdagradOptions): void {
    const { lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize } = group;
    const rate = lr / (1 + (this.countStep(parameter) - 1) * lrDecay);
    const s = this.remembered(parameter, 'sum', initialAccumulatorValue);
    const numbers = { lr: rate, decay: weightDecay, sign: maximize ? -1 : 1, keep: 1, take: 1, eps, momentum: 0 };
    rmsprop({ p, g, s, average: null, velocity: null }, numbers);
  }
}
