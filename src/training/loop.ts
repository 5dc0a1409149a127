import { noGrad } from '../autograd';
import { whole } from '../cancellation';
import type { EpochDisplay } from '../display';
import { GradlabError, ValueError } from '../errors';
import { type AnyModule, Module, utils } from '../nn';
import { requireTensor } from '../ops/table/arguments';
import { LBFGS, lrScheduler, type Optimizer } from '../optim';
import type { Tensor } from '../tensor/tensor';
import { type Batch, requireBatch } from './batches';
import type { Callback, HookName, Logs, Run } from './callbacks/callback';
import type { Checkpointing } from './checkpointing';
import type { History } from './history';
import { isPromise, type Measured, Measurement, measured, Pass, type Waiting } from './measuring';
import { copied, type Metrics } from './metrics/tally';
import type { Net } from './net';
import { whyNotFinite } from './not-finite';
import { checkReach } from './reach';
import {
  type Parts,
  type Place,
  readSnapshot,
  restore,
  setStates,
  snapshot,
  statesOf,
  writeSnapshot,
} from './run-state';
import type { WeightedLoss } from './weighting';

/** Clipping of gradients: by the norm of all together, by the norm of each parameter, or by element. */
export type Clip = { norm: number } | { normEach: number } | { value: number };

/** Computes a batch: the output and the loss for the backward pass. */
export type TrainStep = (batch: Batch) => { output: Tensor; loss: Tensor };

/** The checked parts of a training. @internal */
export interface Plan {
  readonly net: Net;
  readonly loss: WeightedLoss;
  readonly trainStep: TrainStep | undefined;
  readonly optimizer: Optimizer;
  readonly scheduler: lrScheduler.LRScheduler | lrScheduler.ReduceLROnPlateau | undefined;
  readonly interval: 'epoch' | 'batch';
  readonly epochs: number;
  readonly batches: Iterable<Batch> | AsyncIterable<Batch>;
  readonly validation: Iterable<Batch> | AsyncIterable<Batch> | undefined;
  readonly validationLoss: WeightedLoss;
  readonly metrics: Metrics | undefined;
  readonly callbacks: readonly Callback<string>[];
  readonly accumulate: number;
  readonly clip: Clip | undefined;
  readonly stopOnNaN: boolean;
  /** Makes the display when the number of remaining epochs is known. */
  readonly display: ((left: number) => { shown: EpochDisplay; isOurs: boolean }) | undefined;
  readonly history: History;
  /** Finds the sources of random numbers; called only to write a checkpoint. */
  readonly sources: () => Parts['sources'];
  readonly checkpointing: Checkpointing | undefined;
  /** The file to resume from, and whether it must exist. */
  readonly resume: { file: string; isRequired: boolean } | undefined;
  readonly isAsync: boolean;
  /** Called with the name of each call, for `trace`. */
  readonly watch: ((call: string, who?: string) => void) | undefined;
}

/** The result of {@link fit}. */
export interface Fitted<H extends History = History> {
  /** Losses and metrics, epoch by epoch. */
  history: H;
  /** Duration of each epoch of this call, in seconds, without validation. */
  seconds: number[];
  /** The reason, if it ended before the last epoch. */
  stopped?: string;
}

/** A running training: the only training loop. @internal */
export class Training implements Run {
  readonly net: Net;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  readonly history: History;
  readonly names: readonly string[];
  private readonly place: Place = {
    epoch: 0,
    batch: 0,
    steps: 0,
    stopped: null,
    lr: Number.NaN,
    digest: 0,
    drawn: null,
    measured: null,
  };
  private readonly hooks = new Map<HookName, Callback<string>[]>();
  private readonly parts: Parts;
  private readonly saves: { file: string; after?: () => void | Promise<void> }[] = [];
  private readonly seconds: number[] = [];
  private readonly watch: Plan['watch'];
  /** Whether to record the sources at the beginning of each epoch, because a save may happen within it. */
  private readonly isKept: boolean;
  private measurement: Measurement;
  private modules: readonly AnyModule[] | undefined;
  private pass: Pass | undefined;
  /** The loss before the last step. */
  private lastLoss = Number.NaN;
  private display: { shown: EpochDisplay; isOurs: boolean } | undefined;
  /** Reason to stop that is not saved, so a resumed run continues. */
  private ended: string | undefined;
  /** Whether it ended because a number was NaN or infinite: then the earlier checkpoint stays. */
  private isSpoiled = false;
  /** Epoch and batch at the moment, `null` outside of them; for `trace`. */
  at: { epoch: number | null; batch: number | null } = { epoch: null, batch: null };
  /** Number of batches and rows since the last step. */
  private pending = 0;
  private pendingRows = 0;
  /** Whether the first loss was checked for the parameters that it depends on. */
  private isChecked = false;

