import { expect, it } from 'vitest';
import { tensor } from '../../../../src';
import { PlotError } from '../../../../src/errors';
import * as lesson from '../../../../src/lab/lessons/003-policy-gradient';
import { policy } from '../../../../src/lab/lessons/003-policy-gradient';

const world = lesson.gridWorld({ size: [2, 3], goal: [0, 2], pits: [[1, 2]], walls: [[0, 1]], start: [0, 0] });
const none = [0, 0, 0, 0];
const chances = [[0, 0, 1, 0], none, none, [0.5, 0.49, 0, 0.01], [0, 0, 0, 1], none];

it('draws a triangle for each action, as long as its probability, and none for negligible ones', () => {
  const { data, layout } = policy(world, chances);
  const tips = (k: number) => {
    const { x, y } = data[k] as unknown as { x: number[]; y: number[] };
    return x.flatMap((one, i) => (i % 4 === 1 ? [[one, y[i]]] : []));
  };
  // Up and down from [0, 0], [1, 0] and [1, 1], then right and left. Rows go down; 0.01 is negligible.
  const [none, foot] = [0.11, 0.11];
  expect(tips(2)).toEqual([
    [0, -none],
    [0, 0.49],
    [0, 0.7],
    [0, 1 + none],
    [1, 1 - none],
    [1, 1 + none],
  ]);
  expect(tips(3)).toEqual([
    [none, 0],
    [-none, 0],
    [0.2962, 1],
    [-none, 1],
    [1 + none, 1],
    [0.51, 1],
  ]);
  expect(data[2]!.x).toHaveLength(24);
  expect((data[2]!.x as number[]).slice(4, 8)).toEqual([-foot, 0, foot, null]);
  expect(layout.yaxis).toMatchObject({ range: [1.5, -0.5], scaleanchor: 'x' });
});

it('colours cells by values, goal and pits by their rewards', () => {
  const { data, description } = policy(world, tensor(chances), { values: [0.5, 9, 9, -0.12345, 0, 9], title: 'T' });
  expect(data[0]).toMatchObject({
    z: [
      [0.5, 0, 1],
      [-0.123, 0, -1],
    ],
    zmin: -1.5,
    zmax: 1.5,
  });
  expect(description).toBe('Grid world: T. Likely actions, row by row: ↓■★ ·←✕. It starts at [0,0], of value 0.5.');
});

it('draws a walk from cell to cell, offset where it returns', () => {
  const { data, description } = policy(world, chances, {
    track: [
      [0, 0],
      [1, 0],
      [0, 0],
      [1, 0],
      [1, 1],
    ],
  });
  const { x, y } = data[4] as unknown as { x: number[]; y: number[] };
  expect([x[0], y[0], x[1], y[1], x[4], y[4]]).toEqual([0, 0, 0, 1, 1, 1]);
  expect(Math.hypot(x[2]!, y[2]!)).toBeGreaterThan(0.1);
  expect(Math.hypot(x[3]!, y[3]! - 1)).toBeLessThan(0.3);
  expect(description).toContain('A walk of 4 steps ends at [1,1].');
});

it('marks goal, pits and start, and draws walls if there are some', () => {
  const { data } = policy(world, chances);
  expect(data[5]).toMatchObject({ x: [2, 2, 0], y: [0, 1, 0], marker: { symbol: ['star', 'x', 'circle-open'] } });
  expect(data[1]!.x).toEqual([0.5, 1.5, 1.5, 0.5, null]);
  const open = lesson.gridWorld({ size: 2, goal: [0, 1], pits: [], start: [1, 0] });
  const still = policy(open, [none, none, none, none]);
  expect([still.data[1]!.x, still.data[4]!.x]).toEqual([[null], [null]]);
});

it.each<[string, () => unknown, string]>([
  ['a table of another size', () => policy(world, [none]), 'four for each of the 6 cells'],
  ['a probability above 1', () => policy(world, [...chances.slice(0, 5), [2, 0, 0, 0]]), 'from 0 to 1, got 2'],
  ['values of another size', () => policy(world, chances, { values: [1] }), 'one for each of the 6 cells, got 1'],
])('rejects %s', (_, draw, message) => {
  expect(draw).toThrow(PlotError);
  expect(draw).toThrow(message);
});
