import { describe } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { checkDim, checkDims, formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import type { NormOptions, VectorNormOptions } from '../reduction/norms';
import { linalgVectorNorm } from '../reduction/norms';
import { requireFloatTensor, requireOneOf } from '../table/arguments';
import { requireSquare } from './matrices';
import { inv } from './solving';
import { svdvals } from './spectra';

/** The norm of a matrix: of its elements as a vector, of its singular values, of its column or row sums. */
export type MatrixOrd = 'fro' | 'nuc' | number;

/** Options of {@link matrixNorm}. */
export interface MatrixNormOptions extends NormOptions {
  /** The dimensions of the matrices; default the last two. */
  dim?: readonly number[];
}

const orders: readonly MatrixOrd[] = ['fro', 'nuc', 2, -2, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/**
 * Norm of matrices (`torch.linalg.matrix_norm`).
 * @param ord `'fro'`, `√Σ a²` (default); `'nuc'`, the sum of the singular values; 2 and -2, the largest and the smallest of
 *   them; 1 and -1, the largest and the smallest sum of `|a|` over a column; Infinity and -Infinity, over a row.
 * @throws {ShapeError} if there are no matrices, or they are empty and the norm is an extremum; {@link IndexError} for
 * an unknown dimension; {@link ValueError} for another `ord` or not two dimensions; {@link LinAlgError} for singular
 * values of elements that are not finite; {@link DtypeError} for integers.
 */
export function matrixNorm(A: Tensor, ord: MatrixOrd = 'fro', options: MatrixNormOptions = {}): Tensor {
  const { dim = [-2, -1], keepdim = false, dtype } = options;
  requireFloatTensor('matrixNorm', A, 'A');
  requireOneOf('matrixNorm', { ord }, orders);
  if (!Array.isArray(dim)) throw new ValueError(`matrixNorm: dim is a list of two dimensions, got ${describe(dim)}`);
  const x = dtype === undefined ? A : A.to(dtype);
  if (x.ndim < 2)
    throw new ShapeError(`matrixNorm: needs a matrix or a batch of matrices, got shape ${formatShape(x.sizes)}`);
  const dims = dim.map((d) => checkDim('matrixNorm', d, x.ndim));
  const [row, column] = dims;
  if (dims.length !== 2 || row === column)
    throw new ValueError(`matrixNorm: dim is ${formatShape(dim)}; it must name two different dimensions`);
  if (ord === 'fro') return x.norm(2, dims, { keepdim });
  const isSum = ord === 1 || ord === -1;
  // For empty matrices, norms that are sums or maxima are 0.
  if (x.sizes[row] * x.sizes[column] === 0 && (ord === 'nuc' || ord > 0)) return x.sum(dims, { keepdim });
  const isSmallest = typeof ord === 'number' && ord < 0;
  const choose = (values: Tensor, d: number) => values[isSmallest ? 'amin' : 'amax'](d, { keepdim: true });
  const kept =
    ord === 'nuc' || ord === 2 || ord === -2
      ? ofSingularValues(x, row, column, (s) => (ord === 'nuc' ? s.sum(-1, { keepdim: true }) : choose(s, -1)))
      : choose(x.abs().sum(isSum ? row : column, { keepdim: true }), isSum ? column : row);
  if (keepdim) return kept;
  return kept.squeeze([row, column]);
}

/** Applies a function of the singular values with a scalar result, keeping the matrices' dimensions with size 1. */
function ofSingularValues(x: Tensor, row: number, column: number, f: (s: Tensor) => Tensor): Tensor {
  const number = f(svdvals(x.movedim([row, column], [-2, -1])));
  return number.unsqueeze(-1).movedim([-2, -1], [row, column]);
}

/**
 * Norm of vectors or matrices (`torch.linalg.norm`). Without `ord`, the norm of all elements, or of those along `dim`,
 * as one vector (`√Σ x²`). With `ord`, a {@link matrixNorm} for two dimensions, and `vectorNorm` for one.
 * @throws {ShapeError} if `ord` is given, `dim` is not, and the tensor is neither a vector nor a matrix; otherwise as
 * those functions.
 * @example
 * linalg.norm(tensor([3, 4])).item() // 5
 * linalg.norm(tensor([[1, -5], [2, 2]]), 1).item() // 7
 */
export function norm(A: Tensor, ord: MatrixOrd | null = null, options: VectorNormOptions = {}): Tensor {
  requireFloatTensor('norm', A, 'A');
  const { dim, keepdim, dtype } = options;
  checkDims('norm', dim, A.ndim);
  const dims = dim === undefined || dim === null ? null : typeof dim === 'number' ? [dim] : dim;
  if (ord === null) return linalgVectorNorm(A, 2, options);
  const count = dims === null ? A.ndim : dims.length;
  if (count === 2) return matrixNorm(A, ord, { dim: dims ?? [-2, -1], keepdim, dtype });
  if (count !== 1)
    throw new ShapeError(
      `norm: a norm of order ${describe(ord)} is one of vectors or matrices; name their one or two dimensions by dim, got ` +
        `${dims === null ? `shape ${formatShape(A.sizes)}` : `dim [${dims.join(', ')}]`}`,
    );
  if (typeof ord !== 'number')
    throw new ValueError(`norm: ${describe(ord)} is a norm of matrices, got vectors (shape ${formatShape(A.sizes)})`);
  return linalgVectorNorm(A, ord, options);
}

/**
 * The condition number of matrices (`torch.linalg.cond`): the factor by which relative errors may grow when equations
 * are solved. It is `‖A‖·‖A⁻¹‖`, for `p = 2` the quotient of the largest and smallest singular value, for `p = -2` its
 * inverse.
 * @param p The norm, as in {@link matrixNorm}; default 2.
 * @throws {ShapeError} if there are no matrices, or not square ones unless `p` is ±2; {@link LinAlgError} if a matrix
 * is singular, unless `p` is ±2; {@link DtypeError} for integers.
 */
export function cond(A: Tensor, p: MatrixOrd | null = null): Tensor {
  if (p === null || p === 2 || p === -2) {
    const s = svdvals(A);
    const [largest, smallest] = [s.select(-1, 0), s.select(-1, -1)];
    return p === -2 ? smallest.div(largest) : largest.div(smallest);
  }
  requireSquare('cond', A);
  return matrixNorm(A, p).mul(matrixNorm(inv(A), p));
}
