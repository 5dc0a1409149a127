// Reading and writing elements at positions: the common part of gather, scatter, indexing by lists, sorting and
// extrema.

import { gradMode } from '../../autograd/mode';
import { copyRolled } from '../../kernels/elementwise';
import { toInt32 } from '../../kernels/int32';
import { addAt, addInRows, lookUp, orAt, putAt, take, takeInRows } from '../../kernels/positions';
import { contiguousStride, type NumberArray, walkRows } from '../../kernels/strides';
import { full } from '../../tensor/creation';
import { type Shape, sameShape } from '../../tensor/shape';
import { empty, fresh, packed, Tensor, unset } from '../../tensor/tensor';
import { defineOps } from '../table/define';
import { requireExactSums } from '../table/exact-integers';
import type { BatchedCall } from '../table/rule';

declare module '../../tensor/tensor' {
  interface Tensor extends Placing {}
}

/** The places of a result's elements in the input. */
export interface Places {
  /** PyTorch's name of the operation, without `Backward0`. */
  readonly name: string;
  /** Shape of the result. */
  readonly shape: Shape;
  /** For each element of the result its position in the input, in row-major order; or for each run of elements. */
  readonly at: Int32Array;
  /** Number of neighbouring elements per position; default 1. */
  readonly run?: number;
  /** Positions within rows of the last dimension, unchecked; reading `at` checks them. */
  readonly inRows?: Int32Array;
  /** Of a cyclic shift: the shape that is shifted, and by how many entries along each dimension. */
  readonly rolled?: { readonly shape: Shape; readonly by: readonly number[] };
}

/** Returns the same places in each example of a batch. @internal */
export function inEach({ size }: BatchedCall, { name, shape, at, run }: Places, example: Tensor): Places {
  const n = example.numel();
  const all = new Int32Array(size * at.length);
  for (let b = 0; b < size; b++) for (let i = 0; i < at.length; i++) all[b * at.length + i] = at[i] + b * n;
  return { name, shape: [size, ...shape], at: all, ...(run === undefined ? {} : { run }) };
}

/** Reading and writing at positions. */
export interface Placing {
  /**
   * The elements at `places`. In the backward pass, the gradient times `share` goes back to the places; exactly 0 where
   * `share` is 0, even for an infinite gradient. Without `share` the whole gradient goes back. @internal
   * whatever has arrived; without `share` all. @internal
   */
  readAt(places: Places, share?: Tensor): Tensor;
  /**
   * A copy with the elements at `places` replaced by `values` (or increased by them); of duplicates the last one
   * counts. @internal
   */
  writeAt(values: Tensor | number, places: Places, accumulate?: boolean): Tensor;
  /** In-place {@link Placing.writeAt}. @internal */
  writeAt_(values: Tensor | number, places: Places, accumulate?: boolean): Tensor;
}

const gradFn = ({ args: [places] }: { args: readonly [Places, ...unknown[]] }) => `${places.name}Backward0`;
const sample = (shape: Shape, at: number[]): Places => ({ name: 'Index', shape, at: Int32Array.from(at) });

/** Adds to integers at places. @throws {ValueError} if a sum overflows int32. */
function integersAdded(a: Tensor, values: Tensor | number, { name, shape, at, run }: Places): Tensor {
  const op = `${name[0].toLowerCase()}${name.slice(1)}`;
  const y = Float64Array.from(a.toArray());
  const added = values instanceof Tensor ? packed(values) : full(shape, values, { dtype: 'float64' });
  requireExactSums(op, at.length, added);
  addAt(y, added.memory, added.offset, at, run);
  return fresh(toInt32(op, y), a.sizes, 'int32');
}

/** Adds numbers to the elements of `y`, which is contiguous, at places. @throws {IndexError} if one is out of range. */
function addTo(y: Tensor, data: NumberArray, offset: number, places: Places): void {
  const { inRows, shape, run } = places;
  const isByRows = inRows !== undefined && data.constructor === y.memory.constructor;
  if (!isByRows || !addInRows(y.memory, y.sizes[y.ndim - 1], inRows, shape[shape.length - 1], data, offset))
    addAt(y.memory, data, offset, places.at, run);
}

