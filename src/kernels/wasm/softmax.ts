// Softmax, log-softmax and log-sum-exp, row by row.

import { type Code, Module } from './assembler';
import { float32 } from './elements';
import { Functions, roundingMagic } from './float32-functions';
import { WideFunctions } from './float64-functions';
import {
  f32,
  f32x4,
  f64,
  f64x2,
  type Int,
  i32,
  i32x4,
  i64x2,
  type Local,
  type Value,
  type Vector,
  v128,
} from './instructions';

/** Kernels for `rows` consecutive rows of `n` elements each; addresses are in bytes. */
export interface RowsExports {
  softmax: Rows;
  logSoftmax: Rows;
  /**
   * Sums of powers: for each row the base `b` and `Σ e^(x - b) - 1` in float64. `b` is the maximum, or 0 if that is
   * infinite. Relative error 2·10⁻⁹.
   */
  powerSums: Rows;
  /** Gradients from the results and their gradients `dy`, which are at `y`: `y·(dy - Σ dy·y)`. */
  softmaxGradients: Gradients;
  /** `dy - e^y·Σ dy`. */
  logSoftmaxGradients: Gradients;
}
type Rows = (rows: number, n: number, x: number, y: number) => void;
type Gradients = (rows: number, n: number, y: number, dy: number, dx: number) => void;

export function rowsModule(fma: boolean): Module {
  const module = new Module();
  for (const isLog of [false, true]) {
    writeSoftmax(module, isLog, fma);
    writeGradients(module, isLog, fma);
  }
  writePowerSums(module, fma);
  return module;
}

/**
 * Kernels for rows of up to {@link narrow} elements: four rows at a time, of which up to three may be beyond the last.
 * `kept` is the address of {@link keptBytes} of scratch memory.
 */
export type NarrowRowsExports = Record<
  'softmax' | 'logSoftmax',
  (rows: number, n: number, x: number, y: number, kept: number) => void
>;

/** Longer rows gain nothing: transposing them costs as much as summing and comparing across lanes. */
export const narrow = 12;
export const keptBytes: number = 2 * 16 * narrow;

export function narrowRowsModule(fma: boolean): Module {
  const module = new Module();
  for (const isLog of [false, true]) writeNarrowSoftmax(module, isLog, fma);
  return module;
}

/** Bytes of products that are summed in float32, two vectors at a time; these sums are then added in float64. */
const stretch = 2048;

/** Iterates over a row, whose last vector may be incomplete. */
class Row {
  readonly bytes: Local<'i32'>;
  /** The current offset in the row. */
  readonly j: Local<'i32'>;
  private readonly parts: readonly Local<'v128'>[];
  private readonly sums: Local<'v128'>;

  constructor(
    private readonly f: Code,
    n: Local<'i32'>,
  ) {
    this.bytes = f.local('i32', i32.shl(n, 2));
    this.j = f.local('i32');
    this.parts = f.locals('v128', 2);
    this.sums = f.local('v128');
  }

  /** The elements at the current offset, `vectors` further. */
  at(address: Local<'i32'>, vectors = 0): Vector {
    return v128.load(i32.add(address, this.j), 16 * vectors);
  }

  store(address: Local<'i32'>, value: Vector, vectors = 0): void {
    this.f.store(i32.add(address, this.j), value, 16 * vectors);
  }

  /** The lanes of the current vector that belong to the row. */
  mask(): Vector {
    return i32x4.gt(i32x4.splat(i32.sub(this.bytes, this.j)), i32x4.const(0, 4, 8, 12));
  }

  /** Advances by this many vectors while they fit before `end`. */
  by(vectors: number, end: Local<'i32'>, body: () => void): void {
    this.f.while(
      () => i32.le(i32.add(this.j, 16 * vectors), end),
      () => {
        body();
        this.f.advance(this.j, 16 * vectors);
      },
    );
  }

