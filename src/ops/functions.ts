// Written by kernel-setup/setup/generate/functions.mjs from the methods' declarations.

import type { Tensor } from '../tensor/tensor';
import { asTensor, callMethod, firstOperand } from './table/as-tensor';
import { refuseSurplus } from '../surplus';
import type { AlphaOption, ValueOption } from './elementwise/arithmetic';
import type { Bound, NanToNumOptions } from './elementwise/bounds';
import type { CloseOptions } from './elementwise/comparison';
import type { RoundingOption } from './elementwise/division';
import type { LogitOptions } from './elementwise/exponential';
import type { RoundOptions } from './elementwise/rounding';
import type { GeneratorOption, MultinomialOptions } from './filling/random';
import type { IndexPutOptions } from './indexing/at';
import type { GatherOptions, NonzeroOptions } from './indexing/gather';
import type { IndexAddOptions, ScatterOptions } from './indexing/scatter';
import type { ReduceOptions, Reducing } from './indexing/scatter-reduce';
import type { Slogdet } from './linalg/determinants';
import type { Qr } from './linalg/factors';
import type { TensorSvd } from './linalg/methods';
import type { BetaAlphaOptions } from './products/added-products';
import type { CrossOptions, TensordotOptions } from './products/products';
import type { Dims, KeepdimOption, SumOptions, ValuesIndices } from './reduction/dims';
import type { NormOptions } from './reduction/norms';
import type { DiffOptions, ScanOptions } from './reduction/scan';
import type { BincountOptions, BucketizeOptions, UniqueOptions } from './reduction/searching';
import type { AminmaxOptions, MinMax } from './reduction/selection';
import type { SoftmaxOptions } from './reduction/softmax';
import type { SortOptions, TopkOptions } from './reduction/sorting';
import type { QuantileOptions, VarOptions } from './reduction/statistics';
import type { Sizes } from './table/rule';
import type { DiagonalOptions } from './views/geometry';
import type { RepeatInterleaveOptions } from './views/rearranging';
import type { SliceScatterOptions } from './views/reshaping';
import { joining } from './joining/cat';

export type { AlphaOption, ValueOption } from './elementwise/arithmetic';
export type { Bound, NanToNumOptions } from './elementwise/bounds';
export type { CloseOptions } from './elementwise/comparison';
export type { RoundingOption } from './elementwise/division';
export type { LogitOptions } from './elementwise/exponential';
export type { RoundOptions } from './elementwise/rounding';
export type { GeneratorOption, MultinomialOptions } from './filling/random';
export type { IndexPutOptions } from './indexing/at';
export type { Index, PositionList } from './indexing/entries';
export type { GatherOptions, NonzeroOptions } from './indexing/gather';
export type { IndexAddOptions, ScatterOptions } from './indexing/scatter';
export type { ReduceOptions, Reducing } from './indexing/scatter-reduce';
export type { Slogdet } from './linalg/determinants';
export type { Qr } from './linalg/factors';
export type { TensorSvd } from './linalg/methods';
export type { BetaAlphaOptions } from './products/added-products';
export type { CrossOptions, TensordotOptions } from './products/products';
export type { Dims, KeepdimOption, SumOptions, ValuesIndices } from './reduction/dims';
export type { NormOptions } from './reduction/norms';
export type { DiffOptions, ScanOptions } from './reduction/scan';
export type { BincountOptions, BucketizeOptions, UniqueOptions } from './reduction/searching';
export type { AminmaxOptions, MinMax } from './reduction/selection';
export type { SoftmaxOptions } from './reduction/softmax';
export type { SortOptions, TopkOptions } from './reduction/sorting';
export type { QuantileOptions, VarOptions } from './reduction/statistics';
export type { Sizes } from './table/rule';
export type { DiagonalOptions } from './views/geometry';
export type { RepeatInterleaveOptions } from './views/rearranging';
export type { SliceScatterOptions } from './views/reshaping';

/** Absolute value; its derivative at 0 is taken as 0 (`torch.abs`). */
export function abs(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('abs', arguments, 1);
  return asTensor('abs', input).abs();
}

/** Inverse of the cosine, from 0 to π; NaN outside -1 to 1 (`torch.acos`). */
export function acos(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('acos', arguments, 1);
  return asTensor('acos', input).acos();
}

/** Inverse of the hyperbolic cosine; NaN below 1 (`torch.acosh`). */
export function acosh(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('acosh', arguments, 1);
  return asTensor('acosh', input).acosh();
}

/** Sum `a + alpha·b` (`torch.add`). @throws {ShapeError} if the shapes do not broadcast. */
export function add(input: Tensor | number, other: Tensor | number, options?: AlphaOption): Tensor {
  if (arguments.length > 3) refuseSurplus('add', arguments, 3);
  return firstOperand('add', input, other).add(other, options);
}

/**
 * `a + value·t₁ / t₂`, element by element (`torch.addcdiv`).
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} if all three are integers.
 */
export function addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, options?: ValueOption): Tensor {
  if (arguments.length > 4) refuseSurplus('addcdiv', arguments, 4);
  return asTensor('addcdiv', input).addcdiv(tensor1, tensor2, options);
}

/**
 * `a + value·t₁·t₂`, element by element (`torch.addcmul`).
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, options?: ValueOption): Tensor {
  if (arguments.length > 4) refuseSurplus('addcmul', arguments, 4);
  return asTensor('addcmul', input).addcmul(tensor1, tensor2, options);
}

/**
 * `beta·x + alpha·mat1·mat2` with matrices, to whose product `x` broadcasts (`torch.addmm`).
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ; {@link ValueError} if a result of
 *   integers does not fit into `int32`.
 */
export function addmm(input: Tensor, mat1: Tensor, mat2: Tensor, options?: BetaAlphaOptions): Tensor {
  if (arguments.length > 4) refuseSurplus('addmm', arguments, 4);
  return asTensor('addmm', input).addmm(mat1, mat2, options);
}

/**
 * `beta·x + alpha·mat·vec` with a matrix and a vector, to whose product `x` broadcasts (`torch.addmv`).
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ; {@link ValueError} if a result of
 *   integers does not fit into `int32`.
 */
export function addmv(input: Tensor, mat: Tensor, vec: Tensor, options?: BetaAlphaOptions): Tensor {
  if (arguments.length > 4) refuseSurplus('addmv', arguments, 4);
  return asTensor('addmv', input).addmv(mat, vec, options);
}

/**
 * `beta·x + alpha·vec1·vec2ᵀ`: to the outer product of two vectors `x` broadcasts (`torch.addr`).
 * @throws {ShapeError} if the shapes do not fit.
 */
export function addr(input: Tensor, vec1: Tensor, vec2: Tensor, options?: BetaAlphaOptions): Tensor {
  if (arguments.length > 4) refuseSurplus('addr', arguments, 4);
  return asTensor('addr', input).addr(vec1, vec2, options);
}

/**
 * Whether all elements along the dimensions `dim`, or all there are, differ from 0 (`torch.all`). Gives `bool`, and
 * `uint8` for `uint8`.
 * @throws {IndexError} if a dimension is out of range or repeated.
 */
export function all(input: Tensor, dim?: Dims | null, options?: KeepdimOption): Tensor {
  if (arguments.length > 3) refuseSurplus('all', arguments, 3);
  return asTensor('all', input).all(dim, options);
}

/**
 * Whether all elements are close (`torch.allclose`); see {@link Comparison.isclose}.
 * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} for a negative tolerance.
 */
export function allclose(input: Tensor, other: Tensor, options?: CloseOptions): boolean {
  if (arguments.length > 3) refuseSurplus('allclose', arguments, 3);
  return asTensor('allclose', input).allclose(other, options);
}

/**
 * Largest element over the dimensions `dim`, or all; equals share the gradient (`torch.amax`).
 * @throws {ShapeError} if there is nothing to choose from; {@link IndexError} if a dimension is out of range or repeated.
 */
export function amax(input: Tensor, dim?: Dims | null, options?: KeepdimOption): Tensor {
  if (arguments.length > 3) refuseSurplus('amax', arguments, 3);
  return asTensor('amax', input).amax(dim, options);
}

/** Smallest element over the dimensions `dim`, or all; see {@link Extremes.amax} (`torch.amin`). */
export function amin(input: Tensor, dim?: Dims | null, options?: KeepdimOption): Tensor {
  if (arguments.length > 3) refuseSurplus('amin', arguments, 3);
  return asTensor('amin', input).amin(dim, options);
}

/**
 * Smallest and largest elements, along a dimension or over all (`torch.aminmax`).
 * @throws {ShapeError} if there is nothing to choose from; {@link IndexError} if there is no such dimension.
 */
export function aminmax(input: Tensor, options?: AminmaxOptions): MinMax {
  if (arguments.length > 2) refuseSurplus('aminmax', arguments, 2);
  return asTensor('aminmax', input).aminmax(options);
}

/**
 * Whether any element along the dimensions `dim`, or at all, differs from 0 (`torch.any`). Gives `bool`, and `uint8`
 * for `uint8`.
 * @throws {IndexError} if a dimension is out of range or repeated.
 */
export function any(input: Tensor, dim?: Dims | null, options?: KeepdimOption): Tensor {
  if (arguments.length > 3) refuseSurplus('any', arguments, 3);
  return asTensor('any', input).any(dim, options);
}

/**
 * Index of the largest element along `dim`, or of all elements in row-major order; the first of equals
 * (`torch.argmax`). Gives `int32`.
 * @throws {ShapeError} if there is nothing to choose from; {@link IndexError} if there is no such dimension.
 */
export function argmax(input: Tensor, dim?: number | null, options?: KeepdimOption): Tensor {
  if (arguments.length > 3) refuseSurplus('argmax', arguments, 3);
  return asTensor('argmax', input).argmax(dim, options);
}

