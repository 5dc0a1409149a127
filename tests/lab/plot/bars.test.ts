import { describe, expect, it } from 'vitest';
import { manualSeed, randn } from '../../../src';
import { PlotError } from '../../../src/errors';
import { bars, heatmap, histogram, panels } from '../../../src/lab/plot';

describe('bars', () => {
  it('has one bar per label for each series, and describes them', () => {
    const figure = bars(
      [
        { name: 'ours', values: [1, 2] },
        { name: 'theirs', values: [4, -8] },
      ],
      { labels: ['a', 'b'], title: 'Both', yLabel: 'ms' },
    );
    expect(figure.data.map(({ x, y }) => [x, y])).toEqual([
      [
        ['a', 'b'],
        [1, 2],
      ],
      [
        ['a', 'b'],
        [4, -8],
      ],
    ]);
    expect(figure.description).toBe('Bars: Both. ms. “ours”: a 1, b 2. “theirs”: a 4, b -8.');
    const [low, high] = (figure.layout.yaxis as { range: number[] }).range;
    expect(low).toBeLessThan(-8);
    expect(high).toBeGreaterThan(4);
  });

  it('keeps a given colour', () => {
    const { data } = bars([
      { name: 'a', values: [1], color: '#123456' },
      { name: 'b', values: [2] },
    ]);
    expect(data.map(({ marker }) => (marker as { color: string }).color)).toEqual(['#123456', '#0072B2']);
  });

  it('starts at 0 if nothing is below it', () => {
    expect((bars([{ name: 'a', values: [3, 5] }]).layout.yaxis as { range: number[] }).range[0]).toBe(0);
  });

  it('can be horizontal, first label on top', () => {
    const figure = bars([{ name: 'a', values: [3, 5], errors: [1, 2] }], { horizontal: true, labels: ['x', 'y'] });
    expect(figure.data[0]).toMatchObject({ orientation: 'h', x: [3, 5], y: ['x', 'y'], error_x: { array: [1, 2] } });
    expect(figure.layout.yaxis).toMatchObject({ autorange: 'reversed' });
  });

  it('groups bars only if series share a label', () => {
    const groups = (second: number[]) =>
      panels([
        bars([
          { name: 'a', values: [1, Number.NaN] },
          { name: 'b', values: second },
        ]),
        bars([{ name: 'c', values: [1, 2] }]),
      ]).data.map(({ offsetgroup }) => offsetgroup);
    expect(groups([Number.NaN, 2])).toEqual(['one', 'one', undefined]);
    expect(groups([1, 2])).toEqual([undefined, undefined, undefined]);
  });

  it('omits what a log axis cannot show', () => {
    const figure = bars([{ name: 'a', values: [1e-6, 0, 100] }], { yLog: true });
    expect(figure.data[0]!.y).toEqual([1e-6, null, 100]);
    expect(figure.layout.yaxis).toMatchObject({ type: 'log' });
    expect(() => bars([{ name: 'a', values: [0, -1] }], { yLog: true })).toThrow('no positive finite value');
  });

  it('rejects mismatched lists', () => {
    expect(() => bars([])).toThrow(PlotError);
    expect(() =>
      bars([
        { name: 'a', values: [1] },
        { name: 'b', values: [1, 2] },
      ]),
    ).toThrow('“b” has 2 values for 1 bars');
    expect(() => bars([{ name: 'a', values: [1] }], { labels: ['x', 'y'] })).toThrow('2 labels');
  });
});

