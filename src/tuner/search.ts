import { StudyError, ValueError } from '../errors';
import { describe } from '../ops/table/arguments';
import * as names from '../option-names';
import { checkOptions } from '../options';
import { refuseSurplus } from '../surplus';
import { textOf } from '../text-of';
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
  /** Which values are tried: `tuner.tpe()`, `tuner.random()`, `tuner.grid()`. Default: `tuner.tpe()`. */
  sampler?: Sampler;
  /** Which trials end early: `tuner.median()`, `tuner.hyperband({ max })`, `tuner.asha({ max })`. Default: none. */
  pruner?: Pruner;
  /** Whether small or large values are good. Default: `'minimize'`. */
  direction?: Direction;
  /** A whole number below 2³², from which all chance of the study follows. Default: 0. */
  seed?: number;
  /**
   * How many trials there are at most, each run of a rung counted; may grow when a study goes on. A grid and Hyperband end of themselves;
   * any other search needs it (`Infinity`, where whoever asks ends it).
   */
  trials?: number;
}

const MOST_SEED = 2 ** 32 - 1;

/**
 * A search for good parameters, without a clock, a file or a process: it says what to try next (`ask`) and learns what came of it
 * (`report`, `tell`). Whatever it decides follows from the space, the options and the log of its `events`; the same log, replayed, gives
 * the same decisions. It is what Optuna calls a study with `ask` and `tell`.
 *
 * @example
 * const space = tuner.space({ x: tuner.float(-5, 5) });
 * const search = new tuner.Search(space, { trials: 30, seed: 1 });
 * for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask()) search.tell(trial.number, trial.params.x ** 2);
 * search.best!.value! < 0.5 // true
 */
export class Search<P = AnyParams> {
  /** The parameters and what values they have. */
  readonly space: Space<P>;
  /** All that decides about this search but the log: plain data. */
  readonly study: StudySettings;
  /** Sixteen digits that stand for {@link Search.study}: logs of studies with other digits do not belong here. */
  readonly fingerprint: string;
  /** The log so far: it grows at its end with each `ask` that gives a trial, and each `report`, `tell` and `giveBack`. */
  readonly events: readonly SearchEvent[];
  private readonly log: SearchEvent[] = [];
  private readonly limit: number;
  private readonly suggester: Suggester;
  private kept: Trials;
  private schedule: Schedule;

