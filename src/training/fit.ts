import { type EpochDisplay, views } from '../display';
import { ValueError } from '../errors';
import { describe, requireSizes } from '../ops/table/arguments';
import type { lrScheduler, Optimizer } from '../optim';
import { checkOptions } from '../options';
import type { Generator } from '../random';
import { batchesOf, type TrainingData } from './batches';
import { Count, checkLoss, type Loss, measure, type Net } from './evaluate';

/** One number of each kind for each epoch. Accuracies are there where the net gives scores of classes. */
export interface History {
  /** The mean loss of a row, each before the step that its batch led to. */
  loss: number[];
  /** The share of right answers, in the same moment. */
  accuracy?: number[];
  /** The mean loss of the validation data at the end of the epoch. */
  valLoss?: number[];
  /** The share of right answers for the validation data. */
  valAccuracy?: number[];
  /** The learning rate of the optimizer's first group at the epoch's last step, where there is a scheduler. */
  lr?: number[];
}

/** Options of {@link fit}. */
export interface FitOptions {
  /** The loss of a batch, a mean over its rows: `nn.functional.crossEntropy`, a module, or a function of one's own. */
  loss: Loss;
  /** What steps after each batch; it has the parameters of the net. */
  optimizer: Optimizer;
  /** How many times all data are gone through. */
  epochs: number;
  /**
   * What sets the optimizer's learning rates; stepped after each epoch, `ReduceLROnPlateau` with the validation loss (without
   * validation: the loss). Default: they stay.
   */
  scheduler?: lrScheduler.LRScheduler | lrScheduler.ReduceLROnPlateau;
  /** What the scheduler is stepped after; `OneCycleLR` counts batches. Default: `'epoch'`. */
  interval?: 'epoch' | 'batch';
  /** How many rows make a batch, for `{ x, y }`. Default: 32. */
  batchSize?: number;
  /** What the net is tested with after each epoch. Default: nothing. */
  validation?: TrainingData;
  /**
   * Whether curves grow while the net is trained, or where they do: a `trainingDisplay` of "gradlab/lab", which also draws those
   * of `true`. Default: false.
   */
  display?: boolean | EpochDisplay;
  /** Where the order of the rows of `{ x, y }` comes from; default: the generator that `manualSeed` starts. */
  generator?: Generator;
  /** Called after each epoch with its number, from 0, and the history; `false` ends the training. */
  onEpoch?: (epoch: number, history: History) => unknown;
  /** Where the numbers go, which may have some already; it keeps them when the training is interrupted. Default: a new one. */
  history?: History;
}

/** What {@link fit} returns. */
export interface Fitted {
  /** Losses and accuracies, epoch by epoch. */
  history: History;
  /** How long each epoch of this call took, in seconds, without validation. */
  seconds: number[];
}

/** The names of {@link FitOptions}. */
const known: Record<keyof FitOptions, true> = {
  ...{ loss: true, optimizer: true, epochs: true, scheduler: true, interval: true, batchSize: true },
  ...{ validation: true, display: true, generator: true, onEpoch: true, history: true },
};

/**
 * Trains a net: in each epoch, for each batch, clears the gradients, computes outputs and loss, walks back and steps.
 * Rows of `{ x, y }` are taken in a new random order each epoch, in the order that
 * `new data.DataLoader(new data.TensorDataset(x, y), { batchSize, shuffle: true, generator })` would take them.
 *
 * Stop it when you like: the net keeps what it has learnt, and an object given as `history` the numbers of all whole epochs;
 * a second call with it goes on there.
 *
 * @example
 * manualSeed(1);
 * const x = randn([64, 2]);
 * const y = x.matmul(tensor([[2], [-1]])).add(3);
 * const net = new nn.Linear(2, 1);
 * const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
 * const { history } = training.fit(net, { x, y }, { loss: nn.functional.mseLoss, optimizer, epochs: 20 });
 * history.loss.length // 20
 * history.loss[19] < 0.001 // true
 * @throws {ValueError} if an option is missing or does not fit, there is no data, or they can be gone through only once; {@link ShapeError} unless `x` and `y`
 *   have the same number of rows.
 */
