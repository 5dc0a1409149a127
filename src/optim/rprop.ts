import { describe } from '../describe';
import { ValueError } from '../errors';
import { type FloatArray, rprop } from '../kernels/optimizer-steps';
import type { Tensor } from '../tensor/tensor';
import { ElementwiseOptimizer } from './elementwise';
import type { OptimizerOptions, Params } from './optimizer';
import { checkNotNegative } from './options';

/** Options of {@link Rprop}. */
export interface RpropOptions extends OptimizerOptions {
  /** Size of the first step; default 0.01. */
  lr: number;
  /** Factors by which a step shrinks and grows; default `[0.5, 1.2]`. */
  etas: readonly [number, number];
  /** The smallest and the largest step; default `[1e-6, 50]`. */
  stepSizes: readonly [number, number];
  /** Climb instead of descend; default `false`. */
  maximize: boolean;
}

/**
 * Resilient propagation (`torch.optim.Rprop`): only the sign of a gradient counts. Each element has a step size, which
 * grows while the sign stays and shrinks when it changes, in which case the element rests for one step.
 * @throws {ValueError} if `lr` is negative, or the factors do not lie on both sides of 1.
 */
export class Rprop extends ElementwiseOptimizer<RpropOptions> {
  /**
   * Descent by the signs of gradients, for `net.parameters()` or for groups `{ params, lr }` with options of their own.
   * @throws {ValueError} if there are no parameters, one is listed twice, or an option is out of range.
   */
  constructor(params: Params<RpropOptions>, options: Partial<RpropOptions> = {}) {
    super(params, { lr: 0.01, etas: [0.5, 1.2], stepSizes: [1e-6, 50], maximize: false }, options);
  }

  /** @internal */
  protected checkOptions({ lr, etas, stepSizes }: RpropOptions): void {
    checkNotNegative('Rprop', { lr });
    for (const [name, pair] of Object.entries({ etas, stepSizes }))
      if (!Array.isArray(pair) || pair.length !== 2)
        throw new ValueError(`Rprop: ${name} is ${describe(pair)}; it must be a list of two numbers`);
    const [down, up] = etas;
    if (!(down > 0 && down < 1 && up > 1))
      throw new ValueError(`Rprop: etas are ${describe(etas)}; the first must lie between 0 and 1, the second above 1`);
  }

  /** @internal */
  protected update(parameter: Tensor, p: FloatArray, g: FloatArray, group: RpropOptions): void {
    const { lr, etas, stepSizes, maximize } = group;
    this.countStep(parameter);
    const previous = this.remembered(parameter, 'prev');
    const sizes = this.remembered(parameter, 'stepSize', lr);
    const [[down, up], [least, most]] = [etas, stepSizes];
    rprop({ p, g, previous, sizes }, { sign: maximize ? -1 : 1, down, up, least, most });
  }
}
