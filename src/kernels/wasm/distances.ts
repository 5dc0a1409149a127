// Distances of rows: what is left after their products, and sums over differences.

import { integers, Module } from './assembler';
import { f32x4, f64x2, i32, i32x4, type Local, type Vector, v128 } from './instructions';

/** The functions of {@link distancesModule}; addresses are in bytes. */
export interface DistancesExports {
  /**
   * Makes distances of `n` products `a·b` of float32 at `y`: `√(own + others[j] - 2 a·b)`, where `own` and `others` are the rows'
   * squares in float64. Gives NaN where the root is of less than `part` of both squares, where these are not above `tiny`, and
   * where it is of more than float32 holds. The result is not 0 if there is such an element.
   */
  finish(n: number, y: number, others: number, own: number, part: number, tiny: number): number;
  /**
   * `y[i·n + j] = Σ |a_i - b_j|` in float64, of `m` and `n` rows of `bytes`, a multiple of 16. `n` is a multiple of
   * {@link rowsAtOnce}.
   */
  absolute(m: number, n: number, bytes: number, a: number, b: number, y: number): void;
  /** The same of `√Σ (a_i - b_j)²`. */
  euclidean(m: number, n: number, bytes: number, a: number, b: number, y: number): void;
}

/** Rows that are compared with a row of `a` at a time, so that one sum does not wait for another. */
export const rowsAtOnce = 4;

export function distancesModule(fma: boolean): Module {
  const module = new Module();
  module.define(
    'finish',
    { n: 'i32', y: 'i32', others: 'i32', own: 'f64', part: 'f64', tiny: 'f64' },
    (f, { n, y, others, own, part, tiny }) => {
      const [mine, least, smallest] = [own, part, tiny].map((x) => f.local('v128', f64x2.splat(x)));
      const largest = f.constant(f64x2.const(2 ** 127));
      const none = f.constant(f32x4.const(Number.NaN));
      const lanes = f.constant(i32x4.const(0, 1, 2, 3));
      const missing = f.local('v128');
      const two = (products: Vector, i: number) => {
        const both = f.local('v128', f64x2.add(mine, v128.load(others, 16 * i)));
        const product = f.local('v128', f64x2.promote(products));
        const square = f.local('v128', f64x2.sub(both, f64x2.add(product, product)));
        const isLarge = v128.and(f64x2.gt(square, f64x2.mul(least, both)), f64x2.gt(both, smallest));
        const isKnown = f.local('v128', v128.and(isLarge, f64x2.lt(square, largest)));
        return { root: f.local('v128', f32x4.demote(square)), isKnown };
      };
      f.while(
        () => i32.gt(n, 0),
        () => {
          const products = f.local('v128', v128.load(y));
          const [low, high] = [two(products, 0), two(v128.shuffle(products, products, 2, 3, 0, 1), 1)];
          const isKnown = f.local('v128', v128.shuffle(low.isKnown, high.isKnown, 0, 2, 4, 6));
          const roots = f32x4.sqrt(v128.shuffle(low.root, high.root, 0, 1, 4, 5));
          // Elements behind the last stay: they are the next row's products.
          const isInside = f.local('v128', i32x4.lt(lanes, i32x4.splat(n)));
          f.store(y, v128.select(v128.select(roots, none, isKnown), products, isInside));
          f.set(missing, v128.or(missing, v128.andNot(isInside, isKnown)));
          f.advance(y, 16);
          f.advance(others, 32);
          f.advance(n, -4);
        },
      );
      f.return(v128.any(missing));
    },
    'i32',
  );
  const differences = (name: string, add: (sum: Vector, d: Local<'v128'>) => Vector, finish: (sum: Vector) => Vector) =>
    module.define(name, integers('m', 'n', 'bytes', 'a', 'b', 'y'), (f, { m, n, bytes, a, b, y }) => {
      const sums = f.locals('v128', rowsAtOnce);
      const places = f.locals('i32', rowsAtOnce);
      const [at, end, left] = f.locals('i32', 3);
      const own = f.local('v128');
      const zero = f.constant(f64x2.const(0));
      f.while(
        () => i32.gt(m, 0),
        () => {
          f.set(left, n);
          f.set(places[0], b);
          f.set(end, i32.add(a, bytes));
          f.while(
            () => i32.gt(left, 0),
            () => {
              for (const [i, place] of places.entries()) if (i > 0) f.set(place, i32.add(places[i - 1], bytes));
              for (const sum of sums) f.set(sum, zero);
              f.set(at, a);
              f.while(
                () => i32.lt(at, end),
                () => {
                  f.set(own, v128.load(at));
                  sums.forEach((sum, i) => {
                    f.set(sum, add(sum, f.local('v128', f64x2.sub(own, v128.load(places[i])))));
                    f.advance(places[i], 16);
                  });
                  f.advance(at, 16);
                },
              );
              for (let i = 0; i < rowsAtOnce; i += 2) {
                const lows = v128.shuffle(sums[i], sums[i + 1], 0, 1, 4, 5);
                const highs = v128.shuffle(sums[i], sums[i + 1], 2, 3, 6, 7);
                f.store(y, finish(f64x2.add(lows, highs)), 8 * i);
              }
              f.set(places[0], places[rowsAtOnce - 1]);
              f.advance(y, 8 * rowsAtOnce);
              f.advance(left, -rowsAtOnce);
            },
          );
          f.set(a, end);
          f.advance(m, -1);
        },
      );
    });
  differences(
    'absolute',
    (sum, d) => f64x2.add(sum, f64x2.abs(d)),
    (sum) => sum,
  );
  differences('euclidean', (sum, d) => (fma ? f64x2.fma(d, d, sum) : f64x2.add(sum, f64x2.mul(d, d))), f64x2.sqrt);
  return module;
}
