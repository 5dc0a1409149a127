import { expect, it } from 'vitest';
import { tensor } from '../../../../src';
import { PlotError } from '../../../../src/errors';
import { kinks, raster } from '../../../../src/lab/lessons/004-dying-relu';
import type { PlotlyTrace } from '../../../../src/lab/plot';

/** The bytes of a typed array in plotly's format, row by row. */
function bytesOf(trace: PlotlyTrace): number[][] {
  const { dtype, bdata, shape } = trace.z as { dtype: string; bdata: string; shape: string };
  expect(dtype).toBe('u1');
  const [rows, columns] = shape.split(', ').map(Number) as [number, number];
  const flat = Buffer.from(bdata, 'base64');
  expect(flat).toHaveLength(rows * columns);
  return Array.from({ length: rows }, (_, i) => [...flat.subarray(i * columns, (i + 1) * columns)]);
}

it('stores shares in per cent, and 0 only for zero', () => {
  const { data, description } = raster([
    [0, 1e-4, 0.5],
    [1, 0.123, 0],
  ]);
  expect(bytesOf(data[0]!)).toEqual([
    [0, 1, 50],
    [100, 13, 0],
  ]);
  expect(description).toBe('Raster. 3 columns of step; 1 of 2 rows end at 0.');
  // Every per cent, also with the rounding error of a quotient, is unchanged.
  const all = Array.from({ length: 101 }, (_, k) => k / 100);
  expect(bytesOf(raster([all]).data[0]!)).toEqual([all.map((_, k) => k)]);
});

it('separates groups by a transparent row, which NaN makes', () => {
  const { data, layout, description } = raster(
    tensor(
      [
        [0, 0],
        [0, Number.NaN],
        [1, 1],
      ],
      { dtype: 'float64' },
    ),
    {
      rowGroups: [
        { name: 'first', rows: 1 },
        { name: 'second', rows: 2 },
      ],
      title: 'two layers',
    },
  );
  expect(bytesOf(data[0]!)).toEqual([
    [0, 0],
    [101, 101],
    [0, 101],
    [100, 100],
  ]);
  expect(data[0]!.y).toEqual(['first, unit 1', ' ', 'second, unit 1', 'second, unit 2']);
  expect(layout.yaxis).toMatchObject({ tickvals: ['first, unit 1', 'second, unit 1'], ticktext: ['first', 'second'] });
  expect(description).toContain('first: 1 of 1 rows end at 0; second: 0 of 2 rows end at 0.');
});

it('names the rows of a single group at its axis', () => {
  const { layout } = raster([[0, 1]], { rowLabel: 'unit of layer 1' });
  expect(layout.yaxis).toMatchObject({ title: { text: 'unit of layer 1' }, tickvals: [] });
});

it('rejects invalid shares, and mismatched groups', () => {
  expect(() => raster([[0.5, 1.5]])).toThrow(PlotError);
  expect(() => raster([[0], [-1]])).toThrow('row 1 has -1');
  expect(() => raster([[0], [1]], { rowGroups: [{ name: 'a', rows: 3 }] })).toThrow('there are 2 rows');
});

it('draws a unit where it is active, and a cross for one that is never active', () => {
  const units = [
    { weight: 2, bias: -1 },
    { weight: -1, bias: -1.5 },
    { weight: -1, bias: 0.5 },
    { weight: 0.1, bias: -1 },
  ];
  const { data, description } = kinks(units, { curve: { name: 'net', x: [-1, 1], y: [0, 3] }, range: [-1, 1] });
  const [on, kink, dead] = data.slice(-3) as unknown as { x: number[]; y: number[]; marker: { symbol: unknown } }[];
  expect(on!.x).toEqual([0.5, 1, null, 0.5, -1, null]);
  expect(kink!.x).toEqual([0.5, 0.5]);
  expect(kink!.marker.symbol).toEqual(['triangle-right', 'triangle-left']);
  // Distant kinks are at the edge of the figure, fully visible.
  expect(dead!.x).toEqual([-1.5, 1.627]);
  // Below the curve, in the order of the units.
  const heights = [on!.y[0]!, dead!.y[0]!, kink!.y[1]!, dead!.y[1]!];
  expect(heights).toEqual([...heights].sort((a, b) => b - a));
  expect(heights[0]).toBeLessThan(-0.2);
  expect(description).toContain('4 units: 2 are on for some x from -1 to 1, 2 for none');
});

it('rejects empty units and NaN', () => {
  const options = { curve: { name: 'net', y: [0, 1] }, range: [0, 1] as const };
  expect(() => kinks([], options)).toThrow('at least one unit');
  expect(() => kinks([{ weight: Number.NaN, bias: 0 }], options)).toThrow('unit 0 has NaN and 0');
  expect(() => kinks([{ weight: 1, bias: 0 }], { ...options, range: [1, 0] })).toThrow(PlotError);
});