/** Index of the smallest element; see {@link Extremes.argmax} (`torch.argmin`). */
export function argmin(input: Tensor, dim?: number | null, options?: KeepdimOption): Tensor {
  if (arguments.length > 3) refuseSurplus('argmin', arguments, 3);
  return asTensor('argmin', input).argmin(dim, options);
}

/**
 * The indices that sort the elements along `dim` (`torch.argsort`); see {@link Sorting.sort}.
 * @param dim Default -1, the last.
 * @throws {IndexError} if there is no such dimension.
 */
export function argsort(input: Tensor, dim?: number, options?: SortOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('argsort', arguments, 3);
  return asTensor('argsort', input).argsort(dim, options);
}

/**
 * View of the tensor's memory with the given shape and strides, from element `storageOffset` on, by default the
 * tensor's first (`torch.as_strided`). Elements that it shows more than once add up their gradients.
 * @throws {ShapeError} if size and stride differ in length, or the view reaches outside of the memory.
 */
export function asStrided(input: Tensor, size: readonly number[], stride: readonly number[], storageOffset?: number): Tensor {
  if (arguments.length > 4) refuseSurplus('asStrided', arguments, 4);
  return asTensor('asStrided', input).asStrided(size, stride, storageOffset);
}

/** Inverse of the sine, from -π/2 to π/2; NaN outside -1 to 1 (`torch.asin`). */
export function asin(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('asin', arguments, 1);
  return asTensor('asin', input).asin();
}

/** Inverse of the hyperbolic sine (`torch.asinh`). */
export function asinh(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('asinh', arguments, 1);
  return asTensor('asinh', input).asinh();
}

/** Inverse of the tangent, from -π/2 to π/2 (`torch.atan`). */
export function atan(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('atan', arguments, 1);
  return asTensor('atan', input).atan();
}

/**
 * Angle of the point with ordinate `a` and abscissa `b`, from -π to π (`torch.atan2`).
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function atan2(input: Tensor, other: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('atan2', arguments, 2);
  return asTensor('atan2', input).atan2(other);
}

/** Inverse of the hyperbolic tangent; NaN outside -1 to 1 (`torch.atanh`). */
export function atanh(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('atanh', arguments, 1);
  return asTensor('atanh', input).atanh();
}

/**
 * `beta·x + alpha·batch1·batch2` with batches of matrices, to whose products `x` broadcasts (`torch.baddbmm`).
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ; {@link ValueError} if a result of
 *   integers does not fit into `int32`.
 */
export function baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, options?: BetaAlphaOptions): Tensor {
  if (arguments.length > 4) refuseSurplus('baddbmm', arguments, 4);
  return asTensor('baddbmm', input).baddbmm(batch1, batch2, options);
}

/**
 * For each element, a probability, 1 with that probability, else 0, in the same shape and dtype (`torch.bernoulli`).
 * No gradient flows to the probabilities.
 * @example
 * manualSeed(420);
 * bernoulli(tensor([0, 0.5, 1])) // tensor([0., 1., 1.])
 * @throws {ValueError} if an element is not from 0 to 1; {@link DtypeError} unless the tensor is a float.
 */
export function bernoulli(input: Tensor, options?: GeneratorOption): Tensor {
  if (arguments.length > 2) refuseSurplus('bernoulli', arguments, 2);
  return asTensor('bernoulli', input).bernoulli(options);
}

/**
 * How often each of the numbers 0, 1, 2, … occurs in a vector of whole numbers, or the sum of its `weights`
 * (`torch.bincount`). Gives `int32`, `float32` for such weights, and `float64` for others.
 * @throws {ShapeError} if the tensor is not a vector, or the weights have another shape; {@link DtypeError} if it does
 *   not hold whole numbers; {@link ValueError} if one is negative.
 */
export function bincount(input: Tensor, options?: BincountOptions): Tensor {
  if (arguments.length > 2) refuseSurplus('bincount', arguments, 2);
  return asTensor('bincount', input).bincount(options);
}

/**
 * The bits that both have (`torch.bitwise_and`).
 * @throws {DtypeError} for floats; {@link ShapeError} if the shapes do not broadcast; {@link ValueError} for a number
 *   beyond int32 beside int32.
 */
export function bitwiseAnd(input: Tensor | number, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('bitwiseAnd', arguments, 2);
  return firstOperand('bitwiseAnd', input, other).bitwiseAnd(other);
}

/**
 * `a · 2ᵇ` (`torch.bitwise_left_shift`); what goes beyond 32 bits, or 8 of a byte, is lost.
 * @throws {DtypeError} for floats and for two bools; {@link ShapeError} if the shapes do not broadcast.
 */
export function bitwiseLeftShift(input: Tensor | number, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('bitwiseLeftShift', arguments, 2);
  return firstOperand('bitwiseLeftShift', input, other).bitwiseLeftShift(other);
}

/** The bits that it does not have (`torch.bitwise_not`). @throws {DtypeError} for floats. */
export function bitwiseNot(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('bitwiseNot', arguments, 1);
  return asTensor('bitwiseNot', input).bitwiseNot();
}

/** The bits that one or both have; see {@link Bits.bitwiseAnd} (`torch.bitwise_or`). */
export function bitwiseOr(input: Tensor | number, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('bitwiseOr', arguments, 2);
  return firstOperand('bitwiseOr', input, other).bitwiseOr(other);
}

/**
 * `⌊a / 2ᵇ⌋` (`torch.bitwise_right_shift`).
 * @throws {DtypeError} for floats and for two bools; {@link ShapeError} if the shapes do not broadcast.
 */
export function bitwiseRightShift(input: Tensor | number, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('bitwiseRightShift', arguments, 2);
  return firstOperand('bitwiseRightShift', input, other).bitwiseRightShift(other);
}

/** The bits that exactly one has; see {@link Bits.bitwiseAnd} (`torch.bitwise_xor`). */
export function bitwiseXor(input: Tensor | number, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('bitwiseXor', arguments, 2);
  return firstOperand('bitwiseXor', input, other).bitwiseXor(other);
}

/**
 * Products of matrices in two batches of the same length (`torch.bmm`).
 * @throws {ShapeError} for other ranks, or if the shapes do not fit.
 */
export function bmm(input: Tensor, mat2: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('bmm', arguments, 2);
  return asTensor('bmm', input).bmm(mat2);
}

/** {@link Views.expand} to the shape `size` (`torch.broadcast_to`). */
export function broadcastTo(input: Tensor, ...size: Sizes): Tensor {
  return asTensor('broadcastTo', input).broadcastTo(...size);
}

/**
 * For each element how many of the sorted `boundaries`, a vector, are below it, or, with `right`, below or equal
 * (`torch.bucketize`). Gives `int32`.
 * @throws {ShapeError} if `boundaries` is not a vector.
 */
export function bucketize(input: Tensor, boundaries: Tensor, options?: BucketizeOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('bucketize', arguments, 3);
  return asTensor('bucketize', input).bucketize(boundaries, options);
}

/**
 * Tensors one after another along `dim` (`torch.cat`).
 * @throws {ShapeError} if there are none, or their shapes differ in another dimension.
 */
export function cat(tensors: readonly Tensor[], dim?: number): Tensor {
  if (arguments.length > 2) refuseSurplus('cat', arguments, 2);
  return joining.cat(tensors, dim);
}

/** The whole number at or above (`torch.ceil`). */
export function ceil(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('ceil', arguments, 1);
  return asTensor('ceil', input).ceil();
}

/**
 * The Cholesky factor L of symmetric positive definite matrices, `A = L Lᵀ` (`torch.cholesky`).
 * @param upper Give the upper factor, `A = Uᵀ U`; default `false`.
 * @throws {LinAlgError} if one is not positive definite; {@link ShapeError} if they are not square; {@link DtypeError} for
 *   integers.
 */
export function cholesky(input: Tensor, upper?: boolean): Tensor {
  if (arguments.length > 2) refuseSurplus('cholesky', arguments, 2);
  return asTensor('cholesky', input).cholesky(upper);
}

/**
 * At most `chunks` views of one size along `dim`, by default the first; the last may be smaller, and there are fewer
 * where the size does not divide well (`torch.chunk`).
 * @throws {ValueError} if `chunks` is not a whole number, 1 or more; {@link ShapeError} for a single number.
 */
export function chunk(input: Tensor, chunks: number, dim?: number): readonly Tensor[] {
  if (arguments.length > 3) refuseSurplus('chunk', arguments, 3);
  return asTensor('chunk', input).chunk(chunks, dim);
}

/**
 * `min(max(x, min), max)`: elements moved into the bounds, of which one may be left out or `null`; `max` wins over a
 * larger `min` (`torch.clamp`). The gradient passes where nothing was moved, and otherwise goes to the bound.
 * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} without any bound.
 */
export function clamp(input: Tensor, min?: Bound, max?: Bound): Tensor {
  if (arguments.length > 3) refuseSurplus('clamp', arguments, 3);
  return asTensor('clamp', input).clamp(min, max);
}

/** Elements above `max` are moved to it (`torch.clamp_max`). @throws {ShapeError} if the shapes do not broadcast. */
export function clampMax(input: Tensor, max: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('clampMax', arguments, 2);
  return asTensor('clampMax', input).clampMax(max);
}

/** Elements below `min` are moved to it (`torch.clamp_min`). @throws {ShapeError} if the shapes do not broadcast. */
export function clampMin(input: Tensor, min: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('clampMin', arguments, 2);
  return asTensor('clampMin', input).clampMin(min);
}

/**
 * A copy in memory of its own, with history (`torch.clone`). Its dimensions lie in memory in the same order, without
 * gaps.
 */
export function clone(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('clone', arguments, 1);
  return asTensor('clone', input).clone();
}

