import { expect, it } from 'vitest';
import { cutsNeeded, shareByCuts } from '../../../../src/lab/lessons/004-17';

it('counts what cuts get right around a circle', () => {
  expect([0, 1, 2, 3, 4].map((cuts) => shareByCuts(cuts, 1, 2))).toEqual(
    [1 / 2, 2 / 3, 5 / 6, 1, 1].map((share) => expect.closeTo(share, 12)),
  );
  expect(shareByCuts(3, 1, 1.5)).toBeCloseTo(0.5 + (3 * 2 * 48.1897) / 720, 5);
});

it('counts the cuts of a fence: a polygon of n sides fits where the radii are 1 and 1/cos(π/n)', () => {
  expect([2, 1.5, 1.2, 1.1].map((outer) => cutsNeeded(1, outer))).toEqual([3, 4, 6, 8]);
  for (const n of [3, 5, 12]) {
    const outer = 1 / Math.cos(Math.PI / n);
    expect(cutsNeeded(1, outer)).toBe(n);
    expect(cutsNeeded(1, outer - 1e-6)).toBe(n + 1);
    expect(shareByCuts(n, 1, outer)).toBeCloseTo(1, 9);
  }
});