  /** Advances to the end by single vectors; the last may be incomplete. */
  toEnd(body: () => void): void {
    this.f.while(
      () => i32.lt(this.j, this.bytes),
      () => {
        body();
        this.f.advance(this.j, 16);
      },
    );
  }

  /** Iterates over the row by two vectors; what is written beyond the end is overwritten by the next row. */
  byPairs(body: () => void): void {
    this.f.for(this.j, 0, this.bytes, 32, body);
  }

  /** Writes the maximum to all lanes of the first of `maxima`; NaN is ignored. */
  findMax(x: Local<'i32'>, maxima: readonly Local<'v128'>[]): void {
    const { f, j } = this;
    const [max] = maxima;
    const low = f.constant(f32x4.const(Number.NEGATIVE_INFINITY));
    const larger = (i: number, v: Vector) => f.set(maxima[i], f32x4.pmax(maxima[i], v));
    for (const each of maxima) f.set(each, low);
    f.set(j, 0);
    this.by(4, this.bytes, () => {
      for (const i of maxima.keys()) larger(i, this.at(x, i));
    });
    this.toEnd(() => larger(0, v128.select(this.at(x), low, this.mask())));
    for (const i of [2, 3]) larger(i - 2, maxima[i]);
    larger(0, maxima[1]);
    larger(0, swapped(max));
    larger(0, v128.shuffle(max, max, 1, 0, 3, 2));
  }

  /** Iterates over the row by two vectors, then by one. The last has a mask for the lanes that belong to the row. */
  byVectors(body: (vectors: 1 | 2, mask: Local<'v128'> | null) => void): void {
    this.f.set(this.j, 0);
    for (const vectors of [2, 1] as const) this.by(vectors, this.bytes, () => body(vectors, null));
    this.toEnd(() => body(1, this.f.local('v128', this.mask())));
  }

  /**
   * The sum of `terms(vectors)` over the row, by four, two or one vector at a time; the last has zeros beyond the end.
   */
  sum(terms: (vectors: number) => readonly Vector[]): Local<'f64'> {
    const { f, parts, sums, j, bytes } = this;
    const [paired, stop] = f.locals('i32', 2);
    const zero = f.constant(f32x4.const(0));
    const add = (vectors: number) => {
      for (const [i, v] of terms(vectors).entries()) f.set(parts[i & 1], f32x4.add(parts[i & 1], v));
    };
    const addParts = () => {
      f.set(parts[0], f32x4.add(parts[0], parts[1]));
      f.set(sums, f64x2.add(sums, f64x2.add(f64x2.promote(parts[0]), f64x2.promote(swapped(parts[0])))));
      for (const part of parts) f.set(part, zero);
    };
    for (const part of [...parts, sums]) f.set(part, zero);
    f.set(paired, i32.and(bytes, -32));
    f.set(j, 0);
    f.while(
      () => i32.lt(j, paired),
      () => {
        f.set(stop, i32.add(j, stretch));
        f.if(i32.gt(stop, paired), () => f.set(stop, paired));
        for (const vectors of [4, 2]) this.by(vectors, stop, () => add(vectors));
        addParts();
      },
    );
    this.toEnd(() => add(1));
    addParts();
    return f.local('f64', f64.add(f64x2.lane(sums, 0), f64x2.lane(sums, 1)));
  }
}

const swapped = (v: Vector) => v128.shuffle(v, v, 2, 3, 0, 1);

/** Both halves of four float32 numbers, as float64. */
const halves = (v: Local<'v128'>): readonly [Vector, Vector] => [f64x2.promote(v), f64x2.promote(swapped(v))];

/** Four float32 numbers from two halves. */
const joined = ([low, high]: readonly Vector[]): Vector =>
  v128.shuffle(f32x4.demote(low), f32x4.demote(high), 0, 1, 4, 5);

/** A sum of powers of nonpositive numbers, in float64. */
class Powers {
  private readonly sums: readonly Local<'v128'>[];
  /** How many powers of 1 were excluded from the sums. */
  private readonly ones: readonly Local<'v128'>[];

