import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { displaySymbol } from '../../src/display';
import { PlotError } from '../../src/errors';
import {
  contour,
  curves,
  Figure,
  type Height,
  type PlotlyLayout,
  plotlyMimeType,
  slider,
  surface,
  toPlotlyCamera,
} from '../../src/plot';
import { descent, examples, gradient, loss } from './examples';

const tensor = (list: unknown, ...shape: number[]) => ({ shape, tolist: () => list });
const sizeOf = (figure: Figure) => Buffer.byteLength(JSON.stringify(figure.toJSON()));
const named = (figure: Figure, name: string, type?: string) =>
  figure.data.find((trace) => trace.name === name && (type === undefined || trace.type === type))!;

describe('Figure', () => {
  afterEach(() => {
    delete (globalThis as { __tslab__?: unknown }).__tslab__;
  });

  it('shows as plotly JSON and as words', () => {
    const figure = surface(loss);
    const bundle = figure[displaySymbol]();
    expect(Object.keys(bundle)).toEqual([plotlyMimeType, 'text/plain']);
    expect(bundle[plotlyMimeType]).toEqual({ data: figure.data, layout: figure.layout });
    expect(bundle['text/plain']).toBe(figure.description);
    expect(inspect(figure)).toBe(figure.description);
  });

  it('tells users of stock tslab how to draw it', () => {
    (globalThis as { __tslab__?: unknown }).__tslab__ = {};
    expect(inspect(new Figure({}))).toBe('Figure. It is empty.\n(show(figure) draws it here.)');
  });

  it('describes figures made from JSON', () => {
    const figure = new Figure({
      data: [{ type: 'bar', name: 'norms', y: [1, 2, 3] }, { type: 'pie' }],
      layout: { title: { text: 'Norms' } },
    });
    expect(figure.description).toBe('Figure: Norms. It shows bar “norms”, 3 points; pie.');
    expect(JSON.parse(JSON.stringify(figure))).toEqual({ data: figure.data, layout: figure.layout });
  });

  it('is JSON without holes, in every example', () => {
    for (const [name, make] of Object.entries(examples)) {
      const json = make().toJSON();
      expect(JSON.parse(JSON.stringify(json)), name).toEqual(json);
    }
  });

  it('has titles on all axes, in the form that plotly 2 to 4 share', () => {
    for (const [name, make] of Object.entries(examples)) {
      const { layout } = make();
      const scene = layout.scene as PlotlyLayout | undefined;
      const axes = scene ? [scene.xaxis, scene.yaxis] : [layout.xaxis, layout.yaxis];
      for (const axis of axes) expect((axis as { title: { text: string } }).title.text, name).not.toBe('');
      if (layout.title !== undefined) expect(typeof (layout.title as { text: string }).text).toBe('string');
    }
  });
});

