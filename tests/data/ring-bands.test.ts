import { expect, it } from 'vitest';
import { data, Generator } from '../../src';

const seeded = (seed: number) => new Generator().manualSeed(seed);

it('fills each band evenly, in all directions', () => {
  const bands = [
    [0.5, 1],
    [2, 2],
    [3, 5],
  ] as const;
  const { x, y } = data.ringBands(6000, { bands, generator: seeded(2) });
  expect([x.shape, y.shape, x.dtype, y.dtype]).toEqual([[6000, 2], [6000], 'float64', 'int32']);
  const labels = y.tolist() as number[];
  const radii = (x.tolist() as [number, number][]).map((row) => Math.hypot(...row));
  bands.forEach(([low, high], k) => {
    const own = radii.filter((_, i) => labels[i] === k);
    expect(own).toHaveLength(2000);
    expect(Math.min(...own)).toBeGreaterThan(low - 1e-12);
    expect(Math.max(...own)).toBeLessThan(high + 1e-12);
    expect(own.reduce((a, b) => a + b, 0) / 2000).toBeCloseTo((low + high) / 2, 1);
  });
  for (const mean of x.div(x.square().sum(1).sqrt().unsqueeze(1)).mean(0).tolist() as number[])
    expect(mean).toBeCloseTo(0, 1);
});

it('says what cannot be', () => {
  expect(() => data.ringBands(0)).toThrow('n must be a whole number from 1 on, got 0');
  expect(() => data.ringBands(5, { bands: [] })).toThrow('bands must be radii such as');
  expect(() => data.ringBands(5, { bands: [[2, 1]] })).toThrow('bands must be radii such as');
  expect(() => data.ringBands(5, { seed: 1 } as never)).toThrow('there is no option seed');
});
