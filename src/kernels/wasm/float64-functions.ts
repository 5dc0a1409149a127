// Functions of two float64 numbers at once, with relative errors below 10⁻¹⁰: enough for correctly rounded float32
// results, and for intermediate values. NaN, infinities and zeros give JavaScript's results.

import type { Code } from './assembler';
import { f64x2, i32, i32x4, i64x2, type Local, type Vector, v128 } from './instructions';
import { ends, perUnit, polynomialBytes, provideTable } from './normal-distribution';
import { tableAt } from './runtime';

const { add, sub, mul, div } = f64x2;

/** For each float64 lane a shuffle that repeats it. */
const repeats: readonly (readonly [number, number, number, number])[] = [
  [0, 1, 0, 1],
  [2, 3, 2, 3],
];

/** Bits of √½, and the exponent bias of float64. */
const rootBits = 0x3fe6a09e667f3bcdn;
const bias = 1023n;
const mantissa = (1n << 52n) - 1n;
/** Angles up to this size are reduced by multiples of π/2 without losing digits. */
const largestAngle = 1e6;

/** Writes the functions into a piece of code. */
export class WideFunctions {
  /** Lanes whose argument was too large for a function; null if no function has such a limit. */
  outside: Local<'v128'> | null = null;

  constructor(
    private readonly f: Code,
    private readonly fma: boolean,
  ) {}

  /** `a·b + c`. */
  private madd(a: Vector, b: Vector, c: Vector): Vector {
    return this.fma ? f64x2.fma(a, b, c) : add(mul(a, b), c);
  }

  private number(x: number): Vector {
    return this.f.constant(f64x2.const(x));
  }

  private integer(x: bigint): Vector {
    return this.f.constant(i64x2.const(x));
  }

  private keep(x: Vector): Local<'v128'> {
    return this.f.local('v128', x);
  }

  /** Coefficients start with the highest power. */
  private polynomial(x: Vector, [first, ...rest]: readonly number[]): Vector {
    return rest.reduce<Vector>((sum, k) => this.madd(sum, x, this.number(k)), this.number(first));
  }

  /**
   * The sine of an angle: `±sin r` for `x = m·π/2 + r` with even `m`. For the cosine, `m` is odd and the sign flips
   * once more.
   */
  private sine(argument: Vector, isCosine: boolean): Vector {
    const x = this.keep(argument);
    this.outside ??= this.f.local('v128');
    this.f.set(this.outside, v128.or(this.outside, f64x2.gt(f64x2.abs(x), this.number(largestAngle))));
    const turns = mul(x, this.number(1 / Math.PI));
    const magic = 1.5 * 2 ** 52;
    const shifted = this.keep(add(isCosine ? sub(turns, this.number(0.5)) : turns, this.number(magic)));
    const n = this.keep(sub(shifted, this.number(magic)));
    const twice = add(n, n);
    const m = this.keep(isCosine ? add(twice, this.number(1)) : twice);
    // π/2 in two parts; the first has so few bits that its product with m is exact.
    const [high, low] = [1.5707963267341256, 6.077100506506192e-11];
    const r = this.keep(this.madd(m, this.number(-low), this.madd(m, this.number(-high), x)));
    // The Taylor series up to r¹⁹, whose error is below 3·10⁻¹⁶.
    const coefficients: number[] = [];
    for (let k = 1, factor = 1; k <= 19; factor /= -(k + 1) * (k + 2), k += 2) coefficients.unshift(factor);
    const y = mul(this.polynomial(this.keep(mul(r, r)), coefficients), r);
    return v128.xor(y, i64x2.shl(isCosine ? i64x2.add(shifted, this.integer(1n)) : shifted, 63));
  }

  sin(argument: Vector): Vector {
    return this.sine(argument, false);
  }

  cos(argument: Vector): Vector {
    return this.sine(argument, true);
  }

