import type { Switches } from '../../src/kernels/wasm/runtime';

/** The kernel settings in which tests of kernels run. */
export const eachVariant: readonly (readonly [string, Partial<Switches>])[] = [
  ['WebAssembly', { wasm: true, fma: true }],
  ['WebAssembly without fused multiply-add', { wasm: true, fma: false }],
  ['plain loops', { wasm: false, fma: false }],
];
