import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Generator } from '../../../../src';
import { ValueError } from '../../../../src/errors';
import {
  arrowsFigure,
  cone,
  pathFigure,
  type Row,
  shortestWalk,
  walk,
} from '../../../../src/lab/lessons/004-centring-inputs';

const seeded = (seed: number) => ({ generator: new Generator().manualSeed(seed) });
const goal = [1, -1];
const opposite = ({ x, y }: Row): Row => ({ x: x.map((value) => -value), y: -y });

it('draws inputs of length 1 in a cone, with targets that the goal meets', () => {
  const rows = cone(0.2, goal, { ...seeded(1), count: 400 });
  const angles = rows.map(({ x }) => Math.atan2(x[1]!, x[0]!) - Math.PI / 4);
  rows.forEach(({ x, y }) => {
    expect(Math.hypot(...x)).toBeCloseTo(1, 12);
    expect(y).toBeCloseTo(x[0]! - x[1]!, 12);
    expect(Math.min(...x)).toBeGreaterThan(0);
  });
  expect(Math.max(...angles.map(Math.abs))).toBeLessThan(Math.sqrt(3) * 0.2);
  expect(Math.sqrt(angles.reduce((sum, a) => sum + a * a, 0) / 400)).toBeCloseTo(0.2, 1);
});

it('takes the same way with any rows turned', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
      (seed, turned) => {
        const rows = cone(0.3, goal, seeded(seed));
        const some = rows.map((row, i) => (turned[i] ? opposite(row) : row));
        expect(walk(some, goal, { lr: 1 })).toEqual(walk(rows, goal, { lr: 1 }));
      },
    ),
    { numRuns: 20 },
  );
});

it('goes at rate 1 to where a row is right, and so in two steps with two rows at right angles', () => {
  const rows = [
    { x: [1, 0], y: 1 },
    { x: [0, 1], y: -1 },
  ];
  expect(walk(rows, goal, { lr: 1 })).toEqual([
    [0, 0],
    [1, 0],
    [1, -1],
  ]);
  expect(walk(rows, goal, { lr: 0.5, most: 3 })).toHaveLength(4);
});

it('finds a rate at which no other of the grid is sooner there', () => {
  const rows = cone(0.4, goal, seeded(2));
  const { lr, path } = shortestWalk(rows, goal);
  expect(walk(rows, goal, { lr })).toEqual(path);
  for (const other of [0.3, 0.8, 1, 1.5, 1.9])
    expect(walk(rows, goal, { lr: other }).length).toBeGreaterThanOrEqual(path.length);
});

it('refuses a width, a rate and rows that are none', () => {
  expect(() => cone(0, goal)).toThrow(ValueError);
  expect(() => walk([], goal, { lr: 1 })).toThrow('at least one row');
  expect(() => walk(cone(0.2, goal, seeded(1)), goal, { lr: Number.NaN })).toThrow('lr must be above 0');
});

it('draws each row from zero, and a path with its ends', () => {
  const rows = cone(0.2, goal, { ...seeded(1), count: 2 });
  const [arrows] = arrowsFigure(rows).data as unknown as { x: (number | null)[]; y: (number | null)[] }[];
  const near = (value: number) => expect.closeTo(value, 3);
  expect(arrows!.x).toEqual([0, near(rows[0]!.x[0]!), null, 0, near(rows[1]!.x[0]!), null]);
  expect(arrows!.y).toEqual([0, near(rows[0]!.x[1]!), null, 0, near(rows[1]!.x[1]!), null]);
  const names = pathFigure(
    [
      [0, 0],
      [0.5, -0.2],
    ],
    goal,
  ).data.map(({ name }) => name);
  expect(names).toEqual(['the path', 'start', 'goal']);
});
