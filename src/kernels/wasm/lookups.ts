// Looks up elements of rows by position.

import { integers, Module } from './assembler';
import { f32, i32 } from './instructions';

/** The function of {@link lookupsModule}; addresses are in bytes. */
export interface LookupsExports {
  /**
   * `y[i] = x[index[i]]` for a row of `n` elements and `m` positions. Returns 1 if a position is out of range, else 0.
   */
  row(n: number, m: number, x: number, index: number, y: number): number;
}

export function lookupsModule(): Module {
  const module = new Module();
  module.define(
    'row',
    integers('n', 'm', 'x', 'index', 'y'),
    (f, { n, m, x, index, y }) => {
      const at = f.local('i32');
      const end = f.local('i32', i32.add(index, i32.shl(m, 2)));
      f.for(index, index, end, 4, () => {
        f.set(at, i32.load(index));
        f.if(i32.or(i32.lt(at, 0), i32.ge(at, n)), () => f.return(f.local('i32', 1)));
        f.store(y, f32.load(i32.add(x, i32.shl(at, 2))));
        f.advance(y, 4);
      });
      f.return(f.local('i32'));
    },
    'i32',
  );
  return module;
}
