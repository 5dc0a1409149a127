import { describe } from '../describe';
import { StudyError, ValueError } from '../errors';
import { seedOf } from './hash';
import type { Space } from './space';
import type { SearchEvent, Stored, TrialRecord, TrialState } from './types';

/** A record that events may change. */
type Kept = { -readonly [K in keyof TrialRecord]: TrialRecord[K] } & {
  reports: (readonly [step: number, value: number])[];
};

/** Converts a number to its JSON form. @internal */
export const stored = (value: number): Stored =>
  value === Number.POSITIVE_INFINITY ? 'Infinity' : value === Number.NEGATIVE_INFINITY ? '-Infinity' : value;

const isOver = (state: TrialState) => state !== 'running' && state !== 'waiting';

/** The state of a study's trials; only events change it. */
export class Trials {
  /** In ascending order of their numbers. */
  private readonly kept: Kept[] = [];

  /** Complete trials in the order in which they ended. */
  readonly complete: TrialRecord[] = [];
  /** Number of words drawn by the samplers' generators. */
  drawn: readonly number[] = [];
  /** Number of trials with new parameters, which continue no other. */
  fresh = 0;
  private running = 0;
  private returned = 0;

  constructor(
    private readonly space: Space<unknown>,
    private readonly seed: number,
  ) {}

  /** Whether there are neither running nor waiting trials. */
  get isIdle(): boolean {
    return this.running + this.returned === 0;
  }

  /** The first trial that was given back. */
  get waiting(): TrialRecord | undefined {
    return this.returned === 0 ? undefined : this.kept.find(({ state }) => state === 'waiting');
  }

  /** Every trial, by number: a live view. */
  get list(): readonly TrialRecord[] {
    return this.kept;
  }

  get(number: number): TrialRecord | undefined {
    return this.find(number);
  }

  /** Returns the index of a trial number, or where to insert it. */
  private place(number: number): number {
    let low = 0;
    let high = this.kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.kept[middle]!.number < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private find(number: number): Kept | undefined {
    const found = this.kept[this.place(number)];
    return found?.number === number ? found : undefined;
  }

  /**
   * Checks that an event is valid now.
   * @throws {StudyError} naming the fault; {@link ValueError} for an invalid value.
   */
  check(op: string, event: SearchEvent): void {
    const { kind, number } = event;
    const state = this.find(number)?.state;
    if (kind === 'asked') {
      if (!Number.isInteger(number) || number < 0)
        throw new StudyError(`${op}: ${describe(number)} is not the number of a trial`);
      if (state === undefined) {
        const fault = this.space.fault(event.params);
        if (fault !== undefined) throw new StudyError(`${op}: trial ${number} is of another space: ${fault}`);
        if (event.seed !== seedOf(this.seed, number))
          throw new StudyError(`${op}: trial ${number} is of a study with another seed`);
        if (event.from !== undefined && this.find(event.from) === undefined)
          throw new StudyError(`${op}: trial ${number} continues trial ${event.from}, which was never asked`);
      } else if (state !== 'waiting')
        throw new StudyError(
          `${op}: trial ${number} was asked already and is ${state}; a trial is asked again only after it was given back`,
        );
      return;
    }
    if (state === undefined)
      throw new StudyError(
        `${op}: there is no trial ${describe(number)}; ${this.kept.length === 0 ? 'none was asked yet: begin with ask()' : `asked so far are ${this.kept.length}: give the number that ask() gave`}`,
      );
    if (state === 'waiting')
      throw new StudyError(`${op}: trial ${number} was given back; ask() must issue it again first`);
    if (isOver(state))
      throw new StudyError(`${op}: trial ${number} has ended already (${state}); its first outcome counts`);
    if (kind === 'reported') {
      if (!Number.isInteger(event.step) || event.step < 0)
        throw new ValueError(
          `${op}: the step must be a whole number from 0 on, such as the epoch, got ${describe(event.step)}`,
        );
      checkNumber(
        `${op}: trial ${number} reports`,
        event.value,
        'if training has diverged, end it and tell { failed: … }',
      );
    }
    if (kind === 'told') {
      if ('value' in event) {
        checkNumber(
          `${op}: trial ${number}`,
          event.value,
          "tell { failed: 'the loss is NaN' } instead, and samplers pass over it",
        );
        for (const constraint of event.constraints ?? [])
          checkNumber(`${op}: trial ${number} has a constraint`, constraint, 'above 0 means broken');
      } else if ('failed' in event && typeof event.failed !== 'string')
        throw new ValueError(
          `${op}: a failure has a reason, { failed: 'out of memory' }, got ${describe(event.failed)}`,
        );
    }
  }

  /** Applies an event that has passed {@link check}. */
  apply(event: SearchEvent): void {
    const kept = this.find(event.number);
    if (event.kind === 'asked') {
      this.running++;
      this.drawn = event.drawn;
      if (kept !== undefined) {
        kept.state = 'running';
        this.returned--;
      } else {
        if (event.from === undefined) this.fresh++;
        const { kind: _kind, drawn: _drawn, ...trial } = event;
        this.kept.splice(this.place(event.number), 0, { ...trial, state: 'running', reports: [] });
      }
      return;
    }
    if (kept === undefined) throw new StudyError(`there is no trial ${event.number}`);
    if (event.kind === 'reported') {
      insert(kept.reports, event.step, Number(event.value));
      return;
    }
    this.running--;
    if (event.kind === 'returned') {
      kept.state = 'waiting';
      this.returned++;
    } else if ('value' in event) {
      kept.state = 'complete';
      kept.value = Number(event.value);
      this.complete.push(kept);
      if (event.constraints !== undefined) kept.constraints = event.constraints.map(Number);
    } else if ('failed' in event) {
      kept.state = 'failed';
      kept.reason = event.failed;
    } else {
      kept.state = 'pruned';
      kept.value = kept.reports.at(-1)?.[1];
    }
  }
}

/** Inserts a report by its step; a repeated report of the same step replaces the first. */
function insert(reports: (readonly [number, number])[], step: number, value: number): void {
  let at = reports.length;
  while (at > 0 && reports[at - 1]![0] > step) at--;
  const isAgain = at > 0 && reports[at - 1]![0] === step;
  reports.splice(isAgain ? at - 1 : at, isAgain ? 1 : 0, [step, value]);
}

function checkNumber(what: string, value: unknown, advice: string): void {
  const isNumber = (typeof value === 'number' && !Number.isNaN(value)) || value === 'Infinity' || value === '-Infinity';
  if (!isNumber) throw new ValueError(`${what}: expected a number, got ${describe(value)}: ${advice}`);
}
