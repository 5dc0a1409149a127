// Convolution. In a padded image, kernel position k reads input j + distance(k) for output j: the distance does not
// depend on j. So the matrix of patches need not exist. Its rows are the image itself with different start offsets, and
// the tile of the matrix product reads them there, using a table of distances. Output rows are as wide as the image;
// elements after the last real output are dropped when the rows are copied. The weight gradient is a product of the
// same patches, now on the left, with the transposed outputs, whose channels are adjacent.

import { integers, Module } from './assembler';
import { float32 } from './elements';
import { i32, type Local, v128 } from './instructions';
import { addSums, type MatmulExports, tallest, tileWidth, writeRows, writeTile, zeros } from './matmul';

/** The functions of {@link convolutionModule}; addresses and steps are in bytes. */
export interface ConvolutionExports extends Pick<MatmulExports, 'rows'> {
  /**
   * Computes `m` rows of `n` outputs at `c`: products of weights (`m` rows of `k`) and inputs. Input row `k` begins at
   * `x` plus the distance at `table + 4·k`. Sums start at the values at `start`, eight elements per output row. Up to
   * seven more outputs are computed in each row.
   */
  convolve(
    m: number,
    n: number,
    k: number,
    w: number,
    x: number,
    table: number,
    start: number,
    startRow: number,
    c: number,
    cRow: number,
  ): void;
  /**
   * Adds to `m` rows at `c` the products of `m` rows of `n` inputs, each at `x` plus its distance in the table, and `n`
   * rows of outputs at `y`. Rows of `y` and `c` are `row` bytes long, a multiple of 16; `sums` is scratch memory for
   * one tile.
   */
  correlate(m: number, n: number, x: number, table: number, y: number, c: number, row: number, sums: number): void;
  /**
   * Transposes `rows × columns` elements in each of `blocks`. The blocks, and the rows read and written, have strides.
   */
  turn(
    blocks: number,
    to: number,
    toBlock: number,
    toRow: number,
    from: number,
    fromBlock: number,
    fromRow: number,
    rows: number,
    columns: number,
  ): void;
  /** Copies `planes` of `rows` rows of `columns` elements, with strides for all of them. */
  copy(
    planes: number,
    to: number,
    toPlane: number,
    toRow: number,
    toColumn: number,
    from: number,
    fromPlane: number,
    fromRow: number,
    fromColumn: number,
    rows: number,
    columns: number,
  ): void;
}

/** Outputs whose products are summed before they are added to the earlier sums: 16 KB of them. */
const stretch = 512;

export function convolutionModule(fma: boolean): Module {
  const module = new Module();
  const most = fma ? tallest : tallest - 1;
  const rows = writeRows(module);
  writeConvolve(module, fma, most);
  writeCorrelate(module, fma, most);
  writeTurn(module);
  writeCopy(module, rows, writePick(module));
  return module;
}

function writeConvolve(module: Module, fma: boolean, most: number): void {
  const heights = Array.from({ length: most }, (_, r) => r + 1);
  const tiles = heights.map((rows) => writeTile(module, float32(fma), rows, 2, 'b'));
  const parameters = integers('m', 'n', 'k', 'w', 'x', 'table', 'start', 'startRow', 'c', 'cRow');
  module.define('convolve', parameters, (f, { m, n, k, w, x, table, start, startRow, c, cRow }) => {
    const [count, rest, height, weights, from, out] = f.locals('i32', 6);
    const weightRow = f.local('i32', i32.shl(k, 2));
    f.while(
      () => i32.gt(n, 0),
      () => {
        // As few tiles as possible, with nearly equal heights.
        f.set(count, i32.div(i32.add(m, most - 1), most));
        f.set(rest, m);
        f.set(weights, w);
        f.set(from, start);
        f.set(out, c);
        f.while(
          () => i32.gt(rest, 0),
          () => {
            f.set(height, i32.div(i32.add(rest, i32.sub(count, 1)), count));
            for (const rows of heights)
              f.if(i32.eq(height, rows), () =>
                f.call(tiles[rows - 1], {
                  ...{ a: weights, aRow: weightRow, aCol: 4, b: x, bRow: table, k },
                  ...{ start: from, startRow, c: out, cRow },
                }),
              );
            f.advance(weights, i32.mul(weightRow, height));
            f.advance(from, i32.mul(startRow, height));
            f.advance(out, i32.mul(cRow, height));
            f.set(rest, i32.sub(rest, height));
            f.advance(count, -1);
          },
        );
        f.advance(x, tileWidth);
        f.advance(c, tileWidth);
        f.advance(n, -8);
      },
    );
  });
}

