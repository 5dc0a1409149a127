import { ShapeError } from '../errors';
import { accumulate } from '../kernels/reduce';
import { contiguousStride, numel } from '../kernels/strides';
import { isFloat } from '../tensor/dtype';
import { checkDims, formatShape, type Shape } from '../tensor/shape';
import { empty, type Tensor } from '../tensor/tensor';
import { requireFloat } from './combinators';
import { defineComposites, defineOps } from './define';
import { type Dims, reducedShape, reductionSamples, type SumOptions, shapeOver, stretch } from './dims';
import type { Sample } from './rule';

/** Sums and means over some or all dimensions. */
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
}

/** Totals over `dims`, in float64. */
function totals(x: Tensor, dims: readonly number[]): Float64Array {
  const kept = reducedShape(x.shape, dims, true);
  const data = new Float64Array(numel(kept));
  const stride = contiguousStride(kept).map((s, d) => (dims.includes(d) ? 0 : s));
  accumulate(x.shape, x, stride, data);
  return data;
}

const numbered = (name: string) => (n: { readonly args: readonly unknown[] }) =>
  `${name}Backward${n.args[0] === undefined || n.args[0] === null ? 0 : 1}`;

const emptySamples: readonly Sample[] = [{ inputs: [[0]] }, { inputs: [[0, 2]], args: [0] }];

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
      const data = totals(from, dims);
      const y = empty(
        reducedShape(x.shape, dims, options?.keepdim),
        options?.dtype ?? (isFloat(x.dtype) ? x.dtype : 'int32'),
      );
      y.data.set(data);
      return y;
    },
    vjp: { x: (dy, { shape, args: [dim, options] }) => stretch(dy, shape, dim, options?.keepdim) },
    gradFn: numbered('Sum'),
    samples: [...reductionSamples, ...emptySamples],
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
      const data = totals(from, dims);
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
    samples: reductionSamples,
  },
});

/** Reductions in terms of the others. */
export interface ReductionForms {
  /**
   * Sums over the dimensions that broadcasting would stretch, down to `shape` (`torch.Tensor.sum_to_size`).
   * @throws {ShapeError} if `shape` does not broadcast to this tensor's shape.
   */
  sumToSize(shape: Shape): Tensor;
}

defineComposites<ReductionForms>({
  sumToSize(shape) {
    const lead = this.ndim - shape.length;
    if (lead < 0 || shape.some((n, d) => n !== 1 && n !== this.shape[d + lead]))
      throw new ShapeError(`sumToSize: ${formatShape(shape)} does not broadcast to ${formatShape(this.shape)}`);
    const dims = [...this.shape.keys()].filter((d) => d < lead || (shape[d - lead] === 1 && this.shape[d] !== 1));
    return (dims.length === 0 ? this : this.sum(dims, { keepdim: true })).reshape(shape);
  },
});
