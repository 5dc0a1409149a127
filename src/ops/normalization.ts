import { standardize } from '../kernels/normalization';
import { broadcastStride } from '../tensor/shape';
import { empty, type Tensor } from '../tensor/tensor';
import { defineFunctions } from './define';

/** The step that batch, layer, group and instance normalization share. */
export interface Normalization {
  /**
   * `(x - mean) / √(variance + eps)`, where mean and variance broadcast to `x` and have one shape. They may be
   * statistics of `x` or constants.
   */
  standardize(x: Tensor, mean: Tensor, variance: Tensor, eps: number): Tensor;
}

const steps = (x: Tensor, target: Tensor) => ({
  data: x.data,
  stride: broadcastStride(x.shape, x.stride, target.shape),
  offset: x.offset,
});

/** @internal */
export const normalization = defineFunctions<Normalization>({
  standardize: {
    torch: 'batch_norm(input, running_mean, running_var, eps)',
    math: 'y = (a - b) / \\sqrt{c + \\varepsilon}',
    vjpMath: {
      a: '\\bar y / \\sqrt{c + \\varepsilon}',
      b: '-\\textstyle\\sum \\bar y / \\sqrt{c + \\varepsilon}',
      c: '-\\tfrac12 (c + \\varepsilon)^{-3/2} \\textstyle\\sum \\bar y \\odot (a - b)',
    },
    saves: { a: ['c'], b: ['c'], c: ['a', 'b', 'c'] },
    shape: (x) => x,
    forward: (x, mean, variance, eps) => {
      const y = empty(x.shape, x.dtype);
      standardize(x.shape, y.data, x, steps(mean, x), steps(variance, x), eps);
      return y;
    },
    vjp: {
      a: (dy, { c, args: [eps] }) => dy.mul(c.add(eps).pow(-0.5)),
      b: (dy, { c, args: [eps] }) => dy.sumToSize(c.shape).mul(c.add(eps).pow(-0.5)).neg(),
      c: (dy, { a, b, c, args: [eps] }) => dy.mul(a.sub(b)).sumToSize(c.shape).mul(c.add(eps).pow(-1.5)).mul(-0.5),
    },
    gradFn: 'NativeBatchNormBackward0',
    domain: [0.1, 1.5],
    samples: [
      {
        inputs: [
          [2, 3, 4],
          [3, 1],
          [3, 1],
        ],
        args: [0.1],
      },
      {
        inputs: [
          [2, 3],
          [2, 1],
          [2, 1],
        ],
        args: [0],
      },
      { inputs: [[4, 3], [3], [3]], args: [0.1] },
      { inputs: [[], [], []], args: [0.1] },
      { inputs: [[0, 3], [3], [3]], args: [0.1] },
    ],
  },
});
