// Radix sort, selection and heaps, compared with the built-in sort, which is stable.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstPositions, nthPosition, sortedPositions } from '../../src/kernels/order';
import { ascending } from '../../src/kernels/sort';
import type { NumberArray } from '../../src/kernels/strides';

const special = fc.constantFrom(
  0,
  -0,
  Number.NaN,
  Infinity,
  -Infinity,
  1,
  -1,
  1e-45,
  -1e-45,
  3.4e38,
  2 ** -1074,
  1 + 2 ** -52,
);
const whole = fc.integer({ min: -3, max: 3 });
const any32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const elements: Record<string, [fc.Arbitrary<number>, (values: number[]) => NumberArray]> = {
  float32: [fc.oneof(special, whole, fc.float()), (v) => Float32Array.from(v)],
  float64: [fc.oneof(special, whole, fc.double()), (v) => Float64Array.from(v)],
  int32: [fc.oneof(whole, any32), (v) => Int32Array.from(v)],
  uint8: [fc.integer({ min: 0, max: 255 }), (v) => Uint8Array.from(v)],
};

/** The positions in order, by the built-in sort. */
function plain(data: NumberArray, offset: number, n: number, descending: boolean): number[] {
  const at = Array.from({ length: n }, (_, i) => i);
  const [sign, x] = [descending ? -1 : 1, (i: number) => data[offset + i]];
  return at.sort((i, j) => sign * ascending(x(i), x(j)) || i - j);
}

const lengths = { maxLength: 90 };

describe.each(Object.entries(elements))('%s', (_, [element, make]) => {
  const options = { numRuns: 300, seed: 3 };

  test('sorted in both directions, from any offset', () => {
    fc.assert(
      fc.property(fc.array(element, lengths), fc.nat(3), fc.boolean(), (values, before, descending) => {
        const data = make([...Array<number>(before).fill(7), ...values]);
        expect([...sortedPositions(data, before, values.length, descending)]).toEqual(
          plain(data, before, values.length, descending),
        );
      }),
      options,
    );
  });

  test('selects one element, or the first ones', () => {
    fc.assert(
      fc.property(
        fc.array(element, { minLength: 1, ...lengths }),
        fc.nat(),
        fc.boolean(),
        (values, which, descending) => {
          const data = make([5, ...values]);
          const n = values.length;
          const k = which % n;
          expect(nthPosition(data, 1, n, k)).toBe(plain(data, 1, n, false)[k]);
          for (const count of [0, 1, k, n])
            expect([...firstPositions(data, 1, n, count, descending)]).toEqual(
              plain(data, 1, n, descending).slice(0, count),
            );
        },
      ),
      options,
    );
  });

  test.each([300, 20_000, 70_000])('%s elements, with ties', (n) => {
    const values = fc.sample(element, { numRuns: 400, seed: n });
    const data = make(Array.from({ length: n }, (_, i) => values[(i * i + 7 * i) % values.length]));
    for (const descending of [false, true]) {
      const expected = plain(data, 0, n, descending);
      expect([...sortedPositions(data, 0, n, descending)]).toEqual(expected);
      for (const k of [5, 40, n >> 3, n - 1])
        expect([...firstPositions(data, 0, n, k, descending)]).toEqual(expected.slice(0, k));
      if (!descending) for (const k of [0, 17, n >> 1, n - 1]) expect(nthPosition(data, 0, n, k)).toBe(expected[k]);
    }
  });
});

test('the first of ascending numbers, which replace each other', () => {
  const data = Float32Array.from({ length: 200_000 }, (_, i) => i - 1000);
  expect([...firstPositions(data, 0, data.length, 200, true)]).toEqual(
    Array.from({ length: 200 }, (_, i) => data.length - 1 - i),
  );
});

test('nothing, beyond the end', () => {
  for (const data of [new Float32Array(0), new Float64Array(0)]) {
    expect(sortedPositions(data, 4, 0, false)).toHaveLength(0);
    expect(firstPositions(data, 4, 0, 0, true)).toHaveLength(0);
  }
});
