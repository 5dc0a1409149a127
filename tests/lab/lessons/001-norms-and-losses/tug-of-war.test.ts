import { expect, it } from 'vitest';
import { tugOfWar } from '../../../../src/lab/lessons/001-norms-and-losses';

const range = [-1, 11] as const;
const squared = { name: 'squared', guess: 4, pulls: [-3, -2, 5], color: '#0072B2' };
const absolute = { name: 'absolute', guess: 2, pulls: [-1, 0, 1], color: '#D55E00', dash: 'dot' };

it('draws arrows from the guess, as long as the pulls, and sums them', () => {
  const figure = tugOfWar([1, 2, 9], [squared, absolute], { range, last: 'z', title: 'z = 9', xLabel: 'weights' });
  const traceOf = (name: string) => figure.data.find((one) => one.name === name)!;
  expect(traceOf('squared').x).toEqual([4, 1, null, 4, 2, null, 4, 9, null]);
  expect(traceOf('absolute')).toMatchObject({ line: { color: '#D55E00', dash: 'dot' } });
  expect(traceOf('guess, squared')).toMatchObject({ x: [4], text: ['4'] });
  expect(traceOf('sums, squared').text).toEqual(['to the left 5.0 · to the right 5.0']);
  expect(traceOf('weights, squared').x).toEqual([1, 2]);
  expect(traceOf('z').x).toEqual([9, 9]);
  const [lower, upper] = traceOf('z').y as [number, number];
  expect(upper).toBeGreaterThan(lower); // the last point, which is dragged, is on the first line
  expect(figure.description).toBe(
    'Tug of war: z = 9. Weights at 1, 2, 9. “squared” guesses 4, pulled by -3, -2, 5. “absolute” guesses 2, pulled by -1, 0, 1.',
  );
});

it('draws all weights alike if none is named', () => {
  const { data, description } = tugOfWar([1, 2, 9], [squared], { range });
  expect(data.find(({ name }) => name === 'weights, squared')!.x).toEqual([1, 2, 9]);
  expect(data).toHaveLength(6);
  expect(description).toMatch(/^Tug of war\. Weights/);
});

it('rejects a missing guess, and mismatched pulls', () => {
  expect(() => tugOfWar([1], [], { range })).toThrow('at least one guess');
  expect(() => tugOfWar([1], [squared], { range })).toThrow('one pull for each weight');
});
