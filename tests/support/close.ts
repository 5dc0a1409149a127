import { expect } from 'vitest';
import type { NestedArray, Tensor } from '../../src';

/** Expects shape and elements of `x` to be those of the nested array, each within `tolerance · max(1, |expected|)`. */
export function expectClose(x: Tensor | null | undefined, expected: NestedArray, tolerance = 1e-6): void {
  expect(x, 'a tensor').toBeTruthy();
  const got = x!.tolist();
  expect(shapeOf(got)).toEqual(shapeOf(expected));
  const wanted = flat(expected);
  flat(got).forEach((v, i) => {
    const bound = tolerance * Math.max(1, Math.abs(wanted[i]));
    if (!Object.is(v, wanted[i]) && v !== wanted[i])
      expect(Math.abs(v - wanted[i]), `element ${i} is ${v}, expected ${wanted[i]}`).toBeLessThanOrEqual(bound);
  });
}

const flat = (v: NestedArray): number[] => (Array.isArray(v) ? v.flatMap(flat) : [Number(v)]);
const shapeOf = (v: NestedArray): number[] => (Array.isArray(v) ? [v.length, ...(v.length ? shapeOf(v[0]) : [])] : []);
