import { expect, it } from 'vitest';
import { tensor } from '../../../src';
import { PlotError } from '../../../src/errors';
import { pairs } from '../../../src/lab/plot';

it('connects pairs, distinguishes rising from falling ones, and has both means', () => {
  const { data, layout, description } = pairs([1, 2, 3, 4], tensor([2, 1, 3, 6]), {
    names: ['without', 'with'],
    yLabel: 'loss',
  });
  expect(data.map(({ name, x, y }) => [name, x, y])).toEqual([
    ['higher', ['without', 'with', null, 'without', 'with', null], [1, 2, null, 4, 6, null]],
    ['lower', ['without', 'with', null], [2, 1, null]],
    ['equal', ['without', 'with', null], [3, 3, null]],
    ['mean', ['without', 'with'], [2.5, 3]],
  ]);
  expect(layout.xaxis).toMatchObject({ type: 'category', range: [-0.35, 1.35] });
  expect(description).toBe(
    'Pairs. 4 values of loss, “without” with mean 2.5 and “with” with mean 3; 2 are higher, 1 are lower, 1 are equal in the second.',
  );
});

it('has the same traces for all values, and accepts a range', () => {
  const { data, layout } = pairs([1, 2], [2, 3], { yRange: [0, 10], title: 'Both rise' });
  expect(data.map(({ name, x, showlegend }) => [name, (x as unknown[]).length, showlegend])).toEqual([
    ['higher', 6, true],
    ['lower', 2, true],
    ['equal', 2, false],
    ['mean', 2, true],
  ]);
  expect(data[1]!.y).toEqual([null, null]);
  expect((layout.yaxis as { range: number[] }).range).toEqual([0, 10]);
  expect((pairs([5], [5]).layout.yaxis as { range: number[] }).range).toEqual([2.5, 7.5]);
});

it.each([
  [() => pairs([], []), 'equally many values, at least one, got 0 and 0'],
  [() => pairs([1], [1, 2]), 'got 1 and 2'],
  [() => pairs([1], [Number.NaN]), 'the values must be finite, got NaN'],
  [() => pairs([1], [2], { names: ['a'] as never }), 'names must be two different words'],
  [() => pairs([1], [2], { yRange: [1, 1] }), 'yRange'],
])('rejects an invalid list of pairs', (make, message) => {
  expect(make).toThrow(PlotError);
  expect(make).toThrow(message);
});
