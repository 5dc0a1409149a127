import { ShapeError } from '../../errors';
import type { SoftmaxOptions } from '../../ops/reduction/softmax';
import { requireFloat, requireOneOf } from '../../ops/table/arguments';
import { checkDim, formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import type { InplaceOption } from './rectifier';

/** Logistic function `1 / (1 + e^(-x))` (`torch.nn.functional.sigmoid`). */
export function sigmoid(input: Tensor): Tensor {
  return input.sigmoid();
}

/** `ln(1 / (1 + e^(-x)))` without overflow (`torch.nn.functional.logsigmoid`). @throws {DtypeError} for integers. */
export function logsigmoid(input: Tensor): Tensor {
  return input.logsigmoid();
}

/** Hyperbolic tangent (`torch.nn.functional.tanh`). */
export function tanh(input: Tensor): Tensor {
  return input.tanh();
}

/** `x - tanh x` (`torch.nn.functional.tanhshrink`). */
export function tanhshrink(input: Tensor): Tensor {
  return input.sub(input.tanh());
}

/** `x / (1 + |x|)` (`torch.nn.functional.softsign`). */
export function softsign(input: Tensor): Tensor {
  return input.div(input.abs().add(1));
}

/** Options of {@link softplus}. */
export interface SoftplusOptions {
  /** Steepness at 0; default 1. */
  beta?: number;
  /** Where `beta·x` is above this the result is `x` itself; default 20. */
  threshold?: number;
}

/**
 * `ln(1 + e^(beta·x)) / beta`, a smooth {@link relu} (`torch.nn.functional.softplus`).
 * @throws {DtypeError} for integers.
 */
export function softplus(input: Tensor, options: SoftplusOptions = {}): Tensor {
  const { beta = 1, threshold = 20 } = options;
  return input.softplus(beta, threshold);
}

/** Option of {@link gelu}. */
export interface GeluOptions {
  /** `'none'` (default) for the normal distribution itself, `'tanh'` for its approximation by a hyperbolic tangent. */
  approximate?: 'none' | 'tanh';
}

/**
 * `x·Φ(x)` with the normal distribution `Φ` (`torch.nn.functional.gelu`), or, with `approximate: 'tanh'`,
 * `x/2·(1 + tanh(√(2/π)(x + 0.044715 x³)))`. Hendrycks and Gimpel, 2016.
 * @throws {ValueError} for another approximation; {@link DtypeError} for integers.
 */
export function gelu(input: Tensor, options: GeluOptions = {}): Tensor {
  const { approximate = 'none' } = options;
  requireOneOf('gelu', { approximate }, ['none', 'tanh']);
  return approximate === 'none' ? input.gelu() : input.geluTanh();
}

/** `x·sigmoid(x)`, also known as swish (`torch.nn.functional.silu`). @throws {DtypeError} for integers. */
export function silu(input: Tensor, options: InplaceOption = {}): Tensor {
  const { inplace = false } = options;
  return inplace ? input.silu_() : input.silu();
}

/** `x·tanh(ln(1 + e^x))` (`torch.nn.functional.mish`). Misra, 2019. @throws {DtypeError} for integers. */
export function mish(input: Tensor, options: InplaceOption = {}): Tensor {
  const { inplace = false } = options;
  return inplace ? input.mish_() : input.mish();
}

/**
 * Gated linear unit `a·sigmoid(b)` of the two halves `a` and `b` along `dim`, by default the last
 * (`torch.nn.functional.glu`).
 * @throws {IndexError} if there is no such dimension; {@link ShapeError} if its size is odd; {@link DtypeError} for
 * integers.
 */
export function glu(input: Tensor, dim = -1): Tensor {
  requireFloat('glu', input);
  if (input.ndim === 0) throw new ShapeError('glu: a single number has no halves');
  const half = input.sizes[checkDim('glu', dim, input.ndim)] / 2;
  if (!Number.isInteger(half))
    throw new ShapeError(
      `glu: dimension ${dim} of the shape ${formatShape(input.sizes)} has ${2 * half} elements; halves need an even number`,
    );
  return input.narrow(dim, 0, half).mul(input.narrow(dim, half, half).sigmoid());
}

/** Softmax along `dim` (`torch.nn.functional.softmax`). @throws {IndexError} if there is no such dimension. */
export function softmax(input: Tensor, dim: number, options?: SoftmaxOptions): Tensor {
  return input.softmax(dim, options);
}

/**
 * Softmax of `-x` along `dim`: the smallest element gets the most (`torch.nn.functional.softmin`).
 * @throws {IndexError} if there is no such dimension.
 */
export function softmin(input: Tensor, dim: number, options?: SoftmaxOptions): Tensor {
  return input.neg().softmax(dim, options);
}

/**
 * Logarithm of the softmax along `dim` (`torch.nn.functional.log_softmax`).
 * @throws {IndexError} if there is no such dimension.
 */
export function logSoftmax(input: Tensor, dim: number, options?: SoftmaxOptions): Tensor {
  return input.logSoftmax(dim, options);
}