/**
 * The size of `a` with the sign of `b`; that of -0 counts (`torch.copysign`). Integers give float32.
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function copysign(input: Tensor, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('copysign', arguments, 2);
  return asTensor('copysign', input).copysign(other);
}

/** Cosine (`torch.cos`). */
export function cos(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('cos', arguments, 1);
  return asTensor('cos', input).cos();
}

/** Hyperbolic cosine (`torch.cosh`). */
export function cosh(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('cosh', arguments, 1);
  return asTensor('cosh', input).cosh();
}

/**
 * How many elements differ from 0, over the dimensions `dim` or all (`torch.count_nonzero`). Gives `int32`.
 * @throws {IndexError} if a dimension is out of range or repeated.
 */
export function countNonzero(input: Tensor, dim?: Dims | null): Tensor {
  if (arguments.length > 2) refuseSurplus('countNonzero', arguments, 2);
  return asTensor('countNonzero', input).countNonzero(dim);
}

/**
 * Cross products of vectors of three numbers along `dim`, by default the first dimension of that size
 * (`torch.cross`); the other dimensions broadcast.
 * @throws {ShapeError} if the tensors differ in rank, or one does not have size 3 there; {@link IndexError} if there is
 *   no such dimension.
 */
export function cross(input: Tensor, other: Tensor, options?: CrossOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('cross', arguments, 3);
  return asTensor('cross', input).cross(other, options);
}

/**
 * The largest so far along `dim`, and where it stands, the last of equals (`torch.cummax`); NaN beats all.
 * @throws {IndexError} if there is no such dimension.
 */
export function cummax(input: Tensor, dim: number): ValuesIndices {
  if (arguments.length > 2) refuseSurplus('cummax', arguments, 2);
  return asTensor('cummax', input).cummax(dim);
}

/** The smallest so far along `dim`, and where it stands; see {@link Scan.cummax} (`torch.cummin`). */
export function cummin(input: Tensor, dim: number): ValuesIndices {
  if (arguments.length > 2) refuseSurplus('cummin', arguments, 2);
  return asTensor('cummin', input).cummin(dim);
}

/**
 * Running products along `dim` (`torch.cumprod`): `y_i = x_1 ⋯ x_i`; integers and bools give `int32`. The gradient is
 * right where elements are 0, too.
 * @throws {IndexError} if there is no such dimension; {@link ValueError} if a product of integers does not fit into
 *   `int32`.
 */
export function cumprod(input: Tensor, dim: number, options?: ScanOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('cumprod', arguments, 3);
  return asTensor('cumprod', input).cumprod(dim, options);
}

/**
 * Running sums along `dim` (`torch.cumsum`): `y_i = x_1 + … + x_i`; integers and bools give `int32`.
 * @throws {IndexError} if there is no such dimension; {@link ValueError} if a sum of integers does not fit into `int32`.
 */
export function cumsum(input: Tensor, dim: number, options?: ScanOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('cumsum', arguments, 3);
  return asTensor('cumsum', input).cumsum(dim, options);
}

/** Degrees to radians (`torch.deg2rad`). */
export function deg2rad(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('deg2rad', arguments, 1);
  return asTensor('deg2rad', input).deg2rad();
}

/**
 * The determinant of square matrices (`torch.det`).
 * @throws {ShapeError} if they are not square; {@link DtypeError} for integers.
 */
export function det(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('det', arguments, 1);
  return asTensor('det', input).det();
}

/**
 * A vector as the diagonal of a square matrix, or a copy of the diagonal of a matrix (`torch.diag`), `diagonal`
 * places above the main one; default 0.
 * @throws {ShapeError} for other than one or two dimensions.
 */
export function diag(input: Tensor, diagonal?: number): Tensor {
  if (arguments.length > 2) refuseSurplus('diag', arguments, 2);
  return asTensor('diag', input).diag(diagonal);
}

/**
 * Matrices in the dimensions `dim1` and `dim2` of the result, by default the last two, with the tensor's last
 * dimension on a diagonal and zeros elsewhere (`torch.diag_embed`).
 * @throws {IndexError} if a dimension is out of range, or both are the same.
 */
export function diagEmbed(input: Tensor, options?: DiagonalOptions): Tensor {
  if (arguments.length > 2) refuseSurplus('diagEmbed', arguments, 2);
  return asTensor('diagEmbed', input).diagEmbed(options);
}

/** All elements, in row-major order, as the diagonal of a square matrix (`torch.diagflat`). */
export function diagflat(input: Tensor, offset?: number): Tensor {
  if (arguments.length > 2) refuseSurplus('diagflat', arguments, 2);
  return asTensor('diagflat', input).diagflat(offset);
}

/**
 * View of a diagonal of the dimensions `dim1` and `dim2`, by default the first two; it becomes the last dimension
 * (`torch.diagonal`).
 * @throws {IndexError} if a dimension is out of range, or both are the same.
 */
export function diagonal(input: Tensor, options?: DiagonalOptions): Tensor {
  if (arguments.length > 2) refuseSurplus('diagonal', arguments, 2);
  return asTensor('diagonal', input).diagonal(options);
}

/**
 * A copy whose diagonal is `src` (`torch.diagonal_scatter`).
 * @throws {ShapeError} unless `src` has the shape of that diagonal.
 */
export function diagonalScatter(input: Tensor, src: Tensor, options?: DiagonalOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('diagonalScatter', arguments, 3);
  return asTensor('diagonalScatter', input).diagonalScatter(src, options);
}

/**
 * Differences of neighbours along `dim`, `n` times over (`torch.diff`): `y_i = x_{i+1} - x_i`; whether they differ, for
 * bools.
 * @param n Default 1.
 * @param dim Default -1, the last.
 * @throws {ShapeError} for a single number, or if what is put before or behind does not fit; {@link ValueError} if `n` is
 *   negative or fractional; {@link IndexError} if there is no such dimension.
 */
export function diff(input: Tensor, n?: number, dim?: number, options?: DiffOptions): Tensor {
  if (arguments.length > 4) refuseSurplus('diff', arguments, 4);
  return asTensor('diff', input).diff(n, dim, options);
}

/** Derivative of {@link Special.lgamma} (`torch.digamma`). */
export function digamma(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('digamma', arguments, 1);
  return asTensor('digamma', input).digamma();
}

/**
 * Norm of the difference, `‖x - other‖_p`; the two broadcast (`torch.dist`).
 * @param p Default 2.
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function dist(input: Tensor, other: Tensor, p?: number): Tensor {
  if (arguments.length > 3) refuseSurplus('dist', arguments, 3);
  return asTensor('dist', input).dist(other, p);
}

/**
 * Quotient `a / b` (`torch.div`); integers give float32, unless it is rounded.
 * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} for an unknown rounding, or when integers are
 * divided by 0 with one.
 */
export function div(input: Tensor | number, other: Tensor | number, options?: RoundingOption): Tensor {
  if (arguments.length > 3) refuseSurplus('div', arguments, 3);
  return firstOperand('div', input, other).div(other, options);
}

/** Sum of the products of two vectors (`torch.dot`). @throws {ShapeError} for other ranks, or if the sizes differ. */
export function dot(input: Tensor, tensor: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('dot', arguments, 2);
  return asTensor('dot', input).dot(tensor);
}

/**
 * Views from front to back: along dimension 2 (`torch.dsplit`): equal sections, or from each listed position to the
 * next.
 * @throws {ShapeError} for fewer than three dimensions, or if the size does not divide.
 */
export function dsplit(input: Tensor, indicesOrSections: number | readonly number[]): readonly Tensor[] {
  if (arguments.length > 2) refuseSurplus('dsplit', arguments, 2);
  return asTensor('dsplit', input).dsplit(indicesOrSections);
}

/** `a = b` (`torch.eq`). */
export function eq(input: Tensor, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('eq', arguments, 2);
  return asTensor('eq', input).eq(other);
}

/** Whether shape and every element are equal (`torch.equal`); NaN equals nothing. */
export function equal(input: Tensor, other: Tensor): boolean {
  if (arguments.length > 2) refuseSurplus('equal', arguments, 2);
  return asTensor('equal', input).equal(other);
}

/** Error function `2/√π ∫₀ˣ e^(-t²) dt` (`torch.erf`). */
export function erf(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('erf', arguments, 1);
  return asTensor('erf', input).erf();
}

/** `1 - erf x`, exact also where that is close to 0 (`torch.erfc`). */
export function erfc(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('erfc', arguments, 1);
  return asTensor('erfc', input).erfc();
}

/** Inverse of the error function; infinite at -1 and 1, NaN beyond (`torch.erfinv`). */
export function erfinv(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('erfinv', arguments, 1);
  return asTensor('erfinv', input).erfinv();
}

/** Exponential `e^x` (`torch.exp`). */
export function exp(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('exp', arguments, 1);
  return asTensor('exp', input).exp();
}

/** `2^x` (`torch.exp2`). */
export function exp2(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('exp2', arguments, 1);
  return asTensor('exp2', input).exp2();
}

/** `e^x - 1`, exact also for small `x` (`torch.expm1`). */
export function expm1(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('expm1', arguments, 1);
  return asTensor('expm1', input).expm1();
}

/** Joins the dimensions from `startDim` to `endDim` into one (`torch.flatten`). */
export function flatten(input: Tensor, startDim?: number, endDim?: number): Tensor {
  if (arguments.length > 3) refuseSurplus('flatten', arguments, 3);
  return asTensor('flatten', input).flatten(startDim, endDim);
}

/**
 * The order of the elements along the dimensions `dims` reversed (`torch.flip`).
 * @throws {IndexError} if a dimension is out of range or repeated.
 */
export function flip(input: Tensor, ...dims: Sizes): Tensor {
  return asTensor('flip', input).flip(...dims);
}

/** Left and right exchanged, dimension 1 reversed (`torch.fliplr`). @throws {ShapeError} if there is none. */
export function fliplr(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('fliplr', arguments, 1);
  return asTensor('fliplr', input).fliplr();
}

