// Normalization of one row of float32 elements that share their statistics, written from
// kernels/normalization-rules.ts. The mean is split in two parts, so that subtracting it is as exact as in float64.

import { type Expression, parse } from '../expression';
import { type Rule, type RuleName, rules } from '../normalization-rules';
import { type Code, integers, type LocalsOf, Module } from './assembler';
import { f32, f32x4, f64, f64x2, i32, i32x4, type Local, type Vector, v128 } from './instructions';

/**
 * A rule for `rows` consecutive rows of `n` elements; addresses are in bytes. Weights and biases are also rows,
 * `weightStep` apart. Statistics are four float64 numbers per row: mean, scale, level and slope. `to` receives the
 * results of the elements, float64 sums, or float64 numbers that are added to, with `toStep` from row to row. Arguments
 * that a rule does not use are ignored.
 */
export type RowsKernel = (
  rows: number,
  n: number,
  x: number,
  dy: number,
  weight: number,
  bias: number,
  weightStep: number,
  statistics: number,
  to: number,
  toStep: number,
) => void;
export type NormalizationExports = Readonly<Record<RuleName, RowsKernel>>;

const parameters = integers(
  ...(['rows', 'n', 'x', 'dy', 'weight', 'bias', 'weightStep', 'statistics', 'to', 'toStep'] as const),
);

const { add, sub, mul } = f32x4;
/** Bytes that are summed in float32; these sums are then added in float64. */
const stretch = 512;

/** Code that the functions share: `x - mean`, loops over a row, and sums. */
class Row {
  readonly j: Local<'i32'>;
  private readonly bytes: Local<'i32'>;
  private readonly high: Local<'v128'>;
  private readonly low: Local<'v128'>;

  constructor(
    readonly f: Code,
    private readonly n: Local<'i32'>,
  ) {
    this.j = f.local('i32');
    this.bytes = f.local('i32', i32.shl(n, 2));
    [this.high, this.low] = f.locals('v128', 2);
  }

  /** Starts a row with this mean. */
  begin(mean: Local<'f64'>): void {
    const { f } = this;
    const high = f.local('f32', f32.demote(mean));
    f.set(this.high, f32x4.splat(high));
    f.set(this.low, f32x4.splat(f32.demote(f64.sub(mean, f64.promote(high)))));
  }

  at(address: Local<'i32'>): Vector {
    return v128.load(i32.add(address, this.j));
  }

  centered(x: Local<'i32'>): Vector {
    return sub(sub(this.at(x), this.high), this.low);
  }

  each(body: () => void): void {
    this.f.for(this.j, 0, this.bytes, 16, body);
  }

  /** Sums the terms of each vector, as float64. */
  sums(count: number, terms: () => readonly Vector[]): Local<'f64'>[] {
    const { f, j, n } = this;
    const whole = f.local('i32', i32.and(this.bytes, -16));
    const stop = f.local('i32');
    const parts = f.locals('v128', count);
    const totals = f.locals('v128', count);
    // The lanes of the last, incomplete vector that belong to the row.
    const mask = f.local('v128', i32x4.lt(i32x4.const(0, 1, 2, 3), i32x4.splat(i32.and(n, 3))));
    const flush = () =>
      parts.forEach((part, k) => {
        const swapped = v128.shuffle(part, part, 2, 3, 0, 1);
        f.set(totals[k], f64x2.add(totals[k], f64x2.add(f64x2.promote(part), f64x2.promote(swapped))));
        f.set(part, f32x4.const(0));
      });
    for (const total of totals) f.set(total, f.constant(f64x2.const(0)));
    f.set(j, 0);
    f.while(
      () => i32.lt(j, whole),
      () => {
        f.set(stop, i32.add(j, stretch));
        f.if(i32.gt(stop, whole), () => f.set(stop, whole));
        f.repeat(
          () => {
            terms().forEach((term, k) => {
              f.set(parts[k], add(parts[k], term));
            });
            f.advance(j, 16);
          },
          () => i32.lt(j, stop),
        );
        flush();
      },
    );
    f.if(i32.and(n, 3), () => {
      terms().forEach((term, k) => {
        f.set(parts[k], v128.and(term, mask));
      });
      flush();
    });
    return totals.map((total) => f.local('f64', f64.add(f64x2.lane(total, 0), f64x2.lane(total, 1))));
  }
}

