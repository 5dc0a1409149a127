import { describe } from '../describe';
import { StudyError, ValueError } from '../errors';
import { isBetter } from './best';
import { digest, seedOf } from './hash';
import { type Pruner, scheduleOf } from './pruner';
import type { Suggester } from './sampler';
import { type Sampler, suggesterOf } from './samplers';
import type { Next, Schedule } from './schedule';
import { Space } from './space';
import { rowsOf } from './table';
import { tpe } from './tpe';
import { stored, Trials } from './trials';
import type { AnyParams, Direction, Outcome, Row, SearchEvent, StudySettings, Trial, TrialRecord } from './types';

/** Options of {@link Search}. */
export interface SearchOptions {
  /** How to choose values: `tuner.tpe()`, `tuner.random()`, `tuner.grid()`. Default: `tuner.tpe()`. */
  sampler?: Sampler;
  /** How to stop trials early: `tuner.median()`, `tuner.hyperband({ max })`, `tuner.asha({ max })`. Default: none. */
  pruner?: Pruner;
  /** Whether smaller or larger values are better. Default: `'minimize'`. */
  direction?: Direction;
  /** A whole number below 2³², the seed of all random choices of the study. Default: 0. */
  seed?: number;
  /**
   * The largest number of trials, where each run of a rung counts; it may be raised when a study continues. A grid and
   * Hyperband end by themselves; other searches need it (`Infinity` if the caller ends it).
   */
  trials?: number;
}

const MOST_SEED = 2 ** 32 - 1;

/**
 * A search for good parameters without clock, files or processes: `ask` returns the next trial, `report` and `tell`
 * record its results. All decisions follow from the space, the options and the log of its `events`; replaying the log
 * gives the same decisions. It is Optuna's study with `ask` and `tell`.
 *
 * @example
 * const space = tuner.space({ x: tuner.float(-5, 5) });
 * const search = new tuner.Search(space, { trials: 30, seed: 1 });
 * for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask()) search.tell(trial.number, trial.params.x ** 2);
 * search.best!.value! < 0.5 // true
 */
export class Search<P = AnyParams> {
  /** The parameters and their possible values. */
  readonly space: Space<P>;
  /** The settings that determine this search besides the log: plain data. */
  readonly study: StudySettings;
  /** A hash of {@link Search.study} with sixteen digits: logs with another hash belong to other studies. */
  readonly fingerprint: string;
  /** The log so far: each `ask` that returns a trial, and each `report`, `tell` and `giveBack`, appends to it. */
  readonly events: readonly SearchEvent[];
  private readonly log: SearchEvent[] = [];
  private readonly limit: number;
  private readonly suggester: Suggester;
  private kept: Trials;
  private schedule: Schedule;

  /**
   * @throws {ValueError} for an invalid option, a sampler that does not fit the space, or a search that would never
   * end.
   */
  constructor(space: Space<P>, options: SearchOptions = {}) {
    if (!(space instanceof Space))
      throw new ValueError(`Search: the space must be made by tuner.space({ … }), got ${describe(space)}`);
    const { direction = 'minimize', seed = 0, trials } = options;
    const { sampler = tpe(), pruner = { kind: 'none' } } = options;
    if (direction !== 'minimize' && direction !== 'maximize')
      throw new ValueError(`Search: direction must be 'minimize' or 'maximize', got ${describe(direction)}`);
    if (!Number.isInteger(seed) || seed < 0 || seed > MOST_SEED)
      throw new ValueError(`Search: seed must be a whole number from 0 to ${MOST_SEED}, got ${describe(seed)}`);
    if (trials !== undefined && trials !== Number.POSITIVE_INFINITY && !(Number.isInteger(trials) && trials >= 1))
      throw new ValueError(`Search: trials must be a whole number from 1 on, or Infinity, got ${describe(trials)}`);
    this.space = space;
    this.study = { direction, seed, space: space.parameters, sampler, pruner };
    this.fingerprint = digest(JSON.stringify(this.study));
    this.events = this.log;
    this.suggester = suggesterOf(sampler, space, seed, (pruner as { max?: number } | null)?.max);
    [this.kept, this.schedule] = this.empty();
    if (trials === undefined && !this.schedule.ends)
      throw new ValueError(
        'Search: this search would never end: say how many trials there are, { trials: 50 }, or Infinity',
      );
    this.limit = trials ?? Number.POSITIVE_INFINITY;
  }

  /** Every trial so far, by number: a live view. */
  get trials(): readonly TrialRecord<P>[] {
    return this.kept.list as readonly TrialRecord[] as readonly TrialRecord<P>[];
  }

  /**
   * The complete trial with the best value that satisfies all constraints, the first of equals; if trials differ in
   * length, the best of the longest. `undefined` if there is none.
   */
  get best(): TrialRecord<P> | undefined {
    let best: TrialRecord<P> | undefined;
    for (const one of this.trials)
      if (isBetter(one as TrialRecord, best as TrialRecord | undefined, this.study.direction)) best = one;
    return best;
  }

  /**
   * Returns a row for each trial, by number: `number`, `state`, `value`, `seed`, the parameters as `params_name`, and,
   * if any trial has them, `bracket`, `rung`, `resource`, `from` and `reason`. Missing values are `undefined`. All rows
   * have the same columns. `tuner.csv` converts them to a file, `tuner.arrays` to columns for `io.saveNpz`.
   */
  table(): Row[] {
    return rowsOf(this.space.names, this.kept.list);
  }