/** Top and bottom exchanged, dimension 0 reversed (`torch.flipud`). @throws {ShapeError} if there is none. */
export function flipud(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('flipud', arguments, 1);
  return asTensor('flipud', input).flipud();
}

/** Power `a^b`, always computed in float64 (`torch.float_power`). @throws {ShapeError} if the shapes do not broadcast. */
export function floatPower(input: Tensor | number, exponent: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('floatPower', arguments, 2);
  return firstOperand('floatPower', input, exponent).floatPower(exponent);
}

/** The whole number at or below (`torch.floor`). */
export function floor(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('floor', arguments, 1);
  return asTensor('floor', input).floor();
}

/**
 * The whole number at or below `a / b`, in the common dtype; without gradient (`torch.floor_divide`).
 * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} when integers are divided by 0.
 */
export function floorDivide(input: Tensor | number, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('floorDivide', arguments, 2);
  return firstOperand('floorDivide', input, other).floorDivide(other);
}

/**
 * The larger of two elements; the other one if one is NaN (`torch.fmax`).
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function fmax(input: Tensor, other: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('fmax', arguments, 2);
  return asTensor('fmax', input).fmax(other);
}

/**
 * The smaller of two elements; the other one if one is NaN (`torch.fmin`).
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function fmin(input: Tensor, other: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('fmin', arguments, 2);
  return asTensor('fmin', input).fmin(other);
}

/**
 * What is left of `a` after cutting `a / b` off, with the sign of `a` (`torch.fmod`).
 * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} when integers are divided by 0.
 */
export function fmod(input: Tensor, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('fmod', arguments, 2);
  return asTensor('fmod', input).fmod(other);
}

/** What {@link Rounding.trunc} cuts off, with the sign of `x` (`torch.frac`). @throws {DtypeError} for integers. */
export function frac(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('frac', arguments, 1);
  return asTensor('frac', input).frac();
}

/**
 * Elements looked up along `dim` (`torch.gather`): for three dimensions and `dim` 1, `y_{ijk} = x_{i, index_{ijk}, k}`.
 * The index has as many dimensions as the tensor, and is nowhere longer, but along `dim`.
 * @throws {DtypeError} if the index is not `int32`; {@link ShapeError} if it does not fit; {@link IndexError} if a
 *   position is out of range (negative ones are).
 */
export function gather(input: Tensor, dim: number, index: Tensor, options?: GatherOptions): Tensor {
  if (arguments.length > 4) refuseSurplus('gather', arguments, 4);
  return asTensor('gather', input).gather(dim, index, options);
}

/** `a ≥ b` (`torch.ge`). */
export function ge(input: Tensor, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('ge', arguments, 2);
  return asTensor('ge', input).ge(other);
}

/** `a > b` (`torch.gt`). */
export function gt(input: Tensor, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('gt', arguments, 2);
  return asTensor('gt', input).gt(other);
}

/**
 * 0 below 0, 1 above, and `values` at 0 (`torch.heaviside`); no gradient.
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function heaviside(input: Tensor, values: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('heaviside', arguments, 2);
  return asTensor('heaviside', input).heaviside(values);
}

/**
 * Views from left to right: along dimension 1, or along the only one (`torch.hsplit`): equal sections, or from each
 * listed position to the next.
 * @throws {ShapeError} for a single number, or if the size does not divide.
 */
export function hsplit(input: Tensor, indicesOrSections: number | readonly number[]): readonly Tensor[] {
  if (arguments.length > 2) refuseSurplus('hsplit', arguments, 2);
  return asTensor('hsplit', input).hsplit(indicesOrSections);
}

/**
 * `√(a² + b²)` without overflow (`torch.hypot`).
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} if neither is a float.
 */
export function hypot(input: Tensor, other: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('hypot', arguments, 2);
  return asTensor('hypot', input).hypot(other);
}

/**
 * The entries of `source` added to those along `dim` that `index`, a vector, names (`torch.index_add`).
 * @throws {DtypeError} if the index is not `int32`, or the dtypes of tensor and `source` differ; {@link ShapeError} if
 *   the shapes do not fit; {@link IndexError} if a position is out of range.
 */
export function indexAdd(input: Tensor, dim: number, index: Tensor, source: Tensor, options?: IndexAddOptions): Tensor {
  if (arguments.length > 5) refuseSurplus('indexAdd', arguments, 5);
  return asTensor('indexAdd', input).indexAdd(dim, index, source, options);
}

/**
 * The entries along `dim` that `index`, a vector, names replaced by those of `source` (`torch.index_copy`).
 * @throws as `indexAdd` does.
 */
export function indexCopy(input: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  if (arguments.length > 4) refuseSurplus('indexCopy', arguments, 4);
  return asTensor('indexCopy', input).indexCopy(dim, index, source);
}

/**
 * The entries along `dim` that `index`, a vector, names filled with `value` (`torch.index_fill`); negative positions
 * count from the end.
 * @throws {DtypeError} if the index is not `int32`; {@link ShapeError} if `value` is not a single number;
 *   {@link IndexError} if a position is out of range.
 */
export function indexFill(input: Tensor, dim: number, index: Tensor, value: Tensor | number): Tensor {
  if (arguments.length > 4) refuseSurplus('indexFill', arguments, 4);
  return asTensor('indexFill', input).indexFill(dim, index, value);
}

/**
 * The elements at lists of positions, one a dimension (`null` for all of it), replaced by `values`, which broadcast
 * (`torch.index_put`); the tensor itself is not changed, except by `indexPut_`.
 * @throws {IndexError} as `at`; {@link ShapeError} if the values do not fit; {@link DtypeError} if their dtype is another.
 */
export function indexPut(input: Tensor, indices: readonly (Tensor | null)[], values: Tensor, options?: IndexPutOptions): Tensor {
  if (arguments.length > 4) refuseSurplus('indexPut', arguments, 4);
  return asTensor('indexPut', input).indexPut(indices, values, options);
}

/**
 * The entries along `dim` that `index`, a vector, names (`torch.index_select`): a copy.
 * @throws {DtypeError} if the index is not `int32`; {@link ShapeError} if it is not a vector; {@link IndexError} if a
 *   position is out of range (negative ones are).
 */
export function indexSelect(input: Tensor, dim: number, index: Tensor): Tensor {
  if (arguments.length > 3) refuseSurplus('indexSelect', arguments, 3);
  return asTensor('indexSelect', input).indexSelect(dim, index);
}

/**
 * Sums of products over the last dimension of both tensors, for each combination of the others (`torch.inner`); with
 * a single number the product.
 * @throws {ShapeError} if the last dimensions differ.
 */
export function inner(input: Tensor, other: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('inner', arguments, 2);
  return asTensor('inner', input).inner(other);
}

/**
 * The inverse of square matrices (`torch.inverse`). To solve equations, `linalg.solve` is better.
 * @throws {LinAlgError} if one is singular; {@link ShapeError} if they are not square; {@link DtypeError} for integers.
 */
export function inverse(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('inverse', arguments, 1);
  return asTensor('inverse', input).inverse();
}

/**
 * Whether `|a - b| ≤ atol + rtol·|b|` (`torch.isclose`); infinities are close to themselves only.
 * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} for a negative tolerance.
 */
export function isclose(input: Tensor, other: Tensor, options?: CloseOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('isclose', arguments, 3);
  return asTensor('isclose', input).isclose(other, options);
}

/** Whether it is neither infinite nor NaN (`torch.isfinite`). */
export function isfinite(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('isfinite', arguments, 1);
  return asTensor('isfinite', input).isfinite();
}

/** Whether it is ∞ or -∞ (`torch.isinf`). */
export function isinf(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('isinf', arguments, 1);
  return asTensor('isinf', input).isinf();
}

/** Whether it is NaN (`torch.isnan`). */
export function isnan(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('isnan', arguments, 1);
  return asTensor('isnan', input).isnan();
}

/**
 * Kronecker product: every element of this tensor times all of `other`, in blocks (`torch.kron`).
 */
export function kron(input: Tensor, other: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('kron', arguments, 2);
  return asTensor('kron', input).kron(other);
}

/**
 * The `k`-th smallest element along `dim`, with its indices, `k` counted from 1 (`torch.kthvalue`); NaN is largest.
 * @param dim Default -1, the last.
 * @throws {ValueError} if there are fewer than `k`; {@link IndexError} if there is no such dimension.
 */
export function kthvalue(input: Tensor, k: number, dim?: number, options?: KeepdimOption): ValuesIndices {
  if (arguments.length > 4) refuseSurplus('kthvalue', arguments, 4);
  return asTensor('kthvalue', input).kthvalue(k, dim, options);
}

/** `a ≤ b` (`torch.le`). */
export function le(input: Tensor, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('le', arguments, 2);
  return asTensor('le', input).le(other);
}

/**
 * Linear interpolation `a + weight·(end - a)`; outside 0 to 1 the weight goes beyond the two (`torch.lerp`).
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for integers and for different dtypes.
 */
export function lerp(input: Tensor, end: Tensor, weight: Tensor | number): Tensor {
  if (arguments.length > 3) refuseSurplus('lerp', arguments, 3);
  return asTensor('lerp', input).lerp(end, weight);
}

/** `ln |Γ(x)|`, the logarithm of the gamma function; infinite at 0, -1, -2, … (`torch.lgamma`). */
export function lgamma(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('lgamma', arguments, 1);
  return asTensor('lgamma', input).lgamma();
}

/** Natural logarithm; -∞ at 0, NaN below (`torch.log`). */
export function log(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('log', arguments, 1);
  return asTensor('log', input).log();
}

/** Logarithm to base 10 (`torch.log10`). */
export function log10(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('log10', arguments, 1);
  return asTensor('log10', input).log10();
}

