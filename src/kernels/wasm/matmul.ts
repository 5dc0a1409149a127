// The product of two matrices, C = start + A·B, for operands with any strides. The innermost tile keeps `rows × 2`
// vectors of C in registers while it iterates over k. At each step it reads two vectors of B and, for each row, one
// element of A, which it multiplies by both. Six rows need 12 + 2 + 1 registers, as many as V8 provides (five rows if
// products and sums are separate instructions).
//
// B is read in panels as wide as a tile, A in panels as high as a tile. A panel may be packed first, that is, copied so
// that the tile reads it contiguously. This pays if the panel is read often, and columns of B are far apart or strides
// cause cache conflicts. An element of C is always the sum over k in the same order, in blocks of the same length. So
// neither packing nor splitting a product changes a bit.

import { type Func, Module } from './assembler';
import { type Elements, float32, float64 } from './elements';
import { type Int, i32, type Local, v128 } from './instructions';
import { type VectorExports, writeVectorProducts } from './matrix-vector';

/**
 * k is split into blocks of this length, whose sums are added. A panel of B (8 KB) fits in the first-level cache, and a
 * long sum loses less to rounding.
 */
export const blockK = 256;
/**
 * Rows of A in a block (120 KB with float32, which fits in the second-level cache): a multiple of every tile height.
 */
export const blockM = 120;
/** Maximum rows of a tile. */
export const tallest = 6;

/** Bytes of a row of a tile: two vectors. */
export const tileWidth = 32;
/** Address of a row of zeros, from which sums start (see `reservedBytes` in runtime.ts). */
export const zeros = 0;
/** Address of the scratch memory for the sums of one tile, and its size in bytes. */
export const tileSums = 64;
export const tileSumsBytes = 256;

const tileParameters = {
  a: 'i32',
  aRow: 'i32',
  aCol: 'i32',
  b: 'i32',
  bRow: 'i32',
  start: 'i32',
  startRow: 'i32',
  c: 'i32',
  cRow: 'i32',
  k: 'i32',
} as const;
type Tile = Func<typeof tileParameters>;

/**
 * Adds the products over k to `rows × vectors` of C, starting from the values at `start`. All strides are in bytes. The
 * rows of one operand, `indirect`, may be unevenly spaced: its stride is then the address of a table of their offsets.
 */
export function writeTile(module: Module, e: Elements, rows: number, vectors: number, indirect?: 'a' | 'b'): Tile {
  return module.define(`tile${rows}x${vectors}${indirect ?? ''}`, tileParameters, (f, p) => {
    const { a, aRow, aCol, b, bRow, start, startRow, c, cRow, k } = p;
    const sums = Array.from({ length: rows }, () => f.locals('v128', vectors));
    const right = f.locals('v128', vectors);
    const left = f.local('v128');
    const at = [a];
    for (let r = 1; r < rows; r++)
      at.push(f.local('i32', indirect === 'a' ? i32.add(a, i32.load(aRow, 4 * r)) : i32.add(at[r - 1], aRow)));
    if (indirect === 'a') f.advance(a, i32.load(aRow));
    const row = indirect === 'b' ? f.local('i32') : b;
    // Sums are read before the loop and only stored after it, and the loop may run zero times. Otherwise V8 11 and 12
    // spill the sums in every turn, which takes twice the time.
    sums.forEach((row, r) => {
      if (r > 0) f.advance(start, startRow);
      row.forEach((sum, j) => {
        f.set(sum, v128.load(start, 16 * j));
      });
    });
    f.while(
      () => i32.gt(k, 0),
      () => {
        if (indirect === 'b') f.set(row, i32.add(b, i32.load(bRow)));
        right.forEach((v, j) => {
          f.set(v, v128.load(row, 16 * j));
        });
        sums.forEach((line, r) => {
          f.set(left, e.splat(at[r], 0));
          line.forEach((sum, j) => {
            f.set(sum, e.madd(left, right[j], sum));
          });
        });
        if (indirect === 'b') f.advance(bRow, 4);
        else f.advance(b, bRow);
        for (const address of at) f.advance(address, aCol);
        f.advance(k, -1);
      },
    );
    sums.forEach((row, r) => {
      if (r > 0) f.advance(c, cRow);
      row.forEach((sum, j) => {
        f.store(c, sum, 16 * j);
      });
    });
  });
}