export function fit(net: Net, data: TrainingData, options: FitOptions): Fitted {
  checkOptions('fit', options ?? null, Object.keys(known));
  const { loss, optimizer, epochs, validation, onEpoch, history = { loss: [] } } = options;
  const { scheduler, interval = 'epoch' } = options;
  check(options);
  const { batchSize, generator } = options;
  const batches = batchesOf('fit', data, { batchSize, generator, shuffle: true }, 32, epochs);
  const others = validation && batchesOf('fit: validation', validation, {}, 500, epochs);
  const seconds: number[] = [];
  const { display = false } = options;
  const shown = display === true ? displayOf(history, epochs) : display || undefined;
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const started = performance.now();
      const count = new Count();
      let lr = Number.NaN;
      net.train();
      for (const [x, y] of batches) {
        optimizer.zeroGrad();
        const output = net(x);
        const value = loss(output, y);
        value.backward();
        optimizer.step();
        lr = optimizer.paramGroups[0]!.lr;
        if (interval === 'batch') scheduler?.step(value.item());
        count.add(output, y, value);
      }
      const trained = count.result();
      seconds.push((performance.now() - started) / 1000);
      const tested = others && measure(net, others, loss);
      const numbers = {
        loss: trained.loss,
        ...(trained.confusion && { accuracy: trained.accuracy }),
        ...(tested && { valLoss: tested.loss }),
        ...(tested?.confusion && { valAccuracy: tested.accuracy }),
      };
      if (interval === 'epoch') scheduler?.step(numbers.valLoss ?? numbers.loss);
      for (const [name, value] of Object.entries({ ...numbers, ...(scheduler && { lr }) }) as [
        keyof History,
        number,
      ][]) {
        history[name] ??= [];
        history[name].push(value);
      }
      shown?.update(numbers);
      if (onEpoch?.(epoch, history) === false) break;
    }
  } finally {
    if (display === true) shown?.end?.();
  }
  return { history, seconds };
}

/** Curves that go on behind those of a history: of what has a number for each epoch, but rates, which are of another size. */
function displayOf({ lr, ...curves }: History, epochs: number): EpochDisplay {
  const before = curves.loss.length;
  const whole = Object.entries(curves).filter(([, curve]) => curve.length === before);
  return views.curves!({ total: before + epochs, ...(before > 0 && { history: Object.fromEntries(whole) }) });
}

function check({ loss, optimizer, epochs, onEpoch, scheduler, interval, display }: FitOptions): void {
  checkLoss('fit', loss);
  if (typeof (optimizer as Partial<Optimizer> | undefined)?.step !== 'function')
    throw new ValueError(
      `fit: optimizer must be an optimizer such as new optim.Adam(net.parameters()), got ${describe(optimizer)}`,
    );
  if (epochs === undefined) throw new ValueError('fit: epochs is missing, how many times all data are gone through');
  requireSizes('fit', { epochs });
  if (onEpoch !== undefined && typeof onEpoch !== 'function')
    throw new ValueError(`fit: onEpoch must be a function, got ${describe(onEpoch)}`);
  if (display === true && views.curves === undefined)
    throw new ValueError(
      'fit: display: true draws with the laboratory, which is not loaded: import "gradlab/lab"; or give an object with update',
    );
  if (scheduler !== undefined && scheduler?.optimizer !== optimizer)
    throw new ValueError(
      'fit: scheduler must be one of the optimizer that is given, such as new optim.lrScheduler.StepLR(optimizer, …)',
    );
  if (interval !== undefined && interval !== 'epoch' && interval !== 'batch')
    throw new ValueError(`fit: interval must be 'epoch' or 'batch', got ${describe(interval)}`);
}
