// Activations that bend or cut off the identity.

import { DtypeError, ShapeError, ValueError } from '../../errors';
import { requireFloat } from '../../ops/table/arguments';
import { defaultGenerator } from '../../random';
import { formatShape } from '../../tensor/shape';
import { fresh, type Tensor } from '../../tensor/tensor';

/** Option of activations that can overwrite their input. */
export interface InplaceOption {
  /** Overwrite the input instead of making a new tensor; default `false`. */
  inplace?: boolean;
}

/** `max(x, 0)`; its derivative at 0 is taken as 0 (`torch.nn.functional.relu`). */
export function relu(input: Tensor, options: InplaceOption = {}): Tensor {
  const { inplace = false } = options;
  return inplace ? input.relu_() : input.relu();
}

/** {@link relu} in place (`torch.nn.functional.relu_`). */
export function relu_(input: Tensor): Tensor {
  return input.relu_();
}

/** `min(max(x, 0), 6)` (`torch.nn.functional.relu6`). */
export function relu6(input: Tensor, options: InplaceOption = {}): Tensor {
  const { inplace = false } = options;
  return inplace ? input.hardtanh_(0, 6) : input.hardtanh(0, 6);
}

/** Options of {@link leakyRelu}. */
export interface LeakyReluOptions extends SlopeOption, InplaceOption {}

/** Option of {@link leakyRelu_}. */
export interface SlopeOption {
  /** Factor below 0; default 0.01. */
  negativeSlope?: number;
}

/** `x` above 0, else `negativeSlope·x` (`torch.nn.functional.leaky_relu`). @throws {DtypeError} for integers. */
export function leakyRelu(input: Tensor, options: LeakyReluOptions = {}): Tensor {
  const { negativeSlope = 0.01, inplace = false } = options;
  return inplace ? input.leakyRelu_(negativeSlope) : input.leakyRelu(negativeSlope);
}

/** {@link leakyRelu} in place (`torch.nn.functional.leaky_relu_`). @throws {DtypeError} for integers. */
export function leakyRelu_(input: Tensor, options: SlopeOption = {}): Tensor {
  const { negativeSlope = 0.01 } = options;
  return input.leakyRelu_(negativeSlope);
}

/**
 * `x` above 0, else `weight·x` with a learnt weight (`torch.nn.functional.prelu`): one number, or one for each of the
 * channels `C` of an input `[N, C, …]`.
 * @throws {ShapeError} if there are neither one nor `C` weights; {@link DtypeError} for different dtypes.
 */
export function prelu(input: Tensor, weight: Tensor): Tensor {
  requireFloat('prelu', input);
  if (weight.dtype !== input.dtype)
    throw new DtypeError(`prelu: the weight is ${weight.dtype}, the input ${input.dtype}; they must be equal`);
  const channels = input.ndim > 1 ? input.sizes[1] : 1;
  if (weight.ndim > 1 || (weight.numel() !== 1 && (weight.numel() !== channels || input.ndim === 0)))
    throw new ShapeError(
      `prelu: a weight of shape ${formatShape(weight.sizes)} does not fit an input of shape ` +
        `${formatShape(input.sizes)}; expected one number, or ${channels}, one for each channel (dimension 1)`,
    );
  const stretched = input.sizes.map((_, d) => (d === 1 ? weight.numel() : 1));
  return input.preluKernel(weight.reshape(input.ndim > 1 ? stretched : input.sizes.slice(0, 0)));
}

/** Options of {@link rrelu_}. */
export interface RreluSlopes {
  /** Smallest factor below 0; default 1/8. */
  lower?: number;
  /** Largest factor below 0; default 1/3. */
  upper?: number;
  /** Draw a factor for each element; otherwise it is the middle of the range. Default `false`. */
  training?: boolean;
}

/** Options of {@link rrelu}. */
export interface RreluOptions extends RreluSlopes, InplaceOption {}