export function normalizationModule(): Module {
  const module = new Module();
  for (const [name, rule] of Object.entries(rules)) module.define(name, parameters, (f, p) => writeRule(f, p, rule));
  return module;
}

function writeRule(f: Code, p: LocalsOf<typeof parameters>, { of, expressions }: Rule): void {
  const { x, dy, weight, bias, statistics, to } = p;
  const row = new Row(f, p.n);
  const isUsed = (name: string) => expressions.some((text) => text.includes(name));
  const numbers = (['scale', 'level', 'slope'] as const).map((name, i) => ({
    name,
    at: 8 * (i + 1),
    v: f.local('v128'),
  }));
  const names: Readonly<Record<string, () => Vector>> = {
    d: () => row.centered(x),
    g: () => row.at(dy),
    weight: () => row.at(weight),
    bias: () => row.at(bias),
    ...Object.fromEntries(numbers.map(({ name, v }) => [name, () => v])),
  };
  const values = expressions.map((text) => parse(text)!);
  const terms = () => vectors(f, values, names);
  const body = {
    elements: () => row.each(() => f.store(i32.add(to, row.j), terms()[0])),
    statistics: () => {
      for (const [k, total] of row.sums(values.length, terms).entries()) f.store(to, total, 8 * k);
    },
    weights: () =>
      row.each(() => {
        const v = f.local('v128', terms()[0]);
        const at = f.local('i32', i32.add(to, i32.shl(row.j, 1)));
        for (const [k, half] of [v, v128.shuffle(v, v, 2, 3, 0, 1)].entries())
          f.store(at, f64x2.add(v128.load(at, 16 * k), f64x2.promote(half)), 16 * k);
      }),
  };
  f.while(
    () => i32.gt(p.rows, 0),
    () => {
      row.begin(f.local('f64', f64.load(statistics)));
      for (const { name, at, v } of numbers)
        if (isUsed(name)) f.set(v, f32x4.splat(f32.demote(f64.load(statistics, at))));
      body[of]();
      for (const address of [x, dy]) f.advance(address, i32.shl(p.n, 2));
      for (const address of [weight, bias]) f.advance(address, p.weightStep);
      f.advance(statistics, 32);
      f.advance(to, p.toStep);
      f.advance(p.rows, -1);
    },
  );
}

const operators: Readonly<Record<string, (a: Vector, b: Vector) => Vector>> = { '+': add, '-': sub, '*': mul };

/** Writes expressions as vectors; a repeated subexpression is computed once. */
function vectors(f: Code, all: readonly Expression[], names: Readonly<Record<string, () => Vector>>): Vector[] {
  const times = new Map<string, number>();
  const count = (e: Expression) => {
    const key = JSON.stringify(e);
    times.set(key, (times.get(key) ?? 0) + 1);
    if (times.get(key) === 1 && e.kind === 'call') e.args.forEach(count);
  };
  all.forEach(count);
  const kept = new Map<string, Vector>();
  const vector = (e: Expression): Vector => {
    const key = JSON.stringify(e);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const value =
      e.kind === 'name'
        ? names[e.name]()
        : e.kind === 'call'
          ? operators[e.name](vector(e.args[0]), vector(e.args[1]))
          : null;
    if (value === null) throw new Error('no number or choice');
    if (times.get(key) === 1) return value;
    const local = f.local('v128', value);
    kept.set(key, local);
    return local;
  };
  return all.map(vector);
}
