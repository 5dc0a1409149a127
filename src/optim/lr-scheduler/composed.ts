import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { Optimizer } from '../optimizer';
import { complete } from '../options';
import { type LastEpochOption, LRScheduler } from './scheduler';

/** A scheduler that is made of others. */
abstract class ComposedScheduler extends LRScheduler {
  /** The schedulers it is made of. */
  readonly schedulers: readonly LRScheduler[];

  constructor(schedulers: readonly LRScheduler[], optimizer: Optimizer) {
    super(optimizer);
    schedulers.forEach((scheduler, i) => {
      if (!(scheduler instanceof LRScheduler))
        throw new ValueError(
          `${this.name}: scheduler ${i} is ${(scheduler as object)?.constructor?.name}, which cannot be stepped without a metric`,
        );
      if (scheduler.optimizer !== optimizer)
        throw new ValueError(`${this.name}: scheduler ${i} belongs to another optimizer; all must have the same`);
    });
    this.schedulers = [...schedulers];
  }

  /** @internal */
  rewind(epoch?: number): void {
    for (const scheduler of this.schedulers) scheduler.rewind(epoch);
  }

  /** @internal */
  restart(): void {
    this.rewind(-1);
    this.resetLrs();
    this.begin();
  }

  /** @internal */
  protected resetLrs(): void {
    for (const group of this.groups) group.lr = group.initialLr ?? group.lr;
  }
}

function checkSome(owner: string, schedulers: readonly LRScheduler[]): void {
  if (!Array.isArray(schedulers))
    throw new ValueError(`${owner}: needs a list of schedulers, got ${describe(schedulers)}`);
  if (schedulers.length === 0) throw new ValueError(`${owner}: there must be at least one scheduler`);
}

/**
 * Schedulers one after the other (`torch.optim.lr_scheduler.SequentialLR`): scheduler `i + 1` takes over at epoch
 * `milestones[i]` and counts its epochs from there.
 * @throws {ValueError} if there are no schedulers, not one milestone less than schedulers, or one belongs to another
 * optimizer.
 */
export class SequentialLR extends ComposedScheduler {
  /** The epochs at which the next scheduler takes over. */
  readonly milestones: readonly number[];
  /** The epoch whose learning rates are set. */
  lastEpoch: number;

  constructor(
    optimizer: Optimizer,
    schedulers: readonly LRScheduler[],
    milestones: readonly number[],
    options: LastEpochOption = {},
  ) {
    const { lastEpoch } = complete('SequentialLR', { lastEpoch: -1 }, options);
    checkSome('SequentialLR', schedulers);
    super(schedulers, optimizer);
    if (!Array.isArray(milestones))
      throw new ValueError(`SequentialLR: milestones are a list of epochs, got ${describe(milestones)}`);
    if (milestones.length !== schedulers.length - 1)
      throw new ValueError(
        `SequentialLR: ${schedulers.length} schedulers need ${schedulers.length - 1} milestones, got ${milestones.length}`,
      );
    this.milestones = [...milestones];
    this.lastEpoch = lastEpoch + 1;
    this.resetLrs();
    this.rewind();
    schedulers[0].begin();
    this.noteLrs();
  }

  step(): void {
    this.lastEpoch++;
    const { milestones, lastEpoch } = this;
    const i = milestones.filter((m) => m <= lastEpoch).length;
    if (i > 0 && milestones[i - 1] === lastEpoch) this.schedulers[i].restart();
    else this.schedulers[i].step();
    this.noteLrs();
  }

  /** @internal */
  begin(): void {
    this.lastEpoch = 0;
    this.schedulers[0].begin();
    this.noteLrs();
  }
}

/**
 * Schedulers that all take effect (`torch.optim.lr_scheduler.ChainedScheduler`): each changes the learning rates that
 * the one before has set.
 * @throws {ValueError} if there are no schedulers, or one belongs to another optimizer.
 */
export class ChainedScheduler extends ComposedScheduler {
  constructor(schedulers: readonly LRScheduler[], optimizer?: Optimizer) {
    checkSome('ChainedScheduler', schedulers);
    super(schedulers, optimizer ?? schedulers[0]?.optimizer);
    this.noteLrs();
  }

  step(): void {
    for (const scheduler of this.schedulers) scheduler.step();
    this.noteLrs();
  }

  /** @internal */
  begin(): void {
    for (const scheduler of this.schedulers) scheduler.begin();
    this.noteLrs();
  }
}
