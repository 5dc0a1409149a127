// Metrics of classifiers.

import { ShapeError } from '../../errors';
import { requireOneOf, requireSizes } from '../../ops/table/arguments';
import { formatShape, sameShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { elementsOf, type Metric, metric } from './tally';

/** Predicted and true classes of a batch as numbers. @internal */
export interface Answers {
  readonly answers: ArrayLike<number>;
  readonly truths: ArrayLike<number>;
  readonly classes: number;
}

/**
 * Returns predicted and true classes. Accepts scores `[rows, classes, …]` with class numbers `[rows, …]` or one-hot
 * targets of the same shape; or scores `[rows]` or `[rows, 1]`, where values above the threshold mean class 1.
 * `undefined` for anything else. @internal
 */
export function answersOf(output: Tensor, target: Tensor, threshold = 0.5): Answers | undefined {
  const { ndim, shape } = output;
  const [rows, width] = [shape[0] ?? 0, shape[1] ?? 1];
  if (ndim >= 2 && width >= 2) {
    const isOneHot = ndim === 2 && sameShape(shape, target.shape);
    const isClasses = target.ndim === ndim - 1 && target.shape.every((size, i) => size === shape[i === 0 ? 0 : i + 1]);
    if (!isOneHot && !isClasses) return undefined;
    const truths = isOneHot ? largestOf(target) : elementsOf(target);
    return valid({ answers: largestOf(output), truths, classes: width });
  }
  const isColumn = ndim === 1 || (ndim === 2 && width === 1);
  if (!isColumn || target.numel() !== rows) return undefined;
  const scores = elementsOf(output);
  return valid({
    answers: Int32Array.from(scores, (score) => Number(score > threshold)),
    truths: elementsOf(target),
    classes: 2,
  });
}

function valid(found: Answers): Answers | undefined {
  const { truths, classes } = found;
  for (let i = 0; i < truths.length; i++) {
    const truth = truths[i]!;
    if (!(truth >= 0 && truth < classes && Number.isInteger(truth))) return undefined;
  }
  return found;
}

/** Returns the position of each row's largest element; the first of equals, and NaN counts as largest. @internal */
export function largestOf(x: Tensor): ArrayLike<number> {
  if (x.ndim !== 2) return x.detach().argmax(1).toArray();
  const [rows, width] = [x.shape[0]!, x.shape[1]!];
  const scores = elementsOf(x);
  const places = new Int32Array(rows);
  for (let i = 0, at = 0; i < rows; i++, at += width) {
    let best = 0;
    let value = scores[at]!;
    for (let j = 1; j < width; j++) {
      const score = scores[at + j]!;
      if (score <= value) continue;
      // A NaN, once found, stays the largest.
      if (score > value || !Number.isNaN(value)) {
        best = j;
        value = score;
      }
    }
    places[i] = best;
  }
  return places;
}

/** @throws {ShapeError} if the outputs are not class scores. @internal */
function requireAnswers(who: string, output: Tensor, target: Tensor, threshold?: number): Answers {
  const found = answersOf(output, target, threshold);
  if (found) return found;
  throw new ShapeError(
    `${who}: the net gives ${formatShape(output.shape)} for targets ${formatShape(target.shape)}; it takes scores [batch, classes] ` +
      'and class numbers [batch], from 0 to classes − 1 (or one-hot rows), or one score for each row and targets 0 and 1',
  );
}

/** Adds predictions to a confusion matrix, which is created when the number of classes is known. @internal */
export function count(matrix: number[][] | undefined, { answers, truths, classes }: Answers): number[][] {
  matrix ??= Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  for (let i = 0; i < truths.length; i++) matrix[truths[i]!]![answers[i]!]!++;
  return matrix;
}

/** Returns the fraction of predictions on the diagonal. @internal */
export function accuracyOf(matrix: readonly (readonly number[])[]): number {
  let [right, all] = [0, 0];
  for (const [i, row] of matrix.entries()) {
    right += row[i]!;
    for (const n of row) all += n;
  }
  return right / all;
}

/** Option of metrics of classifiers. */
export interface ClassMetricOptions {
  /**
   * The score above which the class is 1, if a net returns one score per row: 0.5 (default) for probabilities, 0 for
   * logits. Unused with scores of several classes.
   */
  threshold?: number;
}

function fromMatrix<V>(
  who: string,
  options: ClassMetricOptions,
  mode: 'max' | undefined,
  value: (matrix: number[][]) => V,
): Metric<V> {
  const { threshold } = options;
  return metric(
    mode,
    (): { matrix?: number[][] } => ({}),
    (state, output, target) => {
      state.matrix = count(state.matrix, requireAnswers(who, output, target, threshold));
    },
    ({ matrix }) => value(matrix ?? []),
  );
}

/**
 * The fraction of correct predictions (`sklearn.metrics.accuracy_score`, Keras' `Accuracy`): the class with the highest
 * score is that of the target. For scores `[batch, classes, …]` and class numbers `[batch, …]`, or one-hot rows, or one
 * score per row.
 *
 * @example
 * const net = new nn.Linear(2, 3);
 * const data = { x: rand([6, 2]), y: tensor([0, 1, 2, 0, 1, 2]) };
 * const { loss, right } = training.evaluate(net, data, { metrics: { right: training.metrics.accuracy() } });
 * right >= 0 && right <= 1 // true
 */
export function accuracy(options: ClassMetricOptions = {}): Metric {
  return fromMatrix('accuracy', options, 'max', accuracyOf);
}

/**
 * Confusion matrix (`sklearn.metrics.confusion_matrix`): `confusion[i][j]` is the number of rows of class `i` with
 * prediction `j`. A history has one matrix per epoch.
 */
export function confusion(options: ClassMetricOptions = {}): Metric<number[][]> {
  return fromMatrix('confusion', options, undefined, (matrix) => matrix.map((row) => [...row]));
}

/** Options of {@link f1}, {@link precision} and {@link recall}. */
export interface AveragedMetricOptions extends ClassMetricOptions {
  /**
   * How the classes' values are combined: `'binary'` is that of class 1, `'macro'` their mean, `'weighted'` their mean
   * weighted by the classes' rows, `'micro'` that of all predictions counted together. Default: `'binary'` for two
   * classes, else `'macro'`.
   */
  average?: 'binary' | 'macro' | 'weighted' | 'micro';
}

/** Counts of a class: correct predictions, predictions, and true rows. */
type Counts = { right: number; answered: number; true: number };

function averaged(who: string, options: AveragedMetricOptions, score: (counts: Counts) => number): Metric {
  const { average } = options;
  if (average !== undefined) requireOneOf(who, { average }, ['binary', 'macro', 'weighted', 'micro']);
  return fromMatrix(who, options, 'max', (matrix) => {
    const all = matrix.map(
      (row, i): Counts => ({
        right: row[i]!,
        answered: matrix.reduce((sum, other) => sum + other[i]!, 0),
        true: row.reduce((sum, n) => sum + n, 0),
      }),
    );
    const how = average ?? (all.length === 2 ? 'binary' : 'macro');
    if (how === 'binary') {
      if (all.length !== 2)
        throw new ShapeError(
          `${who}: average 'binary' is for two classes, there are ${all.length}; use 'macro', 'micro' or 'weighted'`,
        );
      return score(all[1]!);
    }
    const sum = (of: (counts: Counts) => number) => all.reduce((total, counts) => total + of(counts), 0);
    if (how === 'micro')
      return score({ right: sum((c) => c.right), answered: sum((c) => c.answered), true: sum((c) => c.true) });
    if (how === 'weighted') return sum((c) => c.true * score(c)) / sum((c) => c.true);
    // As in scikit-learn, classes without rows and predictions do not count.
    const met = all.filter((c) => c.true + c.answered > 0);
    return met.reduce((total, c) => total + score(c), 0) / met.length;
  });
}

/** Returns a quotient, 0 for 0 / 0, as in scikit-learn. */
const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/**
 * F₁, the harmonic mean of precision and recall (`sklearn.metrics.f1_score`): `2·right / (answered + true)` of each
 * class, 0 for a class without rows and predictions.
 *
 * @example
 * const net = new nn.Identity();
 * const scores = tensor([[2, 0], [2, 0], [0, 2], [0, 2]]);
 * training.evaluate(net, { x: scores, y: tensor([0, 1, 1, 1]) }, { metrics: { f1: training.metrics.f1() } }).f1.toFixed(2) // '0.80'
 */
export function f1(options: AveragedMetricOptions = {}): Metric {
  return averaged('f1', options, (c) => share(2 * c.right, c.answered + c.true));
}

/**
 * Precision: the fraction of a class's predictions that are correct, `right / answered`
 * (`sklearn.metrics.precision_score`).
 */
export function precision(options: AveragedMetricOptions = {}): Metric {
  return averaged('precision', options, (c) => share(c.right, c.answered));
}

/** Recall: the fraction of a class's rows that are found, `right / true` (`sklearn.metrics.recall_score`). */
export function recall(options: AveragedMetricOptions = {}): Metric {
  return averaged('recall', options, (c) => share(c.right, c.true));
}

/**
 * The fraction of rows whose class is among the `k` highest scores (`sklearn.metrics.top_k_accuracy_score`, Keras'
 * `TopKCategoricalAccuracy`); of equal scores the first classes count as higher.
 * @throws {ValueError} unless `k` is a whole number, 1 or more.
 */
export function topK(k: number): Metric {
  requireSizes('topK', { k });
  return metric(
    'max',
    () => ({ right: 0, rows: 0 }),
    (state, output, target) => {
      const { truths, classes } = requireAnswers('topK', output, target);
      if (output.ndim !== 2 || output.shape[1]! < 2)
        throw new ShapeError(`topK: needs scores [batch, classes], got ${formatShape(output.shape)}`);
      const scores = elementsOf(output.detach());
      for (let i = 0; i < truths.length; i++) {
        const truth = truths[i]!;
        const own = scores[i * classes + truth]!;
        let above = 0;
        for (let j = 0; j < classes; j++) {
          const score = scores[i * classes + j]!;
          if (!(score < own) && (score !== own || j < truth) && j !== truth) above++;
        }
        if (above < k) state.right++;
      }
      state.rows += truths.length;
    },
    ({ right, rows }) => right / rows,
  );
}