const sumsParameters = { c: 'i32', cRow: 'i32', rows: 'i32', from: 'i32' } as const;

/** Adds rows of `vectors` of sums to a tile of C. */
export function addSums(module: Module, e: Elements, vectors: number): Func<typeof sumsParameters> {
  return module.define(`add${vectors}`, sumsParameters, (f, { c, cRow, rows, from }) => {
    f.while(
      () => i32.gt(rows, 0),
      () => {
        for (let j = 0; j < vectors; j++) f.store(c, e.add(v128.load(c, 16 * j), v128.load(from, 16 * j)), 16 * j);
        f.advance(from, tileWidth);
        f.advance(c, cRow);
        f.advance(rows, -1);
      },
    );
  });
}

/**
 * Copies `count` lines of `k` elements into panels of `width` lines, each panel k by k. The last panel is padded with
 * copies of its last line.
 */
function writePack(module: Module, e: Elements, name: string, width: number) {
  const { bytes, lanes } = e;
  const parameters = { to: 'i32', from: 'i32', lineStep: 'i32', kStep: 'i32', count: 'i32', k: 'i32' } as const;
  return module.define(name, parameters, (f, { to, from, lineStep, kStep, count, k }) => {
    const rest = f.local('i32');
    const lines = f.locals('i32', width);
    const rows = f.locals('v128', lanes);
    /** First line of each group of lanes; the last group may overlap the one before it. */
    const groups = [...Array(Math.ceil(width / lanes)).keys()].map((g) => Math.min(g * lanes, width - lanes));
    const advance = (steps: number, step: Int | number) => {
      for (const line of lines) f.advance(line, step);
      f.advance(to, steps * width * bytes);
      f.advance(rest, -steps);
    };
    f.while(
      () => i32.gt(count, 0),
      () => {
        f.set(lines[0], from);
        for (let l = 1; l < width; l++) f.set(lines[l], i32.add(lines[l - 1], i32.mul(lineStep, i32.gt(count, l))));
        f.set(rest, k);
        f.if(
          i32.and(i32.eq(lineStep, bytes), i32.ge(count, width)),
          // Adjacent lines: their elements for one k form vectors.
          () =>
            f.while(
              () => i32.gt(rest, 0),
              () => {
                for (const l of groups) f.store(to, v128.load(lines[l]), l * bytes);
                advance(1, kStep);
              },
            ),
          () => {
            // Lines that are contiguous along k are transposed, one block of vectors at a time.
            f.if(i32.eq(kStep, bytes), () =>
              f.while(
                () => i32.ge(rest, lanes),
                () => {
                  for (const l of groups) {
                    rows.forEach((row, i) => {
                      f.set(row, v128.load(lines[l + i]));
                    });
                    e.transpose(f, rows).forEach((column, i) => {
                      f.store(to, column, (i * width + l) * bytes);
                    });
                  }
                  advance(lanes, lanes * bytes);
                },
              ),
            );
            f.while(
              () => i32.gt(rest, 0),
              () => {
                lines.forEach((line, l) => {
                  e.copy(f, to, l * bytes, line);
                });
                advance(1, kStep);
              },
            );
          },
        );
        f.advance(from, i32.mul(lineStep, width));
        f.advance(count, -width);
      },
    );
  });
}

const rowsParameters = { to: 'i32', toStep: 'i32', from: 'i32', fromStep: 'i32', rows: 'i32', length: 'i32' } as const;

/**
 * Copies rows of `length` bytes between addresses with different strides. It goes forward, so rows may be compacted in
 * place.
 */
