import { viewHistory } from '../autograd/history';
import { ShapeError, ValueError } from '../errors';
import { copyStrided } from '../kernels/elementwise';
import { contiguousStride, numel } from '../kernels/strides';
import { checkDim, checkDims, formatShape, type Shape } from '../tensor/shape';
import { type Geometry, packed, Tensor, viewWith } from '../tensor/tensor';
import { defineComposites, defineOps, opTable, type Sizes, viewForward } from './define';

/** Other ways to look at the same numbers; all share memory with the tensor. */
export interface Views {
  /**
   * The same elements in another shape, sharing memory; one size may be -1 (`torch.Tensor.view`).
   * @throws {ShapeError} if the counts differ, or the strides do not allow it (then use `reshape`).
   */
  view(...shape: Sizes): Tensor;
  /**
   * Dimensions in another order: dimension `i` of the result is `dims[i]` of the tensor (`torch.permute`).
   * @throws {IndexError} if `dims` is not a permutation of the dimensions.
   */
  permute(...dims: Sizes): Tensor;
  /** Swaps two dimensions (`torch.transpose`). @throws {IndexError} if there is no such dimension. */
  transpose(dim0: number, dim1: number): Tensor;
  /**
   * Stretches dimensions of size 1 to `shape` without copying; -1 leaves a size as it is (`torch.Tensor.expand`).
   * @throws {ShapeError} if a size is neither 1 nor the one asked for.
   */
  expand(...shape: Sizes): Tensor;
  /** Drops the dimension `dim` (or several, or all) where its size is 1 (`torch.squeeze`). */
  squeeze(dim?: number | readonly number[]): Tensor;
  /** Inserts a dimension of size 1 before `dim` (`torch.unsqueeze`). @throws {IndexError} if it is out of range. */
  unsqueeze(dim: number): Tensor;
  /** The elements at `geometry` in memory laid out as `layout` says. @internal */
  readView(geometry: Geometry, layout: Geometry): Tensor;
  /** This tensor with the elements at `geometry` replaced, laid out as `layout` says. @internal */
  writeView(values: Tensor, geometry: Geometry, layout: Geometry): Tensor;
}

/** The shape that `sizes` ask for, with -1 worked out. @throws {ShapeError} if the counts differ. */
function inferShape(op: string, count: number, sizes: readonly number[]): Shape {
  const unknown = sizes.indexOf(-1);
  const known = numel(sizes.filter((_, i) => i !== unknown));
  const shape =
    unknown < 0 ? sizes : sizes.map((n, i) => (i === unknown ? (known === 0 ? Number.NaN : count / known) : n));
  if (!shape.every((n) => Number.isInteger(n) && n >= 0) || numel(shape) !== count)
    throw new ShapeError(`${op}: ${count} elements do not fill shape ${formatShape(sizes)}`);
  return shape;
}

