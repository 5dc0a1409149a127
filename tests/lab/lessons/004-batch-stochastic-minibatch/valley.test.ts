import { expect, it } from 'vitest';
import { Generator, linalg, tensor } from '../../../../src';
import { classic } from '../../../../src/lab';
import { distances, noisyLine, sizes, valley } from '../../../../src/lab/lessons/004-batch-stochastic-minibatch';

const seeded = (seed: number) => new Generator().manualSeed(seed);
const columns = (x: readonly number[]) => x.map((value) => [value, 1]);

it('has rows whose best line is that of least squares', () => {
  for (const bowl of ['round', 'long'] as const) {
    const { x, y, goal } = noisyLine({ bowl, seed: 3 });
    const double = { dtype: 'float64' } as const;
    const found = linalg.lstsq(tensor(columns(x), double), tensor(y, double).unsqueeze(1)).solution;
    expect(
      found
        .flatten()
        .sub(tensor([...goal], double))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-12);
    expect(Math.hypot(goal[0] - 2, goal[1] - 1)).toBeLessThan(0.2);
  }
});

it('walks like classic.sgd', () => {
  const line = noisyLine({ seed: 2 });
  for (const batch of [1, 16, 100, 256]) {
    const options = { batch, passes: 3 };
    const found = distances(line, { ...options, rate: 0.05, schedule: (pass) => 1 / pass, generator: seeded(5) });
    const { points, spent } = classic.sgd(columns(line.x), line.y, {
      ...options,
      lr: 0.05,
      schedule: (pass) => 1 / (pass + 1),
      generator: seeded(5),
    });
    const after = [1, 2, 3].map((pass) => points[spent.indexOf(256 * pass)]!);
    for (const [i, [slope, start]] of after.entries())
      expect(found[i]).toBeCloseTo(Math.hypot(slope! - line.goal[0], start! - line.goal[1]), 12);
  }
});

it('returns eight walks for each batch size', () => {
  const all = valley({ passes: 2, rateOf: (batch) => 0.001 * batch });
  expect(all.map((runs) => runs.length)).toEqual(sizes.map(() => 8));
  expect(all[4]![7]).toEqual(
    distances(noisyLine({ seed: 8 }), { batch: 16, rate: 0.016, passes: 2, generator: seeded(1008) }),
  );
});

it('rejects an empty batch, and one with too many rows', () => {
  for (const batch of [0, 257, 1.5])
    expect(() => distances(noisyLine(), { batch, rate: 0.05, passes: 1, generator: seeded(1) })).toThrow(
      'distances: batch must be a whole number from 1 to 256',
    );
});
