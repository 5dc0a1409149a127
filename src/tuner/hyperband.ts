import { ValueError } from '../errors';
import { requireSizes } from '../ops/table/arguments';
import type { Next, Schedule } from './schedule';
import type { Trials } from './trials';
import type { Direction, TrialRecord } from './types';

/** Options of {@link hyperband}. */
export interface HyperbandOptions {
  /** The last step of the best trials, such as 81 epochs: R of the paper. */
  max: number;
  /** The fewest steps of a trial. Default: 1. */
  min?: number;
  /**
   * Factor between rungs: one of so many trials is promoted, and trains so many times as long: η of the paper. Default:
   * 3.
   */
  reduction?: number;
  /** Number of passes over all brackets. Default: 1. */
  iterations?: number;
}

/** Hyperband: made by {@link hyperband}. */
export interface HyperbandPruner extends Required<HyperbandOptions> {
  readonly kind: 'hyperband';
}

/** Options of {@link asha}. */
export interface AshaOptions {
  /** The last step of the best trials, such as 81 epochs. */
  max: number;
  /** The last step of every trial. Default: 1. */
  min?: number;
  /** Factor between rungs: one of so many trials is promoted, and trains so many times as long. Default: 4. */
  reduction?: number;
}

/** Asynchronous successive halving: made by {@link asha}. */
export interface AshaPruner extends Required<AshaOptions> {
  readonly kind: 'asha';
}

/** Number of trials of a rung, and their last step. */
export interface Rung {
  readonly trials: number;
  readonly resource: number;
}

function checkLadder(op: string, { max, min, reduction }: Required<AshaOptions>): void {
  requireSizes(op, { max, min });
  requireSizes(op, { reduction }, 2);
  if (min > max) throw new ValueError(`${op}: min is ${min}, above max, ${max}`);
}

/**
 * Hyperband (Li et al., 2018, algorithm 1): brackets of successive halving, from one with many short trials to one with
 * a few long ones, to balance early stopping and long training. A trial trains from the checkpoint of the trial `from`
 * up to the step `resource` and reports its value; the best of a rung continue as trials of the next.
 * {@link hyperbandTable} lists the brackets.
 * @throws {ValueError} for an invalid option.
 *
 * @example
 * tuner.hyperband({ max: 27 }).reduction // 3
 */
export function hyperband(options: HyperbandOptions): HyperbandPruner {
  const { max, min = 1, reduction = 3, iterations = 1 } = options ?? {};
  checkLadder('tuner.hyperband', { max, min, reduction });
  requireSizes('tuner.hyperband', { iterations });
  return { kind: 'hyperband', max, min, reduction, iterations };
}

/**
 * Asynchronous successive halving (ASHA, Li et al., 2020). When a worker is free, the best trial among the top
 * 1/`reduction` of its rung that was not promoted yet continues from its checkpoint. If there is none, a new trial
 * begins. Workers never wait.
 * @throws {ValueError} for an invalid option.
 *
 * @example
 * tuner.asha({ max: 64 }).reduction // 4
 */
export function asha(options: AshaOptions): AshaPruner {
  const { max, min = 1, reduction = 4 } = options ?? {};
  checkLadder('tuner.asha', { max, min, reduction });
  return { kind: 'asha', max, min, reduction };
}

/**
 * Returns the powers of `reduction` up to `max / min`. By multiplication, because rounded logarithms lose a bracket at
 * 243 or 1000.
 */
function powersUpTo({ max, min, reduction }: Required<AshaOptions>): number[] {
  const powers = [1];
  while (powers.at(-1)! * reduction * min <= max) powers.push(powers.at(-1)! * reduction);
  return powers;
}

/**
 * Returns the rungs of Hyperband's brackets, the largest first: bracket s begins with `⌈(s_max + 1) η^s / (s + 1)⌉`
 * trials of `⌈R / η^s⌉` steps, and each next rung has 1/η of the trials, rounded down, and η times the steps. All in
 * integers: Optuna 5.0 and Keras Tuner 1.4 take logarithms of floats, and miss or add brackets.
 * @throws {ValueError} for an invalid option.
 *
 * @example
 * tuner.hyperbandTable({ max: 81 }).map(([rung]) => rung!.trials) // [81, 34, 15, 8, 5]
 */
export function hyperbandTable(options: Omit<HyperbandOptions, 'iterations'>): Rung[][] {
  const pruner = hyperband(options);
  const powers = powersUpTo(pruner);
  const count = powers.length;
  const ceiling = (a: number, b: number) => (a - (a % b)) / b + (a % b === 0 ? 0 : 1);
  return [...powers].reverse().map((first, bracket) => {
    const s = count - 1 - bracket;
    const trials = ceiling(count * first, s + 1);
    return powers.slice(0, s + 1).map((power, i) => ({
      trials: (trials - (trials % power)) / power,
      resource: ceiling(pruner.max, powers[s - i]!),
    }));
  });
}

