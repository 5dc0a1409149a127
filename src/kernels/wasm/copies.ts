// Copies blocks of 32-bit elements from one layout to another.

import { type Code, integers, Module } from './assembler';
import { float32 } from './elements';
import { i32, type Local, v128 } from './instructions';

/**
 * A copy of `depth` matrices of `rows` × `n` elements. Addresses and steps are in bytes; elements of a row of the target
 * are adjacent.
 */
type Copy = (
  depth: number,
  rows: number,
  n: number,
  to: number,
  toDepth: number,
  toRow: number,
  from: number,
  fromDepth: number,
  fromStep: number,
) => void;

export interface CopiesExports {
  /** Elements of a row of the source are adjacent; its rows are `fromStep` apart. */
  rows: Copy;
  /** Elements of a column of the source are adjacent; its columns are `fromStep` apart. */
  columns: Copy;
}

const parameters = integers('depth', 'rows', 'n', 'to', 'toDepth', 'toRow', 'from', 'fromDepth', 'fromStep');
type Locals = { readonly [K in keyof typeof parameters]: Local<'i32'> };

const { transpose } = float32(false);

export function copiesModule(): Module {
  const module = new Module();
  /** Defines a function that copies one matrix after the other. */
  const define = (name: keyof CopiesExports, matrix: (f: Code, p: Locals) => void) =>
    module.define(name, parameters, (f, p) =>
      f.while(
        () => i32.gt(p.depth, 0),
        () => {
          matrix(f, p);
          f.advance(p.to, p.toDepth);
          f.advance(p.from, p.fromDepth);
          f.advance(p.depth, -1);
        },
      ),
    );

  define('rows', (f, { rows, n, to, toRow, from, fromStep }) => {
    const [r, target, source, end, start] = f.locals('i32', 5);
    f.set(start, to);
    f.set(r, rows);
    const [row, bytes] = [f.local('i32', from), f.local('i32', i32.shl(n, 2))];
    f.while(
      () => i32.gt(r, 0),
      () => {
        f.set(target, start);
        f.set(source, row);
        f.set(end, i32.add(start, bytes));
        f.while(
          () => i32.le(i32.add(target, 16), end),
          () => {
            f.store(target, v128.load(source));
            f.advance(target, 16);
            f.advance(source, 16);
          },
        );
        f.while(
          () => i32.lt(target, end),
          () => {
            f.store(target, i32.load(source));
            f.advance(target, 4);
            f.advance(source, 4);
          },
        );
        f.advance(start, toRow);
        f.advance(row, fromStep);
        f.advance(r, -1);
      },
    );
  });

  define('columns', (f, { rows, n, to, toRow, from, fromStep }) => {
    const [i, j, source, target] = f.locals('i32', 4);
    /** Places of the element in row `i` and column `j`. */
    const find = () => {
      f.set(source, i32.add(from, i32.add(i32.shl(i, 2), i32.mul(j, fromStep))));
      f.set(target, i32.add(to, i32.add(i32.mul(i, toRow), i32.shl(j, 2))));
    };
    /** Copies `high` rows from row `i` on, four columns at a time. The last four may overlap others. */
    const rowsOfTiles = (high: number) => {
      f.set(j, 0);
      f.repeat(
        () => {
          find();
          for (let k = 0; k < high; k += 4) {
            const column = f.local('i32', source);
            const columns = Array.from({ length: 4 }, () => {
              const loaded = f.local('v128', v128.load(column, 4 * k));
              f.advance(column, fromStep);
              return loaded;
            });
            for (const row of transpose(f, columns)) {
              f.store(target, row);
              f.advance(target, toRow);
            }
          }
          f.advance(j, 4);
          f.if(i32.lt(i32.sub(n, j), 4), () => f.if(i32.lt(j, n), () => f.set(j, i32.sub(n, 4))));
        },
        () => i32.lt(j, n),
      );
    };
    const byElements = () =>
      f.for(i, 0, rows, 1, () => {
        f.set(j, 0);
        find();
        f.for(j, 0, n, 1, () => {
          f.store(target, i32.load(source));
          f.advance(source, fromStep);
          f.advance(target, 4);
        });
      });
    f.if(
      i32.or(i32.lt(rows, 4), i32.lt(n, 4)),
      byElements,
      // Sixteen rows use a whole cache line of each column.
      () => {
        f.set(i, 0);
        f.while(
          () => i32.le(i32.add(i, 16), rows),
          () => {
            rowsOfTiles(16);
            f.advance(i, 16);
          },
        );
        f.while(
          () => i32.lt(i, rows),
          () => {
            f.if(i32.lt(i32.sub(rows, i), 4), () => f.set(i, i32.sub(rows, 4)));
            rowsOfTiles(4);
            f.advance(i, 4);
          },
        );
      },
    );
  });
  return module;
}
