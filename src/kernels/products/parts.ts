// A product in WebAssembly memory, for one or several threads.

import type { NumberArray } from '../strides';
import { blockK, blockM, type MatmulExports, tallest } from '../wasm/matmul';
import { type Family, padded } from '../wasm/runtime';
import { copyBlock, type Floats, type Matrix } from './strided-matrix';

/** A product whose rows of `y` are `step` apart; with `isLater` it is added to `y`. */
export interface Product {
  readonly family: Family<MatmulExports>;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Matrix;
  readonly b: Matrix;
  readonly y: NumberArray;
  readonly to: number;
  readonly step: number;
  readonly start: Matrix | null;
  readonly isLater: boolean;
}

// Packing is worthwhile if many panels read elements whose strides collide in the cache, and necessary if columns of B
// are not contiguous.

export const packsA = (a: Matrix, m: number, n: number, bytes: number): boolean =>
  n >= 64 && m >= 32 && a.col * bytes >= 1024;
export const packsB = (b: Matrix, m: number, bytes: number): boolean =>
  b.col !== 1 || (m >= 32 && b.row * bytes >= 2048);
/** Bytes for the panels of A or B of one block; the last panel may be padded. */
export const roomForA = (m: number, k: number, bytes: number): number =>
  padded(Math.min(k, blockK) * (Math.min(m, blockM) + tallest) * bytes);
export const roomForB = (n: number, k: number, bytes: number): number =>
  padded(Math.min(k, blockK) * (n + 32 / bytes) * bytes);

/** Elements from row to row of a result, rounded up to whole vectors. */
export const wholeVectors = (n: number, bytes: number): number => (n + 16 / bytes - 1) & -(16 / bytes);

/** The strides of an absent operand. */
export const zero = { row: 0, col: 0 };

/** Copies a result, whose rows are `stepC` elements apart, out of WebAssembly memory. */
export function takeResult(
  kernels: MatmulExports,
  f: Floats,
  atC: number,
  stepC: number,
  { m, n, y, to, step }: Product,
): void {
  const bytes = y.BYTES_PER_ELEMENT;
  const atResult = atC / bytes;
  if (step === n) {
    if (stepC !== n) kernels.rows(atC, n * bytes, atC, stepC * bytes, m, n * bytes);
    y.set(f.subarray(atResult, atResult + m * n), to);
  } else copyBlock(m, n, y, to, step, { memory: f, offset: atResult, row: stepC, col: 1 });
}
