import { expect, it } from 'vitest';
import type { Tensor } from '../../../../src';
import { PlotError } from '../../../../src/errors';
import { regions, warpedGrid } from '../../../../src/lab/lessons/004-05';
import { type PlotlyTrace, slider } from '../../../../src/lab/plot';

type Places = { x: (number | null)[]; y: (number | null)[] };
const traces = (figure: { data: PlotlyTrace[] }) => figure.data as unknown as (PlotlyTrace & Places)[];
const pairs = ({ x, y }: Places) => x.map((u, i) => [u, y[i]!] as [number | null, number | null]);

/** A probability of ½ on the circle around 0 of this radius. */
const disc = (radius: number) => (places: Tensor) =>
  places
    .square()
    .sum(1)
    .sub(radius ** 2)
    .sigmoid();

it('draws the border of a classifier where its probability is ½', () => {
  const figure = regions(disc(0.7), {
    points: [
      { name: 'in', points: [[0, 0]] },
      {
        name: 'out',
        points: [
          [0.9, 0.9],
          [-0.9, 0.9],
        ],
      },
    ],
    title: 'Disc',
  });
  const [ground, border, inside, outside] = traces(figure);
  for (const [x, y] of pairs(border!)) expect(Math.hypot(x!, y!)).toBeCloseTo(0.7, 2);
  expect(pairs(border!).length).toBeGreaterThan(40);
  const { dtype, bdata, shape } = ground!.z as { dtype: string; bdata: string; shape: string };
  expect([dtype, shape]).toEqual(['u1', '49, 49']);
  const bytes = Buffer.from(bdata, 'base64');
  const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
  expect(bytes[24 * 49 + 24]).toBe(Math.round(200 * sigmoid(-0.49)));
  expect(bytes[0]).toBe(Math.round(200 * sigmoid(2 - 0.49)));
  // The first row is the lowest y, the first column the lowest x.
  const slanted = traces(regions((places) => places.select(1, 1).add(1).div(2)))[0]!.z as { bdata: string };
  expect([...Buffer.from(slanted.bdata, 'base64')].slice(0, 2)).toEqual([0, 0]);
  expect([pairs(inside!), pairs(outside!).length]).toEqual([[[0, 0]], 2]);
  expect(figure.description).toBe(
    'Regions: Disc. x₁ from -1 to 1, x₂ from -1 to 1; class 1 has 63 % of the places, its border 1 line. ' +
      '“in”: 1 points. “out”: 2 points.',
  );
});

it('draws no border where one class has everything, and moves behind a slider', () => {
  const figure = slider([0.5, 9], (radius) => regions(disc(radius)));
  expect(traces(regions(disc(9)))[1]!.x).toEqual([null]);
  expect(figure.frames[1]!.traces).toEqual([0, 1]);
});

it('refuses what gives no probabilities', () => {
  expect(() => regions((places) => places.sum(1))).toThrow(PlotError);
  expect(() => regions(() => [0.5])).toThrow('must give 2401 numbers, one for each place, got 1');
  expect(() => regions(disc(1), { resolution: 1 })).toThrow('resolution must be a whole number from 2 to 200');
  const points = ['a', 'b', 'c'].map((name) => ({ name, points: [[0, 0]] }));
  expect(() => regions(disc(1), { points })).toThrow('there are two classes, got 3 groups');
});

it('carries a grid: lines, edge, points and a line that cuts', () => {
  const figure = warpedGrid((x, y) => [2 * x + y, y - x + 1], {
    lines: 3,
    points: [{ name: 'corner', points: [[1, 1]] }],
    cut: [1, 0, -1],
    cutName: 'half',
    range: { x: [-4, 4], y: [-3, 3] },
  });
  const [grid, edge, cut, corner] = traces(figure);
  // A straight map keeps lines straight: x = 0 becomes (y, y + 1).
  const first = pairs(grid!).slice(0, 25);
  for (const [u, v] of first) expect(v! - u!).toBeCloseTo(1, 3);
  expect([first[0], first[24]]).toEqual([
    [-1, 0],
    [1, 2],
  ]);
  expect(pairs(edge!).filter(([u]) => u === null)).toHaveLength(3);
  expect(pairs(cut!)).toEqual([
    [1, -3],
    [1, 3],
  ]);
  expect(pairs(corner!)).toEqual([[3, 1]]);
  expect(figure.description).toBe(
    'Carried grid. x from -1 to 1 and y from -1 to 1 become x₁ from -3 to 3, x₂ from -1 to 3. ' +
      '“corner”: (1, 1) to (3, 1). “half” runs from (1, -3) to (1, 3).',
  );
});

it('cuts slantwise, through a corner, or not at all', () => {
  const cutOf = (cut: [number, number, number]) =>
    pairs(traces(warpedGrid((x, y) => [x, y], { cut, range: { x: [-1, 1], y: [-1, 1] } }))[2]!);
  expect(cutOf([1, 1, 0])).toEqual([
    [-1, 1],
    [1, -1],
  ]);
  expect(cutOf([0, 2, -1])).toEqual([
    [-1, 0.5],
    [1, 0.5],
  ]);
  expect(cutOf([1, 1, 9])).toEqual([[null, null]]);
});

it('refuses maps and lines that are none', () => {
  expect(() => warpedGrid(() => [0, Number.NaN])).toThrow('expected a point of two finite numbers');
  expect(() => warpedGrid((x, y) => [x, y], { lines: 1 })).toThrow('lines must be a whole number from 2 on, got 1');
  expect(() => warpedGrid((x, y) => [x, y], { cut: [0, 0, 1] })).toThrow('cut must be three finite numbers');
});
