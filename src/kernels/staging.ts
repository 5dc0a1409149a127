// Copies arrays to and from the memory of the WebAssembly kernels, some rows at a time. Tensors stay in ordinary
// arrays, which the garbage collector can free.

import { turn } from '../cancellation';
import { type NumberArray, part } from './strides';
import { type Memory, padded, scratch } from './wasm/runtime';

/** Maximum elements copied at a time: they fit in the first-level cache. */
export const most = 4096;
/** For more elements, smaller pieces leave more of the cache for prefetching and write-back. Each costs 0.1 µs of calls. */
const piece = 2048;

/** Returns the number of elements to copy at a time, of `n`. */
export const atATime = (n: number): number => (n <= most ? most : piece);

/** Consecutive addresses in a memory. */
export class Room {
  end: number;

  constructor(protected readonly memory: Memory) {
    this.end = memory.start;
  }

  /**
   * Returns the address of `bytes` of free memory. `address` is that of a copy's other side: copies to shared memory go
   * by eight bytes if both addresses are equal modulo eight, else by single bytes.
   */
  take(bytes: number, address = 0): number {
    const shift = this.memory.sharedPages === undefined ? 0 : address & 7;
    const at = this.end + shift;
    this.end += padded(bytes + shift);
    return at;
  }
}

/**
 * Returns the address of a copy of a small array, with 64 bytes of the scratch memory before it: faster than a
 * {@link Stage}.
 */
export function copied(x: Float32Array): number {
  const at = scratch.start + 64;
  scratch.reserve(at + padded(x.byteLength));
  scratch.f32.set(x, at / 4);
  turn(x.length);
  return at;
}

/** A linked list of arrays: the rows of an array, and their address in WebAssembly memory. */
class Rows {
  constructor(
    readonly data: NumberArray,
    private readonly size: number,
    private readonly step: number,
    private readonly at: number,
    readonly next: Rows | null,
  ) {}

  copyIn(first: number, count: number): void {
    const { data, size, step } = this;
    const to = data instanceof Float32Array ? scratch.f32 : scratch.i32;
    const at = this.at / 4;
    if (step === size) to.set(part(data, first * size, count * size), at);
    else for (let r = 0, p = first * step; r < count; r++, p += step) to.set(data.subarray(p, p + size), at + r * size);
  }

  copyOut(first: number, count: number): void {
    const { data, size, at } = this;
    const n = count * size;
    const done = data instanceof Float32Array ? scratch.part(at, n) : scratch.i32.subarray(at / 4, at / 4 + n);
    data.set(done, first * size);
  }
}

/**
 * A computation of rows by a kernel: declare inputs and outputs, which returns addresses, then loop with {@link next}.
 * (A callback for each call would be compiled each time, because its machine code is not reused.)
 *
 * ```ts
 * const stage = new Stage(rows, n, chunk);
 * const [from, to] = [stage.input(x), stage.output(y)];
 * while (stage.next()) kernel(stage.count, n, from, to);
 * ```
 */
export class Stage extends Room {
  /** Number of rows in memory at once. */
  readonly some: number;
  // Linked lists, because a growing array allocates capacity for many.
  private inputs: Rows | null = null;
  private outputs: Rows | null = null;
  /** The first of the rows in memory, and their number. */
  first = 0;
  count = 0;

  /**
   * @param rows their number
   * @param size elements of a row
   * @param chunk elements to copy at a time, for shorter rows
   */
  constructor(
    private readonly rows: number,
    private readonly size: number,
    chunk: number,
  ) {
    super(scratch);
    this.some = Math.max(1, Math.min(rows, Math.floor(chunk / size)));
  }

  /**
   * Declares an input: rows of `size` elements, `step` apart. The kernel may read `more` elements after the last.
   */
  input(data: NumberArray, size: number = this.size, more = 0, step: number = size): number {
    const at = this.space(size, more);
    this.inputs = new Rows(data, size, step, at, this.inputs);
    return at;
  }

  /** Declares an output: rows of `size` elements, at the address of an input, or in separate memory. */
  output(data: NumberArray, size: number = this.size, at: number = this.space(size)): number {
    this.outputs = new Rows(data, size, size, at, this.outputs);
    return at;
  }

  /** A list that the kernel reads from the first to the last row. */
  table(values: Int32Array | Float64Array): number {
    const at = this.take(values.byteLength);
    scratch.reserve(this.end);
    if (values instanceof Int32Array) scratch.i32.set(values, at / 4);
    else scratch.f64.set(values, at / 8);
    return at;
  }

  /** Returns the address of memory for rows of `size` 4-byte elements, and `more` elements. */
  space(size: number, more = 0): number {
    return this.take(4 * (this.some * size + more));
  }

  /** Copies the results out and the next rows in. Returns whether there are any. */
  next(): boolean {
    const { rows, size, some, inputs, outputs, count } = this;
    scratch.reserve(this.end);
    if (count > 0) {
      for (let y = outputs; y !== null; y = y.next) y.copyOut(this.first, count);
      turn(count * size);
      this.first += count;
    }
    this.count = Math.min(some, rows - this.first);
    if (this.count <= 0) return false;
    for (let x = inputs; x !== null; x = x.next) x.copyIn(this.first, this.count);
    return true;
  }
}
