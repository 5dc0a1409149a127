// Arrays pass through the memory of WebAssembly's kernels: some of their rows at a time are copied in, computed, and copied
// out. Tensors stay in ordinary arrays, where the garbage collector finds them.

import { turn } from '../cancellation';
import { type NumberArray, part } from './strides';
import { type Memory, padded, scratch } from './wasm/runtime';

/** Elements that are copied at a time at most: they stay in the first-level cache. */
export const most = 4096;
/** Of more than these, smaller pieces leave more of the cache to what is read ahead and written back. */
const piece = 1024;

/** How many of `n` elements are copied at a time. */
export const atATime = (n: number): number => (n <= most ? most : piece);

/** Addresses in a memory, one behind the other. */
export class Room {
  end: number;

  constructor(protected readonly memory: Memory) {
    this.end = memory.start;
  }

  /**
   * Room for so many bytes; if they are copied from or to an address in another buffer, where such copies are fast: into memory
   * that threads share they go by eight bytes where both are alike in their distance from a multiple of eight, else by single bytes.
   */
  take(bytes: number, address = 0): number {
    const shift = this.memory.sharedPages === undefined ? 0 : address & 7;
    const at = this.end + shift;
    this.end += padded(bytes + shift);
    return at;
  }
}

/**
 * The address of a copy of a small array, which has the memory for itself but for 64 bytes before it: sooner done than a
 * {@link Stage}.
 */
export function copied(x: Float32Array): number {
  const at = scratch.start + 64;
  scratch.reserve(at + padded(x.byteLength));
  scratch.f32.set(x, at / 4);
  turn(x.length);
  return at;
}

/** Rows of an array, one behind the other, the address of those that are in memory, and another such array. */
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
 * A computation of rows by a kernel. Say what goes in and out, which gives addresses, and then loop over what {@link next} brings.
 * (A function made for each call would be compiled for each, since its machine code dies with it.)
 *
 * ```ts
 * const stage = new Stage(rows, n, chunk);
 * const [from, to] = [stage.input(x), stage.output(y)];
 * while (stage.next()) kernel(stage.count, n, from, to);
 * ```
 */
export class Stage extends Room {
  /** How many rows are in memory at once. */
  readonly some: number;
  // Lists by links: an array that grows makes room for many.
  private inputs: Rows | null = null;
  private outputs: Rows | null = null;
  /** The first of the rows that are in memory, and how many there are. */
  first = 0;
  count = 0;

  /**
   * @param rows how many there are
   * @param size elements of a row
   * @param chunk how many elements are copied at a time, if a row has less
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
   * What the kernel reads: rows of `size` elements, which begin `step` apart. It may read so many `more` elements behind the
   * last.
   */
  input(data: NumberArray, size: number = this.size, more = 0, step: number = size): number {
    const at = this.space(size, more);
    this.inputs = new Rows(data, size, step, at, this.inputs);
    return at;
  }

  /** What the kernel writes: rows of `size` elements, at an address that has been given out, or in a place of its own. */
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

  /** Room for rows of so many elements of four bytes, and for so many more elements. */
  space(size: number, more = 0): number {
    return this.take(4 * (this.some * size + more));
  }

  /** Takes the results, and brings the next rows; gives whether there are any. */
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
