/** The typed arrays that hold tensor elements. */
export type NumberArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Returns the `n` elements from `from` on: the array itself if it has no others, because a subarray takes 40 ns. */
export function part<A extends NumberArray>(data: A, from: number, n: number): A {
  return data.length === n ? data : (data.subarray(from, from + n) as A);
}

/** Number of elements of a shape; 1 for the empty shape. */
export function numel(shape: readonly number[]): number {
  let n = 1;
  for (let i = 0; i < shape.length; i++) n *= shape[i];
  return n;
}

/** Row-major strides of a shape, in elements. */
export function contiguousStride(shape: readonly number[]): readonly number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    stride[i] = step;
    step *= Math.max(shape[i], 1);
  }
  return stride;
}

/** Whether the strides equal those of {@link contiguousStride}, also in dimensions of size 1. */
export function isRowMajor(shape: readonly number[], stride: readonly number[]): boolean {
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (stride[i] !== step) return false;
    step *= shape[i] || 1;
  }
  return true;
}

/** Whether the strides are row-major without gaps. */
export function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] === 0) return true;
    if (shape[i] !== 1 && stride[i] !== step) return false;
    step *= shape[i];
  }
  return true;
}

/** The sizes of a loop, and for each operand a step along each dimension. */
export interface Walk {
  readonly shape: number[];
  readonly strides: number[][];
}

/**
 * Merges adjacent dimensions that every operand walks in one stride, and drops dimensions of size 1, so that the
 * innermost loop is as long as possible. Returns at least one dimension. With `order`, the dimensions are taken in that
 * order.
 */
export function collapse(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  order: readonly number[] | null = null,
): Walk {
  const count = strides.length;
  const sizes: number[] = [];
  const steps: number[][] = [];
  for (let k = 0; k < count; k++) steps.push([]);
  for (let i = 0; i < shape.length; i++) {
    const d = order === null ? i : order[i];
    const size = shape[d];
    if (size === 1) continue;
    const last = sizes.length - 1;
    let joins = last >= 0;
    for (let k = 0; joins && k < count; k++) joins = steps[k][last] === strides[k][d] * size;
    if (joins) {
      sizes[last] *= size;
      for (let k = 0; k < count; k++) steps[k][last] = strides[k][d];
    } else {
      sizes.push(size);
      for (let k = 0; k < count; k++) steps[k].push(strides[k][d]);
    }
  }
  if (sizes.length === 0) {
    sizes.push(1);
    for (const s of steps) s.push(0);
  }
  return { shape: sizes, strides: steps };
}

/**
 * {@link collapse} for loops that may visit the elements in any order: the first operand's memory is traversed from one
 * end to the other.
 */
export function collapseAlong(shape: readonly number[], strides: readonly (readonly number[])[]): Walk {
  return collapse(shape, strides, outermostFirst(strides[0]));
}

/** Returns the dimensions from the longest stride to the shortest, or `null` if they are sorted already. */
function outermostFirst(stride: readonly number[]): readonly number[] | null {
  let d = 1;
  while (d < stride.length && stride[d] <= stride[d - 1]) d++;
  if (d >= stride.length) return null;
  const order: number[] = [];
  for (d = 0; d < stride.length; d++) {
    let at = d;
    for (; at > 0 && stride[order[at - 1]] < stride[d]; at--) order[at] = order[at - 1];
    order[at] = d;
  }
  return order;
}

/**
 * Iterates over all positions of `shape` without its last `inner` dimensions. Use it in frequent loops: the callback of
 * {@link forEachRow} loses its machine code at each garbage collection.
 */
export class Odometer {
  /** The position of each operand. */
  readonly at: number[];
  /** Whether the current position exists; `false` after the last. */
  goes: boolean;
  private readonly counter: number[];

  constructor(
    private readonly shape: readonly number[],
    private readonly strides: readonly (readonly number[])[],
    offsets: readonly number[],
    inner: number,
  ) {
    this.at = offsets.slice();
    this.goes = !shape.includes(0);
    this.counter = new Array<number>(Math.max(0, shape.length - inner)).fill(0);
  }

  next(): void {
    const { shape, strides, at, counter } = this;
    for (let d = counter.length - 1; d >= 0; d--) {
      for (let k = 0; k < strides.length; k++) at[k] += strides[k][d];
      if (++counter[d] < shape[d]) return;
      for (let k = 0; k < strides.length; k++) at[k] -= strides[k][d] * shape[d];
      counter[d] = 0;
    }
    this.goes = false;
  }
}

/**
 * Calls `row` once for every innermost row of an odometer over `shape`, with the position of each operand at the
 * row's start. `positions` is reused between calls.
 */
export function forEachRow(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  offsets: readonly number[],
  row: (positions: readonly number[], length: number) => void,
): void {
  for (const walk = new Odometer(shape, strides, offsets, 1); walk.goes; walk.next())
    row(walk.at, shape[shape.length - 1]);
}

/**
 * {@link forEachRow} over as few dimensions as {@link collapse} leaves; `row` also gets the step of each operand along the
 * row.
 */
export function walkRows(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  offsets: readonly number[],
  row: (positions: readonly number[], length: number, steps: readonly number[]) => void,
): void {
  const plan = collapse(shape, strides);
  const steps = plan.strides.map((stride) => stride[plan.shape.length - 1]);
  forEachRow(plan.shape, plan.strides, offsets, (positions, length) => row(positions, length, steps));
}
