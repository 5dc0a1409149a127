import { gradMode } from '../../autograd/mode';
import {
  addGradients,
  addSquaredDeviations,
  addWeightGradients,
  centerAndScale,
  combineGradients,
  type Gradients,
  Groups,
} from '../../kernels/normalization';
import { accumulate } from '../../kernels/reduce';
import { contiguousStride, type NumberArray, numel } from '../../kernels/strides';
import { arrayOf, type Dtype } from '../../tensor/dtype';
import { broadcastStride, type Shape } from '../../tensor/shape';
import { empty, packed, Tensor, unset, valuesOf } from '../../tensor/tensor';
import { reducedShape } from '../reduction/dims';
import { defineFunctions } from '../table/define';
import type { BatchedCall } from '../table/rule';

/** A standardized tensor, and its statistics with the reduced dimensions kept. */
export interface Standardized {
  /** With mean 0 and variance 1, if `eps` is small, before weight and bias. */
  output: Tensor;
  /** The means. */
  mean: Tensor;
  /** The variances, biased: the mean squares of the deviations. */
  variance: Tensor;
}

/** The common operation of batch, layer, group and instance normalization. */
export interface Normalization {
  /**
   * `(x - μ) / σ · weight + bias`, where `μ` is the mean over `dims` (counted from the front) and `σ²` the biased variance
   * plus `eps`; weight and bias broadcast to `x`, and have the same shape if both are given.
   */
  standardize(
    x: Tensor,
    weight: Tensor | null | undefined,
    bias: Tensor | null | undefined,
    dims: readonly number[],
    eps: number,
  ): Standardized;
}

/** Returns the strides of the statistics over `dims` and of the weights of `x`. */
function groupsOf(x: Shape, dims: readonly number[], weight: Tensor | null): Groups {
  const stride = contiguousStride(reducedShape(x, dims, true)).map((s, d) => (dims.includes(d) ? 0 : s));
  const own = weight === null ? [] : weight.sizes;
  return new Groups(x, stride, broadcastStride(own, contiguousStride(own), x));
}

/** Returns the elements of a weight or bias, or an array of `value`. */
function valuesOr(value: number, x: Tensor | null | undefined, size: number, dtype: Dtype): NumberArray {
  return x ? valuesOf(x) : arrayOf(dtype, size).fill(value);
}

function scalesOf(variances: NumberArray, eps: number): Float64Array {
  const scales = new Float64Array(variances.length);
  for (let i = 0; i < scales.length; i++) scales[i] = 1 / Math.sqrt(variances[i] + eps);
  return scales;
}

function gradientsOf(
  dy: Tensor,
  given: Tensor,
  weight: Tensor | null,
  mean: Tensor,
  variance: Tensor,
  dims: readonly number[],
  eps: number,
): Gradients {
  return {
    groups: groupsOf(given.sizes, dims, weight),
    dy: valuesOf(dy),
    x: valuesOf(given),
    means: valuesOf(mean),
    scales: scalesOf(valuesOf(variance), eps),
    weights: valuesOr(1, weight, 1, given.dtype),
  };
}

function filled(shape: Shape, dtype: Dtype, values: Float64Array): Tensor {
  const y = empty(shape, dtype);
  y.memory.set(values);
  return y;
}

/** Standardizes all examples; weights and biases that differ between them follow. */
function standardizedInEach(c: BatchedCall): unknown {
  const [x, weight, bias, dims, eps] = c.args as [Tensor, Tensor | null, Tensor | null, number[], number];
  const next = dims.map((d) => d + 1);
  if (!c.isBatched(1) && !c.isBatched(2)) return c.run(c.physical(0), weight, bias, next, eps);
  const given = c.isBatched(0)
    ? inOne(c, c.run(c.physical(0), null, null, next, eps) as Record<string, Tensor>)
    : (c.run(x, null, null, dims, eps) as Record<string, Tensor>);
  const scaled = weight instanceof Tensor ? given.output.mul(weight) : given.output;
  return c.ofOne({ ...given, output: bias instanceof Tensor ? scaled.add(bias) : scaled });
}

const inOne = (c: BatchedCall, results: Record<string, Tensor>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(results).map(([name, y]) => [name, c.wrap(y)]));

