import { requireOptions } from '../data/checks';
import { ValueError } from '../errors';
import type { Generator } from '../random';
import { textOf } from '../text-of';

/** How a tree is grown: options of every tree and of all that is made of trees. */
export interface TreeOptions {
  /** The most cuts between the root and a leaf. Default: as many as it takes. */
  maxDepth?: number;
  /** A node with fewer rows is not cut. Default: 2. */
  minSamplesSplit?: number;
  /** A cut leaves at least so many rows on either side. Default: 1. */
  minSamplesLeaf?: number;
  /** A cut that lowers the impurity, weighted with the node's share of the rows, by less is not made. Default: 0. */
  minImpurityDecrease?: number;
  /**
   * How many features are looked at for a cut, drawn anew for each: a whole number, a share below 1, `'sqrt'` or `'log2'` of their
   * number. Where all of those are constant, further ones are drawn. Default: all.
   */
  maxFeatures?: number | 'sqrt' | 'log2';
  /**
   * Where the features are drawn from; if it is given, the features are gone through in random order, so that chance decides
   * between cuts that are equally good, otherwise the first feature has it. Default: the default generator, where
   * `maxFeatures` leaves features out.
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
    throw new ValueError(`${who}: ${name} must be a whole number from ${least} on, got ${textOf(value)}`);
}

/** @throws {ValueError} unless it is one of these words. @internal */
export function checkWord(who: string, name: string, value: unknown, words: readonly string[]): void {
  if (!words.includes(value as string))
    throw new ValueError(
      `${who}: ${name} must be ${words.map((word) => `'${word}'`).join(' or ')}, got ${textOf(value)}`,
    );
}

/** @throws {ValueError} unless these are options of a tree, or named in `further`. @internal */
export function checkTreeOptions(who: string, options: TreeOptions, further: readonly string[]): void {
  requireOptions(who, options, [...further, ...treeOptions]);
  const { maxDepth, minSamplesSplit = 2, minSamplesLeaf = 1, minImpurityDecrease = 0, maxFeatures } = options;
  if (maxDepth !== undefined) checkWhole(who, 'maxDepth', maxDepth, 1);
  checkWhole(who, 'minSamplesSplit', minSamplesSplit, 2);
  checkWhole(who, 'minSamplesLeaf', minSamplesLeaf, 1);
  if (!(Number.isFinite(minImpurityDecrease) && minImpurityDecrease >= 0))
    throw new ValueError(`${who}: minImpurityDecrease must be 0 or more, got ${textOf(minImpurityDecrease)}`);
  const isCount = Number.isInteger(maxFeatures) && (maxFeatures as number) >= 1;
  const isShare = typeof maxFeatures === 'number' && maxFeatures > 0 && maxFeatures < 1;
  if (maxFeatures !== undefined && maxFeatures !== 'sqrt' && maxFeatures !== 'log2' && !isCount && !isShare)
    throw new ValueError(
      `${who}: maxFeatures must be a whole number from 1 on, a share between 0 and 1, 'sqrt' or 'log2', got ${textOf(maxFeatures)}`,
    );
}

/**
 * How many of `features` a cut looks at.
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
