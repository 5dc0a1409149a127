import { ValueError } from '../../errors';
import { strideLike } from '../../kernels/layout';
import { firstPositions, pick } from '../../kernels/order';
import { checkDim, formatShape, type Shape } from '../../tensor/shape';
import { arranged, type Tensor } from '../../tensor/tensor';
import { backAlong } from '../indexing/places';
import { requireNumbers } from '../table/arguments';
import { defineComposites, defineOps } from '../table/define';
import type { ValuesIndices } from './dims';
import { mapRuns } from './runs';

declare module '../../tensor/tensor' {
  interface Tensor extends Sorting, SortingForms {}
}

/** Options of {@link Sorting.sort}. */
export interface SortOptions {
  /** Largest first; default `false`. */
  descending?: boolean;
  /** Has no effect: equals always keep their order. */
  stable?: boolean;
}

/** Options of {@link Sorting.topk}. */
export interface TopkOptions {
  /** Whether to return the largest elements (default), or the smallest. */
  largest?: boolean;
  /** Has no effect: the elements are always sorted. */
  sorted?: boolean;
}

/** Sorting. */
export interface Sorting {
  /**
   * The elements in ascending order along `dim`, with their indices (`torch.sort`). NaN counts as the largest; equals
   * keep their order.
   * @param dim Default -1, the last.
   * @throws {IndexError} for an unknown dimension.
   */
  sort(dim?: number, options?: SortOptions): ValuesIndices;
  /**
   * The `k` largest elements along `dim`, the largest first, with their indices (`torch.topk`). NaN counts as the
   * largest; of equals the first ones count.
   * @param dim Default -1, the last.
   * @throws {ValueError} if there are fewer than `k`; {@link IndexError} for an unknown dimension.
   */
  topk(k: number, dim?: number, options?: TopkOptions): ValuesIndices;
}

function checkCount(k: number, shape: Shape, d: number): number {
  const n = shape.length === 0 ? 1 : shape[d];
  if (!Number.isInteger(k) || k < 0 || k > n)
    throw new ValueError(`topk: k is ${k}; there are ${n} elements along dimension ${d} of ${formatShape(shape)}`);
  return k;
}

/** Returns the first `k` of each sorted run. */
function firstSorted(x: Tensor, d: number, k: number, descending: boolean): readonly Tensor[] {
  return mapRuns(x, d, k, [x.dtype, 'int32'], ([values, indices], to, xs, from, n) => {
    pick(values, indices, to, xs, from, firstPositions(xs, from, n, k, descending));
  });
}

const common = {
  vjpMath: { x: '\\bar y_i \\text{ at } \\pi(i), \\text{ else } 0' },
  saves: ['indices'] as const,
  returns: ['values', 'indices'] as const,
};

defineOps<Sorting>({
  sort: {
    ...common,
    torch: { name: 'sort', params: ['input', 'dim'], options: ['descending', 'stable'] },
    math: 'y_i = x_{\\pi(i)},\\; y_1 \\le y_2 \\le \\dots',
    shape: (x, dim = -1) => {
      checkDim('sort', dim, x.length);
      return [x, x];
    },
    forward: (x, dim = -1, { descending = false } = {}) => {
      const d = checkDim('sort', dim, x.ndim);
      const stride = strideLike(x.sizes, x.steps);
      return firstSorted(x, d, x.sizes[d] ?? 1, descending).map((y) => arranged(y, stride));
    },
    jvp: ([t], { ys, args: [dim = -1] }) => [t!.gather(dim, ys[1]), null],
    batch: 'along',
    vjp: {
      x: (dys, { ys, shape, args: [dim = -1] }) => backAlong(dys[0], ys[1], shape, checkDim('sort', dim, shape.length)),
    },
    samples: [
      '2x3',
      { inputs: '2x3x2', args: [1, { descending: true }] },
      { inputs: '()', args: [0] },
      { inputs: '0x2', args: [0] },
    ],
  },
  topk: {
    ...common,
    torch: { name: 'topk', params: ['input', 'k', 'dim'], options: ['largest', 'sorted'] },
    math: 'y_i = x_{\\pi(i)},\\; y_1 \\ge y_2 \\ge \\dots \\ge y_k',
    shape: (x, k, dim = -1) => {
      const d = checkDim('topk', dim, x.length);
      const shape = x.map((n, i) => (i === d ? checkCount(k, x, d) : n));
      return [shape, shape];
    },
    forward: (x, k, dim = -1, { largest = true } = {}) => {
      const d = checkDim('topk', dim, x.ndim);
      checkCount(k, x.sizes, d);
      requireNumbers('topk', x);
      // A scalar has one element, also for k = 0.
      return firstSorted(x, d, x.ndim === 0 ? 1 : k, largest);
    },
    jvp: ([t], { ys, args: [, dim = -1] }) => [t!.gather(dim, ys[1]), null],
    batch: 'along',
    vjp: {
      x: (dys, { ys, shape, args: [, dim = -1] }) =>
        backAlong(dys[0], ys[1], shape, checkDim('topk', dim, shape.length)),
    },
    samples: [
      { inputs: '2x3', args: [2] },
      { inputs: '2x3x2', args: [1, 1, { largest: false }] },
      { inputs: '()', args: [1] },
      { inputs: '2x3', args: [0, 0] },
      { inputs: '0x2', args: [1, 1] },
    ],
  },
});

/** Sorting by other operations. */
export interface SortingForms {
  /**
   * The indices that sort the elements along `dim` (`torch.argsort`); see {@link Sorting.sort}.
   * @param dim Default -1, the last.
   * @throws {IndexError} for an unknown dimension.
   */
  argsort(dim?: number, options?: SortOptions): Tensor;
}

defineComposites<SortingForms>({
  argsort(dim, options) {
    return this.sort(dim, options).indices;
  },
});