export function writeRows(module: Module): Func<typeof rowsParameters> {
  return module.define('rows', rowsParameters, (f, { to, toStep, from, fromStep, rows, length }) => {
    const [t, s, end] = f.locals('i32', 3);
    f.while(
      () => i32.gt(rows, 0),
      () => {
        f.set(t, to);
        f.set(s, from);
        f.set(end, i32.add(to, i32.and(length, -16)));
        f.while(
          () => i32.lt(t, end),
          () => {
            f.store(t, v128.load(s));
            f.advance(t, 16);
            f.advance(s, 16);
          },
        );
        f.if(i32.and(length, 8), () => {
          f.storeLow(t, v128.low64(s), 8);
          f.advance(t, 8);
          f.advance(s, 8);
        });
        f.if(i32.and(length, 4), () => f.storeLow(t, v128.low32(s), 4));
        f.advance(to, toStep);
        f.advance(from, fromStep);
        f.advance(rows, -1);
      },
    );
  });
}

/** The functions that {@link matmulModule} exports; addresses and strides are in bytes. */
export interface MatmulExports extends VectorExports {
  /**
   * `C = start + A·B`. `start` is a row of C or a matrix: `startRow` and `startCol` are the strides to its next row and
   * element, or 0. With `isLater` this is the product of a later block of k, and is added to C. `packedA` and `packedB`
   * are memory for packed panels, or 0 to read the operand in place; for B this needs `bCol` to be the size of an
   * element. `sums` is scratch memory for one tile.
   */
  matmul(
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    aCol: number,
    b: number,
    bRow: number,
    bCol: number,
    start: number,
    startRow: number,
    startCol: number,
    c: number,
    cRow: number,
    isLater: number,
    packedA: number,
    packedB: number,
    sums: number,
  ): void;
  rows(to: number, toStep: number, from: number, fromStep: number, rows: number, length: number): void;
}

const blockParameters = {
  a: 'i32',
  aRow: 'i32',
  aCol: 'i32',
  panelA: 'i32',
  b: 'i32',
  bRow: 'i32',
  panelB: 'i32',
  start: 'i32',
  startRow: 'i32',
  startPanel: 'i32',
  c: 'i32',
  cRow: 'i32',
  m: 'i32',
  n: 'i32',
  k: 'i32',
  isLater: 'i32',
  sums: 'i32',
} as const;

/**
 * All tiles of a block with at most `blockM` rows of C. Panels of B are the outer loop, since all rows read them again.
 * The sums of a later block of k are added to C.
 */
function writeBlock(module: Module, e: Elements, height: number) {
  const heights = Array.from({ length: height }, (_, r) => r + 1);
  const kinds = [1, 2].map((vectors) => ({
    tiles: heights.map((rows) => writeTile(module, e, rows, vectors)),
    add: addSums(module, e, vectors),
  }));
  const width = 2 * e.lanes;
  return module.define('block', blockParameters, (f, p) => {
    const { a, aRow, panelA, b, start, startRow, c, cRow, m, n, isLater } = p;
    const [rows, rest, at, from, to] = f.locals('i32', 5);
    const [out, outRow] = [f.local('i32', p.sums), f.local('i32', tileWidth)];
    f.if(i32.eqz(isLater), () => f.set(outRow, cRow));
    const column = ({ tiles, add }: (typeof kinds)[number]) => {
      f.set(rest, m);
      f.set(at, a);
      f.set(from, start);
      f.set(to, c);
      const tile = (height: number, next: Int) => {
        f.if(i32.eqz(isLater), () => f.set(out, to));
        f.call(tiles[height - 1], { ...p, a: at, start: from, c: out, cRow: outRow });
        f.if(isLater, () => f.call(add, { c: to, cRow, rows: height, from: p.sums }));
        f.advance(at, next);
        f.advance(from, i32.mul(startRow, height));
        f.advance(to, i32.mul(cRow, height));
        f.advance(rest, -height);
      };
      f.while(
        () => i32.gt(rest, 0),
        () =>
          f.if(
            i32.ge(rest, 2 * height),
            () => tile(height, panelA),
            () => {
              // Two tiles of similar height: with only a row or two, each sum would wait for the one before. Packed
              // panels of A cannot be split.
              f.set(rows, rest);
              f.if(i32.gt(rest, height), () => {
                f.set(rows, i32.shr(i32.add(rest, 1), 1));
                f.if(i32.ne(panelA, i32.mul(aRow, height)), () => f.set(rows, height));
              });
              f.set(next, i32.mul(rows, aRow));
              f.if(i32.eq(rows, height), () => f.set(next, panelA));
              for (const r of heights) f.if(i32.eq(rows, r), () => tile(r, next));
            },
          ),
      );
    };
    const next = f.local('i32');
    f.while(
      () => i32.gt(n, 0),
      () => {
        f.if(
          i32.gt(n, e.lanes),
          () => column(kinds[1]),
          () => column(kinds[0]),
        );
        f.advance(b, p.panelB);
        f.advance(start, p.startPanel);
        f.advance(c, tileWidth);
        f.advance(n, -width);
      },
    );
  });
}