  /** @throws {ValueError} if an option cannot be so, the sampler does not fit the space, or the search would never end. */
  constructor(space: Space<P>, options: SearchOptions = {}) {
    if (arguments.length > 2) refuseSurplus('Search', arguments, 2);
    checkOptions('Search', options, names.SearchOptions);
    if (!(space instanceof Space))
      throw new ValueError(`Search: the space must be made by tuner.space({ … }), got ${describe(space)}`);
    const { direction = 'minimize', seed = 0, trials } = options;
    const { sampler = tpe(), pruner = { kind: 'none' } } = options;
    if (direction !== 'minimize' && direction !== 'maximize')
      throw new ValueError(`Search: direction must be 'minimize' or 'maximize', got ${textOf(direction)}`);
    if (!Number.isInteger(seed) || seed < 0 || seed > MOST_SEED)
      throw new ValueError(`Search: seed must be a whole number from 0 to ${MOST_SEED}, got ${textOf(seed)}`);
    if (trials !== undefined && trials !== Number.POSITIVE_INFINITY && !(Number.isInteger(trials) && trials >= 1))
      throw new ValueError(`Search: trials must be a whole number from 1 on, or Infinity, got ${textOf(trials)}`);
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
   * The complete trial with the best value that breaks no constraint, the first of equals; where trials train differently long, of those
   * that have trained longest. `undefined` as long as there is none.
   */
  get best(): TrialRecord<P> | undefined {
    let best: TrialRecord<P> | undefined;
    for (const one of this.trials)
      if (isBetter(one as TrialRecord, best as TrialRecord | undefined, this.study.direction)) best = one;
    return best;
  }

  /**
   * A row for each trial, by number: `number`, `state`, `value`, `seed`, the parameters as `params_name`, and where trials have them
   * `bracket`, `rung`, `resource`, `from` and `reason`; what a trial lacks is `undefined`. All rows have the same columns.
   * `tuner.csv` makes a file of them, `tuner.arrays` columns for `io.saveNpz`.
   */
  table(): Row[] {
    return rowsOf(this.space.names, this.kept.list);
  }

  /**
   * The next trial: one that was given back, or else a new one. `'wait'` while what comes next depends on trials that are running, or
   * might be given back; `'done'` when all have ended and no other comes.
   */
  ask(): Trial<P> | 'wait' | 'done' {
    const { waiting } = this.kept;
    const next = waiting ?? this.schedule.next();
    if (next === 'wait') return 'wait';
    // By its number, not by how many there are: so Hyperband is cut at the same place whatever ended first.
    if (next === 'done' || next.number >= this.limit) return this.kept.isIdle ? 'done' : 'wait';
    const trial = waiting === undefined ? this.made(next) : trialOf(waiting);
    this.record('ask', {
      kind: 'asked',
      ...trial,
      drawn: waiting === undefined ? [...this.suggester.drawn] : this.kept.drawn,
    });
    // An objective may change what it was given; the record stays.
    return { ...trial, params: { ...trial.params } } as Trial as Trial<P>;
  }

  /**
   * Says how a running trial stands, by the value of the objective after a step, such as an epoch; a step that is reported again, as by
   * a trial that was given back, counts as last said. `'stop'`: the trial is not worth going on; it ends with `tell(number, { pruned: true })`.
   * @throws {StudyError} if the trial is not running; {@link ValueError} for a step that is none, or NaN.
   */
  report(number: number, step: number, value: number): 'go on' | 'stop' {
    this.record('report', { kind: 'reported', number, step, value: stored(value) });
    return this.schedule.decide(number);
  }

  /**
   * Says what became of a running trial.
   * @throws {StudyError} if there is no such trial, or it is not running; {@link ValueError} for NaN or what is no outcome. Nothing is
   * changed then.
   */
  tell(number: number, outcome: Outcome): void {
    this.record('tell', { kind: 'told', number, ...told(outcome) });
  }

  /**
   * Gives back a running trial whose worker is lost: `ask` will give it out again with the same number, parameters and seed.
   * @throws {StudyError} if the trial is not running.
   */
  giveBack(number: number): void {
    this.record('giveBack', { kind: 'returned', number });
  }

  /**
   * Goes on from a log: takes over events that a search of the same study has had, behind those of this one.
   * @throws {StudyError} if an event does not fit those before it or the study. Then none of these events is taken.
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
   * Compares with the study of a log, as its first line has it.
   * @throws {StudyError} if it is another, naming what differs.
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

  /** A trial that nobody has had yet. */
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

/** What of a record is the trial. */
function trialOf({ number, params, seed, bracket, rung, resource, from }: TrialRecord): Trial {
  return {
    number,
    params,
    seed,
    ...(bracket !== undefined && { bracket, rung, resource }),
    ...(from !== undefined && { from }),
  };
}

const shown = (outcome: unknown) =>
  typeof outcome === 'object' && outcome !== null ? `{ ${Object.keys(outcome).join(', ')} }` : describe(outcome);

/** An outcome as an event has it. */
function told(outcome: Outcome) {
  if (typeof outcome === 'number') return { value: stored(outcome) };
  if (typeof outcome === 'object' && outcome !== null) {
    if ('pruned' in outcome && outcome.pruned === true) return { pruned: true as const };
    if ('failed' in outcome) return { failed: outcome.failed };
    if ('value' in outcome && Array.isArray(outcome.constraints))
      return { value: stored(outcome.value), constraints: outcome.constraints.map(stored) };
  }
  throw new ValueError(
    `tell: expected a number, { value, constraints: […] }, { pruned: true } or { failed: 'why' }, got ${shown(outcome)}`,
  );
}
