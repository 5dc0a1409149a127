import { ShapeError } from '../errors';
import { accumulate, argExtreme } from '../kernels/reduce';
import { contiguousStride, numel } from '../kernels/strides';
import { allocate, type Dtype, isFloat } from '../tensor/dtype';
import { checkDim, checkDims, formatShape, type Shape } from '../tensor/shape';
import { empty, fresh, packed, type Tensor } from '../tensor/tensor';
import { requireFloat } from './combinators';
import { defineComposites, defineOps } from './define';
import { notDifferentiable, type Sample } from './rule';

/** Option of every reduction. */
export interface KeepdimOption {
  /** Keep reduced dimensions with size 1; default `false`. */
  keepdim?: boolean;
}
/** Options of sums and means. */
export interface SumOptions extends KeepdimOption {
  /** Convert to this dtype before reducing. */
  dtype?: Dtype;
}
/** Extremes along a dimension. */
export interface ValuesIndices {
  /** The extreme values. */
  values: Tensor;
  /** Where they are along the dimension (`int32`). */
  indices: Tensor;
}
/** One dimension, several, or (left out) all. */
export type Dims = number | readonly number[];

/** Sums, means and extremes over some or all dimensions. */
export interface Reduction {
  /**
   * Sum over the dimensions `dim`, or all (`torch.sum`); integers and bools give `int32`.
   * @throws {IndexError} if a dimension is out of range or repeated.
   */
  sum(dim?: Dims | null, options?: SumOptions): Tensor;
  /**
   * Mean over the dimensions `dim`, or all (`torch.mean`).
   * @throws {DtypeError} for integers and bools; {@link IndexError} if a dimension is out of range or repeated.
   */
  mean(dim?: Dims | null, options?: SumOptions): Tensor;
  /**
   * Largest element over the dimensions `dim`, or all; equals share the gradient (`torch.amax`).
   * @throws {ShapeError} if there is nothing to choose from.
   */
  amax(dim?: Dims | null, options?: KeepdimOption): Tensor;
  /**
   * Smallest element over the dimensions `dim`, or all; equals share the gradient (`torch.amin`).
   * @throws {ShapeError} if there is nothing to choose from.
   */
  amin(dim?: Dims | null, options?: KeepdimOption): Tensor;
  /** `max` along one dimension. @internal */
  maxAlong(dim: number, options?: KeepdimOption): ValuesIndices;
  /** `min` along one dimension. @internal */
  minAlong(dim: number, options?: KeepdimOption): ValuesIndices;
  /**
   * Index of the largest element along `dim`, or of all elements in row-major order; the first of equals
   * (`torch.argmax`). Gives `int32`.
   * @throws {ShapeError} if there is nothing to choose from.
   */
  argmax(dim?: number | null, options?: KeepdimOption): Tensor;
  /** Index of the smallest element; see {@link Reduction.argmax} (`torch.argmin`). */
  argmin(dim?: number | null, options?: KeepdimOption): Tensor;
}

/** Shape after reducing `dims` (sorted). */
function reducedShape(shape: Shape, dims: readonly number[], keepdim = false): Shape {
  return keepdim ? shape.map((n, d) => (dims.includes(d) ? 1 : n)) : shape.filter((_, d) => !dims.includes(d));
}

const shapeOver = (op: string) => (x: Shape, dim?: Dims | null, options?: KeepdimOption) =>
  reducedShape(x, checkDims(op, dim, x.length), options?.keepdim);

/** Totals over `dims` in float64, and the shape they have with these dimensions kept. */
function totals(x: Tensor, dims: readonly number[]): { data: Float64Array; kept: Shape } {
  const kept = reducedShape(x.shape, dims, true);
  const data = new Float64Array(numel(kept));
  const stride = contiguousStride(kept).map((s, d) => (dims.includes(d) ? 0 : s));
  accumulate(x.shape, x, stride, data);
  return { data, kept };
}

/** A gradient of a reduced tensor, stretched to the shape before the reduction. */
function stretch(dy: Tensor, shape: Shape, dim: Dims | null | undefined, keepdim: boolean | undefined): Tensor {
  const dims = checkDims('stretch', dim, shape.length);
  return (keepdim ? dy : dy.reshape(reducedShape(shape, dims, true))).expand(shape);
}

