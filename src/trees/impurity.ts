import { describe } from '../describe';
import type { NumberList } from '../display';
import { ValueError } from '../errors';
import { ClassImpurity, SquaredError } from './criteria';
import { checkWord } from './options';
import { readClasses, readTargets, Table } from './table';

/** Options of {@link impurity}. */
export interface ImpurityOptions {
  /** For numbers the variance; for classes Gini's 1 - Σ pₖ² or the entropy -Σ pₖ log₂ pₖ. Default: `'squaredError'`. */
  criterion?: 'squaredError' | 'gini' | 'entropy';
}

/** The result of {@link impurity}. */
export interface Impurities {
  /** The impurity of all rows together. */
  whole: number;
  /** The midpoints between neighbouring values of x: all possible splits. */
  thresholds: number[];
  /** The impurity after each split: the mean of both sides' impurities, weighted with their rows. */
  after: number[];
  /** The index of the best split in these lists; -1 if all x are equal. */
  best: number;
}

/**
 * Returns the impurity of y, and the impurity after each split of x: (n_L I_L + n_R I_R) / n. A tree makes the split
 * with the least.
 *
 * @example
 * const { thresholds, after, whole } = trees.impurity([1, 2, 3], [5, 5, 8]);
 * thresholds // [1.5, 2.5]
 * after // [1.5, 0]
 * whole // 2
 * @throws {ValueError} if sizes differ, the lists are empty, or a number is not finite.
 */
export function impurity(x: NumberList, y: NumberList, options: ImpurityOptions = {}): Impurities {
  const { criterion = 'squaredError' } = options;
  checkWord('impurity', 'criterion', criterion, ['squaredError', 'gini', 'entropy']);
  if (typeof x !== 'object' || x === null || !('length' in x || 'shape' in x))
    throw new ValueError(`impurity: x must be a list of numbers, got ${describe(x)}`);
  const rows = (x as ArrayLike<number>).length ?? (x as { shape: readonly number[] }).shape[0];
  const column = readTargets('impurity', x, rows, 'x');
  if (column.length === 0) throw new ValueError('impurity: x and y are empty');
  const order = new Table(rows, [column]).orders[0]!;
  const weights = new Float64Array(rows).fill(1);
  const { classes, codes } = readClasses('impurity', y, rows);
  const measure =
    criterion === 'squaredError'
      ? new SquaredError(readTargets('impurity', y, rows), weights)
      : new ClassImpurity(criterion, codes, weights, classes.length);
  const whole = measure.enter(order, 0, rows);
  const places = Array.from({ length: rows - 1 }, (_, i) => i + 1).filter(
    (place) => column[order[place]!]! > column[order[place - 1]!]!,
  );
  const after = places.map(
    (place) => (place * measure.enter(order, 0, place) + (rows - place) * measure.enter(order, place, rows)) / rows,
  );
  return {
    whole,
    thresholds: places.map((place) => column[order[place - 1]!]! / 2 + column[order[place]!]! / 2),
    after,
    best: after.reduce((best, value, i) => (best < 0 || value < after[best]! ? i : best), -1),
  };
}
