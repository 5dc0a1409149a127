import { requireSizes } from '../ops/table/arguments';
import type { Next, Schedule } from './schedule';
import type { Trials } from './trials';
import type { Direction } from './types';

/** Options of {@link median}, with Optuna's defaults. */
export interface MedianOptions {
  /** Number of complete trials before any trial is stopped. Default: 5. */
  startup?: number;
  /** The first step at which a trial may be stopped. Default: 0. */
  warmup?: number;
  /** Number of steps, counted from `warmup`, between two decisions. Default: 1. */
  interval?: number;
  /** Number of complete trials that must have reported the step. Default: 1. */
  minTrials?: number;
}

/** The median stopping rule: made by {@link median}. */
export interface MedianPruner extends Required<MedianOptions> {
  readonly kind: 'median';
}

/**
 * The median stopping rule (Golovin et al., 2017): a trial is stopped if its best report is worse than the median of
 * the complete trials' reports at the same step (Optuna's `MedianPruner`).
 * @throws {ValueError} for an invalid option.
 *
 * @example
 * tuner.median({ warmup: 3 }).startup // 5
 */
export function median(options: MedianOptions = {}): MedianPruner {
  const { startup = 5, warmup = 0, interval = 1, minTrials = 1 } = options;
  requireSizes('tuner.median', { startup, warmup }, 0);
  requireSizes('tuner.median', { interval, minTrials });
  return { kind: 'median', startup, warmup, interval, minTrials };
}

/** A schedule that runs each trial to its end. @internal */
export class EachToItsEnd implements Schedule {
  readonly ends: boolean;

  constructor(
    protected readonly trials: Trials,
    /** Number of points of the sampler. */
    private readonly size: number,
  ) {
    this.ends = Number.isFinite(size);
  }

  next(): Next | 'wait' | 'done' {
    const number = this.trials.list.length;
    return number < this.size ? { number } : 'done';
  }

  decide(_number: number): 'go on' | 'stop' {
    return 'go on';
  }
}

/** The schedule of the median stopping rule. @internal */
export class MedianSchedule extends EachToItsEnd {
  private readonly sign: number;
  /** Sorted reports of the complete trials at each step; of the first `taken` trials. */
  private readonly valuesAt = new Map<number, number[]>();
  private taken = 0;

  constructor(
    private readonly pruner: MedianPruner,
    trials: Trials,
    direction: Direction,
    size: number,
  ) {
    super(trials, size);
    this.sign = direction === 'minimize' ? 1 : -1;
  }

  override decide(number: number): 'go on' | 'stop' {
    const { startup, warmup, interval, minTrials } = this.pruner;
    const { complete } = this.trials;
    const { reports } = this.trials.get(number)!;
    const [step] = reports.at(-1)!;
    if (complete.length === 0 || complete.length < startup || step < warmup) return 'go on';
    // The first report in each interval decides.
    const begin = step - ((step - warmup) % interval);
    if (reports.length > 1 && reports.at(-2)![0] >= begin) return 'go on';
    for (; this.taken < complete.length; this.taken++)
      for (const [at, value] of complete[this.taken]!.reports) insert(this.valuesAt, at, value);
    const there = this.valuesAt.get(step) ?? [];
    if (there.length < minTrials) return 'go on';
    const best = Math.min(...reports.map(([, value]) => this.sign * value));
    return best > this.sign * middle(there) ? 'stop' : 'go on';
  }
}

/** Inserts a value into the sorted list of its step. */
function insert(valuesAt: Map<number, number[]>, step: number, value: number): void {
  const values = valuesAt.get(step) ?? [];
  let low = 0;
  let high = values.length;
  while (low < high) {
    const half = (low + high) >> 1;
    if (values[half]! < value) low = half + 1;
    else high = half;
  }
  values.splice(low, 0, value);
  valuesAt.set(step, values);
}

/** Returns the median of sorted numbers. */
function middle(sorted: readonly number[]): number {
  const [a, b] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!];
  return a === b ? a : a + (b - a) / 2;
}
