// Written by scripts/generate-functions.mjs from the methods' declarations; run `npm run generate` after changing them.

import type { Tensor } from '../tensor/tensor';
import type { AlphaOption } from './arithmetic';
import { asTensor, callMethod } from './as-tensor';
import type { Dims, KeepdimOption, SumOptions, ValuesIndices } from './dims';
import { joining } from './joining';
import type { GeneratorOption, MultinomialOptions } from './random';
import type { Sizes } from './rule';
import type { SoftmaxOptions } from './softmax';

/** Absolute value; its derivative at 0 is taken as 0 (`torch.abs`). */
export function abs(input: Tensor): Tensor {
  return asTensor('abs', input).abs();
}

/** Sum `a + alpha·b` (`torch.add`). @throws {ShapeError} if the shapes do not broadcast. */
export function add(input: Tensor, other: Tensor | number, options?: AlphaOption): Tensor {
  return asTensor('add', input).add(other, options);
}

/**
 * Largest element over the dimensions `dim`, or all; equals share the gradient (`torch.amax`).
 * @throws {ShapeError} if there is nothing to choose from.
 */
export function amax(input: Tensor, dim?: Dims | null, options?: KeepdimOption): Tensor {
  return asTensor('amax', input).amax(dim, options);
}

/**
 * Smallest element over the dimensions `dim`, or all; equals share the gradient (`torch.amin`).
 * @throws {ShapeError} if there is nothing to choose from.
 */
export function amin(input: Tensor, dim?: Dims | null, options?: KeepdimOption): Tensor {
  return asTensor('amin', input).amin(dim, options);
}

/**
 * Index of the largest element along `dim`, or of all elements in row-major order; the first of equals
 * (`torch.argmax`). Gives `int32`.
 * @throws {ShapeError} if there is nothing to choose from.
 */
export function argmax(input: Tensor, dim?: number | null, options?: KeepdimOption): Tensor {
  return asTensor('argmax', input).argmax(dim, options);
}

/** Index of the smallest element; see {@link Extremes.argmax} (`torch.argmin`). */
export function argmin(input: Tensor, dim?: number | null, options?: KeepdimOption): Tensor {
  return asTensor('argmin', input).argmin(dim, options);
}

/**
 * For each element, a probability, 1 with that probability, else 0, in the same shape and dtype (`torch.bernoulli`).
 * No gradient flows to the probabilities.
 * @throws {ValueError} if an element is not from 0 to 1; {@link DtypeError} unless the tensor is a float.
 */
export function bernoulli(input: Tensor, options?: GeneratorOption): Tensor {
  return asTensor('bernoulli', input).bernoulli(options);
}

/**
 * Tensors one after another along `dim` (`torch.cat`).
 * @throws {ShapeError} if there are none, or their shapes differ in another dimension.
 */
export function cat(tensors: readonly Tensor[], dim?: number): Tensor {
  return joining.cat(tensors, dim);
}

/** A copy in memory of its own, with history (`torch.clone`). */
export function clone(input: Tensor): Tensor {
  return asTensor('clone', input).clone();
}

/** Cosine of an angle in radians (`torch.cos`). */
export function cos(input: Tensor): Tensor {
  return asTensor('cos', input).cos();
}

/** Quotient `a / b`; integers give float32 (`torch.div`). @throws {ShapeError} if the shapes do not broadcast. */
export function div(input: Tensor, other: Tensor | number): Tensor {
  return asTensor('div', input).div(other);
}

/** `a = b` (`torch.eq`). */
export function eq(input: Tensor, other: Tensor | number): Tensor {
  return asTensor('eq', input).eq(other);
}

/** Whether shape and every element are equal (`torch.equal`); NaN equals nothing. */
export function equal(input: Tensor, other: Tensor): boolean {
  return asTensor('equal', input).equal(other);
}

/** Exponential `e^x` (`torch.exp`). */
export function exp(input: Tensor): Tensor {
  return asTensor('exp', input).exp();
}

/** Joins the dimensions from `startDim` to `endDim` into one (`torch.flatten`). */
export function flatten(input: Tensor, startDim?: number, endDim?: number): Tensor {
  return asTensor('flatten', input).flatten(startDim, endDim);
}

/** `a ≥ b` (`torch.ge`). */
export function ge(input: Tensor, other: Tensor | number): Tensor {
  return asTensor('ge', input).ge(other);
}

/** `a > b` (`torch.gt`). */
export function gt(input: Tensor, other: Tensor | number): Tensor {
  return asTensor('gt', input).gt(other);
}

/** `a ≤ b` (`torch.le`). */
export function le(input: Tensor, other: Tensor | number): Tensor {
  return asTensor('le', input).le(other);
}

/** Natural logarithm; -∞ at 0, NaN below (`torch.log`). */
export function log(input: Tensor): Tensor {
  return asTensor('log', input).log();
}

/**
 * Logarithm of the softmax along `dim`, computed without overflow (`torch.log_softmax`):
 * `y_i = x_i - ln Σ_j e^{x_j}`.
 * @throws {IndexError} if there is no such dimension; {@link DtypeError} for integers.
 */
