import { noGrad } from '../../autograd';
import { describe } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { requireFloat } from '../../ops/table/arguments';
import { randn, randperm } from '../../tensor/random-creation';
import { formatShape } from '../../tensor/shape';
import { fresh, type Tensor } from '../../tensor/tensor';
import { type InitOptions, matrixShape } from './fills';

/** Options of {@link orthogonal_}. */
export interface OrthogonalOptions extends InitOptions {
  /** A factor; see {@link calculateGain}; default 1. */
  gain?: number;
}

/**
 * Fills `x` with a random orthogonal matrix, in place (`torch.nn.init.orthogonal_`): `[rows, …]` counts as a matrix whose
 * rows, or columns if these are fewer, have length 1 and are at right angles to each other. It is the factor `Q` of a
 * normally distributed matrix `Q R`, where the diagonal of `R` is positive.
 * @throws {ShapeError} unless there are two dimensions or more; {@link DtypeError} unless `x` is a float.
 */
export function orthogonal_(x: Tensor, options: OrthogonalOptions = {}): Tensor {
  const { gain = 1, generator } = options;
  requireFloat('orthogonal_', x);
  if (x.ndim < 2)
    throw new ShapeError(`orthogonal_: needs a matrix, with two dimensions or more, got ${formatShape(x.shape)}`);
  if (x.numel() === 0) return x;
  const rows = x.shape[0];
  const columns = x.numel() / rows;
  return noGrad(() => {
    const drawn = randn([rows, columns], { dtype: x.dtype, generator });
    // The shorter dimension first: its vectors are made orthogonal.
    const vectors = (rows < columns ? drawn : drawn.t()).to('float64').contiguous();
    orthonormalize(vectors.memory as Float64Array, Math.min(rows, columns), Math.max(rows, columns));
    const q = rows < columns ? vectors : vectors.t();
    return x.copy_(q.mul(gain).reshape(x.shape));
  });
}

/**
 * Makes `count` consecutive vectors of `length` numbers orthonormal by Gram–Schmidt. Each vector is orthogonalized
 * twice against the earlier ones, because the first pass leaves rounding errors.
 */
function orthonormalize(data: Float64Array, count: number, length: number): void {
  const vectors = Array.from({ length: count }, (_, i) => data.subarray(i * length, (i + 1) * length));
  vectors.forEach((vector, i) => {
    for (const earlier of [...vectors.slice(0, i), ...vectors.slice(0, i)]) {
      const part = dot(vector, earlier);
      for (let k = 0; k < length; k++) vector[k] -= part * earlier[k];
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let k = 0; k < length; k++) vector[k] /= norm;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let k = 0; k < a.length; k++) total += a[k] * b[k];
  return total;
}

/** Options of {@link sparse_}. */
export interface SparseOptions extends InitOptions {
  /** Standard deviation of the numbers that are not zero; default 0.01. */
  std?: number;
}

/**
 * Fills the matrix `x` with normally distributed numbers and zeros, in place (`torch.nn.init.sparse_`): `sparsity` is the
 * part of each column that is zero, rounded up to whole elements.
 * @throws {ShapeError} unless there are two dimensions; {@link ValueError} if `sparsity` is not from 0 to 1, or `std` is
 * negative.
 */
export function sparse_(x: Tensor, sparsity: number, options: SparseOptions = {}): Tensor {
  const { std = 0.01, generator } = options;
  const [rows, columns] = matrixShape('sparse_', x);
  if (!(typeof sparsity === 'number' && sparsity >= 0 && sparsity <= 1))
    throw new ValueError(`sparse_: the part of zeros is ${describe(sparsity)}; it must be from 0 to 1`);
  const zeros = Math.ceil(sparsity * rows);
  return noGrad(() => {
    x.normal_(0, std, { generator });
    const kept = new Uint8Array(rows * columns);
    for (let column = 0; column < columns; column++)
      for (const row of randperm(rows, { generator }).memory.subarray(0, zeros)) kept[row * columns + column] = 1;
    return x.maskedFill_(fresh(kept, [rows, columns], 'bool'), 0);
  });
}
