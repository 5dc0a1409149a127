import { expect, it } from 'vitest';
import { Generator } from '../../../../src';
import { ValueError } from '../../../../src/errors';
import type { Pair } from '../../../../src/lab/classic';
import { pathFigure, roundCloud, rowsFigure, walk } from '../../../../src/lab/lessons/004-centring-inputs';

const cloud = (seed: number) => roundCloud({ generator: new Generator().manualSeed(seed) });
const around = (m: number): Pair[] => cloud(1).map(([p, q]) => [p + m, q + m]);
const goal: Pair = [1.4, -0.8];

it('has mean 0, standard deviation 1 and no correlation, exactly', () => {
  for (const seed of [1, 2, 3]) {
    const rows = cloud(seed);
    const mean = (by: (row: Pair) => number) => rows.reduce((sum, row) => sum + by(row), 0) / rows.length;
    expect(rows).toHaveLength(40);
    const moments = [mean(([p]) => p), mean(([, q]) => q), mean(([p, q]) => p * q)];
    for (const moment of moments) expect(moment).toBeCloseTo(0, 12);
    expect([mean(([p]) => p * p), mean(([, q]) => q * q)]).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
  }
});

it('arrives in one step at rate 1 without a mean, and shrinks by its two factors with one', () => {
  expect(walk(around(0), goal, { lr: 1 })).toHaveLength(2);
  const m = 2;
  const lr = 1 / (m * m + 1);
  const path = walk(around(m), goal, { lr });
  // Curvatures 2m² + 1 with both weights up, 1 with one up and one down.
  const [steep, flat] = [1 - lr * (2 * m * m + 1), 1 - lr];
  path.slice(0, 10).forEach(([p, q], t) => {
    expect(p + q - 0.6).toBeCloseTo(-0.6 * steep ** t, 10);
    expect(p - q - 2.2).toBeCloseTo(-2.2 * flat ** t, 10);
  });
});

it('ends at the given fraction, and rejects invalid clouds, rates and rows', () => {
  expect(walk(around(4), goal, { lr: 0.001, most: 5 })).toHaveLength(6);
  expect(() => roundCloud({ count: 2 })).toThrow(ValueError);
  expect(() => walk([], goal, { lr: 1 })).toThrow('at least one row');
  expect(() => walk(around(0), goal, { lr: Number.NaN })).toThrow('lr must be above 0');
});

it('draws each row from zero, and a path with its ends', () => {
  const [dots, lines] = rowsFigure([
    [1, 2],
    [-1, 3],
  ]).data as unknown as { x: (number | null)[] }[];
  expect(dots!.x).toEqual([1, -1]);
  expect(lines!.x).toEqual([0, 1, null, 0, -1, null]);
  const names = pathFigure(
    [
      [0, 0],
      [0.5, -0.2],
    ],
    goal,
  ).data.map(({ name }) => name);
  expect(names).toEqual(['steps', 'start', 'goal']);
});
