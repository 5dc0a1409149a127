import { describe } from '../describe';
import { type EpochDisplay, views } from '../display';
import { ValueError } from '../errors';
import { Module } from '../nn';
import { requireBooleans, requireOneOf, requireSizes } from '../ops/table/arguments';
import { LBFGS, type lrScheduler, type Optimizer } from '../optim';
import { checkOptions } from '../options';
import { Generator } from '../random';
import { type ArrivingData, areRows, batchesOf, type TrainingData } from './batches';
import { type Callback, callbacksOf, type EpochFunction } from './callbacks/callback';
import { Checkpointing, type CheckpointOptions, requireFileName } from './checkpointing';
import type { History, HistoryOf, LogName } from './history';
import { type Clip, type Fitted, type Plan, Training, type TrainStep } from './loop';
import { atOnce } from './measuring';
import { type Metrics, metricOf } from './metrics/tally';
import { checkLoss, type Loss, type Net } from './net';
import { sourcesOf } from './run-state';
import { splitRows } from './splitting';
import { type ClassWeight, type WeightedBy, WeightedLoss } from './weighting';

/** Options of {@link fit}. */
export interface FitOptions<M extends Metrics = Metrics> {
  /** The loss of a batch, a mean over its rows: `nn.functional.crossEntropy`, a module, or your own function. */
  loss: Loss;
  /** The optimizer, with the net's parameters. */
  optimizer: Optimizer;
  /** Number of passes over the data; a resumed training counts the earlier ones. */
  epochs: number;
  /**
   * The learning-rate scheduler, stepped after each epoch; `ReduceLROnPlateau` with the validation loss (without
   * validation: the loss). Default: constant rates.
   */
  scheduler?: lrScheduler.LRScheduler | lrScheduler.ReduceLROnPlateau;
  /** When the scheduler steps; use `'batch'` for `OneCycleLR`, which counts batches. Default: `'epoch'`. */
  interval?: 'epoch' | 'batch';
  /** Number of rows in a batch, for `{ x, y }`. Default: 32. */
  batchSize?: number;
  /** Whether each epoch has a new random order of the rows of `{ x, y }`. Default: true. */
  shuffle?: boolean;
  /** Validation data, tested after each epoch. Default: none. */
  validation?: TrainingData;
  /**
   * The fraction of the rows of `{ x, y }` that is validated and not trained with, from their end (Keras'
   * `validation_split`). A warning appears if these rows lack a class, or the rows are sorted.
   */
  validationSplit?: number;
  /**
   * Computes output and loss of a batch in training instead of `loss(net(x), y)`: for penalties, mixed rows or noise.
   * The validation does not use it. The loop computes gradients and steps; it must apply row weights itself.
   */
  trainStep?: TrainStep;
  /**
   * Metrics beside the loss, by their names in the history: `{ f1: training.metrics.f1() }`. Default: accuracy for
   * classifiers.
   */
  metrics?: M;
  /** Callbacks, see {@link Callback}. */
  callbacks?: readonly (Callback<LogName<M>> | EpochFunction)[];
  /**
   * Weights of the classes in the training loss, by their numbers. Default: 1. Weights of rows are part of the data, `{
   * x, y, weights }`.
   */
  classWeight?: ClassWeight;
  /**
   * The divisor of a weighted mean: the sum of the `'weights'`, as in PyTorch, or the number of `'rows'`, as in Keras.
   * Default: `'weights'`.
   */
  weightedBy?: WeightedBy;
  /**
   * Number of batches whose gradients are accumulated for one step, which equals that of one large batch. Default: 1.
   */
  accumulate?: number;
  /**
   * Clipping of gradients before each step: `{ norm: 1 }` of all together (`clipGradNorm_`), `{ normEach: 1 }` of each
   * parameter, `{ value: 0.5 }` of each element. Default: none.
   */
  clip?: Clip;
  /**
   * The checkpoint file, written after each epoch and within long ones, so that `resume` continues to the same bits.
   * Default: none.
   */
  checkpoint?: string | CheckpointOptions;
  /** Whether to resume from the checkpoint if it exists; or another file, which must exist. Default: false. */
  resume?: boolean | string;
  /**
   * Generators to save in checkpoints that are not properties of data, samplers, modules or loss, such as those of a
   * function. The one of `manualSeed` is always saved. Default: none.
   */
  generators?: readonly Generator[];
  /** Whether a NaN or infinite loss ends the training, with a warning that names the parameter. Default: true. */
  stopOnNaN?: boolean;
  /**
   * Whether to draw curves during the training; or a `trainingDisplay` of "gradlab/lab", which also draws those of
   * `true`. Default: false.
   */
  display?: boolean | EpochDisplay;
  /** The generator of the order of the rows of `{ x, y }`; default: the one that `manualSeed` seeds. */
  generator?: Generator;
  /**
   * Called after each epoch with its number, from 0, and the history; `false` ends the training. A function in
   * `callbacks` gets more arguments.
   */
  onEpoch?: (epoch: number, history: HistoryOf<M>) => unknown;
  /** A history to append the numbers to; it keeps them when the training is interrupted. Default: a new one. */
  history?: History;
}

