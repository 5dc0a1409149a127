import type { SoftmaxOptions } from '../../ops/softmax';
import type { Tensor } from '../../tensor/tensor';

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
export function softmax(x: Tensor, dim: number, options?: SoftmaxOptions): Tensor {
  return x.softmax(dim, options);
}

/**
 * Logarithm of the softmax along `dim` (`torch.nn.functional.log_softmax`).
 * @throws {IndexError} if there is no such dimension.
 */
export function logSoftmax(x: Tensor, dim: number, options?: SoftmaxOptions): Tensor {
  return x.logSoftmax(dim, options);
}
