// Softmax, its logarithm, and the logarithm of a sum of powers, row by row.

import { type Code, Module } from './assembler';
import { Functions } from './functions';
import { f32, f32x4, f64, f64x2, i32, i32x4, type Local, type Vector, v128 } from './instructions';

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

  /** Puts the largest element into all lanes of the first of `maxima`; a NaN does not count. */
  findMax(x: Local<'i32'>, maxima: readonly Local<'v128'>[]): void {
    const { f, j } = this;
    const nothing = f.constant(f32x4.const(Number.NEGATIVE_INFINITY));
    const [max] = maxima;
    const larger = (i: number, v: Vector) => f.set(maxima[i], f32x4.pmax(maxima[i], v));
    for (const each of maxima) f.set(each, nothing);
    f.set(j, 0);
    this.by(4, this.bytes, () => {
      for (let i = 0; i < 4; i++) larger(i, this.at(x, i));
    });
    this.toEnd(() => larger(0, v128.select(this.at(x), nothing, this.mask())));
    for (const i of [2, 3]) larger(i - 2, maxima[i]);
    larger(0, maxima[1]);
    larger(0, swapped(max));
    larger(0, v128.shuffle(max, max, 1, 0, 3, 2));
  }

  /** The sum of `terms(vectors)` over the row, which are so many vectors, a single one with zeros beyond the end. */
  sum(terms: (vectors: 1 | 2 | 4) => readonly Vector[]): Local<'f64'> {
    const { f, parts, sums, j, bytes } = this;
    const [paired, stop] = f.locals('i32', 2);
    const zero = f.constant(f32x4.const(0));
    const add = (vectors: 1 | 2 | 4) => {
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
        this.by(4, stop, () => add(4));
        this.by(2, stop, () => add(2));
        addParts();
      },
    );
    this.toEnd(() => add(1));
    addParts();
    return f.local('f64', f64.add(f64x2.lane(sums, 0), f64x2.lane(sums, 1)));
  }
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

    /** Stores the powers of vectors, or instead their exponents. */
    const powers = (exponents: readonly Local<'v128'>[]) => {
      const results = functions.exps(exponents);
      for (const [i, v] of (isLog ? exponents : results).entries()) row.store(y, v, i);
      return results;
    };
    const exponent = (i: number) => f.local('v128', f32x4.sub(row.at(x, i), max));
    const terms = (vectors: 1 | 2 | 4) => {
      if (vectors > 1) return powers(Array.from({ length: vectors }, (_, i) => exponent(i)));
      // Beyond the end stands 0, which is an easy exponent, and does not count.
      const mask = f.local('v128', row.mask());
      const [power] = powers([f.local('v128', v128.and(exponent(0), mask))]);
      return [v128.and(power, mask)];
    };
    const change = (v: Vector) => (isLog ? f32x4.sub(v, scale) : f32x4.mul(v, scale));
    f.while(
      () => i32.gt(rows, 0),
      () => {
        row.findMax(x, maxima);
        const total = row.sum(terms);
        if (isLog) f.set(scale, functions.log(f32x4.splat(f32.demote(total))));
        else f.set(scale, f32x4.splat(f32.demote(f64.div(1, total))));
        row.byPairs(() => {
          for (let i = 0; i < 2; i++) row.store(y, change(row.at(y, i)), i);
        });
        for (const address of [x, y]) f.advance(address, row.bytes);
        f.advance(rows, -1);
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
    const exponent = (i: number) => f.local('v128', f32x4.sub(row.at(x, i), base));
    f.while(
      () => i32.gt(rows, 0),
      () => {
        row.findMax(x, maxima);
        f.set(base, v128.and(base, f32x4.lt(f32x4.abs(base), f.constant(f32x4.const(Number.POSITIVE_INFINITY)))));
        const total = row.sum((vectors) => {
          if (vectors > 1) return functions.exps(Array.from({ length: vectors }, (_, i) => exponent(i)));
          const mask = f.local('v128', row.mask());
          return [v128.and(functions.exp(v128.and(exponent(0), mask)), mask)];
        });
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
