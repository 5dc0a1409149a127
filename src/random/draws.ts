// Many draws at once, by kernels where there are such; the numbers are those of single draws.

import { turn, until } from '../cancellation';
import type { Generator } from '../generator';
import { type RandomExports, randomModule, words } from '../kernels/wasm/random';
import { Family, padded, scratch } from '../kernels/wasm/runtime';

/** Draws made at a time. */
const most = 16 * words;
/** Below so many, copying the state takes longer than the draws. */
const least = 64;

const fused = new Family<RandomExports>(randomModule);
/** For machines that multiply and add in two roundings, although the instruction is there. */
const unfused = new Family<RandomExports>(() => randomModule(false));
/** Draws to be made before kernels are worth writing. */
let patience = 20_000;

const state = scratch.start;
const room = state + padded(4 * words + 16);

/** The kernels, if `n` draws are worth their while. */
export function kernelsFor(n: number): RandomExports | null {
  if (n < least) return null;
  if (patience > 0) {
    patience -= n;
    if (patience > 0) return null;
  }
  const { kernels } = fused;
  return kernels === null || kernels.isFused() !== 0 ? kernels : unfused.kernels;
}

/** Has `use` get `n` draws or uniform numbers, some at a time, at an address in the kernels' memory. */
export function inMemory(
  kernels: RandomExports,
  kind: 'draws' | 'uniform',
  n: number,
  { engine }: Generator,
  use: (first: number, count: number, at: number) => void,
): void {
  scratch.reserve(room + padded(4 * most));
  for (let first = 0; first < n; first += most) {
    const count = Math.min(most, n - first);
    engine.write(kernels, kind, count, scratch, room, state);
    use(first, count, room);
    turn(8 * count);
  }
}

/** Has `use` get `n` draws as signed words, some at a time, an even number but for the last. */
export function inDraws(
  n: number,
  generator: Generator,
  use: (words: Int32Array, first: number, count: number) => void,
): void {
  const kernels = kernelsFor(n);
  if (kernels !== null) {
    inMemory(kernels, 'draws', n, generator, (first, count, at) =>
      use(scratch.i32.subarray(at / 4, at / 4 + count), first, count),
    );
    return;
  }
  const some = new Int32Array(Math.min(n, 2 ** 10));
  for (let first = 0; first < n; first += some.length) {
    const count = Math.min(some.length, n - first);
    for (let i = 0; i < count; ) for (const end = until(i, count); i < end; i++) some[i] = generator.random();
    use(some, first, count);
  }
}

/** Uniform in `[0, 1)` in steps of 2⁻²⁴, of one draw. */
export const uniform24 = (word: number): number => (word & 0xffffff) / 2 ** 24;

/** Uniform in `[0, 1)` in steps of 2⁻⁵³, of two draws. */
export const uniform53 = (high: number, low: number): number => ((high & 0x1fffff) * 2 ** 32 + (low >>> 0)) / 2 ** 53;

/** Fills the array with a function of numbers `u` uniform in `[0, 1)` in steps of 2⁻⁵³: two draws each. */
export function fillMapped(
  data: { [i: number]: number; readonly length: number },
  generator: Generator,
  value: (u: number, i: number) => number,
): void {
  inDraws(2 * data.length, generator, (some, first, count) => {
    for (let i = 0, to = first / 2; i < count; i += 2, to++) data[to] = value(uniform53(some[i], some[i + 1]), to);
  });
}
