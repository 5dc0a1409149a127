import { expect, it } from 'vitest';
import { manualSeed, nn, optim, training } from '../../../../src';
import {
  errorOn,
  gridPlaces,
  LossMap,
  mapFigure,
  shadowsFigure,
  triesFigure,
  waveErrors,
  waveNet,
  wavePoints,
} from '../../../../src/lab/lessons/004-random-search-grid-or-dice';

it('has noise on the training points, and clean points between', () => {
  const { seen, fresh } = wavePoints();
  const spread = seen.y.sub(seen.x.mul(2).sin()).square().mean().sqrt().item();
  expect(spread).toBeGreaterThan(0.07);
  expect(spread).toBeLessThan(0.13);
  expect(fresh.y.sub(fresh.x.mul(2).sin()).abs().max().item()).toBe(0);
  expect(errorOn(new nn.Linear(1, 1), { x: fresh.x, y: fresh.x.mul(0).add(1e3) })).toBeGreaterThan(9e5);
});

it('trains nets together as fit trains each alone', () => {
  const [seeds, rates, eps, epochs] = [[3, 7], [0.01, 0.3], 1e-6, 5];
  const found = waveErrors(6, { seeds, rates, eps, epochs });
  const { seen, fresh } = wavePoints();
  const alone = (lr: number, seed: number) => {
    manualSeed(seed);
    const net = waveNet(6);
    training.fit(net, seen, {
      loss: nn.functional.mseLoss,
      optimizer: new optim.Adam(net.parameters(), { lr, eps }),
      epochs,
    });
    return errorOn(net, fresh);
  };
  rates.forEach((rate, i) => {
    seeds.forEach((seed, k) => {
      expect(found[i]![k]).toBeCloseTo(alone(rate, seed), 5);
    });
  });
});

it('interpolates the logarithms of losses linearly', () => {
  const map = new LossMap([
    [1, 100],
    [1e-2, 1],
  ]);
  expect(map.at([0, 0])).toBeCloseTo(1, 12);
  expect(map.at([1, 1])).toBeCloseTo(1, 12);
  expect(map.at([0.5, 0])).toBeCloseTo(10, 12);
  expect(map.at([0, 0.5])).toBeCloseTo(0.1, 12);
  expect(map.best(gridPlaces(2, { outer: 'bounds' }))).toBeCloseTo(0.01, 12);
  expect(map.best([[1, 1]], [0, 0.5], 0.5)).toBeCloseTo(0.1, 12);
});

it('draws tries with their shadows, each at its own rate', () => {
  const grid = gridPlaces(2);
  const figure = triesFigure({ grid, dice: [[0.1, 0.2]] }, [0.4, 0.6], 0);
  const named = (name: string) => figure.data.find((trace) => trace.name === name)!;
  expect(named('grid').x).toEqual([0.25, 0.25, 0.75, 0.75]);
  expect(named('grid, its rates').x).toEqual([0.25, 0.25, 0.75, 0.75]);
  expect(named('random, its rates')).toMatchObject({ x: [0.1], y: [-0.17] });
  expect(new Set(named('equally good').y as number[]).size).toBeGreaterThan(3);
});

it('draws the ring through the closest try of each, also in a rotated valley', () => {
  const tries = { grid: gridPlaces(2), dice: [[0.1, 0.2]] };
  const farthest = (figure: ReturnType<typeof triesFigure>, name: string, across: (x: number, y: number) => number) => {
    const { x, y } = figure.data.find((trace) => trace.name === `through the closest, ${name}`)!;
    return Math.max(...(x as number[]).map((u, i) => across(u - 0.4, (y as number[])[i]! - 0.6)));
  };
  const round = triesFigure(tries, [0.4, 0.6], 1);
  expect(farthest(round, 'grid', Math.hypot)).toBeCloseTo(Math.hypot(0.15, 0.15), 2);
  expect(farthest(round, 'random', Math.hypot)).toBeCloseTo(0.5, 2);
  const diagonal = triesFigure(tries, [0.4, 0.6], 0, Math.PI / 4);
  const across = (x: number, y: number) => Math.abs(x + y) / Math.SQRT2;
  expect(farthest(diagonal, 'random', across)).toBeCloseTo(0.7 / Math.SQRT2, 2);
  expect(diagonal.data.some((trace) => trace.name === 'grid, its rates')).toBe(false);
});

it('draws a log-scaled map with tries on it, and shadows in two rows', () => {
  const map = new LossMap([
    [1, 100],
    [1e-2, 1],
  ]);
  const rates = { title: 'rate', at: [0, 1], says: ['0.01', '1'] };
  const figure = mapFigure(map, { grid: [[0, 0.5]], dice: [[0.25, 1]] }, { x: rates, y: rates });
  const named = (name: string) => figure.data.find((trace) => trace.name === name)!;
  expect(named('grid')).toMatchObject({ x: [0], y: [0.5] });
  expect(named('random')).toMatchObject({ x: [0.25], y: [1] });
  expect((figure.layout.xaxis as { ticktext: string[] }).ticktext).toEqual(['0.01', '1']);
  const shadows = shadowsFigure({ grid: [0.5], dice: [0.1, 0.9] });
  expect(shadows.data.map(({ x, y }) => [x, y])).toEqual([
    [[0.5], [1]],
    [
      [0.1, 0.9],
      [0, 0],
    ],
  ]);
  expect(
    waveNet(7)
      .parameters()
      .reduce((sum, one) => sum + one.numel(), 0),
  ).toBe(22);
});
