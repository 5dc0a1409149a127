import { expect, it } from 'vitest';
import { angleBetween } from '../../../../src/lab/lessons/002-01';

it('measures angles in degrees, whatever the lengths', () => {
  expect(angleBetween([1, 0], [0, 5])).toBe(90);
  expect(angleBetween([2, 2], [-1, -1])).toBeCloseTo(180, 12);
  expect(angleBetween([1, 0], [1, 1e-9])).toBeCloseTo((1e-9 * 180) / Math.PI, 20);
  expect(angleBetween([1, Math.sqrt(8)], [1, 0])).toBeCloseTo((Math.acos(1 / 3) * 180) / Math.PI, 12);
  expect(() => angleBetween([0, 0], [1, 0])).toThrow('has no direction');
});
