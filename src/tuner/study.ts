import { StudyError } from '../errors';
import * as names from '../option-names';
import { checkOptions } from '../options';
import { inFolder, isRunning, keepsFolders, type ProcessName, thisProcess } from '../platform';
import { refuseSurplus } from '../surplus';
import { type Dropped, Journal } from './journal';
import { drive, type RunOptions } from './runners/drive';
import type { Objective, ObjectiveFile } from './runners/trial';
import { Search, type SearchOptions } from './search';
import type { Space, SpaceShape } from './space';
import type { AnyParams, Outcome, Row, SearchEvent, Trial, TrialRecord } from './types';

/** Options of {@link study}. */
export interface StudyOptions extends SearchOptions {
  /**
   * The file that keeps the study, such as `'runs/rate.jsonl'`: who names it again, after whatever ended the program, goes on where it
   * was; in a page for as long as its kernel runs. Default: none; the study is lost with the program.
   */
  journal?: string;
  /** The folder in which trials keep checkpoints. Default: beside the journal, `runs/rate.checkpoints`; in a page none. */
  checkpoints?: string;
}

/** One run of a trial: by whom, from when to when, and what became of it. */
export interface Span {
  readonly number: number;
  /** Who ran it; `undefined` where nobody said so. */
  readonly worker?: string;
  /** When it began and ended, in milliseconds since 1970; no end while it runs. */
  readonly began: number;
  readonly ended?: number;
  /** How it ended: as the trial did, or `lost`, upon which the trial was given back. */
  readonly state: 'running' | 'complete' | 'pruned' | 'failed' | 'lost';
}

/** Who has a trial: a process, and which of its runs. @internal */
export interface Holder extends ProcessName {
  readonly run?: number;
}

/** Who ran a trial and when. */
export interface Work {
  readonly worker: string;
  /** In milliseconds since 1970. */
  readonly began: number;
  readonly ended: number;
}

/** What a journal has of each event. */
interface Entry {
  /** When, in milliseconds since 1970. */
  readonly at: number;
  readonly event: SearchEvent;
  /** Who asked. */
  readonly by?: Holder;
  /** Who did what was told. */
  readonly work?: Work;
}

/** The last run of each study in this process: what an earlier one had is lost, as it was interrupted. */
const lastRuns = new Map<string, number>();
let runs = 0;

/**
 * A search that is kept: what is asked, reported and told goes into a journal before anybody learns of it, so that no crash loses a trial
 * that has ended. Several programs may work on one journal; each knows what the others have told. Made by {@link study}.
 */
export class Study<P = AnyParams> {
  private search: Search<P>;
  private readonly journal: Journal<Entry>;
  private readonly holders = new Map<number, Holder | undefined>();
  private readonly history: Span[] = [];
  /** The place of a running trial in `history`. */
  private readonly open = new Map<number, number>();

  /** @internal */
  constructor(
    private readonly space: Space<P>,
    private readonly options: StudyOptions = {},
  ) {
    checkOptions('tuner.study', options, names.StudyOptions);
    const { journal: path } = options;
    const search = this.begin();
    this.search = search;
    this.journal = new Journal<Entry>(path, search.study, (theirs) => {
      try {
        search.checkStudy(theirs);
      } catch (error) {
        throw new StudyError(`${path}: ${(error as Error).message}`, { cause: error });
      }
    });
    this.refresh();
  }

  /** The name of the study, which no other has: it stays when the study goes on. */
  get name(): string {
    return this.journal.study;
  }

  /** What stood behind the last whole line of the journal, as a crash leaves it, and was taken away; `undefined` if nothing. */
  get dropped(): Dropped | undefined {
    return this.journal.dropped;
  }

  /** Every trial so far, by number, with those of other programs up to the last call of any method. */
  get trials(): readonly TrialRecord<P>[] {
    return this.search.trials;
  }

  /** The best trial, as {@link Search.best} has it; `undefined` as long as there is none. */
  get best(): TrialRecord<P> | undefined {
    return this.search.best;
  }

  /** Whether small or large values are good. */
  get direction(): 'minimize' | 'maximize' {
    return this.search.study.direction;
  }

  /** The parameters of the space, by name. */
  get parameters(): SpaceShape {
    return this.space.parameters;
  }

  /** A row for each trial, by number, as {@link Search.table} has it: the same however often the search was interrupted. */
  table(): Row[] {
    return this.search.table();
  }

  /** Who ran what, and when, in the order in which it began. */
  timeline(): readonly Span[] {
    return this.history;
  }

  /**
   * Tries parameters until the search is done: each trial is run by `objective`, which gets its parameters and the trial itself, and
   * gives the value. Interrupt it when you like; the same call goes on, and so does that of another program with the same journal.
   * @throws {StudyError} if five trials fail one after the other, with the first one's reason, or another run of this study began in this
   * program; {@link ValueError} if the objective does not fit the runner.
   *
   * @example
   * const space = tuner.space({ x: tuner.float(-5, 5) });
   * const study = tuner.study(space, { trials: 30, seed: 1 });
   * await study.run(({ x }) => x ** 2);
   * (study.best?.value ?? 1) < 0.5 // true
   */
  async run(objective: Objective<P> | ObjectiveFile, options: RunOptions = {}): Promise<this> {
    const run = ++runs;
    lastRuns.set(this.name, run);
    await drive(this as Study as Study<AnyParams>, objective as Objective | ObjectiveFile, options, run);
    return this;
  }

