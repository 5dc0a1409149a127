import { expect, it } from 'vitest';
import { Generator } from '../../../../src';
import { ValueError } from '../../../../src/errors';
import {
  gridPlaces,
  lowest,
  nearest,
  shareAhead,
  shuffledPlaces,
  thrownPlaces,
} from '../../../../src/lab/lessons/004-random-search-grid-or-dice';

const seeded = (seed: number) => ({ generator: new Generator().manualSeed(seed) });

it('makes grids half a cell inside, or on the bounds', () => {
  expect(gridPlaces(2)).toEqual([
    [0.25, 0.25],
    [0.25, 0.75],
    [0.75, 0.25],
    [0.75, 0.75],
  ]);
  expect(gridPlaces(2, { outer: 'bounds', axes: 1 })).toEqual([[0], [1]]);
  expect(gridPlaces(3, { axes: 3 })).toHaveLength(27);
});

it('draws numbers from the generator, position by position', () => {
  const once = thrownPlaces(3, seeded(1));
  expect(thrownPlaces(3, seeded(1))).toEqual(once);
  expect(once.flat()).toEqual(thrownPlaces(1, { axes: 6, ...seeded(1) })[0]);
  for (const value of thrownPlaces(100, seeded(2)).flat()) expect(value >= 0 && value < 1).toBe(true);
});

it('shuffles evenly spaced numbers, independently on each axis', () => {
  const places = shuffledPlaces(16, seeded(3));
  const even = Array.from({ length: 16 }, (_, i) => (i + 0.5) / 16);
  for (const axis of [0, 1]) expect(places.map((place) => place[axis]!).sort((a, b) => a - b)).toEqual(even);
  expect(places.map(([x]) => x)).not.toEqual(places.map(([, y]) => y));
});

it('counts an axis by its weight', () => {
  const places = [
    [0.5, 0.1],
    [0.3, 0.9],
  ];
  expect(lowest(places, [0.3, 0.1], [1, 0])).toBe(0);
  expect(lowest(places, [0.3, 0.1], [1, 1])).toBeCloseTo(0.04, 12);
  expect(lowest(places, [0.3, 0.1], [1, 0.1])).toBeCloseTo(0.0064, 12);
});

it('returns how often the first is ahead, never for two equal ones', () => {
  const bottoms = thrownPlaces(2000, seeded(4));
  const grid = bottoms.map(() => gridPlaces(4));
  const { generator } = seeded(5);
  const dice = bottoms.map(() => thrownPlaces(16, { generator }));
  expect(shareAhead({ bottoms, first: grid, second: grid }, [1, 1])).toBe(0);
  const idle = shareAhead({ bottoms, first: dice, second: grid }, [1, 0]);
  expect(idle).toBeGreaterThan(0.72);
  expect(idle + shareAhead({ bottoms, first: grid, second: dice }, [1, 0])).toBe(1);
  expect(shareAhead({ bottoms, first: dice, second: grid }, [1, 1])).toBeLessThan(0.4);
  expect(nearest([0.1, 0.9], 0.3)).toBeCloseTo(0.2, 12);
});

it('rejects invalid counts', () => {
  expect(() => gridPlaces(1, { outer: 'bounds' })).toThrow(ValueError);
  expect(() => thrownPlaces(0)).toThrow('whole number from 1 on');
  expect(() => shuffledPlaces(2.5)).toThrow(ValueError);
});
