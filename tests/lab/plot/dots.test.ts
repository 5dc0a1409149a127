import { describe, expect, it } from 'vitest';
import { tensor } from '../../../src';
import { PlotError } from '../../../src/errors';
import { type DotRow, dots, strip } from '../../../src/lab/plot';
import { named } from './examples';

describe('dots', () => {
  it('are on a line, stacked if they would hide each other', () => {
    const { data, layout } = dots([4, 1, 4, 4, 9], { range: [0, 10] });
    const { x, y } = named({ data } as never, 'values');
    expect(x).toEqual([4, 1, 4, 4, 9]);
    const heights = y as number[];
    const line = (named({ data } as never, 'line').y as number[])[0]!;
    expect([heights[1], heights[4], heights[0]]).toEqual([line, line, line]);
    expect(heights[2]).toBeGreaterThan(line + 5);
    expect(heights[3]! - heights[2]!).toBeCloseTo(heights[2]! - line, 6);
    expect(layout.xaxis).toMatchObject({ range: [0, 10] });
    expect(layout.yaxis).toMatchObject({ showticklabels: false });
  });

  it('take the same height however many are at one position', () => {
    const highest = (count: number) => {
      const { data } = dots(new Array(count).fill(2), { range: [0, 10] });
      return Math.max(...(named({ data } as never, 'values').y as number[]));
    };
    expect(highest(50)).toBeCloseTo(highest(20), 0);
    expect((dots([1]).layout.yaxis as { range: number[] }).range).toEqual(
      (dots(new Array(50).fill(1)).layout.yaxis as { range: number[] }).range,
    );
  });

  it('have pointers below, each on its level, whose names stay inside', () => {
    const figure = dots(tensor([1, 2, 30]), {
      pointers: [
        { name: 'mean', at: 11 },
        { name: 'most', at: 30, color: '#123456' },
      ],
    });
    const [mean, most] = [named(figure, 'mean'), named(figure, 'most')];
    expect([mean.x, most.x]).toEqual([
      [11, 11],
      [30, 30],
    ]);
    expect((most.y as number[])[1]).toBeLessThan((mean.y as number[])[1]!);
    expect([mean.textposition, most.textposition]).toEqual(['middle right', 'middle left']);
    expect(most.textfont).toEqual({ color: '#123456' });
    expect(figure.description).toBe(
      'Dots. The line runs from -0.45 to 31.45. Dots at 1, 2, 30; “mean” at 11; “most” at 30.',
    );
  });

  it('have arrows from their positions or from one, of the given lengths', () => {
    const own = named(dots([1, 2], { arrows: { along: [3, -1] } }), 'arrows');
    expect(own.x).toEqual([1, 4, null, 2, 1, null]);
    expect((own.marker as { angle: number[] }).angle.filter((_, i) => i % 3 === 1)).toEqual([90, -90]);
    const pulls = named(dots([1, 2], { arrows: { along: [3, -1], from: 5 } }), 'arrows');
    expect(pulls.x).toEqual([5, 8, null, 5, 4, null]);
    const heights = pulls.y as number[];
    expect(heights[0]).toBeGreaterThan(heights[3]!);
    const { range } = dots([1, 2], { arrows: { along: [3, -1], from: 5 } }).layout.xaxis as { range: number[] };
    expect(range[0]).toBeCloseTo(0.65, 12);
    expect(range[1]).toBeCloseTo(8.35, 12);
  });
});

describe('strip', () => {
  it('has a line for each row, one below the other, with its name and its span', () => {
    const { data, layout, description } = strip(
      [
        { name: 'before', values: [1, 2, 6] },
        { name: 'after', values: [-1, -0.5, 1.5], spans: [{ name: 'spread', range: [-1, 1] }] },
      ],
      { title: 'Twice', xLabel: 'z', height: 90 },
    );
    const axis = layout.yaxis as { tickvals: number[]; ticktext: string[]; range: number[] };
    expect(axis.ticktext).toEqual(['before', 'after']);
    expect(axis.tickvals[1]).toBeLessThan(axis.tickvals[0]!);
    expect(axis.range[0]).toBeLessThan(axis.tickvals[1]!);
    expect(named({ data } as never, 'spread')).toMatchObject({ x: [-1, 1], y: [axis.tickvals[1], axis.tickvals[1]] });
    expect(description).toBe(
      'Dots: Twice. z runs from -1.35 to 6.35. “before”: 3 dots at 1, 2, 6. “after”: 3 dots at -1, -0.5, 1.5; ' +
        '“spread” from -1 to 1.',
    );
  });

  it.each([
    [[], 'at least one row'],
    [null, 'at least one row'],
    [[{ values: [] }], 'row 0: expected at least one value'],
    [[{ values: [1, Number.NaN] }], 'must be finite, got NaN'],
    [[{ values: [1], arrows: { along: [1, 2] } }], '1 values and 2 arrows'],
    [[{ values: [1], arrows: { along: [1], from: Number.POSITIVE_INFINITY } }], 'must be finite, got Infinity'],
    [[{ values: [1], pointers: [{ name: 'p', at: Number.NaN }] }], 'must be finite, got NaN'],
    [[{ values: [1], spans: [{ name: 's', range: [1, 0] }] }], 'span “s”: expected [smallest, largest]'],
  ])('rejects %o', (rows, message) => {
    expect(() => strip(rows as DotRow[])).toThrow(PlotError);
    expect(() => strip(rows as DotRow[])).toThrow(message);
  });
});
