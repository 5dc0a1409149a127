import { asgd, type FloatArray } from '../kernels/optimizer-steps';
import type { Tensor } from '../tensor/tensor';
import { ElementwiseOptimizer } from './elementwise';
import type { OptimizerOptions, Params } from './optimizer';
import { checkNotNegative } from './options';

/** Options of {@link ASGD}. */
export interface ASGDOptions extends OptimizerOptions {
  /** Learning rate at the start; default 0.01. */
  lr: number;
  /** How fast the learning rate falls and the parameters shrink; default 1e-4. */
  lambd: number;
  /** Power with which the learning rate falls; default 0.75. */
  alpha: number;
  /** The step from which on parameters are averaged; default 1e6. */
  t0: number;
  /** Factor of an L2 penalty on the parameters; default 0. */
  weightDecay: number;
  /** Climb instead of descend; default `false`. */
  maximize: boolean;
}

/**
 * Averaged gradient descent (`torch.optim.ASGD`): with the rate `η = lr / (1 + lambd·lr·t)^alpha`,
 * `p ← (1 - lambd·η)·p - η·g`. `optimizer.state.get(p).ax` is the average of the parameters since step `t0`.
 * @throws {ValueError} if `lr` or `weightDecay` is negative.
 */
export class ASGD extends ElementwiseOptimizer<ASGDOptions> {
  /**
   * Gradient descent that averages its parameters, for `net.parameters()` or for groups `{ params, lr }` with options of their own.
   * @throws {ValueError} if there are no parameters, one is listed twice, or an option is out of range.
   */
  constructor(params: Params<ASGDOptions>, options: Partial<ASGDOptions> = {}) {
    super(params, { lr: 0.01, lambd: 1e-4, alpha: 0.75, t0: 1e6, weightDecay: 0, maximize: false }, options);
  }

  /** @internal */
  protected checkOptions({ lr, weightDecay }: ASGDOptions): void {
    checkNotNegative('ASGD', { lr, weightDecay });
  }

  /** @internal */
  protected update(parameter: Tensor, p: FloatArray, g: FloatArray, group: ASGDOptions): void {
    const { lr, lambd, alpha, t0, weightDecay, maximize } = group;
    const t = this.countStep(parameter);
    const a = this.remembered(parameter, 'ax');
    const state = this.stateOf(parameter);
    // PyTorch keeps the rate in float32.
    const eta = (state.eta as number | undefined) ?? Math.fround(lr);
    const mu = (state.mu as number | undefined) ?? 1;
    const numbers = { rate: eta, shrink: 1 - lambd * eta, take: mu, decay: weightDecay, sign: maximize ? -1 : 1 };
    asgd({ p, g, a }, numbers);
    state.eta = Math.fround(lr / (1 + lambd * lr * t) ** alpha);
    state.mu = Math.fround(1 / Math.max(1, t - t0));
  }
}
