import { expect, it } from 'vitest';
import { hiddenSpace } from '../../../../src/lab/lessons/004-arrays-matrices-tensors';

type Place = [number, number, number];
const points: Place[] = [
  [0.9, 0.2, -0.3],
  [-0.5, 0.1, 0.8],
];

it('draws the plane where the sum is 0, and counts the points above', () => {
  const weights: Place = [1, -2, 2];
  const figure = hiddenSpace([{ name: 'inner', color: '#0072B2', points }], weights, 0.6);
  const { x, y, z } = figure.data[0] as never as Record<'x' | 'y' | 'z', number[][]>;
  for (const i of [0, 1])
    for (const k of [0, 1])
      expect(weights[0] * x[i]![k]! + weights[1] * y[i]![k]! + weights[2] * z[i]![k]! + 0.6).toBeCloseTo(0, 2);
  expect(Math.hypot(x[0]![0]! - x[1]![1]!, y[0]![0]! - y[1]![1]!, z[0]![0]! - z[1]![1]!)).toBeCloseTo(
    2.2 * Math.SQRT2,
    2,
  );
  expect(figure.description).toBe('Three hidden units. Of 2 of “inner” 2 lie where the sum is above 0.');
  expect(figure.data[1]).toMatchObject({ type: 'scatter3d', x: [0.9, -0.5], z: [-0.3, 0.8] });
});

it('rejects a plane without weights', () => {
  expect(() => hiddenSpace([], [0, 0, 0], 1)).toThrow('a plane needs a weight that is not 0');
});
