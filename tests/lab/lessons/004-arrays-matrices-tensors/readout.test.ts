import { expect, it } from 'vitest';
import { Generator, randn, tensor } from '../../../../src';
import { readout, shareTold } from '../../../../src/lab/lessons/004-arrays-matrices-tensors';

const double = { dtype: 'float64' } as const;

it('finds where the gradient of the cross entropy vanishes', () => {
  const generator = new Generator().manualSeed(2);
  const x = randn([200, 3], { ...double, generator });
  const y = x
    .select(1, 0)
    .add(randn([200], { ...double, generator }))
    .gt(0.3)
    .to('float64');
  const odds = readout(x, y);
  const misses = odds(x).sigmoid().sub(y);
  // Except for the penalty, 0.001 times each weight.
  for (const slope of [...(x.t().matmul(misses).tolist() as number[]), misses.sum().item()])
    expect(Math.abs(slope)).toBeLessThan(0.01);
  expect(shareTold(odds(x), y)).toBeGreaterThan(0.7);
});

it('separates what is linearly separable with certainty', () => {
  const x = tensor([[0], [1], [2], [3]], double);
  const y = tensor([0, 0, 1, 1], double);
  expect(shareTold(readout(x, y)(x), y)).toBe(1);
  expect(shareTold(readout(x, y)(x), y.neg().add(1))).toBe(0);
  expect(readout(x, y)(tensor([[1.5]], double)).item()).toBeCloseTo(0, 6);
});
