import { ShapeError, ValueError } from '../errors';
import { formatShape, sameShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** How the losses of many elements become one: their mean (the default), their sum, or not at all. */
export type Reduction = 'none' | 'mean' | 'sum';

/** Option of the losses. */
export interface LossOptions {
  /** `'mean'` (default), `'sum'`, or `'none'` for the loss of every element. */
  reduction?: Reduction;
}

/** `max(x, 0)` (`torch.nn.functional.relu`). */
export function relu(x: Tensor): Tensor {
  return x.relu();
}

/** Logistic function `1 / (1 + e^(-x))` (`torch.nn.functional.sigmoid`). */
export function sigmoid(x: Tensor): Tensor {
  return x.sigmoid();
}

/** Hyperbolic tangent (`torch.nn.functional.tanh`). */
export function tanh(x: Tensor): Tensor {
  return x.tanh();
}

/** Softmax along `dim` (`torch.nn.functional.softmax`). @throws {IndexError} if there is no such dimension. */
export function softmax(x: Tensor, dim: number): Tensor {
  return x.softmax(dim);
}

/**
 * Logarithm of the softmax along `dim` (`torch.nn.functional.log_softmax`).
 * @throws {IndexError} if there is no such dimension.
 */
export function logSoftmax(x: Tensor, dim: number): Tensor {
  return x.logSoftmax(dim);
}

/**
 * Linear map `y = x Wᵀ + b` (`torch.nn.functional.linear`): `x` is `[…, in]`, `weight` `[out, in]` (or `[in]`, which
 * gives `[…]`), `bias` `[out]` or absent.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  if (weight.ndim < 1 || weight.ndim > 2 || x.ndim === 0 || x.shape[x.ndim - 1] !== weight.shape[weight.ndim - 1])
    throw new ShapeError(
      `linear: an input of shape ${formatShape(x.shape)} does not fit a weight of shape ${formatShape(weight.shape)}; ` +
        "the last dimension of both is the number of inputs, and the weight's first that of outputs",
    );
  if (bias !== null && !(bias.ndim === 0 || sameShape(bias.shape, weight.shape.slice(0, -1))))
    throw new ShapeError(
      `linear: a bias of shape ${formatShape(bias.shape)} does not fit a weight of shape ${formatShape(weight.shape)}; ` +
        `expected ${formatShape(weight.shape.slice(0, -1))}`,
    );
  const y = x.matmul(weight.t());
  return bias === null ? y : y.add(bias);
}

/**
 * Squared error `(input - target)²`, its mean, or its sum (`torch.nn.functional.mse_loss`); the two broadcast.
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function mseLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const reduction = checkReduction('mseLoss', options);
  return reduced(input.sub(target).pow(2), reduction);
}

/** @throws {ValueError} if the reduction is none of the three. */
export function checkReduction(op: string, { reduction = 'mean' }: LossOptions): Reduction {
  if (reduction !== 'none' && reduction !== 'mean' && reduction !== 'sum')
    throw new ValueError(`${op}: reduction is ${JSON.stringify(reduction)}; use 'mean', 'sum' or 'none'`);
  return reduction;
}

function reduced(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === 'none') return losses;
  return reduction === 'mean' ? losses.mean() : losses.sum();
}
