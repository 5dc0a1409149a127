// Convolution with stride 1. Along the rows of an image with its padding, a place of the kernel meets output j in input
// j + distance, whatever j is. So the matrix of patches need not exist: its rows are the image itself, each from another
// element on, and the tile of the matrix product reads them there, by a table of distances. Outputs come in rows as wide
// as the image; what is behind the last true output of a row is left out when the rows are copied.

import { i32, Module } from './assembler';
import { float32 } from './elements';
import { type MatmulExports, tallest, writeRows, writeTile } from './matmul';

/** The functions of {@link convolutionModule}; addresses and steps are in bytes. */
export interface ConvolutionExports extends Pick<MatmulExports, 'rows'> {
  /**
   * Adds to `m` rows of `n` outputs at `c` the products of weights (`m` rows of `k`) and inputs: row `k` begins at `x` plus
   * the distance at `table + 4·k`. Up to seven outputs more are computed in each row.
   */
  convolve(m: number, n: number, k: number, w: number, x: number, table: number, c: number, cRow: number): void;
}

const parameters = {
  m: 'i32',
  n: 'i32',
  k: 'i32',
  w: 'i32',
  x: 'i32',
  table: 'i32',
  c: 'i32',
  cRow: 'i32',
} as const;

export function convolutionModule(fma: boolean): Module {
  const module = new Module();
  const most = fma ? tallest : tallest - 1;
  const heights = Array.from({ length: most }, (_, r) => r + 1);
  const tiles = heights.map((rows) => writeTile(module, float32(fma), rows, 2, true));
  writeRows(module);
  module.define('convolve', parameters, (f, { m, n, k, w, x, table, c, cRow }) => {
    const [count, rest, height, weights, out] = f.locals('i32', 5);
    const weightRow = f.local('i32', i32.shl(k, 2));
    f.while(
      () => i32.gt(n, 0),
      () => {
        // As few tiles as it takes, of heights as even as can be.
        f.set(count, i32.div(i32.add(m, most - 1), most));
        f.set(rest, m);
        f.set(weights, w);
        f.set(out, c);
        f.while(
          () => i32.gt(rest, 0),
          () => {
            f.set(height, i32.div(i32.add(rest, i32.sub(count, 1)), count));
            for (const rows of heights)
              f.if(i32.eq(height, rows), () =>
                f.call(tiles[rows - 1], {
                  ...{ a: weights, aRow: weightRow, aCol: 4, b: x, bRow: table, k },
                  ...{ start: out, startRow: cRow, c: out, cRow },
                }),
              );
            f.advance(weights, i32.mul(weightRow, height));
            f.advance(out, i32.mul(cRow, height));
            f.set(rest, i32.sub(rest, height));
            f.advance(count, -1);
          },
        );
        f.advance(x, 32);
        f.advance(c, 32);
        f.advance(n, -8);
      },
    );
  });
  return module;
}
