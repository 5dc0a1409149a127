import { describe, expect, it } from 'vitest';
import { nn, tensor } from '../../../src';
import { PlotError } from '../../../src/errors';
import { plot } from '../../../src/lab';
import type { PlotlyTrace } from '../../../src/lab/plot';

type Line = { name: string; x: (number | null)[]; y: (number | null)[]; line: { width: number; dash?: string } };
type Units = { y: number[]; text: string[]; marker: { color: number[]; size: number }; hovertext: string[] };

const traces = (figure: { data: PlotlyTrace[] }, name: string) =>
  figure.data.filter((trace) => trace.name === name) as unknown as Line[];
const units = (figure: { data: PlotlyTrace[] }, layer: number) =>
  traces(figure, `layer ${layer}`)[0] as unknown as Units;
/** The edges that a trace draws, as `[x, y, x, y]` from left to right. */
const segments = ({ x, y }: Line) =>
  x.slice(1).flatMap((end, i) => {
    const start = x[i]!;
    if (end === null || start === null) return [];
    const [from, to] = [
      [start, y[i]!],
      [end, y[i + 1]!],
    ];
    return [start < end ? [...from!, ...to!] : [...to!, ...from!]];
  });
/** How many edges the traces of this name have, by their width. */
const counted = (figure: { data: PlotlyTrace[] }, name: string) =>
  Object.fromEntries(
    traces(figure, name).flatMap((trace) =>
      segments(trace).length ? [[trace.line.width, segments(trace).length]] : [],
    ),
  );