/** `ln(1 + x)`, exact also for small `x` (`torch.log1p`). */
export function log1p(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('log1p', arguments, 1);
  return asTensor('log1p', input).log1p();
}

/** Logarithm to base 2 (`torch.log2`). */
export function log2(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('log2', arguments, 1);
  return asTensor('log2', input).log2();
}

/**
 * Logarithm of the softmax along `dim`, computed without overflow (`torch.log_softmax`):
 * `y_i = x_i - ln Σ_j e^{x_j}`.
 * @throws {IndexError} if there is no such dimension; {@link DtypeError} for integers.
 */
export function logSoftmax(input: Tensor, dim: number, options?: SoftmaxOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('logSoftmax', arguments, 3);
  return asTensor('logSoftmax', input).logSoftmax(dim, options);
}

/**
 * `ln(e^a + e^b)` without overflow (`torch.logaddexp`).
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} if neither is a float.
 */
export function logaddexp(input: Tensor, other: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('logaddexp', arguments, 2);
  return asTensor('logaddexp', input).logaddexp(other);
}

/**
 * Running `ln Σ e^x` along `dim`, computed without overflow (`torch.logcumsumexp`).
 * @throws {IndexError} if there is no such dimension; {@link DtypeError} for integers.
 */
export function logcumsumexp(input: Tensor, dim: number): Tensor {
  if (arguments.length > 2) refuseSurplus('logcumsumexp', arguments, 2);
  return asTensor('logcumsumexp', input).logcumsumexp(dim);
}

/**
 * The logarithm of the determinant of square matrices (`torch.logdet`): NaN where it is negative, `-Infinity` at 0.
 * @throws {ShapeError} if they are not square; {@link DtypeError} for integers; in the backward pass {@link LinAlgError} if
 *   one is singular.
 */
export function logdet(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('logdet', arguments, 1);
  return asTensor('logdet', input).logdet();
}

/** Whether both are non-zero (`torch.logical_and`). */
export function logicalAnd(input: Tensor, other: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('logicalAnd', arguments, 2);
  return asTensor('logicalAnd', input).logicalAnd(other);
}

/** Whether it is zero (`torch.logical_not`). */
export function logicalNot(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('logicalNot', arguments, 1);
  return asTensor('logicalNot', input).logicalNot();
}

/** Whether one or both are non-zero (`torch.logical_or`). */
export function logicalOr(input: Tensor, other: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('logicalOr', arguments, 2);
  return asTensor('logicalOr', input).logicalOr(other);
}

/** Whether exactly one is non-zero (`torch.logical_xor`). */
export function logicalXor(input: Tensor, other: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('logicalXor', arguments, 2);
  return asTensor('logicalXor', input).logicalXor(other);
}

/** Log-odds `ln(x / (1 - x))`, the inverse of the logistic function; NaN outside 0 to 1 (`torch.logit`). */
export function logit(input: Tensor, options?: LogitOptions): Tensor {
  if (arguments.length > 2) refuseSurplus('logit', arguments, 2);
  return asTensor('logit', input).logit(options);
}

/**
 * `ln Σ e^x` over the dimensions `dim`, computed without overflow (`torch.logsumexp`); integers give `float32`.
 * @throws {IndexError} if a dimension is out of range or repeated.
 */
export function logsumexp(input: Tensor, dim: Dims, options?: KeepdimOption): Tensor {
  if (arguments.length > 3) refuseSurplus('logsumexp', arguments, 3);
  return asTensor('logsumexp', input).logsumexp(dim, options);
}

/** `a < b` (`torch.lt`). */
export function lt(input: Tensor, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('lt', arguments, 2);
  return asTensor('lt', input).lt(other);
}

/**
 * `value`, a number or a tensor of one, where `mask` is true, else the element (`torch.masked_fill`); tensor and mask
 * broadcast.
 * @throws {ShapeError} if the shapes do not broadcast, or the value has dimensions; {@link DtypeError} if the mask is not
 * `bool`, or the value is infinite or NaN for an integer tensor.
 */
export function maskedFill(input: Tensor, mask: Tensor, value: Tensor | number): Tensor {
  if (arguments.length > 3) refuseSurplus('maskedFill', arguments, 3);
  return asTensor('maskedFill', input).maskedFill(mask, value);
}

/**
 * The elements where `mask` is true replaced by those of `source`, in their order (`torch.masked_scatter`); tensor and
 * mask broadcast.
 * @throws {DtypeError} if the mask is not `bool`, or the dtypes differ; {@link ShapeError} if the shapes do not
 *   broadcast; {@link ValueError} if `source` has too few elements.
 */
export function maskedScatter(input: Tensor, mask: Tensor, source: Tensor): Tensor {
  if (arguments.length > 3) refuseSurplus('maskedScatter', arguments, 3);
  return asTensor('maskedScatter', input).maskedScatter(mask, source);
}

/**
 * The elements where `mask` is true, as a vector (`torch.masked_select`); the two broadcast.
 * @throws {DtypeError} if the mask is not `bool`; {@link ShapeError} if the shapes do not broadcast.
 */
export function maskedSelect(input: Tensor, mask: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('maskedSelect', arguments, 2);
  return asTensor('maskedSelect', input).maskedSelect(mask);
}

/**
 * Matrix product (`torch.matmul`): of two vectors their dot product, of matrices `y_{ij} = Σ_k a_{ik} b_{kj}`; with
 * more dimensions a product of the matrices in the last two, the others broadcast.
 * @throws {ShapeError} if the inner dimensions differ, or an operand is a single number; {@link ValueError} if a sum of
 *   integers does not fit into `int32`.
 */
export function matmul(input: Tensor, other: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('matmul', arguments, 2);
  return asTensor('matmul', input).matmul(other);
}

/**
 * The largest element (`torch.max`): of all as a tensor, along `dim` with its indices, or of each pair with `other`
 * (then it is `maximum`). Of equals, all share the gradient when there is no `dim`; along a dimension the first one
 * has it.
 * @throws {ShapeError} if there is nothing to choose from; {@link IndexError} if there is no such dimension.
 */
export function max(input: Tensor): Tensor;
export function max(input: Tensor, dim: number, options?: KeepdimOption): ValuesIndices;
export function max(input: Tensor, other: Tensor): Tensor;
export function max(input: Tensor, ...rest: unknown[]): Tensor | ValuesIndices {
  return callMethod('max', input, rest);
}

/**
 * The larger of two elements; NaN if one of them is; equals share the gradient (`torch.maximum`).
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function maximum(input: Tensor, other: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('maximum', arguments, 2);
  return asTensor('maximum', input).maximum(other);
}

/**
 * Mean over the dimensions `dim`, or all (`torch.mean`).
 * @throws {DtypeError} for integers and bools; {@link IndexError} if a dimension is out of range or repeated.
 */
export function mean(input: Tensor, dim?: Dims | null, options?: SumOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('mean', arguments, 3);
  return asTensor('mean', input).mean(dim, options);
}

/**
 * The element in the middle of the sorted order, the lower of two (`torch.median`): of all as a tensor, or along `dim`
 * with its indices. NaN if there is one. Of equals, all share the gradient when there is no `dim`.
 * @throws {ShapeError} if there is nothing to choose from along `dim`; {@link IndexError} if there is no such dimension.
 */
export function median(input: Tensor): Tensor;
export function median(input: Tensor, dim: number, options?: KeepdimOption): ValuesIndices;
export function median(input: Tensor, ...rest: unknown[]): Tensor | ValuesIndices {
  return callMethod('median', input, rest);
}

/** The smallest element; see {@link Selection.max} (`torch.min`). */
export function min(input: Tensor): Tensor;
export function min(input: Tensor, dim: number, options?: KeepdimOption): ValuesIndices;
export function min(input: Tensor, other: Tensor): Tensor;
export function min(input: Tensor, ...rest: unknown[]): Tensor | ValuesIndices {
  return callMethod('min', input, rest);
}

/**
 * The smaller of two elements; NaN if one of them is; equals share the gradient (`torch.minimum`).
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function minimum(input: Tensor, other: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('minimum', arguments, 2);
  return asTensor('minimum', input).minimum(other);
}

/** Product of two matrices (`torch.mm`). @throws {ShapeError} for other ranks, or if the inner dimensions differ. */
export function mm(input: Tensor, mat2: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('mm', arguments, 2);
  return asTensor('mm', input).mm(mat2);
}

/**
 * Dimensions moved to other places, `source[k]` to `destination[k]`; the others keep their order (`torch.movedim`).
 * @throws {IndexError} if a dimension is out of range or repeated; {@link ShapeError} for lists of different lengths.
 */
export function movedim(input: Tensor, source: Dims, destination: Dims): Tensor {
  if (arguments.length > 3) refuseSurplus('movedim', arguments, 3);
  return asTensor('movedim', input).movedim(source, destination);
}

/** Product `a·b`, element by element (`torch.mul`). @throws {ShapeError} if the shapes do not broadcast. */
export function mul(input: Tensor | number, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('mul', arguments, 2);
  return firstOperand('mul', input, other).mul(other);
}

/**
 * Places drawn with probabilities in proportion to the weights in the tensor (`torch.multinomial`): from `[n]`
 * `numSamples` of `0 … n - 1`, from `[m, n]` so many for each row. Gives `int32`.
 * @example
 * manualSeed(420);
 * multinomial(tensor([1, 0, 3]), 6, { replacement: true }) // tensor([2, 2, 2, 0, 0, 2])
 * @throws {ShapeError} unless there are one or two dimensions; {@link DtypeError} unless the weights are floats;
 * {@link ValueError} if a weight is negative or not finite, all of a row are zero, `numSamples` is not positive, or
 * exceeds the number of weights without `replacement`.
 */