const numbered = (name: string) => (n: { readonly args: readonly unknown[] }) =>
  `${name}Backward${n.args[0] === undefined || n.args[0] === null ? 0 : 1}`;

/** All, first, middle and last dimensions, several at once, kept and dropped; one number, nothing. */
const samples: readonly Sample[] = [
  { inputs: [[2, 3]] },
  { inputs: [[2, 3, 2]], args: [1] },
  { inputs: [[2, 3]], args: [0, { keepdim: true }] },
  { inputs: [[2, 3, 2]], args: [[0, -1]] },
  { inputs: [[]] },
];
const emptySamples: readonly Sample[] = [{ inputs: [[0]] }, { inputs: [[0, 2]], args: [0] }];

function extreme(name: 'amax' | 'amin', sign: 1 | -1) {
  return {
    torch: `${name}(input, dim, *, keepdim)`,
    math: `y = \\${name.slice(1)}_{i} x_i`,
    vjpMath: { x: '\\bar y \\odot [x = y] / \\#[x = y]' },
    saves: ['x', 'y'] as const,
    shape: shapeOver(name),
    forward: (x: Tensor, dim?: Dims | null, options?: KeepdimOption): Tensor => {
      const dims = checkDims(name, dim, x.ndim);
      checkSomething(name, x, dims);
      // Reduced dimensions last, so that each result looks at one run of neighbours.
      const order = [...x.shape.keys()].filter((d) => !dims.includes(d)).concat(dims);
      const moved = packed(x.detach().permute(order));
      const shape = reducedShape(x.shape, dims, options?.keepdim);
      const y = empty(shape, x.dtype);
      const length = y.data.length === 0 ? 0 : moved.numel() / y.data.length;
      for (let i = 0, at = moved.offset; i < y.data.length; i++, at += length)
        y.data[i] = moved.data[at + argExtreme(moved.data, at, 1, length, sign)];
      return y;
    },
    vjp: {
      x: (
        dy: Tensor,
        { x, y, args: [dim, options] }: { x: Tensor; y: Tensor; args: [(Dims | null)?, KeepdimOption?] },
      ) => {
        const hit = x.eq(stretch(y, x.shape, dim, options?.keepdim)).to(x.dtype);
        const share = hit.div(stretch(hit.sum(dim, options), x.shape, dim, options?.keepdim));
        return stretch(dy, x.shape, dim, options?.keepdim).mul(share);
      },
    },
    gradFn: (n: { readonly args: readonly unknown[] }) =>
      n.args[0] === undefined
        ? `${name === 'amax' ? 'Max' : 'Min'}Backward1`
        : `${name === 'amax' ? 'Amax' : 'Amin'}Backward0`,
    samples,
  };
}

function checkSomething(op: string, x: Tensor, dims: readonly number[]): void {
  if (dims.some((d) => x.shape[d] === 0) || (x.ndim > 0 && dims.length === x.ndim && x.numel() === 0))
    throw new ShapeError(`${op}: nothing to choose from in shape ${formatShape(x.shape)} along dimension ${dims}`);
}

/** Positions of the extremes along `dim`, in the shape with that dimension kept at 1. */
function positionsAlong(
  op: string,
  x: Tensor,
  dim: number,
  sign: 1 | -1,
): { at: Int32Array; kept: Shape; moved: Tensor } {
  checkSomething(op, x, x.ndim === 0 ? [] : [dim]);
  const kept = reducedShape(x.shape, x.ndim === 0 ? [] : [dim], true);
  const moved = packed(x.detach().movedLast(dim));
  const at = new Int32Array(numel(kept));
  const length = x.ndim === 0 ? 1 : x.shape[dim];
  for (let i = 0; i < at.length; i++) at[i] = argExtreme(moved.data, moved.offset + i * length, 1, length, sign);
  return { at, kept, moved };
}