  /** The next trial, as {@link Search.ask} gives it, for a loop of one's own. @param run the run that asks */
  ask(run?: number): Trial<P> | 'wait' | 'done' {
    const by: Holder = { ...thisProcess(), ...(run !== undefined && { run }) };
    return this.decide({ by }, false, (search) => {
      this.giveBackLost(search);
      return search.ask();
    });
  }

  /** Says how a running trial stands, as {@link Search.report} does. @throws {StudyError} as that does */
  report(number: number, step: number, value: number): 'go on' | 'stop' {
    return this.decide({}, false, (search) => search.report(number, step, value));
  }

  /**
   * Says what became of a running trial, as {@link Search.tell} does; it is on the disk when this returns.
   * @throws {StudyError} as that does
   */
  tell(number: number, outcome: Outcome, work?: Work): void {
    this.decide({ ...(work && { work }) }, true, (search) => search.tell(number, outcome));
  }

  /** Gives back a running trial whose worker is lost, as {@link Search.giveBack} does. @throws {StudyError} as that does */
  giveBack(number: number, work?: Work): void {
    this.decide({ ...(work && { work }) }, false, (search) => search.giveBack(number));
  }

  /** Learns what other programs have told. */
  refresh(): this {
    this.decide({}, false, () => {});
    return this;
  }

  /** Lets go of the journal. */
  close(): void {
    this.journal.close();
  }

  /** Where a trial keeps its checkpoints, the same for all that continue one another. @internal */
  checkpointOf({ number, from }: Trial): string | undefined {
    const { journal, checkpoints = keepsFolders && journal && `${journal.replace(/\.jsonl$/, '')}.checkpoints` } =
      this.options;
    if (!checkpoints) return undefined;
    let first = { number, from };
    while (first.from !== undefined) first = this.trials.find((trial) => trial.number === first.from)! as typeof first;
    return inFolder(checkpoints, String(first.number));
  }

  /** Whether this trial is still with the run that has asked for it. @internal */
  holds(number: number, run: number): boolean {
    return this.holders.get(number)?.run === run && lastRuns.get(this.name) === run;
  }

  /** The search before all events. */
  private begin(): Search<P> {
    const { journal: _journal, checkpoints: _checkpoints, ...rest } = this.options;
    return new Search(this.space, rest);
  }

  /** Has the search decide on all that is known, and writes down what it decided before anybody acts on it. */
  private decide<T>(more: Omit<Entry, 'at' | 'event'>, keep: boolean, body: (search: Search<P>) => T): T {
    return this.journal.exclusively((others, append) => {
      this.search.replay(others.map(({ event }) => event));
      for (const entry of others) this.note(entry);
      const before = this.search.events.length;
      const result = body(this.search);
      const made = this.search.events.slice(before);
      const entries = made.map((event) => ({
        at: Date.now(),
        event,
        ...(event.kind === 'asked' ? { by: more.by } : more),
      }));
      try {
        if (entries.length > 0) append(entries, keep);
      } catch (error) {
        this.search = this.begin().replay(this.search.events.slice(0, before));
        throw error;
      }
      for (const entry of entries) this.note(entry);
      return result;
    });
  }

  /** Gives back what a process has that has ended, or a run of this process that was interrupted. */
  private giveBackLost(search: Search<P>): void {
    const { host, pid } = thisProcess();
    const last = lastRuns.get(this.name);
    for (const [number, holder] of [...this.holders]) {
      if (holder === undefined) continue;
      const isOurs = holder.host === host && holder.pid === pid;
      const isLost = !isRunning(holder) || (isOurs && holder.run !== undefined && holder.run !== last);
      if (isLost) search.giveBack(number);
    }
  }

  /** Keeps of an entry what the search does not: who has the trial, and when it ran. */
  private note({ at, event, by, work }: Entry): void {
    const { kind, number } = event;
    if (kind === 'reported') return;
    if (kind === 'asked') {
      this.holders.set(number, by);
      this.open.set(number, this.history.length);
      this.history.push({ number, began: at, state: 'running' });
      return;
    }
    const state =
      kind === 'returned' ? 'lost' : 'value' in event ? 'complete' : 'pruned' in event ? 'pruned' : 'failed';
    const place = this.open.get(number)!;
    this.history[place] = { ...this.history[place]!, ended: at, ...work, state };
    this.holders.delete(number);
    this.open.delete(number);
  }
}

/**
 * A search that is kept, and goes on where it was when the same line is run again: Optuna's `create_study(storage=…, load_if_exists=True)`.
 * With a journal, no crash of this program, of another that works on the same journal, or of the machine loses a trial that has ended.
 * @throws {ValueError} for options that do not fit, as {@link Search} does; {@link StudyError} if the journal is that of a study with another
 * space, sampler or seed, naming what differs; {@link FormatError} if the file is no journal, or damaged before its last
 * line.
 *
 * @example
 * const space = tuner.space({ rate: tuner.float(1e-4, 1, { log: true }) });
 * const study = tuner.study(space, { trials: 5 });
 * await study.run(({ rate }) => Math.abs(Math.log10(rate) + 2));
 * study.table().length // 5
 */
export function study<P>(space: Space<P>, options: StudyOptions = {}): Study<P> {
  if (arguments.length > 2) refuseSurplus('study', arguments, 2);
  return new Study(space, options);
}
