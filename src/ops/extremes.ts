import { ShapeError } from '../errors';
import { argExtreme } from '../kernels/reduce';
import { allocate } from '../tensor/dtype';
import { checkDim, checkDims, formatShape, type Shape } from '../tensor/shape';
import { empty, fresh, packed, type Tensor } from '../tensor/tensor';
import { defineComposites, defineOps } from './define';
import {
  type Dims,
  type KeepdimOption,
  reducedShape,
  reductionSamples,
  shapeOver,
  stretch,
  type ValuesIndices,
} from './dims';
import { notDifferentiable } from './rule';

/** Largest and smallest elements. */
export interface Extremes {
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
  /** Index of the smallest element; see {@link Extremes.argmax} (`torch.argmin`). */
  argmin(dim?: number | null, options?: KeepdimOption): Tensor;
}

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
    samples: reductionSamples,
  };
}

function checkSomething(op: string, x: Tensor, dims: readonly number[]): void {
  if (dims.some((d) => x.shape[d] === 0) || (x.ndim > 0 && dims.length === x.ndim && x.numel() === 0))
    throw new ShapeError(`${op}: nothing to choose from in shape ${formatShape(x.shape)} along dimension ${dims}`);
}

/** Positions of the extremes along `dim`, and the tensor with that dimension moved to the end. */
function positionsAlong(op: string, x: Tensor, dim: number, sign: 1 | -1): { at: Int32Array; moved: Tensor } {
  checkSomething(op, x, x.ndim === 0 ? [] : [dim]);
  const moved = packed(x.detach().movedLast(dim));
  const length = x.ndim === 0 ? 1 : x.shape[dim];
  const at = new Int32Array(moved.numel() / length);
  for (let i = 0; i < at.length; i++) at[i] = argExtreme(moved.data, moved.offset + i * length, 1, length, sign);
  return { at, moved };
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

defineOps<Extremes>({
  amax: extreme('amax', 1),
  amin: extreme('amin', -1),
  maxAlong: along('max', 1),
  minAlong: along('min', -1),
  argmax: argExtremeRule('argmax', 1),
  argmin: argExtremeRule('argmin', -1),
});

/** Extremes as users call them. */
export interface ExtremeForms {
  /**
   * The largest element (`torch.max`): of all as a tensor, or along `dim` with its indices. Of equals, all share the
   * gradient when there is no `dim`; along a dimension the first one has it.
   * @throws {ShapeError} if there is nothing to choose from.
   */
  max(): Tensor;
  max(dim: number, options?: KeepdimOption): ValuesIndices;
  /** The smallest element; see {@link ExtremeForms.max} (`torch.min`). */
  min(): Tensor;
  min(dim: number, options?: KeepdimOption): ValuesIndices;
}

function extremeOf(this: Tensor, name: 'max' | 'min', dim?: number, options?: KeepdimOption): Tensor | ValuesIndices {
  if (dim === undefined) return name === 'max' ? this.amax() : this.amin();
  return name === 'max' ? this.maxAlong(dim, options) : this.minAlong(dim, options);
}

defineComposites<ExtremeForms>({
  max(dim?: number, options?: KeepdimOption) {
    return extremeOf.call(this, 'max', dim, options) as Tensor & ValuesIndices;
  },
  min(dim?: number, options?: KeepdimOption) {
    return extremeOf.call(this, 'min', dim, options) as Tensor & ValuesIndices;
  },
});