  constructor(
    private readonly f: Code,
    private readonly wide: WideFunctions,
  ) {
    this.sums = f.locals('v128', 2);
    this.ones = f.locals('v128', 2);
  }

  reset(): void {
    for (const each of [...this.sums, ...this.ones]) this.f.set(each, this.f.constant(f64x2.const(0)));
  }

  /** Adds pairs of halves, or the lanes of one pair selected by `mask`. */
  add(numbers: readonly Vector[], mask: Local<'v128'> | null, sums = this.sums): void {
    const within = mask === null ? null : [i64x2.extendLow(mask), i64x2.extendHigh(mask)];
    for (const [i, v] of numbers.entries())
      this.f.set(sums[i & 1], f64x2.add(sums[i & 1], within === null ? v : v128.and(v, within[i])));
  }

  /** Adds the powers of pairs of halves, and returns them. */
  addExps(exponents: readonly Vector[], mask: Local<'v128'> | null): readonly Vector[] {
    const powers = this.wide.quickExps(exponents);
    this.add(powers, mask);
    return powers;
  }

  /** {@link addExps}, but powers of 1 are counted separately: small terms keep their digits. */
  addExpsApart(exponents: readonly Vector[], mask: Local<'v128'> | null): void {
    const { f, wide, ones } = this;
    const given = exponents.map((x) => f.local('v128', x));
    const isOne = given.map((x) => f.local('v128', f64x2.eq(x, f.constant(f64x2.const(0)))));
    const others = wide.quickExps(given).map((power, i) => v128.andNot(power, isOne[i]));
    this.add(others, mask);
    const counts = isOne.map((each) => v128.and(f.constant(f64x2.const(1)), each));
    this.add(counts, mask, ones);
  }

  /** The sum of each half less 1, if each lane has its own sum. */
  get rests(): readonly Vector[] {
    const one = this.f.constant(f64x2.const(1));
    return this.sums.map((sum, i) => f64x2.add(sum, f64x2.sub(this.ones[i], one)));
  }

  /** The sum of all lanes, without the powers counted separately. */
  get sum(): Value<'f64'> {
    const both = this.f.local('v128', f64x2.add(this.sums[0], this.sums[1]));
    return f64.add(f64x2.lane(both, 0), f64x2.lane(both, 1));
  }

  /** The sum of all lanes, less 1. */
  get rest(): Local<'f64'> {
    const { f } = this;
    const across = ([a, b]: readonly Local<'v128'>[]) => {
      const both = f.local('v128', f64x2.add(a, b));
      return f64.add(f64x2.lane(both, 0), f64x2.lane(both, 1));
    };
    const ones = f.local('f64', f64.sub(across(this.ones), 1));
    return f.local('f64', f64.add(across(this.sums), ones));
  }
}

/**
 * Threshold for rows in which the largest power is nearly the whole sum. The logarithm is then computed from the other
 * powers, which keep their own digits.
 */
const littleRest = 2 ** -16;

/**
 * The powers of a row for its softmax in float32, with their rounding errors for the sum, for rows whose maximum is at
 * most 64 in magnitude. Such numbers are not reduced by the maximum, which would round them. Instead, one power of 2
 * per row keeps all relevant terms in the range of normal numbers. Needs fused multiply-add, without which there would
 * be too many roundings; float64 takes a quarter longer.
 */
class Float32Powers {
  private readonly functions: Functions;
  private readonly shift: Local<'v128'>;
  private readonly least: Local<'v128'>;
  private readonly missed: Local<'v128'>;
  /** The scale of results in two parts. */
  private readonly scales: readonly Local<'v128'>[];

  constructor(
    private readonly f: Code,
    private readonly powers: Powers,
  ) {
    this.functions = new Functions(f, true);
    [this.shift, this.least, this.missed, ...this.scales] = f.locals('v128', 5);
  }

