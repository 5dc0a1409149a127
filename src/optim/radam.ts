import { adam, type FloatArray } from '../kernels/optimizer-steps';
import { wholePower } from '../kernels/scalar';
import type { Tensor } from '../tensor/tensor';
import { ElementwiseOptimizer } from './elementwise';
import type { OptimizerOptions, Params } from './optimizer';
import { checkBetas, checkNotNegative, decays } from './options';

/** Options of {@link RAdam}. */
export interface RAdamOptions extends OptimizerOptions {
  /** Learning rate; default 0.001. */
  lr: number;
  /** How much of the mean gradient and of the mean square is kept from step to step; default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the root, to avoid division by zero; default 1e-8. */
  eps: number;
  /** Factor of an L2 penalty on the parameters; default 0. */
  weightDecay: number;
  /** Shrink the parameters by `lr·weightDecay` in each step, as {@link AdamW} does, instead of the penalty; default `false`. */
  decoupledWeightDecay: boolean;
  /** Climb instead of descend; default `false`. */
  maximize: boolean;
}

/**
 * Rectified Adam (`torch.optim.RAdam`): `p ← p - lr·r·m̂·√(1 - β₂ᵗ) / (√v + eps)` with {@link Adam}'s means, where `r`
 * corrects for the variance of `v` over the `ρ = ρ∞ - 2t·β₂ᵗ / (1 - β₂ᵗ)` gradients it averages, of at most
 * `ρ∞ = 2 / (1 - β₂) - 1`; while that is 5 or less, `p ← p - lr·m̂`.
 * @throws {ValueError} if an option is negative, or a beta is not in `[0, 1)`.
 */
export class RAdam extends ElementwiseOptimizer<RAdamOptions> {
  /**
   * Adam that starts without dividing, for `net.parameters()` or for groups `{ params, lr }` with options of their own.
   * @throws {ValueError} if there are no parameters, one is listed twice, or an option is out of range.
   */
  constructor(params: Params<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    const sizes = { lr: 0.001, betas: [0.9, 0.999] as const, eps: 1e-8, weightDecay: 0 };
    super(params, { ...sizes, decoupledWeightDecay: false, maximize: false }, options);
  }

  /** @internal */
  protected checkOptions({ lr, betas, eps, weightDecay }: RAdamOptions): void {
    checkNotNegative('RAdam', { lr, eps, weightDecay });
    checkBetas('RAdam', betas);
  }

  /** @internal */
  protected update(parameter: Tensor, p: FloatArray, g: FloatArray, group: RAdamOptions): void {
    const { lr, betas, eps, maximize } = group;
    const [beta1, beta2] = betas;
    const t = this.countStep(parameter);
    const m = this.remembered(parameter, 'expAvg');
    const v = this.remembered(parameter, 'expAvgSq');
    const correction = 1 - wholePower(beta2, t);
    const most = 2 / (1 - beta2) - 1;
    const rho = most - (2 * t * wholePower(beta2, t)) / correction;
    const rectified = Math.sqrt(((rho - 4) * (rho - 2) * most) / ((most - 4) * (most - 2) * rho));
    const mean = lr / (1 - wholePower(beta1, t));
    const [rate, root, added] = rho > 5 ? [mean * rectified * Math.sqrt(correction), 1, eps] : [mean, Infinity, 1];
    const [shrink, decay] = decays(group);
    const sign = maximize ? -1 : 1;
    const [take1, keep2, take2] = [1 - beta1, beta2, 1 - beta2];
    adam(
      { p, g, m, v, largest: null },
      { direct: 0, rate, root, shrink, decay, sign, take1, keep2, take2, eps: added },
    );
  }
}
