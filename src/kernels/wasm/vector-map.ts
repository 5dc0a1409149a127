// Elementwise functions over a chunk of memory, compiled from an expression (kernels/expression.ts).

import { type Expression, roundings } from '../expression';
import { Code, Module } from './assembler';
import { Functions } from './float32-functions';
import { WideFunctions } from './float64-functions';
import { f32, f32x4, f64x2, i32, i32x4, i64x2, type Local, type Vector, v128 } from './instructions';

/** An operand: an array of float32 or of truth values, or a number for all elements. */
export type OperandKind = 'float32' | 'bool' | 'number';

export interface Loop {
  readonly expression: Expression;
  readonly operands: readonly { readonly name: string; readonly kind: OperandKind }[];
  /** Numbers that the expression contains. */
  readonly parameters: readonly string[];
  readonly result: 'float32' | 'bool';
}

/**
 * `y[i] = f(a[i], …)` for `n` elements, with operands as byte addresses or numbers. Up to sixteen elements after the
 * last are computed, too. The result is not 0 if an argument was outside a function's range: then `y` is invalid.
 */
export interface MapExports {
  map(n: number, y: number, ...operandsAndParameters: readonly number[]): number;
}

/** A vector of numbers, or of truth values as lanes full of zeros or ones. */
interface Term {
  readonly vector: Vector;
  readonly isMask: boolean;
}

/** Instructions that float32 and float64 vectors have in common. */
type Lanes = Pick<typeof f32x4, (typeof shared)[number]>;
const shared = [
  ...([
    'const',
    'eq',
    'ne',
    'lt',
    'gt',
    'le',
    'ge',
    'abs',
    'neg',
    'sqrt',
    'ceil',
    'floor',
    'trunc',
    'nearest',
  ] as const),
  ...(['add', 'sub', 'mul', 'div', 'min', 'max'] as const),
];

/** Functions with a float32 version and an error of up to 2 units: for expressions that are a single call. */
const single: Readonly<Record<string, 'exp' | 'log' | 'tanh' | 'sigmoid' | 'erf'>> = {
  'Math.exp': 'exp',
  'Math.log': 'log',
  'Math.tanh': 'tanh',
  sigmoid: 'sigmoid',
  erf: 'erf',
};
const isSingle = (e: Expression) => e.kind === 'call' && e.name in single && e.args[0].kind === 'name';

type Call = (...args: readonly Vector[]) => Vector;

/** The functions that an expression may call, and its operators, on numbers. */
function calls(f: Code, l: Lanes, wide: WideFunctions | null, fma: boolean): Readonly<Record<string, Call>> {
  const keep = (v: Vector): Local<'v128'> => f.local('v128', v);
  const sign = () => f.constant(l.const(-0));
  const basic: Record<string, Call> = {
    '+': l.add,
    '-': l.sub,
    '*': l.mul,
    '/': l.div,
    neg: l.neg,
    'Math.abs': l.abs,
    'Math.sqrt': l.sqrt,
    'Math.min': l.min,
    'Math.max': l.max,
    'Math.floor': l.floor,
    'Math.ceil': l.ceil,
    'Math.trunc': l.trunc,
    halfToEven: l.nearest,
    copySign: (a, b) => v128.select(b, a, sign()),
    bounded: (x, low, high) => {
      const [from, to] = [keep(low), keep(high)];
      const y = keep(x);
      const raised = keep(v128.select(from, y, v128.or(l.lt(y, from), l.ne(from, from))));
      return v128.select(to, raised, v128.or(l.gt(raised, to), l.ne(to, to)));
    },
    narrow: (x) => (wide !== null ? f64x2.promote(f32x4.demote(x)) : x),
  };
  if (wide === null) {
    const functions = new Functions(f, fma);
    for (const name in single) basic[name] = (x) => functions[single[name]](x);
    return basic;
  }
  for (const name of ['exp', 'expm1', 'log', 'log1p', 'tanh', 'sin', 'cos'] as const)
    basic[`Math.${name}`] = (x) => wide[name](x);
  for (const name of ['sigmoid', 'softplus', 'erf', 'erfc', 'phi', 'lgamma'] as const)
    basic[name] = (x) => wide[name](x);
  basic['Math.atan2'] = (y, x) => wide.atan2(y, x);
  basic['Math.atan'] = (x) => wide.atan2(x, f.constant(l.const(1)));
  basic.power = (a, b) => wide.power(a, b);
  return basic;
}