  private number(x: number): Local<'v128'> {
    return this.f.constant(f32x4.const(x));
  }

  /** Whether this class supports a row with this maximum, which is in all lanes. */
  suits(max: Vector): Int {
    return v128.any(f32x4.le(f32x4.abs(max), this.number(64)));
  }

  begin(max: Local<'v128'>): void {
    const { f, powers } = this;
    powers.reset();
    f.set(this.missed, this.number(0));
    // Numbers this far below the maximum give 0 in float32.
    f.set(this.least, f32x4.sub(max, this.number(105)));
    // Scales the largest power to about 2⁸⁰.
    const magic = this.number(roundingMagic);
    const exponent = f32x4.sub(f32x4.fma(max, this.number(Math.LOG2E), magic), magic);
    f.set(this.shift, f32x4.sub(this.number(roundingMagic + 80), exponent));
  }

  /** Adds the powers, or the lanes of one selected by `mask`, and returns them. */
  add(numbers: readonly Vector[], mask: Local<'v128'> | null): readonly Local<'v128'>[] {
    const { f } = this;
    // Lanes beyond the row are undefined.
    const within = (x: Vector) => (mask === null ? x : v128.select(x, this.least, mask));
    const given = numbers.map((x) => f.local('v128', f32x4.pmax(within(x), this.least)));
    return this.functions.shiftedExps(given, this.shift).map(({ power, missed, scale }) => {
      this.powers.add(halves(power), mask);
      f.set(this.missed, f32x4.fma(mask === null ? missed : v128.and(missed, mask), scale, this.missed));
      return power;
    });
  }

  /** The sum of all powers. */
  private get sum(): Value<'f64'> {
    const missed = f64x2.add(...(halves(this.missed) as [Vector, Vector]));
    const both = this.f.local('v128', missed);
    return f64.add(this.powers.sum, f64.add(f64x2.lane(both, 0), f64x2.lane(both, 1)));
  }

  /** Call before {@link scaled}. */
  setScale(): void {
    const { f } = this;
    const [upper, lower] = this.scales;
    const wide = f.local('f64', f64.div(1, this.sum));
    f.set(upper, f32x4.splat(f32.demote(wide)));
    f.set(lower, f32x4.splat(f32.demote(f64.sub(wide, f64x2.lane(f64x2.promote(upper), 0)))));
  }

  /** A power divided by the sum of all, rounded once. */
  scaled(power: Vector): Vector {
    const { f } = this;
    const [upper, lower] = this.scales;
    const given = f.local('v128', power);
    return f32x4.fma(given, upper, f32x4.mul(given, lower));
  }
}

