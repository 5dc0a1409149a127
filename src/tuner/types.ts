// What a search, a journal and a runner tell each other. All of it is plain data: JSON keeps it.

/** One of the values of a categorical parameter. */
export type Choice = string | number | boolean | null;

/** Values of parameters by name, of whichever space; a conditional parameter that is not active is absent. */
export type AnyParams = { readonly [name: string]: Choice | undefined };

/** One run of the objective, as {@link Search.ask} gives it out. */
export interface Trial<P = AnyParams> {
  /** Its number in the study, from 0 on; no other trial has it, and a trial that is asked again keeps it. */
  readonly number: number;
  /** What to try, with the types of the space. */
  readonly params: P;
  /** For the trial's own chance, such as first weights: a whole number below 2³² that follows from the study's seed and the number. */
  readonly seed: number;
  /** Hyperband and ASHA: which bracket, from 0 on; bracket 0 is the one that prunes hardest. */
  readonly bracket?: number;
  /** Hyperband and ASHA: which rung of the bracket, from 0, the lowest, on. */
  readonly rung?: number;
  /** Hyperband and ASHA: up to which step, such as the epoch, it trains, counted from the very beginning of its parameters. */
  readonly resource?: number;
  /** Hyperband and ASHA: the trial of the lower rung with the same parameters, whose checkpoint this one continues. */
  readonly from?: number;
}

/** What became of a trial: its value, or why there is none. */
export type Outcome =
  /** The value of the objective; infinities count as very bad or very good, NaN is no value. */
  | number
  /** The value, and by how much it breaks constraints: what is above 0 makes the trial infeasible (Optuna's `set_constraint`). */
  | { readonly value: number; readonly constraints: readonly number[] }
  /** It was stopped early, as `report` said; what it has reported counts. */
  | { readonly pruned: true }
  /** It came to no result; samplers pass over it. */
  | { readonly failed: string };

/** A number as JSON can keep it. */
export type Stored = number | 'Infinity' | '-Infinity';

/**
 * One line of a study's log. What a search decides follows from space, options and these alone, in this order.
 * - `asked`: a trial was given out. `drawn` is how many numbers the samplers' generators have given since the beginning.
 * - `reported`: it said how it stands.
 * - `told`: it has ended.
 * - `returned`: whoever had it is lost; it will be asked again as it was.
 */
export type SearchEvent =
  | ({ readonly kind: 'asked'; readonly drawn: readonly number[] } & Trial)
  | { readonly kind: 'reported'; readonly number: number; readonly step: number; readonly value: Stored }
  | {
      readonly kind: 'told';
      readonly number: number;
      readonly value: Stored;
      readonly constraints?: readonly Stored[];
    }
  | { readonly kind: 'told'; readonly number: number; readonly pruned: true }
  | { readonly kind: 'told'; readonly number: number; readonly failed: string }
  | { readonly kind: 'returned'; readonly number: number };

/**
 * Where a trial stands: `running` with somebody, `waiting` to be asked again after it was given back, or ended: `complete` with a
 * value, `pruned` by what it had reported, `failed`.
 */
export type TrialState = 'running' | 'waiting' | 'complete' | 'pruned' | 'failed';

/** A trial, and what became of it so far. */
export interface TrialRecord<P = AnyParams> extends Trial<P> {
  readonly state: TrialState;
  /** Its value, once it is complete; of a pruned one the last that it reported. */
  readonly value?: number;
  /** What it has reported, by step, in ascending order. */
  readonly reports: readonly (readonly [step: number, value: number])[];
  /** By how much it breaks constraints, if it said so. */
  readonly constraints?: readonly number[];
  /** Why it failed. */
  readonly reason?: string;
}

/** A row of {@link Search.table}: a trial with its parameters as `params_name`, as Optuna's `trials_dataframe` calls them. */
export type Row = { readonly [column: string]: Choice | undefined };

/** Which of two values is better: the smaller (`'minimize'`) or the larger. */
export type Direction = 'minimize' | 'maximize';

/** All that decides about a study: its log belongs to a search with an equal one, and to no other. */
export interface StudySettings {
  readonly direction: Direction;
  readonly seed: number;
  /** Each parameter by name, in order. */
  readonly space: { readonly [name: string]: unknown };
  readonly sampler: { readonly kind: string };
  readonly pruner: { readonly kind: string };
}
