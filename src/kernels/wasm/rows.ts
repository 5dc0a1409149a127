// Softmax, its logarithm, and the logarithm of a sum of powers, row by row.

import { type Code, Module } from './assembler';
import { float32 } from './elements';
import { Functions, mostExponent } from './functions';
import { f32, f32x4, f64, f64x2, type Int, i32, i32x4, type Local, type Vector, v128 } from './instructions';

/** Kernels for `rows` rows of `n` elements each, one behind the other; addresses are in bytes. */
export interface RowsExports {
  softmax: Rows;
  logSoftmax: Rows;
  /** Sums of powers: for each row the base `b` and `Σ e^(x - b)` in float64, where `b` is the largest, or 0 if that is infinite. */
  powerSums: Rows;
  /** Gradients from those of the results, which stand at `y`: `y·(dy - Σ dy·y)`. */
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
 * Kernels for rows of up to {@link narrow} elements: four rows at a time, of which up to three may lie beyond the last. At
 * `kept` there is room for {@link keptBytes}.
 */
export type NarrowRowsExports = Record<
  'softmax' | 'logSoftmax',
  (rows: number, n: number, x: number, y: number, kept: number) => void
>;

/** Longer rows gain nothing: turning them costs as much as adding up and comparing across lanes. */
export const narrow = 12;
export const keptBytes = 2 * 16 * narrow;

export function narrowRowsModule(fma: boolean): Module {
  const module = new Module();
  for (const isLog of [false, true]) writeNarrowSoftmax(module, isLog, fma);
  return module;
}

/** Bytes that are summed in float32, as two vectors at a time; such sums are added in float64. */
const stretch = 2048;

/** The way along a row, of which the last vector may be incomplete. */
class Row {
  readonly bytes: Local<'i32'>;
  /** Where in the row. */
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

  /** What is read there, so many vectors on. */
  at(address: Local<'i32'>, vectors = 0): Vector {
    return v128.load(i32.add(address, this.j), 16 * vectors);
  }

  store(address: Local<'i32'>, value: Vector, vectors = 0): void {
    this.f.store(i32.add(address, this.j), value, 16 * vectors);
  }

  /** Which lanes of the vector there belong to the row. */
  mask(): Vector {
    return i32x4.gt(i32x4.splat(i32.sub(this.bytes, this.j)), i32x4.const(0, 4, 8, 12));
  }

  /** Goes from here by so many vectors at a time as long as there is room before `end`. */
  by(vectors: number, end: Local<'i32'>, body: () => void): void {
    this.f.while(
      () => i32.le(i32.add(this.j, 16 * vectors), end),
      () => {
        body();
        this.f.advance(this.j, 16 * vectors);
      },
    );
  }

  /** Goes from here to the end, a vector at a time, of which the last may be incomplete. */
  toEnd(body: () => void): void {
    this.f.while(
      () => i32.lt(this.j, this.bytes),
      () => {
        body();
        this.f.advance(this.j, 16);
      },
    );
  }

  /** Goes through the row by two vectors; what is written behind the end is overwritten by the next row. */
  byPairs(body: () => void): void {
    this.f.for(this.j, 0, this.bytes, 32, body);
  }

