// Compared with exact arithmetic: numbers as fractions of integers, rounded once.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fma32, fma64 } from '../../src/random/fma';

/** A float64 as `units · 2^power`. */
function exact(x: number): { units: bigint; power: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const units = exponent === 0 ? fraction : fraction | (1n << 52n);
  return { units: x < 0 ? -units : units, power: Math.max(exponent, 1) - 1075 };
}

/** `a·b + c` rounded once to a significand of `digits` bits, ties to even. */
function reference(a: number, b: number, c: number, digits: number): number {
  const [x, y, z] = [exact(a), exact(b), exact(c)];
  const product = { units: x.units * y.units, power: x.power + y.power };
  const power = Math.min(product.power, z.power);
  const sum = (product.units << BigInt(product.power - power)) + (z.units << BigInt(z.power - power));
  const size = sum < 0n ? -sum : sum;
  const cut = Math.max(0, size.toString(2).length - digits);
  const half = cut === 0 ? 0n : 1n << BigInt(cut - 1);
  let kept = size >> BigInt(cut);
  const rest = size - (kept << BigInt(cut));
  if (rest > half || (rest === half && cut > 0 && (kept & 1n) === 1n)) kept += 1n;
  // Integers up to 2⁵³ times a power of two are exact.
  return Number(sum < 0n ? -kept : kept) * 2 ** (cut + power);
}

const within = (limit: number) =>
  fc.double({ min: -limit, max: limit, noNaN: true }).filter((v) => v === 0 || Math.abs(v) > 1e-10);
const single = within(1e6).map(Math.fround);

test('float32: rounded once', () => {
  fc.assert(
    fc.property(single, single, single, (a, b, c) => {
      const want = reference(a, b, c, 24);
      return fma32(a, b, c) === want || Math.abs(want) < 1e-30;
    }),
    { seed: 1, numRuns: 3000 },
  );
});

test('float64: rounded once', () => {
  fc.assert(
    fc.property(within(1e6), within(1e6), within(1e6), (a, b, c) => fma64(a, b, c) === reference(a, b, c, 53)),
    { seed: 1, numRuns: 3000 },
  );
});

test('float32: at and next to the middle of two numbers', () => {
  // The product of two odd 13-bit numbers has 25 or 26 bits: half of them end in the middle, and all near it.
  const odd = fc.integer({ min: 2 ** 11, max: 2 ** 12 - 1 }).map((i) => 2 * i + 1);
  const small = fc.tuple(fc.constantFrom(-1, 0, 1), fc.integer({ min: 20, max: 100 })).map(([s, k]) => s * 2 ** -k);
  fc.assert(
    fc.property(odd, odd, small, (a, b, c) => fma32(a, b, c) === reference(a, b, c, 24)),
    { seed: 1, numRuns: 3000 },
  );
});

test('float32: a case where double rounding is wrong', () => {
  // The exact value is just above the middle of two float32 numbers; rounding to float64 first moves it to the middle.
  const a = 1 + 2 ** -12;
  const b = 1 + 2 ** -12;
  const c = Math.fround(2 ** -60);
  expect(fma32(a, b, c)).toBe(reference(a, b, c, 24));
  expect(fma32(a, b, c)).not.toBe(Math.fround(a * b + c));
});

test('float64: a case where the product must not be rounded', () => {
  const a = 1 + 2 ** -30;
  expect(fma64(a, a, -1 - 2 ** -29)).toBe(2 ** -60);
  expect(a * a - 1 - 2 ** -29).not.toBe(2 ** -60);
});