  constructor(private readonly plan: Plan) {
    const { net, optimizer, epochs, history, callbacks, metrics, validation, scheduler } = plan;
    this.net = net;
    this.optimizer = optimizer;
    this.epochs = epochs;
    this.history = history;
    this.watch = plan.watch;
    this.isKept = plan.checkpointing !== undefined || callbacks.length > 0;
    this.measurement = new Measurement(metrics);
    const measured = ['loss', ...(metrics === undefined ? ['accuracy'] : Object.keys(metrics))];
    this.names = [...measured, ...(validation ? measured.map(validationName) : []), ...(scheduler ? ['lr'] : [])];
    const sources = this.isKept || plan.resume ? plan.sources() : [];
    this.parts = { net, loss: plan.loss.loss, optimizer, scheduler, callbacks, sources };
    for (const one of callbacks) this.checkMonitor(one);
  }

  get epoch(): number {
    return this.place.epoch;
  }

  get batch(): number {
    return this.place.batch;
  }

  get steps(): number {
    return this.place.steps;
  }

  modeOf(name: string): 'min' | 'max' | undefined {
    const own = /^val[A-Z]/.test(name) ? `${name[3]!.toLowerCase()}${name.slice(4)}` : name;
    if (own === 'loss') return 'min';
    const { metrics } = this.plan;
    if (metrics === undefined) return own === 'accuracy' ? 'max' : undefined;
    const found = metrics[own] ?? metrics[`${name[3]}${name.slice(4)}`];
    return typeof found === 'object' ? found.mode : undefined;
  }

  stop(reason = 'a callback ended it'): void {
    this.place.stopped ??= reason;
  }

  /** Ends the training after this batch; it can be resumed. */
  end(reason: string): void {
    this.ended ??= reason;
  }

  save(file: string, after?: () => void | Promise<void>): void {
    this.saves.push({ file, ...(after && { after }) });
  }

  private get isStopped(): boolean {
    return this.place.stopped !== null || this.ended !== undefined;
  }

  private checkMonitor({ name, monitor }: Callback<string>): void {
    if (monitor === undefined || this.names.includes(monitor)) return;
    const hint =
      /^val[A-Z]/.test(monitor) && this.plan.validation === undefined
        ? 'there is no validation; give validation or validationSplit'
        : `an epoch has ${this.names.join(', ')}`;
    throw new ValueError(`${name}: there is no ${monitor} to monitor; ${hint}`);
  }

  *run(): Waiting<Fitted> {
    const { epochs, validation, callbacks, checkpointing } = this.plan;
    const { place } = this;
    try {
      yield* this.call('onTrainBegin', this);
      const isResumed = yield* this.resume();
      // Writes a checkpoint before the first step: a valid place to resume from, and a write error appears before any
      // training.
      if (!isResumed && checkpointing) yield* this.writeSaves(true);
      this.display = this.plan.display?.(epochs - place.epoch);
      while (place.epoch < epochs && !this.isStopped) {
        yield* this.trainEpoch();
        if (!this.isStopped) {
          const kept = this.record(validation && (yield* this.validate()));
          if (callbacks.length > 0) {
            const logs = numbersOf(kept);
            this.checkMonitored(logs);
            yield* this.call('onEpochEnd', place.epoch, logs, this);
          }
          place.epoch++;
          place.batch = 0;
          place.drawn = null;
          place.measured = null;
          place.digest = 0;
        }
        this.at = { epoch: null, batch: null };
        if (checkpointing || this.saves.length > 0) yield* this.writeSaves(true);
      }
    } finally {
      this.pass?.end();
      whole(() => {
        // Calls all of them, even if one throws.
        const errors: unknown[] = [];
        for (const one of this.hooked('onTrainEnd'))
          try {
            this.watch?.('onTrainEnd', one.name);
            one.onTrainEnd!(this);
          } catch (error) {
            errors.push(error);
          }
        if (this.display?.isOurs) this.display.shown.end?.();
        if (errors.length > 0) throw errors[0];
      });
    }
    const stopped = this.place.stopped ?? this.ended;
    return { history: this.history, seconds: this.seconds, ...(stopped !== undefined && { stopped }) };
  }