export function logSoftmax(input: Tensor, dim: number, options?: SoftmaxOptions): Tensor {
  return asTensor('logSoftmax', input).logSoftmax(dim, options);
}

/** Whether both are non-zero (`torch.logical_and`). */
export function logicalAnd(input: Tensor, other: Tensor | number): Tensor {
  return asTensor('logicalAnd', input).logicalAnd(other);
}

/** Whether it is zero (`torch.logical_not`). */
export function logicalNot(input: Tensor): Tensor {
  return asTensor('logicalNot', input).logicalNot();
}

/** Whether one or both are non-zero (`torch.logical_or`). */
export function logicalOr(input: Tensor, other: Tensor | number): Tensor {
  return asTensor('logicalOr', input).logicalOr(other);
}

/** `a < b` (`torch.lt`). */
export function lt(input: Tensor, other: Tensor | number): Tensor {
  return asTensor('lt', input).lt(other);
}

/**
 * `value` where `mask` is true, else the element (`torch.masked_fill`); the two broadcast.
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} if the mask is not `bool`, or the value is
 *   fractional for an integer tensor.
 */
export function maskedFill(input: Tensor, mask: Tensor, value: number): Tensor {
  return asTensor('maskedFill', input).maskedFill(mask, value);
}

/**
 * Matrix product (`torch.matmul`): of two vectors their dot product, of matrices `y_{ij} = Σ_k a_{ik} b_{kj}`; with
 * more dimensions a product of the matrices in the last two, the others broadcast.
 * @throws {ShapeError} if the inner dimensions differ, or an operand is a single number.
 */
export function matmul(input: Tensor, other: Tensor): Tensor {
  return asTensor('matmul', input).matmul(other);
}

/**
 * The largest element (`torch.max`): of all as a tensor, or along `dim` with its indices. Of equals, all share the
 * gradient when there is no `dim`; along a dimension the first one has it.
 * @throws {ShapeError} if there is nothing to choose from.
 */
export function max(input: Tensor): Tensor;
export function max(input: Tensor, dim: number, options?: KeepdimOption): ValuesIndices;
export function max(input: Tensor, ...rest: unknown[]): Tensor | ValuesIndices {
  return callMethod('max', input, rest);
}

/**
 * Mean over the dimensions `dim`, or all (`torch.mean`).
 * @throws {DtypeError} for integers and bools; {@link IndexError} if a dimension is out of range or repeated.
 */
export function mean(input: Tensor, dim?: Dims | null, options?: SumOptions): Tensor {
  return asTensor('mean', input).mean(dim, options);
}

/** The smallest element; see {@link ExtremeForms.max} (`torch.min`). */
export function min(input: Tensor): Tensor;
export function min(input: Tensor, dim: number, options?: KeepdimOption): ValuesIndices;
export function min(input: Tensor, ...rest: unknown[]): Tensor | ValuesIndices {
  return callMethod('min', input, rest);
}

/** Product `a·b`, element by element (`torch.mul`). @throws {ShapeError} if the shapes do not broadcast. */
export function mul(input: Tensor, other: Tensor | number): Tensor {
  return asTensor('mul', input).mul(other);
}

/**
 * Places drawn with probabilities in proportion to the weights in the tensor (`torch.multinomial`): from `[n]`
 * `numSamples` of `0 … n - 1`, from `[m, n]` so many for each row. Gives `int32`.
 * @throws {ShapeError} unless there are one or two dimensions; {@link DtypeError} unless the weights are floats;
 * {@link ValueError} if a weight is negative or not finite, all of a row are zero, `numSamples` is not positive, or
 * exceeds the number of weights without `replacement`.
 */
export function multinomial(input: Tensor, numSamples: number, options?: MultinomialOptions): Tensor {
  return asTensor('multinomial', input).multinomial(numSamples, options);
}

/** `length` entries from `start` along `dim`, a view (`torch.narrow`). @throws {IndexError} if they do not exist. */
export function narrow(input: Tensor, dim: number, start: number, length: number): Tensor {
  return asTensor('narrow', input).narrow(dim, start, length);
}

/** `a ≠ b` (`torch.ne`). */
export function ne(input: Tensor, other: Tensor | number): Tensor {
  return asTensor('ne', input).ne(other);
}

/** Negative `-x` (`torch.neg`). @throws {DtypeError} for bools. */
export function neg(input: Tensor): Tensor {
  return asTensor('neg', input).neg();
}

/**
 * Dimensions in another order: dimension `i` of the result is `dims[i]` of the tensor (`torch.permute`).
 * @throws {IndexError} if `dims` is not a permutation of the dimensions.
 */
export function permute(input: Tensor, ...dims: Sizes): Tensor {
  return asTensor('permute', input).permute(...dims);
}

/**
 * Power `a^b`, element by element (`torch.pow`).
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for integers to a negative power.
 */
export function pow(input: Tensor, exponent: Tensor | number): Tensor {
  return asTensor('pow', input).pow(exponent);
}

