import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Generator, linalg, tensor } from '../../../../src';
import { ValueError } from '../../../../src/errors';
import {
  iceCream,
  lineBowl,
  offsetOf,
  stepsToBottom,
  type Thermometer,
} from '../../../../src/lab/lessons/004-centring-inputs';

const thermometers: readonly Thermometer[] = [
  { name: 'from the mean', zero: 20, degrees: 1 },
  { name: '°C', zero: 0, degrees: 1 },
  { name: '°F', zero: -160 / 9, degrees: 1.8 },
  { name: 'kelvin', zero: -273.15, degrees: 1 },
];

it('has the curvatures and axes of its matrix, at every offset', () => {
  fc.assert(
    fc.property(fc.double({ min: -60, max: 60, noNaN: true }), (m) => {
      const { hessian, curvatures, axes, ratio } = lineBowl(m);
      expect(hessian).toEqual([
        [m * m + 1, m],
        [m, 1],
      ]);
      const by = linalg
        .eigvalsh(
          tensor(
            hessian.map((row) => [...row]),
            { dtype: 'float64' },
          ),
        )
        .tolist() as number[];
      expect(curvatures[0]).toBeCloseTo(by[1]!, 8);
      expect(curvatures[1] / by[0]!).toBeCloseTo(1, 6);
      expect(ratio * curvatures[1]).toBeCloseTo(curvatures[0], 8);
      axes.forEach(([slope, height], k) => {
        expect(Math.hypot(slope, height)).toBeCloseTo(1, 12);
        hessian.forEach(([a, b], i) => {
          expect(a * slope + b * height).toBeCloseTo(curvatures[k]! * axes[k]![i]!, 7);
        });
      });
    }),
  );
});

it('has a gradient that is the slope of its loss', () => {
  const { loss, gradient } = lineBowl(3);
  const h = 1e-5;
  const [a, b] = [0.7, -1.3];
  const [byA, byB] = gradient([a, b]);
  expect((loss([a + h, b]) - loss([a - h, b])) / (2 * h)).toBeCloseTo(byA, 7);
  expect((loss([a, b + h]) - loss([a, b - h])) / (2 * h)).toBeCloseTo(byB, 7);
});

it('takes as many steps from every start, at the best rate', () => {
  const bowl = lineBowl(4);
  const starts = [
    [1, -4],
    [0, 1],
    [-3, 2],
  ] as [number, number][];
  expect(starts.map((start) => stepsToBottom(bowl, start, { lr: bowl.bestRate }))).toEqual([742, 742, 742]);
  expect(stepsToBottom(lineBowl(0), [1, 0], { lr: 1 })).toBe(1);
});

it('reports a rate at which nothing arrives', () => {
  const bowl = lineBowl(4);
  expect(stepsToBottom(bowl, [1, -4], { lr: 2.1 / bowl.curvatures[0], most: 1000 })).toBe(Number.POSITIVE_INFINITY);
});

it('rejects invalid offsets and rates', () => {
  expect(() => lineBowl(Number.NaN)).toThrow(ValueError);
  expect(() => stepsToBottom(lineBowl(1), [1, 1], { lr: 0 })).toThrow('lr must be above 0');
});

it('has days with exact mean and spread in every thermometer', () => {
  const { celsius, sold } = iceCream({ generator: new Generator().manualSeed(3) });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(celsius).toHaveLength(40);
  expect(mean(celsius)).toBeCloseTo(20, 12);
  expect(Math.sqrt(mean(celsius.map((value) => (value - 20) ** 2)))).toBeCloseTo(5, 12);
  expect(mean(sold)).toBeCloseTo(100, 12);
  // The best slope is the covariance over the variance: 8 for a degree.
  expect(mean(celsius.map((value, i) => (value - 20) * sold[i]!)) / 25).toBeCloseTo(8, 12);
  expect(thermometers.map(offsetOf)).toEqual([0, 4, 68 / 9, 58.629999999999995]);
  const fahrenheit = thermometers[2]!;
  expect((20 - fahrenheit.zero) * fahrenheit.degrees).toBeCloseTo(68, 12);
});
