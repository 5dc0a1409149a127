import { noGrad } from '../autograd/mode';
import { whole } from '../cancellation';
import { describe } from '../describe';
import { ValueError } from '../errors';
import { BatchNorm } from '../nn/batchnorm';
import { type AnyModule, Module } from '../nn/module';
import { Buffer } from '../nn/parameter';
import { requireBooleans, requireList, requireOneOf } from '../ops/table/arguments';
import { tensor } from '../tensor/creation';
import { isFloat } from '../tensor/dtype';
import { formatShape, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { EpochScheduler, type LastEpochOption, perGroup } from './lr-scheduler/scheduler';
import type { Optimizer } from './optimizer';
import { complete } from './options';

/** A new average from the average so far, the current value, and how many values it is of. */
export type AvgFn = (averaged: Tensor, current: Tensor, numAveraged: number) => Tensor;
/**
 * Updates the averages in place from the current values. `numAveraged` counts the values so far; all tensors have one
 * dtype.
 */
export type MultiAvgFn = (averaged: readonly Tensor[], current: readonly Tensor[], numAveraged: number) => void;

/** @throws {ValueError} unless `decay` is in `[0, 1]`. */
function checkDecay(op: string, decay: number): void {
  if (!(typeof decay === 'number' && decay >= 0 && decay <= 1))
    throw new ValueError(`${op}: decay is ${describe(decay)}; it must be from 0 to 1, and mostly close to 1`);
}

/**
 * A function for {@link AveragedModel} that averages exponentially (`torch.optim.swa_utils.get_ema_multi_avg_fn`):
 * `averaged ← decay·averaged + (1 - decay)·current`, in place.
 * @throws {ValueError} unless `decay` is in `[0, 1]`.
 */
export function getEmaMultiAvgFn(decay = 0.999): MultiAvgFn {
  checkDecay('getEmaMultiAvgFn', decay);
  return (averaged, current) =>
    noGrad(() => {
      averaged.forEach((x, i) => {
        if (isFloat(x.dtype)) x.lerp_(current[i], 1 - decay);
        else x.copy_(x.mul(decay).add(current[i].mul(1 - decay)));
      });
    });
}

/**
 * A function for {@link AveragedModel} that weighs all values equally (`torch.optim.swa_utils.get_swa_multi_avg_fn`):
 * `averaged ← averaged + (current - averaged) / (numAveraged + 1)`, in place.
 */
export function getSwaMultiAvgFn(): MultiAvgFn {
  return (averaged, current, numAveraged) =>
    noGrad(() => {
      averaged.forEach((x, i) => {
        if (isFloat(x.dtype)) x.lerp_(current[i], 1 / (numAveraged + 1));
        else x.copy_(x.add(current[i].sub(x).div(numAveraged + 1)));
      });
    });
}

/**
 * A function for {@link AveragedModel} that averages exponentially (`torch.optim.swa_utils.get_ema_avg_fn`):
 * `decay·averaged + (1 - decay)·current`.
 * @throws {ValueError} unless `decay` is in `[0, 1]`.
 */
export function getEmaAvgFn(decay = 0.999): AvgFn {
  checkDecay('getEmaAvgFn', decay);
  return (averaged, current) => noGrad(() => averaged.mul(decay).add(current.mul(1 - decay)));
}

/**
 * A function for {@link AveragedModel} that weighs all values equally (`torch.optim.swa_utils.get_swa_avg_fn`):
 * `averaged + (current - averaged) / (numAveraged + 1)`.
 */
export function getSwaAvgFn(): AvgFn {
  return (averaged, current, numAveraged) => noGrad(() => averaged.add(current.sub(averaged).div(numAveraged + 1)));
}

/** Options of {@link AveragedModel}. */
export interface AveragedModelOptions {
  /** How one tensor is averaged; default: all values weigh equally. */
  avgFn?: AvgFn | null;
  /** How all tensors are averaged, in place; only one of the two can be given. */
  multiAvgFn?: MultiAvgFn | null;
  /** Average buffers as well, instead of taking over the current ones; default `false`. */
  useBuffers?: boolean;
}

/**
 * A copy of a module whose parameters are averages of the module's parameters over the training
 * (`torch.optim.swa_utils.AveragedModel`): stochastic weight averaging, all weights equally, or with
 * `{ multiAvgFn: getEmaMultiAvgFn(0.999) }` an exponential moving average. It is called like the module.
 *
 * @example
 * const net = new nn.Linear(2, 1);
 * const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
 * const averaged = new optim.swaUtils.AveragedModel(net);
 * for (const x of [rand([8, 2]), rand([8, 2])]) {
 *   optimizer.zeroGrad();
 *   net(x).pow(2).mean().backward();
 *   optimizer.step();
 *   averaged.updateParameters(net);
 * }
 * averaged.nAveraged // tensor(2)
 * @throws {ValueError} if both functions are given, or what is averaged is no module.
 */
export class AveragedModel<A extends unknown[] = [input: Tensor], R = Tensor> extends Module<A, R> {
  /** The copy, with averaged parameters. */
  readonly module: Module<A, R>;
  /** How many values the averages are of, a single number. */
  readonly nAveraged: Buffer;
  /** How one tensor is averaged, or `null`. */
  readonly avgFn: AvgFn | null;
  /** How all tensors are averaged, or `null`. */
  readonly multiAvgFn: MultiAvgFn | null;
  /** Whether buffers are averaged as well. */
  readonly useBuffers: boolean;

  constructor(model: Module<A, R>, options: AveragedModelOptions = {}) {
    const { avgFn, multiAvgFn, useBuffers } = complete(
      'AveragedModel',
      { avgFn: null, multiAvgFn: null, useBuffers: false },
      options as object,
    ) as Required<AveragedModelOptions>;
    if (!(model instanceof Module)) throw new ValueError(`AveragedModel: expected a module, got ${describe(model)}`);
    if (avgFn !== null && multiAvgFn !== null)
      throw new ValueError('AveragedModel: give one of avgFn and multiAvgFn, not both');
    requireBooleans('AveragedModel', { useBuffers });
    super();
    this.module = model.clone();
    this.nAveraged = new Buffer(tensor(0, { dtype: 'int32' }));
    this.avgFn = avgFn;
    this.multiAvgFn = multiAvgFn;
    this.useBuffers = useBuffers;
  }

  forward(...input: A): R {
    return this.module(...input);
  }

  /**
   * Takes the parameters of `model` into the averages; the first time they are copied
   * (`torch.optim.swa_utils.AveragedModel.update_parameters`). Buffers are averaged with `useBuffers`, else copied.
   * @throws {ValueError} if `model` has other parameters or buffers than the module that this is a copy of.
   */
  updateParameters(model: Module<A, R>): void {
    if (!(model instanceof Module))
      throw new ValueError(`AveragedModel: expected a module to take parameters from, got ${describe(model)}`);
    const [averaged, current] = [this.module, model].map((net) => {
      const [parameters, buffers] = [net.parameters(), net.buffers()].map((list) => list.map((x) => x.detach()));
      return this.useBuffers
        ? { means: [...parameters, ...buffers], copies: [] }
        : { means: parameters, copies: buffers };
    });
    checkAlike(averaged.means, current.means, 'means');
    checkAlike(averaged.copies, current.copies, 'buffers');
    const before = this.nAveraged.item();
    whole(() =>
      noGrad(() => {
        if (before === 0) for (const [i, x] of averaged.means.entries()) x.copy_(current.means[i]);
        else this.average(averaged.means, current.means, before);
        for (const [i, x] of averaged.copies.entries()) x.copy_(current.copies[i]);
        this.nAveraged.add_(1);
      }),
    );
  }

  private average(averaged: readonly Tensor[], current: readonly Tensor[], before: number): void {
    const { avgFn } = this;
    if (this.multiAvgFn === null && avgFn !== null) {
      for (const [i, x] of averaged.entries()) x.copy_(avgFn(x, current[i], before));
      return;
    }
    const average = this.multiAvgFn ?? getSwaMultiAvgFn();
    for (const dtype of new Set(averaged.map((x) => x.dtype))) {
      const of = (list: readonly Tensor[]) => list.filter((_, i) => averaged[i].dtype === dtype);
      average(of(averaged), of(current), before);
    }
  }
}

function checkAlike(averaged: readonly Tensor[], current: readonly Tensor[], what: string): void {
  const shapes = (list: readonly Tensor[]) => list.map((x) => formatShape(x.shape)).join(', ');
  if (averaged.length !== current.length || averaged.some((x, i) => !sameShape(x.shape, current[i].shape)))
    throw new ValueError(
      `AveragedModel: the ${what === 'means' ? 'parameters' : what} of the model have shapes ${shapes(current) || 'none'}, ` +
        `those that are averaged ${shapes(averaged) || 'none'}; give the model that this is a copy of`,
    );
}

/**
 * Recomputes the running statistics of batch normalization in `model`, as means over all batches of `loader`
 * (`torch.optim.swa_utils.update_bn`). The statistics of averaged weights are not the averages of statistics. A batch is a tensor, or
 * a list whose first element is the input of the model. Without batch normalization it has no effect.
 * @throws {ValueError} if a batch has no tensor at its beginning. Mode and momentum are then as before.
 */
export function updateBn(loader: Iterable<Tensor | readonly unknown[]>, model: Module<[input: Tensor], unknown>): void {
  if (!(model instanceof Module)) throw new ValueError(`updateBn: expected a module, got ${describe(model)}`);
  const layers = model.modules().filter(isBatchNorm);
  if (layers.length === 0) return;
  requireList('updateBn', loader);
  const momenta = layers.map((layer) => layer.momentum);
  const { training } = model;
  for (const layer of layers) layer.resetRunningStats();
  const setMomentum = (of: (i: number) => number | null) =>
    layers.forEach((layer, i) => {
      Object.assign(layer, { momentum: of(i) });
    });
  try {
    model.train();
    setMomentum(() => null);
    for (const batch of loader) {
      const input = batch instanceof Tensor ? batch : batch[0];
      if (!(input instanceof Tensor))
        throw new ValueError(
          `updateBn: a batch must be a tensor, or a list that begins with one, got ${Array.isArray(batch) ? 'a list that does not' : describe(batch)}`,
        );
      noGrad(() => model(input));
    }
  } finally {
    whole(() => {
      setMomentum((i) => momenta[i]);
      model.train(training);
    });
  }
}

const isBatchNorm = (module: AnyModule | BatchNorm): module is BatchNorm => module instanceof BatchNorm;

/** Options of {@link SWALR}. */
export interface SWALROptions extends LastEpochOption {
  /** Epochs in which the learning rate goes over; default 10. */
  annealEpochs?: number;
  /** How it goes over: along half a cosine (the default), or a straight line. */
  annealStrategy?: 'cos' | 'linear';
}

/**
 * Moves the learning rate of each group to `swaLr` over `annealEpochs` epochs, and keeps it there
 * (`torch.optim.swa_utils.SWALR`): `lr = α·swaLr + (1 - α)·base`, where `α` goes from 0 to 1. With another scheduler
 * before it, it begins at the learning rate that there is.
 * @throws {ValueError} if `swaLr` is a list of another length than the groups, or an option is not among its values.
 */
export class SWALR extends EpochScheduler {
  /** Epochs in which the learning rate goes over. */
  readonly annealEpochs: number;
  /** How it goes over. */
  readonly annealStrategy: 'cos' | 'linear';

  constructor(optimizer: Optimizer, swaLr: number | readonly number[], options: SWALROptions = {}) {
    const defaults: Required<SWALROptions> = { annealEpochs: 10, annealStrategy: 'cos', lastEpoch: -1 };
    const { annealEpochs, annealStrategy, lastEpoch } = complete('SWALR', defaults, options);
    requireOneOf('SWALR', { annealStrategy }, ['cos', 'linear']);
    if (!Number.isInteger(annealEpochs) || annealEpochs < 0)
      throw new ValueError(`SWALR: annealEpochs is ${annealEpochs}; it must be a whole number, 0 or more`);
    super(optimizer, lastEpoch);
    const rates = perGroup('SWALR', 'swaLr', swaLr, optimizer);
    this.groups.forEach((group, k) => {
      Object.assign(group, { swaLr: rates[k] });
    });
    this.annealEpochs = annealEpochs;
    this.annealStrategy = annealStrategy;
    this.start();
  }

  /** @internal */
  protected next(lr: number, _base: number, k: number): number {
    const { swaLr } = this.groups[k] as { swaLr?: number };
    const step = this.annealEpochs === 0 ? Math.max(1, this.stepCount - 1) : this.stepCount - 1;
    const [before, now] = [step - 1, step].map((n) => this.part(n / Math.max(1, this.annealEpochs)));
    const from = before === 1 ? swaLr! : (lr - before * swaLr!) / (1 - before);
    return swaLr! * now + from * (1 - now);
  }

  private part(t: number): number {
    const part = Math.max(0, Math.min(1, t));
    return this.annealStrategy === 'linear' ? part : (1 - Math.cos(Math.PI * part)) / 2;
  }
}
