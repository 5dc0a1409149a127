import { describe, expect, it } from 'vitest';
import { Generator, manualSeed, nn, randn, tensor } from '../../../src';
import { PlotError } from '../../../src/errors';
import { classic, plot } from '../../../src/lab';
import { paths } from '../../../src/lab/lessons/004-backpropagation-derived';
import { named } from './examples';

const { matrices, layerGraph } = plot;

describe('matrices', () => {
  const [a, b] = [
    [
      [1, -2],
      [0.5, 4],
      [0, 1],
    ],
    [[-2], [1]],
  ];

  it('places matrices side by side and gives equal numbers equal colours', () => {
    const figure = matrices([a!, b!], { names: ['A', 'b'], between: ['·'], title: 'Two' });
    const [first, second] = [named(figure, 'A'), named(figure, 'b')];
    expect(first).toMatchObject({ x: [0.5, 1.5], y: [0.5, 1.5, 2.5], z: a, zmin: -4, zmax: 4 });
    expect(second).toMatchObject({ x: [4.1], y: [1, 2], z: b, zmin: -4, zmax: 4, text: [['−2'], ['1']] });
    expect(second.colorscale).toBe(first.colorscale);
    expect(named(figure, 'sizes').text).toEqual(['3 × 2', '2 × 1']);
    expect(named(figure, 'between')).toMatchObject({ text: ['<b>·</b>'], x: [2.8] });
    expect(figure.description).toBe('Matrices: Two. A (3 × 2): 1, -2; 0.5, 4; 0, 1. b (2 × 1): -2; 1.');
  });

  it('can give each a separate scale, omit numbers, and draw only signs', () => {
    const own = matrices([a!, tensor(b!)], { names: ['A', 'b'], scale: 'own', annotate: false });
    expect(own.data.slice(0, 2).map(({ zmax, text }) => [zmax, text])).toEqual([
      [4, undefined],
      [2, undefined],
    ]);
    const given = matrices([a!, b!], { scale: 8 });
    expect(given.data.slice(0, 2).map(({ zmin, zmax }) => [zmin, zmax])).toEqual([
      [-8, 8],
      [-8, 8],
    ]);
    for (const scale of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => matrices([a!], { scale })).toThrow(
        new PlotError(`matrices: scale must be 'common', 'own' or a finite number above 0, got ${scale}`),
      );
    const signs = matrices([a!], { signs: true }).data[0]!;
    expect(signs).toMatchObject({
      z: [
        [1, -1],
        [1, 1],
        [0, 1],
      ],
      zmax: 1,
      text: [
        ['+', '−'],
        ['+', '+'],
        ['0', '+'],
      ],
    });
  });

  it('has space under a slider for the tallest of them, whose rows are counted from the top', () => {
    const column = (rows: number) => matrices([Array.from({ length: rows }, () => [1])], { height: 48 + 26 * rows });
    const figure = plot.slider([3, 5, 4], column);
    const { range } = figure.layout.yaxis as { range: [number, number] };
    expect(range[0]).toBeGreaterThan(5);
    expect(range[1]).toBeLessThan(0);
  });

  it('leaves unknown cells empty, and fills them with a slider', () => {
    const figure = plot.slider([1, 2], (k) => matrices([a!.map((row, i) => (i < k ? row : [Number.NaN, Number.NaN]))]));
    expect(figure.data[0]!.z).toEqual([
      [1, -2],
      [null, null],
      [null, null],
    ]);
    expect((figure.frames[1]!.data[0] as unknown as { z: unknown[][] }).z[1]).toEqual([0.5, 4]);
    expect(matrices([[[Number.NaN]]]).description).toBe('Matrices.  (1 × 1) is empty.');
  });

  it('frames a matrix, a row or a column', () => {
    const border = (framed: plot.MatricesOptions['framed']) => {
      const { x, y } = matrices([a!, b!], { framed: framed! }).data.filter(
        ({ name }) => name === 'border',
      )[1] as unknown as {
        x: number[];
        y: number[];
      };
      return [
        Math.min(...x.slice(0, 5)),
        Math.max(...x.slice(0, 5)),
        Math.min(...y.slice(0, 5)),
        Math.max(...y.slice(0, 5)),
      ];
    };
    expect(border([1])).toEqual([3.54, 4.66, 0.44, 2.56]);
    expect(border([[0, 'row', 2]])).toEqual([-0.06, 2.06, 1.94, 3.06]);
    expect(border([[0, 'column', 1]])).toEqual([0.94, 2.06, -0.06, 3.06]);
  });

  it('rejects mismatched arguments', () => {
    const bad = (list: unknown, options = {}) => expect(() => matrices(list as number[][][], options));
    bad([]).toThrow(PlotError);
    bad([[[1], [1, 2]]]).toThrow('number 0: row 0 has 1 numbers, row 1 has 2');
    bad([a], { names: ['x', 'y'] }).toThrow('names has 2 entries for 1');
    bad([a], { between: ['='] }).toThrow('between has 1 entries for 0');
    bad([a], { framed: [1] }).toThrow('framed names matrix 1');
    bad([a], { framed: [[0, 'column', 2]] }).toThrow('column 2 of matrix 0, which has 2');
  });
});

