import { ValueError } from '../errors';
import { adadelta, type FloatArray } from '../kernels/optimizer-steps';
import type { Tensor } from '../tensor/tensor';
import { ElementwiseOptimizer } from './elementwise';
import type { OptimizerOptions, Params } from './optimizer';
import { checkNotNegative } from './options';

/** Options of {@link Adadelta}. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** Factor of the steps; default 1. */
  lr: number;
  /** How much of the mean squares is kept from step to step; default 0.9. */
  rho: number;
  /** Added under the roots; default 1e-6. */
  eps: number;
  /** Factor of an L2 penalty on the parameters; default 0. */
  weightDecay: number;
  /** Climb instead of descend; default `false`. */
  maximize: boolean;
}

/**
 * Adadelta (`torch.optim.Adadelta`): `s ← ρ·s + (1 - ρ)·g²`, the step `e = g·√(a + eps) / √(s + eps)`,
 * `a ← ρ·a + (1 - ρ)·e²`, `p ← p - lr·e`, where `g` is the gradient plus `weightDecay·p`.
 * @throws {ValueError} if an option is negative, or `rho` is not in `[0, 1]`.
 */
export class Adadelta extends ElementwiseOptimizer<AdadeltaOptions> {
  /**
   * Gradient descent with steps of the size of earlier ones, for `net.parameters()` or for groups `{ params, lr }` with options of their own.
   * @throws {ValueError} if there are no parameters, one is listed twice, or an option is out of range.
   */
  constructor(params: Params<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super(params, { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false }, options);
  }

  /** @internal */
  protected checkOptions({ lr, rho, eps, weightDecay }: AdadeltaOptions): void {
    checkNotNegative('Adadelta', { lr, eps, weightDecay });
    if (!(rho >= 0 && rho <= 1)) throw new ValueError(`Adadelta: rho is ${rho}; it must be from 0 to 1`);
  }

  /** @internal */
  protected update(parameter: Tensor, p: FloatArray, g: FloatArray, group: AdadeltaOptions): void {
    const { lr, rho, eps, weightDecay, maximize } = group;
    this.countStep(parameter);
    const s = this.remembered(parameter, 'squareAvg');
    const a = this.remembered(parameter, 'accDelta');
    adadelta({ p, g, s, a }, { lr, decay: weightDecay, sign: maximize ? -1 : 1, rho, eps });
  }
}
