import { expect, it } from 'vitest';
import { Generator, optim, tensor } from '../../../../src';
import { descendInValleys, descendWithNoise, valleys } from '../../../../src/lab/lessons/004-45';

const { bottoms, bend, loss, slope, top } = valleys;

it('has level places at its top and bottoms, and the slope of its loss', () => {
  for (const place of [top, ...bottoms]) expect(slope(place)).toBeCloseTo(0, 12);
  expect((loss(0.7 + 1e-5) - loss(0.7 - 1e-5)) / 2e-5).toBeCloseTo(slope(0.7), 8);
  expect((slope(1.5) - slope(1.5 - 1e-6)) / 1e-6).toBeCloseTo(bend, 3);
  expect(loss(bottoms[0])).toBeLessThan(loss(bottoms[1]));
});

it('keeps one sign below 1/L and both above, and ends in its own valley', () => {
  for (const start of [-1.4, -0.5, 0.05, 0.2, 1, 1.5]) {
    const { end, ways } = descendInValleys(start, 0.9 / bend);
    const home = bottoms[start < top ? 0 : 1];
    expect(end).toBeCloseTo(home, 6);
    expect(ways).toBe(start < home ? 'right' : 'left');
  }
  // A step of 3/L leaps over the bottom: from its left side, or from far at the right.
  expect([1, 1.3, 1.5, -0.5].map((start) => descendInValleys(start, 3 / bend).ways)).toEqual([
    'left',
    'both',
    'both',
    'both',
  ]);
  expect(descendInValleys(bottoms[1], 0.9 / bend).ways).toBe('none');
});

it('keeps speed as optim.SGD does, and so may cross', () => {
  const { end } = descendInValleys(1.45, 0.9 / bend, { steps: 60, momentum: 0.9 });
  const w = tensor([1.45], { dtype: 'float64', requiresGrad: true });
  const sgd = new optim.SGD([w], { lr: 0.9 / bend, momentum: 0.9 });
  for (let step = 0; step < 60; step++) {
    sgd.zeroGrad();
    w.pow(4).sub(w.square().mul(2)).add(w.div(2)).sum().backward();
    sgd.step();
  }
  expect(end).toBeCloseTo(w.item(), 9);
  expect(end).toBeLessThan(top);
});

it('stays without noise, and is carried across by much of it', () => {
  const run = (noise: number) =>
    Array.from({ length: 40 }, (_, seed) =>
      descendWithNoise(bottoms[1], 0.9 / bend, noise, { generator: new Generator().manualSeed(seed + 1) }),
    );
  expect(Math.max(...run(0).map((places) => Math.abs(places.at(-1)! - bottoms[1])))).toBeLessThan(1e-9);
  expect(run(8).filter((places) => places.at(-1)! < top).length).toBeGreaterThan(10);
  expect(run(8)[0]).toHaveLength(401);
});
