import { noGrad } from '../autograd';
import { ShapeError, ValueError } from '../errors';
import type { AnyModule } from '../nn';
import { functional, Module } from '../nn';
import { describe, requireTensor } from '../ops/table/arguments';
import * as names from '../option-names';
import { checkOptions } from '../options';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { type Batch, batchesOf, type TrainingData } from './batches';

/** The mean loss of a batch. */
export type Loss = (output: Tensor, target: Tensor) => Tensor;

/** A net with one input and one output. */
export type Net = Module<[Tensor], Tensor>;

/** What {@link evaluate} measures. */
export interface Evaluation {
  /** The mean loss of a row. */
  loss: number;
  /** The share of rows whose highest score is that of their class. */
  accuracy: number;
  /** How many rows of class `i` have their highest score at class `j`: `confusion[i][j]`. */
  confusion: number[][];
}

/** Options of {@link evaluate}. */
export interface EvaluateOptions {
  /** The loss of a batch, a mean over its rows. Default: `nn.functional.crossEntropy`. */
  loss?: Loss;
  /** How many rows at a time, for `{ x, y }`. Default: 500. */
  batchSize?: number;
}

/**
 * Tests a classifier: its scores `[batch, classes]` against the numbers of the classes, without gradients and in `eval`
 * mode (each module has its own mode back afterwards).
 *
 * @example
 * const net = new nn.Linear(2, 3);
 * const { confusion } = training.evaluate(net, { x: rand([9, 2]), y: tensor([0, 0, 0, 1, 1, 1, 2, 2, 2]) });
 * confusion.map((row) => row.reduce((a, b) => a + b)) // [3, 3, 3]
 * @throws {ShapeError} unless the net gives scores and the targets are class numbers; {@link ValueError} if there is no
 *   data.
 */
export function evaluate(net: Net, data: TrainingData, options: EvaluateOptions = {}): Evaluation {
  checkOptions('evaluate', options, names.EvaluateOptions);
  if (!(net instanceof Module)) throw new ValueError(`evaluate: expected a net, got ${describe(net)}`);
  const { loss = functional.crossEntropy, ...rest } = options;
  checkLoss('evaluate', loss);
  const found = measure(net, batchesOf('evaluate', data, rest, 500), loss);
  if (found.confusion === undefined)
    throw new ShapeError(
      `evaluate: the net gives ${formatShape(found.output)} for targets ${formatShape(found.target)}; it takes scores ` +
        '[batch, classes] and class numbers [batch], from 0 to classes − 1',
    );
  const { accuracy, confusion } = found;
  return { loss: found.loss, accuracy, confusion };
}

type Measured = { loss: number } & (
  | { accuracy: number; confusion: number[][] }
  | { confusion: undefined; output: readonly number[]; target: readonly number[] }
);

/** @throws {ValueError} unless it can be called. @internal */
export function checkLoss(op: string, loss: unknown): void {
  if (typeof loss !== 'function')
    throw new ValueError(`${op}: loss must be a function or a module, got ${describe(loss)}`);
}

/** As {@link evaluate}; for outputs that are no scores of classes, the loss alone. @internal */
export function measure(net: Net, batches: Iterable<Batch>, loss: Loss): Measured {
  const count = new Count();
  const modes = net.modules().map((module: AnyModule): [AnyModule, boolean] => [module, module.training]);
  net.eval();
  try {
    noGrad(() => {
      for (const [x, y] of batches) {
        const output = net(x);
        count.add(output, y, loss(output, y));
      }
    });
  } finally {
    for (const [module, mode] of modes) module.training = mode;
  }
  return count.result();
}

/** Losses and answers of batches, as they come. @internal */
export class Count {
  private rows = 0;
  private loss = 0;
  /** `null` once a target was no class. */
  private confusion: number[][] | null | undefined;
  private shapes: { output: readonly number[]; target: readonly number[] } | undefined;

  add(output: Tensor, target: Tensor, loss: Tensor): void {
    requireTensor('training', loss, 'the loss');
    const n = output.shape[0] ?? 1;
    this.rows += n;
    this.loss += n * loss.item();
    this.shapes = { output: output.shape, target: target.shape };
    const classes = output.ndim === 2 && target.ndim === 1 ? output.shape[1]! : 0;
    if (classes < 2 || this.confusion === null) return;
    const truths = target.tolist() as number[];
    if (!truths.every((truth) => Number.isInteger(truth) && truth >= 0 && truth < classes)) {
      this.confusion = null;
      return;
    }
    this.confusion ??= Array.from({ length: classes }, () => Array<number>(classes).fill(0));
    const answers = output.detach().argmax(1).tolist() as number[];
    for (const [i, truth] of truths.entries()) this.confusion[truth]![answers[i]!]!++;
  }

  /** @throws {ValueError} if nothing was added. */
  result(): Measured {
    if (this.shapes === undefined) throw new ValueError('training: there is no data, not a single batch');
    const { confusion, rows } = this;
    const loss = this.loss / rows;
    if (!confusion) return { loss, confusion: undefined, ...this.shapes };
    const right = confusion.reduce((sum, row, i) => sum + row[i]!, 0);
    return { loss, confusion, accuracy: right / rows };
  }
}