/** The factor of each element. @throws {ValueError} if the range is empty. */
function slopes(input: Tensor, lower: number, upper: number, training: boolean): Tensor | number {
  requireFloat('rrelu', input);
  if (!(lower <= upper)) throw new ValueError(`rrelu: lower is ${lower}, more than upper, ${upper}`);
  if (!training) return (lower + upper) / 2;
  const drawn = input.toArray();
  // Only elements that are bent use up random numbers.
  drawn.forEach((x: number, i: number) => {
    drawn[i] = x <= 0 ? lower + (upper - lower) * defaultGenerator.uniform53() : 1;
  });
  return fresh(drawn, input.sizes, input.dtype);
}

/**
 * `x` above 0, else `a·x` with `a` drawn for each element, uniform from `lower` to `upper`
 * (`torch.nn.functional.rrelu`).
 * @throws {ValueError} if `lower` is more than `upper`; {@link DtypeError} for integers.
 */
export function rrelu(input: Tensor, options: RreluOptions = {}): Tensor {
  const { lower = 1 / 8, upper = 1 / 3, training = false, inplace = false } = options;
  const factor = slopes(input, lower, upper, training);
  if (typeof factor === 'number') return leakyRelu(input, { negativeSlope: factor, inplace });
  return inplace ? input.mul_(factor) : input.mul(factor);
}

/** {@link rrelu} in place (`torch.nn.functional.rrelu_`). @throws {DtypeError} for integers. */
export function rrelu_(input: Tensor, options: RreluSlopes = {}): Tensor {
  return rrelu(input, { ...options, inplace: true });
}

/** Option of {@link elu_} and {@link celu_}. */
export interface EluAlpha {
  /** The function goes to `-alpha` far below 0; default 1. */
  alpha?: number;
}

/** Options of {@link elu} and {@link celu}. */
export interface EluOptions extends EluAlpha, InplaceOption {}

/**
 * `x` above 0, else `alpha·(e^x - 1)` (`torch.nn.functional.elu`). Clevert, Unterthiner and Hochreiter, 2015.
 * @throws {DtypeError} for integers.
 */
export function elu(input: Tensor, options: EluOptions = {}): Tensor {
  const { alpha = 1, inplace = false } = options;
  return inplace ? input.elu_(alpha, 1, 1) : input.elu(alpha, 1, 1);
}

/** {@link elu} in place (`torch.nn.functional.elu_`). @throws {DtypeError} for integers. */
export function elu_(input: Tensor, options: EluAlpha = {}): Tensor {
  const { alpha = 1 } = options;
  return input.elu_(alpha, 1, 1);
}

/**
 * `x` above 0, else `alpha·(e^(x/alpha) - 1)`, smooth for every alpha (`torch.nn.functional.celu`).
 * @throws {ValueError} if alpha is 0; {@link DtypeError} for integers.
 */
export function celu(input: Tensor, options: EluOptions = {}): Tensor {
  const { alpha = 1, inplace = false } = options;
  if (alpha === 0) throw new ValueError('celu: alpha must not be 0');
  return inplace ? input.elu_(alpha, 1, 1 / alpha) : input.elu(alpha, 1, 1 / alpha);
}

/** {@link celu} in place (`torch.nn.functional.celu_`). @throws {ValueError} if alpha is 0. */
export function celu_(input: Tensor, options: EluAlpha = {}): Tensor {
  return celu(input, { ...options, inplace: true });
}

/** With these two a layer keeps mean 0 and variance 1: Klambauer et al., Self-Normalizing Neural Networks, 2017. */
const [SELU_ALPHA, SELU_SCALE] = [1.6732632423543772, 1.0507009873554805];

/** `1.0507·x` above 0, else `1.7581·(e^x - 1)` (`torch.nn.functional.selu`). @throws {DtypeError} for integers. */
export function selu(input: Tensor, options: InplaceOption = {}): Tensor {
  const { inplace = false } = options;
  return inplace ? selu_(input) : input.elu(SELU_ALPHA, SELU_SCALE, 1);
}

