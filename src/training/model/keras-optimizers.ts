// Optimizers by Keras' rules where they differ from PyTorch's: the position of ε, the form of the momentum, the
// defaults.
import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { FloatArray } from '../../kernels/optimizer-steps';
import { Adam, type AdamOptions, AdamW, type AdamWOptions, type OptimizerOptions, type Params } from '../../optim';
import { ElementwiseOptimizer } from '../../optim/elementwise';
import { checkNotNegative } from '../../optim/options';
import type { Tensor } from '../../tensor/tensor';

/** Clipping of the gradients by Keras' optimizers, at most one kind; `grad` itself is unchanged. */
export interface KerasClipOptions {
  /** The largest norm of each parameter's gradient. */
  clipnorm?: number;
  /** The largest norm of all gradients together. */
  globalClipnorm?: number;
  /** The largest absolute value of each element. */
  clipvalue?: number;
}

/** Options of {@link KerasAdam}. */
export interface KerasAdamOptions extends Partial<AdamOptions>, KerasClipOptions {}

/** Options of {@link KerasAdamW}. */
export interface KerasAdamWOptions extends Partial<AdamWOptions>, KerasClipOptions {}

/** Removes the clipping options from the others. @throws {ValueError} if there are several, or one is not above 0. */
function clipOf<O extends KerasClipOptions>(
  name: string,
  options: O,
): [KerasClipOptions, Omit<O, keyof KerasClipOptions>] {
  const { clipnorm, globalClipnorm, clipvalue, ...others } = options;
  const clip = Object.fromEntries(
    Object.entries({ clipnorm, globalClipnorm, clipvalue }).filter(([, bound]) => bound !== undefined),
  ) as KerasClipOptions;
  const bounds = Object.entries(clip);
  if (bounds.length > 1)
    throw new ValueError(`${name}: ${bounds.map(([key]) => key).join(' and ')} exclude each other`);
  for (const [key, bound] of bounds)
    if (!(typeof bound === 'number' && bound > 0))
      throw new ValueError(`${name}: ${key} is ${describe(bound)}; it must be above 0`);
  return [clip, others];
}

const normOf = (xs: readonly Tensor[]): number => Math.hypot(...xs.map((x) => x.norm().item()));

/** Returns clipped gradients as new tensors. */
function clippedBy(clip: KerasClipOptions, parameters: readonly Tensor[]): ReadonlyMap<Tensor, Tensor> | null {
  const { clipnorm, globalClipnorm, clipvalue } = clip;
  const grads = parameters.map((p) => p.grad!);
  const each = (change: (g: Tensor) => Tensor) => new Map(parameters.map((p, i) => [p, change(grads[i]!)]));
  if (clipvalue !== undefined) return each((g) => g.clamp(-clipvalue, clipvalue));
  if (clipnorm !== undefined) return each((g) => g.mul(clipnorm / Math.max(normOf([g]), clipnorm)));
  if (globalClipnorm === undefined) return null;
  const factor = globalClipnorm / Math.max(normOf(grads), globalClipnorm);
  return each((g) => g.mul(factor));
}

/** Options of {@link KerasSGD}. */
export interface KerasSGDOptions extends OptimizerOptions {
  /** Learning rate; default 0.01. */
  lr: number;
  /** Momentum factor; default 0. */
  momentum: number;
  /** Nesterov's momentum; default `false`. */
  nesterov: boolean;
}

/**
 * Gradient descent by Keras' rule (`keras.optimizers.SGD`): `v ← momentum·v - lr·g`, `p ← p + v`, for Nesterov `p ← p +
 * momentum·v - lr·g`. The velocity contains the past learning rates; PyTorch's, `v ← momentum·v + g`, is multiplied by
 * the present one. So both differ when the rate changes.
 * @throws {ValueError} if an option is negative.
 */
export class KerasSGD extends ElementwiseOptimizer<KerasSGDOptions> {
  private readonly clip: KerasClipOptions;

  constructor(params: Params<KerasSGDOptions>, options: Partial<KerasSGDOptions> & KerasClipOptions = {}) {
    const [clip, others] = clipOf(new.target.name, options);
    super(params, { lr: 0.01, momentum: 0, nesterov: false }, others as Partial<KerasSGDOptions>);
    this.clip = clip;
  }

  /** @internal */
  protected override clipped(parameters: readonly Tensor[]): ReadonlyMap<Tensor, Tensor> | null {
    return clippedBy(this.clip, parameters);
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

/** Converts Keras' ε, which is added before the bias correction of the root, to PyTorch's. */
const epsilonIn = (eps: number, beta2: number, t: number): number => eps / Math.sqrt(1 - beta2 ** t);

/**
 * Adam by Keras' rule (`keras.optimizers.Adam`): `p ← p - lr·√(1 - β₂ᵗ)/(1 - β₁ᵗ)·m/(√v + ε)`, ε = 1e-7. PyTorch adds ε
 * to `√v̂`, which is larger, at first by a factor of 30: so the same ε has less effect there.
 * @throws {ValueError} if an option is negative, or a beta is not in `[0, 1)`.
 */
export class KerasAdam extends Adam {
  private readonly clip: KerasClipOptions;

  constructor(params: Params<AdamOptions>, options: KerasAdamOptions = {}) {
    const [clip, others] = clipOf(new.target.name, options);
    super(params, { eps: 1e-7, ...others });
    this.clip = clip;
  }

  /** @internal */
  protected override clipped(parameters: readonly Tensor[]): ReadonlyMap<Tensor, Tensor> | null {
    return clippedBy(this.clip, parameters);
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
  private readonly clip: KerasClipOptions;

  constructor(params: Params<AdamWOptions>, options: KerasAdamWOptions = {}) {
    const [clip, others] = clipOf(new.target.name, options);
    super(params, { eps: 1e-7, weightDecay: 0.004, ...others });
    this.clip = clip;
  }

  /** @internal */
  protected override clipped(parameters: readonly Tensor[]): ReadonlyMap<Tensor, Tensor> | null {
    return clippedBy(this.clip, parameters);
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
  /** Decay of the mean square; default 0.9. */
  rho: number;
  /** Momentum factor; default 0. */
  momentum: number;
  /** Added to the mean square, under the root; default 1e-7. */
  eps: number;
  /** Divide by the standard deviation of the gradients instead of their root mean square; default `false`. */
  centered: boolean;
}

/**
 * RMSprop by Keras' rule (`keras.optimizers.RMSprop`): `s ← rho·s + (1 - rho)·g²`, `p ← p - lr·g / √(s + ε)`, ε under
 * the root; with momentum `v ← momentum·v + lr·g / √(s + ε)`, `p ← p - v`. PyTorch's decay is 0.99 instead of 0.9, and
 * it adds ε to the root.
 * @throws {ValueError} if an option is negative.
 */
export class KerasRMSprop extends ElementwiseOptimizer<KerasRMSpropOptions> {
  private readonly clip: KerasClipOptions;

  constructor(params: Params<KerasRMSpropOptions>, options: Partial<KerasRMSpropOptions> & KerasClipOptions = {}) {
    const [clip, others] = clipOf(new.target.name, options);
    super(
      params,
      { lr: 0.001, rho: 0.9, momentum: 0, eps: 1e-7, centered: false },
      others as Partial<KerasRMSpropOptions>,
    );
    this.clip = clip;
  }

  /** @internal */
  protected override clipped(parameters: readonly Tensor[]): ReadonlyMap<Tensor, Tensor> | null {
    return clippedBy(this.clip, parameters);
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