  /** `e^x = 2^n + 2^n·(e^r - 1)` with the integer `n` nearest to `x / ln 2`: returns both summands. */
  private powers(given: Local<'v128'>): { power: Local<'v128'>; rest: Vector; isHuge: Vector } {
    // Beyond these bounds, results overflow or underflow float32, too.
    const x = this.keep(f64x2.pmax(f64x2.pmin(given, this.number(709)), this.number(-708)));
    // Adding a number to 1.5·2⁵² leaves its nearest integer in the lowest bits.
    const magic = 1.5 * 2 ** 52;
    const shifted = this.keep(add(mul(x, this.number(Math.LOG2E)), this.number(magic)));
    const n = this.keep(sub(shifted, this.number(magic)));
    // ln 2 in two parts; the first has so few bits that its product with n is exact.
    const high = 0.6931471803691238;
    const r = this.keep(sub(sub(x, mul(n, this.number(high))), mul(n, this.number(1.9082149292705877e-10))));
    // e^r - 1 by its Taylor series, up to r¹⁰ / 10!.
    const coefficients: number[] = [];
    for (let k = 10, factorial = 3628800; k >= 1; factorial /= k, k--) coefficients.push(1 / factorial);
    const series = mul(this.polynomial(r, coefficients), r);
    const power = this.keep(i64x2.shl(i64x2.add(shifted, this.integer(bias)), 52));
    return { power, rest: mul(series, power), isHuge: f64x2.gt(given, this.number(709)) };
  }

  exp(argument: Vector): Vector {
    const x = this.keep(argument);
    const { power, rest, isHuge } = this.powers(x);
    const y = v128.select(this.number(Infinity), add(power, rest), isHuge);
    return v128.andNot(y, f64x2.lt(x, this.number(-746)));
  }

  /**
   * `e^x` of several vectors at once, for numbers up to 0, with a relative error of 2·10⁻⁹ and two thirds of the
   * instructions: for float32 results with one rounding. Numbers below the lower bound give 0 too.
   */
  quickExps(args: readonly Vector[]): readonly Local<'v128'>[] {
    // Each step runs for all vectors before the next one. V8 12 and later keep this order, so the steps do not wait for
    // each other.
    const each = (make: (i: number) => Vector) => args.map((_, i) => this.keep(make(i)));
    const magic = this.number(1.5 * 2 ** 52);
    // NaN is the first operand, so it is kept.
    const xs = each((i) => f64x2.pmax(args[i], this.number(-700)));
    const shifted = each((i) => this.madd(xs[i], this.number(Math.LOG2E), magic));
    const r = each((i) => this.madd(sub(shifted[i], magic), this.number(-Math.LN2), xs[i]));
    const [first, ...others] = quickExpCoefficients;
    const start: readonly Vector[] = args.map(() => this.number(first));
    const power = others.reduce((sum, k) => each((i) => this.madd(sum[i], r[i], this.number(k))), start);
    return each((i) => i64x2.add(power[i], i64x2.shl(shifted[i], 52)));
  }

  /** `e^x - 1` without cancellation. */
  expm1(argument: Vector): Vector {
    const x = this.keep(argument);
    const { power, rest, isHuge } = this.powers(x);
    const y = v128.select(this.number(Infinity), add(rest, sub(power, this.number(1))), isHuge);
    // Keeps -0.
    return v128.select(x, y, f64x2.eq(x, this.number(0)));
  }

  /** `ln x = e·ln 2 + ln m` for `x = 2^e · m` with `m` from √½ to √2, and `ln m = 2 artanh((m - 1) / (m + 1))`. */
  log(argument: Vector): Vector {
    const x = this.keep(argument);
    // Relative to the bits of √½, the exponent bits are e + 1023.
    const bits = this.keep(i64x2.add(x, this.integer((bias << 52n) - rootBits)));
    const one = this.number(1);
    // An integer in the lowest bits of 2⁵².
    const e = sub(v128.or(i64x2.shr(bits, 52), this.number(2 ** 52)), this.number(2 ** 52 + Number(bias)));
    const m = this.keep(i64x2.add(v128.and(bits, this.integer(mantissa)), this.integer(rootBits)));
    const s = this.keep(div(sub(m, one), add(m, one)));
    const odd = [15, 13, 11, 9, 7, 5, 3, 1].map((k) => 2 / k);
    const y = add(mul(this.polynomial(mul(s, s), odd), s), mul(e, this.number(Math.LN2)));
    const isUsual = v128.and(f64x2.lt(x, this.number(Infinity)), f64x2.gt(x, this.number(0)));
    const unusual = v128.select(this.number(Number.NaN), x, f64x2.lt(x, this.number(0)));
    const isZero = f64x2.eq(x, this.number(0));
    return v128.select(y, v128.select(this.number(Number.NEGATIVE_INFINITY), unusual, isZero), isUsual);
  }

