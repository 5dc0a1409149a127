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
  /** Where trials run: `tuner.processes({ workers: 4 })`, `tuner.redis('redis://…')`. Default: in this process, one after the other. */
  runner?: Runner;
  /** How often a trial is given out again whose process has crashed, before it counts as failed. Default: 2. */
  retries?: number;
  /** Called after each trial that has ended, in the order in which they do; `false` ends the run. */
  onTrial?: (trial: TrialRecord) => unknown;
  /** Whether figures grow while it searches, or where they do. Default: false. */
  display?: boolean | StudyView;
}

/** Where trials run; made by {@link processes} and {@link redis}. */
export interface Runner {
  /** @internal */
  open(task: Task): Promise<Places>;
}

/** What a runner does for a study. @internal */
export interface Task {
  readonly study: string;
  readonly objective: Objective | ObjectiveFile;
  report(number: number, step: number, value: number): 'go on' | 'stop';
}

/** What became of a trial that was started: its outcome, or why it has none and must be given out again. @internal */
export type Finished = { readonly work: Work } & (
  | { readonly outcome: Outcome /** Called when the outcome is in the journal. */; told?(): void }
  | { readonly lost: string }
);

/** Places for trials. @internal */
export interface Places {
  /** How many trials may run at once, now. */
  count(): number | Promise<number>;
  start(order: Order): Promise<Finished>;
  /** Ends what runs. */
  close(): void | Promise<void>;
}

/** So many failures one after the other are no matter of parameters. */
const mostFailures = 5;
/** Milliseconds until it is asked again whether others have told what a search waits for. */
const pause = 200;

const wait = (milliseconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds));

/** Gives out trials and tells what became of them, until the search is done. @internal */
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
  /** Writes down what became of a trial. */
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
      // Also where nothing runs here: another program may have what is waited for.
      const later = wait(running.size === 0 ? pause : 2 * pause);
      await Promise.race([...running.values(), later]);
      shown?.update();
      // Whatever else happens in this process has its turn.
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
