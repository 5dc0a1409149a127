import { expect, it } from 'vitest';
import { PlotError } from '../../../../src/errors';
import { lanes } from '../../../../src/lab/lessons/003-models-losses-descent';

const samples = [
  { x: 1, prediction: 2, y: 3, cost: 1 },
  { x: 2, prediction: 4, y: 1, cost: 9 },
];
const figure = lanes(samples, { weight: 'w = 2', most: 10 });
const trace = (name: string) =>
  figure.data.find((one) => one.name === name) as unknown as { x: (number | null)[]; text: string[] };

it('has one lane for each sample, one weight for all, and bars as long as their costs', () => {
  const { text } = trace('in blocks');
  expect(text.filter((one) => one === 'G')).toHaveLength(2);
  expect(text.filter((one) => one === 'w')).toHaveLength(1);
  const [from, first, , , , , , second] = trace('costs as bars').x as number[];
  expect((second! - from!) / (first! - from!)).toBeCloseTo(9, 2);
  const [start, mean] = trace('mean cost').x as number[];
  expect((mean! - start!) / (first! - from!)).toBeCloseTo(5, 2);
  expect(trace('beside').text).toEqual(['1.00', '9.00', '5.00', 'w = 2']);
});

it('describes what it shows', () => {
  expect(figure.description).toBe(
    'Lanes. w = 2 in all lanes. x = 1, prediction 2, truth 3, cost 1.00; x = 2, prediction 4, truth 1, cost 9.00. Mean cost 5.00.',
  );
});

it.each<[string, () => unknown, string]>([
  ['no lanes', () => lanes([], { weight: '', most: 1 }), 'at least one lane'],
  [
    'a number that is not finite',
    () => lanes([{ ...samples[0]!, cost: Number.NaN }], { weight: '', most: 1 }),
    'finite',
  ],
  ['a maximum of 0', () => lanes(samples, { weight: '', most: 0 }), 'above 0'],
])('rejects %s', (_, draw, message) => {
  expect(draw).toThrow(PlotError);
  expect(draw).toThrow(message);
});
