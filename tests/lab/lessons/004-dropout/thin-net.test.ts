import { expect, it } from 'vitest';
import { thinNet } from '../../../../src/lab/lessons/004-dropout';

const parts = (figure: ReturnType<typeof thinNet>) =>
  figure.data as unknown as { name: string; x: (number | null)[]; y: (number | null)[] }[];

it('draws the edges of active units, and hollow units without edges', () => {
  const figure = thinNet([true, false], { inputs: 3, title: 'row 1' });
  const [edges, silent, speaks, ends] = parts(figure);
  // Three edges in and one out, three numbers each.
  expect(edges!.x).toHaveLength(12);
  expect(edges!.y.slice(0, 3)).toEqual([1 / 6, 1 / 4, null]);
  expect(speaks!.y).toEqual([1 / 4]);
  expect(silent!.y).toEqual([3 / 4]);
  expect(ends!.x).toEqual([0, 0, 0, 2]);
  expect(figure.description).toBe('A net of 3 inputs, 2 hidden units and one output: row 1. Silent: 2.');
});

it('keeps its traces if all or none are silent', () => {
  for (const lit of [true, false]) {
    const figure = parts(thinNet([lit, lit]));
    expect(figure.map(({ name }) => name)).toEqual(['edges', 'silent', 'speaks', 'inputs and output']);
  }
  expect(parts(thinNet([false]))[0]!.x).toEqual([null]);
});

it('rejects what it cannot draw', () => {
  expect(() => thinNet([])).toThrow('at least one hidden unit');
  expect(() => thinNet([true], { inputs: 0 })).toThrow('whole number above 0');
});
