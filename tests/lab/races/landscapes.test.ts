import { describe, expect, it } from 'vitest';
import { Generator, rand, type Tensor, tensor } from '../../../src';
import { races } from '../../../src/lab';

const { landscapes, landscape } = races;

/** The same formulas in tensors, whose gradient is the tape's. */
const onTape: Record<string, (x: Tensor, y: Tensor) => Tensor> = {
  bowl: (x, y) => x.sub(1).square().add(y.sub(1).square().mul(50)).div(2),
  rosenbrock: (x, y) => x.neg().add(1).square().add(y.sub(x.square()).square().mul(100)),
  beale: (x, y) =>
    [1.5, 2.25, 2.625]
      .map((c, i) =>
        x
          .mul(y.pow(i + 1).sub(1))
          .add(c)
          .square(),
      )
      .reduce((sum, term) => sum.add(term)),
  himmelblau: (x, y) => x.square().add(y).sub(11).square().add(x.add(y.square()).sub(7).square()),
  saddle: (x, y) => x.square().div(2).sub(y.square().div(2)).add(y.pow(4).div(4)).add(0.25),
  ravine: (x, y) => y.mul(5).cosh().log().add(x.square().div(200)),
};
const names = Object.keys(onTape) as (keyof typeof landscapes)[];
const { PI, cos, sin } = Math;

describe('landscapes', () => {
  it.each(names)("%s: height and gradient equal the tape's, at 100 positions", (name) => {
    const map = landscapes[name]();
    const places = rand([100, 2], { dtype: 'float64', generator: new Generator().manualSeed(28) });
    for (const [u, v] of places.tolist() as [number, number][]) {
      const at = (share: number, [low, high]: readonly [number, number]) => low + share * (high - low);
      const [a, b] = [at(u, map.domain.x), at(v, map.domain.y)];
      const [x, y] = [a, b].map((value) => tensor(value, { dtype: 'float64', requiresGrad: true })) as [Tensor, Tensor];
      const loss = onTape[name]!(x, y);
      loss.backward();
      expect(map.height(a, b) / loss.item()).toBeCloseTo(1, 12);
      const slopes = [x.grad!.item(), y.grad!.item()];
      const size = Math.hypot(...slopes);
      map.gradient(a, b).forEach((slope, i) => {
        expect((slope - slopes[i]!) / size).toBeCloseTo(0, 12);
      });
    }
  });

  it.each(names)('%s: 0 and flat at its minima, turned or not', (name) => {
    for (const map of [landscapes[name](), landscapes[name]().rotated(37)]) {
      expect(map.minima.length).toBeGreaterThan(0);
      for (const at of map.minima) {
        expect(map.height(...at)).toBeCloseTo(0, 12);
        for (const slope of map.gradient(...at)) expect(slope).toBeCloseTo(0, 11);
      }
      expect(map.starts).toHaveLength(8);
      for (const at of map.starts) expect(map.height(...at)).toBeGreaterThan(0.01);
    }
  });

  it('turn clockwise around the minimum, with starts and gradient', () => {
    const [upright, map] = [landscapes.bowl({ condition: 9 }), landscapes.bowl({ condition: 9, angle: 90 })];
    expect(map.angle).toBe(90);
    expect(map.upright.angle).toBe(0);
    // The start (4, 2.2), 3 to the right and 1.2 above (1, 1), moves to 1.2 to the right and 3 below.
    for (const [i, value] of [2.2, -2].entries()) expect(map.start[i]).toBeCloseTo(value, 12);
    expect(map.height(1, 3)).toBeCloseTo(upright.height(3, 1), 12);
    const a = 30 * (PI / 180);
    const turned = upright.rotated(30);
    const [gx, gy] = upright.gradient(...turned.toUpright(0.3, -2));
    const wanted = [cos(a) * gx + sin(a) * gy, cos(a) * gy - sin(a) * gx];
    turned.gradient(0.3, -2).forEach((slope, i) => {
      expect(slope).toBeCloseTo(wanted[i]!, 12);
    });
    // Two turns are one.
    expect(upright.rotated(20).rotated(10).height(0.3, -2)).toBeCloseTo(turned.height(0.3, -2), 12);
    expect(upright.rotated(20).rotated(10).angle).toBe(30);
    expect(upright.toUpright(3, 4)).toEqual([3, 4]);
  });

  it('can be custom, and turn around the middle of their domain', () => {
    const plane = landscape({
      name: 'plane',
      height: (x, y) => x + 2 * y,
      gradient: () => [1, 2],
      domain: { x: [0, 4], y: [0, 4] },
    });
    expect(plane.starts).toHaveLength(8);
    expect(plane.start).toEqual(plane.starts[0]);
    expect(Math.hypot(plane.start[0] - 2, plane.start[1] - 2)).toBeCloseTo(1, 12);
    expect(plane.rotated(180).height(1, 1)).toBeCloseTo(9, 12);
    expect(plane.rotated(180).name).toBe('plane, turned by 180°');
  });

  it('reject invalid ones', () => {
    expect(() => landscape({ name: 'x', height: (x) => x, gradient: 3 as never })).toThrow(
      /gradient must be a function/,
    );
    expect(() => landscapes.bowl({ condition: 0 })).toThrow(/condition must be a number above 0, got 0/);
    expect(() => landscapes.ravine({ condition: Number.NaN })).toThrow(/ravine: the condition/);
    expect(() => landscapes.bowl().rotated(Number.NaN)).toThrow(/degrees must be a finite number/);
  });
});
