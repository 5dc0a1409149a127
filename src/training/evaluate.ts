import { describe } from '../describe';
import { ShapeError, ValueError } from '../errors';
import { functional, Module } from '../nn';
import { formatShape } from '../tensor/shape';
import { batchesOf, type TrainingData } from './batches';
import type { MetricValue } from './history';
import { atOnce, measured } from './measuring';
import type { Metrics } from './metrics/tally';
import { checkLoss, type Loss, type Net } from './net';
import { WeightedLoss } from './weighting';

/** The result of {@link evaluate}. */
export interface Evaluation {
  /** The mean loss of a row. */
  loss: number;
  /** The fraction of rows whose highest score is that of their class. */
  accuracy: number;
  /** Number of rows of class `i` with the highest score at class `j`: `confusion[i][j]`. */
  confusion: number[][];
}

/** Options of {@link evaluate}. */
export interface EvaluateOptions<M extends Metrics = Metrics> {
  /** The loss of a batch, a mean over its rows. Default: `nn.functional.crossEntropy`. */
  loss?: Loss;
  /** Number of rows at a time, for `{ x, y }`. Default: 500. */
  batchSize?: number;
  /**
   * Metrics instead of accuracy and confusion, by the names of the result; then the net need not be a classifier. `{}`
   * for only the loss.
   */
  metrics?: M;
}

/** The result of {@link evaluate} with metrics: the mean loss of a row, and the metrics. */
export type EvaluationOf<M extends Metrics> = { loss: number } & { [K in keyof M]: MetricValue<M[K]> };

/**
 * Tests a classifier: compares its scores `[batch, classes]` with class numbers, without gradients and in `eval` mode;
 * each module's mode is restored. With `metrics` it tests any net.
 *
 * @example
 * const net = new nn.Linear(2, 3);
 * const { confusion } = training.evaluate(net, { x: rand([9, 2]), y: tensor([0, 0, 0, 1, 1, 1, 2, 2, 2]) });
 * confusion.map((row) => row.reduce((a, b) => a + b)) // [3, 3, 3]
 * @throws {ShapeError} unless the net returns scores and the targets are class numbers, or if a metric does not fit;
 * {@link ValueError} without data.
 */
export function evaluate<const M extends Metrics>(
  net: Net,
  data: TrainingData,
  options: EvaluateOptions<M> & { metrics: M },
): EvaluationOf<M>;
export function evaluate(net: Net, data: TrainingData, options?: EvaluateOptions): Evaluation;
export function evaluate(net: Net, data: TrainingData, options: EvaluateOptions = {}): Evaluation | { loss: number } {
  if (!(net instanceof Module)) throw new ValueError(`evaluate: expected a net, got ${describe(net)}`);
  const { loss = functional.crossEntropy, metrics, ...rest } = options;
  checkLoss('evaluate', loss);
  const batches = batchesOf('evaluate', data, rest, 500);
  const weighted = new WeightedLoss(loss, undefined, 'weights');
  const found = atOnce('evaluate', measured(net, batches, weighted, metrics, false));
  if (metrics !== undefined) return { loss: found.loss, ...found.values };
  const { confusion, shapes } = found;
  if (confusion === undefined)
    throw new ShapeError(
      `evaluate: the net gives ${formatShape(shapes.output)} for targets ${formatShape(shapes.target)}; it takes scores ` +
        '[batch, classes] and class numbers [batch], from 0 to classes − 1; for other nets give metrics, or metrics: {} for the loss alone',
    );
  return { loss: found.loss, accuracy: found.values.accuracy as number, confusion };
}