describe('layerGraph', () => {
  const generator = new Generator().manualSeed(1);
  const from = { dtype: 'float64', generator } as const;
  const net = new nn.Sequential(
    new nn.Linear(2, 3, { bias: false, dtype: 'float64' }),
    new nn.Tanh(),
    new nn.Linear(3, 1, { dtype: 'float64' }),
  );
  const passes = classic.backward.matrices(net, randn([4, 2], from), randn([4, 1], from));
  const at = (step?: number) => layerGraph(passes, step === undefined ? {} : { step });
  const title = (step: number) => (at(step).layout.title as { text: string }).text.replace(/<\/?b>/g, '');
  const cells = (figure: plot.Figure) => figure.data.filter(({ type }) => type === 'heatmap');
  const isFull = ({ opacity, hoverinfo }: plot.PlotlyTrace) => opacity === 1 && hoverinfo === undefined;
  const center = (list: unknown) => {
    const numbers = (list as (number | null)[]).filter((one) => one !== null);
    return (Math.min(...numbers) + Math.max(...numbers)) / 2;
  };

  it('goes forward, to the cost, and back, 5 L + 1 operations', () => {
    expect(Array.from({ length: 11 }, (_, i) => title(i + 1))).toEqual([
      'Z¹ = X W¹',
      'I² = g(Z¹)',
      'Z² = I² W² + b²',
      'Ŷ = Z²',
      'C = loss(Ŷ, y)',
      'P² = ∂C/∂Ŷ',
      'F² = P² ⊙ g′(Z²)',
      '∇W² = (I²)ᵀ F²',
      'P¹ = F² (W²)ᵀ',
      'F¹ = P¹ ⊙ g′(Z¹)',
      '∇W¹ = Xᵀ F¹',
    ]);
    expect(() => at(12)).toThrow('from 1 to 11');
    expect(() => at(0)).toThrow(PlotError);
  });

  it('has an arrow from each F to what is computed from it', () => {
    const ends = (step: number, uses = true) => {
      const { x, y } = named(layerGraph(passes, { step, uses }), 'uses') as unknown as Record<
        'x' | 'y',
        (number | null)[]
      >;
      // Three points each, followed by a gap.
      return x.flatMap((_, i) => (i % 4 === 2 ? [[x[i], y[i]]] : []));
    };
    const middle = (name: string) => {
      const { x } = named(at(), name) as unknown as { x: number[] };
      return (x[0]! + x.at(-1)!) / 2;
    };
    expect(ends(7)).toEqual([]);
    expect(ends(8)).toHaveLength(1); // ∇W²
    const all = ends(11);
    expect(all).toHaveLength(3); // ∇W², P¹ and ∇W¹
    expect(all[1]![0]).toBeCloseTo(middle('P¹'), 9);
    expect(ends(11, false)).toEqual([]);
  });

  it('has smaller text on a narrow page', () => {
    const { data, layout } = at(3);
    const { below, traces } = (layout.meta as { narrow: { below: number; traces: [number, string, number][] } }).narrow;
    // Columns of 2, 3, 3, 3, 1, 1, 1 and 1 numbers, and as many gaps.
    expect(below).toBe(Math.round((15 + 8 * 1.7) * 11.5));
    expect(traces.map(([i, path, size]) => [data[i]!.name, path, size])).toEqual([
      ['names', 'textfont.size', 10],
      ['sizes', 'textfont.size', 7],
      ['directions', 'textfont.size', 9],
    ]);
  });

  it('places every gradient under a matrix of the same size, with the numbers of the passes', () => {
    const figure = at();
    const [second] = [passes.layers[1]!];
    for (const [gradient, over] of [
      ['∇W¹', 'W¹'],
      ['F¹', 'Z¹'],
      ['P¹', 'I²'],
      ['∇W²', 'W²'],
      ['F²', 'Z²'],
      ['P²', 'Ŷ'],
    ] as const) {
      const [below, above] = [gradient, over].map((name) => named(figure, name, 'heatmap'));
      expect(below!.x).toEqual(above!.x);
      expect((below!.y as number[]).length).toBe((above!.y as number[]).length);
      expect(center(below!.y)).toBeGreaterThan(center(above!.y) + 4);
    }
    const wanted = second.dW.tolist() as number[][];
    const drawn = named(figure, '∇W²').z as number[][];
    for (const [i, [value]] of wanted.entries()) expect(drawn[i]![0]! / value!).toBeCloseTo(1, 3);
    const lefts = cells(figure).map(({ x }) => (x as number[])[0]!);
    expect(new Set(lefts).size).toBe(8); // X, W, Z, I, W, Z, Ŷ, C
  });

  it('fills in results, frames their operands, and draws arrows to them', () => {
    for (const step of [1, 5, 8, 9, 11]) {
      const full = cells(at(step)).filter((trace) => isFull(trace));
      expect(full.length).toBe(3 + step); // the data and two weights exist from the start
    }
    const figure = at(9); // P¹ = F² (W²)ᵀ
    const [, taken, made] = figure.data.filter(({ name }) => name === 'border');
    expect((taken!.x as unknown[]).length).toBe(12);
    expect(center(made!.x)).toBeCloseTo(center(named(figure, 'P¹').x), 10);
    const arrows = figure.data.filter(({ name }) => name === 'lit');
    for (const [k, name] of ['F²', 'W²'].entries()) {
      const { x } = arrows[k]! as unknown as { x: number[] };
      expect(x[0]).toBeCloseTo(center(named(figure, name).x), 10);
      expect(x[2]).toBeCloseTo(center(named(figure, 'P¹').x), 10);
    }
    expect(
      at()
        .data.filter(({ name }) => name === 'lit')
        .every(({ x }) => (x as unknown[])[0] === null),
    ).toBe(true);
    expect(at(1).description).toContain('Z¹ = X W¹');
    expect(at(1).description).not.toContain('∇W¹ (');
  });

  it('has the same kind at all operations, so that a slider can hold it', () => {
    const all = plot.slider(
      Array.from({ length: 11 }, (_, i) => i + 1),
      at,
    );
    expect(all.frames.length).toBe(11);
    expect(JSON.stringify(all.toJSON()).length).toBeLessThan(30_000);
  });
});

