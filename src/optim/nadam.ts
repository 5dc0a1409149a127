import { adam, type FloatArray } from '../kernels/optimizer-steps';
import { wholePower } from '../kernels/scalar';
import type { Tensor } from '../tensor/tensor';
import { ElementwiseOptimizer } from './elementwise';
import type { OptimizerOptions, Params } from './optimizer';
import { checkBetas, checkNotNegative, decays } from './options';

/** Options of {@link NAdam}. */
export interface NAdamOptions extends OptimizerOptions {
  /** Learning rate; default 0.002. */
  lr: number;
  /** How much of the mean gradient and of the mean square is kept from step to step; default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the root, to avoid division by zero; default 1e-8. */
  eps: number;
  /** Factor of an L2 penalty on the parameters; default 0. */
  weightDecay: number;
  /** How fast the momentum rises towards `β₁`; default 0.004. */
  momentumDecay: number;
  /** Shrink the parameters by `lr·weightDecay` in each step, as {@link AdamW} does, instead of the penalty; default `false`. */
  decoupledWeightDecay: boolean;
  /** Climb instead of descend; default `false`. */
  maximize: boolean;
}

/**
 * Adam with Nesterov's momentum (`torch.optim.NAdam`): with `m` and `v̂` of {@link Adam} and the momentum
 * `μₜ = β₁·(1 - 0.96^(t·momentumDecay) / 2)`, step `t` is
 * `p ← p - lr·((1 - μₜ)·g / (1 - μ₁…μₜ) + μₜ₊₁·m / (1 - μ₁…μₜ₊₁)) / (√v̂ + eps)`.
 * @throws {ValueError} if an option is negative, or a beta is not in `[0, 1)`.
 */
export class NAdam extends ElementwiseOptimizer<NAdamOptions> {
  /**
   * Adam with Nesterov's momentum, for `net.parameters()` or for groups `{ params, lr }` with options of their own.
   * @throws {ValueError} if there are no parameters, one is listed twice, or an option is out of range.
   */
  constructor(params: Params<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    const sizes = { lr: 0.002, betas: [0.9, 0.999] as const, eps: 1e-8, weightDecay: 0, momentumDecay: 0.004 };
    super(params, { ...sizes, decoupledWeightDecay: false, maximize: false }, options);
  }

  /** @internal */
  protected checkOptions({ lr, betas, eps, weightDecay, momentumDecay }: NAdamOptions): void {
    checkNotNegative('NAdam', { lr, eps, weightDecay, momentumDecay });
    checkBetas('NAdam', betas);
  }

  /** @internal */
  protected update(parameter: Tensor, p: FloatArray, g: FloatArray, group: NAdamOptions): void {
    const { lr, betas, eps, momentumDecay, maximize } = group;
    const [beta1, beta2] = betas;
    const t = this.countStep(parameter);
    const m = this.remembered(parameter, 'expAvg');
    const v = this.remembered(parameter, 'expAvgSq');
    const momentum = (step: number) => beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));
    const state = this.stateOf(parameter);
    // PyTorch keeps the product in float32.
    const product = Math.fround(((state.muProduct as number | undefined) ?? 1) * momentum(t));
    state.muProduct = product;
    const direct = (lr * (1 - momentum(t))) / (1 - product);
    const rate = (lr * momentum(t + 1)) / (1 - product * momentum(t + 1));
    const root = Math.sqrt(1 - wholePower(beta2, t));
    const [shrink, decay] = decays(group);
    const sign = maximize ? -1 : 1;
    const [take1, keep2, take2] = [1 - beta1, beta2, 1 - beta2];
    adam({ p, g, m, v, largest: null }, { direct, rate, root, shrink, decay, sign, take1, keep2, take2, eps });
  }
}
