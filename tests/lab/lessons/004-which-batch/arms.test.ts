import { expect, it } from 'vitest';
import { Generator } from '../../../../src';
import { spiralArms } from '../../../../src/lab/lessons/004-which-batch';

it('puts points of both classes on arms that face each other', () => {
  const { x, y } = spiralArms(400, new Generator().manualSeed(1));
  expect([x.shape, y.shape]).toEqual([
    [400, 2],
    [400, 1],
  ]);
  expect(y.mean().item()).toBe(0.5);
  const radius = x.square().sum(1).sqrt();
  expect(radius.min().item()).toBeGreaterThan(0.05);
  expect(radius.max().item()).toBeLessThan(2.4);
  // The arm of class 1 is that of class 0 turned by half a turn: at the same radius their angles differ by π.
  const rows = x.tolist() as number[][];
  const near = (k: number) => rows.filter((row, i) => i % 2 === k && Math.abs(Math.hypot(...row) - 0.7) < 0.15);
  const angle = (k: number) => {
    const [a, b] = [0, 1].map((j) => near(k).reduce((sum, row) => sum + row[j]!, 0));
    return Math.atan2(b!, a!);
  };
  expect(Math.abs(angle(1) - angle(0))).toBeCloseTo(Math.PI, 0);
});
