// Functions of single elements in WebAssembly (wasm/maps.ts), on ordinary arrays.

import type { NumberArray } from './strides';
import { type MapName, type MapsExports, mapsModule } from './wasm/maps';
import { Family, padded, reservedBytes, scratch } from './wasm/runtime';

const family = new Family<MapsExports>(mapsModule);

/** Which expressions of float32 there are kernels for. */
export const expressions: Readonly<Record<string, MapName>> = {
  'Math.exp(x)': 'exp',
  'Math.log(x)': 'log',
  'Math.tanh(x)': 'tanh',
  '1 / (1 + Math.exp(-x))': 'sigmoid',
  // A loop would mispredict every other branch.
  'x < 0 ? 0 : x': 'relu',
};

/** Elements that are copied at a time: they stay in the first-level cache, together with their results. */
export const chunk = 4096;
/** Elements from which the copies are worth their while. */
const worthwhile = 16;

type Loop = (n: number, y: NumberArray, x: NumberArray, xo: number) => void;

/**
 * The kernel of an expression, or the loop given where there is none: of `n` float32 elements from `xo` on, the results
 * fill `y`.
 */
export function vectorized(expression: string, loop: Loop): Loop {
  const name = expressions[expression];
  if (name === undefined) return loop;
  return (n, y, x, xo) => {
    const kernels = n < worthwhile ? null : family.kernels;
    if (kernels === null) {
      loop(n, y, x, xo);
      return;
    }
    const kernel = kernels[name];
    const room = padded(4 * Math.min(n, chunk));
    scratch.reserve(reservedBytes + 2 * room);
    const { f32 } = scratch;
    const to = (reservedBytes + room) / 4;
    for (let i = 0; i < n; i += chunk) {
      const count = Math.min(chunk, n - i);
      f32.set(x.subarray(xo + i, xo + i + count), reservedBytes / 4);
      kernel(count, reservedBytes, 4 * to);
      y.set(f32.subarray(to, to + count), i);
    }
  };
}
