import { until } from '../../cancellation';
import { ShapeError } from '../../errors';
import { accumulate, product, productOfBytes, total } from '../../kernels/reduce';
import { logSumExpRows } from '../../kernels/softmax';
import { contiguousStride, numel, part } from '../../kernels/strides';
import { type Dtype, isFloat } from '../../tensor/dtype';
import { checkDim, checkDims, formatShape, type Shape } from '../../tensor/shape';
import { empty, fresh, type Tensor } from '../../tensor/tensor';
import { requireFloat } from '../table/arguments';
import { defineComposites, defineOps } from '../table/define';
import { linear } from '../table/exact-integers';
import { notDifferentiable, type Sizes } from '../table/rule';
import { caseOf } from '../table/samples';
import { sizeList } from '../views/geometry';
import {
  type Dims,
  emptySamples,
  inDtype,
  type KeepdimOption,
  reducedShape,
  reductionSamples,
  type SumOptions,
  shapeOver,
  stretch,
  totalDtype,
} from './dims';
import { reduceRuns, runsOf } from './runs';

declare module '../../tensor/tensor' {
  interface Tensor extends Reduction, ReductionForms {}
}

/** Sums, products and similar reductions over some or all dimensions. */
export interface Reduction {
  /**
   * Sum over the dimensions `dim`, or all (`torch.sum`); integers and bools give `int32`.
   * @throws {IndexError} if a dimension is out of range or repeated; {@link ValueError} if a sum of integers overflows
   * `int32`.
   */
  sum(dim?: Dims | null, options?: SumOptions): Tensor;
  /**
   * Mean over the dimensions `dim`, or all (`torch.mean`).
   * @throws {DtypeError} for integers and bools; {@link IndexError} if a dimension is out of range or repeated.
   */
  mean(dim?: Dims | null, options?: SumOptions): Tensor;
  /**
   * Product along the dimension `dim`, or of all elements (`torch.prod`); integers and bools give `int32`. The gradient
   * is also correct for elements that are 0.
   * @throws {IndexError} for an unknown dimension; {@link ValueError} if a product of integers overflows `int32`.
   */
  prod(dim?: number | null, options?: SumOptions): Tensor;
  /**
   * `ln Σ e^x` over the dimensions `dim`, computed without overflow (`torch.logsumexp`); integers give `float32`.
   * @throws {IndexError} if a dimension is out of range or repeated.
   */
  logsumexp(dim: Dims, options?: KeepdimOption): Tensor;
  /**
   * Whether all elements along the dimensions `dim`, or of the tensor, are non-zero (`torch.all`). Returns `bool`, but
   * `uint8` for `uint8`.
   * @throws {IndexError} if a dimension is out of range or repeated.
   */
  all(dim?: Dims | null, options?: KeepdimOption): Tensor;
  /**
   * Whether any element along the dimensions `dim`, or of the tensor, is non-zero (`torch.any`). Returns `bool`, but
   * `uint8` for `uint8`.
   * @throws {IndexError} if a dimension is out of range or repeated.
   */
  any(dim?: Dims | null, options?: KeepdimOption): Tensor;
}

/** Returns totals over `dims` in float64. */
function totals(x: Tensor, dims: readonly number[]): Tensor {
  const kept = reducedShape(x.sizes, dims, true);
  const data = new Float64Array(numel(kept));
  const stride = contiguousStride(kept).map((s, d) => (dims.includes(d) ? 0 : s));
  accumulate(x.sizes, x, stride, data);
  return fresh(data, reducedShape(x.sizes, dims), 'float64');
}

type Reducer = Parameters<typeof reduceRuns>[5];

/** Products of integers: 0 × overflow is 0, and bytes wrap around. */
const products: { readonly [K in Dtype]?: Reducer } = {
  int32: (data, offset, n) => product(data, offset, n) || 0,
  uint8: productOfBytes,
};

const numbered = (name: string) => (n: { readonly args: readonly unknown[] }) =>
  `${name}Backward${n.args[0] === undefined || n.args[0] === null ? 0 : 1}`;

