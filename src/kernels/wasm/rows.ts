// Row operations of matrix decompositions in float64: one call does the work of a step on a whole matrix.

import { Module } from './assembler';
import { float64 } from './elements';
import { f64x2, i32, type Vector, v128 } from './instructions';
import { type Kernel, parameters, writeColumns, writeCombine } from './matrix-vector';

/**
 * The functions of {@link rowsModule}, on `k` rows of `n` elements at `b`, `step` apart. They write up to one element
 * after each row.
 */
export interface RowsExports {
  /** `c[j] = start[j] + Σ_i a[i]·b[i, j]`. */
  combine: Kernel;
  /** `b[i, j] -= a[i]·c[j]`. */
  spread: Kernel;
  /** `B (I - τ v vᵀ)`, with `v` at `c` and τ at `a`; v and each row must be followed by a zero. */
  mirror: Kernel;
  /**
   * Rotates each row and the next by `[c s; -s c]` from the left, one pair after the other, with `k` pairs of `c` and
   * `s` at `a`.
   */
  rotate: Kernel;
}

export function rowsModule(fma: boolean): Module {
  const module = new Module();
  const e = float64(fma);
  const { neg, mul, add } = f64x2;
  writeCombine(module, e);

  writeColumns(module, 'spread', 2, (f, { k, a, b, step, c }, vectors) => {
    const factor = f.local('v128');
    const row = Array.from({ length: vectors }, (_, j) => f.local('v128', v128.load(c, 16 * j)));
    f.while(
      () => i32.gt(k, 0),
      () => {
        f.set(factor, neg(v128.splat64(a, 0)));
        row.forEach((x, j) => {
          f.store(b, e.madd(factor, x, v128.load(b, 16 * j)), 16 * j);
        });
        f.advance(a, 8);
        f.advance(b, step);
        f.advance(k, -1);
      },
    );
  });

  writeColumns(module, 'rotate', 2, (f, { k, a, b, step }, vectors) => {
    const [cos, sin, next] = f.locals('v128', 3);
    const row = Array.from({ length: vectors }, (_, j) => f.local('v128', v128.load(b, 16 * j)));
    const below = f.local('i32', i32.add(b, step));
    f.while(
      () => i32.gt(k, 0),
      () => {
        f.set(cos, v128.splat64(a, 0));
        f.set(sin, v128.splat64(a, 8));
        row.forEach((x, j) => {
          f.set(next, v128.load(below, 16 * j));
          f.store(b, e.madd(cos, x, mul(sin, next)), 16 * j);
          f.set(x, e.madd(cos, next, neg(mul(sin, x))));
        });
        f.advance(a, 16);
        f.set(b, below);
        f.advance(below, step);
        f.advance(k, -1);
      },
    );
    row.forEach((x, j) => {
      f.store(b, x, 16 * j);
    });
  });

  module.define('mirror', parameters, (f, { n, k, a, b, step, c }) => {
    const sums = f.locals('v128', 4);
    const [x, v, rest] = f.locals('i32', 3);
    const along = (write: (j: number, x: Vector, v: Vector) => void) => {
      f.set(x, b);
      f.set(v, c);
      f.set(rest, n);
      for (const count of [4, 1])
        f.while(
          () => i32.ge(rest, 2 * count - (count & 1)),
          () => {
            for (let j = 0; j < count; j++) write(j, v128.load(x, 16 * j), v128.load(v, 16 * j));
            f.advance(x, 16 * count);
            f.advance(v, 16 * count);
            f.advance(rest, -2 * count);
          },
        );
    };
    f.while(
      () => i32.gt(k, 0),
      () => {
        for (const sum of sums) f.set(sum, f.constant(f64x2.const(0)));
        // Rounded after each product: an exact zero then mostly stays zero, with LAPACK's sign.
        along((j, row, mirror) => f.set(sums[j], add(sums[j], mul(row, mirror))));
        const [sum] = sums;
        f.set(sum, add(add(sum, sums[1]), add(sums[2], sums[3])));
        f.set(sum, mul(neg(v128.splat64(a, 0)), add(sum, v128.shuffle(sum, sum, 2, 3, 0, 1))));
        along((j, row, mirror) => f.store(x, add(row, mul(sum, mirror)), 16 * j));
        f.advance(b, step);
        f.advance(k, -1);
      },
    );
  });
  return module;
}
