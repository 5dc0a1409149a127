// Sums of float32 in float64: a few elements are added in float32, and these sums in float64, so that the relative error
// stays below 10⁻⁶ of the sum of the sizes for any number of elements.

import { Module } from './assembler';
import { f32, f32x4, f64, f64x2, i32, type Vector, v128 } from './instructions';

/** The functions of {@link sumsModule}; addresses are in bytes. */
export interface SumsExports {
  /** The sum of `n` elements. */
  sum(n: number, x: number): number;
  /** Adds `rows` rows of `n` elements, at most {@link mostRows}, to `n` totals in float64. */
  columns(rows: number, n: number, totals: number, x: number): void;
}

/** Rows that are added in float32. */
export const mostRows = 16;
/** Bytes of a stretch: with four vectors at a time, 16 numbers are added in each lane. */
const stretch = 1024;

const swapped = (v: Vector) => v128.shuffle(v, v, 2, 3, 0, 1);

export function sumsModule(): Module {
  const module = new Module();
  module.define(
    'sum',
    { n: 'i32', x: 'i32' },
    (f, { n, x }) => {
      const [total, all] = f.locals('v128', 2);
      const parts = f.locals('v128', 4);
      const [end, stop] = [f.local('i32', i32.add(x, i32.shl(n, 2))), f.local('i32')];
      const rest = f.local('f64');
      // As long as there are four whole vectors.
      f.while(
        () => i32.le(i32.add(x, 64), end),
        () => {
          for (const part of parts) f.set(part, f32x4.const(0));
          f.set(stop, i32.add(x, stretch));
          f.if(i32.gt(stop, end), () => f.set(stop, i32.sub(end, 63)));
          f.repeat(
            () => {
              parts.forEach((part, i) => {
                f.set(part, f32x4.add(part, v128.load(x, 16 * i)));
              });
              f.advance(x, 64);
            },
            () => i32.lt(x, stop),
          );
          const [a, b, c, d] = parts;
          f.set(all, f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
          f.set(total, f64x2.add(total, f64x2.add(f64x2.promote(all), f64x2.promote(swapped(all)))));
        },
      );
      f.set(rest, f64.add(f64x2.lane(total, 0), f64x2.lane(total, 1)));
      f.while(
        () => i32.lt(x, end),
        () => {
          f.set(rest, f64.add(rest, f64.promote(f32.load(x))));
          f.advance(x, 4);
        },
      );
      f.return(rest);
    },
    'f64',
  );
  module.define('columns', { rows: 'i32', n: 'i32', totals: 'i32', x: 'i32' }, (f, { rows, n, totals, x }) => {
    const [j, at, r] = f.locals('i32', 3);
    const sums = f.locals('v128', 2);
    const bytes = f.local('i32', i32.shl(n, 2));
    f.for(j, 0, bytes, 32, () => {
      f.set(at, i32.add(x, j));
      for (const sum of sums) f.set(sum, f32x4.const(0));
      f.for(r, 0, rows, 1, () => {
        sums.forEach((sum, i) => {
          f.set(sum, f32x4.add(sum, v128.load(at, 16 * i)));
        });
        f.advance(at, bytes);
      });
      f.set(at, i32.add(totals, i32.shl(j, 1)));
      sums.forEach((sum, i) => {
        for (const [half, v] of [sum, swapped(sum)].entries())
          f.store(at, f64x2.add(v128.load(at, 32 * i + 16 * half), f64x2.promote(v)), 32 * i + 16 * half);
      });
    });
  });
  return module;
}
