// exp, log, tanh, sigmoid and erf of four float32 numbers at once, within 2 units in the last place over all floats.
// NaN, infinities, signed zeros and subnormal numbers give PyTorch's results. The polynomials, except those of exp and
// erf, are those of the Cephes library (S. Moshier), whose constants are in every textbook on the subject.

import type { Code } from './assembler';
import { f32x4, i32x4, type Local, type Vector, v128 } from './instructions';

const { add, sub, mul, div } = f32x4;

/** Exponents up to this magnitude give finite, normal numbers. */
export const mostExponent = 87;

/** Adding a number to this leaves its nearest integer in the lowest bits, without a rounding instruction. */
export const roundingMagic: number = 1.5 * 2 ** 23;

/** ln 2 in two parts; the first has so few bits that its products with small integers are exact. */
const ln2 = [0.693359375, -2.1219444005469057e-4] as const;

/** Polynomial of degree 6 for `e^r` with fixed last terms; its error is minimal, 3·10⁻⁹. */
const expCoefficients = [1.381454058e-3, 8.3687454e-3, 4.1668389e-2, 0.16666521132, 0.49999994, 1, 1];

/** A power, and its rounding error as a product: `missed·scale`. */
export interface Shifted {
  readonly power: Local<'v128'>;
  readonly missed: Local<'v128'>;
  readonly scale: Vector;
}

/** Writes vector functions into a piece of code. Values that are used twice are stored in a local. */
export class Functions {
  constructor(
    private readonly f: Code,
    private readonly fma: boolean,
  ) {}

  private number(x: number): Vector {
    return this.f.constant(f32x4.const(x));
  }

  private integer(x: number): Vector {
    return this.f.constant(i32x4.const(x));
  }

  private keep(x: Vector): Local<'v128'> {
    return this.f.local('v128', x);
  }

  /** `a·b + c`. */
  madd(a: Vector, b: Vector, c: Vector): Vector {
    return this.fma ? f32x4.fma(a, b, c) : add(mul(a, b), c);
  }

  /** Coefficients start with the highest power. */
  private polynomial(x: Vector, [first, ...rest]: readonly number[]): Vector {
    return rest.reduce<Vector>((sum, k) => this.madd(sum, x, this.number(k)), this.number(first));
  }

  exp(argument: Vector): Vector {
    return this.exps([argument])[0];
  }

  /** `e^x` of several vectors at once. */
  exps(args: readonly Vector[]): readonly Vector[] {
    const xs = args.map((x) => this.keep(x));
    const ys = this.f.locals('v128', xs.length);
    const write = (exp: (x: Local<'v128'>) => Vector) => () => {
      for (const [i, x] of xs.entries()) this.f.set(ys[i], exp(x));
    };
    // Compared as integers, a NaN is larger than all numbers.
    const isFar = (x: Vector) => i32x4.gt(v128.and(x, this.integer(0x7fffffff)), this.number(mostExponent));
    this.f.if(
      v128.any(xs.map(isFar).reduce(v128.or)),
      write((x) => this.expFar(x)),
      write((x) => this.expNear(x)),
    );
    return ys;
  }

  /**
   * {@link exps} in half the instructions and with the same bits, for exponents up to {@link mostExponent} in
   * magnitude.
   */
  private expNear(x: Local<'v128'>): Vector {
    const { shifted, power } = this.reduced(x);
    // Adds to the exponent of a number from √½ to √2; the shift removes the bits above n.
    return i32x4.add(power, i32x4.shl(shifted, 23));
  }

  /**
   * `e^x·2^k` of several vectors at once, if the result is normal: the nearest float32 number, and its rounding error
   * as a product. Together they have a relative error of 4·10⁻⁸. `shift` is `k` on top of {@link roundingMagic}. Needs
   * fused multiply-add. A NaN propagates to the error.
   */
  shiftedExps(args: readonly Vector[], shift: Local<'v128'>): readonly Shifted[] {
    const each = (make: (i: number) => Vector) => args.map((_, i) => this.keep(make(i)));
    const [high, low] = ln2;
    const shifted = each((i) => this.madd(args[i], this.number(Math.LOG2E), shift));
    const n = each((i) => sub(shifted[i], shift));
    const upper = each((i) => this.madd(n[i], this.number(-high), args[i]));
    const r = each((i) => this.madd(n[i], this.number(-low), upper[i]));
    const [first, ...others] = expCoefficients.slice(0, -1);
    const start: readonly Vector[] = args.map(() => this.number(first));
    const slope = others.reduce((sum, k) => each((i) => this.madd(sum[i], r[i], this.number(k))), start);
    const one = this.number(1);
    const near = each((i) => this.madd(slope[i], r[i], one));
    const missed = each((i) => this.madd(slope[i], r[i], sub(one, near[i])));
    const exponent = each((i) => i32x4.shl(shifted[i], 23));
    return args.map((_, i) => ({
      power: this.keep(i32x4.add(near[i], exponent[i])),
      missed: missed[i],
      scale: i32x4.add(exponent[i], one),
    }));
  }

  private expFar(argument: Vector): Vector {
    // Beyond these bounds the result is ∞ or 0. NaN is the first operand, so it is kept.
    const x = this.keep(f32x4.pmax(f32x4.pmin(argument, this.number(89)), this.number(-104)));
    const { shifted, power } = this.reduced(x);
    // 2^n as two factors: n ranges from -150, where results are subnormal, to 128.
    const whole = this.keep(i32x4.sub(shifted, this.integer(0x4b400000)));
    const half = this.keep(i32x4.shr(whole, 1));
    const factor = (k: Vector) => i32x4.shl(i32x4.add(k, this.integer(127)), 23);
    return mul(mul(power, factor(half)), factor(i32x4.sub(whole, half)));
  }