  /** `ln(1 + x)`; the rounding error of the sum is added back. */
  log1p(argument: Vector): Vector {
    const x = this.keep(argument);
    const one = this.number(1);
    const u = this.keep(add(one, x));
    const y = this.keep(this.log(u));
    const isUsual = v128.and(f64x2.gt(x, this.number(-1)), f64x2.lt(x, this.number(Infinity)));
    const corrected = sub(y, div(sub(sub(u, one), x), u));
    return v128.select(v128.select(x, corrected, f64x2.eq(u, one)), y, isUsual);
  }

  /** `(e^2|x| - 1) / (e^2|x| + 1)` with the sign of `x`. */
  tanh(argument: Vector): Vector {
    const x = this.keep(argument);
    // From 20 on the result is 1. NaN is the first operand, so it is kept.
    const size = this.keep(f64x2.pmin(f64x2.abs(x), this.number(20)));
    const e = this.keep(this.expm1(add(size, size)));
    return v128.or(div(e, add(e, this.number(2))), v128.and(x, this.number(-0)));
  }

  sigmoid(argument: Vector): Vector {
    return div(this.number(1), add(this.number(1), this.exp(f64x2.neg(argument))));
  }

  softplus(argument: Vector): Vector {
    const x = this.keep(argument);
    const e = this.exp(v128.or(x, this.number(-0)));
    return add(f64x2.max(x, this.number(0)), this.log1p(e));
  }

  /** `e^(x²) erfc x` for `x ≥ 0`, divided by `t = 1 / (1 + 0.4 x)`: a polynomial in `2 t - 1`, fitted to 10⁻¹⁰. */
  private scaledErfc(size: Vector): { t: Local<'v128'>; quotient: Vector } {
    const one = this.number(1);
    const t = this.keep(div(one, add(one, mul(this.number(0.4), size))));
    const s = this.keep(sub(add(t, t), one));
    return { t, quotient: this.polynomial(s, erfcCoefficients) };
  }

  /** Below 1/2 the Taylor series of erf. */
  private erfSeries(x: Vector, square: Vector): Vector {
    const coefficients: number[] = [];
    for (let k = 0, factorial = 1; k <= 9; factorial *= -++k)
      coefficients.unshift(2 / Math.sqrt(Math.PI) / (factorial * (2 * k + 1)));
    return mul(x, this.polynomial(square, coefficients));
  }

  erfc(argument: Vector): Vector {
    const x = this.keep(argument);
    const size = this.keep(f64x2.abs(x));
    const square = this.keep(mul(x, x));
    const { t, quotient } = this.scaledErfc(size);
    const tail = this.keep(mul(mul(t, quotient), this.exp(f64x2.neg(square))));
    const far = v128.select(sub(this.number(2), tail), tail, f64x2.lt(x, this.number(0)));
    return v128.select(sub(this.number(1), this.erfSeries(x, square)), far, f64x2.lt(size, this.number(0.5)));
  }

  erf(argument: Vector): Vector {
    const x = this.keep(argument);
    const size = this.keep(f64x2.abs(x));
    const square = this.keep(mul(x, x));
    const { t, quotient } = this.scaledErfc(size);
    const far = sub(this.number(1), mul(mul(t, quotient), this.exp(f64x2.neg(square))));
    const signed = v128.or(far, v128.and(x, this.number(-0)));
    return v128.select(this.erfSeries(x, square), signed, f64x2.lt(size, this.number(0.5)));
  }

