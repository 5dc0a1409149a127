import { noGrad } from '../../autograd';
import { whole } from '../../cancellation';
import { describe } from '../../describe';
import { FormatError, ValueError } from '../../errors';
import * as io from '../../io';
import { type AnyModule, Module, type Summary, summary } from '../../nn';
import { cat } from '../../ops/functions';
import { requireOneOf } from '../../ops/table/arguments';
import { Adam, AdamW, type Optimizer, RMSprop, SGD } from '../../optim';
import { elsewhereOf } from '../../option-kinds';
import * as names from '../../option-names';
import type { Shape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import type { Batch, Rows } from '../batches';
import { type EvaluationOf, evaluate } from '../evaluate';
import { type FitOptions, fit as trainNet } from '../fit';
import type { HistoryOf } from '../history';
import type { Fitted, TrainStep } from '../loop';
import * as metrics from '../metrics';
import { copied, type Metric, type Metrics } from '../metrics/tally';
import type { Loss, Net } from '../net';
import type { TextTable } from '../table';
import { WeightedLoss } from '../weighting';
import { beginAsKeras, type Conventions, conventionTable } from './conventions';
import { KerasAdam, KerasAdamW, KerasRMSprop, KerasSGD } from './keras-optimizers';
import { type LossName, lossOf } from './losses';

/** Optimizers that {@link Model.compile} knows by name. */
export type OptimizerName = 'sgd' | 'adam' | 'adamw' | 'rmsprop';

type Made = new (parameters: Tensor[]) => Optimizer;
const optimizers: Record<Conventions, Record<OptimizerName, Made>> = {
  pytorch: { sgd: SGD, adam: Adam, adamw: AdamW, rmsprop: RMSprop },
  keras: { sgd: KerasSGD, adam: KerasAdam, adamw: KerasAdamW, rmsprop: KerasRMSprop },
};

/** Metrics that {@link Model.compile} knows by name. */
export type MetricName = 'accuracy' | 'mae' | 'mse' | 'rmse' | 'f1' | 'r2';

const { accuracy, mae, mse, rmse, f1, r2 } = metrics;
const named: Record<MetricName, () => Metric> = { accuracy, mae, mse, rmse, f1, r2 };

/** Metrics by their names, or as in `fit`. */
export type MetricsOf<K extends MetricName, M extends Metrics> = string extends keyof M
  ? { readonly [name in K]: Metric }
  : M;

/** Options of {@link Model}. */
export interface ModelOptions {
  /** The conventions to follow where they differ; {@link Model.conventions} lists them. Default: `'pytorch'`. */
  conventions?: Conventions;
}

/** Options of {@link Model.compile}. */
export interface CompileOptions<K extends MetricName = MetricName, M extends Metrics = Metrics> {
  /**
   * A name, with the conventions' rule and defaults; an optimizer; or a function that makes one from the parameters.
   */
  optimizer: OptimizerName | Optimizer | ((parameters: Tensor[]) => Optimizer);
  /** A name, or as in `fit`. */
  loss: LossName | Loss;
  /** Names, or as in `fit`. Default: none. */
  metrics?: readonly K[] | M;
}

/** Options of {@link Model.fit}: those of `fit`, some under Keras' names. */
export interface ModelFitOptions<M extends Metrics = Metrics>
  extends Omit<FitOptions<M>, 'loss' | 'optimizer' | 'epochs' | 'metrics' | 'validation' | 'weightedBy' | 'trainStep'> {
  /** Default: 1. */
  epochs?: number;
  /** Validation data for after each epoch, instead of `validationSplit`. */
  validationData?: Rows;
  /** Weight of each row in the loss. */
  sampleWeight?: Tensor;
}

/**
 * Keras' interface for a net: `compile`, `fit`, `evaluate`, `predict`, `summary`, `save` and `load`. It has no training
 * loop of its own; `fit` calls `training.fit`. `trainStep` computes a batch, and a subclass can override it.
 *
 * @example
 * const x = randn([60, 2], { generator: new Generator().manualSeed(1) });
 * const model = new training.Model(new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1)), { conventions: 'keras' });
 * model.compile({ optimizer: 'adam', loss: 'mse', metrics: ['mae'] });
 * const { history } = model.fit(x, x.sum(1, { keepdim: true }), { epochs: 3, validationSplit: 0.2 });
 * Object.keys(history) // ['loss', 'mae', 'valLoss', 'valMae']
 * @throws {ValueError} unless it gets a net and known conventions.
 */
export class Model<M extends Metrics = Metrics> {
  private compiled: { optimizer: Optimizer; loss: Loss; metrics: M } | undefined;
  private readonly chosen: Conventions;

  constructor(
    /** The net. With Keras' conventions its weights are initialised as in Keras' layers. */
    readonly net: Net,
    options: ModelOptions = {},
  ) {
    if (!((net as unknown) instanceof Module)) throw new ValueError(`Model: expected a net, got ${describe(net)}`);
    this.chosen = options.conventions ?? 'pytorch';
    requireOneOf('Model', { conventions: this.chosen }, ['keras', 'pytorch']);
    if (this.chosen === 'keras') beginAsKeras(net);
  }

  /** The optimizer, once compiled. */
  get optimizer(): Optimizer {
    return this.parts('optimizer').optimizer;
  }

  /**
   * Chooses optimizer, loss and metrics (`keras.Model.compile`). Returns the model with the types of its metrics.
   * @throws {ValueError} for an unknown name.
   */
  compile<const K extends MetricName = never, const N extends Metrics = Metrics>(
    options: CompileOptions<K, N>,
  ): Model<MetricsOf<K, N>> {
    const { optimizer, loss, metrics: given = [] } = options;
    const wrong = Array.isArray(given) ? [...given].findIndex((name) => !Object.hasOwn(named, name as string)) : -1;
    if (Array.isArray(given) && wrong >= 0)
      throw new ValueError(
        `compile: there is no metric ${describe(given[wrong])}; give those of training.metrics by name, or of ${Object.keys(named).join(', ')}`,
      );
    const made =
      typeof optimizer === 'string'
        ? this.optimizerOf(optimizer)
        : typeof optimizer === 'function'
          ? optimizer(this.net.parameters())
          : optimizer;
    if (typeof (made as { step?: unknown } | null)?.step !== 'function')
      throw new ValueError(
        `compile: the optimizer must be one, its name, or a function that returns one, got ${describe(made)}`,
      );
    if (typeof loss !== 'function' && typeof loss !== 'string')
      throw new ValueError(`compile: the loss must be a function or its name, got ${describe(loss)}`);
    if (typeof given !== 'object' || given === null || 'tolist' in given)
      throw new ValueError(`compile: metrics are a list of names, or an object of them, got ${describe(given)}`);
    const chosen = Array.isArray(given)
      ? Object.fromEntries(given.map((name: MetricName) => [name, named[name]()]))
      : given;
    this.compiled = { optimizer: made, loss: lossOf(loss), metrics: chosen as unknown as M };
    return this as unknown as Model<MetricsOf<K, N>>;
  }

  private optimizerOf(name: string): Optimizer {
    const known = optimizers[this.chosen];
    if (!Object.hasOwn(known, name))
      throw new ValueError(
        `compile: there is no optimizer ${name}; give one of ${Object.keys(known).join(', ')}, or new optim.…`,
      );
    return new known[name as OptimizerName](this.net.parameters());
  }

  private parts(op: string): NonNullable<Model<M>['compiled']> {
    if (this.compiled === undefined)
      throw new ValueError(`${op}: compile the model first: model.compile({ optimizer: 'adam', loss: 'mse' })`);
    return this.compiled;
  }

  /**
   * Computes output and loss of a batch (`keras.Model.train_step`, which also steps). Override it for penalties, noise
   * or mixed rows.
   */
  trainStep([x, y, weights]: Batch): ReturnType<TrainStep> {
    const { loss } = this.parts('trainStep');
    const output = this.net(x);
    return { output, loss: new WeightedLoss(loss, undefined, this.weightedBy).of(output, y, weights).value };
  }

  private get weightedBy(): 'rows' | 'weights' {
    return this.chosen === 'keras' ? 'rows' : 'weights';
  }

  /**
   * Trains on rows (`keras.Model.fit`), by `training.fit`. @throws {ValueError} if it is not compiled; otherwise as
   * `fit`.
   */
  fit(x: Tensor, y: Tensor, options: ModelFitOptions<M> = {}): Fitted<HistoryOf<M>> {
    const { epochs = 1, validationData, sampleWeight, ...rest } = options;
    const isOwn = this.trainStep !== Model.prototype.trainStep;
    const all = {
      ...rest,
      ...this.parts('fit'),
      epochs,
      weightedBy: this.weightedBy,
      ...(validationData && { validation: validationData }),
      ...(isOwn && { trainStep: (batch: Batch) => this.trainStep(batch) }),
    };
    return trainNet(this.net, { x, y, ...(sampleWeight && { weights: sampleWeight }) }, all as FitOptions<M>);
  }

  /** Computes loss and metrics of rows (`keras.Model.evaluate`). */
  evaluate(x: Tensor, y: Tensor, options: { batchSize?: number } = {}): EvaluationOf<M> {
    const { loss, metrics: measured } = this.parts('evaluate');
    return evaluate(this.net, { x, y }, { ...options, loss, metrics: measured });
  }

  /** Computes outputs for rows, in `eval` mode and without gradients (`keras.Model.predict`). */
  predict(x: Tensor, options: { batchSize?: number } = {}): Tensor {
    const modes = this.net.modules().map((module: AnyModule): [AnyModule, boolean] => [module, module.training]);
    this.net.eval();
    try {
      return noGrad(() => cat(x.split(options.batchSize ?? 500).map((rows) => this.net(rows))));
    } finally {
      for (const [module, mode] of modes) module.training = mode;
    }
  }

  /** Returns a table of the net's modules (`nn.summary`). @param inputShape sizes of an input with its batch */
  summary(inputShape: Shape | Tensor): Summary {
    return summary(this.net, inputShape);
  }

  /** Returns a table of differences between Keras and PyTorch, with the behaviour here. */
  conventions(): TextTable {
    return conventionTable(this.chosen);
  }

  /**
   * Writes weights and the optimizer's state (`keras.Model.save`); the net's code is not saved. @throws {GradlabError}
   * if the file cannot be written.
   */
  async save(file: string): Promise<void> {
    await io.save(file, { net: this.net.stateDict(), optimizer: this.compiled?.optimizer.stateDict() ?? null });
  }

  /**
   * Reads a file of `save`.
   * @throws {FormatError} for another file; {@link ValueError} for one of another net or optimizer. Then nothing
   * changes.
   */
  async load(file: string): Promise<this> {
    const found = await io.load<Partial<{ net: Record<string, Tensor>; optimizer: never }> | null>(file);
    const { net, optimizer } = found ?? {};
    if (net === undefined) throw new FormatError(`load: ${file} has no net; read it with io.load`);
    whole(() => {
      const before = copied(this.net.stateDict());
      this.net.loadStateDict(net);
      try {
        if (optimizer) this.compiled?.optimizer.loadStateDict(optimizer);
      } catch (error) {
        this.net.loadStateDict(before);
        throw error;
      }
    });
    return this;
  }
}

/** Options of `fit` that a compiled model has already or that Keras names differently. */
const elsewhere: Readonly<Record<string, string>> = {
  loss: 'compile it with another',
  optimizer: 'compile it with another',
  metrics: 'compile it with others',
  validation: 'give validationData',
  trainStep: 'override the method',
  weightedBy: 'choose conventions',
};

elsewhereOf.set(
  names.ModelFitOptions,
  Object.fromEntries(
    Object.entries(elsewhere).map(([name, advice]) => [name, `the model has its own ${name}; ${advice}`]),
  ),
);