  /**
   * Returns the next trial: one that was given back, or else a new one. `'wait'` if it depends on running trials;
   * `'done'` when all have ended and there is no other.
   */
  ask(): Trial<P> | 'wait' | 'done' {
    const { waiting } = this.kept;
    const next = waiting ?? this.schedule.next();
    if (next === 'wait') return 'wait';
    // Compares the trial's number, not the count: so Hyperband is cut off at the same trial in any order of results.
    if (next === 'done' || next.number >= this.limit) return this.kept.isIdle ? 'done' : 'wait';
    const trial = waiting === undefined ? this.made(next) : trialOf(waiting);
    this.record('ask', {
      kind: 'asked',
      ...trial,
      drawn: waiting === undefined ? [...this.suggester.drawn] : this.kept.drawn,
    });
    // A copy, because an objective may change its parameters.
    return { ...trial, params: { ...trial.params } } as Trial as Trial<P>;
  }

  /**
   * Records the objective's value after a step of a running trial, such as an epoch. A later report for the same step
   * replaces it, as after `giveBack`. `'stop'`: the trial is not promising; end it with `tell(number, { pruned: true
   * })`.
   * @throws {StudyError} if the trial is not running; {@link ValueError} for an invalid step, or NaN.
   */
  report(number: number, step: number, value: number): 'go on' | 'stop' {
    this.record('report', { kind: 'reported', number, step, value: stored(value) });
    return this.schedule.decide(number);
  }

  /**
   * Records the outcome of a running trial.
   * @throws {StudyError} if the trial does not exist or is not running; {@link ValueError} for NaN or an invalid
   * outcome. Then nothing changes.
   */
  tell(number: number, outcome: Outcome): void {
    this.record('tell', { kind: 'told', number, ...told(outcome) });
  }

  /**
   * Gives back a running trial whose worker is lost: `ask` will return it again with the same number, parameters and
   * seed.
   * @throws {StudyError} if the trial is not running.
   */
  giveBack(number: number): void {
    this.record('giveBack', { kind: 'returned', number });
  }

  /**
   * Appends the events of a log of the same study, and applies them.
   * @throws {StudyError} if an event does not fit those before it or the study. Then none of these events is applied.
   */
  replay(events: Iterable<SearchEvent>): this {
    const before = this.log.length;
    try {
      for (const event of events) this.record(`replay: event ${this.log.length}`, event);
    } catch (error) {
      const good = this.log.splice(0).slice(0, before);
      [this.kept, this.schedule] = this.empty();
      for (const event of good) this.record('replay', event);
      throw error;
    }
    return this;
  }

  /**
   * Compares the settings with those of a log's first line.
   * @throws {StudyError} if they differ, naming the differences.
   */
  checkStudy(other: unknown): void {
    const theirs = (other ?? {}) as Record<string, unknown>;
    const parts = Object.entries(this.study).filter(
      ([name, ours]) => JSON.stringify(ours) !== JSON.stringify(theirs[name]),
    );
    if (parts.length === 0) return;
    const shown = parts.map(
      ([name, ours]) => `${name} is ${JSON.stringify(ours)} here and ${JSON.stringify(theirs[name])} there`,
    );
    throw new StudyError(
      `this log is of another study: ${shown.join('; ')}. Give this study a log of its own, or the search that one's space and options`,
    );
  }

  private empty(): [Trials, Schedule] {
    const { pruner, direction } = this.study;
    const trials = new Trials(this.space, this.study.seed);
    return [trials, scheduleOf(pruner as Pruner, trials, direction, this.suggester.size)];
  }

  /** Makes a trial with new parameters. */
  private made(next: Next): Trial {
    const { number, from } = next;
    this.suggester.seek(this.kept.drawn);
    const params =
      from === undefined
        ? this.suggester.suggest(this.kept.fresh, this.kept.list, this.study.direction)
        : this.kept.get(from)!.params;
    return { ...next, params, seed: seedOf(this.study.seed, number) };
  }

  private record(op: string, event: SearchEvent): void {
    if (typeof event !== 'object' || event === null)
      throw new StudyError(`${op}: expected an event of a search, got ${describe(event)}`);
    this.kept.check(op, event);
    this.kept.apply(event);
    this.log.push(event);
  }
}

/** Returns the trial in a record. */
function trialOf({ number, params, seed, bracket, rung, resource, from }: TrialRecord): Trial {
  return {
    number,
    params,
    seed,
    ...(bracket !== undefined && { bracket, rung, resource }),
    ...(from !== undefined && { from }),
  };
}

const fieldsOf = (outcome: unknown) =>
  typeof outcome === 'object' && outcome !== null ? `{ ${Object.keys(outcome).join(', ')} }` : describe(outcome);

/** Returns the fields of an event with an outcome. */
function told(outcome: Outcome) {
  if (typeof outcome === 'number') return { value: stored(outcome) };
  if (typeof outcome === 'object' && outcome !== null) {
    if ('pruned' in outcome && outcome.pruned === true) return { pruned: true as const };
    if ('failed' in outcome) return { failed: outcome.failed };
    if ('value' in outcome && Array.isArray(outcome.constraints))
      return { value: stored(outcome.value), constraints: outcome.constraints.map(stored) };
  }
  throw new ValueError(
    `tell: expected a number, { value, constraints: […] }, { pruned: true } or { failed: 'why' }, got ${fieldsOf(outcome)}`,
  );
}
