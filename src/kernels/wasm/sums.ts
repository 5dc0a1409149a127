// float32 sums in float64: a few elements are added in float32, and these sums in float64. The error stays below 10⁻⁶
// of the sum of magnitudes for any number of elements.

import { Module } from './assembler';
import { float64 } from './elements';
import { f32, f32x4, f64, f64x2, i32, type Local, type Vector, v128 } from './instructions';

/** The functions of {@link sumsModule}; addresses are in bytes. */
export interface SumsExports {
  /** The sums, in float64, of `rows` rows of `n` elements. */
  rows(rows: number, n: number, totals: number, x: number): void;
  /** Sums of squares likewise, with all terms in float64. */
  squares(rows: number, n: number, totals: number, x: number): void;
  /** Sums of absolute values likewise. */
  magnitudes(rows: number, n: number, totals: number, x: number): void;
  /** Adds `rows` rows of `n` elements, at most {@link mostRows}, to `n` totals in float64. */
  columns(rows: number, n: number, totals: number, x: number): void;
}

/** Rows that are added in float32. */
export const mostRows = 16;
/** Bytes summed in float32: with eight vectors at a time, 8 numbers are added in each lane. */
const stretch = 1024;

const swapped = (v: Vector) => v128.shuffle(v, v, 2, 3, 0, 1);

export function sumsModule(fma: boolean): Module {
  const module = new Module();
  const { madd } = float64(fma);
  module.define('rows', { rows: 'i32', n: 'i32', totals: 'i32', x: 'i32' }, (f, { rows, n, totals, x }) => {
    const total = f.local('v128');
    const parts = f.locals('v128', 8);
    const [end, stop] = f.locals('i32', 2);
    const sum = f.local('f64');
    const zero = f.constant(f32x4.const(0));
    const add = (count: number) => {
      for (let i = 0; i < count; i++) f.set(parts[i], f32x4.add(parts[i], v128.load(x, 16 * i)));
      f.advance(x, 16 * count);
    };
    const addParts = (count: number) => {
      for (let half = count / 2; half >= 1; half /= 2)
        for (let i = 0; i < half; i++) f.set(parts[i], f32x4.add(parts[i], parts[i + half]));
      f.set(total, f64x2.add(total, f64x2.add(f64x2.promote(parts[0]), f64x2.promote(swapped(parts[0])))));
      for (const part of parts.slice(0, count)) f.set(part, zero);
    };
    f.while(
      () => i32.gt(rows, 0),
      () => {
        f.set(end, i32.add(x, i32.shl(n, 2)));
        f.set(total, zero);
        f.while(
          () => i32.le(i32.add(x, 128), end),
          () => {
            f.set(stop, i32.add(x, stretch));
            f.if(i32.gt(stop, end), () => f.set(stop, end));
            f.repeat(
              () => add(8),
              () => i32.le(i32.add(x, 128), stop),
            );
            addParts(8);
          },
        );
        f.while(
          () => i32.le(i32.add(x, 16), end),
          () => add(1),
        );
        addParts(1);
        f.set(sum, f64.add(f64x2.lane(total, 0), f64x2.lane(total, 1)));
        f.while(
          () => i32.lt(x, end),
          () => {
            f.set(sum, f64.add(sum, f64.promote(f32.load(x))));
            f.advance(x, 4);
          },
        );
        f.store(totals, sum);
        f.advance(totals, 8);
        f.advance(rows, -1);
      },
    );
  });
  const added = {
    squares: (x: Local<'v128'>, sum: Vector) => madd(x, x, sum),
    magnitudes: (x: Local<'v128'>, sum: Vector) => f64x2.add(f64x2.abs(x), sum),
  };
  for (const name of ['squares', 'magnitudes'] as const)
    module.define(name, { rows: 'i32', n: 'i32', totals: 'i32', x: 'i32' }, (f, { rows, n, totals, x }) => {
      const parts = f.locals('v128', 4);
      const [wide, given] = f.locals('v128', 2);
      const end = f.local('i32');
      const add = (part: Local<'v128'>, elements: Vector) => {
        f.set(wide, f64x2.promote(elements));
        f.set(part, added[name](wide, part));
      };
      f.while(
        () => i32.gt(rows, 0),
        () => {
          for (const part of parts) f.set(part, f.constant(f64x2.const(0)));
          f.set(end, i32.add(x, i32.shl(n, 2)));
          f.while(
            () => i32.le(i32.add(x, 32), end),
            () => {
              for (const i of [0, 2]) {
                f.set(given, v128.load(x, 8 * i));
                add(parts[i], given);
                add(parts[i + 1], swapped(given));
              }
              f.advance(x, 32);
            },
          );
          f.while(
            () => i32.lt(x, end),
            () => {
              // The other lanes are zero.
              add(parts[0], v128.low32(x));
              f.advance(x, 4);
            },
          );
          f.set(wide, f64x2.add(f64x2.add(parts[0], parts[1]), f64x2.add(parts[2], parts[3])));
          f.store(totals, f64.add(f64x2.lane(wide, 0), f64x2.lane(wide, 1)));
          f.advance(totals, 8);
          f.advance(rows, -1);
        },
      );
    });
  module.define('columns', { rows: 'i32', n: 'i32', totals: 'i32', x: 'i32' }, (f, { rows, n, totals, x }) => {
    const [j, at, r] = f.locals('i32', 3);
    const sums = f.locals('v128', 4);
    const zero = f.constant(f32x4.const(0));
    const bytes = f.local('i32', i32.shl(n, 2));
    const add = (count: number) => {
      f.set(at, i32.add(x, j));
      for (const sum of sums.slice(0, count)) f.set(sum, zero);
      f.for(r, 0, rows, 1, () => {
        for (let i = 0; i < count; i++) f.set(sums[i], f32x4.add(sums[i], v128.load(at, 16 * i)));
        f.advance(at, bytes);
      });
      f.set(at, i32.add(totals, i32.shl(j, 1)));
      for (let i = 0; i < count; i++)
        for (const [half, v] of [sums[i], swapped(sums[i])].entries())
          f.store(at, f64x2.add(v128.load(at, 32 * i + 16 * half), f64x2.promote(v)), 32 * i + 16 * half);
      f.advance(j, 16 * count);
    };
    f.while(
      () => i32.le(i32.add(j, 64), bytes),
      () => add(4),
    );
    f.while(
      () => i32.lt(j, bytes),
      () => add(2),
    );
  });
  return module;
}
