import { ValueError } from '../../errors';
import type { Optimizer } from '../optimizer';
import { complete } from '../options';
import { EpochScheduler, type LastEpochOption } from './scheduler';

/** Options of {@link ConstantLR}. */
export interface ConstantLROptions extends LastEpochOption {
  /** Factor for the learning rate, 0 to 1; default 1/3. */
  factor?: number;
  /** For how many epochs; default 5. */
  totalIters?: number;
}

/**
 * Multiplies the learning rate by `factor` for the first `totalIters` epochs (`torch.optim.lr_scheduler.ConstantLR`).
 * @throws {ValueError} if `factor` is not between 0 and 1.
 */
export class ConstantLR extends EpochScheduler {
  /** Factor for the learning rate. */
  readonly factor: number;
  /** For how many epochs. */
  readonly totalIters: number;

  constructor(optimizer: Optimizer, options: ConstantLROptions = {}) {
    const defaults = { factor: 1 / 3, totalIters: 5, lastEpoch: -1 };
    const { factor, totalIters, lastEpoch } = complete('ConstantLR', defaults, options);
    if (!(factor >= 0 && factor <= 1)) throw new ValueError(`ConstantLR: factor is ${factor}; it must be from 0 to 1`);
    super(optimizer, lastEpoch);
    this.factor = factor;
    this.totalIters = totalIters;
    this.start();
  }

  /** @internal */
  protected next(lr: number, base: number): number {
    if (this.lastEpoch === 0) return lr * this.factor;
    if (this.lastEpoch !== this.totalIters) return lr;
    // A factor of 0 cannot be divided out again.
    return this.factor === 0 ? base : lr / this.factor;
  }

  /** @internal */
  protected override first(base: number): number {
    return this.totalIters === 0 ? base : base * this.factor;
  }
}

/** Options of {@link LinearLR}. */
export interface LinearLROptions extends LastEpochOption {
  /** Initial factor for the learning rate, above 0 and up to 1; default 1/3. */
  startFactor?: number;
  /** Final factor, 0 to 1; default 1. */
  endFactor?: number;
  /** How many epochs it takes; default 5. */
  totalIters?: number;
}

/**
 * Multiplies the learning rate by a factor that goes in a straight line from `startFactor` to `endFactor` over
 * `totalIters` epochs (`torch.optim.lr_scheduler.LinearLR`).
 * @throws {ValueError} if a factor is out of range.
 */
export class LinearLR extends EpochScheduler {
  /** Initial factor for the learning rate. */
  readonly startFactor: number;
  /** Final factor. */
  readonly endFactor: number;
  /** How many epochs it takes. */
  readonly totalIters: number;

  constructor(optimizer: Optimizer, options: LinearLROptions = {}) {
    const defaults = { startFactor: 1 / 3, endFactor: 1, totalIters: 5, lastEpoch: -1 };
    const { startFactor, endFactor, totalIters, lastEpoch } = complete('LinearLR', defaults, options);
    if (!(startFactor > 0 && startFactor <= 1))
      throw new ValueError(`LinearLR: startFactor is ${startFactor}; it must be above 0 and at most 1`);
    if (!(endFactor >= 0 && endFactor <= 1))
      throw new ValueError(`LinearLR: endFactor is ${endFactor}; it must be from 0 to 1`);
    super(optimizer, lastEpoch);
    this.startFactor = startFactor;
    this.endFactor = endFactor;
    this.totalIters = totalIters;
    this.start();
  }

  /** @internal */
  protected next(lr: number): number {
    if (this.lastEpoch === 0) return lr * this.startFactor;
    if (this.isInitial || this.lastEpoch > this.totalIters) return lr;
    const rise = this.endFactor - this.startFactor;
    return lr * (1 + rise / (this.totalIters * this.startFactor + (this.lastEpoch - 1) * rise));
  }

  /** @internal */
  protected override first(base: number): number {
    return base * this.startFactor;
  }
}
