import { expect, it } from 'vitest';
import { classic } from '../../../../src/lab';
import * as lesson from '../../../../src/lab/lessons/003-models-losses-descent';

const { height, slope, curvature, minima, ridge, basin } = lesson.twoWells;

it('is flat at two minima and on the ridge between, by finite differences', () => {
  for (const x of [-1.3, -0.4, 0.2, 1.7]) {
    expect((height(x + 1e-5) - height(x - 1e-5)) / 2e-5).toBeCloseTo(slope(x), 8);
    expect((slope(x + 1e-5) - slope(x - 1e-5)) / 2e-5).toBeCloseTo(curvature(x), 8);
  }
  for (const x of [...minima, ridge]) expect(slope(x)).toBeCloseTo(0, 13);
  expect([minima[0], ridge, minima[1]].map((x) => Math.sign(curvature(x)))).toEqual([1, -1, 1]);
  // The recorded digits.
  expect(minima[0]).toBeCloseTo(-1.035579, 6);
  expect(minima[1]).toBeCloseTo(0.96015, 6);
  expect(height(minima[0])).toBeCloseTo(-1.305428, 6);
  expect(height(minima[1])).toBeCloseTo(-0.705854, 6);
});

it('predicts where small steps lead', () => {
  const end = (start: number) =>
    classic.descend(([x]) => [slope(x)], [start] as [number], { lr: 0.05, steps: 1000 }).points.at(-1)![0];
  for (const start of [-2, -0.5, ridge - 1e-4, ridge + 1e-4, 0.7, 2]) expect(basin(start)).toBeCloseTo(end(start), 9);
  expect(basin(ridge)).toBe(ridge);
});
