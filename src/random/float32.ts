// Logarithm, sine and cosine in float32 arithmetic by the Cephes polynomials, with every rounding where PyTorch's
// vector code has it. Only so are its normal numbers reproduced bit for bit.

import { fma32 } from './fma';

const f = Math.fround;
const rounded = (coefficients: readonly number[]) => coefficients.map(f);

const SQRT_HALF = f(Math.SQRT1_2);
const LN2_HIGH = f(0.693359375);
const LN2_LOW = f(-2.1219444e-4);
const LOG = rounded([
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
]);

const single = new Float32Array(1);
const pattern = new Uint32Array(single.buffer);

/** Value of a polynomial, highest coefficient first, each step fused. */
function horner(coefficients: readonly number[], x: number): number {
  let y = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) y = fma32(y, x, coefficients[i]);
  return y;
}

/** Natural logarithm of a float32 in `(0, 1]`; 0 counts as the smallest normal number. */
export function log32(value: number): number {
  single[0] = Math.max(value, 2 ** -126);
  let exponent = (pattern[0] >>> 23) - 126;
  pattern[0] = (pattern[0] & 0x7fffff) | 0x3f000000;
  const mantissa = single[0];
  let x = f(mantissa - 1);
  if (mantissa < SQRT_HALF) {
    exponent -= 1;
    x = f(x + mantissa);
  }
  const square = f(x * x);
  let y = f(horner(LOG, x) * x);
  y = fma32(y, square, f(exponent * LN2_LOW));
  y = fma32(-0.5, square, y);
  return fma32(exponent, LN2_HIGH, f(x + y));
}

const FOUR_OVER_PI = f(1.27323954473516);
/** -π/4 in three parts, so that the reduction loses nothing. */
const MINUS_QUARTER_PI = rounded([-0.78515625, -2.4187564849853516e-4, -3.774894977445941e-8]);
const COS = rounded([2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2]);
const SIN = rounded([-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]);

/** The octant of an angle, rounded up to an even number. */
function octant(angle: number): number {
  return (Math.trunc(f(angle * FOUR_OVER_PI)) + 1) & ~1;
}

function reduced(angle: number, eighths: number): number {
  let x = angle;
  for (const part of MINUS_QUARTER_PI) x = fma32(eighths, part, x);
  return x;
}

function cosNearZero(x: number): number {
  const square = f(x * x);
  const c = f(horner(COS, square) * square);
  return f(fma32(c, square, -f(square * 0.5)) + 1);
}

function sinNearZero(x: number): number {
  const square = f(x * x);
  return fma32(f(horner(SIN, square) * square), x, x);
}

/** Sine of a float32 angle, 0 or more, in radians. */
export function sin32(angle: number): number {
  const j = octant(angle);
  const x = reduced(angle, j);
  const s = (j & 2) === 0 ? sinNearZero(x) : cosNearZero(x);
  return (j & 4) === 0 ? s : -s;
}

/** Cosine of a float32 angle, 0 or more, in radians. */
export function cos32(angle: number): number {
  const j = octant(angle);
  const x = reduced(angle, j);
  const c = (j & 2) === 0 ? cosNearZero(x) : sinNearZero(x);
  return ((j - 2) & 4) === 0 ? -c : c;
}
