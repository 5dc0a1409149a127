import { ValueError } from '../../errors';
import { requireOneOf, requireTensor } from '../../ops/table/arguments';
import type { Tensor } from '../../tensor/tensor';
import type { Optimizer } from '../optimizer';
import { complete } from '../options';
import { perGroup, SchedulerBase } from './scheduler';

/** Options of {@link ReduceLROnPlateau}. */
export interface ReduceLROnPlateauOptions {
  /** Whether the metric is to fall (`'min'`, default) or to rise (`'max'`). */
  mode?: 'min' | 'max';
  /** Factor for the learning rate, below 1; default 0.1. */
  factor?: number;
  /** How many epochs without improvement are accepted; default 10. */
  patience?: number;
  /** How large an improvement must be to count; default 1e-4. */
  threshold?: number;
  /** Whether that is relative to the best value (`'rel'`, default) or a difference (`'abs'`). */
  thresholdMode?: 'rel' | 'abs';
  /** How many epochs to wait after a reduction; default 0. */
  cooldown?: number;
  /** The smallest learning rate, for all groups or each; default 0. */
  minLr?: number | readonly number[];
  /** Reductions by less are left out; default 1e-8. */
  eps?: number;
}

/**
 * Reduces the learning rate when a metric has stopped improving (`torch.optim.lr_scheduler.ReduceLROnPlateau`). Step it
 * with the metric after every validation.
 *
 * @example
 * const optimizer = new optim.SGD([tensor(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new optim.lrScheduler.ReduceLROnPlateau(optimizer, { patience: 1, factor: 0.5 });
 * for (const loss of [3, 2, 2, 2]) scheduler.step(loss);
 * scheduler.getLastLr() // [0.5]
 * @throws {ValueError} if `factor` is not below 1, a mode is unknown, or a list has another length than the groups.
 */
export class ReduceLROnPlateau extends SchedulerBase {
  readonly mode: 'min' | 'max';
  readonly factor: number;
  readonly patience: number;
  readonly threshold: number;
  readonly thresholdMode: 'rel' | 'abs';
  readonly cooldown: number;
  readonly minLr: number | readonly number[];
  readonly eps: number;
  /** How many steps have been made. */
  lastEpoch = 0;
  /** The best value of the metric so far. */
  best: number;
  /** Epochs without improvement. */
  numBadEpochs = 0;
  /** Epochs that are left to wait. */
  cooldownCounter = 0;

  constructor(optimizer: Optimizer, options: ReduceLROnPlateauOptions = {}) {
    const defaults: Required<ReduceLROnPlateauOptions> = {
      mode: 'min',
      factor: 0.1,
      patience: 10,
      threshold: 1e-4,
      thresholdMode: 'rel',
      cooldown: 0,
      minLr: 0,
      eps: 1e-8,
    };
    const all = complete('ReduceLROnPlateau', defaults, options);
    if (!(all.factor < 1)) throw new ValueError(`ReduceLROnPlateau: factor is ${all.factor}; it must be below 1`);
    requireOneOf('ReduceLROnPlateau', { mode: all.mode }, ['min', 'max']);
    requireOneOf('ReduceLROnPlateau', { thresholdMode: all.thresholdMode }, ['rel', 'abs']);
    super(optimizer);
    perGroup('ReduceLROnPlateau', 'minLr', all.minLr, optimizer);
    this.mode = all.mode;
    this.factor = all.factor;
    this.patience = all.patience;
    this.threshold = all.threshold;
    this.thresholdMode = all.thresholdMode;
    this.cooldown = all.cooldown;
    this.minLr = all.minLr;
    this.eps = all.eps;
    this.best = all.mode === 'min' ? Infinity : -Infinity;
    this.noteLrs();
  }

  /** Takes the metric of an epoch, a number or a tensor with one element, and reduces the learning rates if it is time. */
  step(metrics: number | Tensor): void {
    if (typeof metrics !== 'number') requireTensor('ReduceLROnPlateau', metrics, 'the metric, unless it is a number,');
    const value = typeof metrics === 'number' ? metrics : metrics.item();
    this.lastEpoch++;
    if (this.isBetter(value)) {
      this.best = value;
      this.numBadEpochs = 0;
    } else this.numBadEpochs++;
    if (this.cooldownCounter > 0) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs > this.patience) {
      this.reduce();
      this.cooldownCounter = this.cooldown;
      this.numBadEpochs = 0;
    }
    this.noteLrs();
  }

  private isBetter(value: number): boolean {
    const { best, threshold, thresholdMode } = this;
    if (this.mode === 'min') return value < (thresholdMode === 'rel' ? best * (1 - threshold) : best - threshold);
    return value > (thresholdMode === 'rel' ? best * (1 + threshold) : best + threshold);
  }

  private reduce(): void {
    const least = perGroup('ReduceLROnPlateau', 'minLr', this.minLr, this.optimizer);
    this.groups.forEach((group, k) => {
      const lr = Math.max(group.lr * this.factor, least[k]);
      if (group.lr - lr > this.eps) group.lr = lr;
    });
  }
}