/** `1 / x`; integers give float32 (`torch.reciprocal`). */
export function reciprocal(input: Tensor): Tensor {
  return asTensor('reciprocal', input).reciprocal();
}

/** `max(x, 0)`; its derivative at 0 is taken as 0 (`torch.relu`). */
export function relu(input: Tensor): Tensor {
  return asTensor('relu', input).relu();
}

/**
 * The same elements in another shape; one size may be -1 (`torch.reshape`). Shares memory where the strides allow
 * it, and copies otherwise.
 * @throws {ShapeError} if the counts differ.
 */
export function reshape(input: Tensor, ...shape: Sizes): Tensor {
  return asTensor('reshape', input).reshape(...shape);
}

/** Reversed difference `b - a` (`torch.rsub`). @throws {ShapeError} if the shapes do not broadcast. */
export function rsub(input: Tensor, other: Tensor | number): Tensor {
  return asTensor('rsub', input).rsub(other);
}

/** The entry `index` along `dim`, a view without that dimension (`torch.select`). */
export function select(input: Tensor, dim: number, index: number): Tensor {
  return asTensor('select', input).select(dim, index);
}

/** Logistic function `1 / (1 + e^(-x))` (`torch.sigmoid`). */
export function sigmoid(input: Tensor): Tensor {
  return asTensor('sigmoid', input).sigmoid();
}

/** Sign: -1, 0 or 1; 0 for NaN (`torch.sign`). */
export function sign(input: Tensor): Tensor {
  return asTensor('sign', input).sign();
}

/** Sine of an angle in radians (`torch.sin`). */
export function sin(input: Tensor): Tensor {
  return asTensor('sin', input).sin();
}

/**
 * Softmax along `dim` (`torch.softmax`): `y_i = e^{x_i} / Σ_j e^{x_j}`, positive and summing to 1.
 * @throws {IndexError} if there is no such dimension; {@link DtypeError} for integers.
 */
export function softmax(input: Tensor, dim: number, options?: SoftmaxOptions): Tensor {
  return asTensor('softmax', input).softmax(dim, options);
}

/**
 * Views along `dim`: each of size `splitSize` (the last may be smaller), or of the sizes listed (`torch.split`).
 * @throws {ShapeError} if listed sizes do not add up; {@link ValueError} for a size below 1.
 */
export function split(input: Tensor, splitSize: number | readonly number[], dim?: number): readonly Tensor[] {
  return asTensor('split', input).split(splitSize, dim);
}

/** Square root; NaN below 0 (`torch.sqrt`). */
export function sqrt(input: Tensor): Tensor {
  return asTensor('sqrt', input).sqrt();
}

/** `x²` (`torch.square`). */
export function square(input: Tensor): Tensor {
  return asTensor('square', input).square();
}

/** Drops the dimension `dim` (or several, or all) where its size is 1 (`torch.squeeze`). */
export function squeeze(input: Tensor, dim?: number | readonly number[]): Tensor {
  return asTensor('squeeze', input).squeeze(dim);
}

/**
 * Tensors of one shape side by side along a new dimension `dim` (`torch.stack`).
 * @throws {ShapeError} if there are none, or their shapes differ.
 */
export function stack(tensors: readonly Tensor[], dim?: number): Tensor {
  return joining.stack(tensors, dim);
}

/**
 * Difference `a - alpha·b` (`torch.sub`).
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for two bools.
 */
export function sub(input: Tensor, other: Tensor | number, options?: AlphaOption): Tensor {
  return asTensor('sub', input).sub(other, options);
}

/**
 * Sum over the dimensions `dim`, or all (`torch.sum`); integers and bools give `int32`.
 * @throws {IndexError} if a dimension is out of range or repeated.
 */
export function sum(input: Tensor, dim?: Dims | null, options?: SumOptions): Tensor {
  return asTensor('sum', input).sum(dim, options);
}

/** The transpose of a matrix (`torch.t`). @throws {ShapeError} for more than two dimensions. */
export function t(input: Tensor): Tensor {
  return asTensor('t', input).t();
}

/** Hyperbolic tangent (`torch.tanh`). */
export function tanh(input: Tensor): Tensor {
  return asTensor('tanh', input).tanh();
}

/** Swaps two dimensions (`torch.transpose`). @throws {IndexError} if there is no such dimension. */
export function transpose(input: Tensor, dim0: number, dim1: number): Tensor {
  return asTensor('transpose', input).transpose(dim0, dim1);
}

/** Views of the entries along `dim`, without that dimension (`torch.unbind`). */
export function unbind(input: Tensor, dim?: number): readonly Tensor[] {
  return asTensor('unbind', input).unbind(dim);
}

/** Inserts a dimension of size 1 before `dim` (`torch.unsqueeze`). @throws {IndexError} if it is out of range. */
export function unsqueeze(input: Tensor, dim: number): Tensor {
  return asTensor('unsqueeze', input).unsqueeze(dim);
}

/**
 * `input` where `condition` is true, else `other` (`torch.where`); the three broadcast.
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function where(condition: Tensor, input: Tensor | number, other: Tensor | number): Tensor {
  return joining.where(condition, input, other);
}