export function multinomial(input: Tensor, numSamples: number, options?: MultinomialOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('multinomial', arguments, 3);
  return asTensor('multinomial', input).multinomial(numSamples, options);
}

/** Product of a matrix and a vector (`torch.mv`). @throws {ShapeError} for other ranks, or if the sizes differ. */
export function mv(input: Tensor, vec: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('mv', arguments, 2);
  return asTensor('mv', input).mv(vec);
}

/** Finite numbers in the place of NaN and the infinities (`torch.nan_to_num`). */
export function nanToNum(input: Tensor, options?: NanToNumOptions): Tensor {
  if (arguments.length > 2) refuseSurplus('nanToNum', arguments, 2);
  return asTensor('nanToNum', input).nanToNum(options);
}

/**
 * Mean of the elements that are not NaN (`torch.nanmean`); NaN where there are none.
 * @throws {DtypeError} for integers; {@link IndexError} if a dimension is out of range or repeated.
 */
export function nanmean(input: Tensor, dim?: Dims | null, options?: SumOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('nanmean', arguments, 3);
  return asTensor('nanmean', input).nanmean(dim, options);
}

/**
 * Sum that leaves NaN out (`torch.nansum`).
 * @throws {IndexError} if a dimension is out of range or repeated.
 */
export function nansum(input: Tensor, dim?: Dims | null, options?: SumOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('nansum', arguments, 3);
  return asTensor('nansum', input).nansum(dim, options);
}

/**
 * `length` entries from `start`, a number or a tensor of one, along `dim`, a view (`torch.narrow`).
 * @throws {IndexError} if they do not exist; {@link ShapeError} for a single number.
 */
export function narrow(input: Tensor, dim: number, start: number | Tensor, length: number): Tensor {
  if (arguments.length > 4) refuseSurplus('narrow', arguments, 4);
  return asTensor('narrow', input).narrow(dim, start, length);
}

/** `a ≠ b` (`torch.ne`). */
export function ne(input: Tensor, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('ne', arguments, 2);
  return asTensor('ne', input).ne(other);
}

/** Negative `-x` (`torch.neg`). @throws {DtypeError} for bools. */
export function neg(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('neg', arguments, 1);
  return asTensor('neg', input).neg();
}

/**
 * Where the elements differ from 0 (`torch.nonzero`): a matrix with a row of indices for each, or, with `asTuple`, a
 * vector of indices for each dimension, which `at` takes. Gives `int32`.
 */
export function nonzero(input: Tensor, options?: NonzeroOptions & { asTuple?: false }): Tensor;
export function nonzero(input: Tensor, options: NonzeroOptions): Tensor[];
export function nonzero(input: Tensor, ...rest: unknown[]): Tensor | Tensor[] {
  return callMethod('nonzero', input, rest);
}

/**
 * Norm over the dimensions `dim`, or of all elements (`torch.norm`): `(Σ |x|^p)^(1/p)`, the largest and smallest `|x|`
 * for `p = ±Infinity`, the number of elements other than 0 for `p = 0`. At 0 its derivative is taken as 0.
 * @param p Default `'fro'`, which is 2; `'nuc'` is the sum of the singular values of matrices.
 * @throws {DtypeError} for integers; {@link IndexError} if a dimension is out of range or repeated;
 *   {@link ShapeError} if there is nothing to choose from, or for `'nuc'` if there are no matrices.
 */
export function norm(input: Tensor, p?: number | 'fro' | 'nuc' | null, dim?: Dims | null, options?: NormOptions): Tensor {
  if (arguments.length > 4) refuseSurplus('norm', arguments, 4);
  return asTensor('norm', input).norm(p, dim, options);
}

/** Matrix of the products `x_i·v_j` of two vectors (`torch.outer`). @throws {ShapeError} for other ranks. */
export function outer(input: Tensor, vec2: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('outer', arguments, 2);
  return asTensor('outer', input).outer(vec2);
}

/**
 * Dimensions in another order: dimension `i` of the result is `dims[i]` of the tensor (`torch.permute`).
 * @throws {IndexError} if `dims` is not a permutation of the dimensions.
 */
export function permute(input: Tensor, ...dims: Sizes): Tensor {
  return asTensor('permute', input).permute(...dims);
}

/**
 * The pseudoinverse of matrices (`torch.pinverse`).
 * @param rcond Singular values up to this part of the largest count as 0; default 1e-15.
 * @throws {ShapeError} if there are no matrices; {@link LinAlgError} for numbers that are not finite; {@link DtypeError} for
 *   integers; {@link ValueError} if `rcond` is below 0.
 */
export function pinverse(input: Tensor, rcond?: number): Tensor {
  if (arguments.length > 2) refuseSurplus('pinverse', arguments, 2);
  return asTensor('pinverse', input).pinverse(rcond);
}

/** `x` itself (`torch.positive`). @throws {DtypeError} for bools. */
export function positive(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('positive', arguments, 1);
  return asTensor('positive', input).positive();
}

/**
 * Power `a^b`, element by element (`torch.pow`); `0^0` is 1, and a negative number to a fractional power is NaN. As a
 * function also of a number: `pow(2, x)`.
 * Where the base is 0, the gradient of an exponent of 0 or more is 0. Of integers, negative powers in a tensor are cut
 * off to whole numbers.
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for integers to a negative
 * number.
 */
export function pow(input: Tensor | number, exponent: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('pow', arguments, 2);
  return firstOperand('pow', input, exponent).pow(exponent);
}

/**
 * Product along the dimension `dim`, or of all elements (`torch.prod`); integers and bools give `int32`. The gradient
 * is right where elements are 0, too.
 * @throws {IndexError} if there is no such dimension; {@link ValueError} if a product of integers does not fit into
 *   `int32`.
 */
export function prod(input: Tensor, dim?: number | null, options?: SumOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('prod', arguments, 3);
  return asTensor('prod', input).prod(dim, options);
}

/**
 * `A = Q R` with orthonormal columns of Q and upper triangular R (`torch.qr`).
 * @param some Whether Q has no more columns than the shorter side (default); else it is square.
 * @throws {ShapeError} if there are no matrices; {@link DtypeError} for integers.
 */
export function qr(input: Tensor, some?: boolean): Qr {
  if (arguments.length > 2) refuseSurplus('qr', arguments, 2);
  return asTensor('qr', input).qr(some);
}

/**
 * Quantiles along `dim`, or of all elements (`torch.quantile`): below the quantile `q` lies the part `q` of the
 * elements, from 0 to 1. Several quantiles stand along a new first dimension. NaN where there is a NaN.
 * @throws {ValueError} if `q` is not from 0 to 1, or the interpolation is unknown; {@link ShapeError} if there is
 *   nothing to choose from, or `q` has more than one dimension; {@link DtypeError} for integers.
 */
export function quantile(input: Tensor, q: number | Tensor, dim?: number | null, options?: QuantileOptions): Tensor {
  if (arguments.length > 4) refuseSurplus('quantile', arguments, 4);
  return asTensor('quantile', input).quantile(q, dim, options);
}

/** Radians to degrees (`torch.rad2deg`). */
export function rad2deg(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('rad2deg', arguments, 1);
  return asTensor('rad2deg', input).rad2deg();
}

/** All elements in row-major order as a vector (`torch.ravel`). */
export function ravel(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('ravel', arguments, 1);
  return asTensor('ravel', input).ravel();
}

/** `1 / x`; integers give float32 (`torch.reciprocal`). */
export function reciprocal(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('reciprocal', arguments, 1);
  return asTensor('reciprocal', input).reciprocal();
}

/** `max(x, 0)`; its derivative at 0 is taken as 0 (`torch.relu`). */
export function relu(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('relu', arguments, 1);
  return asTensor('relu', input).relu();
}

/**
 * `a - b·⌊a / b⌋`, which has the sign of `b` (`torch.remainder`).
 * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} when integers are divided by 0.
 */
export function remainder(input: Tensor | number, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('remainder', arguments, 2);
  return firstOperand('remainder', input, other).remainder(other);
}

/**
 * Shrinks each entry along `dim` whose `p`-norm is above `maxnorm` to that norm; one with a NaN stays (`torch.renorm`).
 * @throws {ShapeError} for fewer than two dimensions; {@link ValueError} if `p` is not above 0 or `maxnorm` below 0;
 *   {@link DtypeError} for integers.
 */
export function renorm(input: Tensor, p: number, dim: number, maxnorm: number): Tensor {
  if (arguments.length > 4) refuseSurplus('renorm', arguments, 4);
  return asTensor('renorm', input).renorm(p, dim, maxnorm);
}

/**
 * Each entry along `dim` several times in a row, `repeats` times or as many as `repeats` says for each
 * (`torch.repeat_interleave`). Without `dim`, each element in row-major order.
 * @throws {ShapeError} if `repeats` is not as long as the dimension; {@link ValueError} for a negative number.
 */
export function repeatInterleave(input: Tensor, repeats: number | Tensor, dim?: number | null, options?: RepeatInterleaveOptions): Tensor {
  if (arguments.length > 4) refuseSurplus('repeatInterleave', arguments, 4);
  return asTensor('repeatInterleave', input).repeatInterleave(repeats, dim, options);
}

/**
 * The same elements in another shape; one size may be -1 (`torch.reshape`). Shares memory where the strides allow
 * it, and copies otherwise.
 * @throws {ShapeError} if the counts differ.
 */
export function reshape(input: Tensor, ...shape: Sizes): Tensor {
  return asTensor('reshape', input).reshape(...shape);
}

/**
 * Elements moved on by `shifts` places along `dims`; those that leave at the end come in at the start
 * (`torch.roll`). Without `dims`, along all elements in row-major order.
 * @throws {ShapeError} if there are not as many shifts as dimensions; {@link IndexError} if one is out of range.
 */