/** The names of {@link FitOptions}. */
const known: Record<keyof FitOptions, true> = {
  ...{ loss: true, optimizer: true, epochs: true, scheduler: true, interval: true, batchSize: true, shuffle: true },
  ...{ validation: true, validationSplit: true, metrics: true, callbacks: true, classWeight: true, weightedBy: true },
  ...{ accumulate: true, clip: true, checkpoint: true, resume: true, generators: true, stopOnNaN: true },
  ...{ display: true, generator: true, onEpoch: true, history: true, trainStep: true },
};

/**
 * Trains a net: for each batch of each epoch, clears the gradients, computes output and loss, runs the backward pass
 * and steps. Each epoch has a new random order of the rows of `{ x, y }`, equal to that of `new data.DataLoader(new
 * data.TensorDataset(x, y), { batchSize, shuffle: true, generator })`.
 *
 * You can stop it at any time: the net keeps its weights, and an object given as `history` the numbers of all completed
 * epochs; a second call with it continues there. With `checkpoint` and `resume: true`, the same call continues even
 * after a crash, and ends with the weights and history of an uninterrupted training.
 *
 * At the first batch it checks that the optimizer trains this net: one made for another net is an error. A warning
 * names parameters that the loss depends on but no optimizer has, unless they are frozen.
 *
 * @example
 * manualSeed(1);
 * const x = randn([64, 2]);
 * const y = x.matmul(tensor([[2], [-1]])).add(3);
 * const net = new nn.Linear(2, 1);
 * const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
 * const { history } = training.fit(net, { x, y }, {
 *   loss: nn.functional.mseLoss, optimizer, epochs: 20, validationSplit: 0.25,
 *   metrics: { r2: training.metrics.r2() },
 * });
 * history.loss.length // 20
 * history.loss[19] < 0.001 // true
 * @throws {ValueError} if an option is missing or invalid, the data are empty or can be iterated only once, or the
 * optimizer belongs to another net; {@link ShapeError} unless `x` and `y` have the same number of rows;
 * {@link FormatError} for a file to resume from that is not a checkpoint.
 */
export function fit<const M extends Metrics = Metrics>(
  net: Net,
  data: TrainingData,
  options: FitOptions<M>,
): Fitted<HistoryOf<M>> {
  const training = new Training(planOf('fit', net, data, options as unknown as FitOptions, {}));
  return atOnce('fit', training.run()) as unknown as Fitted<HistoryOf<M>>;
}

