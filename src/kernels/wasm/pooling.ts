// Max pooling by windows of 2 × 2 that do not overlap, four windows at a time.

import { f32x4, i32, i32x4, Module, v128 } from './assembler';

/** The functions of {@link poolingModule}; addresses are in bytes. */
export interface PoolingExports {
  /**
   * The largest element of each window in planes of `2·height × 2·width` elements at `large`, and its place in the plane.
   * Of equals the first counts, of several NaN the last. `width` is 4 or more.
   */
  maxPool(planes: number, height: number, width: number, large: number, small: number, places: number): void;
}

const parameters = { planes: 'i32', height: 'i32', width: 'i32', large: 'i32', small: 'i32', places: 'i32' } as const;

export function poolingModule(): Module {
  const module = new Module();
  module.define('maxPool', parameters, (f, p) => {
    const { planes, height, width } = p;
    const [row, i, j, at, large] = f.locals('i32', 5);
    const [first, best, place, candidate, here, wins] = f.locals('v128', 6);
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
    const fourWindows = () => {
      f.set(at, i32.add(row, i32.shl(j, 1)));
      f.set(first, i32x4.add(i32x4.const(0, 2, 4, 6), i32x4.splat(at)));
      f.set(large, i32.add(p.large, i32.shl(at, 2)));
      take(false);
      f.set(best, candidate);
      f.set(place, here);
      compare(true);
      f.advance(large, i32.shl(width, 3));
      f.set(first, i32x4.add(first, i32x4.splat(i32.shl(width, 1))));
      compare(false);
      compare(true);
      f.store(i32.add(p.small, i32.shl(j, 2)), best);
      f.store(i32.add(p.places, i32.shl(j, 2)), place);
    };
    f.while(
      () => i32.gt(planes, 0),
      () => {
        f.set(row, 0);
        f.for(i, 0, height, 1, () => {
          f.set(j, 0);
          f.repeat(
            () => {
              // The last four of a row may overlap those before them.
              f.if(i32.gt(j, i32.sub(width, 4)), () => f.set(j, i32.sub(width, 4)));
              fourWindows();
              f.advance(j, 4);
            },
            () => i32.lt(j, width),
          );
          for (const address of [p.small, p.places]) f.advance(address, i32.shl(width, 2));
          f.advance(row, i32.shl(width, 2));
        });
        f.advance(p.large, i32.shl(row, 2));
        f.advance(planes, -1);
      },
    );
  });
  return module;
}