describe('surface', () => {
  it('computes a function on an even grid', () => {
    const [sheet] = surface((x, y) => 10 * x + y, { domain: { x: [0, 2], y: [0, 4] }, resolution: 3 }).data;
    expect([sheet!.x, sheet!.y]).toEqual([
      [0, 1, 2],
      [0, 2, 4],
    ]);
    expect(sheet!.z).toEqual([
      [0, 10, 20],
      [2, 12, 22],
      [4, 14, 24],
    ]);
  });

  it('takes grids of arrays, typed arrays and tensors, and functions that return tensors', () => {
    const z = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const plain = surface({ x: [0, 1, 2], y: [0, 1], z }).data;
    const rows = z.map((row) => Float64Array.from(row));
    expect(surface({ x: Float32Array.of(0, 1, 2), y: tensor([0, 1], 2), z: rows }).data).toEqual(plain);
    expect(surface({ x: [0, 1, 2], y: [0, 1], z: tensor(z, 2, 3) }).data).toEqual(plain);
    const domain = { x: [0, 2], y: [0, 1] } as const;
    const numbers = surface((x, y) => x + y, { domain, resolution: 2 }).data;
    expect(surface((x, y) => tensor(x + y), { domain, resolution: 2 }).data).toEqual(numbers);
    expect(surface((x, y) => tensor([x + y], 1), { domain, resolution: 2 }).data).toEqual(numbers);
  });

  it('rounds to four digits: 100 × 100 points take at most 80 kB', () => {
    expect(sizeOf(surface(loss, { resolution: 100 }))).toBeLessThan(80_000);
    expect(sizeOf(surface((x, y) => Math.sin(x) * Math.exp(y / 7), { resolution: 100 }))).toBeLessThan(80_000);
  });

  it('keeps more digits where heights or positions lie close together', () => {
    const far = surface((x, y) => 1e6 + 0.001 * (x + y), { domain: { x: [5000, 5001], y: [0, 1] }, resolution: 11 });
    const [sheet] = far.data;
    expect(new Set(sheet!.x as number[]).size).toBe(11);
    expect(new Set((sheet!.z as number[][])[0]).size).toBe(11);
    for (const [i, x] of (sheet!.x as number[]).entries()) expect(x).toBeCloseTo(5000 + i / 10, 4);
    const walk = {
      points: [
        [5000.111, 0],
        [5000.222, 0.5],
      ] as [number, number][],
      name: 'walk',
    };
    const options = { domain: { x: [5000, 5001], y: [0, 1] }, paths: [walk] } as const;
    for (const draw of [surface, contour]) {
      const steps = draw((x) => x, options)
        .data.filter(({ name }) => name === 'walk')
        .at(-1)!;
      expect(steps.x).toEqual([5000.111, 5000.222]);
    }
  });

  it('leaves holes where a height is not finite', () => {
    const [sheet] = surface((x) => Math.log(x), { domain: { x: [-1, 1], y: [0, 1] }, resolution: 3 }).data;
    expect(sheet!.z).toEqual([
      [null, null, 0],
      [null, null, 0],
      [null, null, 0],
    ]);
  });

  it('draws paths just above the surface, following it between points', () => {
    const figure = surface(loss, {
      paths: [
        {
          points: [
            [-8, 8],
            [8, -8],
          ],
          name: 'walk',
        },
      ],
    });
    const [line, steps] = figure.data.filter(({ name }) => name === 'walk');
    expect([steps!.x, steps!.y]).toEqual([
      [-8, 8],
      [8, -8],
    ]);
    const lift = 2420 * 0.012;
    const [x, y, z] = [line!.x, line!.y, line!.z] as number[][];
    expect(x).toHaveLength(21);
    for (const i of x!.keys()) expect(z![i]).toBeCloseTo(loss(x![i]!, y![i]!) + lift, -1);
    expect(figure.description).toContain('Path “walk” has 2 points, from (-8, 8), height 404, to (8, -8), height 148.');
  });

  it('tells the height of the surface when hovering over a raised mark or step', () => {
    const path = { points: [[-8, 8] as const, [8, -8] as const], name: 'walk' };
    const figure = surface(loss, { paths: [path], marks: [{ at: [2, 1], name: 'spot' }] });
    const spot = figure.data.find(({ name }) => name === 'spot')!;
    const steps = figure.data.find(({ name, mode }) => name === 'walk' && mode === 'markers')!;
    expect((spot.z as number[])[0]).toBeGreaterThan(loss(2, 1) + 10);
    expect([spot.customdata, steps.customdata]).toEqual([[loss(2, 1)], [404, 148]]);
    for (const trace of [spot, steps]) expect(trace.hovertemplate).toContain('loss %{customdata}');
  });

  it('leaves out what lies outside, and takes heights between grid points', () => {
    const grid = {
      x: [0, 1],
      y: [0, 1],
      z: [
        [0, 10],
        [20, 30],
      ],
    };
    const points = tensor(
      [
        [0.5, 0.5],
        [3, 0.5],
        [1, 1],
        [Number.NaN, 1],
      ],
      4,
      2,
    );
    const figure = surface(grid, { paths: [{ points }] });
    const [line, steps] = figure.data.filter(({ name }) => name === 'path');
    expect(steps!.z).toEqual([15.6, null, 30.6, null]);
    expect((line!.x as (number | null)[]).every((x) => x === null || x <= 1)).toBe(true);
    expect(figure.description).toContain('from (0.5, 0.5), height 15, to (NaN, 1), outside the picture; 2 of them lie');
  });

  it('marks places', () => {
    const figure = surface(loss, { marks: [{ at: tensor([1, 1], 2), name: 'minimum' }] });
    expect(named(figure, 'minimum')).toMatchObject({ x: [1], y: [1], z: [121] });
    expect(figure.description).toContain('Marked: minimum at (1, 1), height 0.');
  });

  it('describes itself to people who cannot see it', () => {
    expect(surface(loss, { title: 'Bowl', resolution: 21 }).description).toBe(
      'Surface: Bowl. w₁ runs from -10 to 10, w₂ from -10 to 10. loss is lowest at (1, 1) with 0 ' +
        'and highest at (-10, -10) with 2420, on 21 × 21 points.',
    );
  });

  it('refuses wrong input before drawing', () => {
    const cases: [() => unknown, RegExp][] = [
      [() => surface(loss, { resolution: 1 }), /resolution must be a whole number from 2 to 500, got 1/],
      [
        () => surface(loss, { domain: { x: [1, 1], y: [0, 1] } }),
        /domain\.x: expected \[smallest, largest\], got \[1, 1\]/,
      ],
      [
        () =>
          surface({
            x: [0, 1],
            y: [0, 1, 2],
            z: [
              [1, 2],
              [3, 4],
            ],
          }),
        /one row for each y \(3\).*for each x \(2\)/,
      ],
      [() => surface({ x: [0, 1], y: [0, 1], z: tensor([1, 2], 2) }), /got a tensor of shape \[2\]/],
      [
        () =>
          surface({
            x: [1, 0],
            y: [0, 1],
            z: [
              [1, 2],
              [3, 4],
            ],
          }),
        /x must be finite and rising/,
      ],
      [() => surface(() => Number.NaN), /none of the heights is a finite number/],
      [() => surface((() => 'high') as unknown as Height), /value at \(-10, -10\).*got high/],
      [() => surface(loss, { paths: [{ points: [] }] }), /path “path”: expected points/],
      [() => surface(loss, { paths: [{ points: [[11, 0]] }] }), /lies outside the domain; it starts at \(11, 0\)/],
      [
        () => surface(loss, { marks: [{ at: [1, Number.NaN] }] }),
        /mark “mark”: expected a point of two finite numbers/,
      ],
      [() => surface(loss, { camera: { elev: 91 } }), /elev must be from -90 to 90 degrees, got 91/],
      [() => surface(loss, { cameraSliders: { elev: [89] } }), /elev must be from -85 to 85 degrees, got 89/],
    ];
    for (const [draw, message] of cases) {
      expect(draw).toThrow(PlotError);
      expect(draw).toThrow(message);
    }
  });
});

