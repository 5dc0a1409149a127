// Allocates the memory of float32 tensors. The garbage collector frees it, so programs need not release tensors. But making an
// array costs more than most work on it: a third of a microsecond below a kilobyte, and for large ones page faults, zeroing and
// collections. So small arrays are cut from slabs, and gradients that the tape made and used up are reused.

import { stretch, turn } from '../cancellation';
import { ValueError } from '../errors';
import { type NumberArray, numel } from '../kernels/strides';
import { keepFreedMemory, unsetBuffer } from '../platform';
import { expectBytes } from './collection';
import { formatShape, type Shape } from './shape';

/** Up to this many elements V8 stores the numbers in the array object itself, which is cheapest. */
const mostInObject = 16;
/**
 * Elements up to which arrays are cut from slabs. At 2,000 a slab halves the cost. At 4,096 it saves nothing, because page
 * faults dominate.
 */
const mostInSlab = 2048;
/**
 * A slab holds eight arrays of one size if that is at most this many bytes, else four. One live array keeps the whole slab
 * alive. So a program that keeps one tensor of many pays for four or eight (twice that just above a power of two).
 */
const mostSlabBytes = 4096;

/** A subclass, so that `instanceof` distinguishes a slab from a program's own `ArrayBuffer`. */
class Slab extends ArrayBuffer {}

/** A slab for each power of two, and the offset of its next array. The initial ones are empty, so they count as full. */
const slabs = Array.from({ length: 1 + Math.log2(mostInSlab) }, () => ({
  memory: new Slab(0),
  next: 0,
}));

/** Memory for `n` elements, filled with zeros; small ones share an `ArrayBuffer` with others. */
export function float32Zeros(n: number): Float32Array {
  if (n <= mostInObject) return new Float32Array(n);
  if (n <= mostInSlab) return cut(n);
  turn(n);
  expectArray(n, 4);
  return new Float32Array(n);
}

/** Elements from which arrays are made without zeroing. For shorter ones, that costs as much as it saves. */
const leastUnset = 2 ** 15;

let isExpected = false;
/** Call before allocating an array of `n` elements of `bytes` each. */
export function expectArray(n: number, bytes: number): void {
  if (n <= mostInSlab) return;
  expectBytes(n * bytes);
  if (isExpected) return;
  isExpected = true;
  keepFreedMemory();
}

/** The exponent of the smallest power of two that is at least `n`. */
const powerFor = (n: number) => 32 - Math.clz32(n - 1);

const slabBytes = (power: number) => Math.max(Math.min(32 << power, mostSlabBytes), 16 << power);

function cut(n: number): Float32Array {
  const power = powerFor(n);
  const slab = slabs[power];
  if (slab.next === slab.memory.byteLength) {
    turn(stretch / 64);
    slab.memory = new Slab(slabBytes(power));
    slab.next = 0;
  }
  const from = slab.next;
  slab.next += 4 << power;
  return new Float32Array(slab.memory, from, n);
}

/** Whether a program has read any tensor's memory. Until then no memory moves or is transferred, so the checks are skipped. */
export let isHandedOut = false;

/** Records that a program has a tensor's memory. */
export function handOut(): void {
  isHandedOut = true;
}

/** The new array for each one that was moved out of a slab. */
const moved = new WeakMap<NumberArray, NumberArray>();

/** Returns the array that replaced `array`, or `array` itself. */
export function movedTo(array: NumberArray): NumberArray {
  return moved.get(array) ?? array;
}

/**
 * Returns the same numbers in a buffer that no other tensor uses, so that a program may transfer it to a worker or write it to
 * a file. An array in a slab moves out of it, once.
 */
export function unshared(array: NumberArray): NumberArray {
  handOut();
  if (!(array.buffer instanceof Slab)) return array;
  let own = moved.get(array);
  if (own === undefined) {
    own = array.slice();
    moved.set(array, own);
  }
  return own;
}

/** Copies an array out of its slab; otherwise a long-lived array keeps the whole slab alive. */
export const apart = (array: NumberArray): NumberArray => (array.buffer instanceof Slab ? array.slice() : array);

/** Settings that tests change. */
export const recycling: { least: number } = {
  /** The smallest length that is reused: arrays that share a slab with at most three others. */
  least: mostSlabBytes / 16 + 1,
};

/** Limits of the pool: arrays of one length, and bytes in all. */
const mostKept = { arrays: 8, bytes: 2 ** 26 };

/** Released arrays, by length. No other reference to them may exist. */
class Pool {
  private readonly arrays = new Map<number, Float32Array[]>();
  private bytes = 0;

  take(n: number): Float32Array | undefined {
    const found = this.arrays.get(n)?.pop();
    if (found !== undefined) this.bytes -= found.buffer.byteLength;
    return found;
  }

  put(array: Float32Array): void {
    const others = this.arrays.get(array.length);
    if (others !== undefined && others.length >= mostKept.arrays) return;
    const { byteLength } = array.buffer;
    this.bytes += byteLength;
    if (this.bytes > mostKept.bytes) {
      // The pooled lengths may no longer be in use.
      this.arrays.clear();
      this.bytes = byteLength;
      this.arrays.set(array.length, [array]);
    } else if (others === undefined) this.arrays.set(array.length, [array]);
    else others.push(array);
  }
}

/** A WeakRef, so that the garbage collector can free the pool once the program yields. */
let pool: WeakRef<Pool> | null = null;

/** Uninitialised memory for `n` elements: the caller must overwrite all of them. */
export function float32Unset(n: number): Float32Array {
  if (n < recycling.least) return float32Zeros(n);
  const kept = pool?.deref()?.take(n);
  if (kept !== undefined) {
    turn(n);
    return kept;
  }
  if (n < leastUnset) return float32Zeros(n);
  turn(n);
  expectArray(n, 4);
  return new Float32Array(unsetBuffer(4 * n));
}

/** Adds an array to the pool. No other reference to its memory may exist. */
export function recycle(array: ArrayBufferView): void {
  if (!(array instanceof Float32Array) || array.length < recycling.least) return;
  // A part of a larger buffer is not reused, unless that buffer is a slab.
  if (array.buffer.byteLength !== array.byteLength && !(array.buffer instanceof Slab)) return;
  let kept = pool?.deref();
  if (kept === undefined) {
    kept = new Pool();
    pool = new WeakRef(kept);
  }
  kept.put(array);
}

/**
 * Call when a tensor's memory has length 0.
 * @throws {ValueError} unless its shape has no elements: then the buffer was transferred, as by `postMessage(x.data, [x.data.buffer])`.
 */
export function requireThere(shape: Shape): void {
  if (numel(shape) !== 0)
    throw new ValueError(
      `a tensor of shape ${formatShape(shape)} has lost its numbers: the buffer of its data was transferred; transfer that of x.toArray() instead`,
    );
}
