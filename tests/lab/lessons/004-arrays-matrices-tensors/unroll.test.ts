import { describe, expect, it } from 'vitest';
import { Generator } from '../../../../src';
import { datasets } from '../../../../src/lab';
import { bestCut, unroll } from '../../../../src/lab/lessons/004-arrays-matrices-tensors';

const onCircle = (radius: number, count: number) =>
  Array.from({ length: count }, (_, i): [number, number] => {
    const angle = (2 * Math.PI * (i + 0.5)) / count - Math.PI;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });

describe('unroll', () => {
  it('leaves points unchanged at 0, and returns radius and angle at 1', () => {
    const points: [number, number][] = [
      [0, 2],
      [-1, -1],
      [3, 0],
    ];
    for (const [i, [x, y]] of unroll(points, 0).entries()) {
      expect(x).toBeCloseTo(points[i]![0], 12);
      expect(y).toBeCloseTo(points[i]![1], 12);
    }
    expect(unroll(points, 1)).toEqual([
      [2, Math.PI / 2],
      [Math.SQRT2, (-3 * Math.PI) / 4],
      [3, 0],
    ]);
  });

  it('moves to radius and angle continuously, and keeps lengths on the circle of radius 1', () => {
    const [near] = unroll([[0.6, -0.8]], 1 - 1e-6);
    expect(near![0]).toBeCloseTo(1, 5);
    expect(near![1]).toBeCloseTo(Math.atan2(-0.8, 0.6), 5);
    const bent = unroll(onCircle(1, 1000), 0.4);
    const length = bent.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - bent[i]![0], y - bent[i]![1]), 0);
    expect(length).toBeCloseTo((2 * Math.PI * 999) / 1000, 4);
  });

  it('rejects other fractions', () => {
    expect(() => unroll([[0, 1]], 1.2)).toThrow('unroll: share must be from 0 to 1, got 1.2');
  });
});

describe('bestCut', () => {
  it('gets two thirds of two rings of radii 1 and 2 right, and all of them unrolled', () => {
    const rings = [...onCircle(1, 300), ...onCircle(2, 300)];
    const classes = rings.map((_, i) => (i < 300 ? 0 : 1));
    expect(bestCut(rings, classes).share).toBeCloseTo(0.5 + Math.acos(0.5) / Math.PI / 2, 2);
    const cut = bestCut(unroll(rings, 1), classes);
    expect(cut).toEqual({ weights: [1, 0], at: 1.5, isFlipped: false, share: 1 });
  });

  it('agrees with a count by hand', () => {
    const { x, y } = datasets.rings(50, { sd: 0.4, generator: new Generator().manualSeed(8) });
    const [points, classes] = [x.tolist() as [number, number][], y.tolist() as number[]];
    const { weights, at, isFlipped, share } = bestCut(points, classes);
    const right = points.filter(
      ([u, v], i) => (u * weights[0] + v * weights[1] > at !== isFlipped) === (classes[i] === 1),
    );
    expect(right.length / 50).toBeCloseTo(share, 12);
  });

  it('swaps its sides if class 1 is below', () => {
    const points: [number, number][] = [
      [0, 0],
      [1, 0],
    ];
    expect(bestCut(points, [1, 0])).toEqual({ weights: [1, 0], at: 0.5, isFlipped: true, share: 1 });
  });

  it('rejects points without classes', () => {
    expect(() => bestCut([[0, 0]], [])).toThrow('expected a class for each point, got 0 for 1');
  });
});
