import { gradMode } from '../../autograd/mode';
import { softmaxGradients, softmaxRows } from '../../kernels/softmax';
import { part } from '../../kernels/strides';
import type { Dtype } from '../../tensor/dtype';
import { checkDim } from '../../tensor/shape';
import { type Tensor, unset, valuesOf } from '../../tensor/tensor';
import { requireFloat } from '../table/arguments';
import { defineOps } from '../table/define';
import type { Sample } from '../table/samples';
import { inDtype, unchangedAlong } from './dims';
import { mapAllRuns } from './runs';

declare module '../../tensor/tensor' {
  interface Tensor extends Softmax {}
}

/** Option of the softmax functions. */
export interface SoftmaxOptions {
  /** Convert to this dtype before computing. */
  dtype?: Dtype;
}

/** Probabilities from scores. */
export interface Softmax {
  /**
   * Softmax along `dim` (`torch.softmax`): `y_i = e^{x_i} / Σ_j e^{x_j}`, positive and summing to 1.
   * @throws {IndexError} for an unknown dimension; {@link DtypeError} for integers.
   */
  softmax(dim: number, options?: SoftmaxOptions): Tensor;
  /**
   * Logarithm of the softmax along `dim`, computed without overflow (`torch.log_softmax`):
   * `y_i = x_i - ln Σ_j e^{x_j}`.
   * @throws {IndexError} for an unknown dimension; {@link DtypeError} for integers.
   */
  logSoftmax(dim: number, options?: SoftmaxOptions): Tensor;
}

function along(name: string, input: Tensor, dim: number, log: boolean, options?: SoftmaxOptions): Tensor {
  const x = inDtype(input, options);
  requireFloat(name, x);
  const d = checkDim(name, dim, x.ndim);
  return mapAllRuns(x, d, x.sizes[d] ?? 1, [x.dtype], ([y], { memory: data, offset, count, length }) =>
    softmaxRows(y, part(data, offset, count * length), count, length, log),
  )[0];
}

/** Returns the gradient along the last dimension if it is not recorded; else `null`. */
function gradientOfRows(dy: Tensor, y: Tensor, dim: number, log: boolean): Tensor | null {
  const n = y.sizes[y.ndim - 1];
  if (gradMode.recording || y.ndim === 0 || checkDim('softmax', dim, y.ndim) !== y.ndim - 1) return null;
  const dx = unset(y.sizes, y.dtype);
  if (n > 0) softmaxGradients(dx.memory, valuesOf(y), valuesOf(dy), y.numel() / n, n, log);
  return dx;
}

const samples: readonly Sample[] = [
  { inputs: '2x3', args: [1] },
  { inputs: '2x3x2', args: [1] },
  { inputs: '2x3', args: [-2] },
  { inputs: '()', args: [0] },
  { inputs: '0x3', args: [1] },
];

defineOps<Softmax>({
  softmax: {
    torch: { name: 'softmax', params: ['input', 'dim'], options: ['dtype'] },
    math: 'y_i = e^{x_i} / \\textstyle\\sum_j e^{x_j}',
    vjpMath: { x: 'y \\odot (\\bar y - \\textstyle\\sum_j \\bar y_j y_j)' },
    saves: ['y'],
    shape: unchangedAlong('softmax'),
    forward: (x, dim, options) => along('softmax', x, dim, false, options),
    jvp: 'diagonal',
    batch: 'along',
    vjp: {
      x: (dy, { y, args: [dim] }) => {
        const gradient = gradientOfRows(dy, y, dim, false);
        if (gradient !== null) return gradient;
        const weighted = dy.mul(y);
        return weighted.sub(y.mul(weighted.sum(dim, { keepdim: true })));
      },
    },
    samples,
  },
  logSoftmax: {
    torch: { name: 'log_softmax', params: ['input', 'dim'], options: ['dtype'] },
    math: 'y_i = x_i - \\ln \\textstyle\\sum_j e^{x_j}',
    vjpMath: { x: '\\bar y - e^{y} \\textstyle\\sum_j \\bar y_j' },
    saves: ['y'],
    shape: unchangedAlong('logSoftmax'),
    forward: (x, dim, options) => along('logSoftmax', x, dim, true, options),
    jvp: ([t], { y, args: [dim] }) => t!.sub(y.exp().mul(t!).sum(dim, { keepdim: true })),
    batch: 'along',
    vjp: {
      x: (dy, { y, args: [dim] }) =>
        gradientOfRows(dy, y, dim, true) ?? dy.sub(y.exp().mul(dy.sum(dim, { keepdim: true }))),
    },
    samples,
  },
});
