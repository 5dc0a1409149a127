import { expect, it } from 'vitest';
import { Generator } from '../../../../src';
import { ValueError } from '../../../../src/errors';
import * as lesson from '../../../../src/lab/lessons/004-a-rate-for-every-weight';

const seeded = (seed: number) => new Generator().manualSeed(seed);

it('has features of 0 and 1 in the shares that were asked for, and a noisy sum of them', () => {
  const { x, y, w } = lesson.sparseRegression(20_000, {
    frequent: 3,
    rare: 2,
    rarity: 0.05,
    noise: 0.5,
    generator: seeded(1),
  });
  expect([[...x.shape], [...y.shape], [...w.shape], x.dtype]).toEqual([[20_000, 5], [20_000], [5], 'float64']);
  expect(x.mul(x.sub(1)).abs().max().item()).toBe(0);
  const means = x.mean(0).tolist() as number[];
  for (const [k, mean] of means.entries()) expect(mean).toBeCloseTo(k < 3 ? 0.9 : 0.05, 2);
  const rest = y.sub(x.matmul(w));
  expect(rest.mean().item()).toBeCloseTo(0, 1);
  expect(rest.std().item()).toBeCloseTo(0.5, 2);
  // Features are there independently of each other.
  const both = x.select(1, 0).mul(x.select(1, 3)).mean().item();
  expect(both).toBeCloseTo(0.9 * 0.05, 2);
});

it('is the same for the same seed, and draws no noise where there is none', () => {
  const make = (noise: number) => lesson.sparseRegression(50, { noise, generator: seeded(3) });
  expect(make(0.1).y.tolist()).toEqual(make(0.1).y.tolist());
  const exact = make(0);
  expect(exact.y.tolist()).toEqual(exact.x.matmul(exact.w).tolist());
  expect(exact.w.tolist()).toEqual(make(0.1).w.tolist());
});

it('refuses shares and numbers that do not fit', () => {
  expect(() => lesson.sparseRegression(0)).toThrow(ValueError);
  expect(() => lesson.sparseRegression(5, { rare: -1 })).toThrow('rare must be a whole number from 0 on, got -1');
  expect(() => lesson.sparseRegression(5, { rare: 0, frequent: 0 })).toThrow('frequent + rare');
  expect(() => lesson.sparseRegression(5, { rarity: 1.5 })).toThrow('rarity must be from 0 to 1, got 1.5');
  expect(() => lesson.sparseRegression(5, { noise: -1 })).toThrow('noise');
});