  /**
   * Puts the largest element into all lanes of the first of `maxima`; a NaN does not count. Gives whether all are numbers at most
   * {@link mostExponent} below it.
   */
  findMax(x: Local<'i32'>, maxima: readonly Local<'v128'>[], functions: Functions): Int {
    const { f, j } = this;
    const [max] = maxima;
    const [minima, products] = [f.locals('v128', 4), f.locals('v128', 2)];
    const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map((v) => f.constant(f32x4.const(v)));
    const larger = (i: number, v: Vector) => f.set(maxima[i], f32x4.pmax(maxima[i], v));
    const smaller = (i: number, v: Vector) => f.set(minima[i], f32x4.pmin(minima[i], v));
    // A NaN, which those pass over, stays in a sum of products. What overflows there counts as far, and is as right.
    const multiply = (i: number, a: Vector, b: Vector) => f.set(products[i], functions.madd(a, b, products[i]));
    for (const each of maxima) f.set(each, low);
    for (const each of minima) f.set(each, high);
    for (const each of products) f.set(each, f.constant(f32x4.const(0)));
    f.set(j, 0);
    this.by(4, this.bytes, () => {
      const vectors = maxima.map((_, i) => f.local('v128', this.at(x, i)));
      for (const [i, v] of vectors.entries()) {
        larger(i, v);
        smaller(i, v);
      }
      for (const i of [0, 1]) multiply(i, vectors[2 * i], vectors[2 * i + 1]);
    });
    this.toEnd(() => {
      const [v, mask] = [f.local('v128', this.at(x)), f.local('v128', this.mask())];
      larger(0, v128.select(v, low, mask));
      smaller(0, v128.select(v, high, mask));
      const own = f.local('v128', v128.and(v, mask));
      multiply(0, own, own);
    });
    for (const i of [2, 3]) larger(i - 2, maxima[i]);
    larger(0, maxima[1]);
    larger(0, swapped(max));
    larger(0, v128.shuffle(max, max, 1, 0, 3, 2));
    const range = f32x4.sub(max, minima.reduce<Vector>(f32x4.pmin, high));
    const product = f.local('v128', f32x4.add(products[0], products[1]));
    // What is no number is not less, either.
    const isNear = f32x4.le(f32x4.add(range, f32x4.sub(product, product)), f.constant(f32x4.const(mostExponent)));
    return i32.eqz(v128.any(v128.xor(isNear, f.constant(i32x4.const(-1)))));
  }

  /**
   * The sum of `terms(vectors)` over the row, of so many vectors at a time, or of a single one with zeros beyond the end. It is the
   * same whether up to four vectors are taken at a time or two.
   */
  sum(most: 2 | 4, terms: (vectors: number) => readonly Vector[]): Local<'f64'> {
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
        for (let vectors: number = most; vectors > 1; vectors /= 2) this.by(vectors, stop, () => add(vectors));
        addParts();
      },
    );
    this.toEnd(() => add(1));
    addParts();
    return f.local('f64', f64.add(f64x2.lane(sums, 0), f64x2.lane(sums, 1)));
  }
}

/** `Σ e^(x - base)` over a row; `store` gets the powers. With `isNear` no exponent is beyond {@link mostExponent} in size. */
function sumOfPowers(
  f: Code,
  row: Row,
  functions: Functions,
  x: Local<'i32'>,
  base: Local<'v128'>,
  isNear: Int,
  store: (powers: readonly Vector[]) => void,
): Local<'f64'> {
  const total = f.local('f64');
  const add = (most: 2 | 4, exps: (exponents: readonly Local<'v128'>[]) => readonly Vector[]) => {
    const sum = row.sum(most, (vectors) => {
      const exponents = Array.from({ length: vectors }, (_, i) => f.local('v128', f32x4.sub(row.at(x, i), base)));
      // Beyond the end stands 0, which is an easy exponent, and does not count.
      const mask = vectors > 1 ? null : f.local('v128', row.mask());
      if (mask !== null) f.set(exponents[0], v128.and(exponents[0], mask));
      const powers = exps(exponents);
      store(powers);
      return mask === null ? powers : [v128.and(powers[0], mask)];
    });
    f.set(total, sum);
  };
  f.if(
    isNear,
    () => add(4, (exponents) => functions.quickExps(exponents)),
    () => add(2, (exponents) => functions.exps(exponents)),
  );
  return total;
}

const swapped = (v: Vector) => v128.shuffle(v, v, 2, 3, 0, 1);

function writeSoftmax(module: Module, isLog: boolean, fma: boolean): void {
  const parameters = { rows: 'i32', n: 'i32', x: 'i32', y: 'i32' } as const;
  module.define(isLog ? 'logSoftmax' : 'softmax', parameters, (f, { rows, n, x, y }) => {
    const functions = new Functions(f, fma);
    const row = new Row(f, n);
    const maxima = f.locals('v128', 4);
    const scale = f.local('v128');
    const [max] = maxima;

    const result = (i: number) =>
      isLog ? f32x4.sub(f32x4.sub(row.at(x, i), max), scale) : f32x4.mul(row.at(y, i), scale);
    const store = (powers: readonly Vector[]) => {
      if (!isLog) for (const [i, v] of powers.entries()) row.store(y, v, i);
    };
    f.while(
      () => i32.gt(rows, 0),
      () => {
        const isNear = row.findMax(x, maxima, functions);
        const total = sumOfPowers(f, row, functions, x, max, isNear, store);
        if (isLog) f.set(scale, functions.log(f32x4.splat(f32.demote(total))));
        else f.set(scale, f32x4.splat(f32.demote(f64.div(1, total))));
        row.byPairs(() => {
          for (let i = 0; i < 2; i++) row.store(y, result(i), i);
        });
        for (const address of [x, y]) f.advance(address, row.bytes);
        f.advance(rows, -1);
      },
    );
  });
}

