import { expect, it } from 'vitest';
import { Generator, randn } from '../../../src';
import { histograms, type PlotlyTrace, slider } from '../../../src/lab/plot';

const numbers = (list: unknown) => list as number[];
const ys = ({ y }: PlotlyTrace) => numbers(y);

it('counts all rows in the same bins, each with the same height', () => {
  const { data, layout, description } = histograms(
    [
      [0, 0.1, 0.2, 1],
      [0.6, 3.9, 9],
    ],
    { bins: 4, range: [0, 4] },
  );
  expect(data).toHaveLength(2);
  expect(numbers(data[0]!.x)).toEqual([0, 0.5, 1.5, 2.5, 3.5, 4]);
  // Three and one of four: 0.9 and 0.3 above the base at 0, with the ends on it.
  expect(ys(data[0]!)).toEqual([0, 0.9, 0.3, 0, 0, 0]);
  expect(ys(data[1]!)).toEqual([-1, -0.1, -1, -1, -0.1, -1]);
  expect(layout.yaxis).toMatchObject({ tickvals: [0, -1], ticktext: ['0', '1'] });
  expect(description).toContain('“0” 4; “1” 3, 1 of them outside');
});

it('draws ridges three rows high, and logarithms of counts', () => {
  const [row] = histograms([[0.5, 0.5, 0.5, 1.5]], { bins: 2, range: [0, 2], ridge: true }).data;
  expect(ys(row!)).toEqual([0, 3, 1, 0]);
  const [log] = histograms([[0.5, 0.5, 0.5, 1.5]], { bins: 2, range: [0, 2], log: true }).data;
  expect(ys(log!)[2]).toBeCloseTo((0.9 * Math.log(2)) / Math.log(4), 4);
});

it('accepts tensors and names, and moves with a slider', () => {
  const generator = new Generator().manualSeed(1);
  const draw = () => randn([500], { generator });
  const figure = slider([1, 2], (scale) =>
    histograms(
      [
        { name: 'first', values: draw().mul(scale) },
        { name: 'last', values: draw() },
      ],
      { range: [-5, 5] },
    ),
  );
  expect(figure.data.map(({ name }) => name)).toEqual(['first', 'last']);
  // The width of the bell: half of its height is 1.18 standard deviations away.
  const { data } = histograms([draw().mul(2)], { bins: 20, range: [-10, 10] });
  const heights = ys(data[0]!).slice(1, -1);
  const near = heights.filter((height) => height > 0.45).length;
  expect(near).toBeGreaterThanOrEqual(4);
  expect(near).toBeLessThanOrEqual(6);
});

it('omits names that do not fit', () => {
  const rows = Array.from({ length: 21 }, () => [1, 2]);
  const { ticktext } = histograms(rows, { height: 150 }).layout.yaxis as { ticktext: string[] };
  expect(ticktext).toEqual(['0', '2', '4', '6', '8', '10', '12', '14', '16', '18', '20']);
});

it('rejects what cannot be counted', () => {
  expect(() => histograms([])).toThrow('at least one row');
  expect(() => histograms([[1], []])).toThrow('“1” has 0 numbers, none of them finite');
  expect(() => histograms([[1]], { bins: 0 })).toThrow('histograms: bins must be a whole number from 1 to 500, got 0');
});
