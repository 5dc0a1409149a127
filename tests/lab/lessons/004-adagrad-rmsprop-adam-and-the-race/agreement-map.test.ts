import { expect, it } from 'vitest';
import { PlotError } from '../../../../src/errors';
import { agreementMap } from '../../../../src/lab/lessons/004-adagrad-rmsprop-adam-and-the-race';

const counts = [
  [1, 2, 1],
  [3, 1, 1],
];
const grid = { x: [0, 1, 2], y: [4, 6] };

it('colours each start by its number of goals, and has a legend', () => {
  const figure = agreementMap(counts, { ...grid, goals: [[1, 5]], start: [2, 4] });
  const [cells, ...others] = figure.data;
  expect(cells).toMatchObject({ type: 'heatmap', x: [0, 1, 2], y: [4, 6], z: counts });
  expect(others.map(({ name }) => name)).toEqual([
    'one goal',
    'two goals',
    'three goals',
    'goal',
    'this start',
    'letters',
  ]);
  expect(others.at(-2)).toMatchObject({ x: [2], y: [4] });
  expect(figure.description).toBe('A map of 6 starts. One goal from 4, two from 1, three from 1.');
});

it('shows whole cells, square ones', () => {
  const { layout } = agreementMap(counts, grid);
  expect((layout.xaxis as { range: number[] }).range).toEqual([-0.5, 2.5]);
  expect((layout.yaxis as { range: number[] }).range).toEqual([3, 7]);
  expect(JSON.stringify(layout)).toContain('scaleanchor');
});

it.each([
  [[[1, 1]], '2 rows of 3'],
  [
    [
      [1, 1],
      [1, 1],
    ],
    '2 rows of 3',
  ],
  [
    [
      [1, 1, 1],
      [1, 4, 1],
    ],
    'got 4',
  ],
])('rejects %j', (wrong, message) => {
  expect(() => agreementMap(wrong, grid)).toThrow(PlotError);
  expect(() => agreementMap(wrong, grid)).toThrow(message);
});