  /** Resumes from a file, if it exists. */
  private *resume(): Waiting<boolean> {
    const { resume, batches, isAsync, history } = this.plan;
    if (resume === undefined) return false;
    const { file, isRequired } = resume;
    const found = yield* readSnapshot(file);
    if (found === undefined && isRequired)
      throw new GradlabError(
        `fit: there is no file ${file} to resume from; with resume: true a missing checkpoint starts a new training`,
      );
    if (found === undefined) return false;
    this.watch?.('resume');
    const before = copied(snapshot(this.parts, this.place, history) as never) as never;
    restore(this.parts, found, file);
    const { place } = found;
    if (place.drawn !== null) {
      const states = statesOf(this.parts.sources);
      setStates(this.parts.sources, place.drawn);
      const pass = new Pass(batches, isAsync, place.batch, true);
      yield* pass.skip();
      setStates(this.parts.sources, states);
      if (pass.digest !== place.digest) {
        restore(this.parts, before, file);
        throw new ValueError(
          `fit: ${file} was written after ${place.batch} batches of other rows than the data give now; give the same data, ` +
            'batchSize and generators (a sampler with random numbers of its own needs stateDict and loadStateDict)',
        );
      }
      this.pass = pass;
      this.measurement.restore(place.measured);
    }
    Object.assign(this.place, place);
    for (const name of Object.keys(history)) delete (history as unknown as Record<string, unknown>)[name];
    Object.assign(history, found.history);
    return true;
  }

  /** Iterates over the batches; `yield*` only where it may have to wait: a generator costs 1 % of a small step. */
  private *trainEpoch(): Waiting<void> {
    const { batches, isAsync, metrics, checkpointing } = this.plan;
    const { place } = this;
    const started = performance.now();
    this.at = { epoch: place.epoch, batch: null };
    if (this.pass === undefined) {
      if (this.hooked('onEpochBegin').length > 0) yield* this.call('onEpochBegin', place.epoch, this);
      if (this.isStopped) return;
      this.measurement = new Measurement(metrics);
      this.train();
      if (this.isKept) place.drawn = statesOf(this.parts.sources);
      this.pass = new Pass(batches, isAsync, 0, this.isKept);
    }
    const { pass } = this;
    try {
      for (;;) {
        const next = pass.next();
        const found = isPromise(next) ? ((yield next) as Awaited<typeof next>) : next;
        if (found.done) break;
        const batch = found.value;
        this.at.batch = place.batch;
        if (this.hooked('onTrainBatchBegin').length > 0) yield* this.call('onTrainBatchBegin', place.batch, this);
        if (this.isStopped) return;
        requireBatch('fit', batch);
        const isStepDue = this.learn(batch);
        if (this.isSpoiled) return;
        if (isStepDue) {
          this.beforeStep();
          if (this.hooked('onBeforeOptimizerStep').length > 0) yield* this.call('onBeforeOptimizerStep', this);
          this.step();
        }
        place.batch++;
        place.digest = pass.digest;
        if (this.hooked('onTrainBatchEnd').length > 0) {
          const { loss: mean, values } = this.measurement.result();
          yield* this.call('onTrainBatchEnd', place.batch - 1, { loss: mean, ...numbersOf(values) }, this);
        }
        if (checkpointing?.isDue(place.batch)) this.save(checkpointing.file);
        // Between two steps, the accumulated gradients would have to be saved as well.
        if (this.pending === 0 && (this.saves.length > 0 || this.isStopped)) yield* this.writeSaves(this.isStopped);
        this.at.batch = null;
        if (this.isStopped) return;
        if (isAsync) {
          yield;
          if (this.isStopped) return;
        }
      }
      if (this.pending > 0) {
        this.beforeStep();
        if (this.hooked('onBeforeOptimizerStep').length > 0) yield* this.call('onBeforeOptimizerStep', this);
        this.step();
      }
    } finally {
      pass.end();
      this.pass = undefined;
    }
    this.seconds.push((performance.now() - started) / 1000);
  }

  /** Sets training mode; the module list is cached, because walking a small net costs as much as an operation. */
  private train(): void {
    const { net, callbacks } = this.plan;
    // Not cached for a custom `train` method, or if callbacks may change the net.
    const isPlain = net.train === Module.prototype.train && callbacks.length === 0;
    if (isPlain) this.modules ??= net.modules();
    if (!isPlain || !this.modules!.every(({ training }) => training)) net.train();
    this.watch?.('net.train()');
  }

