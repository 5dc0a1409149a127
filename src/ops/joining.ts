import { ShapeError, ValueError } from '../errors';
import { copyStrided, select } from '../kernels/elementwise';
import { numel } from '../kernels/strides';
import { allocate, type Dtype, promoteTypes, resultType } from '../tensor/dtype';
import { broadcastShapes, broadcastStride, checkDim, formatShape, type Shape, sameShape } from '../tensor/shape';
import { empty, fresh, Tensor, viewWith } from '../tensor/tensor';
import { defineComposites, defineFunctions, defineOps } from './define';
import { notDifferentiable } from './rule';

/** Functions of several tensors. */
export interface Joining {
  /**
   * Tensors one after another along `dim` (`torch.cat`).
   * @throws {ShapeError} if there are none, or their shapes differ in another dimension.
   */
  cat(tensors: readonly Tensor[], dim?: number): Tensor;
  /**
   * Tensors of one shape side by side along a new dimension `dim` (`torch.stack`).
   * @throws {ShapeError} if there are none, or their shapes differ.
   */
  stack(tensors: readonly Tensor[], dim?: number): Tensor;
  /**
   * `input` where `condition` is true, else `other` (`torch.where`); the three broadcast.
   * @throws {ShapeError} if the shapes do not broadcast.
   */
  where(condition: Tensor, input: Tensor | number, other: Tensor | number): Tensor;
}

function catShape(shapes: readonly Shape[], dim = 0): Shape {
  if (shapes.length === 0) throw new ShapeError('cat: needs at least one tensor');
  // An empty vector joins anything, as in PyTorch.
  const parts = shapes.filter((s) => !(s.length === 1 && s[0] === 0));
  const [first] = parts.length === 0 ? shapes : parts;
  if (first.length === 0) throw new ShapeError('cat: single numbers have no dimension to join along; use stack()');
  const d = checkDim('cat', dim, first.length);
  for (const s of parts)
    if (s.length !== first.length || s.some((n, i) => i !== d && n !== first[i]))
      throw new ShapeError(
        `cat: shapes ${shapes.map(formatShape).join(', ')} differ in another dimension than ${d}, along which they are joined`,
      );
  return first.map((n, i) => (i === d ? parts.reduce((sum, s) => sum + s[d], 0) : n));
}

function joined(tensors: readonly Tensor[], dim = 0): Tensor {
  const shape = catShape(
    tensors.map((t) => t.shape),
    dim,
  );
  const d = checkDim('cat', dim, shape.length);
  const dtype = tensors.map((t) => t.dtype).reduce(promoteTypes);
  const y = empty(shape, dtype);
  let offset = 0;
  for (const t of tensors) {
    if (t.ndim !== shape.length) continue;
    copyStrided(t.shape, { data: y.data, stride: y.stride, offset }, t);
    offset += t.shape[d] * y.stride[d];
  }
  return y;
}

function stackShape(shapes: readonly Shape[], dim = 0): Shape {
  if (shapes.length === 0) throw new ShapeError('stack: needs at least one tensor');
  const [first] = shapes;
  if (shapes.some((s) => !sameShape(s, first)))
    throw new ShapeError(`stack: all shapes must be equal, got ${shapes.map(formatShape).join(', ')}`);
  const d = checkDim('stack', dim, first.length + 1);
  return [...first.slice(0, d), shapes.length, ...first.slice(d)];
}

/** One operand of `where`, seen in the result's shape. */
function operand(x: Tensor | number, shape: Shape) {
  if (x instanceof Tensor) return { data: x.data, stride: broadcastStride(x.shape, x.stride, shape), offset: x.offset };
  return { data: Float64Array.of(x), stride: shape.map(() => 0), offset: 0 };
}

const shapeOf = (x: Tensor | number): Shape => (x instanceof Tensor ? x.shape : []);

