// Draws of the generator MT19937, four at a time, and the Box-Muller transform in float32, with the bits of
// random/normal.ts. The transform needs fused multiply-add. Without it, the same bits come from float64: the exact
// product is added, and results that double rounding would change are reported.

import { type Code, Module } from './assembler';
import { f32x4, f64x2, i32, i32x4, i64x2, type Local, type Vector, v128 } from './instructions';

/** The functions of {@link randomModule}; addresses are in bytes. */
export interface RandomExports {
  /** Whether multiply-add rounds once, as the functions expect; a machine may round twice. */
  isFused(): number;
  /** Generates the next {@link words} words of the state, which has memory for four more. */
  renew(state: number): void;
  /** The draws of `n` words, 32 bits each; writes up to three more. */
  draws(n: number, y: number, words: number): void;
  /** Numbers uniform in `[0, 1)` from `n` words, multiples of 2⁻²⁴; writes up to three more. */
  uniform(n: number, y: number, words: number): void;
  /**
   * Replaces `n` numbers `u` by `from + u·width`; a result that rounds to `to` becomes `from`. Returns nonzero if one
   * must be computed another way.
   */
  scale(n: number, y: number, width: number, from: number, to: number): number;
  /**
   * Replaces `n` uniform numbers, a multiple of 16, by normal ones. Returns nonzero if one must be computed another
   * way.
   */
  normal(n: number, y: number, mean: number, std: number): number;
}

/** Words of the state. */
export const words = 624;
const middle = 397;

const { add, sub, mul } = f32x4;

/** float32 instructions with a single rounding. */
class Rounded {
  private readonly doubtful: Local<'v128'>;

  constructor(
    private readonly f: Code,
    private readonly fma: boolean,
  ) {
    this.doubtful = f.local('v128');
  }

  number(x: number): Vector {
    return this.f.constant(f32x4.const(x));
  }

  integer(x: number): Vector {
    return this.f.constant(i32x4.const(x));
  }

  keep(x: Vector): Local<'v128'> {
    return this.f.local('v128', x);
  }

  /** `a·b + c`, rounded once. */
  madd(a: Vector, b: Vector, c: Vector): Local<'v128'> {
    if (this.fma) return this.keep(f32x4.fma(a, b, c));
    const given = [a, b, c].map((v) => this.keep(v));
    const halves = [0, 1].map((half) => {
      const [x, y, z] = given.map((v) => this.keep(f64x2.promote(half === 0 ? v : v128.shuffle(v, v, 2, 3, 0, 1))));
      const product = this.keep(f64x2.mul(x, y));
      const sum = this.keep(f64x2.add(product, z));
      const rest = this.keep(f64x2.sub(sum, product));
      const lost = f64x2.add(f64x2.sub(product, f64x2.sub(sum, rest)), f64x2.sub(z, rest));
      // A sum exactly halfway between two float32 numbers.
      const low = v128.and(sum, this.f.constant(i64x2.const(0x1fffffffn)));
      const isMiddle = i64x2.eq(low, this.f.constant(i64x2.const(0x10000000n)));
      const isDoubtful = v128.and(isMiddle, f64x2.ne(lost, this.f.constant(f64x2.const(0))));
      this.f.set(this.doubtful, v128.or(this.doubtful, isDoubtful));
      return this.keep(f32x4.demote(sum));
    });
    return this.keep(v128.shuffle(halves[0], halves[1], 0, 1, 4, 5));
  }

  /** Coefficients start with the highest power. */
  polynomial(x: Vector, [first, ...rest]: readonly number[]): Vector {
    return rest.reduce<Vector>((sum, k) => this.madd(sum, x, this.number(k)), this.number(first));
  }

  returnDoubt(): void {
    this.f.return(v128.any(this.doubtful));
  }

  /** `log32` of random/float32.ts, for numbers from 2⁻²⁴ to 1. */
  log(value: Local<'v128'>): Vector {
    const mantissa = this.keep(v128.or(v128.and(value, this.integer(0x7fffff)), this.integer(0x3f000000)));
    const isSmall = this.keep(f32x4.lt(mantissa, this.number(Math.SQRT1_2)));
    // A mask is -1 as an integer.
    const exponent = this.keep(f32x4.fromInt(i32x4.add(i32x4.sub(i32x4.shrU(value, 23), this.integer(126)), isSmall)));
    const x = this.keep(add(sub(mantissa, this.number(1)), v128.and(mantissa, isSmall)));
    const square = this.keep(mul(x, x));
    const y = mul(this.polynomial(x, logCoefficients), x);
    const more = this.madd(y, square, mul(exponent, this.number(-2.1219444e-4)));
    const less = this.madd(this.number(-0.5), square, more);
    return this.madd(exponent, this.number(0.693359375), add(x, less));
  }

  /** `cos32` and `sin32` of random/float32.ts, for a nonnegative angle. */
  circle(angle: Local<'v128'>): { cos: Vector; sin: Vector } {
    const one = this.integer(1);
    const octant = i32x4.truncated(mul(angle, this.number(1.27323954473516)));
    const j = this.keep(v128.andNot(i32x4.add(octant, one), one));
    const eighths = this.keep(f32x4.fromInt(j));
    const x = quarterPi.reduce<Local<'v128'>>((rest, part) => this.madd(eighths, this.number(part), rest), angle);
    const square = this.keep(mul(x, x));
    const c = this.keep(mul(this.polynomial(square, cosCoefficients), square));
    const half = this.keep(f32x4.neg(mul(square, this.number(0.5))));
    const cosine = this.keep(add(this.madd(c, square, half), this.number(1)));
    const sine = this.madd(mul(this.polynomial(square, sinCoefficients), square), x, x);
    const isTurned = this.keep(i32x4.eq(v128.and(j, this.integer(2)), this.integer(2)));
    const sign = (k: Vector) => i32x4.shl(v128.and(k, this.integer(4)), 29);
    return {
      cos: v128.xor(
        v128.select(sine, cosine, isTurned),
        v128.xor(sign(i32x4.sub(j, this.integer(2))), this.number(-0)),
      ),
      sin: v128.xor(v128.select(cosine, sine, isTurned), sign(j)),
    };
  }
}

