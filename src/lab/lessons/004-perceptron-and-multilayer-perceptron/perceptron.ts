import { turn } from '../../../cancellation';
import { describe } from '../../../describe';
import { type NumberList, type NumberMatrix, toPlain } from '../../../display';
import { ValueError } from '../../../errors';

/** A misclassified row and its error: 1 if the answer was 0 and the truth 1, −1 the other way round. */
export interface PerceptronMistake {
  row: number;
  error: number;
}

/** Options of {@link perceptron}. */
export interface PerceptronOptions {
  /** η; a negative one pushes away from the correct answer. Default: 1. */
  rate?: number;
  /** The maximum number of passes over all rows. Default: 1000. */
  passes?: number;
  /** The initial weights. Default: zeros. */
  weights?: readonly number[];
  /** The initial bias, or `false` for a unit without bias. Default: 0. */
  bias?: number | false;
  /** Called after each update with the mistake, the new weights and the new bias; `false` ends the run. */
  onMistake?: (mistake: PerceptronMistake, weights: readonly number[], bias: number) => unknown;
}

/** The result of {@link perceptron}. */
export interface Perceptron {
  weights: number[];
  /** 0 for a unit without bias. */
  bias: number;
  /** Whether the last pass had no mistake: all rows are classified correctly. */
  separated: boolean;
  /** All misclassified rows in order; each was an update. */
  mistakes: PerceptronMistake[];
  /** The number of mistakes in each pass. */
  history: number[];
}

/**
 * Rosenblatt's perceptron, in plain numbers: it visits rows in order, and each misclassified one updates weights and
 * bias, w ← w + η e x and b ← b + η e with e = y − S, where S is 1 if w·x + b ≥ 0 and else 0. It ends after a pass
 * without a mistake.
 *
 * @example
 * const { weights, bias, history } = perceptron([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1]);
 * [weights, bias] // [[2, 1], -3]
 * history // [2, 3, 3, 2, 1, 0]
 * @throws {ValueError} if rows, labels and weights do not fit one another, a label is neither 0 nor 1, `passes` is
 *   not a whole number from 0 on, or a number is not finite.
 */
export function perceptron(x: NumberMatrix, y: NumberList, options: PerceptronOptions = {}): Perceptron {
  const rows = toPlain(x) as number[][];
  const labels = toPlain(y) as number[];
  const { rate = 1, passes = 1000, bias: start = 0, onMistake } = options;
  const weights = [...(options.weights ?? rows[0]?.map(() => 0) ?? [])];
  check(rows, labels, weights, { rate, passes, bias: start });
  let bias = start === false ? 0 : start;
  const mistakes: PerceptronMistake[] = [];
  const history: number[] = [];
  const result = (separated: boolean): Perceptron => ({ weights, bias, separated, mistakes, history });
  while (history.length < passes && history.at(-1) !== 0) {
    history.push(0);
    for (const [row, values] of rows.entries()) {
      turn(values.length);
      const score = values.reduce((sum, value, j) => sum + weights[j]! * value, 0) + bias;
      const error = labels[row]! - (score >= 0 ? 1 : 0);
      if (error === 0) continue;
      for (const [j, value] of values.entries()) weights[j]! += rate * error * value;
      if (start !== false) bias += rate * error;
      mistakes.push({ row, error });
      history[history.length - 1]! += 1;
      if (onMistake?.({ row, error }, [...weights], bias) === false) return result(false);
    }
  }
  return result(history.at(-1) === 0);
}

function check(
  rows: readonly number[][],
  labels: readonly number[],
  weights: readonly number[],
  { rate, passes, bias }: Required<Pick<PerceptronOptions, 'rate' | 'passes' | 'bias'>>,
): void {
  const fits = (row: unknown) => Array.isArray(row) && row.length === weights.length && row.every(Number.isFinite);
  if (!Array.isArray(rows) || rows.length === 0 || !rows.every(fits))
    throw new ValueError('perceptron: x must be rows of finite numbers, as many in each as there are weights');
  if (!Array.isArray(labels) || labels.length !== rows.length || !labels.every((label) => label === 0 || label === 1))
    throw new ValueError(`perceptron: y must hold 0 or 1 for each of the ${rows.length} rows`);
  for (const [name, value] of Object.entries({ rate, bias: Number(bias), weights }))
    if (![value].flat().every(Number.isFinite))
      throw new ValueError(`perceptron: ${name} must be finite, got ${describe(value)}`);
  if (!Number.isInteger(passes) || passes < 0)
    throw new ValueError(`perceptron: passes must be a whole number from 0 on, got ${describe(passes)}`);
}
