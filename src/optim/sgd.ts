import { ValueError } from '../errors';
import { descend, descendWithMomentum, type FloatArray } from '../kernels/optimizer-steps';
import type { Tensor } from '../tensor/tensor';
import { ElementwiseOptimizer } from './elementwise';
import type { OptimizerOptions, Params } from './optimizer';
import { checkNotNegative } from './options';

/** Options of {@link SGD}. */
export interface SGDOptions extends OptimizerOptions {
  /** Learning rate; default 0.001. */
  lr: number;
  /** How much of the last step is kept, 0 (default) to 1. */
  momentum: number;
  /** Takes this part off each new gradient in the momentum; default 0. */
  dampening: number;
  /** Factor of an L2 penalty on the parameters; default 0. */
  weightDecay: number;
  /** Nesterov's momentum; needs `momentum` and no `dampening`; default `false`. */
  nesterov: boolean;
  /** Climb instead of descend; default `false`. */
  maximize: boolean;
}

/**
 * Gradient descent with momentum (`torch.optim.SGD`): `v ← momentum·v + (1 - dampening)·g`, `p ← p - lr·v`, where `g` is
 * the gradient plus `weightDecay·p`. The first step takes `v = g`; Nesterov's form steps along `g + momentum·v`.
 *
 * @example
 * const w = tensor(1, { requiresGrad: true });
 * const optimizer = new optim.SGD([w], { lr: 0.25 });
 * w.square().backward();
 * optimizer.step();
 * w // tensor(0.5000, requiresGrad=True)
 * @throws {ValueError} if an option is negative, or Nesterov's form has no momentum or a dampening.
 */
export class SGD extends ElementwiseOptimizer<SGDOptions> {
  /**
   * Gradient descent, with momentum if wanted, for `net.parameters()` or for groups `{ params, lr }` with options of their own.
   * @throws {ValueError} if there are no parameters, one is listed twice, or an option is out of range.
   */
  constructor(params: Params<SGDOptions>, options: Partial<SGDOptions> = {}) {
    const defaults = { lr: 0.001, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false };
    super(params, defaults, options);
  }

  /** @internal */
  protected checkOptions({ lr, momentum, dampening, weightDecay, nesterov }: SGDOptions): void {
    checkNotNegative('SGD', { lr, momentum, weightDecay });
    if (nesterov && (momentum === 0 || dampening !== 0))
      throw new ValueError(
        `SGD: Nesterov's form needs a momentum and no dampening, got momentum ${momentum} and dampening ${dampening}`,
      );
  }

  /** @internal */
  protected update(parameter: Tensor, p: FloatArray, g: FloatArray, group: SGDOptions): void {
    const { dampening, nesterov, maximize } = group;
    const sign = maximize ? -1 : 1;
    // Rounded to the parameter's dtype, as PyTorch does: 0.9 in more digits leads elsewhere after hundreds of steps.
    const [lr, momentum, weightDecay] = [group.lr, group.momentum, group.weightDecay].map(
      parameter.dtype === 'float32' ? Math.fround : Number,
    );
    if (momentum === 0) {
      descend({ p, g }, { lr, decay: weightDecay, sign });
      return;
    }
    const first = this.state.get(parameter)?.momentumBuffer === undefined;
    const v = this.remembered(parameter, 'momentumBuffer');
    const [keep, take] = first ? [0, 1] : [momentum, 1 - dampening];
    descendWithMomentum({ p, g, v }, { lr, decay: weightDecay, sign, keep, take, momentum, nesterov });
  }
}
