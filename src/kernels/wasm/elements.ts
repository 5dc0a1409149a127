// Instructions in which float32 and float64 kernels differ.

import type { Code } from './assembler';
import { f32, f32x4, f64, f64x2, type Int, type Local, type Vector, v128 } from './instructions';

/** The instructions for one element type. */
export interface Elements {
  readonly bytes: 4 | 8;
  /** Elements per vector. */
  readonly lanes: 4 | 2;
  /** One element in all lanes. */
  readonly splat: (address: Int, offset: number) => Vector;
  readonly add: (a: Vector, b: Vector) => Vector;
  /** `a·b + c`. */
  readonly madd: (a: Vector, b: Vector, c: Vector) => Vector;
  /** Copies one element. */
  readonly copy: (f: Code, to: Int, offset: number, from: Int) => void;
  /** Transposes rows, as many as there are lanes. */
  readonly transpose: (f: Code, rows: readonly Local<'v128'>[]) => readonly Vector[];
}

export function float32(fma: boolean): Elements {
  return {
    bytes: 4,
    lanes: 4,
    splat: v128.splat32,
    add: f32x4.add,
    madd: fma ? f32x4.fma : (a, b, c) => f32x4.add(c, f32x4.mul(a, b)),
    copy: (f, to, offset, from) => f.store(to, f32.load(from), offset),
    transpose: (f, [a, b, c, d]) => {
      const [low, high] = [
        [a, b],
        [c, d],
      ].map(([x, y]) => [
        f.local('v128', v128.shuffle(x, y, 0, 4, 1, 5)),
        f.local('v128', v128.shuffle(x, y, 2, 6, 3, 7)),
      ]);
      return [0, 1].flatMap((i) => [
        v128.shuffle(low[i], high[i], 0, 1, 4, 5),
        v128.shuffle(low[i], high[i], 2, 3, 6, 7),
      ]);
    },
  };
}

export function float64(fma: boolean): Elements {
  return {
    bytes: 8,
    lanes: 2,
    splat: v128.splat64,
    add: f64x2.add,
    madd: fma ? f64x2.fma : (a, b, c) => f64x2.add(c, f64x2.mul(a, b)),
    copy: (f, to, offset, from) => f.store(to, f64.load(from), offset),
    transpose: (_, [a, b]) => [v128.shuffle(a, b, 0, 1, 4, 5), v128.shuffle(a, b, 2, 3, 6, 7)],
  };
}