  /** Adds the gradients of a batch. Returns whether a step is due. */
  private learn(batch: Batch): boolean {
    const { optimizer, accumulate, stopOnNaN } = this.plan;
    const { watch } = this;
    if (optimizer instanceof LBFGS) {
      this.searchBatch(batch, optimizer);
      return false;
    }
    if (this.pending === 0) {
      optimizer.zeroGrad();
      watch?.('optimizer.zeroGrad()');
    }
    const { output, value, rows } = this.compute(batch);
    const number = value.item();
    if (stopOnNaN && !Number.isFinite(number)) {
      this.stopAtNaN(number, batch, output);
      return false;
    }
    this.checkReach(value);
    (accumulate === 1 ? value : value.mul(rows)).backward();
    watch?.('backward()');
    this.pending++;
    this.pendingRows += rows;
    this.measurement.add(output, batch[1], number, rows);
    this.lastLoss = number;
    if (this.plan.metrics) watch?.('metrics');
    return this.pending === accumulate;
  }

  private checkReach(value: Tensor): void {
    if (this.isChecked) return;
    this.isChecked = true;
    const { net, loss, optimizer, isAsync } = this.plan;
    checkReach(isAsync ? 'fitAsync' : 'fit', net, loss.loss, optimizer, value);
  }

  /** Computes output and loss of a batch, and the number of rows it counts for. */
  private compute(batch: Batch): { output: Tensor; value: Tensor; rows: number } {
    const { net, loss, trainStep } = this.plan;
    if (trainStep === undefined) {
      const output = net(batch[0]);
      this.watch?.('net(x)');
      const found = loss.of(output, batch[1], batch[2]);
      this.watch?.('loss(output, y)');
      return { output, ...found };
    }
    const { output, loss: value } = trainStep(batch);
    requireTensor('trainStep', output, 'output');
    requireTensor('trainStep', value, 'loss');
    this.watch?.('trainStep(batch)');
    return { output, value, rows: output.shape[0] ?? 1 };
  }

  /** A step of L-BFGS, which computes loss and gradients repeatedly. */
  private searchBatch(batch: Batch, optimizer: LBFGS): void {
    const { stopOnNaN } = this.plan;
    let first: { output: Tensor; number: number; rows: number } | undefined;
    this.place.lr = optimizer.paramGroups[0]!.lr;
    optimizer.step(() => {
      optimizer.zeroGrad();
      const { output, value, rows } = this.compute(batch);
      this.checkReach(value);
      value.backward();
      this.clip();
      first ??= { output: output.detach(), number: value.item(), rows };
      return value;
    });
    this.watch?.('optimizer.step(closure)');
    const { output, number, rows } = first!;
    if (stopOnNaN && !Number.isFinite(number)) {
      this.stopAtNaN(number, batch, output);
      return;
    }
    this.measurement.add(output, batch[1], number, rows);
    this.lastLoss = number;
    this.afterStep();
  }

  /** Combines and clips the gradients accumulated since the last step. */
  private beforeStep(): void {
    const { optimizer, accumulate } = this.plan;
    if (accumulate > 1) {
      const share = 1 / this.pendingRows;
      whole(() =>
        noGrad(() => {
          for (const { params } of optimizer.paramGroups) for (const p of params) p.grad?.mul_(share);
        }),
      );
    }
    this.pending = 0;
    this.pendingRows = 0;
    this.clip();
  }

  private step(): void {
    const { optimizer } = this.plan;
    optimizer.step();
    this.watch?.('optimizer.step()');
    this.place.lr = optimizer.paramGroups[0]!.lr;
    this.afterStep();
  }

  private afterStep(): void {
    this.place.steps++;
    if (this.plan.interval === 'batch') this.schedule(this.lastLoss);
  }

  /** Steps the scheduler. Only `ReduceLROnPlateau` takes the loss; others would take a number as an epoch. */
  private schedule(loss: number): void {
    const { scheduler } = this.plan;
    if (scheduler === undefined) return;
    if (scheduler instanceof lrScheduler.ReduceLROnPlateau) scheduler.step(loss);
    else scheduler.step();
    this.watch?.('scheduler.step()');
  }

