import { noGrad } from '../autograd';
import { ValueError } from '../errors';
import type { Saved } from '../io/checkpoint';
import type { AnyModule } from '../nn';
import type { Tensor } from '../tensor/tensor';
import { type Batch, type Note, type Passes, requireBatch } from './batches';
import { accuracyOf, answersOf, count } from './metrics/classes';
import { copied, type Metrics, metricOf, type Tally } from './metrics/tally';
import type { Net } from './net';
import type { WeightedLoss } from './weighting';

/** Measurements of an epoch or of a data set. */
export interface Measured {
  /** The mean loss of a row. */
  readonly loss: number;
  /** The values of the metrics, by name. */
  readonly values: Readonly<Record<string, number | number[][]>>;
  /** Confusion matrix, if the net returns class scores and no metrics are given. */
  readonly confusion: number[][] | undefined;
  /** The shapes of the last batch. */
  readonly shapes: { readonly output: readonly number[]; readonly target: readonly number[] };
}

/** Accumulates losses and metrics of batches. Without metrics it measures accuracy if there are classes. @internal */
export class Measurement {
  private rows = 0;
  private loss = 0;
  /** `null` after a target that is not a class. */
  private confusion: number[][] | null | undefined;
  private shapes: Measured['shapes'] | undefined;
  private readonly tallies: [string, Tally<number> | Tally<number[][]>][];

  constructor(private readonly metrics: Metrics | undefined) {
    this.tallies = Object.entries(metrics ?? {}).map(([name, given]) => [name, metricOf(name, given).start()]);
  }

  /** @param value the loss as a number, of `rows` rows */
  add(output: Tensor, target: Tensor, value: number, rows: number = output.shape[0] ?? 1): void {
    this.rows += rows;
    this.loss += rows * value;
    this.shapes = { output: output.shape, target: target.shape };
    for (const [, tally] of this.tallies) tally.add(output, target);
    if (this.metrics !== undefined || this.confusion === null) return;
    const found =
      output.ndim === 2 && target.ndim === 1 && output.shape[1]! >= 2 ? answersOf(output, target) : undefined;
    if (found) this.confusion = count(this.confusion, found);
    else this.confusion = null;
  }

  /** @throws {ValueError} if nothing was added. */
  result(): Measured {
    const { shapes } = this;
    if (shapes === undefined) throw new ValueError('training: there is no data, not a single batch');
    const values: Record<string, number | number[][]> = {};
    for (const [name, tally] of this.tallies) values[name] = tally.value();
    const confusion = this.confusion ?? undefined;
    if (confusion) values.accuracy = accuracyOf(confusion);
    return { loss: this.loss / this.rows, values, confusion, shapes };
  }

  state(): Saved {
    const { rows, loss, confusion, shapes } = this;
    const tallies = this.tallies.map(([, tally]) => tally.state());
    return copied({ rows, loss, confusion, shapes, tallies });
  }

  restore(state: Saved): void {
    const { tallies, ...own } = copied(state) as { tallies: Saved[] };
    Object.assign(this, own);
    for (const [i, [, tally]] of this.tallies.entries()) tally.restore(tallies[i]);
  }
}

/**
 * A generator that yields promises to await, or `undefined` to yield to the event loop. The awaited values are sent
 * back. @internal
 */
export type Waiting<T> = Generator<PromiseLike<unknown> | undefined, T, never>;

/** A pass over batches; asynchronous ones are awaited. @internal */
export class Pass {
  /** Hash of the item indices so far, if a loader reports them. */
  digest = 0;
  private readonly items: Iterator<Batch> | AsyncIterator<Batch>;
  /** Number of batches still to skip. */
  private toSkip: number;

  /** @param skipped number of batches to skip @param isNoted whether to compute the digest */
  constructor(batches: Iterable<Batch> | AsyncIterable<Batch>, isAsync: boolean, skipped = 0, isNoted = false) {
    this.toSkip = skipped;
    const note: Note = (indices) => {
      // FNV-1a over integers.
      for (const i of indices) this.digest = Math.imul(this.digest ^ i, 16777619);
      this.digest = Math.imul(this.digest ^ 0x7fffffff, 16777619);
    };
    const own =
      isNoted && 'passFrom' in batches
        ? (batches as typeof batches & Passes).passFrom(skipped, note, isAsync)
        : undefined;
    if (own !== undefined) this.toSkip = 0;
    this.items =
      own ??
      (isAsync && Symbol.asyncIterator in batches
        ? batches[Symbol.asyncIterator]()
        : (batches as Iterable<Batch>)[Symbol.iterator]());
  }

  /** Skips the first batches. */
  *skip(): Waiting<void> {
    for (; this.toSkip > 0; this.toSkip--) {
      const next = this.next();
      if (isPromise(next)) yield next;
    }
  }

  /** Returns the next batch, or a promise of it. */
  next(): IteratorResult<Batch, unknown> | PromiseLike<IteratorResult<Batch, unknown>> {
    return this.items.next();
  }

  end(): void {
    const ended = this.items.return?.();
    if (isPromise(ended)) ended.then(undefined, () => {});
  }
}

/** @internal */
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

/** Tests a net, without gradients and in `eval` mode; each module's mode is restored afterwards. @internal */
export function* measured(
  net: Net,
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  loss: WeightedLoss,
  metrics: Metrics | undefined,
  isAsync: boolean,
): Waiting<Measured> {
  const measurement = new Measurement(metrics);
  const modes = net.modules().map((module: AnyModule): [AnyModule, boolean] => [module, module.training]);
  const pass = new Pass(batches, isAsync);
  net.eval();
  try {
    for (;;) {
      const next = pass.next();
      const found = isPromise(next) ? ((yield next) as Awaited<typeof next>) : next;
      if (found.done) break;
      requireBatch('training', found.value);
      const [x, y, weights] = found.value;
      noGrad(() => {
        const output = net(x);
        const { value, rows } = loss.of(output, y, weights);
        measurement.add(output, y, value.item(), rows);
      });
      yield;
    }
  } finally {
    pass.end();
    for (const [module, mode] of modes) module.training = mode;
  }
  return measurement.result();
}

/** Runs a synchronous generator to its end. @throws {ValueError} if it has to wait. @internal */
export function atOnce<T>(op: string, waiting: Waiting<T>): T {
  for (let step = waiting.next(); ; step = waiting.next()) {
    if (step.done) return step.value;
    if (step.value === undefined) continue;
    step.value.then(undefined, () => {});
    const error = new ValueError(
      `${op}: something must be waited for (data that arrive, a hook that is asynchronous, or files in a page); use await training.fitAsync(…)`,
    );
    const rest = waiting.throw(error);
    if (!rest.done) throw error;
  }
}
