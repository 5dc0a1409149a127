// Distances of rows: the final step after their products, and sums of differences.

import { integers, Module } from './assembler';
import { f32x4, f64, f64x2, i32, i32x4, type Vector, v128 } from './instructions';

/** The functions of {@link distancesModule}; addresses are in bytes. */
export interface DistancesExports {
  /**
   * Replaces `n` float32 products `a·b` at `y` by distances `√(own + others[j] - 2 a·b)`, where `own` and `others` are
   * the rows' squared norms in float64. Writes NaN if the radicand is below {@link leastShare} of both squares or below
   * {@link tiny}, or overflows float32. Returns nonzero if an element is NaN.
   */
  finish(n: number, y: number, others: number, own: number): number;
  /**
   * `y[j] = Σ |a - b_j|` in float64, of a row of `bytes`, a multiple of 16, and `n` others. `n` is a multiple of
   * {@link rowsAtOnce}.
   */
  absolute(n: number, bytes: number, a: number, b: number, y: number): void;
}

/** Rows compared with another row at a time, so that their sums are independent. */
export const rowsAtOnce = 4;
/**
 * Squared distances this far below `|a|² + |b|²` are computed by differences: subtracting `a·b` cancels most of their
 * digits.
 */
export const leastShare = 0.1;
/** float32 products below this are subnormal or 0. */
export const tiny: number = 2 ** -100;

export function distancesModule(): Module {
  const module = new Module();
  module.define(
    'finish',
    { n: 'i32', y: 'i32', others: 'i32', own: 'f64' },
    (f, { n, y, others, own }) => {
      const mine = f.local('v128', f64x2.splat(own));
      const [least, smallest, largest] = [leastShare, tiny, 2 ** 127].map((x) => f.constant(f64x2.const(x)));
      const lanes = f.constant(i32x4.const(0, 1, 2, 3));
      const missing = f.local('v128');
      const two = (products: Vector, i: number) => {
        const both = f.local('v128', f64x2.add(mine, v128.load(others, 16 * i)));
        const product = f.local('v128', f64x2.promote(products));
        const square = f.local('v128', f64x2.sub(both, f64x2.add(product, product)));
        const isLarge = f64x2.gt(square, f64x2.mul(least, f64x2.pmax(both, smallest)));
        return [f32x4.demote(square), v128.and(isLarge, f64x2.lt(square, largest))];
      };
      f.while(
        () => i32.gt(n, 0),
        () => {
          const products = f.local('v128', v128.load(y));
          const [low, isLowKnown] = two(products, 0);
          const [high, isHighKnown] = two(v128.shuffle(products, products, 2, 3, 0, 1), 1);
          const isKnown = v128.shuffle(isLowKnown, isHighKnown, 0, 2, 4, 6);
          const roots = f32x4.sqrt(v128.shuffle(low, high, 0, 1, 4, 5));
          // Elements after the last are kept: they are the next row's products. A lane of all ones is NaN.
          const isInside = f.local('v128', i32x4.lt(lanes, i32x4.splat(n)));
          const unknown = f.local('v128', v128.andNot(isInside, isKnown));
          f.store(y, v128.select(v128.or(roots, unknown), products, isInside));
          f.set(missing, v128.or(missing, unknown));
          f.advance(y, 16);
          f.advance(others, 32);
          f.advance(n, -4);
        },
      );
      f.return(v128.any(missing));
    },
    'i32',
  );
  module.define('absolute', integers('n', 'bytes', 'a', 'b', 'y'), (f, { n, bytes, a, b, y }) => {
    const sums = f.locals('v128', rowsAtOnce);
    const places = [b, ...f.locals('i32', rowsAtOnce - 1)];
    const at = f.local('i32');
    const own = f.local('v128');
    const [last, end] = [i32.add(a, bytes), i32.add(y, i32.shl(n, 3))].map((x) => f.local('i32', x));
    f.for(y, y, end, 8 * rowsAtOnce, () => {
      for (const [i, sum] of sums.entries()) {
        if (i > 0) f.set(places[i], i32.add(places[i - 1], bytes));
        f.set(sum, f.constant(f64x2.const(0)));
      }
      f.for(at, a, last, 16, () => {
        f.set(own, v128.load(at));
        sums.forEach((sum, i) => {
          f.set(sum, f64x2.add(sum, f64x2.abs(f64x2.sub(own, v128.load(places[i])))));
          f.advance(places[i], 16);
        });
      });
      sums.forEach((sum, i) => {
        f.store(y, f64.add(f64x2.lane(sum, 0), f64x2.lane(sum, 1)), 8 * i);
      });
      f.set(b, places[rowsAtOnce - 1]);
    });
  });
  return module;
}
