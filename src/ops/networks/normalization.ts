import { accumulateSquaredDeviations, centerAndScale } from '../../kernels/normalization';
import { accumulate } from '../../kernels/reduce';
import { contiguousStride, numel } from '../../kernels/strides';
import type { Shape } from '../../tensor/shape';
import { empty, packed, type Tensor } from '../../tensor/tensor';
import { reducedShape } from '../reduction/dims';
import { defineFunctions } from '../table/define';

/** A standardized tensor, and its statistics with the reduced dimensions kept. */
export interface Standardized {
  /** With mean 0 and variance 1, if `eps` is small. */
  output: Tensor;
  /** The means. */
  mean: Tensor;
  /** The variances, biased: the mean squares of the deviations. */
  variance: Tensor;
}

/** The step that batch, layer, group and instance normalization share. */
export interface Normalization {
  /** `(x - μ) / σ`, where `μ` is the mean over `dims` (counted from the front) and `σ²` the biased variance plus `eps`. */
  standardize(x: Tensor, dims: readonly number[], eps: number): Standardized;
}

/** @internal */
export const normalization = defineFunctions<Normalization>({
  standardize: {
    torch: { name: 'native_batch_norm', params: ['input', 'dims', 'eps'] },
    math: 'y = (x - \\mu) / \\sigma',
    vjpMath: {
      x: '(\\bar y - \\operatorname{mean}\\, \\bar y - y \\odot \\operatorname{mean}(\\bar y \\odot y)) / \\sigma',
    },
    saves: ['x', 'mean', 'variance'],
    returns: ['output', 'mean', 'variance'],
    shape: (x, dims) => [x, reducedShape(x, dims, true), reducedShape(x, dims, true)],
    forward: (input, dims, eps) => {
      // One order of summation, whatever the strides.
      const x = packed(input);
      const kept: Shape = reducedShape(x.shape, dims, true);
      const count = dims.reduce((n, d) => n * x.shape[d], 1);
      const stride = contiguousStride(kept).map((s, d) => (dims.includes(d) ? 0 : s));
      const means = new Float64Array(numel(kept));
      accumulate(x.shape, x, stride, means);
      for (let i = 0; i < means.length; i++) means[i] /= count;
      const variances = new Float64Array(means.length);
      accumulateSquaredDeviations(x.shape, x, stride, means, variances);
      for (let i = 0; i < means.length; i++) variances[i] /= count;
      const output = empty(x.shape, x.dtype);
      const scales = variances.map((v) => 1 / Math.sqrt(v + eps));
      centerAndScale(x.shape, output.data, x, stride, means, scales);
      const [mean, variance] = [means, variances].map((values) => {
        const y = empty(kept, x.dtype);
        y.data.set(values);
        return y;
      });
      return [output, mean, variance];
    },
    vjp: {
      // With the deviations d = x - μ instead of y = d/σ, which may have been changed in place. Mean and variance have
      // gradients of their own, in second derivatives.
      x: ([dy, dMean, dVariance], { x, ys, args: [dims, eps] }) => {
        const [mean, variance] = [ys[1], ys[2]];
        const n = x.numel() / mean.numel();
        const square = variance.add(eps);
        const root = square.sqrt();
        const d = x.sub(mean);
        const level = dy.mean(dims, { keepdim: true }).sub(dMean.mul(root).div(n));
        const slope = dy
          .mul(d)
          .mean(dims, { keepdim: true })
          .div(square)
          .sub(dVariance.mul(root).mul(2 / n));
        return dy.sub(level).addcmul(d, slope, { value: -1 }).div(root);
      },
    },
    gradFn: 'NativeBatchNormBackward0',
    samples: [
      { inputs: [[2, 3, 4]], args: [[0, 2], 0.1] },
      { inputs: [[2, 3, 2]], args: [[1, 2], 0] },
      { inputs: [[4, 3]], args: [[0], 0.1] },
      { inputs: [[]], args: [[], 0.1] },
      { inputs: [[0, 3]], args: [[1], 0.1] },
    ],
  },
});
