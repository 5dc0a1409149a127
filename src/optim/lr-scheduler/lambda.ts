import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { Optimizer } from '../optimizer';
import { complete } from '../options';
import { EpochScheduler, type LastEpochOption, perGroup } from './scheduler';

/** A function of the epoch. */
export type LrLambda = (epoch: number) => number;

/** A scheduler with a function for each group. */
abstract class FunctionScheduler extends EpochScheduler {
  /** The function of each group; not part of the state. */
  readonly lrLambdas: readonly LrLambda[];

  constructor(optimizer: Optimizer, lrLambda: LrLambda | readonly LrLambda[], options: LastEpochOption) {
    super(optimizer, complete(new.target.name, { lastEpoch: -1 }, options).lastEpoch);
    this.lrLambdas = perGroup(this.name, 'lrLambda', lrLambda, optimizer);
    const wrong = this.lrLambdas.findIndex((f) => typeof f !== 'function');
    if (wrong >= 0)
      throw new ValueError(
        `${this.name}: lrLambda must be a function of the epoch, or one for each group, got ${describe(this.lrLambdas[wrong])}`,
      );
    this.start();
  }
}

/**
 * Multiplies the initial learning rate by a function of the epoch (`torch.optim.lr_scheduler.LambdaLR`):
 * `lr = base·lrLambda(epoch)`. A list holds one function for each group.
 * @throws {ValueError} if a list has another length than the groups, or an entry is not a function.
 */
export class LambdaLR extends FunctionScheduler {
  constructor(optimizer: Optimizer, lrLambda: LrLambda | readonly LrLambda[], options: LastEpochOption = {}) {
    super(optimizer, lrLambda, options);
  }

  /** @internal */
  protected next(_lr: number, base: number, k: number): number {
    return base * (this.lrLambdas[k]?.(this.lastEpoch) ?? 1);
  }
}

/**
 * Multiplies the learning rate by a function of the epoch, from epoch 1 on
 * (`torch.optim.lr_scheduler.MultiplicativeLR`): `lr ← lr·lrLambda(epoch)`. A list holds one function for each group.
 * @throws {ValueError} if a list has another length than the groups, or an entry is not a function.
 */
export class MultiplicativeLR extends FunctionScheduler {
  constructor(optimizer: Optimizer, lrLambda: LrLambda | readonly LrLambda[], options: LastEpochOption = {}) {
    super(optimizer, lrLambda, options);
  }

  /** @internal */
  protected next(lr: number, _base: number, k: number): number {
    return this.isInitial ? lr : lr * (this.lrLambdas[k]?.(this.lastEpoch) ?? 1);
  }
}