export function roll(input: Tensor, shifts: Dims, dims?: Dims): Tensor {
  if (arguments.length > 3) refuseSurplus('roll', arguments, 3);
  return asTensor('roll', input).roll(shifts, dims);
}

/**
 * A rotation by `k` quarter turns from the first dimension of `dims` towards the second, by default once in the
 * first two (`torch.rot90`).
 * @throws {IndexError} if a dimension is out of range, or both are the same.
 */
export function rot90(input: Tensor, k?: number, dims?: readonly number[]): Tensor {
  if (arguments.length > 3) refuseSurplus('rot90', arguments, 3);
  return asTensor('rot90', input).rot90(k, dims);
}

/**
 * The nearest number with so many decimals; halves go to the even neighbour (`torch.round`).
 * @throws {DtypeError} for decimals of integers.
 */
export function round(input: Tensor, options?: RoundOptions): Tensor {
  if (arguments.length > 2) refuseSurplus('round', arguments, 2);
  return asTensor('round', input).round(options);
}

/** `1 / √x`; NaN below 0 (`torch.rsqrt`). */
export function rsqrt(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('rsqrt', arguments, 1);
  return asTensor('rsqrt', input).rsqrt();
}

/**
 * Reversed difference `b - alpha·a` (`torch.rsub`).
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for two bools.
 */
export function rsub(input: Tensor, other: Tensor | number, options?: AlphaOption): Tensor {
  if (arguments.length > 3) refuseSurplus('rsub', arguments, 3);
  return asTensor('rsub', input).rsub(other, options);
}

/**
 * The elements of `src`, or one number, put where `index` says along `dim` (`torch.scatter`): for three dimensions and
 * `dim` 1, `y_{i, index_{ijk}, k} = src_{ijk}`. The index has as many dimensions as the tensor and `src`, and is nowhere
 * longer, but along `dim` than the tensor. Where several meet, the last one counts.
 * @throws {DtypeError} if the index is not `int32`, or the dtypes of tensor and `src` differ; {@link ShapeError} if the
 *   shapes do not fit; {@link IndexError} if a position is out of range; {@link ValueError} for another `reduce`.
 */
export function scatter(input: Tensor, dim: number, index: Tensor, src: Tensor | number, options?: ScatterOptions): Tensor {
  if (arguments.length > 5) refuseSurplus('scatter', arguments, 5);
  return asTensor('scatter', input).scatter(dim, index, src, options);
}

/**
 * The elements of `src` added where `index` says along `dim` (`torch.scatter_add`); see {@link Scattering.scatter}.
 * @throws as `scatter` does.
 */
export function scatterAdd(input: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  if (arguments.length > 4) refuseSurplus('scatterAdd', arguments, 4);
  return asTensor('scatterAdd', input).scatterAdd(dim, index, src);
}

/**
 * The elements of `src` brought together with those where `index` says along `dim` (`torch.scatter_reduce`): their sum,
 * product, mean, largest or smallest, with the element that is there (`includeSelf`, default) or without it.
 * @throws as `scatter` does.
 */
export function scatterReduce(input: Tensor, dim: number, index: Tensor, src: Tensor, reduce: Reducing, options?: ReduceOptions): Tensor {
  if (arguments.length > 6) refuseSurplus('scatterReduce', arguments, 6);
  return asTensor('scatterReduce', input).scatterReduce(dim, index, src, reduce, options);
}

/**
 * The entry `index` along `dim`, a view without that dimension (`torch.select`).
 * @throws {IndexError} if there is no such dimension or entry.
 */
export function select(input: Tensor, dim: number, index: number): Tensor {
  if (arguments.length > 3) refuseSurplus('select', arguments, 3);
  return asTensor('select', input).select(dim, index);
}

/**
 * A copy whose entry `index` along `dim` is `src` (`torch.select_scatter`).
 * @throws {ShapeError} unless `src` has the shape of that entry; {@link IndexError} if there is none.
 */
export function selectScatter(input: Tensor, src: Tensor, dim: number, index: number): Tensor {
  if (arguments.length > 4) refuseSurplus('selectScatter', arguments, 4);
  return asTensor('selectScatter', input).selectScatter(src, dim, index);
}

/** Logistic function `1 / (1 + e^(-x))` (`torch.sigmoid`). */
export function sigmoid(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('sigmoid', arguments, 1);
  return asTensor('sigmoid', input).sigmoid();
}

/** Sign: -1, 0 or 1; 0 for NaN (`torch.sign`). */
export function sign(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('sign', arguments, 1);
  return asTensor('sign', input).sign();
}

/** Sine (`torch.sin`). */
export function sin(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('sin', arguments, 1);
  return asTensor('sin', input).sin();
}

/** `sin(πx) / (πx)`, 1 at 0 (`torch.sinc`). */
export function sinc(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('sinc', arguments, 1);
  return asTensor('sinc', input).sinc();
}

/** Hyperbolic sine (`torch.sinh`). */
export function sinh(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('sinh', arguments, 1);
  return asTensor('sinh', input).sinh();
}

/**
 * A copy whose entries along `dim`, from `start` up to `end` in steps, are `src` (`torch.slice_scatter`).
 * @throws {ShapeError} unless `src` has the shape of that slice.
 */
export function sliceScatter(input: Tensor, src: Tensor, options?: SliceScatterOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('sliceScatter', arguments, 3);
  return asTensor('sliceScatter', input).sliceScatter(src, options);
}

/**
 * Sign and logarithm of the determinant of square matrices (`torch.slogdet`).
 * @throws {ShapeError} if they are not square; {@link DtypeError} for integers; in the backward pass {@link LinAlgError} if
 *   one is singular.
 */
export function slogdet(input: Tensor): Slogdet {
  if (arguments.length > 1) refuseSurplus('slogdet', arguments, 1);
  return asTensor('slogdet', input).slogdet();
}

/**
 * Softmax along `dim` (`torch.softmax`): `y_i = e^{x_i} / Σ_j e^{x_j}`, positive and summing to 1.
 * @throws {IndexError} if there is no such dimension; {@link DtypeError} for integers.
 */
export function softmax(input: Tensor, dim: number, options?: SoftmaxOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('softmax', arguments, 3);
  return asTensor('softmax', input).softmax(dim, options);
}

/**
 * The elements in ascending order along `dim`, with their indices (`torch.sort`). NaN counts as the largest; equals
 * keep their order.
 * @param dim Default -1, the last.
 * @throws {IndexError} if there is no such dimension.
 */
export function sort(input: Tensor, dim?: number, options?: SortOptions): ValuesIndices {
  if (arguments.length > 3) refuseSurplus('sort', arguments, 3);
  return asTensor('sort', input).sort(dim, options);
}

/**
 * Views along `dim`, by default the first: each of size `splitSize` (the last may be smaller), or of the sizes
 * listed (`torch.split`).
 * @throws {ShapeError} if listed sizes do not add up; {@link ValueError} for a size below 1.
 */
export function split(input: Tensor, splitSize: number | readonly number[], dim?: number): readonly Tensor[] {
  if (arguments.length > 3) refuseSurplus('split', arguments, 3);
  return asTensor('split', input).split(splitSize, dim);
}

/**
 * Views of the sizes listed along `dim`, by default the first (`torch.split_with_sizes`).
 * @throws {ShapeError} if the sizes do not add up.
 */
export function splitWithSizes(input: Tensor, splitSizes: readonly number[], dim?: number): readonly Tensor[] {
  if (arguments.length > 3) refuseSurplus('splitWithSizes', arguments, 3);
  return asTensor('splitWithSizes', input).splitWithSizes(splitSizes, dim);
}

/** Square root; NaN below 0 (`torch.sqrt`). */
export function sqrt(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('sqrt', arguments, 1);
  return asTensor('sqrt', input).sqrt();
}

/** `x²` (`torch.square`). */
export function square(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('square', arguments, 1);
  return asTensor('square', input).square();
}

/** Drops the dimension `dim` (or several, or all) where its size is 1 (`torch.squeeze`). */
export function squeeze(input: Tensor, dim?: number | readonly number[]): Tensor {
  if (arguments.length > 2) refuseSurplus('squeeze', arguments, 2);
  return asTensor('squeeze', input).squeeze(dim);
}

/**
 * Tensors of one shape side by side along a new dimension `dim` (`torch.stack`).
 * @throws {ShapeError} if there are none, or their shapes differ.
 */
export function stack(tensors: readonly Tensor[], dim?: number): Tensor {
  if (arguments.length > 2) refuseSurplus('stack', arguments, 2);
  return joining.stack(tensors, dim);
}

/** Standard deviation, the square root of the variance (`torch.std`); see {@link Statistics.var}. */
export function std(input: Tensor, dim?: Dims | null, options?: VarOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('std', arguments, 3);
  return asTensor('std', input).std(dim, options);
}

/** Standard deviation and mean (`torch.std_mean`); see {@link Statistics.var}. */
export function stdMean(input: Tensor, dim?: Dims | null, options?: VarOptions): [Tensor, Tensor] {
  if (arguments.length > 3) refuseSurplus('stdMean', arguments, 3);
  return asTensor('stdMean', input).stdMean(dim, options);
}

/**
 * Difference `a - alpha·b` (`torch.sub`).
 * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for two bools.
 */
export function sub(input: Tensor | number, other: Tensor | number, options?: AlphaOption): Tensor {
  if (arguments.length > 3) refuseSurplus('sub', arguments, 3);
  return firstOperand('sub', input, other).sub(other, options);
}

/**
 * Sum over the dimensions `dim`, or all (`torch.sum`); integers and bools give `int32`.
 * @throws {IndexError} if a dimension is out of range or repeated; {@link ValueError} if a sum of integers does not fit
 *   into `int32`.
 */
export function sum(input: Tensor, dim?: Dims | null, options?: SumOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('sum', arguments, 3);
  return asTensor('sum', input).sum(dim, options);
}