  private clip(): void {
    const { clip, optimizer } = this.plan;
    if (clip === undefined) return;
    const parameters = optimizer.paramGroups.flatMap(({ params }) => params);
    if ('norm' in clip) utils.clipGradNorm_(parameters, clip.norm);
    else if ('normEach' in clip) for (const p of parameters) utils.clipGradNorm_([p], clip.normEach);
    else utils.clipGradValue_(parameters, clip.value);
    this.watch?.(`clip by ${'norm' in clip ? 'norm' : 'normEach' in clip ? 'norm of each' : 'value'}`);
  }

  private stopAtNaN(number: number, [x, y]: Batch, output: Tensor): void {
    const { epoch, batch } = this.place;
    const reason = `the loss is ${number} in epoch ${epoch}, batch ${batch}: ${whyNotFinite(this.net, x, y, output)}`;
    this.isSpoiled = true;
    this.end(reason);
    console.warn(`fit: stopped, ${reason}`);
  }

  private *validate(): Waiting<Measured> {
    const { validation, validationLoss, net, metrics, isAsync } = this.plan;
    yield* this.call('onTestBegin', this);
    this.watch?.('validation: net.eval(), net(x), loss(output, y)');
    const tested = yield* measured(net, validation!, validationLoss, metrics, isAsync);
    yield* this.call('onTestEnd', numbersOf(validated(tested)), this);
    return tested;
  }

  /** Ends an epoch: scheduler, history, display. Returns the history's numbers. */
  private record(tested: Measured | undefined): Record<string, unknown> {
    const { scheduler, interval, history } = this.plan;
    const { lr } = this.place;
    const trained = this.measurement.result();
    const kept: Record<string, unknown> = { loss: trained.loss };
    Object.assign(kept, trained.values);
    if (tested) Object.assign(kept, validated(tested));
    if (interval === 'epoch') this.schedule(tested?.loss ?? trained.loss);
    this.display?.shown.update(numbersOf(kept) as Record<string, number>);
    if (scheduler) kept.lr = lr;
    const lists = history as unknown as Record<string, unknown[]>;
    for (const name of Object.keys(kept)) {
      lists[name] ??= [];
      lists[name].push(kept[name]);
    }
    return kept;
  }

  private checkMonitored(logs: Logs): void {
    for (const { name, monitor } of this.plan.callbacks)
      if (monitor !== undefined && logs[monitor] === undefined)
        throw new ValueError(
          `${name}: there is no ${monitor} to monitor, an epoch has ${Object.keys(logs).join(', ')}; accuracy is computed if the net returns ` +
            'scores of classes, or give metrics',
        );
  }

  /** Writes pending checkpoints, at a point where a resumed run can continue. */
  private *writeSaves(isEnd: boolean): Waiting<void> {
    const { checkpointing, history } = this.plan;
    if (this.isSpoiled) return;
    if (isEnd && checkpointing && this.pending === 0) this.save(checkpointing.file);
    if (this.saves.length === 0) return;
    const { place } = this;
    if (place.drawn !== null) {
      place.measured = this.measurement.state();
    }
    const files = new Set<string>();
    const saves = this.saves.splice(0);
    for (const { file } of saves) {
      if (files.has(file)) continue;
      files.add(file);
      const written = writeSnapshot(file, snapshot(this.parts, place, history));
      if (written) yield written;
      this.watch?.('checkpoint');
    }
    checkpointing?.written();
    for (const { after } of saves) {
      const done = after?.();
      if (isPromise(done)) yield done;
    }
  }

  private hooked(hook: HookName): Callback<string>[] {
    let found = this.hooks.get(hook);
    if (found === undefined) {
      found = this.plan.callbacks.filter((one) => one[hook] !== undefined);
      this.hooks.set(hook, found);
    }
    return found;
  }

  private *call(hook: HookName, ...given: unknown[]): Waiting<void> {
    for (const one of this.hooked(hook)) {
      this.watch?.(hook, one.name);
      let answer = (one[hook] as (...all: unknown[]) => unknown).apply(one, given);
      if (isPromise(answer)) answer = yield answer;
      if (answer === false) this.stop(one.name);
    }
  }
}

/** Returns `valLoss` for `loss`. @internal */
export const validationName = (name: string): string => `val${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const validated = ({ loss, values }: Measured): Record<string, unknown> =>
  Object.fromEntries(Object.entries({ loss, ...values }).map(([name, value]) => [validationName(name), value]));

function numbersOf(values: Readonly<Record<string, unknown>>): Logs {
  const numbers: Record<string, number> = {};
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (typeof value === 'number') numbers[name] = value;
  }
  return numbers;
}