describe('network', () => {
  it('draws a column for each layer and an edge for each weight, from unit to unit', () => {
    const figure = plot.network([20, 13, 8, 3], { labels: ['20 inputs', '13', '8', '3 scores'] });
    expect(counted(figure, 'edges')).toEqual({ 0.8: 20 * 13 + 13 * 8 + 8 * 3 });
    expect([0, 1, 2, 3].map((layer) => units(figure, layer).y.length)).toEqual([20, 13, 8, 3]);
    for (const layer of [0, 1, 2, 3]) {
      const { y, marker } = units(figure, layer);
      expect(y).toEqual([...y].sort((a, b) => b - a)); // the first unit on top
      const gaps = y.slice(1).map((height, i) => 320 * (y[i]! - height));
      expect(Math.min(...gaps, 320)).toBeGreaterThan(marker.size); // units do not touch
      expect(Math.max(...y) * 320 + marker.size / 2).toBeLessThan(320.001);
      expect(Math.min(...y) * 320 - marker.size / 2).toBeGreaterThan(0);
    }
    const expected = [0, 1, 2].flatMap((layer) =>
      units(figure, layer).y.flatMap((from) => units(figure, layer + 1).y.map((to) => [layer, from, layer + 1, to])),
    );
    const drawn = traces(figure, 'edges')[0]!;
    expect(segments(drawn).sort()).toEqual(expected.sort());
    expect(drawn.x.length).toBeLessThan(1.2 * 388);
    expect(figure.description).toBe('Network. Layers of 20, 13, 8, 3 units (20 inputs, 13, 8, 3 scores), 388 edges.');
  });

  it('makes edges as wide as their weights are large, and dashes the negative ones', () => {
    const figure = plot.network([2, 3, 1], {
      weights: [
        [
          [3, 1],
          [0.2, 4],
          [-0.3, 0.5],
        ],
        tensor([[1, -0.8, 1.5]]),
      ],
    });
    // Widths 0.5, 1.5, 3, 4.5, 6 mean 0, 1, 2, 3, 4; halves round up.
    expect(counted(figure, 'positive weights')).toEqual({ 0.5: 1, 1.5: 3, 3: 1, 4.5: 1, 6: 1 });
    expect(counted(figure, 'negative weights')).toEqual({ 0.5: 1, 1.5: 1 });
    expect(traces(figure, 'negative weights').every(({ line }) => line.dash === 'dash')).toBe(true);
    expect(traces(figure, 'positive weights').every(({ line }) => line.dash === undefined)).toBe(true);
    const wide = traces(figure, 'positive weights').find(({ line }) => line.width === 6)!;
    expect(segments(wide)).toEqual([[0, units(figure, 0).y[1], 1, units(figure, 1).y[1]]]);
    expect(traces(figure, 'numbers')[0]).toMatchObject({
      text: ['3', '1', '0.2', '4', '−0.3', '0.5', '1', '−0.8', '1.5'],
    });
  });

  it('accepts the weights and gradients of a layer directly, and highlights those with a gradient', () => {
    const layers = [new nn.Linear(4, 2), new nn.Linear(2, 1)];
    const loss = layers[1]!.forward(layers[0]!.forward(tensor([[1, 2, 3, 4]]))).sum();
    loss.backward();
    const gradients = [null, layers[1]!.weight.grad];
    const figure = plot.network([4, 2, 1], { weights: layers.map(({ weight }) => weight), gradients });
    const lit = traces(figure, 'lit').flatMap(segments);
    expect(lit.map(([x]) => x)).toEqual([1, 1]);
    const length = Math.hypot(...(layers[1]!.weight.grad!.flatten().tolist() as number[]));
    const said = /2 edges between layers 1 and 2, gradients ([\d.e-]+) long/.exec(figure.description)!;
    expect(Number(said[1]) / length).toBeCloseTo(1, 2);
  });

  it('highlights blocks and single edges, with the gradient as their width', () => {
    const gradients = [[[0.1, -4]], [[1]]];
    const figure = plot.network([2, 1, 1], { gradients, lit: [1, [0, 0, 1]] });
    expect(counted(figure, 'lit')).toEqual({ 6: 1, 1.5: 1 });
    expect(traces(figure, 'numbers')[0]).toMatchObject({ text: ['∇ −4', '∇ 1'] });
    expect(figure.description).toContain(
      'Lit: 1 edge between layers 0 and 1, gradients 4 long; 1 edge between layers 1 and 2, gradients 1 long.',
    );
  });

  it('highlights a frozen block without a mark', () => {
    const gradients = [[[1]], [[9]], [[2]]];
    const figure = plot.network([1, 1, 1, 1], { gradients, frozen: [1], weights: [[[1]], [[2]], [[3]]] });
    const passing = traces(figure, 'passing through')[0]!;
    expect([passing.x, passing.line.dash]).toEqual([[1, 2, null], 'dot']);
    expect(traces(figure, 'frozen')[0]!.x).toEqual([1, 2, null]);
    expect(traces(figure, 'lit').flatMap(({ x }) => x.filter((place) => place !== null))).toHaveLength(4);
    expect(traces(figure, 'names')[0]).toMatchObject({ x: [0, 1, 2, 3, 1.5], text: ['1', '1', '1', '1', 'frozen'] });
    expect(figure.description).toContain('Frozen: block 1.');
  });

  it('shades values relative to the largest of their layer and shows them if they fit', () => {
    const figure = plot.network([20, 2], { values: [Array.from({ length: 20 }, (_, i) => i / 10), tensor([-10, 5])] });
    expect(units(figure, 1).marker.color).toEqual([-1, 0.5]);
    expect(units(figure, 1).text).toEqual(['−10', '5']);
    expect(units(figure, 0).text.every((text) => text === '')).toBe(true);
    expect(units(figure, 0).hovertext[3]).toBe('unit 3: 0.3');
    expect(units(plot.network([1, 1], { values: [[-0.1378], null] }), 0).text).toEqual(['−.14']);
    expect(units(plot.network([1, 1], { values: [null, [0]] }), 0).text).toEqual(['']);
  });

  it('draws meters below, in proportion, with their names and numbers', () => {
    const meters = [
      { name: 'promised', value: -2 },
      { name: 'measured', value: 1 },
    ];
    const [bars, words] = traces(plot.network([2, 1], { meters }), 'meters') as unknown as [Line, { text: string[] }];
    const length = (i: number) => bars.x[3 * i + 1]! - bars.x[3 * i]!;
    expect(length(0) / length(1)).toBeCloseTo(2, 2);
    expect(Math.max(...bars.y.map((y) => y ?? -1))).toBeLessThan(-0.09); // below the names of the layers
    expect(words.text).toEqual(['promised', '−2', 'measured', '1']);
    const half = plot.network([2, 1], { meters: [{ name: 'a', value: 1, most: 4 }] });
    const [start, end] = traces(half, 'meters')[0]!.x as number[];
    expect((end! - start!) / length(0)).toBeCloseTo(0.25, 2);
    const unknown = plot.network([2, 1], { meters: [{ name: 'measured', value: null }, meters[1]!] });
    const [bar, said] = traces(unknown, 'meters') as unknown as [Line, { text: string[] }];
    expect([bar.x[1]! - bar.x[0]!, said.text]).toEqual([0, ['measured', '', 'measured', '1']]);
    expect(unknown.description).toContain('measured: not known yet. measured: 1.');
  });

  it('puts meters to the right, where they take no height, and spreads a small net', () => {
    const meters = [
      { name: 'blame', value: -2 },
      { name: 'nudged', value: 1 },
    ];
    const options = { meters, metersAt: 'right', height: 170 } as const;
    const figure = plot.network([2, 3, 1], options);
    const [bars, words] = traces(figure, 'meters') as unknown as [Line, { text: string[]; x: number[]; y: number[] }];
    const range = (figure.layout.xaxis as { range: number[] }).range;
    for (const x of [...bars.x, ...words.x]) if (x !== null) expect(x > 2 && x < range[1]!).toBe(true);
    expect((bars.x[1]! - bars.x[0]!) / (bars.x[4]! - bars.x[3]!)).toBeCloseTo(2, 2);
    expect(words.text).toEqual(['blame', '−2', 'nudged', '1']);
    expect([words.y[0]! > bars.y[0]!, bars.y[0]! > words.y[2]!, words.y[2]! > bars.y[3]!]).toEqual([true, true, true]);
    // The units have the whole height.
    expect(units(figure, 1).y).toEqual(units(plot.network([2, 3, 1], { height: 170 }), 1).y);
    const wide = plot.network([2, 3, 1], {
      ...options,
      spread: true,
      weights: [
        [
          [1, 1],
          [1, 1],
          [1, 1],
        ],
        [[1, 1, 1]],
      ],
    });
    expect(units(wide, 1).y[0]! - units(wide, 1).y[2]!).toBeGreaterThan(0.6);
    expect(170 * units(wide, 1).y[0]! + units(wide, 1).marker.size / 2).toBeLessThan(170);
    // Numbers of edges to different units are at different positions along them.
    expect(new Set(traces(wide, 'numbers')[0]!.x.slice(0, 6)).size).toBe(3);
    // A number clears the line behind it, which is up to eight pixels wide: here the horizontal one from unit 1 to the
    // answer.
    const { x, y } = traces(wide, 'numbers')[0]! as unknown as { x: number[]; y: number[] };
    expect(x[7]).toBe(1.5);
    expect(170 * (y[7]! - units(wide, 1).y[1]!)).toBeGreaterThan(4);
  });

  it('has the same traces for all data, so that a slider can move it; NaN has no width', () => {
    const full = plot.network([2, 2, 1], {
      weights: [
        [
          [Number.NaN, 1],
          [Number.POSITIVE_INFINITY, -1],
        ],
        [[0, 2]],
      ],
      values: [[1, Number.NaN], null, [3]],
      meters: [{ name: 'broken', value: Number.NaN }],
      lit: [0],
      frozen: [1],
    });
    expect(full.data.map(({ type, name }) => [type, name])).toEqual(
      plot.network([2, 2, 1]).data.map(({ type, name }) => [type, name]),
    );
    expect(counted(full, 'lit')).toEqual({ 1: 2, 3: 1 }); // NaN and infinity with the smallest width, 1 and (dashed) -1 as half of 2
    expect(units(full, 0).marker.color).toEqual([1, 0]);
    const moved = plot.slider([0, 1], (block) => plot.network([2, 2, 1], { lit: [block] }));
    expect(moved.frames).toHaveLength(2);
  });

  it.each<[string, () => unknown, string]>([
    ['one layer', () => plot.network([3]), 'two layers or more, got [3]'],
    ['a fractional unit', () => plot.network([3, 0.5]), 'whole numbers above 0, two layers or more, got [3, 0.5]'],
    ['too many edges', () => plot.network([784, 128, 10]), '101632 edges, too many to see'],
    ['weights of too few blocks', () => plot.network([1, 1, 1], { weights: [[[1]]] }), 'each of the 2 blocks'],
    ['transposed weights', () => plot.network([2, 1], { weights: [[[1], [2]]] }), 'are 2 × 1, expected 1 × 2'],
    ['values of too few units', () => plot.network([2, 1], { values: [[1], [1]] }), 'layer 0 has 2 units and 1 values'],
    ['an unknown block', () => plot.network([2, 1], { lit: [1] }), 'a lit block must be from 0 to 0, got 1'],
    [
      'an edge to an unknown unit',
      () => plot.network([2, 1], { lit: [[0, 1, 0]] }),
      'leads to must be from 0 to 0, got 1',
    ],
    [
      'an edge from an unknown unit',
      () => plot.network([2, 1], { lit: [[0, 0, 2]] }),
      'comes from must be from 0 to 1, got 2',
    ],
    ['an unknown frozen block', () => plot.network([2, 1], { frozen: [3] }), 'frozen must be from 0 to 0'],
    ['too few labels', () => plot.network([2, 1], { labels: ['in'] }), 'labels names 1 layers, there are 2'],
  ])('rejects %s', (_, draw, message) => {
    expect(draw).toThrow(PlotError);
    expect(draw).toThrow(message);
  });

  it('dashes highlighted negative edges as well, and gives highlights separate colours', () => {
    const options = {
      weights: [[[2, -1]]],
      lit: [
        [0, 0, 0],
        [0, 0, 1],
      ] as [number, number, number][],
    };
    const drawn = (more: object) =>
      traces(plot.network([2, 1], { ...options, ...more }), 'lit')
        .filter((trace) => segments(trace).length)
        .map(({ line }) => line as object);
    expect(drawn({})).toEqual([
      { color: '#D55E00', width: 3, dash: 'dash' },
      { color: '#D55E00', width: 6 },
    ]);
    const colours = { litColors: ['#009E73', '#9467BD'] };
    expect(drawn(colours)).toEqual([
      { color: '#009E73', width: 6 },
      { color: '#9467BD', width: 3, dash: 'dash' },
    ]);
    // By gradients, if there are any: then the number beside the edge is the gradient.
    expect(drawn({ gradients: [[[-1, 3]]] })).toEqual([
      { color: '#D55E00', width: 1.5, dash: 'dash' },
      { color: '#D55E00', width: 6 },
    ]);
  });
});
