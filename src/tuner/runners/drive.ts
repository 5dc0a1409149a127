import { type StudyView, views } from '../../display';
import { StudyError, ValueError } from '../../errors';
import { requireSizes } from '../../ops/table/arguments';
import * as names from '../../option-names';
import { checkOptions } from '../../options';
import type { Study, Work } from '../study';
import type { Outcome, TrialRecord } from '../types';
import { inProcess } from './in-process';
import type { Objective, ObjectiveFile, Order } from './trial';

/** Options of {@link Study.run}. */
export interface RunOptions {
  /**
   * Where trials run: `tuner.processes({ workers: 4 })`, `tuner.redis('redis://…')`. Default: in this process, one
   * after the other.
   */
  runner?: Runner;
  /** Number of retries of a trial whose process has crashed, before it counts as failed. Default: 2. */
  retries?: number;
  /** Called after each trial, in the order in which they end; `false` ends the run. */
  onTrial?: (trial: TrialRecord) => unknown;
  /** Whether to draw figures during the search; or a view to draw them. Default: false. */
  display?: boolean | StudyView;
}

/** A place where trials run; made by {@link processes} and {@link redis}. */
export interface Runner {
  /** @internal */
  open(task: Task): Promise<Places>;
}

/** The task of a runner for a study. @internal */
export interface Task {
  readonly study: string;
  readonly objective: Objective | ObjectiveFile;
  report(number: number, step: number, value: number): 'go on' | 'stop';
}

/** The end of a started trial: its outcome, or the reason why it must be run again. @internal */
export type Finished = { readonly work: Work } & (
  | { readonly outcome: Outcome /** Called when the outcome is in the journal. */; told?(): void }
  | { readonly lost: string }
);

/** Workers for trials. @internal */
export interface Places {
  /** Number of trials that may run at once, now. */
  count(): number | Promise<number>;
  start(order: Order): Promise<Finished>;
  /** Ends all running trials. */
  close(): void | Promise<void>;
}

/** More consecutive failures do not depend on the parameters. */
const mostFailures = 5;
/** Milliseconds between two polls for results of other processes. */
const pause = 200;

const wait = (milliseconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds));

/** Assigns trials and records their outcomes until the search is done. @internal */
export async function drive(
  study: Study,
  objective: Objective | ObjectiveFile,
  options: RunOptions,
  run: number,
): Promise<void> {
  checkOptions('run', options, names.RunOptions);
  const { runner = inProcess, retries = 2, onTrial, display = false } = options;
  requireSizes('run', { retries }, 0);
  if (display === true && views.study === undefined)
    throw new ValueError('run: display: true draws with the laboratory, which is not loaded: import "gradlab/lab"');
  const shown = display === true ? views.study!(study) : display || undefined;
  const running = new Map<number, Promise<void>>();
  const lost = new Map<number, number>();
  let failures = 0;
  let isEnded = false;
  let failed: unknown;

  const requireHeld = (number: number) => {
    if (!study.holds(number, run))
      throw new StudyError(
        `trial ${number} is no longer of this run: another run of the study has begun in this program`,
      );
  };
  const report = (number: number, step: number, value: number) => {
    requireHeld(number);
    const said = study.report(number, step, value);
    shown?.update();
    return said;
  };
  /** Records the end of a trial. */
  const take = (number: number, finished: Finished) => {
    requireHeld(number);
    const { work } = finished;
    if ('lost' in finished) {
      const times = (lost.get(number) ?? 0) + 1;
      lost.set(number, times);
      if (times <= retries) study.giveBack(number, work);
      else study.tell(number, { failed: `lost ${times} times: ${finished.lost}` }, work);
    } else {
      study.tell(number, finished.outcome, work);
      finished.told?.();
    }
    const trial = study.trials.find((one) => one.number === number)!;
    if (trial.state === 'waiting') return;
    failures = trial.state === 'failed' ? failures + 1 : 0;
    if (failures === mostFailures)
      throw new StudyError(`${mostFailures} trials failed one after the other, trial ${number} by: ${trial.reason}`);
    if (onTrial?.(trial) === false) isEnded = true;
  };

  const places = await runner.open({ study: study.name, objective, report });
  try {
    while (!isEnded) {
      let next: ReturnType<Study['ask']> = 'wait';
      for (const count = await places.count(); running.size < count; ) {
        next = study.ask(run);
        if (typeof next === 'string') break;
        const { number } = next;
        const checkpoint = study.checkpointOf(next);
        const ended = places
          .start({ trial: next, ...(checkpoint !== undefined && { checkpoint }) })
          .then((finished) => take(number, finished))
          .catch((error: unknown) => {
            failed ??= { error };
          })
          .finally(() => running.delete(number));
        running.set(number, ended);
      }
      if (failed === undefined && running.size === 0 && next === 'done') break;
      // Also without running trials: another process may report the awaited result.
      const later = wait(running.size === 0 ? pause : 2 * pause);
      await Promise.race([...running.values(), later]);
      shown?.update();
      // Yields to the event loop.
      await wait(0);
      if (failed !== undefined) throw (failed as { error: unknown }).error;
    }
  } finally {
    await places.close();
    for (const { number, state } of study.trials)
      if (state === 'running' && study.holds(number, run)) study.giveBack(number);
    shown?.end?.();
  }
}
