import { describe, expect, it } from 'vitest';
import { PlotError } from '../../../src/errors';
import { races } from '../../../src/lab';
import { contour, type Figure, type Height, type PlotlyLayout, race, surface } from '../../../src/lab/plot';
import { loss, named, numbersOf, sizeOf } from './examples';

const tensor = (list: unknown, ...shape: number[]) => ({ shape, tolist: () => list });

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

  it('accepts grids of arrays, typed arrays and tensors, and functions that return tensors', () => {
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

  it('keeps more digits if heights or positions are close together', () => {
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

  it('shows the height of the surface when hovering over a raised mark or step', () => {
    const path = { points: [[-8, 8] as const, [8, -8] as const], name: 'walk' };
    const figure = surface(loss, { paths: [path], marks: [{ at: [2, 1], name: 'spot' }] });
    const spot = figure.data.find(({ name }) => name === 'spot')!;
    const steps = figure.data.find(({ name, mode }) => name === 'walk' && mode === 'markers')!;
    expect((spot.z as number[])[0]).toBeGreaterThan(loss(2, 1) + 10);
    expect([spot.customdata, steps.customdata]).toEqual([[loss(2, 1)], [404, 148]]);
    for (const trace of [spot, steps]) expect(trace.hovertemplate).toContain('height %{customdata}');
  });

  it('omits points outside, and interpolates heights between grid points', () => {
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

  it('marks positions', () => {
    const figure = surface(loss, { marks: [{ at: tensor([1, 1], 2), name: 'minimum' }] });
    expect(named(figure, 'minimum')).toMatchObject({ x: [1], y: [1], z: [121] });
    expect(figure.description).toContain('Marked: minimum at (1, 1), height 0.');
  });

  it('has a text description', () => {
    expect(surface(loss, { title: 'Bowl', resolution: 21 }).description).toBe(
      'Surface: Bowl. x runs from -10 to 10, y from -10 to 10. height is lowest at (1, 1) with 0 ' +
        'and highest at (-10, -10) with 2420, on 21 × 21 points.',
    );
  });

  it('names the first of the positions with the same label, whatever their last digits', () => {
    const heights = (z: number[][]) => surface({ x: [0, 1], y: [0, 1], z }).description;
    const expected = 'lowest at (0, 0) with 1 and highest at (0, 1) with 3';
    for (const last of [1e-9, -1e-9]) {
      const upper = [1, 1 - last];
      const lower = [3, 3 + last];
      expect(heights([upper, lower])).toContain(expected);
    }
  });

  it('rejects invalid input before drawing', () => {
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
      [() => surface((() => 'high') as unknown as Height), /value at \(-10, -10\).*got 'high'/],
      [() => surface(loss, { paths: [{ points: [] }] }), /path “path”: expected points/],
      [() => surface(loss, { paths: [{ points: [[11, 0]] }] }), /is outside the domain; it starts at \(11, 0\)/],
      [
        () => surface(loss, { marks: [{ at: [1, Number.NaN] }] }),
        /mark “mark”: expected a point of two finite numbers/,
      ],
      [() => surface(loss, { relief: 0 }), /relief must be above 0, got 0/],
      [() => surface(loss, { camera: { elev: 91 } }), /elev must be from -90 to 90 degrees, got 91/],
    ];
    for (const [draw, message] of cases) {
      expect(draw).toThrow(PlotError);
      expect(draw).toThrow(message);
    }
  });
});

describe('camera', () => {
  const cameraOf = (camera?: { elev: number; azim: number }) => {
    const { scene } = surface(loss, { resolution: 5, ...(camera && { camera }) }).layout as {
      scene: { camera: Record<'eye' | 'center', { x: number; y: number; z: number }> };
    };
    return scene.camera;
  };
  const eye = (elev: number, azim: number) => {
    const { eye, center } = cameraOf({ elev, azim });
    return [eye.x, eye.y, eye.z - center.z];
  };

  it("is at Matplotlib's elev and azim", () => {
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
      const place = eye(angles[0], angles[1]);
      const length = Math.hypot(...place);
      for (const [i, part] of direction.entries()) expect(place[i]! / length).toBeCloseTo(part, 2);
    }
  });

  it("uses Matplotlib's defaults", () => {
    expect(cameraOf()).toEqual(cameraOf({ elev: 30, azim: -60 }));
  });

  type Vector = [x: number, y: number, z: number];
  /** Where plotly draws a point of a scene, in halves of the picture's height: a pinhole camera of 45 degrees. */
  function project(point: Vector, eye: Vector, center: Vector): [x: number, y: number] {
    const minus = (a: Vector, b: Vector) => a.map((part, i) => part - b[i]!) as Vector;
    const cross = ([a, b, c]: Vector, [d, e, f]: Vector): Vector => [b * f - c * e, c * d - a * f, a * e - b * d];
    const unit = (a: Vector) => a.map((part) => part / Math.hypot(...a)) as Vector;
    const dot = (a: Vector, b: Vector) => a.reduce((sum, part, i) => sum + part * b[i]!, 0);
    const forward = unit(minus(center, eye));
    const right = unit(cross(forward, [0, 0, 1]));
    const from = minus(point, eye);
    const depth = dot(from, forward) * Math.tan(Math.PI / 8);
    return [dot(from, right) / depth, dot(from, cross(right, forward)) / depth];
  }

  /** Where the points of a figure's surface are in its picture. */
  function drawnAt({ data, layout }: Figure, camera: unknown): [x: number, y: number][] {
    const { eye, center } = camera as Record<'eye' | 'center', { x: number; y: number; z: number }>;
    const { zaxis, xaxis, yaxis, aspectratio } = layout.scene as unknown as {
      aspectratio: { z: number };
    } & Record<'xaxis' | 'yaxis' | 'zaxis', { range: [number, number] }>;
    const share = (value: number, [low, high]: [number, number]) => (value - low) / (high - low) - 0.5;
    const sheet = data.find(({ type }) => type === 'surface');
    const [xs, ys] = [numbersOf(sheet, 'x'), numbersOf(sheet, 'y')];
    return numbersOf(sheet, 'z').map((z, k) => {
      const point: Vector = [
        share(xs[k % xs.length]!, xaxis.range),
        share(ys[Math.floor(k / xs.length)]!, yaxis.range),
        aspectratio.z * share(z, zaxis.range),
      ];
      return project(point, [eye.x, eye.y, eye.z], [center.x, center.y, center.z]);
    });
  }

  it.each(Object.values(races.landscapes).map((make) => make()))(
    'is close: the surface of a race in $name fills two thirds of the height',
    (landscape) => {
      const figure = race(races.race(landscape, races.racers(), { steps: 5 }));
      const heights = drawnAt(figure, (figure.layout.scene as PlotlyLayout).camera).map(([, y]) => y);
      expect((Math.max(...heights) - Math.min(...heights)) / 2).toBeGreaterThan(2 / 3);
      expect(Math.max(...heights)).toBeLessThan(1);
      expect(Math.min(...heights)).toBeGreaterThan(-1);
    },
  );

  it.each<[string, Height, { elev?: number; azim?: number }, relief?: number]>([
    ['a bowl', loss, {}],
    ['a bowl from above', loss, { elev: 60, azim: 20 }],
    ['a saddle', (x, y) => x * x - y * y, { elev: 40, azim: -70 }],
    ['waves', (x, y) => Math.sin(x) + Math.cos(y), { elev: 20, azim: 130 }],
    ['flat waves', (x, y) => Math.sin(x) + Math.cos(y), { elev: 58, azim: -70 }, 0.4],
  ])('is close: %s fills two thirds of the height, and nothing of it is cut off', (_, height, camera, relief = 0.8) => {
    const figure = surface(height, { camera, relief, resolution: 41 });
    const { scene, meta } = figure.layout as unknown as Record<'scene' | 'meta', PlotlyLayout>;
    const wide = drawnAt(figure, scene.camera);
    const narrow = drawnAt(
      figure,
      (meta as { narrow: { layout: { scene: { camera: object } } } }).narrow.layout.scene.camera,
    );
    const { eye, center } = scene.camera as Record<'eye' | 'center', { x: number; y: number; z: number }>;
    const degrees = (radians: number) => (180 / Math.PI) * radians;
    expect(degrees(Math.atan2(eye.z - center.z, Math.hypot(eye.x, eye.y)))).toBeCloseTo(camera.elev ?? 30, 1);
    expect(degrees(Math.atan2(eye.y, eye.x))).toBeCloseTo(camera.azim ?? -60, 1);
    const heights = wide.map(([, y]) => y);
    expect((Math.max(...heights) - Math.min(...heights)) / 2).toBeGreaterThan(2 / 3);
    expect(Math.max(...heights)).toBeLessThan(1);
    expect(Math.min(...heights)).toBeGreaterThan(-1);
    expect(Math.max(...narrow.map(([x]) => Math.abs(x)))).toBeLessThan(0.7);
  });
});
