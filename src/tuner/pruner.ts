import { describe } from '../describe';
import { ValueError } from '../errors';
import { type AshaPruner, AshaSchedule, type HyperbandPruner, HyperbandSchedule } from './hyperband';
import { EachToItsEnd, type MedianPruner, MedianSchedule } from './median';
import type { Schedule } from './schedule';
import type { Trials } from './trials';
import type { Direction } from './types';

/** Runs each trial to its end. */
export interface NoPruner {
  readonly kind: 'none';
}

/** Any pruner of the tuner, made by `tuner.median()`, `tuner.hyperband()` or `tuner.asha()`: plain data. */
export type Pruner = AshaPruner | HyperbandPruner | MedianPruner | NoPruner;

/**
 * Returns the schedule of a pruner; `size` is the number of different points of the sampler.
 * @throws {ValueError} if it is not a pruner, or does not match the sampler.
 * @internal
 */
export function scheduleOf(pruner: Pruner, trials: Trials, direction: Direction, size: number): Schedule {
  switch (pruner?.kind) {
    case 'none':
      return new EachToItsEnd(trials, size);
    case 'median':
      return new MedianSchedule(pruner, trials, direction, size);
    case 'asha':
      return new AshaSchedule(pruner, trials, direction, size);
    case 'hyperband':
      if (Number.isFinite(size))
        throw new ValueError(
          `Search: Hyperband says itself how many trials begin, and a grid has ${size}: use tuner.random() or tuner.tpe(), or tuner.asha() with the grid`,
        );
      return new HyperbandSchedule(pruner, trials, direction);
    default:
      throw new ValueError(
        `Search: the pruner must be made by tuner.median(), tuner.hyperband() or tuner.asha(), got ${describe(pruner)}`,
      );
  }
}