defineOps<Placing>({
  readAt: {
    torch: { name: 'index', params: ['input', 'indices', 'share'] },
    math: 'y_i = x_{\\pi(i)}',
    vjpMath: { x: '\\textstyle\\sum_{\\pi(i) = j} \\bar y_i' },
    saves: [],
    shape: (_, places) => places.shape,
    forward: (x, places) => {
      const { shape, inRows, rolled } = places;
      const { memory: data, offset } = packed(x);
      const y = unset(shape, x.dtype);
      if (rolled !== undefined) {
        copyRolled(y.memory, data, offset, rolled.shape, rolled.by);
        return y;
      }
      if (inRows === undefined || !takeInRows(y.memory, data, offset, x.sizes[x.ndim - 1], inRows, shape[x.ndim - 1]))
        take(y.memory, data, offset, places.at, places.run);
      return y;
    },
    jvp: 'linear',
    batch: (c) => {
      const [x, places, share] = c.args as [Tensor, Places, Tensor?];
      return share === undefined ? c.run(c.physical(0), inEach(c, places, x)) : undefined;
    },
    vjp: {
      x: (dy, { shape, args: [places, share] }) => {
        const values = share === undefined ? dy : dy.maskedFill(share.eq(0), 0).mul(share);
        const dx = empty(shape, dy.dtype);
        if (gradMode.recording) return dx.writeAt(values, places, true);
        const { memory: data, offset } = packed(values);
        addTo(dx, data, offset, places);
        return dx;
      },
    },
    gradFn,
    // Given positions are saved, but not those that follow from the shape.
    savesInPytorch: ({ args: [places] }) => places.name !== 'Roll',
    samples: [
      { inputs: '3x4', args: [sample([2, 2], [5, 11, 5, 0])] },
      { inputs: '2x3x2', args: [sample([3], [10, 3, 3])] },
      { inputs: '()', args: [sample([1], [0])] },
      { inputs: '3', args: [sample([], [2])] },
      { inputs: '0', args: [sample([0, 2], [])] },
    ],
  },
  writeAt: {
    torch: { name: 'index_put', params: ['input', 'values', 'indices', 'accumulate'] },
    math: 'y = a,\\; y_{\\pi(i)} = b_i',
    vjpMath: { a: '\\bar y, \\text{ but } 0 \\text{ at } \\pi', b: '\\bar y_{\\pi(i)}' },
    saves: [],
    shape: (a) => a,
    forward: (a, values, places, accumulate) => {
      if (accumulate && a.dtype === 'int32') return integersAdded(a, values, places);
      const { shape, run } = places;
      const y = fresh(a.toArray(), a.sizes, a.dtype);
      const given = values instanceof Tensor ? values : empty(shape, a.dtype).fill_(values);
      const { memory: data, offset } = packed(given.detach());
      if (!accumulate) putAt(y.memory, data, offset, places.at, run);
      else if (a.dtype === 'bool') orAt(y.memory, data, offset, places.at, run);
      else addTo(y, data, offset, places);
      return y;
    },
    jvp: 'linear',
    batch: (c) => {
      const [x, values, places, accumulate] = c.args as [Tensor, Tensor | number, Places, boolean?];
      if (values instanceof Tensor && !sameShape(values.sizes, places.shape)) return undefined;
      const given = values instanceof Tensor ? c.spread(values) : values;
      return c.run(c.spread(x), given, inEach(c, places, x), accumulate);
    },
    vjp: {
      a: (dy, { args: [places, accumulate] }) => (accumulate ? dy : dy.writeAt(0, places)),
      b: (dy, { args: [places] }) => dy.readAt(places),
    },
    inPlace: true,
    gradFn,
    // For adding, PyTorch saves the positions only if the gradient of the values is needed.
    savesInPytorch: ({ args: [places] }, isWanted) => isWanted(1) || !places.name.endsWith('Add'),
    samples: [
      {
        inputs: '3x4 2x2',
        args: [sample([2, 2], [5, 11, 7, 0])],
      },
      { inputs: '2x3x2 3', args: [sample([3], [10, 3, 3]), true] },
      { inputs: '() ()', args: [sample([], [0])] },
      { inputs: '3 #1.5', args: [sample([2], [2, 0])] },
      { inputs: '0 0x2', args: [sample([0, 2], [])] },
    ],
  },
});

/**
 * Returns the places in a tensor of `shape` whose index along dimension `d` comes from `index`; along the others it
 * equals that of the element in `index`, which may be shorter.
 */
export function placesAlong(name: string, shape: Shape, d: number, index: Tensor): Places {
  const stride = contiguousStride(shape);
  const { memory: data, offset } = packed(index);
  const at = new Int32Array(index.numel());
  const step = shape.length === 0 ? 1 : stride[d];
  const bases = index.sizes.map((_, i) => (i === d || shape.length === 0 ? 0 : stride[i]));
  walkRows(index.sizes, [contiguousStride(index.sizes), bases], [0, 0], ([to, base], n, [, inner]) =>
    lookUp(at, to, data as Int32Array, offset, n, base, inner, step),
  );
  return { name, shape: index.sizes, at };
}

/** Returns the gradient of elements selected along `dim`: `dy` at their places, zeros elsewhere. */
export function backAlong(dy: Tensor, indices: Tensor, shape: Shape, d: number): Tensor {
  return empty(shape, dy.dtype).writeAt(dy, placesAlong('Scatter', shape, d, indices), true);
}