/** Checks all options before anything changes. @internal */
export function planOf(
  who: string,
  net: Net,
  data: ArrivingData,
  options: Omit<FitOptions, 'validation'> & { validation?: ArrivingData },
  { isAsync = false, watch }: { isAsync?: boolean; watch?: Plan['watch'] },
): Plan {
  checkOptions(who, options ?? null, Object.keys(known));
  if (!((net as unknown) instanceof Module)) throw new ValueError(`${who}: expected a net, got ${describe(net)}`);
  const { loss, optimizer, epochs, onEpoch, scheduler, interval = 'epoch', history = { loss: [] } } = options;
  check(who, options);
  checkHistory(who, history);
  const {
    batchSize,
    shuffle = true,
    generator,
    validationSplit,
    metrics,
    classWeight,
    weightedBy = 'weights',
  } = options;
  if (metrics !== undefined) checkMetrics(who, metrics);
  const isSplit = validationSplit !== undefined;
  if (isSplit && !(typeof data === 'object' && data !== null && areRows(data)))
    throw new ValueError(
      `${who}: validationSplit is for data as { x, y }; divide the dataset of a loader with data.randomSplit`,
    );
  if (options.shuffle !== undefined && typeof data === 'object' && data !== null && !areRows(data))
    throw new ValueError(`${who}: leave out shuffle, which the loader decides; or give the data as { x, y }`);
  // Checked before the rows are split.
  batchesOf(who, data, { batchSize, generator, shuffle }, 32, epochs);
  const split = isSplit && areRows(data) ? splitRows(who, data, validationSplit) : undefined;
  const tested = split?.validation ?? options.validation;
  const batches = batchesOf(who, split?.training ?? data, { batchSize, generator, shuffle }, 32, epochs);
  const validation = tested && batchesOf(`${who}: validation`, tested, {}, 500, epochs);
  const { callbacks = [], generators = [], checkpoint, resume = false, display = false } = options;
  const listed = callbacksOf(callbacks);
  if (onEpoch) listed.push({ name: 'onEpoch', onEpochEnd: (epoch) => onEpoch(epoch, history as never) });
  for (const warning of split?.warnings ?? []) console.warn(warning);
  return {
    net,
    loss: new WeightedLoss(loss, classWeight, weightedBy),
    trainStep: options.trainStep,
    optimizer,
    scheduler,
    interval,
    epochs,
    batches,
    validation,
    validationLoss: new WeightedLoss(loss, undefined, weightedBy),
    metrics,
    callbacks: listed,
    accumulate: options.accumulate ?? 1,
    clip: options.clip,
    stopOnNaN: options.stopOnNaN ?? true,
    display: displayed(display, history),
    history,
    sources: () => sourcesOf([batches, validation, net, loss, generators]),
    checkpointing: checkpoint === undefined ? undefined : new Checkpointing(checkpoint),
    resume: resumed(resume, checkpoint),
    isAsync,
    watch,
  };
}

/** Returns the file to resume from: the checkpoint if it exists, or a named file, which must exist. */
function resumed(resume: boolean | string, checkpoint: FitOptions['checkpoint']): Plan['resume'] {
  if (resume === false) return undefined;
  if (typeof resume === 'string') return { file: resume, isRequired: true };
  return { file: typeof checkpoint === 'string' ? checkpoint : checkpoint!.file, isRequired: false };
}

/** Returns the display: curves that continue those of the history, without learning rates, whose scale differs. */
function displayed(display: boolean | EpochDisplay, history: History): Plan['display'] {
  if (display === false) return undefined;
  if (display !== true) return () => ({ shown: display, isOurs: false });
  return (left) => {
    const before = history.loss.length;
    const { lr: _, ...curves } = history;
    const whole = Object.entries(curves).filter(
      ([, curve]) => curve.length === before && curve.every((value) => typeof value === 'number'),
    );
    const total = before + left;
    return { shown: views.curves!({ total, ...(before > 0 && { history: Object.fromEntries(whole) }) }), isOurs: true };
  };
}

function checkHistory(who: string, history: unknown): void {
  const isKept =
    typeof history === 'object' && history !== null && Object.values({ loss: 0, ...history }).every(Array.isArray);
  if (!isKept)
    throw new ValueError(
      `${who}: history must be an object of lists, such as { loss: [] } or the history of a training before, got ${describe(history)}`,
    );
}