describe('heatmap', () => {
  it('draws a photograph: greys, bright for large numbers, without axes', () => {
    const { data, layout } = heatmap({ z: [[0, 1]] }, { photograph: true });
    const scale = data[0]!.colorscale as [number, string][];
    expect([scale[0], scale.at(-1)]).toEqual([
      [0, '#000000'],
      [1, '#FFFFFF'],
    ]);
    for (const axis of [layout.xaxis, layout.yaxis]) expect(axis).toMatchObject({ showticklabels: false, ticks: '' });
    expect(layout.meta).toMatchObject({ colourless: true, theme: 'page' });
  });

  it('has row 0 on top, whether its numbers rise or fall', () => {
    const z = [
      [1, 2],
      [3, 4],
    ];
    const { yaxis } = heatmap({ z }).layout as { yaxis: { autorange: unknown } };
    expect(yaxis.autorange).toBe('reversed');
    const falling = heatmap({ z, y: [8, 6] }).layout as { yaxis: { autorange: unknown } };
    expect(falling.yaxis.autorange).toBe(true);
  });

  it('draws lines at column and row numbers, and shows whole cells', () => {
    const z = [
      [1, 2, 3],
      [3, 4, 5],
    ];
    const line = { name: 'limit', x: [0, 1], y: [6, 8] };
    const figure = heatmap({ z, x: [0, 0.5, 1], y: [8, 6] }, { lines: [line] });
    expect(figure.layout.xaxis).toMatchObject({ range: [-0.25, 1.25] });
    expect(figure.layout.yaxis).toMatchObject({ range: [5, 9] });
    expect(heatmap({ z }, { lines: [line] }).layout.yaxis).toMatchObject({ range: [1.5, -0.5] });
    expect(figure.data[1]).toMatchObject({ name: 'limit', x: [0, 1], y: [6, 8], showlegend: true });
    expect(figure.description).toContain('Over them “limit”.');
    expect(() => heatmap({ z, x: ['a', 'b', 'c'] }, { lines: [line] })).toThrow('needs numbers for columns and rows');
    expect(() => heatmap({ z }, { lines: [{ ...line, x: [1] }] })).toThrow('x has 1 numbers, y has 2');
  });

  it('shows a matrix with row 0 on top and its numbers in it', () => {
    const figure = heatmap(
      {
        z: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        x: ['a', 'b', 'c'],
      },
      { zLabel: 'weight' },
    );
    expect(figure.data[0]).toMatchObject({
      z: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      x: ['a', 'b', 'c'],
      y: [0, 1],
      zmin: 1,
      zmax: 6,
    });
    expect(figure.data[0]!.text).toEqual([
      ['1', '2', '3'],
      ['4', '5', '6'],
    ]);
    expect(figure.layout.yaxis).toMatchObject({ autorange: 'reversed' });
    expect(figure.description).toContain('2 rows and 3 columns of weight, from 1 to 6: 0: 1, 2, 3; 1: 4, 5, 6');
  });

  it('puts 0 in the middle of diverging colours', () => {
    expect(heatmap({ z: [[-1, 4]] }, { diverging: true }).data[0]).toMatchObject({ zmin: -4, zmax: 4 });
  });

  it('colours by the logarithm, and omits numbers without one', () => {
    const { z, zmin, zmax, text } = heatmap({ z: [[0, 1, 1000]] }, { log: true }).data[0]!;
    expect([z, zmin, zmax, text]).toEqual([[[null, 0, 3]], 0, 3, [['0', '1', '1000']]]);
  });

  it('gives a single number a range on both sides', () => {
    expect(heatmap({ z: [[0.3]] }).data[0]).toMatchObject({ zmin: 0.3 - 0.5, zmax: 0.8 });
    const { zmin, zmax } = heatmap({ z: [[0, 0.3]] }, { log: true }).data[0]!;
    expect([zmin, zmax]).toEqual([Math.log10(0.15), Math.log10(0.6)]);
  });

  it('rejects uneven rows, wrong names and empty data', () => {
    expect(() => heatmap({ z: [[1, 2], [3]] })).toThrow('row 0 has 2 numbers, row 1 has 1');
    expect(() => heatmap({ z: [[1, 2]], y: ['a', 'b'] })).toThrow('y names 2, there are 1');
    expect(() => heatmap({ z: [[Number.NaN]] })).toThrow('no finite number');
    expect(() => heatmap({ z: [] })).toThrow(PlotError);
  });

  it('accepts more cells than a call has arguments', () => {
    const z = Array.from({ length: 400 }, (_, i) => Array.from({ length: 400 }, (_, j) => i + j));
    expect(heatmap({ z }).description).toContain('from 0 to 798');
  });

  it.each([
    [{ range: [5, 1] }, 'heatmap: range: expected [smallest, largest], got [5, 1]'],
    [{ range: [2, 2] }, 'heatmap: range: expected [smallest, largest], got [2, 2]'],
    [{ log: true, range: [0, 10] }, 'heatmap: a logarithm needs a range above 0, got [0, 10]'],
    [{ log: true, diverging: true }, 'heatmap: colours follow either the logarithm or the sign'],
  ] as const)('rejects %o', (options, message) => {
    const draw = () => heatmap({ z: [[1, 2]] }, options);
    expect(draw).toThrow(PlotError);
    expect(draw).toThrow(message);
  });
});

describe('histogram', () => {
  it('counts: each number in one bin, the right end in the last', () => {
    const { data } = histogram([0, 0.1, 0.5, 0.99, 1], { bins: 2, density: false });
    expect(data[0]).toMatchObject({ x: [0.25, 0.75], y: [2, 3], width: 0.5 });
  });

  it('has areas that sum to the fraction inside the range', () => {
    const samples = Array.from({ length: 1000 }, (_, i) => i / 1000);
    const { data, description } = histogram(samples, { bins: 7, range: [0, 0.35] });
    const area = (data[0]!.y as number[]).reduce((sum, height) => sum + height * 0.05, 0);
    expect(area).toBeCloseTo(0.351, 12);
    expect(description).toContain('649 lie outside 0 to 0.35');
  });

  it('agrees with a density drawn over it', () => {
    manualSeed(0);
    const bell = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const { data } = histogram(randn([100_000]), { bins: 30, range: [-3, 3], curve: { name: 'theory', f: bell } });
    const [counted, theory] = [data[0]!.y as number[], data[1]!.y as number[]];
    counted.forEach((height, i) => {
      expect(Math.abs(height - theory[i]!)).toBeLessThan(0.012);
    });
  });

  it('overlays several sets', () => {
    const { data, layout } = histogram(
      [
        { name: 'a', values: [0, 1] },
        { name: 'b', values: [2, 3] },
      ],
      { bins: 3 },
    );
    expect(data.map(({ name, showlegend }) => [name, showlegend])).toEqual([
      ['a', true],
      ['b', true],
    ]);
    expect(layout.barmode).toBe('overlay');
    expect(data[1]!.x).toEqual(data[0]!.x);
  });

  it('rejects what cannot be counted', () => {
    expect(() => histogram([Number.NaN])).toThrow('1 numbers, none of them finite');
    expect(() => histogram([1, 2], { bins: 0 })).toThrow('from 1 to 500, got 0');
  });
});
