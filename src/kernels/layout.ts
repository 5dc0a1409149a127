// Memory order of results, as in PyTorch, so that operations in memory order, such as random numbers, see the elements
// in the same order.

import { isContiguous } from './strides';

type List = readonly number[];

/** Whether the strides are dense, without overlap, in some order of the dimensions. */
export function isDense(shape: List, stride: List): boolean {
  if (isContiguous(shape, stride)) return true;
  // From the innermost dimension outwards; the strides grow, so no dimension is found twice.
  let step = 1;
  for (let left = countWide(shape); left > 0; left--) {
    let d = 0;
    while (d < shape.length && (stride[d] !== step || shape[d] === 1)) d++;
    if (d === shape.length) return false;
    step *= shape[d];
  }
  return true;
}

/** Returns the number of dimensions with more than one entry. */
function countWide(shape: List): number {
  let count = 0;
  for (let d = 0; d < shape.length; d++) if (shape[d] !== 1) count++;
  return count;
}

/**
 * Returns strides for a copy of one tensor: its own if they are dense, else dense ones in its order of dimensions.
 */
export function strideLike(shape: List, stride: List): List {
  return isDense(shape, stride) ? stride : jointStride(shape, [stride]);
}

/**
 * Returns dense strides for a result computed from operands; `strides` are theirs, 0 for broadcast dimensions.
 *
 * The order of the dimensions is that of the first operand. If it is broadcast along one of two dimensions, the next
 * operand decides; if all are, the later dimension is the inner one.
 */
export function jointStride(shape: List, strides: readonly List[]): List {
  const rank = shape.length;
  const order = memoryOrder(shape, strides);
  const stride = new Array<number>(rank);
  let step = 1;
  for (let i = 0; i < rank; i++) {
    const d = order[i];
    stride[d] = step;
    step *= shape[d] || 1;
  }
  return stride;
}

/** The dimensions from the innermost outwards. */
function memoryOrder(shape: List, strides: readonly List[]): List {
  const rank = shape.length;
  const order = new Array<number>(rank);
  for (let i = 0; i < rank; i++) {
    // An insertion sort. The dimension to insert skips those that it cannot be compared with.
    order[i] = rank - 1 - i;
    for (let j = i - 1, at = i; j >= 0; j--) {
      const outwards = compare(order[j], order[at], shape, strides);
      if (outwards < 0) break;
      if (outwards === 0) continue;
      const d = order[j];
      order[j] = order[at];
      order[at] = d;
      at = j;
    }
  }
  return order;
}

/** Whether dimension `a` is outside (1) or inside (-1) dimension `b`; 0 if no operand decides. */
function compare(a: number, b: number, shape: List, strides: readonly List[]): number {
  for (let k = 0; k < strides.length; k++) {
    const p = strides[k][a];
    const q = strides[k][b];
    if (p === 0 || q === 0) continue;
    if (p !== q) return p < q ? -1 : 1;
    if (shape[a] > shape[b]) return 1;
  }
  return 0;
}