const logCoefficients = [
  ...[7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1],
  ...[2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1],
];
const quarterPi = [-0.78515625, -2.4187564849853516e-4, -3.774894977445941e-8];
const cosCoefficients = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2];
const sinCoefficients = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1];

export function randomModule(fma: boolean): Module {
  const module = new Module();
  const one = 1 + 2 ** -12;
  module.define(
    'isFused',
    {},
    (f) => {
      if (!fma) f.return(f.local('i32', 1));
      else {
        // The exact product is 1 + 2⁻¹¹ + 2⁻²⁴.
        const x = f.local('v128', f32x4.const(one));
        const rest = f32x4.fma(x, x, f32x4.const(-(1 + 2 ** -11)));
        f.return(v128.any(f32x4.eq(rest, f32x4.const(2 ** -24))));
      }
    },
    'i32',
  );
  module.define('renew', { state: 'i32' }, (f, { state }) => {
    const [at, end] = f.locals('i32', 2);
    const old = f.local('v128');
    const bits = f.local('v128');
    const integer = (x: number) => f.constant(i32x4.const(x));
    /** Updates four words; the word at offset `middle` is `distance` words further. */
    const four = (distance: number) => {
      f.set(old, v128.load(at));
      f.set(bits, v128.or(v128.and(old, integer(0x80000000 | 0)), v128.and(v128.load(at, 4), integer(0x7fffffff))));
      const isOdd = i32x4.eq(v128.and(bits, integer(1)), integer(1));
      const from = distance < 0 ? v128.load(i32.add(at, 4 * distance)) : v128.load(at, 4 * distance);
      f.store(at, v128.xor(v128.xor(from, i32x4.shrU(bits, 1)), v128.and(isOdd, integer(0x9908b0df | 0))));
      f.advance(at, 16);
    };
    f.set(at, state);
    four(middle);
    // The state is cyclic: the first words follow the last.
    f.store(i32.add(state, 4 * words), v128.load(state));
    f.set(end, i32.add(state, 4 * 228));
    f.while(
      () => i32.lt(at, end),
      () => four(middle),
    );
    f.set(end, i32.add(state, 4 * words));
    f.while(
      () => i32.lt(at, end),
      () => four(middle - words),
    );
  });
  const uniform = (x: Vector, f: Code) =>
    mul(f32x4.fromInt(v128.and(x, f.constant(i32x4.const(0xffffff)))), f.constant(f32x4.const(2 ** -24)));
  for (const [name, finish] of [
    ['draws', (x: Vector) => x],
    ['uniform', uniform],
  ] as const)
    module.define(name, { n: 'i32', y: 'i32', from: 'i32' }, (f, { n, y, from }) => {
      const end = f.local('i32', i32.add(y, i32.shl(n, 2)));
      const x = f.local('v128');
      const integer = (v: number) => f.constant(i32x4.const(v));
      f.while(
        () => i32.lt(y, end),
        () => {
          f.set(x, v128.load(from));
          f.set(x, v128.xor(x, i32x4.shrU(x, 11)));
          f.set(x, v128.xor(x, v128.and(i32x4.shl(x, 7), integer(0x9d2c5680 | 0))));
          f.set(x, v128.xor(x, v128.and(i32x4.shl(x, 15), integer(0xefc60000 | 0))));
          f.set(x, v128.xor(x, i32x4.shrU(x, 18)));
          f.store(y, finish(x, f));
          f.advance(y, 16);
          f.advance(from, 16);
        },
      );
    });
  module.define(
    'scale',
    { n: 'i32', y: 'i32', width: 'f32', from: 'f32', to: 'f32' },
    (f, { n, y, width, from, to }) => {
      const r = new Rounded(f, fma);
      const end = f.local('i32', i32.add(y, i32.shl(n, 2)));
      const [w, a, b] = [width, from, to].map((x) => f.local('v128', f32x4.splat(x)));
      f.while(
        () => i32.lt(y, end),
        () => {
          const value = r.madd(v128.load(y), w, a);
          f.store(y, v128.select(a, value, f32x4.eq(value, b)));
          f.advance(y, 16);
        },
      );
      r.returnDoubt();
    },
    'i32',
  );
  module.define(
    'normal',
    { n: 'i32', y: 'i32', mean: 'f32', std: 'f32' },
    (f, { n, y, mean, std }) => {
      const r = new Rounded(f, fma);
      const end = f.local('i32', i32.add(y, i32.shl(n, 2)));
      const [m, s] = [mean, std].map((x) => f.local('v128', f32x4.splat(x)));
      f.while(
        () => i32.lt(y, end),
        () => {
          for (const at of [0, 16]) {
            const u = r.keep(sub(r.number(1), v128.load(y, at)));
            const radius = r.keep(f32x4.sqrt(mul(r.number(-2), r.log(u))));
            const angle = r.keep(mul(r.number(2 * Math.PI), v128.load(y, at + 32)));
            const { cos, sin } = r.circle(angle);
            const [x, z] = [r.madd(mul(radius, cos), s, m), r.madd(mul(radius, sin), s, m)];
            f.store(y, x, at);
            f.store(y, z, at + 32);
          }
          f.advance(y, 64);
        },
      );
      r.returnDoubt();
    },
    'i32',
  );
  return module;
}
