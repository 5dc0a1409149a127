import { copyStrided } from '../kernels/elementwise';
import { softmaxRows } from '../kernels/softmax';
import type { Dtype } from '../tensor/dtype';
import { checkDim, type Shape } from '../tensor/shape';
import { empty, fresh, packed, type Tensor } from '../tensor/tensor';
import { requireFloat } from './combinators';
import { defineOps } from './define';
import type { Sample } from './rule';

/** Option of the softmax functions. */
export interface SoftmaxOptions {
  /** Convert to this dtype before computing. */
  dtype?: Dtype;
}

/** Probabilities from scores. */
export interface Softmax {
  /**
   * Softmax along `dim` (`torch.softmax`): `y_i = e^{x_i} / Σ_j e^{x_j}`, positive and summing to 1.
   * @throws {IndexError} if there is no such dimension; {@link DtypeError} for integers.
   */
  softmax(dim: number, options?: SoftmaxOptions): Tensor;
  /**
   * Logarithm of the softmax along `dim`, computed without overflow (`torch.log_softmax`):
   * `y_i = x_i - ln Σ_j e^{x_j}`.
   * @throws {IndexError} if there is no such dimension; {@link DtypeError} for integers.
   */
  logSoftmax(dim: number, options?: SoftmaxOptions): Tensor;
}

function along(name: string, input: Tensor, dim: number, log: boolean, options?: SoftmaxOptions): Tensor {
  const x = options?.dtype === undefined ? input : input.detach().to(options.dtype);
  requireFloat(name, x);
  const d = checkDim(name, dim, x.ndim);
  const rows = packed(x.detach().movedLast(d));
  const length = x.ndim === 0 ? 1 : x.shape[d];
  const y = empty(rows.shape, x.dtype);
  softmaxRows(y.data, rows.data.subarray(rows.offset), length === 0 ? 0 : y.data.length / length, length, log);
  if (x.ndim < 2 || d === x.ndim - 1) return fresh(y.data, x.shape, x.dtype);
  const out = empty(x.shape, x.dtype);
  copyStrided(rows.shape, out.movedLast(d), y);
  return out;
}

const shape = (name: string) => (x: Shape, dim: number) => {
  checkDim(name, dim, x.length);
  return x;
};
const samples: readonly Sample[] = [
  { inputs: [[2, 3]], args: [1] },
  { inputs: [[2, 3, 2]], args: [1] },
  { inputs: [[2, 3]], args: [-2] },
  { inputs: [[]], args: [0] },
  { inputs: [[0, 3]], args: [1] },
];

defineOps<Softmax>({
  softmax: {
    torch: 'softmax(input, dim, *, dtype)',
    math: 'y_i = e^{x_i} / \\textstyle\\sum_j e^{x_j}',
    vjpMath: { x: 'y \\odot (\\bar y - \\textstyle\\sum_j \\bar y_j y_j)' },
    saves: ['y'],
    shape: shape('softmax'),
    forward: (x, dim, options) => along('softmax', x, dim, false, options),
    vjp: {
      x: (dy, { y, args: [dim] }) => {
        const weighted = dy.mul(y);
        return weighted.sub(y.mul(weighted.sum(dim, { keepdim: true })));
      },
    },
    samples,
  },
  logSoftmax: {
    torch: 'log_softmax(input, dim, *, dtype)',
    math: 'y_i = x_i - \\ln \\textstyle\\sum_j e^{x_j}',
    vjpMath: { x: '\\bar y - e^{y} \\textstyle\\sum_j \\bar y_j' },
    saves: ['y'],
    shape: shape('logSoftmax'),
    forward: (x, dim, options) => along('logSoftmax', x, dim, true, options),
    vjp: { x: (dy, { y, args: [dim] }) => dy.sub(y.exp().mul(dy.sum(dim, { keepdim: true }))) },
    samples,
  },
});