/** Returns the rule of `all` or `any`: searches for a deciding element. */
function quantifier(name: 'all' | 'any', decides: (v: number) => boolean) {
  const dimsOf = (dim: Dims | null | undefined, rank: number) =>
    // An empty list means no dimension here; elsewhere it means all.
    Array.isArray(dim) && dim.length === 0 ? null : checkDims(name, dim, rank);
  return {
    torch: { name, params: ['input', 'dim'] as const, options: ['keepdim'] },
    math: `y = \\text{${name}}_i\\; x_i \\ne 0`,
    vjpMath: {},
    saves: [] as const,
    shape: (x: Shape, dim?: Dims | null, options?: KeepdimOption) => {
      const dims = dimsOf(dim, x.length);
      return dims === null ? x : reducedShape(x, dims, options?.keepdim);
    },
    forward: (x: Tensor, dim?: Dims | null, options?: KeepdimOption): Tensor => {
      const dtype = x.dtype === 'uint8' ? 'uint8' : 'bool';
      if (dimsOf(dim, x.ndim) === null) return x.detach().ne(0).to(dtype);
      return reduceRuns(name, x, dim, options?.keepdim, dtype, (data, offset, n) => {
        for (let i = offset; i < offset + n; )
          for (const end = until(i, offset + n); i < end; i++) if (decides(data[i])) return Number(name === 'any');
        return Number(name === 'all');
      });
    },
    batch: 'reduction' as const,
    vjp: { x: notDifferentiable } as const,
    samples: [...reductionSamples, ...emptySamples],
  };
}