/** Turned, so that each lane has a row of its own, and nothing is added up or compared across lanes. */
function writeNarrowSoftmax(module: Module, isLog: boolean, fma: boolean): void {
  const parameters = { rows: 'i32', n: 'i32', x: 'i32', y: 'i32', kept: 'i32' } as const;
  module.define(isLog ? 'logSoftmax' : 'softmax', parameters, (f, { rows, n, x, y, kept }) => {
    const functions = new Functions(f, fma);
    const { transpose } = float32(fma);
    const bytes = f.local('i32', i32.shl(n, 2));
    const lasts = f.local('i32', i32.and(i32.sub(bytes, 1), -16));
    const end = f.local('i32', i32.add(kept, i32.shl(n, 4)));
    const [p, j] = f.locals('i32', 2);
    const [max, scale] = f.locals('v128', 2);
    /** From where the powers stand, behind the exponents. */
    const behind = 16 * narrow;
    const power = (i: number) => f.local('v128', v128.load(kept, behind + 16 * i));
    /** Sums of two of the four rows, in the order of {@link Row.sum}. */
    const totals = (first: readonly Vector[], last: readonly Vector[]): Vector => {
      const [even, odd] = [0, 1].map((i) => {
        const [a, b, c, d] = [first[i], first[i + 2], last[i], last[i + 2]].map(f64x2.promote);
        return f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
      });
      return f64x2.add(even, odd);
    };
    for (let i = 0; i < narrow; i++) f.store(kept, f.constant(f32x4.const(0)), behind + 16 * i);
    const four = f.locals('v128', 4);
    const places = f.locals('i32', 4);
    /** Places of four rows, `j` further on. */
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
        f.for(p, kept, end, 16, () => {
          const exponent = f.local('v128', f32x4.sub(v128.load(p), max));
          f.store(p, exponent);
          f.store(p, functions.exp(exponent), behind);
        });
        const first = [0, 1, 2, 3].map((i) => f.local('v128', f32x4.add(power(i), power(i + 4))));
        const last = [8, 9, 10, 11].map(power);
        const one = f.constant(f64x2.const(1));
        const [low, high] = [totals(first, last), totals(first.map(swapped), last.map(swapped))].map((sums) =>
          f32x4.demote(isLog ? sums : f64x2.div(one, sums)),
        );
        const both = f.local('v128', v128.shuffle(low, high, 0, 1, 4, 5));
        f.set(scale, isLog ? functions.log(both) : both);
        // What is written beyond the end of a row is overwritten by the next.
        f.set(j, lasts);
        f.while(
          () => i32.ge(j, 0),
          () => {
            for (const [i, v] of four.entries()) {
              const value = v128.load(i32.add(kept, i32.shl(j, 2)), 16 * i + (isLog ? 0 : behind));
              f.set(v, isLog ? f32x4.sub(value, scale) : f32x4.mul(value, scale));
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
    const functions = new Functions(f, fma);
    const row = new Row(f, n);
    const maxima = f.locals('v128', 4);
    const [base] = maxima;
    const infinity = f.constant(f32x4.const(Number.POSITIVE_INFINITY));
    f.while(
      () => i32.gt(rows, 0),
      () => {
        const isNear = f.local('i32', row.findMax(x, maxima, functions));
        f.set(base, v128.and(base, f32x4.lt(f32x4.abs(base), infinity)));
        const total = sumOfPowers(f, row, functions, x, base, isNear, () => undefined);
        f.store(y, f64x2.lane(f64x2.promote(base), 0));
        f.store(y, total, 8);
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
        const sum = row.sum(4, (vectors) =>
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