/** @internal */
export const joining: Joining = defineFunctions<Joining>({
  cat: {
    torch: 'cat(tensors, dim)',
    math: 'y = [x_1; x_2; \\dots]',
    vjpMath: { xs: '\\bar y \\text{ where } x_k \\text{ stands}' },
    saves: [],
    shape: catShape,
    forward: joined,
    vjp: {
      xs: (dy, { shapes, args: [dim = 0] }, k) => {
        if (shapes[k].length !== dy.ndim) return dy.narrow(0, 0, 0).reshape(0);
        const d = checkDim('cat', dim, dy.ndim);
        const start = shapes.slice(0, k).reduce((sum, s) => sum + (s.length === dy.ndim ? s[d] : 0), 0);
        return dy.narrow(d, start, shapes[k][d]);
      },
    },
    samples: [
      {
        inputs: [
          [2, 3],
          [1, 3],
        ],
      },
      {
        inputs: [
          [2, 1, 2],
          [2, 2, 2],
          [2, 1, 2],
        ],
        args: [1],
      },
      { inputs: [[2], [0]] },
    ],
  },
  stack: {
    torch: 'stack(tensors, dim)',
    math: 'y_k = x_k',
    vjpMath: { xs: '\\bar y_k' },
    saves: [],
    shape: stackShape,
    forward: (tensors, dim = 0) => {
      const shape = stackShape(
        tensors.map((t) => t.shape),
        dim,
      );
      const d = checkDim('stack', dim, shape.length);
      return joined(
        tensors.map((t) => fresh(t.toArray(), [...t.shape.slice(0, d), 1, ...t.shape.slice(d)], t.dtype)),
        d,
      );
    },
    vjp: { xs: (dy, { args: [dim = 0] }, k) => dy.select(dim, k) },
    samples: [
      { inputs: [[2], [2]] },
      {
        inputs: [
          [2, 3],
          [2, 3],
        ],
        args: [-1],
      },
      { inputs: [[], [], []] },
    ],
  },
  where: {
    torch: 'where(condition, input, other)',
    math: 'y = [a]\\, b + [\\neg a]\\, c',
    vjpMath: { b: '\\bar y \\odot [a]', c: '\\bar y \\odot [\\neg a]' },
    saves: { b: ['a'], c: ['a'] },
    shape: (condition, a, b) => broadcastShapes('where', condition, broadcastShapes('where', a, b)),
    forward: (condition, a, b) => {
      if (condition.dtype !== 'bool' && condition.dtype !== 'uint8')
        throw new ValueError(
          `where: the condition must be a bool tensor, got ${condition.dtype}; make one by comparing, as in x.gt(0)`,
        );
      const shape = broadcastShapes('where', condition.shape, broadcastShapes('where', shapeOf(a), shapeOf(b)));
      const dtype: Dtype = resultType(a, b);
      const y = allocate(dtype, numel(shape));
      select(shape, y, operand(condition, shape), operand(a, shape), operand(b, shape));
      return fresh(y, shape, dtype);
    },
    vjp: {
      a: notDifferentiable,
      b: (dy, { a }) => joining.where(a, dy, 0),
      c: (dy, { a }) => joining.where(a, 0, dy),
    },
    samples: [
      {
        inputs: [
          [2, 3],
          [2, 3],
          [2, 3],
        ],
      },
      { inputs: [[3], [2, 1], []] },
      { inputs: [[2, 3], [2, 3], 0.5] },
      { inputs: [[0], [1], [0]] },
    ],
  },
});

/** Taking a tensor apart. */
export interface Splitting {
  /** Views of the given sizes along `dim`. @internal */
  splitSizes(sizes: readonly number[], dim: number): readonly Tensor[];
  /** Views of the entries along `dim`, without that dimension (`torch.unbind`). */
  unbind(dim?: number): readonly Tensor[];
}

function splitShapes(shape: Shape, sizes: readonly number[], dim: number): Shape[] {
  const d = checkDim('split', dim, shape.length);
  const total = sizes.reduce((sum, n) => sum + n, 0);
  if (shape.length === 0 || total !== shape[d] || sizes.some((n) => !Number.isInteger(n) || n < 0))
    throw new ShapeError(
      `split: sizes [${sizes}] add up to ${total}, dimension ${d} of ${formatShape(shape)} has ${shape[d]}`,
    );
  return sizes.map((n) => shape.map((m, i) => (i === d ? n : m)));
}

