import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { AnyParams, Outcome, Trial } from '../types';

/** A running trial, as the objective receives it. */
export interface RunningTrial<P = AnyParams> extends Trial<P> {
  /**
   * The folder for the state of this trial, for `training.fit`'s `checkpoint`. It is the same for a retry after a
   * crash, and for trials that continue this one in a higher rung. `undefined` if the study has no folder.
   */
  readonly checkpoint?: string;
  /**
   * Reports a value after a step, such as an epoch; if it returns `'stop'`, the trial should return because it is not
   * promising.
   */
  report(step: number, value: number): 'go on' | 'stop';
}

/**
 * The function to minimise or maximise: it gets a trial's parameters and the trial, and returns the value or a promise
 * of it.
 */
export type Objective<P = AnyParams> = (params: P, trial: RunningTrial<P>) => Outcome | Promise<Outcome>;

/** An objective that other processes can load. */
export interface ObjectiveFile {
  /** The path of the module, relative to the working directory, or its address. */
  readonly module: string;
  /** The name of the module's export. Default: `'default'`. */
  readonly export?: string;
}

/** The input of a trial that the driver provides. @internal */
export interface Order {
  readonly trial: Trial;
  readonly checkpoint?: string;
}

/**
 * Runs an objective for a trial. An error is a failure of the trial, except an interrupt. A trial that was stopped by
 * `report` is pruned, whatever it returns.
 * @internal
 */
export async function runTrial(
  objective: Objective,
  { trial, checkpoint }: Order,
  report: (step: number, value: number) => 'go on' | 'stop',
): Promise<Outcome> {
  let isStopped = false;
  const running: RunningTrial = {
    ...trial,
    ...(checkpoint !== undefined && { checkpoint }),
    report(step, value) {
      if (typeof value !== 'number' || Number.isNaN(value))
        throw new ValueError(`report: the value of step ${step} is ${describe(value)}, not a number`);
      const said = report(step, value);
      isStopped ||= said === 'stop';
      return said;
    },
  };
  try {
    const outcome = await objective(trial.params, running);
    return isStopped ? { pruned: true } : checked(outcome);
  } catch (error) {
    if ((error as Error | undefined)?.name === 'KernelInterrupt') throw error;
    return { failed: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

function checked(outcome: unknown): Outcome {
  const isObject = typeof outcome === 'object' && outcome !== null;
  if (isObject && ('pruned' in outcome || 'failed' in outcome)) return outcome as Outcome;
  const value = isObject && 'value' in outcome ? outcome.value : outcome;
  if (typeof value === 'number' && !Number.isNaN(value)) return outcome as Outcome;
  return { failed: `the objective returned ${describe(value)}, expected a number` };
}

/** Formats an outcome; JSON lacks infinities. @internal */
export const outcomeText = (outcome: Outcome): string =>
  JSON.stringify(outcome, (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value));

/** @internal */
export const outcomeFrom = (text: string): Outcome =>
  JSON.parse(text, (name, value) => (name !== 'failed' && /^-?Infinity$/.test(value) ? Number(value) : value));
