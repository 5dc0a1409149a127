import { describe, expect, it } from 'vitest';
import { tensor } from '../../../../src';
import { gallery } from '../../../../src/lab/lessons/004-90';
import { slider } from '../../../../src/lab/plot';

const square = { name: 'square', f: (x: number) => x * x, slope: (x: number) => 2 * x };
const step = { name: 'step', f: (x: number) => tensor(x > 0 ? 1 : 0), slope: () => 0 };

describe('gallery', () => {
  it('draws each function with its slope on axes of its own', () => {
    const { data, layout } = gallery([square, step], { columns: 1, xRange: [-2, 2], yRange: [-1, 5] });
    expect(data.map(({ name, yaxis }) => [name, yaxis])).toEqual(
      ['y', 'y2'].flatMap((y) => [
        ['|slope| < 0.01', y],
        ['f', y],
        ['slope', y],
      ]),
    );
    const y = data[1]!.y as number[];
    expect([y[0], y[40], y[80]]).toEqual([4, 0, 4]);
    expect([(data[2]!.y as number[])[0], (data[2]!.y as number[])[80]]).toEqual([-4, 4]);
    const [upper, lower] = [layout.yaxis, layout.yaxis2] as { domain: [number, number] }[];
    expect(upper!.domain[1]).toBe(1);
    expect(lower!.domain[1]).toBeLessThan(upper!.domain[0]);
    expect((layout.annotations as { text: string }[]).map(({ text }) => text)).toEqual(['square', 'step']);
  });

  it('shades the ground where the slope is almost 0', () => {
    const { data } = gallery([square, step], { xRange: [-2, 2], yRange: [-1, 5], flat: 0.15 });
    expect((data[0]!.x as number[]).slice(0, 2)).toEqual([-0.075, 0.075]);
    expect((data[3]!.x as number[]).slice(0, 2)).toEqual([-2, 2]);
    expect((data[3]!.y as number[]).slice(0, 5)).toEqual([-1, -1, 5, 5, -1]);
  });

  it('has tangents that touch, and moves only these', () => {
    const figure = slider([-1, 1], (at) => gallery([square, { name: 'sin', f: Math.sin }], { at }), { start: 1 });
    const tangents = figure.data.filter(({ name }) => name === 'tangent') as unknown as { x: number[]; y: number[] }[];
    const slopes = tangents.map(({ x, y }) => (y[2]! - y[0]!) / (x[2]! - x[0]!));
    expect(slopes[0]).toBeCloseTo(2, 2);
    expect(slopes[1]).toBeCloseTo(Math.cos(1), 2);
    expect(tangents.map(({ y }) => y[1])).toEqual([1, expect.closeTo(Math.sin(1), 3)]);
    expect(figure.frames[0]!.traces).toEqual([3, 7]);
    expect(figure.description).toContain(
      '2 functions with their slopes, at 1: square (1, slope 2), sin (0.8415, slope 0.5403).',
    );
  });

  it('says what is no gallery', () => {
    expect(() => gallery([])).toThrow('at least one function');
    expect(() => gallery([{ name: 'n', f: () => tensor([1, 2]) }])).toThrow('“n” at -3.9');
    expect(() => gallery([square], { columns: 0 })).toThrow('columns');
    expect(() => gallery([square], { at: Number.NaN })).toThrow('at must be finite');
  });
});
