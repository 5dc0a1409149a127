import { describe, expect, it } from 'vitest';
import { PlotError } from '../../../src/errors';
import { contour, type Figure, surface } from '../../../src/lab/plot';
import { descent, gradient, loss, named } from './examples';

describe('contour', () => {
  const lines = (figure: Figure) =>
    figure.data[0] as unknown as {
      z: number[][];
      text: number[][];
      contours: { start: number; end: number; size: number };
      colorbar: { tickvals: number[]; ticktext: string[] };
    };
  const levelsOf = (figure: Figure) => {
    const [, list] = /lines at (.*?)\.( |$)/.exec(figure.description)!;
    return list!.split(', ').map(Number);
  };

  it('draws any rising levels, at their positions among the heights', () => {
    const figure = contour((x) => x, { domain: { x: [0, 10], y: [0, 1] }, resolution: 11, levels: [2, 4, 8] });
    const { z, text, contours, colorbar } = lines(figure);
    expect(contours).toMatchObject({ start: -1, end: 3, size: 1 });
    expect(text[0]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(z[0]).toEqual([-1, -0.5, 0, 0.5, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5]);
    expect(colorbar).toMatchObject({ tickvals: [0, 1, 2], ticktext: ['2', '4', '8'] });
  });

  it('places levels over several decades by ratios', () => {
    const figure = contour((x) => 10 ** x, { domain: { x: [-2, 4], y: [0, 1] }, resolution: 7, levels: [1, 10, 100] });
    expect(lines(figure).z[0]).toEqual([-1, -1, 0, 1, 2, 3, 3]);
    const negative = contour((x) => x, { domain: { x: [-3, 3], y: [0, 1] }, resolution: 7, levels: [1] });
    expect(lines(negative).z[0]).toEqual([-1, -1, -1, -1, 0, 1, 1]);
  });

  it('chooses round levels', () => {
    expect(levelsOf(contour(loss))).toEqual([200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000, 2200, 2400]);
    const log = levelsOf(contour(loss, { spacing: 'log' }));
    expect(log).toEqual([0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]);
    expect(levelsOf(contour(loss, { spacing: 'log', levels: 4 }))).toEqual([1, 10, 100, 1000]);
    expect(levelsOf(contour((x) => 0.1 * x, { levels: 4 }))).toEqual([-0.5, 0, 0.5]);
  });

  it('keeps right angles right, unless set otherwise', () => {
    const wide = contour(loss, { domain: { x: [0, 20], y: [0, 10] }, height: 300 });
    expect(wide.layout.yaxis).toMatchObject({ scaleanchor: 'x', scaleratio: 1 });
    expect(wide.layout.width).toBe(600 + 170);
    const free = contour(loss, { equalAspect: false });
    expect(free.layout.yaxis).not.toHaveProperty('scaleanchor');
    expect(free.layout).not.toHaveProperty('width');
  });

  it('draws arrows of one length along the given vectors', () => {
    const at: [number, number][] = [
      [4, 6],
      [-5, 7],
    ];
    const figure = contour(loss, {
      arrows: [...at.map((point) => ({ at: point, along: gradient(point) })), { at: [1, 1], along: [0, 0] }],
      arrowName: 'gradient',
      arrowLength: 0.1,
    });
    const [x, y] = [named(figure, 'gradient').x, named(figure, 'gradient').y] as number[][];
    at.forEach(([w1, w2], i) => {
      const step = [x![3 * i + 1]! - x![3 * i]!, y![3 * i + 1]! - y![3 * i]!] as const;
      const slope = gradient([w1, w2]);
      expect(Math.hypot(...step)).toBeCloseTo(2, 2);
      expect((step[0] * slope[0] + step[1] * slope[1]) / Math.hypot(...slope)).toBeCloseTo(2, 2);
      expect(x![3 * i + 2]).toBeNull();
    });
    expect([x!.slice(6), y!.slice(6)]).toEqual([
      [1, 1, null],
      [1, 1, null],
    ]);
    expect(figure.description).toContain('3 arrows (gradient).');
  });

  it('fills regions from their first corner back to it', () => {
    const points = [
      [2, 0],
      [0, 3],
      [-1, 0],
    ] as [number, number][];
    const figure = contour(loss, { regions: [{ points, name: 'ball' }, { points }] });
    const trace = named(figure, 'ball');
    expect([trace.x, trace.y, trace.fill]).toEqual([[2, 0, -1, 2], [0, 3, 0, 0], 'toself']);
    expect(named(figure, 'region').fillcolor).not.toBe(trace.fillcolor);
    expect(figure.description).toContain('Region “ball”: 3 corners, x from -1 to 2, y from 0 to 3.');
    expect(() => contour(loss, { regions: [{ points: [[Number.NaN, 1]] }] })).toThrow('“region” has a corner');
  });

  it('clips paths to what a drawing can hold', () => {
    const figure = contour(loss, {
      paths: [
        { points: descent(0.05, 30), name: 'converges' },
        { points: descent(1, 100), name: 'diverges' },
        {
          points: [
            [0, 0],
            [Number.POSITIVE_INFINITY, 0],
          ],
          name: 'breaks',
        },
      ],
    });
    expect(named(figure, 'converges').x).toHaveLength(31);
    const far = (named(figure, 'diverges').x as number[]).map(Math.abs);
    expect(Math.max(...far)).toBeLessThan(100);
    expect(far.length).toBeLessThan(5);
    expect(named(figure, 'breaks').x).toEqual([0]);
    expect(figure.description).toContain('Path “converges” has 31 points, from (-8, 8) to');
    expect(figure.description).toMatch(/Path “diverges” has 101 points, from \(-8, 8\) to outside the picture/);
  });

  it('draws from -10 to 10 by default', () => {
    expect(contour(loss).description).toContain('x runs from -10 to 10, y from -10 to 10.');
  });

  it('cuts a path beyond twice the size of the picture, on every side', () => {
    const domain = { x: [-1, 1], y: [-1, 1] } as const;
    for (const way of [1, -1]) {
      const points = [0, 4.9, 5, 5.1].map((at): [number, number] => [way * at, 0]);
      const kept = named(contour(loss, { domain, paths: [{ points, name: 'p' }] }), 'p').x as number[];
      expect(kept.map(Math.abs).filter((at) => at <= 5)).toEqual([0, 4.9, 5]);
      const others = points.map(([x, y]): [number, number] => [y, x]);
      expect(named(contour(loss, { domain, paths: [{ points: others, name: 'p' }] }), 'p').x).toHaveLength(kept.length);
    }
    expect(contour(loss, { levels: 50 })).toBeDefined();
    expect(() => contour(loss, { levels: 51 })).toThrow('from 1 to 50');
  });

  it('rejects invalid input', () => {
    const cases: [() => unknown, RegExp][] = [
      [() => contour(loss, { levels: [1, 1] }), /levels must be finite and rising, got \[1, 1\]/],
      [() => contour(loss, { levels: [] }), /levels must be finite and rising/],
      [() => contour(loss, { levels: 0 }), /whole number from 1 to 50, got 0/],
      [
        () => contour((x) => -(x ** 2) - 1, { spacing: 'log' }),
        /log spacing needs positive heights; the highest is -1/,
      ],
      [() => contour(loss, { arrows: [{ at: [0, 0], along: [1] as never }] }), /arrow 0: along: expected a point/],
      [() => contour(loss, { arrowLength: 0 }), /arrowLength must be above 0, got 0/],
    ];
    for (const [draw, message] of cases) {
      expect(draw).toThrow(PlotError);
      expect(draw).toThrow(message);
    }
  });

  it('draws constant heights', () => {
    expect(levelsOf(contour(() => 3))).toEqual([3]);
    expect(levelsOf(contour(() => 3, { spacing: 'log' }))).toEqual([3]);
  });

  it('gives a path the given colour, here and on a surface', () => {
    const options = {
      paths: [
        {
          points: [
            [0, 0],
            [1, 1],
          ] as [number, number][],
          name: 'ring',
          color: '#123456',
        },
      ],
    };
    const lines = [contour((x, y) => x + y, options), surface((x, y) => x + y, options)].map(({ data }) =>
      data.find(({ name }) => name === 'ring'),
    );
    expect(lines.map((line) => (line!.line as { color: string }).color)).toEqual(['#123456', '#123456']);
  });
});
