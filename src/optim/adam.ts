import { adam, type FloatArray } from '../kernels/optimizer-steps';
import { wholePower } from '../kernels/scalar';
import type { Tensor } from '../tensor/tensor';
import { ElementwiseOptimizer } from './elementwise';
import type { OptimizerOptions, Params } from './optimizer';
import { checkBetas, checkNotNegative, decays } from './options';

/** Options of {@link Adam}. */
export interface AdamOptions extends OptimizerOptions {
  /** Learning rate; default 0.001. */
  lr: number;
  /** How much of the mean gradient and of the mean square is kept from step to step; default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the root, to avoid division by zero; default 1e-8. */
  eps: number;
  /** Factor of an L2 penalty on the parameters; default 0. */
  weightDecay: number;
  /** Divide by the largest mean square so far (AMSGrad); default `false`. */
  amsgrad: boolean;
  /** Climb instead of descend; default `false`. */
  maximize: boolean;
  /** Shrink the parameters by `lr·weightDecay` in each step, as {@link AdamW} does, instead of the penalty; default `false`. */
  decoupledWeightDecay: boolean;
}

/** Options of {@link AdamW}. */
export interface AdamWOptions extends OptimizerOptions {
  /** Learning rate; default 0.001. */
  lr: number;
  /** How much of the mean gradient and of the mean square is kept from step to step; default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the root, to avoid division by zero; default 1e-8. */
  eps: number;
  /** The parameters shrink by `lr·weightDecay` of their size in each step; default 0.01. */
  weightDecay: number;
  /** Divide by the largest mean square so far (AMSGrad); default `false`. */
  amsgrad: boolean;
  /** Climb instead of descend; default `false`. */
  maximize: boolean;
}

/**
 * Adam (`torch.optim.Adam`): `m ← β₁·m + (1 - β₁)·g`, `v ← β₂·v + (1 - β₂)·g²`, and in step `t`
 * `p ← p - lr·m̂ / (√v̂ + eps)` with `m̂ = m / (1 - β₁ᵗ)` and `v̂ = v / (1 - β₂ᵗ)`, where `g` is the gradient plus
 * `weightDecay·p`.
 *
 * @example
 * const net = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1));
 * const groups = [{ params: net.at(0).parameters(), lr: 1e-4 }, { params: net.at(2).parameters() }];
 * const optimizer = new optim.Adam(groups, { lr: 1e-3 });
 * optimizer.paramGroups.map(({ lr }) => lr) // [0.0001, 0.001]
 * @throws {ValueError} if an option is negative, or a beta is not in `[0, 1)`.
 */
export class Adam extends ElementwiseOptimizer<AdamOptions> {
  /**
   * Gradient descent with running means of the gradients and of their squares, for `net.parameters()` or for groups `{ params, lr }` with options of their own.
   * @throws {ValueError} if there are no parameters, one is listed twice, or an option is out of range.
   */
  constructor(params: Params<AdamOptions>, options: Partial<AdamOptions> = {}) {
    const switches = { amsgrad: false, maximize: false, decoupledWeightDecay: false };
    super(params, { lr: 0.001, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, ...switches }, options);
  }

  /** @internal */
  protected checkOptions({ lr, betas, eps, weightDecay }: AdamOptions): void {
    checkNotNegative(this.name, { lr, eps, weightDecay });
    checkBetas(this.name, betas);
  }

  /** @internal */
  protected update(parameter: Tensor, p: FloatArray, g: FloatArray, group: AdamOptions): void {
    const { lr, betas, eps, amsgrad, maximize } = group;
    const [beta1, beta2] = betas;
    const t = this.countStep(parameter);
    const m = this.remembered(parameter, 'expAvg');
    const v = this.remembered(parameter, 'expAvgSq');
    const largest = amsgrad ? this.remembered(parameter, 'maxExpAvgSq') : null;
    const rate = lr / (1 - wholePower(beta1, t));
    const root = Math.sqrt(1 - wholePower(beta2, t));
    const [shrink, decay] = decays(group);
    const sign = maximize ? -1 : 1;
    const [take1, keep2, take2] = [1 - beta1, beta2, 1 - beta2];
    adam({ p, g, m, v, largest }, { direct: 0, rate, root, shrink, decay, sign, take1, keep2, take2, eps });
  }
}

/**
 * Adam with weight decay apart from the gradient (`torch.optim.AdamW`): `p ← (1 - lr·weightDecay)·p`, then Adam's step
 * along the gradient alone.
 * @throws {ValueError} if an option is negative, or a beta is not in `[0, 1)`.
 */
export class AdamW extends Adam {
  /**
   * Adam with decoupled weight decay, for `net.parameters()` or for groups `{ params, lr }` with options of their own.
   * @throws {ValueError} if there are no parameters, one is listed twice, or an option is out of range.
   */
  constructor(params: Params<AdamWOptions>, options: Partial<AdamWOptions> = {}) {
    super(params, { ...options, weightDecay: options.weightDecay ?? 0.01, decoupledWeightDecay: true });
  }
}