describe('camera', () => {
  const eye = (elev: number, azim: number) => Object.values((toPlotlyCamera({ elev, azim }).eye ?? {}) as object);

  it("stands where Matplotlib's elev and azim say", () => {
    for (const [angles, direction] of [
      [
        [0, 0],
        [1, 0, 0],
      ],
      [
        [0, 90],
        [0, 1, 0],
      ],
      [
        [0, -90],
        [0, -1, 0],
      ],
      [
        [90, 0],
        [0, 0, 1],
      ],
      [
        [30, -60],
        [Math.cos(Math.PI / 6) / 2, -0.75, 0.5],
      ],
    ] as const) {
      const place = eye(angles[0], angles[1]) as number[];
      const length = Math.hypot(...place);
      for (const [i, part] of direction.entries()) expect(place[i]! / length).toBeCloseTo(part, 2);
    }
  });

  it("uses Matplotlib's defaults", () => {
    expect(toPlotlyCamera({})).toEqual(toPlotlyCamera({ elev: 30, azim: -60 }));
  });

  it('turns with sliders, each of which moves its own angle', () => {
    const figure = surface(loss, { cameraSliders: { elev: [0, 45, 80] }, camera: { elev: 20, azim: 30 } });
    const [elev, azim] = figure.layout.sliders as { active: number; steps: { label: string; args: [object] }[] }[];
    expect(elev!.steps.map(({ label }) => label)).toEqual(['0°', '20°', '45°', '80°']);
    expect(elev!.active).toBe(1);
    expect(azim!.steps[azim!.active]!.label).toBe('30°');
    expect(Object.keys(elev!.steps[0]!.args[0])).toEqual(['scene.camera.eye.z']);
    expect(Object.keys(azim!.steps[0]!.args[0])).toEqual(['scene.camera.eye.x', 'scene.camera.eye.y']);
    const scene = figure.layout.scene as { camera: PlotlyLayout & { eye: { x: number; y: number; z: number } } };
    expect(scene.camera.projection).toEqual({ type: 'orthographic' });
    const { x, y, z } = scene.camera.eye;
    expect((Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI).toBeCloseTo(20, 1);
    expect((Math.atan2(y, x) * 180) / Math.PI).toBeCloseTo(30, 1);
  });
});

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

  it('draws any rising levels, at their places among the heights', () => {
    const figure = contour((x) => x, { domain: { x: [0, 10], y: [0, 1] }, resolution: 11, levels: [2, 4, 8] });
    const { z, text, contours, colorbar } = lines(figure);
    expect(contours).toMatchObject({ start: 0, end: 2, size: 1 });
    expect(text[0]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(z[0]).toEqual([-1, -0.5, 0, 0.5, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5]);
    expect(colorbar).toMatchObject({ tickvals: [0, 1, 2], ticktext: ['2', '4', '8'] });
  });

  it('places levels that span decades by ratios', () => {
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

  it('keeps right angles right, unless told otherwise', () => {
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

  it('keeps paths within what a drawing can hold', () => {
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

  it('refuses wrong input', () => {
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
});

describe('curves', () => {
  it('draws a few points large and clouds of points small', () => {
    const count = (n: number) => Array.from({ length: n }, (_, i) => i);
    const sizes = [2, 12, 13].map((n) => {
      const { data } = curves([{ name: 'data', y: count(n), mode: 'markers' }]);
      return (data[0]!.marker as { size: number }).size;
    });
    expect(sizes).toEqual([10, 10, 6]);
  });

  it('numbers the steps from 0, and leaves gaps where nothing can be drawn', () => {
    const figure = curves([{ name: 'loss', y: [4, Number.NaN, 1, 0] }], { yLog: true });
    expect([figure.data[0]!.x, figure.data[0]!.y]).toEqual([
      [0, 1, 2, 3],
      [4, null, 1, null],
    ]);
    expect(figure.description).toBe(
      'Curves. step runs from 0 to 3; loss from 0.933 to 4.287, logarithmic. “loss” has 4 points, from 4 (at 0) to ' +
        '1 (at 2), lowest 1 (at 2), highest 4 (at 0); 2 cannot be drawn and leave gaps.',
    );
    expect(figure.layout.showlegend).toBe(false);
  });

  it('gives each series its own colour and line style', () => {
    const many = Array.from({ length: 6 }, (_, i) => ({ name: `run ${i}`, y: [i, i + 1] }));
    const styles = curves(many).data.map(({ line }) => line as { color: string; dash: string });
    expect(new Set(styles.map(({ color }) => color)).size).toBe(6);
    expect(new Set(styles.map(({ dash }) => dash)).size).toBe(6);
  });

  it('shows everything: series, bands around them, reference lines and bands', () => {
    const figure = curves([{ name: 'run', x: [1, 2], y: [5, 6], lower: [4, 4], upper: [7, 9] }], {
      lines: [
        { name: 'limit', y: 12 },
        { name: 'start', x: 0.5 },
      ],
      bands: [{ name: 'stable', x: [1, 1.5] }],
    });
    expect((figure.layout.xaxis as { range: number[] }).range).toEqual([0.5, 2]);
    expect((figure.layout.yaxis as { range: number[] }).range).toEqual([3.6, 12.4]);
    expect(named(figure, 'limit')).toMatchObject({ x: [0.5, 2], y: [12, 12] });
    expect(named(figure, 'start')).toMatchObject({ x: [0.5, 0.5], y: [3.6, 12.4] });
    expect(named(figure, 'stable')).toMatchObject({ fill: 'toself', x: [1, 1.5, 1.5, 1], y: [3.6, 3.6, 12.4, 12.4] });
    expect(named(figure, 'run, range')).toMatchObject({ x: [1, 2, 2, 1], y: [7, 9, 4, 4] });
    expect(figure.description).toContain(
      'Line “limit” at loss 12. Line “start” at step 0.5. Band “stable” over step 1 to 1.5.',
    );
  });

  it('gives log axes their ranges in powers of ten', () => {
    const { layout } = curves([{ name: 'run', x: [1, 100], y: [1, 2] }], { xLog: true, yRange: [0, 3] });
    expect(layout.xaxis).toMatchObject({ type: 'log', range: [0, 2] });
    expect(layout.yaxis).toMatchObject({ range: [0, 3] });
    const tick = (lowest: number) =>
      (curves([{ name: 'run', y: [lowest, 1] }], { yLog: true }).layout.yaxis as { dtick?: number }).dtick;
    expect([tick(0.5), tick(1e-4), tick(1e-30)]).toEqual([undefined, 1, 5]);
  });

  it('refuses wrong input', () => {
    const cases: [() => unknown, RegExp][] = [
      [() => curves([]), /at least one series/],
      [() => curves([{ name: 'a', y: [] }]), /series “a” has no values/],
      [() => curves([{ name: 'a', y: [1, 2], x: [1] }]), /x has 1 values, y has 2/],
      [() => curves([{ name: 'a', y: [1], lower: [0] }]), /needs both lower and upper/],
      [() => curves([{ name: 'a', y: [0, -1] }], { yLog: true }), /y has no positive finite value/],
      [() => curves([{ name: 'a', y: ['1'] as never }]), /series “a”: y: expected a list of numbers/],
      [() => curves([{ name: 'a', y: [1] }], { lines: [{ name: 'b' }] }), /line “b” needs either x or y/],
      [
        () => curves([{ name: 'a', y: [1] }], { bands: [{ name: 'b', x: [0, 1], y: [0, 1] }] }),
        /band “b” needs either/,
      ],
      [() => curves([{ name: 'a', y: [1] }], { yRange: [2, 1] }), /yRange: expected \[smallest, largest\]/],
      [() => curves([{ name: 'a', y: [1] }], { yRange: [0, 1], yLog: true }), /log axis starts above 0/],
    ];
    for (const [draw, message] of cases) {
      expect(draw).toThrow(PlotError);
      expect(draw).toThrow(message);
    }
  });
});

describe('slider', () => {
  const draw = (rate: number) =>
    curves(
      [
        { name: 'fixed', y: [1, 2] },
        { name: 'run', y: [1, rate] },
      ],
      { title: `r = ${rate}` },
    );

  it('stores only what changes, and starts where told', () => {
    const figure = slider([1, 3, 9], draw, { label: 'rate', start: 1 });
    expect(named(figure, 'run').y).toEqual([1, 3]);
    expect(figure.frames.map(({ name, traces, data }) => [name, traces, data.map(({ y }) => y)])).toEqual([
      ['1', [1], [[1, 1]]],
      ['3', [1], [[1, 3]]],
      ['9', [1], [[1, 9]]],
    ]);
    expect(figure.frames[2]!.layout).toEqual({ title: expect.objectContaining({ text: 'r = 9' }) });
    expect(figure.toJSON().frames).toBe(figure.frames);
    expect(figure.description).toMatch(/^A slider moves rate through 3 values, from 1 to 9\. At 3: Curves: r = 3\./);
  });

  it('keeps one axis range that holds all figures', () => {
    const { range } = slider([1, 3, 9], draw).layout.yaxis as { range: [number, number] };
    expect(range[0]).toBeLessThan(1);
    expect(range[1]).toBeGreaterThan(9);
  });

  it('keeps a slider over forty learning rates small', () => {
    expect(sizeOf(examples['learning-rate slider']!())).toBeLessThan(250_000);
  });

  it('refuses figures of different kinds', () => {
    const cases: [() => unknown, RegExp][] = [
      [() => slider([], draw), /start must be from 0 to -1/],
      [() => slider([1, 2], draw, { start: 2 }), /start must be from 0 to 1, got 2/],
      [() => slider([1, 1], draw), /two values have the same text \(1, 1\)/],
      [
        () => slider([1, 2], (v) => (v === 1 ? draw(v) : contour(loss))),
        /the first has scatter, scatter, at 2 there are contour/,
      ],
      [() => slider([1, 2], (v) => slider([1], () => draw(v))), /slider of its own/],
      [() => slider([1], () => ({}) as Figure), /must return a Figure/],
    ];
    for (const [make, message] of cases) {
      expect(make).toThrow(PlotError);
      expect(make).toThrow(message);
    }
  });

  it('writes other values as their text, or as told', () => {
    const names = (figure: Figure) => figure.frames.map(({ name }) => name);
    expect(names(slider(['sgd', 'adam'], () => draw(2)))).toEqual(['sgd', 'adam']);
    expect(names(slider([0.1, 0.2], draw, { format: (rate) => `${Number(rate) * 100} %` }))).toEqual(['10 %', '20 %']);
  });
});
