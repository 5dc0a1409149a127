import type { Tensor } from '../tensor/tensor';
import {
  type GaussianNllLossOptions,
  gaussianNllLoss,
  type HuberLossOptions,
  huberLoss,
  l1Loss,
  mseLoss,
  type PoissonNllLossOptions,
  poissonNllLoss,
  type SmoothL1LossOptions,
  smoothL1Loss,
} from './functional';
import { Module } from './module';
import { checkReduction, type LossOptions, type Reduction } from './reduction';

/**
 * Base class of the losses: modules of an input and a target. A loss hands itself to its function as the options, since
 * it has them as properties.
 */
export abstract class Loss<A extends unknown[] = [input: Tensor, target: Tensor]> extends Module<A> {
  /** How the losses of many elements become one. */
  readonly reduction: Reduction;

  constructor(options: LossOptions) {
    super();
    this.reduction = checkReduction(this.constructor.name, options);
  }
}

/**
 * Squared error between input and target (`torch.nn.MSELoss`); see `nn.functional.mseLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class MSELoss extends Loss {
  /** Squared error; `reduction` is `'mean'` (default), `'sum'` or `'none'`. */
  constructor(options: LossOptions = {}) {
    super(options);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, this);
  }
}

/**
 * Absolute error between input and target (`torch.nn.L1Loss`); see `nn.functional.l1Loss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class L1Loss extends Loss {
  /** Absolute error; `reduction` is `'mean'` (default), `'sum'` or `'none'`. */
  constructor(options: LossOptions = {}) {
    super(options);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, this);
  }
}

/**
 * Error that is quadratic up to `beta` and linear beyond, with slope 1 (`torch.nn.SmoothL1Loss`); see `nn.functional.smoothL1Loss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class SmoothL1Loss extends Loss {
  /** Up to this difference the error is quadratic. */
  readonly beta: number;

  /** Quadratic up to `beta` (default 1), then linear with slope 1. */
  constructor(options: SmoothL1LossOptions = {}) {
    super(options);
    this.beta = options.beta ?? 1;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, this);
  }
}

/**
 * Error that is quadratic up to `delta` and linear beyond, with slope `delta` (`torch.nn.HuberLoss`); see `nn.functional.huberLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class HuberLoss extends Loss {
  /** Up to this difference the error is quadratic. */
  readonly delta: number;

  /** Quadratic up to `delta` (default 1), then linear with slope `delta`. */
  constructor(options: Omit<HuberLossOptions, 'weight'> = {}) {
    super(options);
    this.delta = options.delta ?? 1;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, this);
  }
}

/**
 * Negative log-likelihood under normal distributions (`torch.nn.GaussianNLLLoss`); see `nn.functional.gaussianNllLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class GaussianNLLLoss extends Loss<[input: Tensor, target: Tensor, var_: Tensor]> {
  /** Whether the constant is added. */
  readonly full: boolean;
  /** Variances below this count as this. */
  readonly eps: number;

  /** Negative log-likelihood under normal distributions with the given variances. */
  constructor(options: GaussianNllLossOptions = {}) {
    super(options);
    this.full = options.full ?? false;
    this.eps = options.eps ?? 1e-6;
  }

  forward(input: Tensor, target: Tensor, var_: Tensor): Tensor {
    return gaussianNllLoss(input, target, var_, this);
  }
}

/**
 * Negative log-likelihood of counts under Poisson distributions (`torch.nn.PoissonNLLLoss`); see `nn.functional.poissonNllLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class PoissonNLLLoss extends Loss {
  /** Whether the input is the logarithm of the rate. */
  readonly logInput: boolean;
  /** Whether Stirling's approximation is added. */
  readonly full: boolean;
  /** Added to the rate before its logarithm is taken. */
  readonly eps: number;

  /** Negative log-likelihood of counts; the input is the logarithm of the rate unless `logInput` is `false`. */
  constructor(options: PoissonNllLossOptions = {}) {
    super(options);
    this.logInput = options.logInput ?? true;
    this.full = options.full ?? false;
    this.eps = options.eps ?? 1e-8;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return poissonNllLoss(input, target, this);
  }
}