defineOps<Reduction>({
  sum: {
    torch: { name: 'sum', params: ['input', 'dim'], options: ['keepdim', 'dtype'] },
    math: 'y = \\sum_{i} x_i',
    vjpMath: { x: '\\bar y \\text{ for each term}' },
    saves: [],
    shape: shapeOver('sum'),
    forward: (x, dim, options) => {
      if ((dim === undefined || dim === null) && options === undefined && x.dtype === 'float32' && x.isContiguous()) {
        const y = empty([], x.dtype);
        y.memory[0] = total(x.memory, x.offset, x.numel());
        return y;
      }
      const dims = checkDims('sum', dim, x.ndim);
      const from = inDtype(x, options);
      const dtype = totalDtype(x, options);
      const shape = reducedShape(x.sizes, dims, options?.keepdim);
      if (dtype === 'int32') {
        const terms = dims.reduce((n, d) => n * x.sizes[d], 1);
        return fresh(linear('sum', from, terms, (t) => totals(t, dims)).memory, shape, dtype);
      }
      const y = empty(shape, dtype);
      const { memory: data } = totals(from, dims);
      if (dtype === 'bool') y.memory.set(data.map((v) => Number(v !== 0)));
      else y.memory.set(data);
      return y;
    },
    jvp: 'linear',
    batch: 'reduction',
    vjp: { x: (dy, { shape, args: [dim, options] }) => stretch(dy, shape, dim, options?.keepdim) },
    gradFn: numbered('Sum'),
    samples: [...reductionSamples, ...emptySamples],
  },
  mean: {
    torch: { name: 'mean', params: ['input', 'dim'], options: ['keepdim', 'dtype'] },
    math: 'y = \\frac{1}{n} \\sum_{i} x_i',
    vjpMath: { x: '\\frac{1}{n} \\bar y \\text{ for each term}' },
    saves: [],
    shape: shapeOver('mean'),
    forward: (x, dim, options) => {
      const from = inDtype(x, options);
      requireFloat('mean', from);
      const dims = checkDims('mean', dim, x.ndim);
      const { memory: data } = totals(from, dims);
      const y = empty(reducedShape(x.sizes, dims, options?.keepdim), from.dtype);
      const { memory: out } = y;
      const count = dims.reduce((n, d) => n * x.sizes[d], 1);
      for (let i = 0; i < data.length; i++) out[i] = data[i] / count;
      return y;
    },
    jvp: 'linear',
    batch: 'reduction',
    vjp: {
      x: (dy, { shape, args: [dim, options] }) => {
        const count = checkDims('mean', dim, shape.length).reduce((n, d) => n * shape[d], 1);
        return stretch(dy.div(count), shape, dim, options?.keepdim);
      },
    },
    gradFn: numbered('Mean'),
    samples: reductionSamples,
  },
  prod: {
    torch: { name: 'prod', params: ['input', 'dim'], options: ['keepdim', 'dtype'] },
    math: 'y = \\prod_{i} x_i',
    vjpMath: { x: '\\bar y \\textstyle\\prod_{j \\ne i} x_j' },
    saves: ['x'],
    shape: (x, dim, options) => shapeOver('prod')(x, dim, options),
    forward: (x, dim, options) => {
      const from = inDtype(x, options);
      const dtype = totalDtype(x, options);
      return reduceRuns('prod', from, dim, options?.keepdim, dtype, products[dtype] ?? product);
    },
    jvp: 'reduction',
    batch: 'reduction',
    vjp: {
      x: (dy, { x, args: [dim, options] }) => {
        // Not y / x, because of zeros.
        const all = dim === undefined || dim === null;
        const rows = (all ? x.reshape(-1) : x).to(dy.dtype);
        const d = all ? 0 : checkDim('prod', dim, x.ndim);
        const others = rows.productBefore(d).mul(rows.productBefore(d, true));
        return stretch(dy, x.sizes, dim, options?.keepdim).mul(others.reshape(x.sizes));
      },
    },
    gradFn: numbered('Prod'),
    samples: [...reductionSamples.filter((s) => !Array.isArray(caseOf(s).args[0])), ...emptySamples],
  },
  logsumexp: {
    torch: { name: 'logsumexp', params: ['input', 'dim'], options: ['keepdim'] },
    math: 'y = \\ln \\textstyle\\sum_i e^{x_i}',
    vjpMath: { x: '\\bar y\\, e^{x - y}' },
    saves: ['x', 'y'],
    shape: (x, dim, options) => shapeOver('logsumexp')(x, dim, options),
    forward: (x, dim, options) => {
      if (!isFloat(x.dtype)) return x.to('float32').logsumexp(dim, options);
      const dims = checkDims('logsumexp', dim, x.ndim);
      const { memory: data, offset, count, length } = runsOf(x, dims);
      const y = empty(reducedShape(x.sizes, dims, options?.keepdim), x.dtype);
      logSumExpRows(y.memory, part(data, offset, count * length), count, length);
      return y;
    },
    jvp: 'reduction',
    batch: 'reduction',
    vjp: {
      x: (dy, { x, y, args: [dim, options] }) => {
        const stretched = (t: Tensor) => stretch(t, x.sizes, dim, options?.keepdim);
        return stretched(dy).mul(x.sub(stretched(y)).exp());
      },
    },
    samples: [
      { inputs: '2x3', args: [1] },
      { inputs: '2x3x2', args: [[0, -1], { keepdim: true }] },
      { inputs: '()', args: [0] },
      { inputs: '2x0', args: [0] },
    ],
  },
  all: quantifier('all', (v) => v === 0),
  any: quantifier('any', (v) => v !== 0),
});

/** Reductions composed of others. */
export interface ReductionForms {
  /**
   * Sums over broadcast dimensions, down to the shape `size` (`torch.Tensor.sum_to_size`).
   * @throws {ShapeError} if `size` does not broadcast to this tensor's shape.
   */
  sumToSize(...size: Sizes): Tensor;
}

defineComposites<ReductionForms>({
  sumToSize(...size) {
    const shape = sizeList(size);
    const lead = this.ndim - shape.length;
    if (lead < 0 || shape.some((n, d) => n !== 1 && n !== this.sizes[d + lead]))
      throw new ShapeError(`sumToSize: ${formatShape(shape)} does not broadcast to ${formatShape(this.sizes)}`);
    const dims = [...this.sizes.keys()].filter((d) => d < lead || (shape[d - lead] === 1 && this.sizes[d] !== 1));
    return (dims.length === 0 ? this : this.sum(dims, { keepdim: true })).reshape(shape);
  },
});
