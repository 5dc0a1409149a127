import { expect, it } from 'vitest';
import { beds, numbers } from '../../../../src/lab/lessons/004-sleeping-net';

it('draws a row for each pill, and those that are awake apart', () => {
  const figure = beds([
    { name: 'as it is', losses: [0.69, 0.9] },
    { name: 'tanh', losses: [0.69, 0.1] },
  ]);
  type Dots = { name: string; x: (number | null)[]; y: (number | null)[] };
  const [asleep, awake] = figure.data as unknown as [Dots, Dots];
  const dotsOf = ({ x, y }: Dots) => x.slice(1).map((loss, i) => [loss, y[i + 1]]);
  expect(dotsOf(asleep)).toEqual([
    [0.69, 0.28],
    [0.72, -0.28], // what is far off stands a little above a coin
    [0.69, -0.72],
  ]);
  expect(dotsOf(awake)).toEqual([[0.1, -1.28]]);
  expect(figure.description).toBe('as it is: 0 of 2 awake, tanh: 1 of 2 awake.');
  expect((figure.layout.yaxis as { ticktext: string[] }).ticktext).toEqual(['as it is', 'tanh']);
});

it('draws the numbers of nets with two pills, with either, and without', () => {
  const pair = { without: [1e-9, 2e-9], first: [1e-6], second: [1e-5], both: [1e-2] };
  const figure = numbers(
    [
      { name: 'a<br>b', ...pair },
      { name: 'c', ...pair },
    ],
    { xLabel: 'number' },
  );
  const drawn = figure.data.map(({ name, x, y }) => [name, x, y]);
  expect(drawn).toEqual([
    ['without', [1e-9, 2e-9, 1e-9, 2e-9], [0, 0, -1, -1]],
    ['first pill', [1e-6, 1e-6], [0.18, -0.82]],
    ['second pill', [1e-5, 1e-5], [-0.18, -1.18]],
    ['together', [1e-2, 1e-2], [0, -1]],
  ]);
  expect((figure.layout.yaxis as { ticktext: string[] }).ticktext).toEqual(['a<br>b', 'c']);
});