function writeSoftmax(module: Module, isLog: boolean, fma: boolean): void {
  const parameters = { rows: 'i32', n: 'i32', x: 'i32', y: 'i32' } as const;
  module.define(isLog ? 'logSoftmax' : 'softmax', parameters, (f, { rows, n, x, y }) => {
    const wide = new WideFunctions(f, fma);
    const powers = new Powers(f, wide);
    const quick = new Float32Powers(f, powers);
    const row = new Row(f, n);
    const maxima = f.locals('v128', 4);
    const [largest] = maxima;
    const [max, scale] = f.locals('v128', 2);
    const rest = f.local('f64');
    const numbersAt = (address: Local<'i32'>, i = 0) => halves(f.local('v128', row.at(address, i)));
    const below = (vectors: number) =>
      Array.from({ length: vectors }, (_, i) => numbersAt(x, i).map((v) => f64x2.sub(v, max))).flat();
    const storeResults = (resultOf: (i: number) => Vector) =>
      row.byPairs(() => {
        for (let i = 0; i < 2; i++) row.store(y, resultOf(i), i);
      });
    const inFloat32 = () => {
      quick.begin(largest);
      row.byVectors((vectors, mask) => {
        const numbers = Array.from({ length: vectors }, (_, i) => row.at(x, i));
        for (const [i, v] of quick.add(numbers, mask).entries()) row.store(y, v, i);
      });
      quick.setScale();
      storeResults((i) => quick.scaled(row.at(y, i)));
    };
    const inFloat64 = () => {
      f.set(max, f64x2.promote(largest));
      powers.reset();
      row.byVectors((vectors, mask) => {
        const found = powers.addExps(below(vectors), mask);
        if (!isLog) for (let i = 0; i < vectors; i++) row.store(y, joined(found.slice(2 * i, 2 * i + 2)), i);
      });
      f.set(rest, powers.rest);
      if (isLog) {
        f.if(f64.lt(rest, littleRest), () => {
          powers.reset();
          row.byVectors((vectors, mask) => powers.addExpsApart(below(vectors), mask));
          f.set(rest, powers.rest);
        });
        f.set(scale, wide.log1p(f64x2.splat(rest)));
        storeResults((i) => joined(numbersAt(x, i).map((v) => f64x2.sub(f64x2.sub(v, max), scale))));
      } else {
        f.set(scale, f64x2.splat(f64.div(1, f64.add(1, rest))));
        storeResults((i) => joined(numbersAt(y, i).map((v) => f64x2.mul(v, scale))));
      }
    };
    f.while(
      () => i32.gt(rows, 0),
      () => {
        row.findMax(x, maxima);
        if (isLog || !fma) inFloat64();
        else f.if(quick.suits(largest), inFloat32, inFloat64);
        for (const address of [x, y]) f.advance(address, row.bytes);
        f.advance(rows, -1);
      },
    );
  });
}

/** Transposed, so that each lane has its own row, without sums or comparisons across lanes. */
function writeNarrowSoftmax(module: Module, isLog: boolean, fma: boolean): void {
  const parameters = { rows: 'i32', n: 'i32', x: 'i32', y: 'i32', kept: 'i32' } as const;
  module.define(isLog ? 'logSoftmax' : 'softmax', parameters, (f, { rows, n, x, y, kept }) => {
    const wide = new WideFunctions(f, fma);
    const powers = new Powers(f, wide);
    const { transpose } = float32(fma);
    const bytes = f.local('i32', i32.shl(n, 2));
    const lasts = f.local('i32', i32.and(i32.sub(bytes, 1), -16));
    const end = f.local('i32', i32.add(kept, i32.shl(n, 4)));
    const [p, j] = f.locals('i32', 2);
    const max = f.local('v128');
    const [wideMax, scales] = [f.locals('v128', 2), f.locals('v128', 2)];
    /** Offset of the powers, after the numbers. */
    const behind = 16 * narrow;
    for (let i = 0; i < narrow; i++) f.store(kept, f.constant(f32x4.const(0)), behind + 16 * i);
    const four = f.locals('v128', 4);
    const places = f.locals('i32', 4);
    /** Addresses in four rows, `j` elements further. */
    const placeIn = (start: Local<'i32'>) => {
      f.set(places[0], i32.add(start, j));
      for (const i of [1, 2, 3]) f.set(places[i], i32.add(places[i - 1], bytes));
    };
    f.while(
      () => i32.gt(rows, 0),
      () => {
        f.for(j, 0, bytes, 16, () => {
          placeIn(x);
          for (const [i, v] of four.entries()) f.set(v, v128.load(places[i]));
          for (const [i, v] of transpose(f, four).entries()) f.store(i32.add(kept, i32.shl(j, 2)), v, 16 * i);
        });
        f.set(max, f.constant(f32x4.const(Number.NEGATIVE_INFINITY)));
        f.for(p, kept, end, 16, () => f.set(max, f32x4.pmax(max, v128.load(p))));
        for (const [i, v] of halves(max).entries()) f.set(wideMax[i], v);
        powers.reset();
        f.for(p, kept, end, 16, () => {
          const numbers = halves(f.local('v128', v128.load(p)));
          const exponents = numbers.map((v, i) => f64x2.sub(v, wideMax[i]));
          if (isLog) powers.addExpsApart(exponents, null);
          else f.store(p, joined(powers.addExps(exponents, null)), behind);
        });
        const one = f.constant(f64x2.const(1));
        for (const [i, rest] of powers.rests.entries())
          f.set(scales[i], isLog ? wide.log1p(rest) : f64x2.div(one, f64x2.add(one, rest)));
        // Results beyond the end of a row are overwritten by the next row.
        f.set(j, lasts);
        f.while(
          () => i32.ge(j, 0),
          () => {
            for (const [i, v] of four.entries()) {
              const value = v128.load(i32.add(kept, i32.shl(j, 2)), 16 * i + (isLog ? 0 : behind));
              const results = halves(f.local('v128', value)).map((number, k) =>
                isLog ? f64x2.sub(f64x2.sub(number, wideMax[k]), scales[k]) : f64x2.mul(number, scales[k]),
              );
              f.set(v, joined(results));
            }
            placeIn(y);
            for (const [i, v] of transpose(f, four).entries()) f.store(places[i], v);
            f.advance(j, -16);
          },
        );
        for (const address of [x, y]) f.advance(address, i32.shl(bytes, 2));
        f.advance(rows, -4);
      },
    );
  });
}