function along(name: 'max' | 'min', sign: 1 | -1) {
  return {
    torch: `${name}(input, dim, *, keepdim)`,
    math: `y = \\${name}_{i} x_i`,
    vjpMath: { x: `\\bar y \\odot [i = \\arg\\${name}_i x_i]` },
    saves: ['y'] as const,
    returns: ['values', 'indices'] as const,
    shape: (x: Shape, dim: number, options?: KeepdimOption) => {
      const shape = reducedShape(x, x.length === 0 ? [] : [checkDim(name, dim, x.length)], options?.keepdim);
      return [shape, shape];
    },
    forward: (x: Tensor, dim: number, options?: KeepdimOption): readonly Tensor[] => {
      const d = checkDim(name, dim, x.ndim);
      const { at, moved } = positionsAlong(name, x, d, sign);
      const length = x.ndim === 0 ? 1 : x.shape[d];
      const values = allocate(x.dtype, at.length);
      for (let i = 0; i < at.length; i++) values[i] = moved.data[moved.offset + i * length + at[i]];
      const shape = reducedShape(x.shape, x.ndim === 0 ? [] : [d], options?.keepdim);
      return [fresh(values, shape, x.dtype), fresh(at, shape, 'int32')];
    },
    vjp: {
      x: (
        dys: Tensor[],
        { ys, shape, args: [dim, options] }: { ys: Tensor[]; shape: Shape; args: [number, KeepdimOption?] },
      ): Tensor => {
        const [dy, indices] =
          options?.keepdim || shape.length === 0 ? [dys[0], ys[1]] : [dys[0].unsqueeze(dim), ys[1].unsqueeze(dim)];
        return dy.mul(indices.eq(positions(shape, dim)).to(dy.dtype));
      },
    },
    gradFn: `${name === 'max' ? 'Max' : 'Min'}Backward0`,
    samples: [
      { inputs: [[2, 3]], args: [0] },
      { inputs: [[2, 3, 2]], args: [1, { keepdim: true }] },
      { inputs: [[3]], args: [-1] },
      { inputs: [[]], args: [0] },
      { inputs: [[0, 2]], args: [1] },
    ],
  };
}

/** `0, 1, 2, …` along `dim`, shaped to broadcast against `shape`. */
function positions(shape: Shape, dim: number): Tensor {
  const d = checkDim('positions', dim, shape.length);
  const n = shape.length === 0 ? 1 : shape[d];
  const data = Int32Array.from({ length: n }, (_, i) => i);
  return fresh(
    data,
    shape.map((_, i) => (i === d ? n : 1)),
    'int32',
  );
}

function argExtremeRule(name: 'argmax' | 'argmin', sign: 1 | -1) {
  return {
    torch: `${name}(input, dim, *, keepdim)`,
    math: `y = \\arg\\${name.slice(3)}_{i} x_i`,
    vjpMath: {},
    saves: [] as const,
    shape: (x: Shape, dim?: number | null, options?: KeepdimOption) =>
      dim === undefined || dim === null
        ? reducedShape(x, [...x.keys()], options?.keepdim)
        : reducedShape(x, x.length === 0 ? [] : [checkDim(name, dim, x.length)], options?.keepdim),
    forward: (x: Tensor, dim?: number | null, options?: KeepdimOption): Tensor => {
      if (dim === undefined || dim === null) {
        checkSomething(name, x, [...x.shape.keys()]);
        const all = packed(x);
        const at = argExtreme(all.data, all.offset, 1, x.numel(), sign);
        return fresh(Int32Array.of(at), reducedShape(x.shape, [...x.shape.keys()], options?.keepdim), 'int32');
      }
      const d = checkDim(name, dim, x.ndim);
      const { at } = positionsAlong(name, x, d, sign);
      return fresh(at, reducedShape(x.shape, x.ndim === 0 ? [] : [d], options?.keepdim), 'int32');
    },
    vjp: { x: notDifferentiable } as const,
    samples: [
      { inputs: [[2, 3]] },
      { inputs: [[2, 3, 2]], args: [1] },
      { inputs: [[2, 3]], args: [-1, { keepdim: true }] },
    ],
  };
}