function checkMetrics(who: string, metrics: Metrics): void {
  if (typeof metrics !== 'object' || metrics === null || Array.isArray(metrics))
    throw new ValueError(
      `${who}: metrics must be given by name, such as { f1: training.metrics.f1() }, got ${describe(metrics)}`,
    );
  for (const [name, given] of Object.entries(metrics)) {
    metricOf(name, given);
    if (name in Object.prototype)
      throw new ValueError(`${who}: a metric cannot be called ${name}, which every object of JavaScript has already`);
    if (name === 'loss' || name === 'lr' || /^val[A-Z]/.test(name))
      throw new ValueError(
        `${who}: a metric cannot be called ${name}, which the history has already or keeps for the validation`,
      );
  }
}

function check(who: string, options: Omit<FitOptions, 'validation'>): void {
  const { loss, optimizer, epochs, onEpoch, scheduler, interval, display, trainStep } = options;
  checkLoss(who, loss);
  if (typeof (optimizer as Partial<Optimizer> | undefined)?.step !== 'function')
    throw new ValueError(
      `${who}: optimizer must be an optimizer such as new optim.Adam(net.parameters()), got ${describe(optimizer)}`,
    );
  if (epochs === undefined) throw new ValueError(`${who}: epochs is missing, how many times all data are gone through`);
  requireSizes(who, { epochs });
  for (const [name, value] of Object.entries({ onEpoch, trainStep }))
    if (value !== undefined && typeof value !== 'function')
      throw new ValueError(`${who}: ${name} must be a function, got ${describe(value)}`);
  if (display === true && views.curves === undefined)
    throw new ValueError(
      `${who}: display: true draws with the laboratory, which is not loaded: import "gradlab/lab"; or give an object with update`,
    );
  if (scheduler !== undefined && scheduler?.optimizer !== optimizer)
    throw new ValueError(
      `${who}: scheduler must be one of the optimizer that is given, such as new optim.lrScheduler.StepLR(optimizer, …)`,
    );
  if (interval !== undefined && interval !== 'epoch' && interval !== 'batch')
    throw new ValueError(`${who}: interval must be 'epoch' or 'batch', got ${describe(interval)}`);
  checkNew(who, options);
}

function checkNew(who: string, options: Omit<FitOptions, 'validation'>): void {
  const { accumulate, clip, stopOnNaN, shuffle, weightedBy, resume, checkpoint, generators, optimizer } = options;
  if (accumulate !== undefined) requireSizes(who, { accumulate });
  if (accumulate !== undefined && accumulate > 1 && optimizer instanceof LBFGS)
    throw new ValueError(
      `${who}: LBFGS computes the loss of a batch several times for one step; leave out accumulate, and give larger batches`,
    );
  for (const [name, value] of Object.entries({ stopOnNaN, shuffle }))
    if (value !== undefined) requireBooleans(who, { [name]: value });
  if (weightedBy !== undefined) requireOneOf(who, { weightedBy }, ['weights', 'rows']);
  if ('validation' in options && options.validation !== undefined && options.validationSplit !== undefined)
    throw new ValueError(`${who}: give validation or validationSplit, not both`);
  if (options.trainStep !== undefined && options.classWeight !== undefined)
    throw new ValueError(`${who}: trainStep computes the loss itself, weights as well; leave out classWeight`);
  if (clip !== undefined) {
    const entries = typeof clip === 'object' && clip !== null ? Object.entries(clip) : [];
    const [name, bound] = entries[0] ?? [];
    if (
      entries.length !== 1 ||
      !['norm', 'normEach', 'value'].includes(name!) ||
      !(typeof bound === 'number' && bound > 0)
    )
      throw new ValueError(
        `${who}: clip must be { norm: … }, { normEach: … } or { value: … } with a number above 0, got ${describe(clip)}`,
      );
  }
  if (generators !== undefined && !(Array.isArray(generators) && generators.every((one) => one instanceof Generator)))
    throw new ValueError(`${who}: generators must be a list of generators, got ${describe(generators)}`);
  if (resume === undefined || typeof resume === 'boolean') {
    if (resume && checkpoint === undefined)
      throw new ValueError(
        `${who}: resume: true goes on from the checkpoint; give checkpoint: 'run.safetensors', or resume a file`,
      );
  } else requireFileName(`${who}: resume`, resume);
}
