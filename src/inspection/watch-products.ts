import type { ConvolutionPlan } from '../kernels/convolution';
import { numel } from '../kernels/strides';
import { convolutions } from '../ops/networks/convolution';
import { linearMaps } from '../ops/networks/linear';
import { Tensor } from '../tensor/tensor';

/** Number of products in an output of a convolution; at the edges some are with the padding's zeros. */
const terms = ({ inChannels, groups, kernel }: ConvolutionPlan) => (inChannels / groups) * numel(kernel);

/**
 * Runs `fn`, and calls `seen` after each matrix product and convolution in it, with the number of multiplications.
 * Those of the backward pass count as well.
 * @internal
 */
export function watchProducts<R>(seen: (multiplications: number) => void, fn: () => R): R {
  let isInside = false;
  /** A function that calls itself, such as a convolution of integers, counts once. */
  const watched = <A extends unknown[]>(
    original: (...args: A) => Tensor,
    count: (y: Tensor, ...args: A) => number,
  ): ((...args: A) => Tensor) =>
    function (this: unknown, ...args: A) {
      if (isInside) return original.apply(this, args);
      isInside = true;
      try {
        const y = original.apply(this, args);
        seen(count(y, ...args));
        return y;
      } finally {
        isInside = false;
      }
    };
  const { matmul } = Tensor.prototype;
  const { linear } = linearMaps;
  const { convolution, convolutionTransposed, convolutionWeight } = convolutions;
  Tensor.prototype.matmul = watched(matmul, (y, other) => y.numel() * other.shape.at(other.ndim > 1 ? -2 : -1)!);
  linearMaps.linear = watched(linear, (y, _, weight) => y.numel() * weight.shape[1]!);
  convolutions.convolution = watched(convolution, (y, _x, _w, _b, plan) => y.numel() * terms(plan));
  convolutions.convolutionTransposed = watched(convolutionTransposed, (_, y, _w, _b, plan) => y.numel() * terms(plan));
  convolutions.convolutionWeight = watched(convolutionWeight, (_, _x, y, plan) => y.numel() * terms(plan));
  try {
    return fn();
  } finally {
    Tensor.prototype.matmul = matmul;
    linearMaps.linear = linear;
    Object.assign(convolutions, { convolution, convolutionTransposed, convolutionWeight });
  }
}
