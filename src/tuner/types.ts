// Messages between a search, a journal and a runner: plain data that JSON can represent.

/** One of the values of a categorical parameter. */
export type Choice = string | number | boolean | null;

/** Values of parameters by name, of any space; an inactive conditional parameter is absent. */
export type AnyParams = { readonly [name: string]: Choice | undefined };

/** One run of the objective, as {@link Search.ask} returns it. */
export interface Trial<P = AnyParams> {
  /** Its unique number in the study, from 0; a trial that is asked again keeps it. */
  readonly number: number;
  /** The parameters to try, with the types of the space. */
  readonly params: P;
  /**
   * Seed for the trial's own random numbers, such as initial weights: a whole number below 2³² that follows from the
   * study's seed and the number.
   */
  readonly seed: number;
  /** Hyperband and ASHA: the bracket, from 0; bracket 0 prunes most. */
  readonly bracket?: number;
  /** Hyperband and ASHA: the rung of the bracket, from 0, the lowest. */
  readonly rung?: number;
  /** Hyperband and ASHA: the last step to train, such as the epoch, counted from the start of its parameters. */
  readonly resource?: number;
  /** Hyperband and ASHA: the trial of the lower rung with the same parameters, whose checkpoint this one continues. */
  readonly from?: number;
}

/** The outcome of a trial: its value, or why it has none. */
export type Outcome =
  /** The value of the objective; infinities are allowed, NaN is not. */
  | number
  /**
   * The value and the violations of constraints: one above 0 makes the trial infeasible (Optuna's `set_constraint`).
   */
  | { readonly value: number; readonly constraints: readonly number[] }
  /** It was stopped early because of `report`; its reports count. */
  | { readonly pruned: true }
  /** It failed; samplers ignore it. */
  | { readonly failed: string };

/** A number in its JSON form. */
export type Stored = number | 'Infinity' | '-Infinity';

/**
 * One line of a study's log. A search's decisions follow from space, options and these events in their order.
 * - `asked`: a trial was assigned. `drawn` has the numbers of words drawn by the samplers' generators so far.
 * - `reported`: it reported a value.
 * - `told`: it has ended.
 * - `returned`: its worker is lost; it will be asked again unchanged.
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
 * The state of a trial: `running`, `waiting` to be asked again after it was given back, or ended: `complete` with a
 * value, `pruned` by its reports, or `failed`.
 */
export type TrialState = 'running' | 'waiting' | 'complete' | 'pruned' | 'failed';

/** A trial with its state so far. */
export interface TrialRecord<P = AnyParams> extends Trial<P> {
  readonly state: TrialState;
  /** Its value, once it is complete; of a pruned trial the last reported value. */
  readonly value?: number;
  /** Its reports, by step, in ascending order. */
  readonly reports: readonly (readonly [step: number, value: number])[];
  /** The violations of constraints, if given. */
  readonly constraints?: readonly number[];
  /** Why it failed. */
  readonly reason?: string;
}

/** A row of {@link Search.table}: a trial with its parameters as `params_name`, as Optuna's `trials_dataframe` calls them. */
export type Row = { readonly [column: string]: Choice | undefined };

/** Whether a smaller (`'minimize'`) or a larger value is better. */
export type Direction = 'minimize' | 'maximize';

/** The settings that determine a study: its log fits only a search with equal settings. */
export interface StudySettings {
  readonly direction: Direction;
  readonly seed: number;
  /** Each parameter by name, in order. */
  readonly space: { readonly [name: string]: unknown };
  readonly sampler: { readonly kind: string };
  readonly pruner: { readonly kind: string };
}
