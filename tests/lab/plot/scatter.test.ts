import { describe, expect, it } from 'vitest';
import { PlotError } from '../../../src/errors';
import { type Figure, type PlotlyTrace, panels, scatter, slider } from '../../../src/lab/plot';

const points = [
  [0, 0],
  [2, 0],
  [0, 2],
  [2, 2],
] as const;
const domain = { x: [-1, 3], y: [-1, 3] } as const;
const named = (figure: Figure, name: string) =>
  figure.data.find((trace) => trace.name === name) as PlotlyTrace & { x: (number | null)[]; y: (number | null)[] };
const placesOf = ({ x, y }: { x: (number | null)[]; y: (number | null)[] }) => x.map((value, i) => [value, y[i]]);

describe('scatter', () => {
  it('draws each class separately, with equal units on both axes', () => {
    const figure = scatter(points, { classes: [0, 1, 1, 0], names: ['no', 'yes', 'perhaps'], domain });
    expect(placesOf(named(figure, 'no'))).toEqual([points[0], points[3]]);
    expect(placesOf(named(figure, 'yes'))).toEqual([points[1], points[2]]);
    expect(placesOf(named(figure, 'perhaps'))).toEqual([[null, null]]);
    expect(figure.layout.yaxis).toMatchObject({ range: [-1, 3], scaleanchor: 'x' });
    expect(figure.layout.width).toBe(380 + 100);
    expect(figure.description).toContain('“yes”: 2 points');
    expect(scatter(points, { equalAspect: false }).layout).not.toHaveProperty('width');
    expect(scatter(points).layout.xaxis).toMatchObject({ range: [-0.16, 2.16] });
  });

  it('gives classes their given colours, which panels keep', () => {
    const options = { classes: [0, 1, 1, 0], names: ['no', 'yes'] };
    const colorOf = (figure: Figure, name: string) => (named(figure, name).marker as { color: string }).color;
    const grey = scatter(points, { ...options, colors: ['#D55E00', '#8A8A8A'] });
    expect(['no', 'yes'].map((name) => colorOf(grey, name))).toEqual(['#D55E00', '#8A8A8A']);
    const other = scatter(points, { ...options, names: ['in', 'out'], colors: ['#8A8A8A', '#D55E00'] });
    const both = panels([grey, other]);
    expect(['yes', 'in'].map((name) => colorOf(both, name))).toEqual(['#8A8A8A', '#8A8A8A']);
    // Without colours a class looks as in all figures.
    expect(['no', 'yes'].map((name) => colorOf(scatter(points, options), name))).toEqual(['#D55E00', '#0072B2']);
  });

  it('draws a line where weights · x + bias is 0, from edge to edge, and shades the positive side', () => {
    const lines = [{ weights: [1, 2], bias: -3, side: true }] as const;
    const figure = scatter(points, { domain, lines });
    const line = named(figure, 'line');
    for (const [x, y] of placesOf(line)) expect(x! + 2 * y! - 3).toBeCloseTo(0, 12);
    expect(placesOf(line)).toEqual([
      [3, 0],
      [-1, 2],
    ]);
    expect(placesOf(named(figure, 'line, positive side'))).toEqual([
      [3, 0],
      [3, 3],
      [-1, 3],
      [-1, 2],
      [3, 0],
    ]);
    expect(figure.description).toContain('Line “line”: 1 x + 2 y + -3 = 0.');
    // With opposite signs the other side is positive.
    const turned = scatter(points, { domain, lines: [{ weights: [-1, -2], bias: 3, side: true }] });
    expect(placesOf(named(turned, 'line, positive side'))).toContainEqual([-1, -1]);
  });

  it('omits a line outside the picture; its side is everything or nothing', () => {
    const outside = (bias: number, weights: [number, number] = [1, 1]) =>
      scatter(points, { domain, lines: [{ weights, bias, side: true }] });
    expect(placesOf(named(outside(10), 'line'))).toEqual([[null, null]]);
    expect(placesOf(named(outside(10), 'line, positive side'))).toHaveLength(5);
    expect(placesOf(named(outside(-10), 'line, positive side'))).toEqual([[null, null]]);
    expect(placesOf(named(outside(0, [0, 0]), 'line'))).toEqual([[null, null]]);
    expect(outside(10).description).toContain('not in the picture');
  });

  it('circles points, draws arrows and paths', () => {
    const figure = scatter(points, {
      rings: [3],
      ringName: 'wrong',
      arrows: [{ at: [0, 0], along: [1, 2] }],
      arrowName: 'push',
      paths: [
        {
          points: [
            [0, 1],
            [1, 1],
          ],
          name: 'border',
        },
      ],
    });
    expect(placesOf(named(figure, 'wrong'))).toEqual([[2, 2]]);
    expect(placesOf(named(figure, 'push'))).toEqual([
      [0, 0],
      [1, 2],
      [null, null],
    ]);
    expect(named(figure, 'border').x).toEqual([0, 1]);
    expect(figure.description).toContain('wrong around (2, 2). 1 arrow (push).');
  });

  it('moves with a slider, beside another figure, also if nothing is circled or pushed', () => {
    const draw = (k: number) =>
      scatter(points, {
        rings: k ? [k] : [],
        arrows: k ? [{ at: [0, 0], along: [k, 1] }] : [],
        lines: [{ weights: [k, 1] }],
      });
    const figure = slider([0, 1, 2], (k) => panels([draw(k), draw(2 - k)]));
    expect(figure.frames).toHaveLength(3);
  });

  it('explains mismatched arguments', () => {
    expect(() => scatter([])).toThrow(PlotError);
    expect(() => scatter([[0, Number.NaN]])).toThrow('points must be finite, number 0');
    expect(() => scatter(points, { classes: [0, 1] })).toThrow('4 points and 2 classes');
    expect(() => scatter(points, { classes: [0, 1, 0, 1.5] })).toThrow('whole numbers from 0 to 6, got 1.5');
    expect(() => scatter(points, { classes: [0, 1, 0, 2], names: ['a', 'b'] })).toThrow('from 0 to 1, got 2');
    expect(() => scatter(points, { rings: [4] })).toThrow('no point 4 to ring; there are 4');
    expect(() => scatter(points, { lines: [{ weights: [1, 1], bias: Number.NaN }] })).toThrow('bias of line “line”');
  });
});