function writePowerSums(module: Module, fma: boolean): void {
  module.define('powerSums', { rows: 'i32', n: 'i32', x: 'i32', y: 'i32' }, (f, { rows, n, x, y }) => {
    const powers = new Powers(f, new WideFunctions(f, fma));
    const row = new Row(f, n);
    const maxima = f.locals('v128', 4);
    const [max] = maxima;
    const base = f.local('v128');
    const infinity = f.constant(f32x4.const(Number.POSITIVE_INFINITY));
    f.while(
      () => i32.gt(rows, 0),
      () => {
        row.findMax(x, maxima);
        f.set(max, v128.and(max, f32x4.lt(f32x4.abs(max), infinity)));
        f.set(base, f64x2.promote(max));
        powers.reset();
        row.byVectors((vectors, mask) => {
          const numbers = Array.from({ length: vectors }, (_, i) => halves(f.local('v128', row.at(x, i)))).flat();
          powers.addExps(
            numbers.map((v) => f64x2.sub(v, base)),
            mask,
          );
        });
        f.store(y, f64x2.lane(base, 0));
        f.store(y, powers.rest, 8);
        f.advance(x, row.bytes);
        f.advance(y, 16);
        f.advance(rows, -1);
      },
    );
  });
}

function writeGradients(module: Module, isLog: boolean, fma: boolean): void {
  const parameters = { rows: 'i32', n: 'i32', y: 'i32', dy: 'i32', dx: 'i32' } as const;
  module.define(isLog ? 'logSoftmaxGradients' : 'softmaxGradients', parameters, (f, { rows, n, y, dy, dx }) => {
    const functions = new Functions(f, fma);
    const row = new Row(f, n);
    const total = f.local('v128');
    const term = (i: number) => (isLog ? row.at(dy, i) : f32x4.mul(row.at(dy, i), row.at(y, i)));
    f.while(
      () => i32.gt(rows, 0),
      () => {
        const sum = row.sum((vectors) =>
          vectors === 1 ? [v128.and(term(0), row.mask())] : Array.from({ length: vectors }, (_, i) => term(i)),
        );
        f.set(total, f32x4.splat(f32.demote(sum)));
        row.byPairs(() => {
          const powers = isLog ? functions.exps([row.at(y), row.at(y, 1)]) : [];
          for (let i = 0; i < 2; i++) {
            const g = row.at(dy, i);
            const change = isLog
              ? f32x4.sub(g, f32x4.mul(powers[i], total))
              : f32x4.mul(row.at(y, i), f32x4.sub(g, total));
            row.store(dx, change, i);
          }
        });
        for (const address of [y, dy, dx]) f.advance(address, row.bytes);
        f.advance(rows, -1);
      },
    );
  });
}
