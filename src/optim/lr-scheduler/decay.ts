import { describe } from '../../describe';
import { ValueError } from '../../errors';
import { requireSizes } from '../../ops/table/arguments';
import { checkKind } from '../../options';
import type { Optimizer } from '../optimizer';
import { complete } from '../options';
import { EpochScheduler, type LastEpochOption } from './scheduler';

/** Options of {@link StepLR} and {@link MultiStepLR}. */
export interface DecayOptions extends LastEpochOption {
  /** Factor by which the learning rate falls each time; default 0.1. */
  gamma?: number;
}

const decayDefaults = { gamma: 0.1, lastEpoch: -1 };

/**
 * Multiplies the learning rate by `gamma` every `stepSize` epochs (`torch.optim.lr_scheduler.StepLR`):
 * `lr = base·gamma^⌊epoch / stepSize⌋`.
 *
 * @example
 * const optimizer = new optim.SGD([tensor(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new optim.lrScheduler.StepLR(optimizer, 2, { gamma: 0.5 });
 * const rates = [1, 2, 3, 4].map(() => {
 *   optimizer.step();
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates // [1, 0.5, 0.5, 0.25]
 * @throws {ValueError} if `stepSize` is not a positive whole number.
 */
export class StepLR extends EpochScheduler {
  /** Factor by which the learning rate falls each time. */
  readonly gamma: number;

  constructor(
    optimizer: Optimizer,
    /** Epochs between two falls. */
    readonly stepSize: number,
    options: DecayOptions = {},
  ) {
    const { gamma, lastEpoch } = complete('StepLR', decayDefaults, options);
    requireSizes('StepLR', { stepSize });
    super(optimizer, lastEpoch);
    this.gamma = gamma;
    this.start();
  }

  /** @internal */
  protected next(lr: number): number {
    return this.lastEpoch > 0 && this.lastEpoch % this.stepSize === 0 ? lr * this.gamma : lr;
  }

  /** @internal */
  protected override first(base: number): number {
    return base;
  }
}

/**
 * Multiplies the learning rate by `gamma` at given epochs (`torch.optim.lr_scheduler.MultiStepLR`); a repeated
 * epoch counts twice.
 */
export class MultiStepLR extends EpochScheduler {
  /** The epochs at which the learning rate falls, in order. */
  readonly milestones: readonly number[];
  /** Factor by which the learning rate falls each time. */
  readonly gamma: number;

  constructor(optimizer: Optimizer, milestones: readonly number[], options: DecayOptions = {}) {
    const { gamma, lastEpoch } = complete('MultiStepLR', decayDefaults, options);
    super(optimizer, lastEpoch);
    if (!Array.isArray(milestones))
      throw new ValueError(`MultiStepLR: milestones are a list of epochs, got ${describe(milestones)}`);
    for (const one of [...milestones]) checkKind('MultiStepLR', 'each milestone', one, 'number');
    this.milestones = [...milestones].sort((a, b) => a - b);
    this.gamma = gamma;
    this.start();
  }

  /** @internal */
  protected next(lr: number): number {
    return lr * this.gamma ** this.milestones.filter((m) => m === this.lastEpoch).length;
  }

  /** @internal */
  protected override first(base: number): number {
    return this.next(base);
  }
}

/** Multiplies the learning rate by `gamma` every epoch (`torch.optim.lr_scheduler.ExponentialLR`). */
export class ExponentialLR extends EpochScheduler {
  constructor(
    optimizer: Optimizer,
    /** Factor by which the learning rate falls. */
    readonly gamma: number,
    options: LastEpochOption = {},
  ) {
    checkKind('ExponentialLR', 'gamma', gamma, 'number');
    super(optimizer, complete('ExponentialLR', { lastEpoch: -1 }, options).lastEpoch);
    this.start();
  }

  /** @internal */
  protected next(lr: number): number {
    return this.isInitial ? lr : lr * this.gamma;
  }

  /** @internal */
  protected override first(base: number): number {
    return base;
  }
}

/** Options of {@link PolynomialLR}. */
export interface PolynomialLROptions extends LastEpochOption {
  /** How many epochs it takes; default 5. */
  totalIters?: number;
  /** Power of the polynomial; default 1. */
  power?: number;
}

/**
 * Lets the learning rate fall to 0 over `totalIters` epochs (`torch.optim.lr_scheduler.PolynomialLR`):
 * `lr = base·(1 - epoch / totalIters)^power`.
 * @throws {ValueError} if `totalIters` is not a positive whole number.
 */
export class PolynomialLR extends EpochScheduler {
  /** How many epochs it takes. */
  readonly totalIters: number;
  /** Power of the polynomial. */
  readonly power: number;

  constructor(optimizer: Optimizer, options: PolynomialLROptions = {}) {
    const defaults = { totalIters: 5, power: 1, lastEpoch: -1 };
    const { totalIters, power, lastEpoch } = complete('PolynomialLR', defaults, options);
    requireSizes('PolynomialLR', { totalIters });
    super(optimizer, lastEpoch);
    this.totalIters = totalIters;
    this.power = power;
    this.start();
  }

  /** @internal */
  protected next(lr: number): number {
    if (this.isInitial || this.lastEpoch > this.totalIters) return lr;
    const left = this.totalIters - this.lastEpoch;
    return lr * (left / (left + 1)) ** this.power;
  }

  /** @internal */
  protected override first(base: number): number {
    return base;
  }
}