describe('paths', () => {
  const generator = new Generator().manualSeed(2);
  const from = { dtype: 'float64', generator } as const;
  // For some nets the six shares nearly cancel, and four digits of each are not enough for two of their sum.
  manualSeed(2);
  const linear = (inputs: number, outputs: number) => new nn.Linear(inputs, outputs, { bias: false, dtype: 'float64' });
  const net = new nn.Sequential(linear(4, 5), new nn.Tanh(), linear(5, 3), new nn.Tanh(), linear(3, 1), new nn.Tanh());
  const [x, y] = [randn([6, 4], from), randn([6, 1], from)];
  const passes = classic.backward.matrices(net, x, y);
  // Several edges are one stroke: each pair of neighbouring points is an edge.
  const lit = (figure: plot.Figure) =>
    figure.data
      .filter(({ name }) => name === 'lit')
      .flatMap(({ x }) => (x as (number | null)[]).slice(1).map((one, i) => [(x as (number | null)[])[i], one]))
      .filter(([from, to]) => from !== null && to !== null).length;
  const share = (figure: plot.Figure) =>
    Number(/adds ([−\d.e]+) to/.exec((figure.layout.title as { text: string }).text)![1]!.replaceAll('−', '-'));

  it.each([
    { weight: [2, 1, 0], edges: 1, slopes: ['P³ = ∂C/∂ŷ', 'slope g′(Z³)', 'input I³'] },
    {
      weight: [1, 4, 1],
      edges: 2,
      slopes: ['P³ = ∂C/∂ŷ', 'slope g′(Z³)', 'weight of W³', 'slope g′(Z²)', 'input I²'],
    },
    {
      weight: [0, 2, 3],
      edges: 1 + 3 + 3,
      slopes: ['path 3: F² · weight', 'P¹: their sum', 'slope g′(Z¹)', 'input x'],
    },
  ] as const)('highlights the paths of weight $weight, whose slopes give its gradient', ({ weight, edges, slopes }) => {
    const [layer, input, unit] = weight;
    const shares = [0, 1, 2, 3, 4, 5].map((sample) => {
      const figure = paths(passes, weight, { sample });
      expect(lit(figure)).toBe(edges);
      for (const name of slopes) expect(figure.description).toContain(`${name}: `);
      return share(figure);
    });
    // The tape's gradient, the sum of the samples' shares; titles have four digits.
    net.zeroGrad();
    nn.functional.mseLoss(net(x), y).backward();
    const wanted = (net.at(2 * layer) as nn.Linear).weight.grad!.at(unit, input).item();
    expect(shares.reduce((a, b) => a + b, 0) / wanted).toBeCloseTo(1, 2);
  });

  it('has bars on one scale, whatever the weight, and the weight itself in green', () => {
    const pixelsPerUnit = ([layer, input, unit]: readonly [number, number, number]) => {
      const figure = paths(passes, [layer, input, unit]);
      const [bars, words] = figure.data.filter(({ name }) => name === 'meters') as unknown as [
        { x: number[]; y: number[] },
        { text: string[]; y: number[] },
      ];
      // Two texts for each bar, its name and its number, at its height.
      const height = words.y[words.text.indexOf(`slope g′(Z${['¹', '²', '³'][layer]})`)]!;
      const slope = bars.y.indexOf(height) / 3;
      const { dg } = passes.layers[layer]!;
      const green = figure.data.filter(({ line }) => (line as { color?: string })?.color === '#009E73');
      expect(green.map(({ x }) => (x as (number | null)[]).slice(0, 2))).toContainEqual([layer, layer + 1]);
      expect(named(figure, 'numbers').text).toEqual(named(plot.network([1, 1]), 'numbers').text);
      return (bars.x[3 * slope + 1]! - bars.x[3 * slope]!) / dg.at(0, unit).abs().item();
    };
    const first = pixelsPerUnit([0, 2, 3]);
    expect(pixelsPerUnit([2, 1, 0]) / first).toBeCloseTo(1, 1);
    expect(pixelsPerUnit([1, 4, 1]) / first).toBeCloseTo(1, 1);
  });

  it('sums gradients where paths fork, and shows those of the layer above in grey', () => {
    const numbers = (figure: plot.Figure, name: RegExp) =>
      [...figure.description.matchAll(new RegExp(`${name.source}: (-?[\\d.e-]+)`, 'g'))].map(([, one]) =>
        Number.parseFloat(one!),
      );
    const fork = paths(passes, [0, 2, 3]);
    const shares = numbers(fork, /path \d: F² · weight/);
    expect(shares).toHaveLength(3);
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(numbers(fork, /P¹: their sum/)[0]!, 3);
    const grey = (weight: [number, number, number]) =>
      (paths(passes, weight).data.filter(({ name }) => name === 'meters')[2]!.y as (number | null)[]).filter(
        (y) => y !== null,
      );
    expect([grey([2, 1, 0]), grey([1, 4, 1]), grey([0, 2, 3])].map(({ length }) => length / 2)).toEqual([0, 2, 0]);
  });

  it('rejects missing layers and weights', () => {
    expect(() => paths(passes, [3, 0, 0])).toThrow('no layer 3, there are 3');
    expect(() => paths(passes, [0, 4, 0])).toThrow('layer 0 has 4 × 5 weights, there is none at [4, 0]');
    expect(() => paths(passes, [0, 0, 0], { sample: 6 })).toThrow('6 samples');
    const soft = new nn.Sequential(linear(4, 3), new nn.Softmax(1));
    const target = randn([6, 3], from);
    expect(() => paths(classic.backward.matrices(soft, x, target), [0, 0, 0])).toThrow(PlotError);
  });
});
