import { adamax, type FloatArray } from '../kernels/optimizer-steps';
import { wholePower } from '../kernels/scalar';
import type { Tensor } from '../tensor/tensor';
import { ElementwiseOptimizer } from './elementwise';
import type { OptimizerOptions, Params } from './optimizer';
import { checkBetas, checkNotNegative } from './options';

/** Options of {@link Adamax}. */
export interface AdamaxOptions extends OptimizerOptions {
  /** Learning rate; default 0.002. */
  lr: number;
  /** How much of the mean gradient and of the largest one is kept from step to step; default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the size of each gradient, to avoid division by zero; default 1e-8. */
  eps: number;
  /** Factor of an L2 penalty on the parameters; default 0. */
  weightDecay: number;
  /** Climb instead of descend; default `false`. */
  maximize: boolean;
}

/**
 * Adam with the largest gradient in place of the root mean square (`torch.optim.Adamax`): `m ← β₁·m + (1 - β₁)·g`,
 * `u ← max(β₂·u, |g| + eps)`, and in step `t` `p ← p - lr·m / ((1 - β₁ᵗ)·u)`.
 * @throws {ValueError} if an option is negative, or a beta is not in `[0, 1)`.
 */
export class Adamax extends ElementwiseOptimizer<AdamaxOptions> {
  /**
   * Adam with the largest gradient so far, for `net.parameters()` or for groups `{ params, lr }` with options of their own.
   * @throws {ValueError} if there are no parameters, one is listed twice, or an option is out of range.
   */
  constructor(params: Params<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super(params, { lr: 0.002, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false }, options);
  }

  /** @internal */
  protected checkOptions({ lr, betas, eps, weightDecay }: AdamaxOptions): void {
    checkNotNegative('Adamax', { lr, eps, weightDecay });
    checkBetas('Adamax', betas);
  }

  /** @internal */
  protected update(parameter: Tensor, p: FloatArray, g: FloatArray, group: AdamaxOptions): void {
    const { lr, betas, eps, weightDecay, maximize } = group;
    const [beta1, beta2] = betas;
    const rate = lr / (1 - wholePower(beta1, this.countStep(parameter)));
    const m = this.remembered(parameter, 'expAvg');
    const u = this.remembered(parameter, 'expInf');
    adamax({ p, g, m, u }, { rate, decay: weightDecay, sign: maximize ? -1 : 1, beta1, beta2, eps });
  }
}