/** Strides of the same memory seen in another shape, or `null` if no strides can express it. */
function restride(x: Geometry, shape: Shape): Shape | null {
  if (numel(shape) === 0) return contiguousStride(shape);
  const stride = new Array<number>(shape.length);
  let to = shape.length - 1;
  let d = x.shape.length - 1;
  // From the back: groups of old dimensions that lie in memory like one, to be divided among new dimensions.
  while (d >= 0) {
    let length = x.shape[d];
    const base = x.stride[d];
    while (d > 0 && (x.shape[d - 1] === 1 || length === 1 || x.stride[d - 1] === base * length)) {
      if (length === 1 && x.shape[d - 1] !== 1) break;
      length *= x.shape[--d];
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

/** `null` if the elements would have to be copied. @internal */
export function viewGeometry(x: Geometry, sizes: readonly number[]): Geometry | null {
  const shape = inferShape('view', numel(x.shape), sizes);
  const stride = restride(x, shape);
  return stride === null ? null : { shape, stride, offset: x.offset };
}

function permuted(x: Geometry, dims: readonly number[]): Geometry {
  const order = dims.map((d) => checkDim('permute', d, x.shape.length));
  if (order.length !== x.shape.length)
    throw new ShapeError(`permute: ${dims.length} dimensions for shape ${formatShape(x.shape)}; name each once`);
  checkDims('permute', dims, x.shape.length);
  return { shape: order.map((d) => x.shape[d]), stride: order.map((d) => x.stride[d]), offset: x.offset };
}

function transposed(x: Geometry, dim0: number, dim1: number): Geometry {
  const rank = x.shape.length;
  const i = checkDim('transpose', dim0, rank);
  const j = checkDim('transpose', dim1, rank);
  const swap = (list: Shape) => list.map((v, d) => (d === i ? list[j] : d === j ? list[i] : v));
  return { shape: swap(x.shape), stride: swap(x.stride), offset: x.offset };
}

function expanded(x: Geometry, sizes: readonly number[]): Geometry {
  const lead = sizes.length - x.shape.length;
  const shape = sizes.map((n, d) => (n === -1 && d >= lead ? x.shape[d - lead] : n));
  const fits =
    lead >= 0 &&
    shape.every(
      (n, d) => Number.isInteger(n) && n >= 0 && (d < lead || x.shape[d - lead] === n || x.shape[d - lead] === 1),
    );
  if (!fits)
    throw new ShapeError(
      `expand: shape ${formatShape(x.shape)} does not stretch to ${formatShape(sizes)}; only sizes of 1 stretch, and new dimensions stand in front`,
    );
  const stride = shape.map((n, d) => (d < lead || (x.shape[d - lead] === 1 && n !== 1) ? 0 : x.stride[d - lead]));
  return { shape, stride, offset: x.offset };
}

function squeezed(x: Geometry, dim?: number | readonly number[]): Geometry {
  const dims = checkDims('squeeze', dim, x.shape.length);
  const kept = [...x.shape.keys()].filter((d) => !(dims.includes(d) && x.shape[d] === 1));
  return { shape: kept.map((d) => x.shape[d]), stride: kept.map((d) => x.stride[d]), offset: x.offset };
}

function unsqueezed(x: Geometry, dim: number): Geometry {
  const d = checkDim('unsqueeze', dim, x.shape.length + 1);
  const insert = (list: Shape, v: number) => [...list.slice(0, d), v, ...list.slice(d)];
  return {
    shape: insert(x.shape, 1),
    stride: insert(x.stride, d < x.shape.length ? x.shape[d] * x.stride[d] : 1),
    offset: x.offset,
  };
}

/** The shape rule of a view: its geometry, applied to a contiguous tensor of that shape. */
export function shapeOf<T extends unknown[]>(geometry: (x: Geometry, ...args: T) => Geometry) {
  return (shape: Shape, ...args: T): Shape =>
    geometry({ shape, stride: contiguousStride(shape), offset: 0 }, ...args).shape;
}

/**
 * A copy of `x` in memory laid out as `layout`, which may leave gaps and run backwards; the result has the layout's
 * strides and its own offset.
 */
function laidOut(x: Tensor, layout: Geometry): { copy: Tensor; shift: number } {
  let low = 0;
  let high = 0;
  layout.stride.forEach((s, d) => {
    const reach = s * Math.max(layout.shape[d] - 1, 0);
    if (reach < 0) low += reach;
    else high += reach;
  });
  const data = new (x.data.constructor as new (n: number) => Tensor['data'])(high - low + 1);
  const copy = new Tensor(data, layout.shape, layout.stride, -low, x.dtype);
  copyStrided(x.shape, copy, x);
  return { copy, shift: -low - layout.offset };
}

const moved = (g: Geometry, shift: number): Geometry => ({ ...g, offset: g.offset + shift });

defineOps<Views>({
  view: {
    torch: 'view(input, shape)',
    math: 'y_{\\pi(i)} = x_i',
    vjpMath: { x: '\\bar y \\text{ in the shape of } x' },
    saves: [],
    shape: (x, shape) => inferShape('view', numel(x), shape),
    forward: (x, shape) => {
      const g = viewGeometry(x, shape);
      if (g === null)
        throw new ShapeError(
          `view: shape ${formatShape(x.shape)} with strides ${formatShape(x.stride)} cannot be seen as ` +
            `${formatShape(shape)} without copying; use reshape()`,
        );
      return viewWith(x, g);
    },
    vjp: { x: (dy, { shape }) => dy.reshape(shape) },
    isView: true,
    variadic: true,
    samples: [
      { inputs: [[2, 3]], args: [[3, 2]] },
      { inputs: [[2, 3, 2]], args: [[-1, 2]] },
      { inputs: [[]], args: [[1, 1]] },
      { inputs: [[0, 3]], args: [[3, 0]] },
    ],
  },
  permute: {
    torch: 'permute(input, dims)',
    math: 'y_{i_{\\pi(1)} i_{\\pi(2)} \\dots} = x_{i_1 i_2 \\dots}',
    vjpMath: { x: '\\pi^{-1}(\\bar y)' },
    saves: [],
    shape: (x, dims) => shapeOf(permuted)(x, dims),
    forward: (x, dims) => viewForward(permuted)(x, dims),
    vjp: {
      x: (dy, { shape, args: [dims] }) => {
        const order = dims.map((d) => checkDim('permute', d, shape.length));
        return dy.permute(order.map((_, d) => order.indexOf(d)));
      },
    },
    isView: true,
    variadic: true,
    samples: [
      { inputs: [[2, 3, 4]], args: [[2, 0, 1]] },
      { inputs: [[]], args: [[]] },
      { inputs: [[0, 2]], args: [[-1, 0]] },
    ],
  },
  transpose: {
    torch: 'transpose(input, dim0, dim1)',
    math: 'y = x^{\\top}',
    vjpMath: { x: '\\bar y^{\\top}' },
    saves: [],
    shape: (x, i, j) => shapeOf(transposed)(x, i, j),
    forward: (x, i, j) => viewForward(transposed)(x, i, j),
    vjp: { x: (dy, { args: [i, j] }) => dy.transpose(i, j) },
    isView: true,
    samples: [
      { inputs: [[2, 3]], args: [0, 1] },
      { inputs: [[2, 3, 4]], args: [0, -1] },
      { inputs: [[0, 2]], args: [0, 1] },
    ],
  },
  expand: {
    torch: 'expand(input, shape)',
    math: 'y_{ij} = x_{1j}',
    vjpMath: { x: '\\textstyle\\sum_{\\text{copies}} \\bar y' },
    saves: [],
    shape: (x, shape) => shapeOf(expanded)(x, shape),
    forward: (x, shape) => viewForward(expanded)(x, shape),
    vjp: { x: (dy, { shape }) => dy.sumToSize(shape) },
    isView: true,
    variadic: true,
    samples: [
      { inputs: [[1, 3]], args: [[2, 3]] },
      { inputs: [[2, 1, 2]], args: [[3, 2, 3, -1]] },
      { inputs: [[]], args: [[2]] },
      { inputs: [[1, 0]], args: [[2, 0]] },
    ],
  },
  squeeze: {
    torch: 'squeeze(input, dim)',
    math: 'y = x \\text{ without dimensions of size } 1',
    vjpMath: { x: '\\bar y \\text{ in the shape of } x' },
    saves: [],
    shape: (x, dim) => shapeOf(squeezed)(x, dim),
    forward: (x, dim) => viewForward(squeezed)(x, dim),
    vjp: { x: (dy, { shape }) => dy.reshape(shape) },
    isView: true,
    gradFn: ({ args: [dim] }) => `SqueezeBackward${dim === undefined ? 0 : typeof dim === 'number' ? 1 : 2}`,
    samples: [
      { inputs: [[1, 3, 1]] },
      { inputs: [[2, 1, 3]], args: [1] },
      { inputs: [[2, 3]], args: [0] },
      { inputs: [[]] },
    ],
  },
  unsqueeze: {
    torch: 'unsqueeze(input, dim)',
    math: 'y = x \\text{ with a dimension of size } 1',
    vjpMath: { x: '\\bar y \\text{ in the shape of } x' },
    saves: [],
    shape: (x, dim) => shapeOf(unsqueezed)(x, dim),
    forward: (x, dim) => viewForward(unsqueezed)(x, dim),
    vjp: { x: (dy, { shape }) => dy.reshape(shape) },
    isView: true,
    samples: [
      { inputs: [[2, 3]], args: [1] },
      { inputs: [[]], args: [0] },
      { inputs: [[2, 0]], args: [-1] },
    ],
  },
  readView: {
    torch: 'as_strided(input, size, stride)',
    math: 'y_i = x_{\\pi(i)}',
    vjpMath: { x: '\\bar y \\text{ at } \\pi, \\text{ else } 0' },
    saves: [],
    shape: (_, g) => g.shape,
    forward: (x, g, layout) => {
      const { copy, shift } = laidOut(x, layout);
      const { shape, stride, offset } = moved(g, shift);
      return packed(new Tensor(copy.data, shape, stride, offset, x.dtype));
    },
    vjp: {
      x: (dy, { shape, args: [g, layout] }) => {
        // Elements of an expanded view share one place in memory, where their gradients add up.
        const shared = g.shape.map((n, d) => (g.stride[d] === 0 ? 1 : n));
        return zerosAs(dy, shape).writeView(dy.sumToSize(shared), { ...g, shape: shared }, layout);
      },
    },
    gradFn: 'AsStridedBackward0',
    samples: [
      {
        inputs: [[3, 4]],
        args: [
          { shape: [2, 2], stride: [4, 2], offset: 5 },
          { shape: [3, 4], stride: [4, 1], offset: 0 },
        ],
      },
      {
        inputs: [[2, 3]],
        args: [
          { shape: [2, 3], stride: [0, 2], offset: 8 },
          { shape: [2, 3], stride: [1, 2], offset: 7 },
        ],
      },
    ],
  },
  writeView: {
    torch: 'as_strided_scatter(input, src, size, stride)',
    math: 'y = a \\text{ with } b \\text{ at } \\pi',
    vjpMath: { a: '\\bar y, \\text{ but } 0 \\text{ at } \\pi', b: '\\bar y \\text{ at } \\pi' },
    saves: [],
    shape: (a) => a,
    forward: (a, values, g, layout) => {
      const { copy, shift } = laidOut(a, layout);
      copyStrided(g.shape, { ...moved(g, shift), data: copy.data }, values);
      return copy;
    },
    vjp: {
      a: (dy, { shapeB, args: [g, layout] }) => dy.writeView(zerosAs(dy, shapeB), g, layout),
      b: (dy, { args: [g, layout] }) => dy.readView(g, layout),
    },
    gradFn: 'CopySlices',
    samples: [
      {
        inputs: [
          [3, 4],
          [2, 2],
        ],
        args: [
          { shape: [2, 2], stride: [4, 2], offset: 5 },
          { shape: [3, 4], stride: [4, 1], offset: 0 },
        ],
      },
    ],
  },
});

// The history of a view whose base has been modified: "these elements of the base as it is now".
viewHistory.op = opTable.get('readView')!;

/** Zeros of the dtype of `like`. */
function zerosAs(like: Tensor, shape: Shape): Tensor {
  const data = new (like.data.constructor as new (n: number) => Tensor['data'])(numel(shape));
  return new Tensor(data, shape, contiguousStride(shape), 0, like.dtype);
}

/**
 * The gradient of a view that picks elements: `dy` where they came from, zeros elsewhere.
 * @internal
 */
export function scatterBack(dy: Tensor, shape: Shape, pick: (x: Geometry) => Geometry): Tensor {
  const layout = { shape, stride: contiguousStride(shape), offset: 0 };
  return zerosAs(dy, shape).writeView(dy, pick(layout), layout);
}

/** Views in terms of the others. */
export interface ViewForms {
  /**
   * The same elements in another shape; one size may be -1 (`torch.reshape`). Shares memory where the strides allow
   * it, and copies otherwise.
   * @throws {ShapeError} if the counts differ.
   */
  reshape(...shape: Sizes): Tensor;
  /** Joins the dimensions from `startDim` to `endDim` into one (`torch.flatten`). */
  flatten(startDim?: number, endDim?: number): Tensor;
  /** The transpose of a matrix (`torch.t`). @throws {ShapeError} for more than two dimensions. */
  t(): Tensor;
  /** Dimensions in reverse order; for a matrix its transpose (`torch.Tensor.T`). */
  readonly T: Tensor;
  /** The last two dimensions swapped (`torch.Tensor.mT`). @throws {IndexError} for fewer than two dimensions. */
  readonly mT: Tensor;
  /** Dimension `dim` moved to the end. @internal */
  movedLast(dim: number): Tensor;
}

defineComposites<Omit<ViewForms, 'T' | 'mT'>>({
  reshape(...sizes) {
    const shape = Array.isArray(sizes[0]) ? sizes[0] : (sizes as readonly number[]);
    const whole = inferShape('reshape', this.numel(), shape);
    return (viewGeometry(this, whole) === null ? this.clone() : this).view(whole);
  },
  flatten(startDim = 0, endDim = -1) {
    if (this.ndim === 0) return this.reshape(1);
    const start = checkDim('flatten', startDim, this.ndim);
    const end = checkDim('flatten', endDim, this.ndim);
    if (start > end) throw new ValueError(`flatten: startDim ${startDim} comes after endDim ${endDim}`);
    const joined = numel(this.shape.slice(start, end + 1));
    return start === end ? this : this.reshape([...this.shape.slice(0, start), joined, ...this.shape.slice(end + 1)]);
  },
  t() {
    if (this.ndim > 2)
      throw new ShapeError(
        `t: needs at most two dimensions, got ${formatShape(this.shape)}; use transpose(dim0, dim1)`,
      );
    return this.ndim < 2 ? this : this.transpose(0, 1);
  },
  movedLast(dim) {
    if (this.ndim < 2) return this;
    const d = checkDim('movedLast', dim, this.ndim);
    return this.permute([...this.shape.keys()].filter((i) => i !== d).concat(d));
  },
});

Object.defineProperties(Tensor.prototype, {
  T: {
    get(this: Tensor) {
      return this.permute([...this.shape.keys()].reverse());
    },
  },
  mT: {
    get(this: Tensor) {
      return this.transpose(-2, -1);
    },
  },
});
