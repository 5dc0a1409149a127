// Elements of rows, looked up by position.

import { integers, Module } from './assembler';
import { f32, i32 } from './instructions';

/** The function of {@link lookupsModule}; addresses are in bytes. */
export interface LookupsExports {
  /**
   * `y[r, i] = x[r, index[r, i]]` for so many rows of `n` elements and `m` positions. Stops at a position that is not from 0 to
   * `n - 1`; the result is not 0 then.
   */
  rows(rows: number, n: number, m: number, x: number, index: number, y: number): number;
}

export function lookupsModule(): Module {
  const module = new Module();
  module.define(
    'rows',
    integers('rows', 'n', 'm', 'x', 'index', 'y'),
    (f, { rows, n, m, x, index, y }) => {
      const [end, at] = f.locals('i32', 2);
      const bytes = f.local('i32', i32.shl(n, 2));
      f.while(
        () => i32.gt(rows, 0),
        () => {
          f.set(end, i32.add(index, i32.shl(m, 2)));
          f.while(
            () => i32.lt(index, end),
            () => {
              f.set(at, i32.load(index));
              f.if(i32.or(i32.lt(at, 0), i32.ge(at, n)), () => f.return(f.local('i32', 1)));
              f.store(y, f32.load(i32.add(x, i32.shl(at, 2))));
              f.advance(index, 4);
              f.advance(y, 4);
            },
          );
          f.advance(x, bytes);
          f.advance(rows, -1);
        },
      );
      f.return(f.local('i32', 0));
    },
    'i32',
  );
  return module;
}