defineOps<Splitting>({
  splitSizes: {
    torch: 'split(input, split_size, dim)',
    math: '[y_1; y_2; \\dots] = x',
    vjpMath: { x: '[\\bar y_1; \\bar y_2; \\dots]' },
    saves: [],
    shape: (x, sizes, dim) => splitShapes(x, sizes, dim),
    forward: (x, sizes, dim) => {
      const d = checkDim('split', dim, x.ndim);
      let { offset } = x;
      return splitShapes(x.shape, sizes, d).map((shape) => {
        const view = viewWith(x, { shape, stride: x.stride, offset });
        offset += shape[d] * x.stride[d];
        return view;
      });
    },
    vjp: { x: (dys, { args: [, dim] }) => joining.cat(dys, dim) },
    isView: true,
    gradFn: 'SplitBackward0',
    samples: [
      { inputs: [[4, 2]], args: [[1, 3], 0] },
      { inputs: [[2, 3, 2]], args: [[2, 0, 1], 1] },
      { inputs: [[0]], args: [[0, 0], 0] },
    ],
  },
  unbind: {
    torch: 'unbind(input, dim)',
    math: 'y_k = x_k',
    vjpMath: { x: '(\\bar y_1, \\bar y_2, \\dots)' },
    saves: [],
    shape: (x, dim = 0) => {
      if (x.length === 0) throw new ShapeError('unbind: a single number has no dimension to take apart');
      const d = checkDim('unbind', dim, x.length);
      return Array.from({ length: x[d] }, () => x.filter((_, i) => i !== d));
    },
    forward: (x, dim = 0) => {
      if (x.ndim === 0) throw new ShapeError('unbind: a single number has no dimension to take apart');
      const d = checkDim('unbind', dim, x.ndim);
      const shape = x.shape.filter((_, i) => i !== d);
      const stride = x.stride.filter((_, i) => i !== d);
      return Array.from({ length: x.shape[d] }, (_, k) =>
        viewWith(x, { shape, stride, offset: x.offset + k * x.stride[d] }),
      );
    },
    vjp: { x: (dys, { args: [dim = 0] }) => joining.stack(dys, dim) },
    isView: true,
    samples: [{ inputs: [[3]] }, { inputs: [[2, 3, 2]], args: [1] }, { inputs: [[2, 0]], args: [0] }],
  },
});

/** Splitting in terms of the others. */
export interface SplittingForms {
  /**
   * Views along `dim`: each of size `splitSize` (the last may be smaller), or of the sizes listed (`torch.split`).
   * @throws {ShapeError} if listed sizes do not add up; {@link ValueError} for a size below 1.
   */
  split(splitSize: number | readonly number[], dim?: number): readonly Tensor[];
}

defineComposites<SplittingForms>({
  split(splitSize, dim = 0) {
    if (typeof splitSize !== 'number') return this.splitSizes(splitSize, dim);
    if (!Number.isInteger(splitSize) || splitSize < 1)
      throw new ValueError(`split: splitSize is ${splitSize}; it must be a whole number, 1 or more`);
    const n = this.size(dim);
    const sizes = Array.from({ length: Math.max(1, Math.ceil(n / splitSize)) }, (_, i) =>
      Math.min(splitSize, n - i * splitSize),
    );
    return this.splitSizes(sizes, dim);
  },
});

/** Option of {@link meshgrid}. */
export interface MeshgridOptions {
  /** `'ij'` (default): the first tensor runs along the first dimension; `'xy'`: along the second, as in plots. */
  indexing?: 'ij' | 'xy';
}

/**
 * Coordinate grids from vectors (`torch.meshgrid`): of `n` vectors, `n` views of one n-dimensional shape.
 * @throws {ShapeError} if an argument has more than one dimension; {@link ValueError} for another `indexing`.
 */
export function meshgrid(tensors: readonly Tensor[], options: MeshgridOptions = {}): Tensor[] {
  const { indexing = 'ij' } = options;
  if (indexing !== 'ij' && indexing !== 'xy')
    throw new ValueError(`meshgrid: indexing is '${indexing}'; use 'ij' or 'xy'`);
  const bad = tensors.find((t) => t.ndim > 1);
  if (bad !== undefined) throw new ShapeError(`meshgrid: needs vectors, got shape ${formatShape(bad.shape)}`);
  const swap = indexing === 'xy' && tensors.length > 1;
  const given = swap ? [tensors[1], tensors[0], ...tensors.slice(2)] : tensors;
  const shape = given.map((t) => t.numel());
  const grids = given.map((t, i) => t.reshape(shape.map((n, d) => (d === i ? n : 1))).expand(shape));
  if (!swap) return grids;
  return [grids[1], grids[0], ...grids.slice(2)];
}
