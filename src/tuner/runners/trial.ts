import { ValueError } from '../../errors';
import { textOf } from '../../text-of';
import type { AnyParams, Outcome, Trial } from '../types';

/** A trial while it runs, as an objective gets it. */
export interface RunningTrial<P = AnyParams> extends Trial<P> {
  /**
   * The folder where this trial keeps its state, for `training.fit`'s `checkpoint`. A trial that begins anew after a crash has the same
   * one, and so has each that continues one of a lower rung. `undefined` where the study has no folder.
   */
  readonly checkpoint?: string;
  /** Says how it stands after a step, such as an epoch; `'stop'`: return, it is not worth going on. */
  report(step: number, value: number): 'go on' | 'stop';
}

/** What is to be made small or large: it gets a trial's parameters and the trial, and gives the value, at once or later. */
export type Objective<P = AnyParams> = (params: P, trial: RunningTrial<P>) => Outcome | Promise<Outcome>;

/** An objective that other processes can load. */
export interface ObjectiveFile {
  /** The file of the module, relative to the working directory, or its address. */
  readonly module: string;
  /** The name under which the module exports it. Default: `'default'`. */
  readonly export?: string;
}

/** What a trial needs of whoever has asked for it. @internal */
export interface Order {
  readonly trial: Trial;
  readonly checkpoint?: string;
}

/**
 * Runs an objective for a trial: what it throws is a failure of the trial, but not an interrupt. A trial that was told to stop has been
 * pruned, whatever it returns.
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
        throw new ValueError(`report: the value of step ${step} is ${textOf(value)}, which is no number`);
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
  return { failed: `the objective gave ${isObject ? 'an object' : textOf(value)}, expected a number` };
}

/** An outcome as text: JSON has no infinities. @internal */
export const outcomeText = (outcome: Outcome): string =>
  JSON.stringify(outcome, (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value));

/** @internal */
export const outcomeFrom = (text: string): Outcome =>
  JSON.parse(text, (name, value) => (name !== 'failed' && /^-?Infinity$/.test(value) ? Number(value) : value));