  /** `e^x = 2^n · e^r`, where `n` is the integer nearest to `x / ln 2`, so that `|r| ≤ ln 2 / 2`. */
  private reduced(x: Local<'v128'>): { shifted: Local<'v128'>; power: Vector } {
    const shifted = this.keep(this.madd(x, this.number(Math.LOG2E), this.number(roundingMagic)));
    const n = this.keep(sub(shifted, this.number(roundingMagic)));
    const [high, low] = ln2;
    const r = this.keep(this.madd(n, this.number(-low), this.madd(n, this.number(-high), x)));
    return { shifted, power: this.polynomial(r, expCoefficients) };
  }

  /** `ln x = e·ln 2 + ln m` for `x = 2^e · m` with `m` from √½ to √2. */
  log(argument: Vector): Vector {
    const given = this.keep(argument);
    // A subnormal number is scaled to a normal one first.
    const isSmall = this.keep(f32x4.lt(given, this.number(2 ** -126)));
    const x = this.keep(v128.select(mul(given, this.number(2 ** 25)), given, isSmall));
    // Relative to the bits of √½, the exponent bits are e.
    const root = 0x3f3504f3;
    const bits = this.keep(i32x4.sub(x, this.integer(root)));
    const e = this.keep(sub(f32x4.fromInt(i32x4.shr(bits, 23)), v128.and(isSmall, this.number(25))));
    const m = i32x4.add(v128.and(bits, this.integer(0x007fffff)), this.integer(root));
    const r = this.keep(sub(m, this.number(1)));
    const square = this.keep(mul(r, r));
    const p = this.polynomial(r, [
      ...[7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1],
      ...[-1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1],
    ]);
    const small = this.madd(e, this.number(-2.1219444e-4), mul(mul(p, r), square));
    const y = this.madd(e, this.number(0.693359375), add(r, this.madd(square, this.number(-0.5), small)));
    // ∞ and NaN stay, 0 gives -∞, negative numbers NaN.
    const isUsual = v128.and(f32x4.lt(given, this.number(Infinity)), f32x4.gt(given, this.number(0)));
    const isNegative = f32x4.lt(given, this.number(0));
    const unusual = v128.or(given, v128.and(isNegative, this.number(Number.NaN)));
    const isZero = f32x4.eq(given, this.number(0));
    return v128.select(y, v128.select(this.number(Number.NEGATIVE_INFINITY), unusual, isZero), isUsual);
  }

  /** A polynomial near 0, else `1 - 2 / (e^2|x| + 1)`. */
  tanh(argument: Vector): Vector {
    const x = this.keep(argument);
    const size = this.keep(f32x4.abs(x));
    const square = this.keep(mul(x, x));
    const p = this.polynomial(
      square,
      [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1],
    );
    const near = this.keep(this.madd(mul(p, square), size, size));
    const one = this.number(1);
    const twice = this.keep(f32x4.pmin(add(size, size), this.number(mostExponent)));
    const far = this.keep(sub(one, div(this.number(2), add(this.expNear(twice), one))));
    // NaN compares false, so it takes the near branch. The sign is applied last, to keep that of -0.
    return v128.or(v128.select(far, near, f32x4.ge(size, this.number(0.625))), v128.and(x, this.number(-0)));
  }

  /** With `e = e^-|x|`, which cannot overflow: `1 / (1 + e)`, or `e / (1 + e)` for a negative number. */
  sigmoid(argument: Vector): Vector {
    const x = this.keep(argument);
    const one = this.number(1);
    const e = this.keep(this.exp(v128.or(x, this.number(-0))));
    const sum = this.keep(add(one, e));
    const y = this.keep(div(v128.select(e, one, f32x4.lt(x, this.number(0))), sum));
    // Adds the rounding error of the sum back: without it the error is just above 2 units. 1 / sum is y or 1 - y,
    // whichever is larger.
    const lost = sub(e, sub(sum, one));
    return sub(y, mul(mul(y, lost), f32x4.pmax(y, sub(one, y))));
  }

  /** Below 0.925 `x + x·p(x²)`, from there on `1 - e^(x·q(x))`. */
  erf(argument: Vector): Vector {
    const x = this.keep(argument);
    const size = this.keep(f32x4.abs(x));
    const near = this.madd(this.polynomial(this.keep(mul(x, x)), erfNear), x, x);
    // From 4 on the result is 1. NaN is the first operand, so it is kept.
    const t = this.keep(f32x4.pmin(size, this.number(4)));
    const far = sub(this.number(1), this.expNear(this.keep(mul(this.polynomial(t, erfFar), t))));
    const signed = v128.or(far, v128.and(x, this.number(-0)));
    return v128.select(signed, near, f32x4.ge(size, this.number(0.925)));
  }
}

/** `erf √s / √s - 1`, highest power first: minimizes the relative error of erf. */
const erfNear = [
  ...[8.31677263e-5, -0.000813001201, 0.00519990661, -0.0268589415, 0.112836872, -0.376126332],
  0.128379167,
];
/** `ln(1 - erf t) / t`, likewise. */
const erfFar = [
  ...[-1.12314654e-5, 0.000322805392, -0.00364246502, 0.0237620751, -0.106236891, -0.635151309],
  -1.12864849,
];