/** Returns a rung's finished trials, best first. */
function ranked(trials: readonly TrialRecord[], sign: number): TrialRecord[] {
  return trials
    .filter((one) => hasFinished(one) && !one.constraints?.some((by) => by > 0))
    .sort((a, b) => {
      const [x, y] = [sign * a.value!, sign * b.value!];
      return x < y ? -1 : x > y ? 1 : a.number - b.number;
    });
}

/** Whether a trial has trained as long as its rung requires, also if a report stopped it there. */
const hasFinished = ({ state, reports, resource }: TrialRecord): boolean =>
  state === 'complete' || (state === 'pruned' && (reports.at(-1)?.[0] ?? -1) >= resource!);

const isOpen = ({ state }: TrialRecord) => state === 'running' || state === 'waiting';

/** Stops a trial at the end of its rung, unless it is the top rung. */
function decideAt(trial: TrialRecord, max: number): 'go on' | 'stop' {
  const { resource = 0, reports } = trial;
  return resource < max && reports.at(-1)![0] >= resource ? 'stop' : 'go on';
}

/**
 * The schedule of Hyperband. A trial's number follows from its position in the table. So the numbers, and with random
 * sampling all parameters, do not depend on the order of workers or results.
 * @internal
 */
export class HyperbandSchedule implements Schedule {
  readonly ends: boolean = true;
  private readonly table: readonly (readonly Rung[])[];
  private readonly sign: number;
  /** Finished rungs by the number of their first trial, with their trials, best first. */
  private readonly closed = new Map<number, readonly TrialRecord[]>();

  constructor(
    private readonly pruner: HyperbandPruner,
    private readonly trials: Trials,
    direction: Direction,
  ) {
    this.sign = direction === 'minimize' ? 1 : -1;
    this.table = hyperbandTable({ max: pruner.max, min: pruner.min, reduction: pruner.reduction });
  }

  next(): Next | 'wait' | 'done' {
    let isWaiting = false;
    let first = 0;
    for (let i = 0; i < this.pruner.iterations; i++)
      for (const [bracket, rungs] of this.table.entries()) {
        const found = this.inBracket(bracket, rungs, first);
        if (typeof found === 'object') return found;
        isWaiting ||= found === 'wait';
        first += rungs.reduce((sum, { trials }) => sum + trials, 0);
      }
    return isWaiting ? 'wait' : 'done';
  }

  private inBracket(bracket: number, rungs: readonly Rung[], begin: number): Next | 'wait' | 'done' {
    let first = begin;
    let below: readonly TrialRecord[] = [];
    for (const [rung, { trials, resource }] of rungs.entries()) {
      const count = rung === 0 ? trials : Math.min(trials, below.length);
      if (!this.closed.has(first)) {
        const here: TrialRecord[] = [];
        for (let i = 0; i < count; i++) {
          const known = this.trials.get(first + i);
          const from = rung === 0 ? {} : { from: below[i]!.number };
          if (known === undefined) return { number: first + i, bracket, rung, resource, ...from };
          here.push(known);
        }
        if (here.some(isOpen)) return 'wait';
        this.closed.set(first, ranked(here, this.sign));
      }
      below = this.closed.get(first)!;
      first += trials;
    }
    return 'done';
  }

  decide(number: number): 'go on' | 'stop' {
    return decideAt(this.trials.get(number)!, this.pruner.max);
  }
}

/** The schedule of ASHA. @internal */
export class AshaSchedule implements Schedule {
  readonly ends: boolean;
  private readonly resources: readonly number[];
  private readonly sign: number;

  constructor(
    private readonly pruner: AshaPruner,
    private readonly trials: Trials,
    direction: Direction,
    /** Number of different initial parameters. */
    private readonly size: number,
  ) {
    this.sign = direction === 'minimize' ? 1 : -1;
    const powers = powersUpTo(pruner);
    this.resources = powers.map((power, i) => (i === powers.length - 1 ? pruner.max : pruner.min * power));
    this.ends = Number.isFinite(size);
  }

  next(): Next | 'wait' | 'done' {
    const all = this.trials.list;
    const number = all.length;
    const hasGoneOn = new Set(all.map(({ from }) => from));
    for (let rung = this.resources.length - 2; rung >= 0; rung--) {
      const here = ranked(
        all.filter((one) => one.rung === rung),
        this.sign,
      );
      const best = here
        .slice(0, Math.floor(here.length / this.pruner.reduction))
        .find((one) => !hasGoneOn.has(one.number));
      if (best !== undefined)
        return { number, bracket: 0, rung: rung + 1, resource: this.resources[rung + 1]!, from: best.number };
    }
    if (this.trials.fresh < this.size) return { number, bracket: 0, rung: 0, resource: this.resources[0]! };
    return all.some(isOpen) ? 'wait' : 'done';
  }

  decide(number: number): 'go on' | 'stop' {
    return decideAt(this.trials.get(number)!, this.pruner.max);
  }
}
