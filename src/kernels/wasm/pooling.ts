// Max pooling: along one dimension with any windows, or with non-overlapping windows of 2 × 2, four at a time.

import { type Code, integers, Module } from './assembler';
import { f32x4, type Int, i32, i32x4, type Local, type Vector, v128 } from './instructions';

/** The functions of {@link poolingModule}; addresses are in bytes. */
export interface PoolingExports {
  /**
   * The largest element of each window in planes of `2·height × 2·width` elements at `large`, and its position in the
   * plane. Of equals the first counts, of several NaN the last. `width` is at least 4.
   */
  maxPool(planes: number, height: number, width: number, large: number, small: number, places: number): void;
  /** Sets the planes at `large` to the elements of `small` at their positions, and to 0 elsewhere. */
  maxPoolBack(planes: number, height: number, width: number, large: number, small: number, places: number): void;
  /**
   * The largest element of each window along one dimension of `size` elements, with `outer` elements before and `inner`
   * after it. Window `w` covers `counts[w]` elements from `starts[w]` on, `step` apart. Also writes its position:
   * `plane` times that in the dimension, plus the position found along a later dimension (`from`, or 0).
   */
  maxAlong(
    outer: number,
    inner: number,
    size: number,
    windows: number,
    starts: number,
    counts: number,
    step: number,
    plane: number,
    x: number,
    from: number,
    y: number,
    at: number,
  ): void;
}

export function poolingModule(): Module {
  const module = new Module();
  writeSquares(module, 'maxPool', largestOfFour);
  writeSquares(module, 'maxPoolBack', backToFour);
  writeAlong(module);
  return module;
}

/** Four adjacent windows of 2 × 2: their addresses, and the positions of their first elements. */
interface FourWindows {
  readonly large: Local<'i32'>;
  readonly small: Local<'i32'>;
  readonly places: Local<'i32'>;
  /** Bytes per row of a plane. */
  readonly row: Int;
  readonly first: Local<'v128'>;
}

/**
 * Writes the loops over windows. `four` declares its locals before the loops, and returns the code for four windows.
 */
function writeSquares(module: Module, name: string, four: (f: Code, w: FourWindows) => () => void): void {
  const parameters = integers('planes', 'height', 'width', 'large', 'small', 'places');
  module.define(name, parameters, (f, p) => {
    const { planes, height, width } = p;
    const [start, i, j, at, large, small, places] = f.locals('i32', 7);
    const first = f.local('v128');
    const visit = four(f, { large, small, places, row: i32.shl(width, 3), first });
    f.while(
      () => i32.gt(planes, 0),
      () => {
        f.set(start, 0);
        f.for(i, 0, height, 1, () => {
          f.set(j, 0);
          f.repeat(
            () => {
              // The last four of a row may overlap those before them.
              f.if(i32.gt(j, i32.sub(width, 4)), () => f.set(j, i32.sub(width, 4)));
              f.set(at, i32.add(start, i32.shl(j, 1)));
              f.set(first, i32x4.add(i32x4.const(0, 2, 4, 6), i32x4.splat(at)));
              f.set(large, i32.add(p.large, i32.shl(at, 2)));
              f.set(small, i32.add(p.small, i32.shl(j, 2)));
              f.set(places, i32.add(p.places, i32.shl(j, 2)));
              visit();
              f.advance(j, 4);
            },
            () => i32.lt(j, width),
          );
          for (const address of [p.small, p.places]) f.advance(address, i32.shl(width, 2));
          f.advance(start, i32.shl(width, 2));
        });
        f.advance(p.large, i32.shl(start, 2));
        f.advance(planes, -1);
      },
    );
  });
}

/** The positions one row below those of four windows. */
const nextRow = (row: Int) => i32x4.splat(i32.shr(row, 2));

function largestOfFour(f: Code, { large, small, places, row, first }: FourWindows): () => void {
  const [best, place, candidate, here, wins] = f.locals('v128', 5);
  const take = (isRight: boolean) => {
    const [a, b] = [v128.load(large), v128.load(large, 16)];
    f.set(candidate, isRight ? v128.shuffle(a, b, 1, 3, 5, 7) : v128.shuffle(a, b, 0, 2, 4, 6));
    f.set(here, isRight ? i32x4.add(first, i32x4.const(1)) : first);
  };
  const compare = (isRight: boolean) => {
    take(isRight);
    f.set(wins, v128.or(f32x4.gt(candidate, best), f32x4.ne(candidate, candidate)));
    f.set(best, v128.select(candidate, best, wins));
    f.set(place, v128.select(here, place, wins));
  };
  return () => {
    take(false);
    f.set(best, candidate);
    f.set(place, here);
    compare(true);
    f.advance(large, row);
    f.set(first, i32x4.add(first, nextRow(row)));
    compare(false);
    compare(true);
    f.store(small, best);
    f.store(places, place);
  };
}

