// Functions of single elements, over a chunk of elements in memory.

import { i32, Module, v128 } from './assembler';
import { Functions } from './functions';

/** The functions that {@link mapsModule} has. */
export const mapped = ['exp', 'log', 'tanh', 'sigmoid', 'relu'] as const;
export type MapName = (typeof mapped)[number];

/** `y[i] = f(x[i])` for `n` elements; addresses are in bytes. Up to eight elements behind the last are computed, too. */
export type MapsExports = Record<MapName, (n: number, x: number, y: number) => void>;

/** Vectors in one turn, so that one does not wait for the other; more than two gain nothing. */
const wide = 2;

export function mapsModule(fma: boolean): Module {
  const module = new Module();
  for (const name of mapped)
    module.define(name, { n: 'i32', x: 'i32', y: 'i32' }, (f, { n, x, y }) => {
      const functions = new Functions(f, fma);
      const end = f.local('i32', i32.add(y, i32.shl(n, 2)));
      f.while(
        () => i32.lt(y, end),
        () => {
          const results = Array.from({ length: wide }, (_, i) =>
            f.local('v128', functions[name](v128.load(x, 16 * i))),
          );
          results.forEach((v, i) => {
            f.store(y, v, 16 * i);
          });
          f.advance(x, 16 * wide);
          f.advance(y, 16 * wide);
        },
      );
    });
  return module;
}
