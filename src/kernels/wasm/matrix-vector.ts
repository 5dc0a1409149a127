// The product of one row and a matrix, c = start + a·B. It reads every element of B only once, so B is neither packed
// nor transposed: one kernel is for contiguous rows of B, one for contiguous columns. Each has eight vectors of sums,
// so that additions do not wait for each other.

import { type Code, type Func, integers, type LocalsOf, type Module } from './assembler';
import type { Elements } from './elements';
import { i32, i32x4, type Vector, v128 } from './instructions';

/** Parameters of these kernels; not every kernel uses all of them. */
export const parameters: Readonly<Record<'n' | 'k' | 'a' | 'b' | 'step' | 'start' | 'c', 'i32'>> = integers(
  'n',
  'k',
  'a',
  'b',
  'step',
  'start',
  'c',
);
export type Kernel = (n: number, k: number, a: number, b: number, step: number, start: number, c: number) => void;

/** The functions that {@link writeVectorProducts} adds; `step` is the stride between rows or columns of B, in bytes. */
export interface VectorExports {
  /** `c[j] = start[j] + Σ_k a[k]·B[k, j]`, if elements along j are contiguous. */
  combine: Kernel;
  /** Likewise if elements along k are contiguous, for {@link fewestDots} columns or more; `start` is not `c`. */
  dots: Kernel;
}

/** The smallest number of columns for `dots`. */
export const fewestDots = 8;

/** Adds both kernels to a module. */
export function writeVectorProducts(module: Module, e: Elements): void {
  writeCombine(module, e);
  writeDots(module, e);
}

/**
 * Adds a kernel that processes columns, several vectors at a time. `write` emits the code for one block, and the
 * addresses `b`, `start` and `c` advance with the columns. The last vector may be incomplete.
 */
export function writeColumns(
  module: Module,
  name: string,
  lanes: number,
  write: (f: Code, p: LocalsOf<typeof parameters>, vectors: number) => void,
): void {
  const tiles = [8, 2, 1].map((vectors) => ({
    vectors,
    run: module.define(name + vectors, parameters, (f, p) => write(f, p, vectors)),
  }));
  module.define(name, parameters, (f, p) => {
    const { n, b, start, c } = p;
    for (const { vectors, run } of tiles)
      f.while(
        () => i32.ge(n, vectors === 1 ? 1 : vectors * lanes),
        () => {
          f.call(run, p);
          for (const address of [b, start, c]) f.advance(address, 16 * vectors);
          f.advance(n, -vectors * lanes);
        },
      );
  });
}

/** Adds `combine`. */
export function writeCombine(module: Module, { lanes, bytes, splat, madd }: Elements): void {
  writeColumns(module, 'combine', lanes, (f, { k, a, b, step, start, c }, vectors) => {
    const sums = f.locals('v128', vectors);
    const left = f.local('v128');
    sums.forEach((sum, j) => {
      f.set(sum, v128.load(start, 16 * j));
    });
    f.while(
      () => i32.gt(k, 0),
      () => {
        f.set(left, splat(a, 0));
        sums.forEach((sum, j) => {
          f.set(sum, madd(left, v128.load(b, 16 * j), sum));
        });
        f.advance(a, bytes);
        f.advance(b, step);
        f.advance(k, -1);
      },
    );
    sums.forEach((sum, j) => {
      f.store(c, sum, 16 * j);
    });
  });
}

function writeDots(module: Module, e: Elements): void {
  const { lanes, bytes } = e;
  const tile: Func<typeof parameters> = module.define('dots8', parameters, (f, { k, a, b, step, start, c }) => {
    const sums = f.locals('v128', fewestDots);
    const left = f.local('v128');
    const columns = [b];
    for (let j = 1; j < fewestDots; j++) columns.push(f.local('i32', i32.add(columns[j - 1], step)));
    const turn = (masked: (x: Vector) => Vector) => {
      f.set(left, masked(v128.load(a)));
      sums.forEach((sum, j) => {
        f.set(sum, e.madd(left, masked(v128.load(columns[j])), sum));
      });
      for (const address of [a, ...columns]) f.advance(address, 16);
      f.advance(k, -lanes);
    };
    f.while(
      () => i32.ge(k, lanes),
      () => turn((x) => x),
    );
    f.if(i32.gt(k, 0), () => {
      // Masks off memory after the last elements.
      const mask = f.local('v128', i32x4.gt(i32x4.splat(i32.mul(k, bytes / 4)), i32x4.const(0, 1, 2, 3)));
      turn((x) => v128.and(x, mask));
    });
    for (let j = 0; j < fewestDots; j += lanes) {
      const [first, ...rest] = e.transpose(f, sums.slice(j, j + lanes));
      const total = rest.reduce((sum, v) => e.add(sum, v), first);
      f.store(c, e.add(v128.load(start, bytes * j), total), bytes * j);
    }
  });
  module.define('dots', parameters, (f, p) => {
    const { n, b, step, start, c } = p;
    const [j, at] = f.locals('i32', 2);
    f.repeat(
      () => {
        // The last tile overlaps the one before it if the columns are not divisible.
        f.if(i32.gt(j, i32.sub(n, fewestDots)), () => f.set(j, i32.sub(n, fewestDots)));
        f.set(at, i32.mul(j, bytes));
        f.call(tile, { ...p, b: i32.add(b, i32.mul(j, step)), start: i32.add(start, at), c: i32.add(c, at) });
        f.advance(j, fewestDots);
      },
      () => i32.lt(j, n),
    );
  });
}
