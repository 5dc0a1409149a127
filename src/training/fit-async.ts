import { turn } from '../cancellation';
import { type Controllable, views } from '../display';
import { GradlabError } from '../errors';
import { requireBooleans } from '../ops/table/arguments';
import { rest } from '../platform';
import type { ArrivingData } from './batches';
import { type FitOptions, planOf } from './fit';
import type { HistoryOf } from './history';
import { type Fitted, Training } from './loop';
import type { Metrics } from './metrics/tally';
import type { Net } from './net';

/** Options of {@link fitAsync}: those of `fit`, with possibly asynchronous validation data. */
export interface FitAsyncOptions<M extends Metrics = Metrics> extends Omit<FitOptions<M>, 'validation'> {
  /** Validation data for after each epoch; asynchronous batches are awaited. Default: none. */
  validation?: ArrivingData;
  /**
   * Whether to show buttons that pause and stop the training, if the notebook supports them. Default: if `display` is
   * `true`.
   */
  buttons?: boolean;
}

/** A training in the background; `await` returns its result. */
export interface TrainingRun<F> extends Promise<F>, Controllable {}

const byHand = 'it was ended by hand';
/** Milliseconds of work between two yields to the event loop. */
const stint = 40;
/** Milliseconds between two polls of a paused training. */
const nap = 20;

/**
 * As {@link fit}, in the background: it yields to the event loop about 25 times a second, so that controls, progress
 * displays and buttons work during the training. It awaits asynchronous batches (`AsyncIterable`, a `DataLoader` of
 * files), asynchronous hooks, and in a page files. Its numbers equal those of `fit` to the bit.
 *
 * Returns a promise that can be paused, resumed and stopped. `stop()` ends it after the current batch, with the best
 * weights if `earlyStopping` is on, and with a checkpoint that can be resumed. *Stop* of the notebook ends it as it
 * ends `fit`.
 *
 * @example
 * const x = rand([20, 2]);
 * const net = new nn.Linear(2, 1);
 * const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
 * const run = training.fitAsync(net, { x, y: x.sum(1, { keepdim: true }) }, { loss: nn.functional.mseLoss, optimizer, epochs: 5 });
 * const { history } = await run;
 * [history.loss.length, run.state] // [5, 'ended']
 * @throws as {@link fit}, from `await`.
 */
export function fitAsync<const M extends Metrics = Metrics>(
  net: Net,
  data: ArrivingData,
  options: FitAsyncOptions<M>,
): TrainingRun<Fitted<HistoryOf<M>>> {
  let state: Controllable['state'] = 'running';
  let training: Training | undefined;
  /** Whether it was stopped before it began. */
  let isEnded = false;
  let changed: (() => void) | undefined;
  const become = (next: Controllable['state']) => {
    if (state === 'ended' || state === next) return;
    state = next;
    changed?.();
  };
  const controls = {
    pause: () => become('paused'),
    resume: () => become('running'),
    stop: () => {
      isEnded = true;
      training?.end(byHand);
      become('running');
    },
  };
  const start = async (): Promise<Fitted<HistoryOf<M>>> => {
    try {
      const { buttons, ...others } = (options ?? {}) as unknown as FitAsyncOptions;
      training = new Training(planOf('fitAsync', net, data, others as FitOptions, { isAsync: true }));
      if (isEnded) training.end(byHand);
      if (buttons !== undefined) requireBooleans('fitAsync', { buttons });
      if (buttons ?? others.display === true) changed = views.buttons?.(run);
      return (await drive(training, () => state === 'paused')) as unknown as Fitted<HistoryOf<M>>;
    } finally {
      become('ended');
    }
  };
  const describe = { state: { get: () => state } };
  // It begins in a microtask, after the caller has received the promise.
  const run = Object.defineProperties(Object.assign(Promise.resolve().then(start), controls), describe) as TrainingRun<
    Fitted<HistoryOf<M>>
  >;
  return run;
}

/** Runs a training with yields to the event loop. An interrupt is thrown into the training. */
async function drive(training: Training, isPaused: () => boolean): Promise<Fitted> {
  const waiting = training.run();
  let since = performance.now();
  let step = waiting.next();
  while (!step.done) {
    let answer: unknown;
    try {
      if (step.value !== undefined) answer = await step.value;
      if (performance.now() - since > stint || isPaused()) {
        do await restOrThrow(isPaused() ? nap : 0);
        while (isPaused());
        since = performance.now();
      }
    } catch (error) {
      // Its `finally` runs; its result or error then counts.
      step = waiting.throw(error);
      continue;
    }
    step = waiting.next(answer as never);
  }
  return step.value;
}

async function restOrThrow(milliseconds: number): Promise<void> {
  const goesOn = await rest(milliseconds);
  turn(Number.POSITIVE_INFINITY);
  if (!goesOn) throw new GradlabError('fitAsync: the cell was interrupted');
}
