import { expect, it } from 'vitest';
import { Generator, randn } from '../../../../src';
import { ValueError } from '../../../../src/errors';
import { openPatterns, patternOf } from '../../../../src/lab/lessons/004-13';

const drawn = (rows: number, weights: number, seed: number) =>
  randn([rows, weights], { dtype: 'float64', generator: new Generator().manualSeed(seed) }).tolist() as number[][];

it('numbers patterns, the first weight the highest bit', () => {
  expect(patternOf([1, -2, 3])).toBe(0b101);
  expect(patternOf([-1, -1, -0.5])).toBe(0);
  expect(patternOf(Array(10).fill(0.1))).toBe(1023);
  expect(patternOf([1, 0, 1])).toBeUndefined();
});

it('leaves one row its own pattern and the opposite', () => {
  expect(openPatterns([[0.3, -1, 2]])).toEqual(new Set([0b101, 0b010]));
  expect(openPatterns([[0.3, 1, 2]])).toEqual(new Set([0, 0b111]));
});

it('cuts the plane of two blames into sectors', () => {
  // Weights that do not move on blame axes and on a diagonal: six sectors; ↑↓↑ has b1 > 0 > b2 and b1 + b2 > 0.
  expect(
    openPatterns([
      [1, 0, 1],
      [0, 1, 1],
    ]),
  ).toEqual(new Set([0b111, 0b101, 0b100, 0b000, 0b010, 0b011]));
});

it('finds for any rows what drawn blames find, and as many as the recursion of planes says', () => {
  const parts = (planes: number, blames: number): number =>
    blames === 0 ? 0 : planes === 1 ? 2 : parts(planes - 1, blames) + parts(planes - 1, blames - 1);
  for (const rows of [1, 2, 3, 4, 5, 6]) {
    const inputs = drawn(rows, 6, rows);
    const open = openPatterns(inputs);
    expect(open.size).toBe(parts(6, rows));
    for (const blames of drawn(500, rows, 9)) {
      const moves = inputs[0]!.map((_, j) => blames.reduce((sum, blame, i) => sum + blame * inputs[i]![j]!, 0));
      expect(open).toContain(patternOf(moves));
    }
  }
  expect([2, 3, 5, 10].map((rows) => openPatterns(drawn(rows, 10, rows)).size)).toEqual([20, 92, 512, 1024]);
});

it('refuses rows that are none, too many, of two lengths, or equal in an input', () => {
  expect(() => openPatterns([])).toThrow(ValueError);
  expect(() => openPatterns([[1], [2]])).toThrow('from 1 to 1 rows, got 2');
  expect(() => openPatterns([[1, 2], [1]])).toThrow('one length');
  expect(() =>
    openPatterns([
      [1, 2, 1],
      [3, 6, 1],
    ]),
  ).toThrow('meet by accident');
});
