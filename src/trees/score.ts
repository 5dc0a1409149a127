import { type NumberList, type NumberMatrix, toPlain } from '../display';
import { ValueError } from '../errors';

/** 1 - Σ (y - ŷ)² / Σ (y - ȳ)²: 1 where all is right, 0 for always saying the mean. NaN if all y are equal. @internal */
export function r2(y: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const list = Array.from(y);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  const rest = list.reduce((sum, value, i) => sum + (value - predicted[i]!) ** 2, 0);
  return 1 - rest / list.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** The share of labels that are right. @internal */
export function accuracy(y: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return Array.from(y).filter((label, i) => label === predicted[i]).length / y.length;
}

/** The place of the largest number, of equal ones the first. @internal */
export function largest(values: ArrayLike<number>): number {
  let place = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[place]!) place = k;
  return place;
}

/** Anything that can be fitted and then predicts: a model of this library, or one of your own. */
export interface Estimator {
  fit(X: NumberMatrix, y: NumberList): unknown;
  predict(X: NumberMatrix): ArrayLike<number>;
}

/** What a model has learned, or an error for people. @internal */
export function fitted<T>(who: string, learned: T | undefined): T {
  if (learned === undefined) throw new ValueError(`${who}: the model has not been fitted; call fit(X, y) first`);
  return learned;
}

/** Numbers from an answer that may be a tensor. @internal */
export const listOf = (answer: unknown) => toPlain(answer) as number[];