const comparisons: Readonly<Record<string, 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'>> = {
  '===': 'eq',
  '!==': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

/** Whether the expression uses only these names, and all its functions have vector forms. */
export function isVectorizable(e: Expression, names: readonly string[]): boolean {
  if (e.kind === 'choice') return [e.test, e.yes, e.no].every((part) => isVectorizable(part, names));
  if (e.kind !== 'call') return e.kind === 'number' || names.includes(e.name);
  const code = new Code(0);
  vectorized ??= new Set([
    ...Object.keys(calls(code, f64x2, new WideFunctions(code, false), false)),
    ...Object.keys(comparisons),
    ...['&&', '||', 'not'],
  ]);
  return vectorized.has(e.name) && e.args.every((arg) => isVectorizable(arg, names));
}
let vectorized: Set<string> | undefined;

/** Whether the results have the same bits as a JavaScript loop. */
export const isExact = (e: Expression): boolean => roundings(e) <= 1;

export function mapModule({ expression, operands, parameters, result }: Loop, fma: boolean): Module {
  const isWide = roundings(expression) > 1 && !isSingle(expression);
  const l: Lanes = isWide ? f64x2 : f32x4;
  const module = new Module();
  const types: Record<string, 'i32' | 'f64'> = { n: 'i32', y: 'i32' };
  for (const { name, kind } of operands) types[`operand ${name}`] = kind === 'number' ? 'f64' : 'i32';
  for (const name of parameters) types[name] = 'f64';
  const write = (f: Code, locals: Readonly<Record<string, Local<'i32' | 'f64'>>>) => {
    const wide = isWide ? new WideFunctions(f, fma) : null;
    const functions = calls(f, l, wide, fma);
    const splat = (x: Local<'f64'>) => f.local('v128', isWide ? f64x2.splat(x) : f32x4.splat(f32.demote(x)));
    const numbers = new Map<string, Term>();
    for (const name of parameters) numbers.set(name, { vector: splat(locals[name] as Local<'f64'>), isMask: false });
    const addresses: { name: string; kind: OperandKind; at: Local<'i32'> }[] = [];
    for (const { name, kind } of operands) {
      const given = locals[`operand ${name}`];
      if (kind === 'number') numbers.set(name, { vector: splat(given as Local<'f64'>), isMask: false });
      else addresses.push({ name, kind, at: given as Local<'i32'> });
    }

    /** Evaluates an expression with these vectors for its names; also stores the results of its calls in `names`. */
    function value(e: Expression, names: Map<string, Term>): Term {
      if (e.kind === 'number') return { vector: f.constant(l.const(e.value)), isMask: false };
      if (e.kind === 'name') return names.get(e.name)!;
      const number = (x: Expression) => {
        const { vector, isMask } = value(x, names);
        return isMask ? v128.and(vector, f.constant(l.const(1))) : vector;
      };
      const mask = (x: Expression) => {
        const { vector, isMask } = value(x, names);
        if (isMask) return vector;
        // NaN counts as false.
        const kept = f.local('v128', vector);
        return v128.or(l.lt(kept, f.constant(l.const(0))), l.gt(kept, f.constant(l.const(0))));
      };
      if (e.kind === 'choice') return { vector: v128.select(number(e.yes), number(e.no), mask(e.test)), isMask: false };
      const { name, args } = e;
      if (name in comparisons) {
        // Comparing a truth value with 0 returns it unchanged.
        const [left, right] = args;
        if (name === '!==' && right.kind === 'number' && right.value === 0) {
          const term = value(left, names);
          if (term.isMask) return term;
        }
        return { vector: l[comparisons[name]](number(left), number(right)), isMask: true };
      }
      if (name === '&&') return { vector: v128.and(mask(args[0]), mask(args[1])), isMask: true };
      if (name === '||') return { vector: v128.or(mask(args[0]), mask(args[1])), isMask: true };
      if (name === 'not') return { vector: v128.xor(mask(args[0]), f.constant(i32x4.const(-1))), isMask: true };
      if (!/^\w/.test(name)) return { vector: functions[name](...args.map(number)), isMask: false };
      // A call repeated with the same arguments is computed once.
      const key = JSON.stringify(e);
      let called = names.get(key);
      if (called === undefined) {
        called = { vector: f.local('v128', functions[name](...args.map(number))), isMask: false };
        names.set(key, called);
      }
      return called;
    }

    /** The result for the four elements after the first `4·i`, or for two of them from `2·half` on. */
    function part(i: number, half: 0 | 1): Term {
      const names = new Map(numbers);
      for (const { name, kind, at } of addresses) {
        if (kind === 'bool') {
          const mask = f.local('v128', i32x4.gt(i32x4.fromBytes(v128.low32(at, 4 * i)), f.constant(i32x4.const(0))));
          const extended = half === 0 ? i64x2.extendLow(mask) : i64x2.extendHigh(mask);
          names.set(name, { vector: isWide ? f.local('v128', extended) : mask, isMask: true });
        } else {
          const loaded = isWide ? f64x2.promote(v128.low64(at, 16 * i + 8 * half)) : v128.load(at, 16 * i);
          names.set(name, { vector: f.local('v128', loaded), isMask: false });
        }
      }
      const { vector, isMask } = value(expression, names);
      if (result === 'bool' || !isMask) return { vector: f.local('v128', vector), isMask };
      return { vector: f.local('v128', v128.and(vector, f.constant(l.const(1)))), isMask: false };
    }

    /** Four results. */
    function four(i: number): Vector {
      if (!isWide) return truth(part(i, 0));
      const [low, high] = [part(i, 0), part(i, 1)];
      if (result === 'bool') return v128.shuffle(truth(low), truth(high), 0, 2, 4, 6);
      return v128.shuffle(f32x4.demote(low.vector), f32x4.demote(high.vector), 0, 1, 4, 5);
    }

    const truth = ({ vector, isMask }: Term) =>
      result === 'bool' && !isMask ? l.ne(vector, f.constant(l.const(0))) : vector;

    // Several vectors per turn, so that they do not wait for each other; more gain nothing.
    const vectors = result === 'bool' ? 4 : isWide ? 1 : 2;
    const y = locals.y as Local<'i32'>;
    const size = result === 'bool' ? 1 : 4;
    const end = f.local('i32', i32.add(y, i32.mul(locals.n as Local<'i32'>, size)));
    f.while(
      () => i32.lt(y, end),
      () => {
        const results = Array.from({ length: vectors }, (_, i) => f.local('v128', four(i)));
        if (result === 'bool') {
          const [a, b, c, d] = results;
          f.store(y, v128.and(i32x4.toBytes(a, b, c, d), f.constant(i32x4.const(0x01010101))));
        } else
          results.forEach((v, i) => {
            f.store(y, v, 16 * i);
          });
        for (const { kind, at } of addresses) f.advance(at, 4 * vectors * (kind === 'bool' ? 1 : 4));
        f.advance(y, 4 * vectors * size);
      },
    );
    const { outside } = wide ?? { outside: null };
    f.return(outside === null ? f.local('i32') : v128.any(outside));
  };
  module.define('map', types, write, 'i32');
  return module;
}
