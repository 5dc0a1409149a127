// Steps of optimizers in WebAssembly (wasm/steps.ts), on ordinary arrays.

import { Family, padded, reservedBytes, scratch } from './wasm/runtime';
import { type StepsExports, stepsModule } from './wasm/steps';

const family = new Family<StepsExports>(stepsModule);

/** Elements that are copied at a time: all arrays of a step stay in the first-level cache. */
const chunk = 2048;
/** Elements from which the copies are worth their while. */
const worthwhile = 64;

/** Whether there are kernels for parameters in this memory. */
export function isVectorized(p: Float32Array | Float64Array): p is Float32Array {
  return p instanceof Float32Array && p.length >= worthwhile && family.kernels !== null;
}

/**
 * Runs a step on arrays of one length, which are {@link isVectorized}: first the parameters, then the gradient, which does
 * not change, then what is remembered. A decay is the last number.
 */
export function step(name: string, decay: number, arrays: readonly Float32Array[], ...numbers: number[]): void {
  const kernel = family.kernels![decay === 0 ? name : `${name}Decayed`];
  if (decay !== 0) numbers.push(decay);
  const n = arrays[0].length;
  const room = padded(4 * Math.min(n, chunk));
  scratch.reserve(reservedBytes + arrays.length * room);
  const { f32 } = scratch;
  const addresses = arrays.map((_, i) => reservedBytes + i * room);
  for (let start = 0; start < n; start += chunk) {
    const end = Math.min(start + chunk, n);
    for (let i = 0; i < arrays.length; i++) f32.set(arrays[i].subarray(start, end), addresses[i] / 4);
    kernel(end - start, ...addresses, ...numbers);
    for (let i = 0; i < arrays.length; i++) {
      const from = addresses[i] / 4;
      if (i !== 1) arrays[i].set(f32.subarray(from, from + end - start), start);
    }
  }
}