  /** Standard normal distribution function: a polynomial for each short interval. */
  phi(argument: Vector): Vector {
    provideTable();
    const x = this.keep(argument);
    const { first, last } = ends;
    // NaN comes second, so the first interval is read; the result is replaced.
    const bounded = this.keep(f64x2.pmin(this.number(last), f64x2.pmax(this.number(first), x)));
    // The lowest bits are the number of the nearest interval.
    const magic = 1.5 * 2 ** 52;
    const shifted = this.keep(this.madd(bounded, this.number(perUnit), this.number(magic - first * perUnit)));
    const center = sub(shifted, this.number(magic - first * perUnit));
    const r = this.keep(this.madd(center, this.number(-1 / perUnit), bounded));
    const square = this.keep(mul(r, r));
    // Even powers in the low lane, odd ones in the high lane.
    const [a, b] = repeats.map((lane) => {
      const at = this.f.local('i32', i32.mul(i32x4.lane(shifted, lane[0]), polynomialBytes));
      const pair = (i: number) => v128.load(at, tableAt + 16 * i);
      const own = this.keep(v128.shuffle(square, square, ...lane));
      return this.keep(this.madd(this.madd(pair(2), own, pair(1)), own, pair(0)));
    });
    const y = this.madd(v128.shuffle(a, b, 2, 3, 6, 7), r, v128.shuffle(a, b, 0, 1, 4, 5));
    return v128.or(y, f64x2.ne(x, x));
  }

  /** The arctangent of the smaller magnitude over the larger, reflected to the quadrant of the point. */
  atan2(ordinate: Vector, abscissa: Vector): Vector {
    const [y, x] = [this.keep(ordinate), this.keep(abscissa)];
    const [zero, sign] = [this.number(0), this.number(-0)];
    const [high, wide] = [this.keep(f64x2.abs(y)), this.keep(f64x2.abs(x))];
    const [least, most] = [this.keep(f64x2.min(high, wide)), this.keep(f64x2.max(high, wide))];
    // If both are equal (infinities too), the quotient is 1; for two zeros it is 0.
    const q = v128.select(this.number(1), div(least, most), f64x2.eq(least, most));
    const ratio = this.keep(v128.andNot(q, f64x2.eq(most, zero)));
    const near = this.keep(mul(this.polynomial(this.keep(mul(ratio, ratio)), atanCoefficients), ratio));
    const first = this.keep(v128.select(sub(this.number(Math.PI / 2), near), near, f64x2.gt(high, wide)));
    // -0 counts as left, too.
    const isLeft = f64x2.lt(v128.or(v128.and(x, sign), this.number(1)), zero);
    const upper = v128.select(sub(this.number(Math.PI), first), first, isLeft);
    return v128.or(upper, v128.and(y, sign));
  }

  /**
   * `ln Γ(x)` for positive numbers. Around the zeros 1 and 2: a polynomial that is 0 at 2, and `Γ(x + 1) = x Γ(x)`.
   * From 2.5 on: Stirling's series, shifted by five below 8.
   */
  lgamma(argument: Vector): Vector {
    const x = this.keep(argument);
    const [zero, one] = [this.number(0), this.number(1)];
    this.outside ??= this.f.local('v128');
    this.f.set(this.outside, v128.or(this.outside, f64x2.le(x, zero)));
    const [isTiny, isSmall] = [0.5, 1.5].map((bound) => this.keep(f64x2.lt(x, this.number(bound))));
    const isFar = this.keep(f64x2.ge(x, this.number(2.5)));
    const isHuge = this.keep(f64x2.ge(x, this.number(8)));
    const next = [1, 2, 3, 4].map((k) => this.keep(add(x, this.number(k))));
    // Γ of the shifted argument is Γ(x) times this.
    const two = this.keep(mul(x, next[0]));
    const five = mul(mul(two, next[1]), mul(next[2], next[3]));
    const below = v128.select(two, v128.select(x, one, isSmall), isTiny);
    const product = v128.select(v128.select(one, five, isHuge), below, isFar);
    const logOfProduct = this.keep(this.log(product));
    const shift = v128.and(isSmall, v128.select(this.number(2), one, isTiny));
    const v = this.keep(sub(add(x, shift), this.number(2)));
    const near = mul(v, this.polynomial(v, lgammaCoefficients));
    const z = this.keep(v128.select(x, add(x, this.number(5)), isHuge));
    const inverse = this.keep(div(one, z));
    const series = mul(this.polynomial(this.keep(mul(inverse, inverse)), [1 / 1260, -1 / 360, 1 / 12]), inverse);
    const stirling = add(
      mul(sub(z, this.number(0.5)), sub(this.log(z), one)),
      this.number(Math.log(2 * Math.PI) / 2 - 0.5),
    );
    const y = sub(v128.select(add(stirling, series), near, isFar), logOfProduct);
    return v128.select(x, y, f64x2.eq(x, this.number(Infinity)));
  }