/**
 * The singular value decomposition `A = U diag(S) Vᵀ` (`torch.svd`); `linalg.svd` gives `Vᵀ` and square factors.
 * @param some Whether U and V have only the vectors that belong to singular values (default); else they are square.
 * @param computeUv Whether U and V are computed (default); else they are zeros.
 * @throws {ShapeError} if there are no matrices; {@link LinAlgError} for numbers that are not finite; {@link DtypeError} for
 *   integers.
 */
export function svd(input: Tensor, some?: boolean, computeUv?: boolean): TensorSvd {
  if (arguments.length > 3) refuseSurplus('svd', arguments, 3);
  return asTensor('svd', input).svd(some, computeUv);
}

/** {@link Views.transpose} under its other name (`torch.swapaxes`, `torch.swapdims`). */
export function swapaxes(input: Tensor, axis0: number, axis1: number): Tensor {
  if (arguments.length > 3) refuseSurplus('swapaxes', arguments, 3);
  return asTensor('swapaxes', input).swapaxes(axis0, axis1);
}

/** The transpose of a matrix (`torch.t`). @throws {ShapeError} for more than two dimensions. */
export function t(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('t', arguments, 1);
  return asTensor('t', input).t();
}

/**
 * Elements by their positions in row-major order, in the shape of `index` (`torch.take`); negative ones count from the
 * end.
 * @throws {DtypeError} if the index is not `int32`; {@link IndexError} if a position is out of range.
 */
export function take(input: Tensor, index: Tensor): Tensor {
  if (arguments.length > 2) refuseSurplus('take', arguments, 2);
  return asTensor('take', input).take(index);
}

/**
 * Elements looked up along `dim`, as {@link Gathering.gather} does, but the other dimensions broadcast, and negative
 * positions count from the end (`torch.take_along_dim`). Without `dim`, in all elements in row-major order.
 * @throws {DtypeError} if the indices are not `int32`; {@link ShapeError} if they do not fit; {@link IndexError} if a
 *   position is out of range.
 */
export function takeAlongDim(input: Tensor, indices: Tensor, dim?: number | null): Tensor {
  if (arguments.length > 3) refuseSurplus('takeAlongDim', arguments, 3);
  return asTensor('takeAlongDim', input).takeAlongDim(indices, dim);
}

/** Tangent (`torch.tan`). */
export function tan(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('tan', arguments, 1);
  return asTensor('tan', input).tan();
}

/** Hyperbolic tangent (`torch.tanh`). */
export function tanh(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('tanh', arguments, 1);
  return asTensor('tanh', input).tanh();
}

/**
 * As many views along `dim`, by default the first, as asked for, the first ones larger by 1 where the size does not
 * divide; or views from each listed position to the next (`torch.tensor_split`). Unlike those of `split`, they can be
 * modified in place while operations are recorded.
 * @throws {ValueError} if the number of sections is not a whole number, 1 or more.
 */
export function tensorSplit(input: Tensor, indicesOrSections: number | readonly number[] | Tensor, dim?: number): readonly Tensor[] {
  if (arguments.length > 3) refuseSurplus('tensorSplit', arguments, 3);
  return asTensor('tensorSplit', input).tensorSplit(indicesOrSections, dim);
}

/**
 * Sums of products over `dims`: the last dimensions of this tensor and the first of `other`, as many as `dims`
 * says (default 2), or those that its two lists name (`torch.tensordot`).
 * @throws {ShapeError} if the sizes differ and neither is 1; {@link IndexError} if a dimension is out of range or
 *   repeated.
 */
export function tensordot(input: Tensor, other: Tensor, options?: TensordotOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('tensordot', arguments, 3);
  return asTensor('tensordot', input).tensordot(other, options);
}

/** {@link Rearranging.repeat}, where missing numbers of times stand for 1, in front (`torch.tile`). */
export function tile(input: Tensor, ...dims: Sizes): Tensor {
  return asTensor('tile', input).tile(...dims);
}

/**
 * The `k` largest elements along `dim`, the largest first, with their indices (`torch.topk`). NaN counts as the
 * largest; of equals the first ones are taken.
 * @param dim Default -1, the last.
 * @throws {ValueError} if there are fewer than `k`; {@link IndexError} if there is no such dimension.
 */
export function topk(input: Tensor, k: number, dim?: number, options?: TopkOptions): ValuesIndices {
  if (arguments.length > 4) refuseSurplus('topk', arguments, 4);
  return asTensor('topk', input).topk(k, dim, options);
}

/** Sum of the main diagonal of a matrix (`torch.trace`). @throws {ShapeError} unless it is a matrix. */
export function trace(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('trace', arguments, 1);
  return asTensor('trace', input).trace();
}

/** Swaps two dimensions (`torch.transpose`). @throws {IndexError} if there is no such dimension. */
export function transpose(input: Tensor, dim0: number, dim1: number): Tensor {
  if (arguments.length > 3) refuseSurplus('transpose', arguments, 3);
  return asTensor('transpose', input).transpose(dim0, dim1);
}

/**
 * The lower triangle of each matrix in the last two dimensions, zeros above (`torch.tril`): what stands up to
 * `diagonal` places above the main diagonal is kept; default 0.
 * @throws {ShapeError} for fewer than two dimensions.
 */
export function tril(input: Tensor, diagonal?: number): Tensor {
  if (arguments.length > 2) refuseSurplus('tril', arguments, 2);
  return asTensor('tril', input).tril(diagonal);
}

/**
 * The upper triangle of each matrix in the last two dimensions, zeros below (`torch.triu`): what stands from
 * `diagonal` places above the main diagonal on is kept; default 0.
 * @throws {ShapeError} for fewer than two dimensions.
 */
export function triu(input: Tensor, diagonal?: number): Tensor {
  if (arguments.length > 2) refuseSurplus('triu', arguments, 2);
  return asTensor('triu', input).triu(diagonal);
}

/** Quotient `a / b`, never rounded (`torch.true_divide`). @throws {ShapeError} if the shapes do not broadcast. */
export function trueDivide(input: Tensor | number, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('trueDivide', arguments, 2);
  return firstOperand('trueDivide', input, other).trueDivide(other);
}

/** The whole number towards 0 (`torch.trunc`). */
export function trunc(input: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('trunc', arguments, 1);
  return asTensor('trunc', input).trunc();
}

/**
 * Views of the entries along `dim`, by default the first, without that dimension (`torch.unbind`).
 * @throws {ShapeError} for a single number; {@link IndexError} if there is no such dimension.
 */
export function unbind(input: Tensor, dim?: number): readonly Tensor[] {
  if (arguments.length > 2) refuseSurplus('unbind', arguments, 2);
  return asTensor('unbind', input).unbind(dim);
}

/**
 * The dimension `dim` divided into dimensions of `sizes`, one of which may be -1 (`torch.unflatten`).
 * @throws {ShapeError} if the sizes do not multiply up to that of the dimension.
 */
export function unflatten(input: Tensor, dim: number, sizes: readonly number[]): Tensor {
  if (arguments.length > 3) refuseSurplus('unflatten', arguments, 3);
  return asTensor('unflatten', input).unflatten(dim, sizes);
}

/**
 * The different elements, in ascending order (`torch.unique`); with `dim` the different entries along it. Followed, if
 * asked for, by the places of the elements among them and by their numbers, both `int32`.
 * @throws {IndexError} if there is no such dimension.
 */
export function unique(input: Tensor, options?: UniqueOptions & { returnInverse?: false; returnCounts?: false }): Tensor;
export function unique(input: Tensor, options: UniqueOptions): Tensor[];
export function unique(input: Tensor, ...rest: unknown[]): Tensor | Tensor[] {
  return callMethod('unique', input, rest);
}

/** Inserts a dimension of size 1 before `dim` (`torch.unsqueeze`). @throws {IndexError} if it is out of range. */
export function unsqueeze(input: Tensor, dim: number): Tensor {
  if (arguments.length > 2) refuseSurplus('unsqueeze', arguments, 2);
  return asTensor('unsqueeze', input).unsqueeze(dim);
}

/**
 * Variance over the dimensions `dim`, or all (`torch.var`): `Σ (x - mean)² / (n - correction)`, NaN for one element
 * and a correction of 1.
 * @throws {DtypeError} for integers and bools; {@link IndexError} if a dimension is out of range or repeated.
 */
function var_(input: Tensor, dim?: Dims | null, options?: VarOptions): Tensor {
  if (arguments.length > 3) refuseSurplus('var', arguments, 3);
  return asTensor('var', input).var(dim, options);
}
export { var_ as var };

/**
 * Variance and mean (`torch.var_mean`); see {@link Statistics.var}. The mean goes from element to element, so that an
 * infinite one makes it NaN, unless it is the last.
 */
export function varMean(input: Tensor, dim?: Dims | null, options?: VarOptions): [Tensor, Tensor] {
  if (arguments.length > 3) refuseSurplus('varMean', arguments, 3);
  return asTensor('varMean', input).varMean(dim, options);
}

/**
 * Views from top to bottom: along dimension 0 (`torch.vsplit`): equal sections, or from each listed position to the
 * next.
 * @throws {ShapeError} for fewer than two dimensions, or if the size does not divide.
 */
export function vsplit(input: Tensor, indicesOrSections: number | readonly number[]): readonly Tensor[] {
  if (arguments.length > 2) refuseSurplus('vsplit', arguments, 2);
  return asTensor('vsplit', input).vsplit(indicesOrSections);
}

/**
 * `a·ln b`, which is 0 wherever `a` is, unless `b` is NaN (`torch.xlogy`).
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function xlogy(input: Tensor | number, other: Tensor | number): Tensor {
  if (arguments.length > 2) refuseSurplus('xlogy', arguments, 2);
  return firstOperand('xlogy', input, other).xlogy(other);
}
