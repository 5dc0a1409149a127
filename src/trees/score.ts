import { type NumberList, type NumberMatrix, toPlain } from '../display';
import { ValueError } from '../errors';

/**
 * Returns R², 1 - Σ (y - ŷ)² / Σ (y - ȳ)²: 1 is perfect, 0 is as good as predicting the mean. NaN if all y are equal.
 * @internal
 */
export function r2(y: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const list = Array.from(y);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  const rest = list.reduce((sum, value, i) => sum + (value - predicted[i]!) ** 2, 0);
  return 1 - rest / list.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** Returns the fraction of correct labels. @internal */
export function accuracy(y: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return Array.from(y).filter((label, i) => label === predicted[i]).length / y.length;
}

/** Returns the position of the largest number, of equal ones the first. @internal */
export function largest(values: ArrayLike<number>): number {
  let place = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[place]!) place = k;
  return place;
}

/** A model with `fit` and `predict`: one of this library or your own. */
export interface Estimator {
  fit(X: NumberMatrix, y: NumberList): unknown;
  predict(X: NumberMatrix): ArrayLike<number>;
}

/** Returns the fitted state. @throws {ValueError} before `fit`. @internal */
export function fitted<T>(who: string, learned: T | undefined): T {
  if (learned === undefined) throw new ValueError(`${who}: the model has not been fitted; call fit(X, y) first`);
  return learned;
}

/** Returns predictions as a list; they may be a tensor. @internal */
export const listOf = (answer: unknown) => toPlain(answer) as number[];
