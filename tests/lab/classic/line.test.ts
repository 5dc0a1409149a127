import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tensor } from '../../../src';
import { classic } from '../../../src/lab';

const { line } = classic;
const squared = (miss: number) => miss * miss;
const huber = (miss: number) => (Math.abs(miss) < 1 ? miss ** 2 / 2 : Math.abs(miss) - 0.5);
const x = Array.from({ length: 21 }, (_, i) => i / 5);
const y = x.map((at, i) => 2 * at + 1 + 0.5 * Math.sin(7 * i) + (i === 19 ? 20 : 0));

describe('line', () => {
  it('of least squares has the closed form', () => {
    const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
    const [mx, my] = [mean(x), mean(y)];
    const slope = mean(x.map((at, i) => (at - mx) * (y[i]! - my))) / mean(x.map((at) => (at - mx) ** 2));
    const found = line(x, y, squared);
    expect(found.slope).toBeCloseTo(slope, 6);
    expect(found.intercept).toBeCloseTo(my - slope * mx, 6);
  });

  it('with absolute errors passes through two points, and no such line is better', () => {
    const total = (slope: number, intercept: number) =>
      y.reduce((sum, value, i) => sum + Math.abs(value - slope * x[i]! - intercept), 0);
    const found = line(x, y, Math.abs);
    const through = x.flatMap((at, i) =>
      x.slice(0, i).map((other, j) => {
        const slope = (y[i]! - y[j]!) / (at - other);
        return total(slope, y[i]! - slope * at);
      }),
    );
    expect(total(found.slope, found.intercept)).toBeCloseTo(Math.min(...through), 8);
  });

  it('with quantiles leaves a fraction of the points below', () => {
    const pinball = (miss: number) => (miss > 0 ? 0.8 * miss : -0.2 * miss);
    const { slope, intercept } = line(x, y, pinball);
    const below = y.filter((value, i) => value < slope * x[i]! + intercept - 1e-6).length;
    const notAbove = y.filter((value, i) => value < slope * x[i]! + intercept + 1e-6).length;
    expect(below).toBeLessThanOrEqual(0.8 * 21);
    expect(notAbove).toBeGreaterThanOrEqual(0.8 * 21);
  });

  it('with Huber ends where clipped errors balance, against 1 and against x', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 3, maxLength: 9 }), (heights) => {
        const places = heights.map((_, i) => i);
        const { slope, intercept } = line(places, heights, huber);
        const clipped = heights.map((value, i) => Math.max(-1, Math.min(1, value - slope * i - intercept)));
        expect(Math.abs(clipped.reduce((sum, one) => sum + one, 0))).toBeLessThan(1e-5);
        expect(Math.abs(clipped.reduce((sum, one, i) => sum + i * one, 0))).toBeLessThan(1e-4);
      }),
      { numRuns: 30 },
    );
  });

  it('accepts tensors, and points on one line', () => {
    const exact = line(tensor([0, 1, 2]), tensor([5, 5, 5]), squared);
    expect([exact.slope, exact.intercept]).toEqual([0, 5]);
    const rising = line([0, 1, 1, 2], [0, 3, 3, 6], Math.abs);
    expect(rising.slope).toBeCloseTo(3, 12);
    expect(rising.intercept).toBeCloseTo(0, 12);
  });

  it('explains invalid arguments', () => {
    expect(() => line([1, 2], [1], squared)).toThrow('x has 2 numbers, y has 1');
    expect(() => line([1, 1], [1, 2], squared)).toThrow('needs two different x, got [1, 1]');
    expect(() => line([1, Number.NaN], [1, 2], squared)).toThrow('x must be a list of finite numbers');
    expect(() => line([1, 2, 3], [1, 2, 5], () => Number.NaN)).toThrow('NaN');
  });
});
