// Reads and increases elements of rows by position.

import { type Code, integers, Module } from './assembler';
import { f32, f32x4, type Int, i32, type Local, v128 } from './instructions';

/** The functions of {@link lookupsModule}; addresses are in bytes. */
export interface LookupsExports {
  /**
   * `y[i] = x[index[i]]` for a row of `n` elements and `m` positions. Returns 1 if a position is out of range, else 0.
   */
  row(n: number, m: number, x: number, index: number, y: number): number;
  /** `x[index[i]] += y[i]`, likewise. */
  addRow(n: number, m: number, x: number, index: number, y: number): number;
  /** `x[i] += y[i]` for `n` elements and up to three beyond. */
  add(n: number, x: number, y: number): void;
}

export function lookupsModule(): Module {
  const module = new Module();
  /** Defines a function that does something with each of `m` pairs: an element of `x` by its position, and one of `y`. */
  const define = (name: string, each: (f: Code, found: Local<'i32'>, y: Int) => void) =>
    module.define(
      name,
      integers('n', 'm', 'x', 'index', 'y'),
      (f, { n, m, x, index, y }) => {
        const [at, found] = f.locals('i32', 2);
        const end = f.local('i32', i32.add(index, i32.shl(m, 2)));
        f.for(index, index, end, 4, () => {
          f.set(at, i32.load(index));
          f.if(i32.or(i32.lt(at, 0), i32.ge(at, n)), () => f.return(f.local('i32', 1)));
          f.set(found, i32.add(x, i32.shl(at, 2)));
          each(f, found, y);
          f.advance(y, 4);
        });
        f.return(f.local('i32'));
      },
      'i32',
    );
  define('row', (f, found, y) => f.store(y, f32.load(found)));
  define('addRow', (f, found, y) => f.store(found, f32.add(f32.load(found), f32.load(y))));

  module.define('add', integers('n', 'x', 'y'), (f, { n, x, y }) => {
    const end = f.local('i32', i32.add(x, i32.shl(n, 2)));
    f.for(x, x, end, 16, () => {
      f.store(x, f32x4.add(v128.load(x), v128.load(y)));
      f.advance(y, 16);
    });
  });
  return module;
}
