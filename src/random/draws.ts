// Many draws at once, by WebAssembly kernels if possible; the numbers equal those of single draws.

import { turn, until } from '../cancellation';
import type { Generator } from '../generator';
import { type RandomExports, randomModule, words } from '../kernels/wasm/random';
import { Family, padded, scratch } from '../kernels/wasm/runtime';

/** Draws made at a time. */
const most = 16 * words;
/** For fewer draws, copying the state takes longer than drawing. */
const least = 64;

const fused = new Family<RandomExports>(randomModule);
/** For machines that round twice in a multiply-add, although they have the instruction. */
const unfused = new Family<RandomExports>(() => randomModule(false));
/** Draws before the kernels are compiled. */
let patience = 20_000;

const state = scratch.start;
const room = state + padded(4 * words + 16);

/** Returns the kernels if `n` draws justify their use. */
export function kernelsFor(n: number): RandomExports | null {
  if (n < least) return null;
  if (patience > 0) {
    patience -= n;
    if (patience > 0) return null;
  }
  const { kernels } = fused;
  return kernels === null || kernels.isFused() !== 0 ? kernels : unfused.kernels;
}

/** Calls `use` with `n` draws or uniform numbers in parts, at an address in the kernels' memory. */
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

/** Calls `use` with `n` draws as signed words in parts, each of an even number except the last. */
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

/** Returns a number uniform in `[0, 1)` in steps of 2⁻²⁴, from one draw. */
export const uniform24 = (word: number): number => (word & 0xffffff) / 2 ** 24;

/** Returns a number uniform in `[0, 1)` in steps of 2⁻⁵³, from two draws. */
export const uniform53 = (high: number, low: number): number => ((high & 0x1fffff) * 2 ** 32 + (low >>> 0)) / 2 ** 53;

/** Fills the array with a function of `u`, uniform in `[0, 1)` in steps of 2⁻⁵³; two draws per element. */
export function fillMapped(
  data: { [i: number]: number; readonly length: number },
  generator: Generator,
  value: (u: number, i: number) => number,
): void {
  inDraws(2 * data.length, generator, (some, first, count) => {
    for (let i = 0, to = first / 2; i < count; i += 2, to++) data[to] = value(uniform53(some[i], some[i + 1]), to);
  });
}
