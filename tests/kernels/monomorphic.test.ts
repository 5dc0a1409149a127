import { expect, test } from 'vitest';
import { monomorphic } from '../../src/kernels/monomorphic';
import type { NumberArray } from '../../src/kernels/strides';

test('each kind of array has a copy of the loop, with the same results', () => {
  const double = (n: number, y: NumberArray, x: NumberArray) => {
    for (let i = 0; i < n; i++) y[i] = 2 * x[i];
  };
  const copies = monomorphic(double);
  const kinds = [Float32Array, Float64Array, Int32Array, Uint8Array];
  for (const Kind of kinds) {
    const y = new Kind(3);
    copies(y)(3, y, Kind.of(1, 2, 3));
    expect(Array.from(y)).toEqual([2, 4, 6]);
    expect(copies(new Kind(1))).toBe(copies(y));
  }
  expect(new Set([double, ...kinds.map((Kind) => copies(new Kind(1)))]).size).toBe(5);
});
