// Softmax and its logarithm, row by row.

import { Module } from './assembler';
import { Functions } from './functions';
import { f32, f32x4, f64, f64x2, i32, i32x4, type Local, type Vector, v128 } from './instructions';

/** The functions that {@link rowsModule} exports; addresses are in bytes. */
export interface RowsExports {
  /** `rows` rows of `n` elements each, one behind the other, from `x` to `y`. With `log` logarithms are wanted. */
  softmax(rows: number, n: number, x: number, y: number, log: number): void;
  /** Gradients of the same rows from those of the results, which stand at `y`: `y·(dy - Σ dy·y)`, with `log` `dy - e^y·Σ dy`. */
  gradients(rows: number, n: number, y: number, dy: number, dx: number, log: number): void;
}

/** Bytes that are summed in float32; such sums are added in float64. */
const stretch = 1024;

export function rowsModule(fma: boolean): Module {
  const module = new Module();
  writeGradients(module, fma);
  const parameters = { rows: 'i32', n: 'i32', x: 'i32', y: 'i32', log: 'i32' } as const;
  module.define('softmax', parameters, (f, { rows, n, x, y, log }) => {
    const functions = new Functions(f, fma);
    const bytes = f.local('i32', i32.shl(n, 2));
    /** What of the row is whole vectors. */
    const whole = f.local('i32', i32.and(bytes, -16));
    const [j, stop] = f.locals('i32', 2);
    const [max, part, sums, e, scale] = f.locals('v128', 5);
    const total = f.local('f64');
    const nothing = f.constant(f32x4.const(Number.NEGATIVE_INFINITY));
    const zero = f.constant(f32x4.const(0));
    // Which lanes of the last, incomplete vector belong to the row; the others count as -∞.
    const mask = f.local('v128', i32x4.lt(i32x4.const(0, 1, 2, 3), i32x4.splat(i32.and(n, 3))));
    const last = () => v128.select(v128.load(i32.add(x, whole)), nothing, mask);
    const hasLast = i32.and(n, 3);
    const swapped = (v: Local<'v128'>) => v128.shuffle(v, v, 2, 3, 0, 1);

    const larger = (v: Vector) => f.set(max, f32x4.pmax(max, v));
    const findMax = () => {
      f.set(max, nothing);
      f.for(j, 0, whole, 16, () => larger(v128.load(i32.add(x, j))));
      f.if(hasLast, () => larger(last()));
      larger(swapped(max));
      larger(v128.shuffle(max, max, 1, 0, 3, 2));
    };

    /** Stores the power of a vector, or with `log` its exponent, and adds the power to the sum. */
    const raise = (v: Vector) => {
      f.set(e, f32x4.sub(v, max));
      f.if(log, () => f.store(i32.add(y, j), e));
      f.set(e, functions.exp(e));
      f.if(i32.eqz(log), () => f.store(i32.add(y, j), e));
      f.set(part, f32x4.add(part, e));
    };
    const addPart = () => {
      f.set(sums, f64x2.add(sums, f64x2.add(f64x2.promote(part), f64x2.promote(swapped(part)))));
      f.set(part, zero);
    };
    const raiseAll = () => {
      f.set(sums, zero);
      f.set(part, zero);
      f.set(j, 0);
      f.while(
        () => i32.lt(j, whole),
        () => {
          f.set(stop, i32.add(j, stretch));
          f.if(i32.gt(stop, whole), () => f.set(stop, whole));
          f.repeat(
            () => {
              raise(v128.load(i32.add(x, j)));
              f.advance(j, 16);
            },
            () => i32.lt(j, stop),
          );
          addPart();
        },
      );
      f.if(hasLast, () => {
        raise(last());
        addPart();
      });
      f.set(total, f64.add(f64x2.lane(sums, 0), f64x2.lane(sums, 1)));
    };

    const finish = (change: (v: Vector) => Vector) =>
      f.for(j, 0, bytes, 16, () => f.store(i32.add(y, j), change(v128.load(i32.add(y, j)))));
    f.while(
      () => i32.gt(rows, 0),
      () => {
        findMax();
        raiseAll();
        f.if(
          log,
          () => {
            f.set(scale, functions.log(f32x4.splat(f32.demote(total))));
            finish((v) => f32x4.sub(v, scale));
          },
          () => {
            f.set(scale, f32x4.splat(f32.demote(f64.div(1, total))));
            finish((v) => f32x4.mul(v, scale));
          },
        );
        // What is written beyond the end of a row is overwritten by the next one.
        f.advance(x, bytes);
        f.advance(y, bytes);
        f.advance(rows, -1);
      },
    );
  });
  return module;
}

function writeGradients(module: Module, fma: boolean): void {
  const parameters = { rows: 'i32', n: 'i32', y: 'i32', dy: 'i32', dx: 'i32', log: 'i32' } as const;
  module.define('gradients', parameters, (f, { rows, n, y, dy, dx, log }) => {
    const functions = new Functions(f, fma);
    const bytes = f.local('i32', i32.shl(n, 2));
    const whole = f.local('i32', i32.and(bytes, -16));
    const [j, stop] = f.locals('i32', 2);
    const [part, sums, total] = f.locals('v128', 3);
    const zero = f.constant(f32x4.const(0));
    // Which lanes of the last, incomplete vector belong to the row.
    const mask = f.local('v128', i32x4.lt(i32x4.const(0, 1, 2, 3), i32x4.splat(i32.and(n, 3))));
    const at = (address: Local<'i32'>) => v128.load(i32.add(address, j));
    const term = () => {
      const v = f.local('v128', at(dy));
      f.if(i32.eqz(log), () => f.set(v, f32x4.mul(v, at(y))));
      return v;
    };
    const addPart = () => {
      const swapped = v128.shuffle(part, part, 2, 3, 0, 1);
      f.set(sums, f64x2.add(sums, f64x2.add(f64x2.promote(part), f64x2.promote(swapped))));
      f.set(part, zero);
    };
    f.while(
      () => i32.gt(rows, 0),
      () => {
        f.set(sums, zero);
        f.set(part, zero);
        f.set(j, 0);
        f.while(
          () => i32.lt(j, whole),
          () => {
            f.set(stop, i32.add(j, stretch));
            f.if(i32.gt(stop, whole), () => f.set(stop, whole));
            f.repeat(
              () => {
                f.set(part, f32x4.add(part, term()));
                f.advance(j, 16);
              },
              () => i32.lt(j, stop),
            );
            addPart();
          },
        );
        f.if(i32.and(n, 3), () => {
          f.set(part, v128.and(term(), mask));
          addPart();
        });
        f.set(total, f32x4.splat(f32.demote(f64.add(f64x2.lane(sums, 0), f64x2.lane(sums, 1)))));
        f.if(
          log,
          () =>
            f.for(j, 0, bytes, 16, () =>
              f.store(i32.add(dx, j), f32x4.sub(at(dy), f32x4.mul(functions.exp(at(y)), total))),
            ),
          () => f.for(j, 0, bytes, 16, () => f.store(i32.add(dx, j), f32x4.mul(at(y), f32x4.sub(at(dy), total)))),
        );
        for (const address of [y, dy, dx]) f.advance(address, bytes);
        f.advance(rows, -1);
      },
    );
  });
}
