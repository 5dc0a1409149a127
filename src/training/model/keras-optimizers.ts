// Keras' rules of optimizers, where they differ from PyTorch's: the place of ε, the form of the momentum, the defaults.
import type { FloatArray } from '../../kernels/optimizer-steps';
import { Adam, type AdamOptions, AdamW, type AdamWOptions, type OptimizerOptions, type Params } from '../../optim';
import { ElementwiseOptimizer } from '../../optim/elementwise';
import { checkNotNegative } from '../../optim/options';
import * as names from '../../option-names';
import { checkOptions } from '../../options';
import { refuseSurplus } from '../../surplus';
import type { Tensor } from '../../tensor/tensor';

/** Options of {@link KerasSGD}. */
export interface KerasSGDOptions extends OptimizerOptions {
  /** Learning rate; default 0.01. */
  lr: number;
  /** How much of the last step is kept; default 0. */
  momentum: number;
  /** Nesterov's momentum; default `false`. */
  nesterov: boolean;
}

/**
 * Gradient descent by Keras' rule (`keras.optimizers.SGD`): `v ← momentum·v - lr·g`, `p ← p + v`, of Nesterov's form `p ← p + momentum·v - lr·g`.
 * The velocity has the learning rates in it with which it was gathered; PyTorch's, `v ← momentum·v + g`, takes the present one for all. So both
 * differ where the rate changes.
 * @throws {ValueError} if an option is negative.
 */
export class KerasSGD extends ElementwiseOptimizer<KerasSGDOptions> {
  constructor(params: Params<KerasSGDOptions>, options: Partial<KerasSGDOptions> = {}) {
    if (arguments.length > 2) refuseSurplus(new.target.name, arguments, 2);
    super(params, { lr: 0.01, momentum: 0, nesterov: false }, options);
  }

  /** @internal */
  protected checkOptions({ lr, momentum }: KerasSGDOptions): void {
    checkNotNegative('KerasSGD', { lr, momentum });
  }

  /** @internal */
  protected update(parameter: Tensor, p: FloatArray, g: FloatArray, group: KerasSGDOptions): void {
    const { lr, momentum, nesterov } = group;
    if (momentum === 0) {
      for (let i = 0; i < p.length; i++) p[i]! -= lr * g[i]!;
      return;
    }
    const v = this.remembered(parameter, 'velocity');
    for (let i = 0; i < p.length; i++) {
      const step = lr * g[i]!;
      v[i] = momentum * v[i]! - step;
      p[i]! += nesterov ? momentum * v[i]! - step : v[i]!;
    }
  }
}

/** What turns PyTorch's ε into Keras', which is added before the correction of the root. */
const epsilonIn = (eps: number, beta2: number, t: number): number => eps / Math.sqrt(1 - beta2 ** t);

/**
 * Adam by Keras' rule (`keras.optimizers.Adam`): `p ← p - lr·√(1 - β₂ᵗ)/(1 - β₁ᵗ)·m/(√v + ε)`, ε = 1e-7. PyTorch adds ε to `√v̂`, which is larger: so
 * the same ε weighs more there, at first 30 times.
 * @throws {ValueError} if an option is negative, or a beta is not in `[0, 1)`.
 */
export class KerasAdam extends Adam {
  constructor(params: Params<AdamOptions>, options: Partial<AdamOptions> = {}) {
    if (arguments.length > 2) refuseSurplus(new.target.name, arguments, 2);
    checkOptions(new.target.name, options, names.AdamOptions);
    super(params, { eps: 1e-7, ...options });
  }

  /** @internal */
  protected override update(parameter: Tensor, p: FloatArray, g: FloatArray, group: AdamOptions): void {
    const t = ((this.stateOf(parameter).step as number | undefined) ?? 0) + 1;
    super.update(parameter, p, g, { ...group, eps: epsilonIn(group.eps, group.betas[1], t) });
  }
}

/**
 * AdamW by Keras' rule (`keras.optimizers.AdamW`): as {@link KerasAdam}, with `weightDecay` 0.004.
 * @throws {ValueError} if an option is negative, or a beta is not in `[0, 1)`.
 */
export class KerasAdamW extends AdamW {
  constructor(params: Params<AdamWOptions>, options: Partial<AdamWOptions> = {}) {
    if (arguments.length > 2) refuseSurplus(new.target.name, arguments, 2);
    checkOptions(new.target.name, options, names.AdamWOptions);
    super(params, { eps: 1e-7, weightDecay: 0.004, ...options });
  }

  /** @internal */
  protected override update(parameter: Tensor, p: FloatArray, g: FloatArray, group: AdamOptions): void {
    const t = ((this.stateOf(parameter).step as number | undefined) ?? 0) + 1;
    super.update(parameter, p, g, { ...group, eps: epsilonIn(group.eps, group.betas[1], t) });
  }
}

/** Options of {@link KerasRMSprop}. */
export interface KerasRMSpropOptions extends OptimizerOptions {
  /** Learning rate; default 0.001. */
  lr: number;
  /** How much of the mean square is kept from step to step; default 0.9. */
  rho: number;
  /** How much of the last step is kept; default 0. */
  momentum: number;
  /** Added to the mean square, under the root; default 1e-7. */
  eps: number;
  /** Divide by the standard deviation of the gradients rather than by their mean size; default `false`. */
  centered: boolean;
}

/**
 * RMSprop by Keras' rule (`keras.optimizers.RMSprop`): `s ← rho·s + (1 - rho)·g²`, `p ← p - lr·g / √(s + ε)`, ε under the root; with momentum
 * `v ← momentum·v + lr·g / √(s + ε)`, `p ← p - v`. PyTorch keeps 0.99 in the place of 0.9 and adds ε to the root.
 * @throws {ValueError} if an option is negative.
 */
export class KerasRMSprop extends ElementwiseOptimizer<KerasRMSpropOptions> {
  constructor(params: Params<KerasRMSpropOptions>, options: Partial<KerasRMSpropOptions> = {}) {
    if (arguments.length > 2) refuseSurplus(new.target.name, arguments, 2);
    super(params, { lr: 0.001, rho: 0.9, momentum: 0, eps: 1e-7, centered: false }, options);
  }

  /** @internal */
  protected checkOptions({ lr, rho, momentum, eps }: KerasRMSpropOptions): void {
    checkNotNegative('KerasRMSprop', { lr, rho, momentum, eps });
  }

  /** @internal */
  protected update(parameter: Tensor, p: FloatArray, g: FloatArray, group: KerasRMSpropOptions): void {
    const { lr, rho, momentum, eps, centered } = group;
    const s = this.remembered(parameter, 'squareAvg');
    const mean = centered ? this.remembered(parameter, 'gradAvg') : null;
    const v = momentum > 0 ? this.remembered(parameter, 'velocity') : null;
    for (let i = 0; i < p.length; i++) {
      const slope = g[i]!;
      s[i] = rho * s[i]! + (1 - rho) * slope * slope;
      let spread = s[i]!;
      if (mean) {
        mean[i] = rho * mean[i]! + (1 - rho) * slope;
        spread -= mean[i]! ** 2;
      }
      const step = (lr * slope) / Math.sqrt(spread + eps);
      if (v) v[i] = momentum * v[i]! + step;
      p[i]! -= v ? v[i]! : step;
    }
  }
}
