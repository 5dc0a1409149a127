import { expect, it } from 'vitest';
import { Generator } from '../../../src';
import { ValueError } from '../../../src/errors';
import { datasets } from '../../../src/lab';

const seeded = (seed = 3) => new Generator().manualSeed(seed);

it('are rings of their radii, with alternating classes', () => {
  const { x, y } = datasets.rings(9000, { radii: [1, 2, 5], sd: 0.1, generator: seeded() });
  expect([x.shape, y.shape, x.dtype, y.dtype]).toEqual([[9000, 2], [9000], 'float64', 'float64']);
  expect(y.narrow(0, 0, 5).tolist()).toEqual([0, 1, 2, 0, 1]);
  const distances = x.square().sum(1).sqrt();
  for (const [k, radius] of [1, 2, 5].entries()) {
    const of = distances.maskedSelect(y.eq(k));
    expect(of.mean().item()).toBeCloseTo(radius, 2);
    expect(of.std().item()).toBeCloseTo(0.1, 2);
  }
  // All angles: the centre is the origin, and both axes have the same spread.
  expect(x.mean(0).abs().max().item()).toBeLessThan(0.1);
  const [across, along] = x.square().mean(0).tolist() as [number, number];
  expect(across / along).toBeCloseTo(1, 1);
});

it('have default radii, and use the given generator', () => {
  const first = datasets.rings(6, { sd: 0, generator: seeded() });
  const radii = first.x.square().sum(1).sqrt().tolist() as number[];
  for (const [i, radius] of radii.entries()) expect(radius).toBeCloseTo(1 + (i % 2), 12);
  expect(datasets.rings(6, { sd: 0, generator: seeded() }).x.equal(first.x)).toBe(true);
  expect(datasets.rings(6, { sd: 0, generator: seeded(4) }).x.equal(first.x)).toBe(false);
});

it('fill bands evenly, in all directions', () => {
  const { x, y } = datasets.rings(6000, { radii: [1, 2, 5], width: 0.8, generator: seeded(2) });
  const distances = x.square().sum(1).sqrt();
  for (const [k, radius] of [1, 2, 5].entries()) {
    const of = distances.maskedSelect(y.eq(k));
    expect(of.numel()).toBe(2000);
    expect(of.min().item()).toBeGreaterThan(radius - 0.4 - 1e-12);
    expect(of.max().item()).toBeLessThan(radius + 0.4 + 1e-12);
    expect(of.mean().item()).toBeCloseTo(radius, 1);
    // The variance of an even distribution over a width of 0.8: its square over 12.
    expect(of.std().item()).toBeCloseTo(0.8 / Math.sqrt(12), 2);
  }
  expect(x.div(distances.unsqueeze(1)).mean(0).abs().max().item()).toBeLessThan(0.05);
});

it('reject invalid arguments', () => {
  expect(() => datasets.rings(0)).toThrow(new ValueError('rings: n must be a whole number from 1 on, got 0'));
  expect(() => datasets.rings(5, { radii: [] })).toThrow('radii must be positive numbers');
  expect(() => datasets.rings(5, { radii: [1, -1] })).toThrow('radii must be positive numbers');
  expect(() => datasets.rings(5, { sd: -1 })).toThrow('sd must be 0 or more, got -1');
  expect(() => datasets.rings(5, { width: -1 })).toThrow('width must be 0 or more, got -1');
  expect(() => datasets.rings(5, { width: 1, sd: 0.1 })).toThrow(
    'give sd, for a bell around each radius, or width, for bands',
  );
  expect(() => datasets.rings(5, { noise: 1 } as never)).toThrow('there is no option noise');
});
