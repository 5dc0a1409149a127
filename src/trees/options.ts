import { describe } from '../describe';
import { ValueError } from '../errors';
import type { Generator } from '../random';

/** Options of every tree and of ensembles of trees. */
export interface TreeOptions {
  /** The largest number of splits between the root and a leaf. Default: no limit. */
  maxDepth?: number;
  /** A node with fewer rows is not split. Default: 2. */
  minSamplesSplit?: number;
  /** The least number of rows on each side of a split. Default: 1. */
  minSamplesLeaf?: number;
  /** The least decrease in impurity of a split, weighted with the node's fraction of the rows. Default: 0. */
  minImpurityDecrease?: number;
  /**
   * Number of features tested for a split, drawn again for each: a whole number, a fraction below 1, `'sqrt'` or
   * `'log2'` of their number. If all of them are constant, further ones are drawn. Default: all.
   */
  maxFeatures?: number | 'sqrt' | 'log2';
  /**
   * The generator of the features. With it, features are tested in random order, so that equally good splits are chosen
   * at random; else the first feature wins. Default: none, or the default generator if `maxFeatures` excludes features.
   */
  generator?: Generator;
}

/** The names of {@link TreeOptions}. @internal */
export const treeOptions = [
  'maxDepth',
  'minSamplesSplit',
  'minSamplesLeaf',
  'minImpurityDecrease',
  'maxFeatures',
  'generator',
] as const;

/** @throws {ValueError} unless it is a whole number from `least` on. @internal */
export function checkWhole(who: string, name: string, value: unknown, least: number): void {
  if (!Number.isInteger(value) || (value as number) < least)
    throw new ValueError(`${who}: ${name} must be a whole number from ${least} on, got ${describe(value)}`);
}

/** @throws {ValueError} unless it is one of these strings. @internal */
export function checkWord(who: string, name: string, value: unknown, words: readonly string[]): void {
  if (!words.includes(value as string))
    throw new ValueError(
      `${who}: ${name} must be ${words.map((word) => `'${word}'`).join(' or ')}, got ${describe(value)}`,
    );
}

/** @throws {ValueError} if an option is out of range. @internal */
export function checkTreeOptions(who: string, options: TreeOptions): void {
  const { maxDepth, minSamplesSplit = 2, minSamplesLeaf = 1, minImpurityDecrease = 0, maxFeatures } = options;
  if (maxDepth !== undefined) checkWhole(who, 'maxDepth', maxDepth, 1);
  checkWhole(who, 'minSamplesSplit', minSamplesSplit, 2);
  checkWhole(who, 'minSamplesLeaf', minSamplesLeaf, 1);
  if (!(Number.isFinite(minImpurityDecrease) && minImpurityDecrease >= 0))
    throw new ValueError(`${who}: minImpurityDecrease must be 0 or more, got ${describe(minImpurityDecrease)}`);
  const isCount = Number.isInteger(maxFeatures) && (maxFeatures as number) >= 1;
  const isShare = typeof maxFeatures === 'number' && maxFeatures > 0 && maxFeatures < 1;
  if (maxFeatures !== undefined && maxFeatures !== 'sqrt' && maxFeatures !== 'log2' && !isCount && !isShare)
    throw new ValueError(
      `${who}: maxFeatures must be a whole number from 1 on, a share between 0 and 1, 'sqrt' or 'log2', got ${describe(maxFeatures)}`,
    );
}

/**
 * Returns the number of features that a split tests.
 * @throws {ValueError} if there are fewer.
 * @internal
 */
export function countFeatures(who: string, { maxFeatures }: TreeOptions, features: number): number {
  if (maxFeatures === undefined) return features;
  if (typeof maxFeatures === 'string') return Math.max(1, Math.floor(Math[maxFeatures](features)));
  if (maxFeatures > features)
    throw new ValueError(`${who}: maxFeatures is ${maxFeatures}, but X has only ${features} columns`);
  return maxFeatures < 1 ? Math.max(1, Math.floor(maxFeatures * features)) : maxFeatures;
}