defineOps<Reduction>({
  sum: {
    torch: 'sum(input, dim, *, keepdim, dtype)',
    math: 'y = \\sum_{i} x_i',
    vjpMath: { x: '\\bar y \\mathbf 1' },
    saves: [],
    shape: shapeOver('sum'),
    forward: (x, dim, options) => {
      const from = options?.dtype === undefined ? x : x.detach().to(options.dtype);
      const dims = checkDims('sum', dim, x.ndim);
      const { data } = totals(from, dims);
      const y = empty(
        reducedShape(x.shape, dims, options?.keepdim),
        options?.dtype ?? (isFloat(x.dtype) ? x.dtype : 'int32'),
      );
      y.data.set(data);
      return y;
    },
    vjp: { x: (dy, { shape, args: [dim, options] }) => stretch(dy, shape, dim, options?.keepdim) },
    gradFn: numbered('Sum'),
    samples: [...samples, ...emptySamples],
  },
  mean: {
    torch: 'mean(input, dim, *, keepdim, dtype)',
    math: 'y = \\frac{1}{n} \\sum_{i} x_i',
    vjpMath: { x: '\\frac{1}{n} \\bar y \\mathbf 1' },
    saves: [],
    shape: shapeOver('mean'),
    forward: (x, dim, options) => {
      const from = options?.dtype === undefined ? x : x.detach().to(options.dtype);
      requireFloat('mean', from);
      const dims = checkDims('mean', dim, x.ndim);
      const { data } = totals(from, dims);
      const y = empty(reducedShape(x.shape, dims, options?.keepdim), from.dtype);
      const count = dims.reduce((n, d) => n * x.shape[d], 1);
      for (let i = 0; i < data.length; i++) y.data[i] = data[i] / count;
      return y;
    },
    vjp: {
      x: (dy, { shape, args: [dim, options] }) => {
        const count = checkDims('mean', dim, shape.length).reduce((n, d) => n * shape[d], 1);
        return stretch(dy.div(count), shape, dim, options?.keepdim);
      },
    },
    gradFn: numbered('Mean'),
    samples,
  },
  amax: extreme('amax', 1),
  amin: extreme('amin', -1),
  maxAlong: along('max', 1),
  minAlong: along('min', -1),
  argmax: argExtremeRule('argmax', 1),
  argmin: argExtremeRule('argmin', -1),
});

/** Reductions in terms of the others. */
export interface ReductionForms {
  /**
   * The largest element (`torch.max`): of all as a tensor, or along `dim` with its indices. Of equals, all share the
   * gradient when there is no `dim`; along a dimension the first one has it.
   * @throws {ShapeError} if there is nothing to choose from.
   */
  max(): Tensor;
  max(dim: number, options?: KeepdimOption): ValuesIndices;
  /** The smallest element; see {@link ReductionForms.max} (`torch.min`). */
  min(): Tensor;
  min(dim: number, options?: KeepdimOption): ValuesIndices;
  /**
   * Sums over the dimensions that broadcasting would stretch, down to `shape` (`torch.Tensor.sum_to_size`).
   * @throws {ShapeError} if `shape` does not broadcast to this tensor's shape.
   */
  sumToSize(shape: Shape): Tensor;
}

function extremeOf(this: Tensor, name: 'max' | 'min', dim?: number, options?: KeepdimOption): Tensor | ValuesIndices {
  if (dim === undefined) return name === 'max' ? this.amax() : this.amin();
  return name === 'max' ? this.maxAlong(dim, options) : this.minAlong(dim, options);
}

defineComposites<ReductionForms>({
  max(dim?: number, options?: KeepdimOption) {
    return extremeOf.call(this, 'max', dim, options) as Tensor & ValuesIndices;
  },
  min(dim?: number, options?: KeepdimOption) {
    return extremeOf.call(this, 'min', dim, options) as Tensor & ValuesIndices;
  },
  sumToSize(shape) {
    const lead = this.ndim - shape.length;
    if (lead < 0 || shape.some((n, d) => n !== 1 && n !== this.shape[d + lead]))
      throw new ShapeError(`sumToSize: ${formatShape(shape)} does not broadcast to ${formatShape(this.shape)}`);
    const dims = [...this.shape.keys()].filter((d) => d < lead || (shape[d - lead] === 1 && this.shape[d] !== 1));
    return (dims.length === 0 ? this : this.sum(dims, { keepdim: true })).reshape(shape);
  },
});
