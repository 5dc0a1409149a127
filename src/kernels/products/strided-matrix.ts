// Matrices with any strides in ordinary arrays, and copying them to WebAssembly memory.

import { copies, copyByLoops } from '../elementwise';
import type { NumberArray } from '../strides';
import type { Memory } from '../wasm/runtime';

/** Elements `data[offset + i·row + j·col]`. */
export interface Matrix {
  readonly memory: NumberArray;
  readonly offset: number;
  readonly row: number;
  readonly col: number;
}

/** The transpose. */
export const turned = ({ memory: data, offset, row, col }: Matrix): Matrix => ({
  memory: data,
  offset,
  row: col,
  col: row,
});

/** The part of a matrix from element `(i, j)` on. */
export const from = ({ memory: data, offset, row, col }: Matrix, i: number, j: number): Matrix => ({
  memory: data,
  offset: offset + i * row + j * col,
  row,
  col,
});

export function rowMajor(x: Matrix, rows: number, cols: number): Matrix {
  if ((x.col === 1 || cols === 1) && (x.row === cols || rows === 1)) return x;
  const data = new (x.memory.constructor as new (n: number) => NumberArray)(rows * cols);
  copyBlock(rows, cols, data, 0, cols, x);
  return { memory: data, offset: 0, row: cols, col: 1 };
}

/** Copies a matrix to rows that are `step` apart. */
export function copyBlock(rows: number, cols: number, to: NumberArray, at: number, step: number, x: Matrix): void {
  // Short rows, such as those of attention heads, are copied by a loop: a subarray for each would burden the garbage
  // collector.
  if (cols <= 32) copies(to)(to, at, step, 1, x.memory, x.offset, x.row, x.col, rows, cols);
  else
    copyByLoops(
      [rows, cols],
      { memory: to, offset: at, steps: [step, 1] },
      { memory: x.memory, offset: x.offset, steps: [x.row, x.col] },
    );
}

export type Floats = Float32Array | Float64Array;

/** A memory as an array of the same element type as `y`. */
export const elementsOf = (memory: Memory, y: NumberArray): Floats =>
  y.BYTES_PER_ELEMENT === 4 ? memory.f32 : memory.f64;

/** Returns the distance from the first to the end of the last element of a matrix. */
const spanOf = (x: Matrix, rows: number, cols: number) => (rows - 1) * x.row + (cols - 1) * x.col + 1;
/** Whether a matrix is part of a much larger one, so that it is better copied row by row than as a whole. */
const isSparse = (span: number, rows: number, cols: number) => span > 2 * rows * cols;

/**
 * Returns the step between rows of a copy, with the parity of the original step, so that copies are fast (see
 * `Room.take`).
 */
const denseStep = (step: number, length: number) => length + ((length ^ step) & 1);
/** Returns the number of elements that a matrix occupies after {@link bring} has copied it. */
export function sizeOf(x: Matrix, rows: number, cols: number): number {
  const span = spanOf(x, rows, cols);
  if (!isSparse(span, rows, cols)) return span;
  return x.row === 1 ? cols * denseStep(x.col, rows) : rows * denseStep(x.row, cols);
}

/**
 * Copies a matrix into memory; returns its strides there. Elements between its own are copied too, unless they are many
 * or not wanted.
 */
export function bring(
  f: Floats,
  at: number,
  x: Matrix,
  rows: number,
  cols: number,
  isDense = false,
): { row: number; col: number } {
  if (isDense) {
    copyBlock(rows, cols, f, at, cols, x);
    return { row: cols, col: 1 };
  }
  const span = spanOf(x, rows, cols);
  if (isSparse(span, rows, cols)) {
    const step = x.row === 1 ? denseStep(x.col, rows) : denseStep(x.row, cols);
    if (x.row === 1) copyBlock(cols, rows, f, at, step, turned(x));
    else copyBlock(rows, cols, f, at, step, x);
    return x.row === 1 ? { row: 1, col: step } : { row: step, col: 1 };
  }
  f.set(x.offset === 0 && x.memory.length === span ? x.memory : x.memory.subarray(x.offset, x.offset + span), at);
  return x;
}
