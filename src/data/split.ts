import { describe } from '../describe';
import { ValueError } from '../errors';
import type { GeneratorOption } from '../ops/filling/random';
import { randperm } from '../tensor/random-creation';
import { requireItems } from './checks';
import { type Items, Subset } from './dataset';

/**
 * Splits a dataset at random into parts without common items (`torch.utils.data.random_split`). `lengths` are numbers of items,
 * or fractions that sum to 1; items left over by rounding down go to the parts in turn.
 * @example
 * manualSeed(420);
 * const [train, test] = data.randomSplit(['a', 'b', 'c', 'd', 'e'], [0.8, 0.2]);
 * [train.length, test.length] // [4, 1]
 * @throws {ValueError} if the lengths do not sum to the dataset's, or one is negative or fractional.
 */
export function randomSplit<T, const L extends readonly number[]>(
  dataset: Items<T>,
  lengths: L,
  options: GeneratorOption = {},
): { -readonly [K in keyof L]: Subset<T> } {
  requireItems('randomSplit', dataset);
  if (!Array.isArray(lengths) || ![...lengths].every((n) => typeof n === 'number'))
    throw new ValueError(`randomSplit: lengths must be a list of numbers, got ${describe(lengths)}`);
  const sizes = wholeLengths(lengths, dataset.length);
  const total = sizes.reduce((a, b) => a + b, 0);
  if (sizes.some((n) => !Number.isInteger(n) || n < 0) || total !== dataset.length)
    throw new ValueError(
      `randomSplit: lengths ${lengths.join(', ')} do not divide ${dataset.length} items; give whole numbers that sum to ` +
        `${dataset.length}, or fractions that sum to 1`,
    );
  const order = Array.from(randperm(total, options).memory);
  let start = 0;
  const parts = sizes.map((n) => {
    start += n;
    return new Subset(dataset, order.slice(start - n, start));
  });
  return parts as { -readonly [K in keyof L]: Subset<T> };
}

/** Converts fractions to numbers of items; returns anything else unchanged. */
function wholeLengths(lengths: readonly number[], items: number): number[] {
  const sum = lengths.reduce((a, b) => a + b, 0);
  if (sum > 1 || Math.abs(sum - 1) > 1e-9) return [...lengths];
  const bad = lengths.find((f) => !(f >= 0 && f <= 1));
  if (bad !== undefined) throw new ValueError(`randomSplit: a fraction is ${bad}; it must be from 0 to 1`);
  const sizes = lengths.map((f) => Math.floor(items * f));
  const left = items - sizes.reduce((a, b) => a + b, 0);
  return sizes.map((n, i) => n + Math.floor(left / sizes.length) + Number(i < left % sizes.length));
}
