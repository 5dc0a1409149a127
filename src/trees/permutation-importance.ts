import type { NumberList, NumberMatrix } from '../display';
import { ValueError } from '../errors';
import { defaultGenerator, fillPermutation, type Generator } from '../random';
import { checkWhole } from './options';
import { readTargets, Table } from './table';

/** Options of {@link permutationImportance}. */
export interface PermutationImportanceOptions {
  /** Number of shuffles of each column. Default: 5. */
  nRepeats?: number;
  /** The generator of the permutations. Default: the default generator. */
  generator?: Generator;
}

/** The result of {@link permutationImportance}, for each feature. */
export interface PermutationImportance {
  /** The decrease in score of each shuffle. */
  importances: number[][];
  /** Their mean. */
  importancesMean: number[];
  /** Their standard deviation, √(Σ (d - d̄)² / nRepeats). */
  importancesStd: number[];
}

/**
 * Measures how much a model's score drops when one column of X is shuffled: R² or accuracy, depending on its `score`.
 * On unseen rows this shows how much a feature contributes to the predictions; importances by impurity also count the
 * fit of noise. It is scikit-learn's `permutation_importance`, with permutations drawn by PyTorch's `randperm`.
 *
 * @example
 * const X = [[1, 0], [2, 0], [3, 0], [4, 0]];
 * const tree = new trees.DecisionTreeRegressor().fit(X, [1, 2, 3, 4]);
 * trees.permutationImportance(tree, X, [1, 2, 3, 4]).importancesMean[1] // 0
 * @throws {ValueError} if sizes differ or a number is not finite.
 */
export function permutationImportance(
  model: { score(X: NumberMatrix, y: NumberList): number },
  X: NumberMatrix,
  y: NumberList,
  options: PermutationImportanceOptions = {},
): PermutationImportance {
  const who = 'permutationImportance';
  const { nRepeats = 5, generator = defaultGenerator } = options;
  checkWhole(who, 'nRepeats', nRepeats, 1);
  if (typeof model?.score !== 'function') throw new ValueError(`${who}: the model must have a method score(X, y)`);
  const table = Table.read(who, X);
  const targets = readTargets(who, y, table.rows);
  const whole = model.score(table, targets);
  const order = new Int32Array(table.rows);
  const importances = table.columns.map((column, j) =>
    Array.from({ length: nRepeats }, () => {
      fillPermutation(order, generator);
      const shuffled = Float64Array.from(order, (row) => column[row]!);
      return (
        whole -
        model.score(
          new Table(
            table.rows,
            table.columns.map((own, k) => (k === j ? shuffled : own)),
          ),
          targets,
        )
      );
    }),
  );
  const meanOf = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  return {
    importances,
    importancesMean: importances.map(meanOf),
    importancesStd: importances.map((drops) => Math.sqrt(meanOf(drops.map((drop) => (drop - meanOf(drops)) ** 2)))),
  };
}