function writeCorrelate(module: Module, fma: boolean, most: number): void {
  const heights = Array.from({ length: most }, (_, r) => r + 1);
  const kinds = [1, 2].map((vectors) => ({
    tiles: heights.map((rows) => writeTile(module, float32(fma), rows, vectors, 'a')),
    add: addSums(module, float32(fma), vectors),
  }));
  const parameters = integers('m', 'n', 'x', 'table', 'y', 'c', 'row', 'sums');
  module.define('correlate', parameters, (f, { m, n, x, table, y, c, row, sums }) => {
    const [k, column, count, rest, height, distances, out] = f.locals('i32', 7);
    const tilesOf = ({ tiles, add }: (typeof kinds)[number]) => {
      f.set(count, i32.div(i32.add(m, most - 1), most));
      f.set(rest, m);
      f.set(distances, table);
      f.set(out, i32.add(c, column));
      f.while(
        () => i32.gt(rest, 0),
        () => {
          f.set(height, i32.div(i32.add(rest, i32.sub(count, 1)), count));
          for (const rows of heights)
            f.if(i32.eq(height, rows), () =>
              f.call(tiles[rows - 1], {
                ...{ a: x, aRow: distances, aCol: 4, b: i32.add(y, column), bRow: row, k },
                ...{ start: zeros, startRow: 0, c: sums, cRow: tileWidth },
              }),
            );
          f.call(add, { c: out, cRow: row, rows: height, from: sums });
          f.advance(distances, i32.shl(height, 2));
          f.advance(out, i32.mul(row, height));
          f.set(rest, i32.sub(rest, height));
          f.advance(count, -1);
        },
      );
    };
    f.while(
      () => i32.gt(n, 0),
      () => {
        f.set(k, n);
        f.if(i32.gt(k, stretch), () => f.set(k, stretch));
        f.for(column, 0, row, tileWidth, () =>
          f.if(
            i32.eq(i32.sub(row, column), 16),
            () => tilesOf(kinds[0]),
            () => tilesOf(kinds[1]),
          ),
        );
        f.advance(x, 4 * stretch);
        f.advance(y, i32.mul(row, stretch));
        f.advance(n, -stretch);
      },
    );
  });
}

function writeTurn(module: Module): void {
  const e = float32(false);
  const parameters = integers('to', 'toRow', 'from', 'fromRow', 'rows', 'columns');
  const turn = module.define('turnOne', parameters, (f, { to, toRow, from, fromRow, rows, columns }) => {
    const [i, j, source, target] = f.locals('i32', 4);
    const four = f.locals('v128', 4);
    /** Steps of four; the last may overlap the one before it. */
    const inFours = (at: Local<'i32'>, end: Local<'i32'>, body: () => void) => {
      f.set(at, 0);
      f.while(
        () => i32.lt(at, end),
        () => {
          f.if(i32.gt(at, i32.sub(end, 4)), () => f.set(at, i32.sub(end, 4)));
          body();
          f.advance(at, 4);
        },
      );
    };
    f.if(
      i32.and(i32.ge(rows, 4), i32.ge(columns, 4)),
      () =>
        inFours(i, rows, () =>
          inFours(j, columns, () => {
            f.set(source, i32.add(i32.add(from, i32.mul(i, fromRow)), i32.shl(j, 2)));
            f.set(target, i32.add(i32.add(to, i32.mul(j, toRow)), i32.shl(i, 2)));
            for (const row of four) {
              f.set(row, v128.load(source));
              f.advance(source, fromRow);
            }
            for (const column of e.transpose(f, four)) {
              f.store(target, column);
              f.advance(target, toRow);
            }
          }),
        ),
      () =>
        f.for(i, 0, rows, 1, () =>
          f.for(j, 0, columns, 1, () => {
            f.set(source, i32.add(i32.add(from, i32.mul(i, fromRow)), i32.shl(j, 2)));
            e.copy(f, i32.add(i32.add(to, i32.mul(j, toRow)), i32.shl(i, 2)), 0, source);
          }),
        ),
    );
  });
  module.define(
    'turn',
    integers('blocks', 'to', 'toBlock', 'toRow', 'from', 'fromBlock', 'fromRow', 'rows', 'columns'),
    (f, p) =>
      f.while(
        () => i32.gt(p.blocks, 0),
        () => {
          f.call(turn, p);
          f.advance(p.to, p.toBlock);
          f.advance(p.from, p.fromBlock);
          f.advance(p.blocks, -1);
        },
      ),
  );
}

function writeCopy(module: Module, copyRows: ReturnType<typeof writeRows>, pick: ReturnType<typeof writePick>): void {
  const to = ['planes', 'to', 'toPlane', 'toRow', 'toColumn'] as const;
  const from = ['from', 'fromPlane', 'fromRow', 'fromColumn', 'rows', 'columns'] as const;
  module.define('copy', integers(...to, ...from), (f, p) =>
    f.while(
      () => i32.gt(p.planes, 0),
      () => {
        f.if(
          i32.and(i32.eq(p.toColumn, 4), i32.eq(p.fromColumn, 4)),
          () => f.call(copyRows, { ...p, toStep: p.toRow, fromStep: p.fromRow, length: i32.shl(p.columns, 2) }),
          () => f.call(pick, p),
        );
        f.advance(p.to, p.toPlane);
        f.advance(p.from, p.fromPlane);
        f.advance(p.planes, -1);
      },
    ),
  );
}

/** Copies `rows` rows of `columns` elements, with a stride within rows as well. */
function writePick(module: Module) {
  const e = float32(false);
  const parameters = integers('to', 'toRow', 'toColumn', 'from', 'fromRow', 'fromColumn', 'rows', 'columns');
  return module.define('pick', parameters, (f, { to, toRow, toColumn, from, fromRow, fromColumn, rows, columns }) => {
    const [target, source, rest] = f.locals('i32', 3);
    f.while(
      () => i32.gt(rows, 0),
      () => {
        f.set(target, to);
        f.set(source, from);
        f.set(rest, columns);
        f.while(
          () => i32.gt(rest, 0),
          () => {
            e.copy(f, target, 0, source);
            f.advance(target, toColumn);
            f.advance(source, fromColumn);
            f.advance(rest, -1);
          },
        );
        f.advance(to, toRow);
        f.advance(from, fromRow);
        f.advance(rows, -1);
      },
    );
  });
}