function backToFour(f: Code, { large, small, places, row, first }: FourWindows): () => void {
  const [value, place, left, right] = f.locals('v128', 4);
  const spread = () => {
    f.set(left, v128.and(value, i32x4.eq(place, first)));
    f.set(right, v128.and(value, i32x4.eq(place, i32x4.add(first, i32x4.const(1)))));
    f.store(large, v128.shuffle(left, right, 0, 4, 1, 5));
    f.store(large, v128.shuffle(left, right, 2, 6, 3, 7), 16);
  };
  return () => {
    f.set(value, v128.load(small));
    f.set(place, v128.load(places));
    spread();
    f.advance(large, row);
    f.set(first, i32x4.add(first, nextRow(row)));
    spread();
  };
}

function writeAlong(module: Module): void {
  const parameters = integers(
    ...(['outer', 'inner', 'size', 'windows', 'starts', 'counts', 'step', 'plane'] as const),
    ...(['x', 'from', 'y', 'at'] as const),
  );
  module.define('maxAlong', parameters, (f, p) => {
    const { outer, inner, size, windows, starts, counts, step, plane, x, from, y, at } = p;
    const [w, i, rest, element, found, place, placeStep, start] = f.locals('i32', 8);
    const elementStep = f.local('i32', i32.shl(i32.mul(step, inner), 2));
    f.set(placeStep, i32.mul(step, plane));
    /** All elements of a window except the first. */
    const others = (compare: () => void) => {
      f.set(rest, i32.sub(i32.load(i32.add(counts, i32.shl(w, 2))), 1));
      f.while(
        () => i32.gt(rest, 0),
        () => {
          f.advance(element, elementStep);
          f.advance(found, elementStep);
          f.advance(place, placeStep);
          compare();
          f.advance(rest, -1);
        },
      );
    };
    const [value, best, candidate, here, wins] = f.locals('v128', 5);
    /**
     * The maximum of adjacent windows: four, or one in the lowest lane. Without branches, which would mostly be
     * mispredicted.
     */
    const largest = (load: (address: Int) => Vector, store: (address: Int, v: Vector) => void) => {
      const look = () => {
        f.set(candidate, load(element));
        f.set(here, i32x4.splat(place));
        f.if(from, () => f.set(here, i32x4.add(here, load(found))));
      };
      look();
      f.set(value, candidate);
      f.set(best, here);
      others(() => {
        look();
        f.set(wins, v128.or(f32x4.gt(candidate, value), f32x4.ne(candidate, candidate)));
        f.set(value, v128.select(candidate, value, wins));
        f.set(best, v128.select(here, best, wins));
      });
      store(y, value);
      store(at, best);
    };
    const four = () => largest(v128.load, (address, v) => f.store(address, v));
    const one = () => largest(v128.low32, (address, v) => f.storeLow(address, v, 4));
    const visit = (count: number, body: () => void) =>
      f.while(
        () => i32.ge(i32.sub(inner, i), count),
        () => {
          const offset = i32.shl(i32.add(i32.mul(start, inner), i), 2);
          f.set(element, i32.add(x, offset));
          f.set(found, i32.add(from, offset));
          f.set(place, i32.mul(start, plane));
          body();
          for (const address of [y, at]) f.advance(address, 4 * count);
          f.advance(i, count);
        },
      );
    f.while(
      () => i32.gt(outer, 0),
      () => {
        f.for(w, 0, windows, 1, () => {
          f.set(start, i32.load(i32.add(starts, i32.shl(w, 2))));
          f.set(i, 0);
          visit(4, four);
          visit(1, one);
        });
        f.advance(x, i32.shl(i32.mul(size, inner), 2));
        f.if(from, () => f.advance(from, i32.shl(i32.mul(size, inner), 2)));
        f.advance(outer, -1);
      },
    );
  });
}
