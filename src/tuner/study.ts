import { StudyError } from '../errors';
import { inFolder, isRunning, keepsFolders, type ProcessName, thisProcess } from '../platform';
import { type Dropped, Journal } from './journal';
import { drive, type RunOptions } from './runners/drive';
import type { Objective, ObjectiveFile } from './runners/trial';
import { Search, type SearchOptions } from './search';
import type { Space, SpaceShape } from './space';
import type { AnyParams, Outcome, Row, SearchEvent, Trial, TrialRecord } from './types';

/** Options of {@link study}. */
export interface StudyOptions extends SearchOptions {
  /**
   * The file of the study, such as `'runs/rate.jsonl'`: with the same file, a new program continues the study; in a
   * page it is kept as long as the kernel runs. Default: none; the study ends with the program.
   */
  journal?: string;
  /** The folder for checkpoints of trials. Default: beside the journal, `runs/rate.checkpoints`; in a page none. */
  checkpoints?: string;
}

/** One run of a trial: worker, time and outcome. */
export interface Span {
  readonly number: number;
  /** The worker; `undefined` if unknown. */
  readonly worker?: string;
  /** Start and end, in milliseconds since 1970; no end while it runs. */
  readonly began: number;
  readonly ended?: number;
  /** The outcome of the trial, or `lost` if it was given back. */
  readonly state: 'running' | 'complete' | 'pruned' | 'failed' | 'lost';
}

/** The holder of a trial: a process, and one of its runs. @internal */
export interface Holder extends ProcessName {
  readonly run?: number;
}

/** The worker of a trial, and its time. */
export interface Work {
  readonly worker: string;
  /** In milliseconds since 1970. */
  readonly began: number;
  readonly ended: number;
}

/** A journal's entry for an event. */
interface Entry {
  /** The time, in milliseconds since 1970. */
  readonly at: number;
  readonly event: SearchEvent;
  /** The process that asked. */
  readonly by?: Holder;
  /** The work of a trial that was told. */
  readonly work?: Work;
}

/** The last run of each study in this process: earlier ones were interrupted, and their trials are lost. */
const lastRuns = new Map<string, number>();
let runs = 0;

/**
 * A persistent search: each trial, report and outcome is written to a journal before it is returned, so that no crash
 * loses a finished trial. Several programs may share one journal; each reads the others' entries. Made by
 * {@link study}.
 */
export class Study<P = AnyParams> {
  private search: Search<P>;
  private readonly journal: Journal<Entry>;
  private readonly holders = new Map<number, Holder | undefined>();
  private readonly history: Span[] = [];
  /** The index of a running trial in `history`. */
  private readonly open = new Map<number, number>();

  /** @internal */
  constructor(
    private readonly space: Space<P>,
    private readonly options: StudyOptions = {},
  ) {
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

  /** The unique name of the study, which it keeps when it continues. */
  get name(): string {
    return this.journal.study;
  }

  /** An incomplete line after a crash that was removed from the end of the journal; `undefined` if there was none. */
  get dropped(): Dropped | undefined {
    return this.journal.dropped;
  }

  /** Every trial so far, by number, with those of other programs up to the last call of any method. */
  get trials(): readonly TrialRecord<P>[] {
    return this.search.trials;
  }

  /** The best trial, as {@link Search.best}; `undefined` if there is none. */
  get best(): TrialRecord<P> | undefined {
    return this.search.best;
  }

  /** Whether smaller or larger values are better. */
  get direction(): 'minimize' | 'maximize' {
    return this.search.study.direction;
  }

  /** The parameters of the space, by name. */
  get parameters(): SpaceShape {
    return this.space.parameters;
  }

  /** Returns a row for each trial, as {@link Search.table}; interruptions do not change it. */
  table(): Row[] {
    return this.search.table();
  }

  /** Returns the runs of trials with worker and time, in the order in which they began. */
  timeline(): readonly Span[] {
    return this.history;
  }

  /**
   * Runs trials until the search is done: `objective` gets a trial's parameters and the trial itself, and returns the
   * value. It may be interrupted; the same call continues, also in another program with the same journal.
   * @throws {StudyError} if five trials fail in a row, with the first one's reason, or another run of this study began
   * in this program; {@link ValueError} if the objective does not fit the runner.
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

  /** Returns the next trial, as {@link Search.ask}, for your own loop. @param run the run that asks */
  ask(run?: number): Trial<P> | 'wait' | 'done' {
    const by: Holder = { ...thisProcess(), ...(run !== undefined && { run }) };
    return this.decide({ by }, false, (search) => {
      this.giveBackLost(search);
      return search.ask();
    });
  }

  /** Records a report of a running trial, as {@link Search.report}. @throws {StudyError} as that does */
  report(number: number, step: number, value: number): 'go on' | 'stop' {
    return this.decide({}, false, (search) => search.report(number, step, value));
  }

  /**
   * Records the outcome of a running trial, as {@link Search.tell}, and flushes it to the disk.
   * @throws {StudyError} as that does
   */
  tell(number: number, outcome: Outcome, work?: Work): void {
    this.decide({ ...(work && { work }) }, true, (search) => search.tell(number, outcome));
  }

  /** Gives back a running trial whose worker is lost, as {@link Search.giveBack}. @throws {StudyError} as that does */
  giveBack(number: number, work?: Work): void {
    this.decide({ ...(work && { work }) }, false, (search) => search.giveBack(number));
  }

  /** Reads the entries of other programs. */
  refresh(): this {
    this.decide({}, false, () => {});
    return this;
  }

  /** Closes the journal. */
  close(): void {
    this.journal.close();
  }

  /** Returns the folder for a trial's checkpoints; trials that continue one another share it. @internal */
  checkpointOf({ number, from }: Trial): string | undefined {
    const { journal, checkpoints = keepsFolders && journal && `${journal.replace(/\.jsonl$/, '')}.checkpoints` } =
      this.options;
    if (!checkpoints) return undefined;
    let first = { number, from };
    while (first.from !== undefined) first = this.trials.find((trial) => trial.number === first.from)! as typeof first;
    return inFolder(checkpoints, String(first.number));
  }

  /** Whether this run still holds the trial. @internal */
  holds(number: number, run: number): boolean {
    return this.holders.get(number)?.run === run && lastRuns.get(this.name) === run;
  }

  /** Returns the search before any event. */
  private begin(): Search<P> {
    const { journal: _journal, checkpoints: _checkpoints, ...rest } = this.options;
    return new Search(this.space, rest);
  }

  /** Applies all new entries, decides, and writes the decision before it returns. */
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

  /** Gives back the trials of dead processes and of interrupted runs of this process. */
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

  /** Records the holder and time of an entry's trial, which the search does not keep. */
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
 * Creates a persistent search, which continues when the same line is run again: Optuna's `create_study(storage=…,
 * load_if_exists=True)`. With a journal, no crash of a program or of the machine loses a finished trial.
 * @throws {ValueError} for invalid options, as {@link Search}; {@link StudyError} if the journal is that of a study
 * with another space, sampler or seed, naming the differences; {@link FormatError} if the file is not a journal, or
 * damaged before its last line.
 *
 * @example
 * const space = tuner.space({ rate: tuner.float(1e-4, 1, { log: true }) });
 * const study = tuner.study(space, { trials: 5 });
 * await study.run(({ rate }) => Math.abs(Math.log10(rate) + 2));
 * study.table().length // 5
 */
export function study<P>(space: Space<P>, options: StudyOptions = {}): Study<P> {
  return new Study(space, options);
}
