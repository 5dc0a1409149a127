// Normalization of rows of float32 elements in WebAssembly (wasm/normalization.ts), on ordinary arrays. All elements of a
// row share their statistics.

import { turn } from '../turn';
import type { NumberArray } from './strides';
import { type NormalizationExports, normalizationModule } from './wasm/normalization';
import { Family, padded, reservedBytes, scratch } from './wasm/runtime';

const family = new Family<NormalizationExports>(normalizationModule);

/** Elements that are copied at a time, if rows are shorter. */
const chunk = 4096;
/** Elements of a row from which the copies are worth their while. */
const worthwhile = 32;
/** Longer rows would occupy too much of WebAssembly's memory. */
const longest = 2 ** 18;

/** Whether kernels normalize lines of `n` elements in this memory, which are `step` apart. */
export function hasRowKernels(x: NumberArray, n: number, step: number): x is Float32Array {
  return step === 1 && n >= worthwhile && n <= longest && x instanceof Float32Array && family.kernels !== null;
}

/** Rows of a matrix on their way through the memory of the kernels; see {@link hasRowKernels}. */
export class NormalizedRows {
  readonly kernels = family.kernels!;
  private readonly some: number;
  private readonly room: number;

  constructor(
    private readonly m: number,
    private readonly n: number,
  ) {
    this.some = Math.max(1, Math.min(m, Math.floor(chunk / n)));
    this.room = padded(4 * this.some * n);
    scratch.reserve(this.place(7));
  }

  private place(i: number): number {
    return reservedBytes + i * this.room;
  }

  /** Where float64 totals of a row may stand. */
  get totals(): number {
    return this.place(5);
  }

  /**
   * The address of the weights (0) or biases (1) of row `r`: values from `at` on, `row` apart from row to row and `step` from
   * element to element, which are brought if they differ from those of the row before.
   */
  rowOf(k: 0 | 1, values: NumberArray, at: number, row: number, step: number, r: number): number {
    const to = this.place(3 + k);
    if (r > 0 && row === 0) return to;
    const from = at + r * row;
    const { f32 } = scratch;
    if (step === 0) f32.fill(values[from], to / 4, to / 4 + this.n);
    else for (let i = 0; i < this.n; i++) f32[to / 4 + i] = values[from + i * step];
    return to;
  }

  /** Calls `row` for every row, with its number and addresses: of one or two inputs, and of the result, which fills `y`. */
  each(
    x: NumberArray,
    xo: number,
    second: NumberArray | null,
    so: number,
    y: NumberArray | null,
    to: number,
    row: (r: number, x: number, second: number, y: number) => void,
  ): void {
    const { m, n, some } = this;
    const { f32 } = scratch;
    for (let start = 0; start < m; start += some) {
      const count = Math.min(some, m - start);
      const size = count * n;
      f32.set(x.subarray(xo + start * n, xo + start * n + size), this.place(0) / 4);
      if (second !== null) f32.set(second.subarray(so + start * n, so + start * n + size), this.place(1) / 4);
      for (let r = 0; r < count; r++) {
        const o = 4 * r * n;
        row(start + r, this.place(0) + o, this.place(1) + o, this.place(2) + o);
      }
      if (y !== null) y.set(f32.subarray(this.place(2) / 4, this.place(2) / 4 + size), to + start * n);
      turn(size);
    }
  }
}
