import { expect, it } from 'vitest';
import { Generator } from '../../../src';
import { datasets } from '../../../src/lab';

const seeded = (seed: number) => new Generator().manualSeed(seed);
const centres = [
  [-2, 0, 1],
  [3, 3, 3],
];

it('are normally distributed around the given centres, one after the other', () => {
  const { x, y } = datasets.clusters(centres, { perCentre: 5000, sd: 0.5, generator: seeded(4) });
  expect([x.shape, y.shape, x.dtype, y.dtype]).toEqual([[10_000, 3], [10_000], 'float64', 'int32']);
  centres.forEach((centre, k) => {
    const own = x.narrow(0, 5000 * k, 5000);
    expect(
      y
        .narrow(0, 5000 * k, 5000)
        .ne(k)
        .sum()
        .item(),
    ).toBe(0);
    centre.forEach((value, i) => {
      expect(own.select(1, i).mean().item()).toBeCloseTo(value, 1);
      expect(own.select(1, i).std().item()).toBeCloseTo(0.5, 1);
    });
  });
  expect(datasets.clusters(centres, { perCentre: 1, sd: 0 }).x.tolist()).toEqual(centres);
});

it('reject invalid arguments', () => {
  expect(() => datasets.clusters([])).toThrow('centres must be points such as');
  expect(() => datasets.clusters([[1], [1, 2]])).toThrow('centres must be points such as');
  expect(() => datasets.clusters([[1, 2]], { perCentre: 0 })).toThrow(
    'perCentre must be a whole number from 1 on, got 0',
  );
  expect(() => datasets.clusters([[1, 2]], { sd: -1 })).toThrow('sd must be 0 or more, got -1');
  expect(() => datasets.clusters([[1, 2]], { seed: 1 } as never)).toThrow('there is no option seed');
});
