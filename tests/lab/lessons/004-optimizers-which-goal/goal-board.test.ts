import { expect, it } from 'vitest';
import { PlotError } from '../../../../src/errors';
import { races } from '../../../../src/lab';
import { goalBoard } from '../../../../src/lab/lessons/004-optimizers-which-goal';

const six = races.racers().slice(0, 6);
const shown = races.race(races.landscapes.himmelblau(), six);

it('has a row for each racer, in its colour, and a column for each goal', () => {
  const { data, layout, description } = goalBoard(shown, 100);
  expect(data[0]).toMatchObject({
    x: ['B', 'B', 'B', 'A', 'A', 'A'],
    y: ['GD', 'momentum', 'Nesterov', 'AdaGrad', 'RMSprop', 'Adam'],
    marker: { color: six.map(({ color }) => color) },
  });
  expect(layout.xaxis).toMatchObject({ categoryarray: ['on the way', 'A', 'B', 'C', 'D'] });
  expect(description).toMatch(/^Step 100: GD B, momentum B, /);
});

it('has everybody on the way at the start, and whoever is further than the reach', () => {
  expect(goalBoard(shown, 0).data[0]!.x).toEqual(Array(6).fill('on the way'));
  expect(goalBoard(shown, 100, 1e-9).data[0]!.x).toContain('on the way');
});

it('refuses a step that nobody made, and a race of nobody', () => {
  expect(() => goalBoard(shown, 101)).toThrow(PlotError);
  expect(() => goalBoard({ ...shown, runs: [] }, 0)).toThrow('at least one run');
});