/** @internal */
export const normalization = defineFunctions<Normalization>({
  standardize: {
    torch: { name: 'native_batch_norm', params: ['input', 'weight', 'bias', 'dims', 'eps'] },
    math: 'y = b \\odot (a - \\mu) / \\sigma + c',
    vjpMath: {
      a: '(g - \\operatorname{mean} g - \\hat a \\odot \\operatorname{mean}(g \\odot \\hat a)) / \\sigma, \\quad g = b \\odot \\bar y,\\; \\hat a = (a - \\mu) / \\sigma',
      b: '\\textstyle\\sum \\bar y \\odot (a - \\mu) / \\sigma',
      c: '\\textstyle\\sum \\bar y',
    },
    absent: { b: '1', c: '0' },
    saves: { a: ['a', 'b', 'mean', 'variance'], b: ['a', 'b', 'mean', 'variance'] },
    returns: ['output', 'mean', 'variance'],
    shape: (x, _weight, _bias, dims) => [x, reducedShape(x, dims, true), reducedShape(x, dims, true)],
    forward: (input, weight, bias, dims, eps) => {
      // One order of summation, independent of the strides.
      const x = packed(input);
      const kept: Shape = reducedShape(x.sizes, dims, true);
      const count = dims.reduce((n, d) => n * x.sizes[d], 1);
      const groups = groupsOf(x.sizes, dims, weight ?? bias ?? null);
      const means = new Float64Array(numel(kept));
      const stride = contiguousStride(kept).map((s, d) => (dims.includes(d) ? 0 : s));
      accumulate(x.sizes, x, stride, means);
      for (let i = 0; i < means.length; i++) means[i] /= count;
      const variances = new Float64Array(means.length);
      const values = valuesOf(x);
      addSquaredDeviations(groups, values, means, variances);
      for (let i = 0; i < means.length; i++) variances[i] /= count;
      const output = unset(x.sizes, x.dtype);
      const scales = scalesOf(variances, eps);
      const size = numel((weight ?? bias)?.sizes ?? []);
      const [weights, biases] = [valuesOr(1, weight, size, x.dtype), valuesOr(0, bias, size, x.dtype)];
      centerAndScale(groups, { y: output.memory, x: values, means, scales, weights, biases });
      return [output, filled(kept, x.dtype, means), filled(kept, x.dtype, variances)];
    },
    batch: standardizedInEach,
    vjp: {
      // From the deviations d = a - μ instead of y, which may have been modified in place. Mean and variance have
      // gradients, too, in second derivatives.
      a: ([dy, dMean, dVariance], { a, b, ys, args: [dims, eps] }) => {
        const [mean, variance] = [ys[1], ys[2]];
        const n = a.numel() / mean.numel();
        if (!gradMode.recording) {
          const gradients = gradientsOf(dy, a, b, ys[1], ys[2], dims, eps);
          const { scales } = gradients;
          const [levels, slopes] = [new Float64Array(scales.length), new Float64Array(scales.length)];
          addGradients(gradients, levels, slopes);
          const [ofMean, ofVariance] = [valuesOf(dMean), valuesOf(dVariance)];
          for (let i = 0; i < scales.length; i++) {
            levels[i] = (levels[i] * scales[i] - ofMean[i]) / n;
            slopes[i] = (slopes[i] * scales[i] ** 3 - 2 * ofVariance[i]) / n;
          }
          const dx = unset(a.sizes, a.dtype);
          combineGradients(gradients, dx.memory, levels, slopes);
          return dx;
        }
        const square = variance.add(eps);
        const root = square.sqrt();
        const d = a.sub(mean);
        const g = b === null ? dy : dy.mul(b);
        const level = g.mean(dims, { keepdim: true }).sub(dMean.mul(root).div(n));
        const slope = g
          .mul(d)
          .mean(dims, { keepdim: true })
          .div(square)
          .sub(dVariance.mul(root).mul(2 / n));
        return g.sub(level).addcmul(d, slope, { value: -1 }).div(root);
      },
      b: ([dy], { a, b, ys, args: [dims, eps] }) => {
        if (b === null) return null;
        if (gradMode.recording) {
          // Mean and variance do not depend on the weight, although they are results of the same operation.
          const [mean, variance] = a.requiresGrad ? [ys[1], ys[2]] : [ys[1].detach(), ys[2].detach()];
          return dy.mul(a.sub(mean).div(variance.add(eps).sqrt()));
        }
        const totals = new Float64Array(b.numel());
        addWeightGradients(gradientsOf(dy, a, b, ys[1], ys[2], dims, eps), totals);
        return filled(b.sizes, b.dtype, totals);
      },
      c: ([dy]) => dy,
    },
    gradFn: 'NativeBatchNormBackward0',
    samples: [
      {
        inputs: '2x3x4 3x1 3x1',
        args: [[0, 2], 0.1],
      },
      {
        inputs: '2x3x2 3x2 3x2',
        args: [[1, 2], 0],
      },
      { inputs: '4x3 3 3', args: [[0], 0.1] },
      { inputs: '4x3 3 3', args: [[1], 0.1] },
      { inputs: '() () ()', args: [[], 0.1] },
      { inputs: '0x3 3 3', args: [[1], 0.1] },
    ],
  },
});
