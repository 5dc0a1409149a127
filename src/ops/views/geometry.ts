// Views as arithmetic on shapes, strides and offsets, without tensors.

import { describe } from '../../describe';
import { IndexError, ShapeError, ValueError } from '../../errors';
import { contiguousStride, numel } from '../../kernels/strides';
import { checkDim, checkDims, formatShape, type Shape } from '../../tensor/shape';
import type { Geometry } from '../../tensor/tensor';
import { requireSizes } from '../table/arguments';
import type { Sizes } from '../table/rule';

/** Selects a diagonal of two dimensions. */
export interface DiagonalOptions {
  /** Number of positions above (or, if negative, below) the main diagonal; default 0. */
  offset?: number;
  /** The dimension whose index grows downwards. */
  dim1?: number;
  /** The dimension whose index grows to the right. */
  dim2?: number;
}

/** Returns sizes given as arguments or in one list as a list. */
export function sizeList(sizes: Sizes): readonly number[] {
  return Array.isArray(sizes[0]) ? sizes[0] : (sizes as readonly number[]);
}

/** Returns the shape for `sizes`, with -1 inferred. @throws {ShapeError} if the counts differ. */
export function inferShape(op: string, count: number, sizes: readonly number[]): Shape {
  const unknown = sizes.indexOf(-1);
  if (sizes.lastIndexOf(-1) !== unknown)
    throw new ShapeError(
      `${op}: only one size of ${formatShape(sizes)} can be -1, which stands for the remaining elements`,
    );
  if (!sizes.every(Number.isInteger))
    throw new ShapeError(`${op}: sizes must be whole numbers, got ${formatShape(sizes)}`);
  const known = numel(sizes.filter((_, i) => i !== unknown));
  const shape =
    unknown < 0 ? sizes : sizes.map((n, i) => (i === unknown ? (known === 0 ? Number.NaN : count / known) : n));
  if (!shape.every((n) => Number.isInteger(n) && n >= 0) || numel(shape) !== count)
    throw new ShapeError(
      `${op}: ${count} elements do not fill shape ${formatShape(sizes)}, ` +
        (unknown < 0 ? `which holds ${known}` : `whose other sizes hold ${known}`),
    );
  return shape;
}

/** Returns strides of the same memory in another shape, or `null` if none can express it. */
function restride(x: Geometry, shape: Shape): Shape | null {
  if (numel(shape) === 0) return contiguousStride(shape);
  const stride = new Array<number>(shape.length);
  let to = shape.length - 1;
  let d = x.sizes.length - 1;
  // From the last dimension: groups of old dimensions that are contiguous, to be divided among new dimensions.
  while (d >= 0) {
    let length = x.sizes[d];
    const base = x.steps[d];
    while (d > 0 && (x.sizes[d - 1] === 1 || length === 1 || x.steps[d - 1] === base * length)) {
      if (length === 1 && x.sizes[d - 1] !== 1) break;
      length *= x.sizes[--d];
    }
    d--;
    let step = base;
    let filled = 1;
    while (to >= 0 && (filled < length || shape[to] === 1)) {
      stride[to] = step;
      step *= shape[to];
      filled *= shape[to--];
    }
    if (filled !== length) return null;
  }
  while (to >= 0) {
    if (shape[to] !== 1) return null;
    stride[to--] = 1;
  }
  return stride;
}

/** Returns `null` if the elements would have to be copied. @internal */
export function viewGeometry(x: Geometry, sizes: readonly number[]): Geometry | null {
  const shape = inferShape('view', numel(x.sizes), sizes);
  const stride = restride(x, shape);
  return stride === null ? null : { sizes: shape, steps: stride, offset: x.offset };
}

export function permuted(x: Geometry, dims: readonly number[]): Geometry {
  const order = dims.map((d) => checkDim('permute', d, x.sizes.length));
  if (order.length !== x.sizes.length)
    throw new ShapeError(`permute: ${dims.length} dimensions for shape ${formatShape(x.sizes)}; name each once`);
  checkDims('permute', dims, x.sizes.length);
  return { sizes: order.map((d) => x.sizes[d]), steps: order.map((d) => x.steps[d]), offset: x.offset };
}

export function transposed(x: Geometry, dim0: number, dim1: number): Geometry {
  const rank = x.sizes.length;
  const i = checkDim('transpose', dim0, rank);
  const j = checkDim('transpose', dim1, rank);
  const swap = (list: Shape) => list.map((v, d) => (d === i ? list[j] : d === j ? list[i] : v));
  return { sizes: swap(x.sizes), steps: swap(x.steps), offset: x.offset };
}

export function expanded(x: Geometry, sizes: readonly number[]): Geometry {
  const lead = sizes.length - x.sizes.length;
  const shape: number[] = [];
  const stride: number[] = [];
  let fits = lead >= 0;
  for (let d = 0; d < sizes.length; d++) {
    const isNew = d < lead;
    const own = isNew ? 1 : x.sizes[d - lead];
    const n = sizes[d] === -1 && !isNew ? own : sizes[d];
    fits &&= Number.isInteger(n) && n >= 0 && (own === n || own === 1);
    shape.push(n);
    stride.push(isNew || (own === 1 && n !== 1) ? 0 : x.steps[d - lead]);
  }
  if (!fits)
    throw new ShapeError(
      `expand: shape ${formatShape(x.sizes)} does not stretch to ${formatShape(sizes)}; only sizes of 1 stretch, and new dimensions come first`,
    );
  return { sizes: shape, steps: stride, offset: x.offset };
}