  /**
   * `a^b = e^(b ln |a|)`, negative for odd powers of negative numbers. As in C, it is 1 if `a` is 1 or `b` is 0, even
   * with NaN.
   */
  power(base: Vector, exponent: Vector): Vector {
    const [a, b] = [this.keep(base), this.keep(exponent)];
    const [zero, one, infinity] = [this.number(0), this.number(1), this.number(Infinity)];
    const size = this.keep(f64x2.abs(a));
    const half = this.keep(mul(b, this.number(0.5)));
    const isWhole = this.keep(f64x2.eq(b, f64x2.trunc(b)));
    const isOdd = v128.and(isWhole, f64x2.ne(half, f64x2.trunc(half)));
    const y = v128.or(this.exp(mul(b, this.log(size))), v128.and(isOdd, v128.and(a, this.number(-0))));
    const isNegative = v128.and(f64x2.lt(a, zero), f64x2.gt(a, this.number(Number.NEGATIVE_INFINITY)));
    // An infinite exponent counts as whole.
    const real = v128.select(this.number(Number.NaN), y, v128.andNot(isNegative, isWhole));
    const isUnit = v128.and(f64x2.eq(size, one), f64x2.eq(f64x2.abs(b), infinity));
    return v128.select(one, real, v128.or(v128.or(f64x2.eq(b, zero), f64x2.eq(a, one)), isUnit));
  }
}

/** For {@link WideFunctions.erfc}: Chebyshev interpolation, highest power first. */
const erfcCoefficients = [
  ...[-6.827017998005827e-7, -9.058446657836367e-7, 6.8075798964916075e-6, 5.606824839135312e-6, -4.460392485581623e-5],
  ...[-2.1805627481551858e-5, 0.00028086760617685255, 0.00017510077195547307, -0.0019274602228844455],
  ...[-0.0033571004654729176, 0.011344613267393678, 0.06850044756375227, 0.18156564698334368, 0.32186074005156806],
  0.4216127281197508,
];

/**
 * For {@link WideFunctions.quickExps}: the polynomial of degree 6 that is 1 at 0, with a minimal relative error of
 * 2·10⁻⁹.
 */
const quickExpCoefficients = [
  ...[0.001384365339, 0.008374155346, 0.04166800204, 0.1666643126, 0.4999999421, 1.000000032],
  1,
];

/** `arctan √s / √s` from 0 to 1; relative error 4·10⁻¹⁰. */
const atanCoefficients = [
  ...[0.00105760743806, -0.00703066947042, 0.0219129458654, -0.0439284107333, 0.0668528151788, -0.0878504328236],
  ...[0.110507712758, -0.142785760248, 0.199995581004, -0.333333224889, 0.999999999554],
];

/** `ln Γ(2 + v) / v` from -1/2 to 1/2; relative error 5·10⁻¹⁰. */
const lgammaCoefficients = [
  ...[0.000113472819946, -0.000253817095673, 0.000506517142952, -0.0011858600345, 0.00289079532156],
  ...[-0.00738617415563, 0.0205807994715, -0.0673522814721, 0.322467033469, 0.422784335],
];
