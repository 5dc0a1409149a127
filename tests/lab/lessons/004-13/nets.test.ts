import { expect, it } from 'vitest';
import { cat, Generator, linalg, tensor } from '../../../../src';
import { ValueError } from '../../../../src/errors';
import {
  arrowColumns,
  batchSlopes,
  fanFigure,
  passOf,
  patternField,
  shareInBatches,
  shareOfOneSign,
  whileLearning,
} from '../../../../src/lab/lessons/004-13';

const seeded = (seed: number) => ({ generator: new Generator().manualSeed(seed) });

it('adds up input times blame to the slopes of the tape', () => {
  const { inputs, blames, slopes } = passOf(['sigmoid', 'tanh'], { rows: 7, ...seeded(1) });
  expect(slopes.map((one) => [one.length, one[0]!.length])).toEqual([
    [10, 10],
    [10, 12],
    [12, 1],
  ]);
  slopes.forEach((ofLayer, l) => {
    const added = batchSlopes(inputs[l]!, blames[l]!);
    ofLayer.flat().forEach((slope, i) => {
      expect(added.flat()[i]).toBeCloseTo(slope, 12);
    });
  });
  const [first] = inputs[1]!;
  expect(Math.min(...first!)).toBeGreaterThan(0);
});

it('counts units whose slopes have one sign, and 0 as none', () => {
  expect(
    shareOfOneSign([
      [1, -1, 1, 0],
      [2, -3, -1, 1],
    ]),
  ).toBe(0.5);
  const row = {
    inputs: [
      [1, 2],
      [1, -3],
      [2, 1],
    ],
    blames: [[1], [1], [-1]],
  };
  expect(batchSlopes(row.inputs, row.blames, 1, 1)).toEqual([[1], [-3]]);
  expect(shareInBatches(row, 1)).toBeCloseTo(2 / 3, 12);
  expect(shareInBatches(row, 3)).toBe(0); // 1 + 1 − 2 = 0
});

it('takes targets and weights that are given', () => {
  const { inputs, blames } = passOf(['tanh', 'tanh'], {
    rows: 20,
    target: (x) => x.narrow(1, 0, 1).mul(0).add(100),
    change: (weights, layer) => (layer === 0 ? weights : weights.abs().neg()),
    ...seeded(2),
  });
  expect(Math.max(...blames[2]!.flat())).toBeLessThan(0);
  expect(Math.min(...blames[1]!.flat())).toBeGreaterThan(0);
  expect(Math.max(...inputs[2]!.flat())).toBeGreaterThan(0);
  expect(() => passOf(['tanh'])).toThrow(ValueError);
});

it('notes moments of a training that learns', () => {
  const moments = whileLearning(3, { noted: [0, 30, 100] });
  expect(moments.map(({ step }) => step)).toEqual([0, 30, 100]);
  expect(moments[2]!.loss).toBeLessThan(0.2 * moments[0]!.loss);
  expect(moments[0]!.inputs).toHaveLength(256);
  expect(whileLearning(3, { noted: [30] })[0]).toEqual(moments[1]);
});

it('holds biases at 0 where they are not to learn: sums stay in the span of the inputs', () => {
  const rankAfter = (biases: boolean) => {
    const [before, after] = whileLearning(3, { noted: [0, 30], biases }).map(({ inputs }) =>
      tensor(inputs as number[][], { dtype: 'float64' }).logit(),
    );
    return linalg.matrixRank(cat([before!, after!], 1), { rtol: 1e-8 }).item();
  };
  expect(rankAfter(false)).toBe(10);
  expect(rankAfter(true)).toBe(11);
});

it('draws lamps and arrows where they belong', () => {
  const [lamps] = patternField('one', new Set([0, 33])).data as unknown as { z: { bdata: string; shape: string } }[];
  const { bdata, shape } = lamps!.z;
  expect(shape).toBe('32, 32');
  const bytes = [...Buffer.from(bdata, 'base64')];
  expect(bytes.flatMap((byte, i) => (byte === 1 ? [i] : []))).toEqual([0, 33]);
  const [arrows] = arrowColumns([{ name: 'one', moves: [1, -1] }]).data as unknown as {
    marker: { symbol: string[] };
  }[];
  expect(arrows!.marker.symbol).toEqual(['triangle-up', 'triangle-down']);
  expect(() => arrowColumns([])).toThrow(ValueError);
});

it('marks where all weights move one way between two lines of rest', () => {
  const fan = (second: number) => {
    const rows = [
      [1, 0.5],
      [second, 1],
    ];
    const [lines, oneWay, blames] = fanFigure('fan', rows, 90).data as unknown as {
      x: (number | null)[];
      y: (number | null)[];
    }[];
    return { lines: lines!, blames: blames!, marked: oneWay!.x.filter((x) => x !== null).length };
  };
  const { lines, blames, marked } = fan(0.5);
  expect([blames.x[0], blames.y[0]]).toEqual([expect.closeTo(0, 12), 1]);
  // A weight of inputs 1 and 0.5 rests where its blames are as 1 to −2.
  expect(lines.y[0]! / lines.x[0]!).toBeCloseTo(-2, 2);
  // Lines at 116.6° and 153.4°: 2 · 36.9° of the circle go both ways, in steps of half a degree.
  expect(marked).toBeGreaterThan(721 - 2 * 75);
  expect(marked).toBeLessThan(721 - 2 * 72);
  expect(fan(-2).marked).toBeLessThan(marked);
  expect(() => fanFigure('fan', [[1, 2]], 0)).toThrow(ValueError);
});