export function squeezed(x: Geometry, dim?: number | readonly number[]): Geometry {
  // An empty list means no dimension here; for a reduction it means all.
  const dims = Array.isArray(dim) && dim.length === 0 ? [] : checkDims('squeeze', dim, x.sizes.length);
  const kept = [...x.sizes.keys()].filter((d) => !(dims.includes(d) && x.sizes[d] === 1));
  return { sizes: kept.map((d) => x.sizes[d]), steps: kept.map((d) => x.steps[d]), offset: x.offset };
}

export function unsqueezed(x: Geometry, dim: number): Geometry {
  const d = checkDim('unsqueeze', dim, x.sizes.length + 1, 'a result');
  const insert = (list: Shape, v: number) => [...list.slice(0, d), v, ...list.slice(d)];
  return {
    sizes: insert(x.sizes, 1),
    steps: insert(x.steps, d < x.sizes.length ? x.sizes[d] * x.steps[d] : 1),
    offset: x.offset,
  };
}

/** @throws {ValueError} unless the offset of a diagonal is a whole number. */
export function checkOffset(op: string, offset: number): void {
  if (!Number.isInteger(offset))
    throw new ValueError(`${op}: the offset is ${describe(offset)}; it must be a whole number`);
}

/**
 * Returns the diagonal `offset` positions above the main one of the dimensions `dim1` and `dim2`; it becomes the last
 * dimension.
 */
export function diagonalOf(x: Geometry, { offset = 0, dim1 = 0, dim2 = 1 }: DiagonalOptions = {}): Geometry {
  const [i, j] = checkPair('diagonal', dim1, dim2, x.sizes.length);
  checkOffset('diagonal', offset);
  const length = Math.max(0, Math.min(x.sizes[i] + Math.min(offset, 0), x.sizes[j] - Math.max(offset, 0)));
  const rest = [...x.sizes.keys()].filter((d) => d !== i && d !== j);
  return {
    sizes: [...rest.map((d) => x.sizes[d]), length],
    steps: [...rest.map((d) => x.steps[d]), x.steps[i] + x.steps[j]],
    offset: length === 0 ? x.offset : x.offset + Math.abs(offset) * x.steps[offset > 0 ? j : i],
  };
}

/**
 * Returns windows of `size` entries along a dimension, `step` apart; the entries of a window become the last dimension.
 */
export function windowed(x: Geometry, dimension: number, size: number, step: number): Geometry {
  const d = checkDim('unfold', dimension, x.sizes.length);
  const length = x.sizes[d] ?? 1;
  if (!Number.isInteger(size) || size < 0 || size > length)
    throw new ShapeError(
      `unfold: windows of ${size} do not fit dimension ${d} of size ${length}; size is 0 to ${length}`,
    );
  requireSizes('unfold', { step });
  const count = Math.floor((length - size) / step) + 1;
  if (x.sizes.length === 0) return { sizes: [size], steps: [1], offset: x.offset };
  return {
    sizes: [...x.sizes.map((n, i) => (i === d ? count : n)), size],
    steps: [...x.steps.map((s, i) => (i === d ? s * step : s)), x.steps[d]],
    offset: x.offset,
  };
}

/** Returns the same elements with dimensions reversed. */
export function flipped(x: Geometry, dims: readonly number[]): Geometry {
  // An empty list means no dimension here; for a reduction it means all.
  const backwards = dims.length === 0 ? [] : checkDims('flip', dims, x.sizes.length);
  return {
    sizes: x.sizes,
    // Not -s, which may be -0: see the note on whole numbers in tensor/layout.ts.
    steps: x.steps.map((s, d) => (backwards.includes(d) ? 0 - s : s)),
    offset: backwards.reduce((at, d) => at + Math.max(x.sizes[d] - 1, 0) * x.steps[d], x.offset),
  };
}

/** Returns a contiguous tensor's geometry in separate memory. */
export function contiguousGeometry(shape: Shape): Geometry {
  return { sizes: shape, steps: contiguousStride(shape), offset: 0 };
}

/**
 * Returns two different dimensions, counted from the front. @throws {IndexError} if one is out of range, or they are
 * equal.
 */
export function checkPair(op: string, dim1: number, dim2: number, rank: number, what?: string): [number, number] {
  const pair = [checkDim(op, dim1, rank, what), checkDim(op, dim2, rank, what)] as [number, number];
  if (rank < 2) throw new ShapeError(`${op}: needs two dimensions, got a tensor of ${rank}`);
  if (pair[0] === pair[1]) throw new IndexError(`${op}: dimensions ${dim1} and ${dim2} are the same`);
  return pair;
}

/** Returns the shape rule of a view: its geometry, applied to a contiguous tensor of that shape. */
export function shapeOf<T extends unknown[]>(geometry: (x: Geometry, ...args: T) => Geometry) {
  return (shape: Shape, ...args: T): Shape => geometry(contiguousGeometry(shape), ...args).sizes;
}
