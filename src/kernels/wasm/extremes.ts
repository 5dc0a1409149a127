// The largest of many elements and its position: first the maximum, four at a time, then the first element equal to it.

import { Module } from './assembler';
import { f32, f32x4, i32, v128 } from './instructions';

/** The functions of {@link extremesModule}; addresses are in bytes. */
export interface ExtremesExports {
  /** Returns the position of the first maximum of `n` elements, at least four; a NaN is larger than every number. */
  largest(n: number, x: number): number;
  /** Likewise for the minimum; a NaN is smaller than every number. */
  smallest(n: number, x: number): number;
}

export function extremesModule(): Module {
  const module = new Module();
  for (const [name, better] of [
    ['largest', f32x4.max],
    ['smallest', f32x4.min],
  ] as const)
    module.define(
      name,
      { n: 'i32', x: 'i32' },
      (f, { n, x }) => {
        const bests = f.locals('v128', 4);
        const [best] = bests;
        const bytes = f.local('i32', i32.shl(n, 2));
        const end = f.local('i32', i32.add(x, bytes));
        const last = f.local('i32', i32.sub(end, 16));
        const at = f.local('i32', x);
        for (const b of bests) f.set(b, v128.load(last));
        f.while(
          () => i32.le(i32.add(at, 64), end),
          () => {
            bests.forEach((b, i) => {
              f.set(b, better(b, v128.load(at, 16 * i)));
            });
            f.advance(at, 64);
          },
        );
        f.while(
          () => i32.lt(at, last),
          () => {
            f.set(best, better(best, v128.load(at)));
            f.advance(at, 16);
          },
        );
        for (const b of bests.slice(1)) f.set(best, better(best, b));
        f.set(best, better(best, v128.shuffle(best, best, 2, 3, 0, 1)));
        f.set(best, better(best, v128.shuffle(best, best, 1, 0, 3, 2)));
        // Only a NaN differs from itself.
        const isFound = (v: typeof best) =>
          v128.any(v128.or(f32x4.eq(v, best), v128.and(f32x4.ne(best, best), f32x4.ne(v, v))));
        const value = f.local('v128');
        f.set(at, x);
        f.set(value, v128.load(at));
        f.while(
          () => i32.and(i32.eqz(isFound(value)), i32.lt(i32.add(at, 16), end)),
          () => {
            f.advance(at, 16);
            f.set(value, v128.load(at));
          },
        );
        const element = f.local('f32', f32.load(at));
        const wanted = f32x4.lane(best, 0);
        f.while(
          () => i32.and(f32.ne(element, wanted), i32.or(f32.eq(element, element), f32.eq(wanted, wanted))),
          () => {
            f.advance(at, 4);
            f.set(element, f32.load(at));
          },
        );
        f.return(i32.sub(n, i32.shr(i32.sub(end, at), 2)));
      },
      'i32',
    );
  return module;
}