const matmulParameters = {
  m: 'i32',
  n: 'i32',
  k: 'i32',
  a: 'i32',
  aRow: 'i32',
  aCol: 'i32',
  b: 'i32',
  bRow: 'i32',
  bCol: 'i32',
  start: 'i32',
  startRow: 'i32',
  startCol: 'i32',
  c: 'i32',
  cRow: 'i32',
  isLater: 'i32',
  packedA: 'i32',
  packedB: 'i32',
  sums: 'i32',
} as const;

/** The matrix product kernels for float32 or float64 (`double`), see {@link MatmulExports}. */
export function matmulModule(fma: boolean, double: boolean): Module {
  const module = new Module();
  const e = double ? float64(fma) : float32(fma);
  const height = fma ? tallest : 5;
  const packA = writePack(module, e, 'packA', height);
  const packB = writePack(module, e, 'packB', 2 * e.lanes);
  const block = writeBlock(module, e, height);
  writeRows(module);
  writeVectorProducts(module, e);

  module.define('matmul', matmulParameters, (f, p) => {
    const { a, aRow, aCol, b, bRow, start, startRow, startCol, c, cRow, isLater, packedA, packedB } = p;
    const [i, m, k, panel, from, to] = f.locals('i32', 6);
    const least = (to: Local<'i32'>, x: Int, most: number) => {
      f.set(to, x);
      f.if(i32.gt(to, most), () => f.set(to, most));
    };
    const panelB = f.local('i32', tileWidth);
    const panelRow = f.local('i32', bRow);
    f.repeat(
      () => {
        least(k, p.k, blockK);
        f.set(panel, b);
        f.if(packedB, () => {
          f.call(packB, { to: packedB, from: b, lineStep: p.bCol, kStep: bRow, count: p.n, k });
          f.set(panel, packedB);
          f.set(panelRow, tileWidth);
          f.set(panelB, i32.mul(k, tileWidth));
        });
        f.for(i, 0, p.m, blockM, () => {
          least(m, i32.sub(p.m, i), blockM);
          f.set(from, i32.add(a, i32.mul(i, aRow)));
          f.set(to, i32.add(c, i32.mul(i, cRow)));
          const tiles = (left: { a: Int; aRow: Int | number; aCol: Int | number; panelA: Int }) =>
            f.call(block, {
              ...left,
              ...{ b: panel, bRow: panelRow, panelB, c: to, cRow, m, n: p.n, k, isLater, sums: p.sums },
              start: i32.add(start, i32.mul(i, startRow)),
              startRow,
              startPanel: i32.mul(startCol, 2 * e.lanes),
            });
          f.if(
            packedA,
            () => {
              f.call(packA, { to: packedA, from, lineStep: aRow, kStep: aCol, count: m, k });
              const step = height * e.bytes;
              tiles({ a: packedA, aRow: e.bytes, aCol: step, panelA: i32.mul(k, step) });
            },
            () => tiles({ a: from, aRow, aCol, panelA: i32.mul(aRow, height) }),
          );
        });
        f.set(isLater, 1);
        f.set(start, zeros);
        f.set(startRow, 0);
        f.set(startCol, 0);
        f.advance(a, i32.mul(aCol, blockK));
        f.advance(b, i32.mul(bRow, blockK));
        f.advance(p.k, -blockK);
      },
      () => i32.gt(p.k, 0),
    );
  });
  return module;
}
