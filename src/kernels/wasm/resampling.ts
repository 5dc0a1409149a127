// Sums with fixed weights along one dimension, each exactly as a loop over float32 elements computes it: summed in
// float64 in the order of the weights, and rounded once.

import { integers, Module } from './assembler';
import { f32, f32x4, f64, f64x2, i32, v128 } from './instructions';

/** The function of {@link resamplingModule}; addresses are in bytes. */
export interface ResamplingExports {
  /**
   * Row `r` of the result, with `outer` elements before the dimension and `inner` after it, is a weighted sum of the
   * `columns` rows. Its weights and row numbers (`at`) are entries `starts[r]` to `starts[r + 1]` of the lists.
   */
  combine(
    outer: number,
    inner: number,
    rows: number,
    columns: number,
    starts: number,
    at: number,
    weights: number,
    x: number,
    y: number,
  ): void;
}

export function resamplingModule(): Module {
  const module = new Module();
  const parameters = integers('outer', 'inner', 'rows', 'columns', 'starts', 'at', 'weights', 'x', 'y');
  module.define('combine', parameters, (f, { outer, inner, rows, columns, starts, at, weights, x, y }) => {
    const [r, i, k, first, last, base, element] = f.locals('i32', 7);
    const bytes = f.local('i32', i32.shl(inner, 2));
    const sum = f.local('f64');
    const [low, high, values, weight] = f.locals('v128', 4);
    const zero = f.constant(f64x2.const(0));
    const terms = (add: () => void) =>
      f.for(k, first, last, 1, () => {
        f.set(element, i32.add(base, i32.mul(i32.load(i32.add(at, i32.shl(k, 2))), bytes)));
        add();
      });
    const weightHere = () => i32.add(weights, i32.shl(k, 3));
    const one = () => {
      f.set(sum, 0);
      terms(() => f.set(sum, f64.add(sum, f64.mul(f64.load(weightHere()), f64.promote(f32.load(element))))));
      f.store(y, f32.demote(sum));
    };
    const four = () => {
      f.set(low, zero);
      f.set(high, zero);
      terms(() => {
        f.set(values, v128.load(element));
        f.set(weight, v128.splat64(weightHere()));
        f.set(low, f64x2.add(low, f64x2.mul(weight, f64x2.promote(values))));
        f.set(high, f64x2.add(high, f64x2.mul(weight, f64x2.promote(v128.shuffle(values, values, 2, 3, 0, 1)))));
      });
      f.store(y, v128.shuffle(f32x4.demote(low), f32x4.demote(high), 0, 1, 4, 5));
    };
    const visit = (count: number, body: () => void) =>
      f.while(
        () => i32.ge(i32.sub(inner, i), count),
        () => {
          f.set(base, i32.add(x, i32.shl(i, 2)));
          body();
          f.advance(y, 4 * count);
          f.advance(i, count);
        },
      );
    f.while(
      () => i32.gt(outer, 0),
      () => {
        f.for(r, 0, rows, 1, () => {
          f.set(first, i32.load(i32.add(starts, i32.shl(r, 2))));
          f.set(last, i32.load(i32.add(starts, i32.shl(r, 2)), 4));
          f.set(i, 0);
          visit(4, four);
          visit(1, one);
        });
        f.advance(x, i32.mul(columns, bytes));
        f.advance(outer, -1);
      },
    );
  });
  return module;
}