/** {@link selu} in place (`torch.nn.functional.selu_`). @throws {DtypeError} for integers. */
export function selu_(input: Tensor): Tensor {
  return input.elu_(SELU_ALPHA, SELU_SCALE, 1);
}

/** Options of {@link hardtanh_}. */
export interface HardtanhBounds {
  /** Lower bound; default -1. */
  minVal?: number;
  /** Upper bound; default 1. */
  maxVal?: number;
}

/** Options of {@link hardtanh}. */
export interface HardtanhOptions extends HardtanhBounds, InplaceOption {}

/**
 * `min(max(x, minVal), maxVal)`; its derivative at the bounds is taken as 0 (`torch.nn.functional.hardtanh`).
 * @throws {ValueError} if the lower bound is above the upper one.
 */
export function hardtanh(input: Tensor, options: HardtanhOptions = {}): Tensor {
  const { minVal = -1, maxVal = 1, inplace = false } = options;
  if (minVal > maxVal) throw new ValueError(`hardtanh: minVal is ${minVal}, more than maxVal, ${maxVal}`);
  return inplace ? input.hardtanh_(minVal, maxVal) : input.hardtanh(minVal, maxVal);
}

/** {@link hardtanh} in place (`torch.nn.functional.hardtanh_`). @throws {ValueError} if the bounds are reversed. */
export function hardtanh_(input: Tensor, options: HardtanhBounds = {}): Tensor {
  return hardtanh(input, { ...options, inplace: true });
}

/** `relu6(x + 3) / 6` (`torch.nn.functional.hardsigmoid`). @throws {DtypeError} for integers. */
export function hardsigmoid(input: Tensor, options: InplaceOption = {}): Tensor {
  const { inplace = false } = options;
  return inplace ? input.hardsigmoid_() : input.hardsigmoid();
}

/**
 * `x·relu6(x + 3) / 6` (`torch.nn.functional.hardswish`). Howard et al., Searching for MobileNetV3, 2019.
 * @throws {DtypeError} for integers.
 */
export function hardswish(input: Tensor, options: InplaceOption = {}): Tensor {
  const { inplace = false } = options;
  return inplace ? input.hardswish_() : input.hardswish();
}

/** `x` above `threshold`, else `value` (`torch.nn.functional.threshold`). */
export function threshold(input: Tensor, threshold: number, value: number, options: InplaceOption = {}): Tensor {
  const { inplace = false } = options;
  return inplace ? input.threshold_(threshold, value) : input.threshold(threshold, value);
}

/** `threshold` in place (`torch.nn.functional.threshold_`). */
export function threshold_(input: Tensor, threshold: number, value: number): Tensor {
  return input.threshold_(threshold, value);
}

/** Option of {@link hardshrink} and {@link softshrink}. */
export interface ShrinkOptions {
  /** Half the width of the range that becomes 0; default 0.5. */
  lambd?: number;
}

/** `x` outside `-lambd` to `lambd`, else 0 (`torch.nn.functional.hardshrink`). @throws {DtypeError} for integers. */
export function hardshrink(input: Tensor, options: ShrinkOptions = {}): Tensor {
  const { lambd = 0.5 } = options;
  return input.hardshrink(lambd);
}

/**
 * `x` moved towards 0 by `lambd`, 0 where it would pass it (`torch.nn.functional.softshrink`).
 * @throws {ValueError} if `lambd` is negative; {@link DtypeError} for integers.
 */
export function softshrink(input: Tensor, options: ShrinkOptions = {}): Tensor {
  const { lambd = 0.5 } = options;
  if (!(lambd >= 0)) throw new ValueError(`softshrink: lambd is ${lambd}; it must not be negative`);
  return input.softshrink(lambd);
}
