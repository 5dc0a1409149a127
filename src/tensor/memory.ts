// Where the memory of float32 tensors comes from. The garbage collector takes it back, so nobody has to let go of a tensor;
// but making an array costs more than most work on it: a third of a microsecond below a kilobyte, and where there is much
// memory, pages to be brought in and zeroed, and collections. So small arrays are cut from slabs, and gradients that the
// tape has made and used up serve again.

import { stretch, turn } from '../cancellation';
import { ValueError } from '../errors';
import { type NumberArray, numel } from '../kernels/strides';
import { keepFreedMemory } from '../platform';
import { expectBytes } from './collection';
import { formatShape, type Shape } from './shape';

/** Up to so many elements V8 keeps an array's numbers in the object itself: nothing is cheaper. */
const mostInObject = 16;
/**
 * Elements up to which arrays are cut from slabs. At 2,000 a slab halves the cost, at 4,096 it saves nothing: bringing in the
 * memory is most of it.
 */
const mostInSlab = 2048;
/**
 * A slab is as large as eight of its arrays, all of one size, if that is no more than this, else as four. As long as one of
 * its arrays is held, all of it is: where a program keeps one tensor of many, it costs that many times its numbers (twice as
 * many just above a power of two).
 */
const mostSlabBytes = 4096;

/** Told by its class from an `ArrayBuffer` that a program has made. */
class Slab extends ArrayBuffer {}

/** A slab for each power of two, and where its next array begins; the first to be used is full. */
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

let isExpected = false;
/** To be told of an array of `n` elements, of so many bytes each, before it is made. */
export function expectArray(n: number, bytes: number): void {
  if (n <= mostInSlab) return;
  expectBytes(n * bytes);
  if (isExpected) return;
  isExpected = true;
  keepFreedMemory();
}

/** The power of two that is as large as `n` elements. */
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

/** Whether a program has any tensor's memory: until then none moves, and none can be sent away, so that nobody has to look. */
export let isHandedOut = false;

/** Says that a program has a tensor's memory. */
export function handOut(): void {
  isHandedOut = true;
}

/** Where arrays have gone that were parts of a slab. */
const moved = new WeakMap<NumberArray, NumberArray>();

/** The array that has taken the place of another, if one has. */
export function movedTo(array: NumberArray): NumberArray {
  return moved.get(array) ?? array;
}

/**
 * The same numbers in memory that a program may have, since no other tensor's are in it: it may send it to a worker, or write
 * all of it to a file. What was a part of a slab moves, once.
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

/** The same numbers in memory of their own: what is kept for long would keep a whole slab. */
export const apart = (array: NumberArray): NumberArray => (array.buffer instanceof Slab ? array.slice() : array);

/** What may be changed in tests. */
export const recycling: { least: number } = {
  /** Elements from which arrays are kept for use again: those that share a slab with three others at most. */
  least: mostSlabBytes / 16 + 1,
};

/** How many arrays of one length, and how many bytes of all, are kept. */
const mostKept = { arrays: 8, bytes: 2 ** 26 };

/** Arrays that nothing else reaches, by their length. */
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
      // Of lengths that are no longer asked for, perhaps.
      this.arrays.clear();
      this.bytes = byteLength;
      this.arrays.set(array.length, [array]);
    } else if (others === undefined) this.arrays.set(array.length, [array]);
    else others.push(array);
  }
}

/** Held until the program waits for something; then the garbage collector may have it: nothing is kept for long. */
let pool: WeakRef<Pool> | null = null;

/** Memory for `n` elements, for who writes all of them: what is in it is left from before. */
export function float32Unset(n: number): Float32Array {
  if (n < recycling.least) return float32Zeros(n);
  const kept = pool?.deref()?.take(n);
  if (kept === undefined) return float32Zeros(n);
  turn(n);
  return kept;
}

/** Takes memory for use again. Nothing else may reach it. */
export function recycle(array: ArrayBufferView): void {
  if (!(array instanceof Float32Array) || array.length < recycling.least) return;
  // Not a part of something larger, unless that is a slab: what else is in it is left alone.
  if (array.buffer.byteLength !== array.byteLength && !(array.buffer instanceof Slab)) return;
  let kept = pool?.deref();
  if (kept === undefined) {
    kept = new Pool();
    pool = new WeakRef(kept);
  }
  kept.put(array);
}

/** That memory without elements is so by its shape. Else its buffer went elsewhere: `postMessage(x.data, [x.data.buffer])` takes it away. */
export function requireThere(shape: Shape): void {
  if (numel(shape) !== 0)
    throw new ValueError(
      `a tensor of shape ${formatShape(shape)} has lost its numbers: the buffer of its data was transferred; transfer that of x.toArray() instead`,
    );
}
