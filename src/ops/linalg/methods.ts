// The methods of linear algebra that PyTorch has.

import * as names from '../../option-names';
import { checkOptions } from '../../options';
import { zerosLike } from '../../tensor/creation';
import type { Tensor } from '../../tensor/tensor';
import type { Dims } from '../reduction/dims';
import type { NormOptions } from '../reduction/norms';
import { requireBooleans } from '../table/arguments';
import { defineComposites } from '../table/define';
import { det, type Slogdet, slogdet } from './determinants';
import { cholesky, type Qr, qr } from './factors';
import { pinv } from './least-squares';
import { requireMatrices } from './matrices';
import { matrixNorm } from './norms';
import { inv } from './solving';
import { svd } from './spectra';

declare module '../../tensor/tensor' {
  interface Tensor extends LinearAlgebra {}
}

/** The result of {@link LinearAlgebra.svd}: `A = U diag(S) Vᵀ`. */
export interface TensorSvd {
  /** The left singular vectors, as columns. */
  U: Tensor;
  /** The singular values, in descending order. */
  S: Tensor;
  /** The right singular vectors, as columns. */
  V: Tensor;
}

/** Matrices: determinant, inverse and factors. `linalg` has more functions. */
export interface LinearAlgebra {
  /**
   * The determinant of square matrices (`torch.det`).
   * @throws {ShapeError} if they are not square; {@link DtypeError} for integers.
   */
  det(): Tensor;
  /**
   * The logarithm of the determinant of square matrices (`torch.logdet`): NaN for a negative one, `-Infinity` for 0.
   * @throws {ShapeError} if they are not square; {@link DtypeError} for integers; in the backward pass {@link LinAlgError} if
   *   one is singular.
   */
  logdet(): Tensor;
  /**
   * Sign and logarithm of the determinant of square matrices (`torch.slogdet`).
   * @throws {ShapeError} if they are not square; {@link DtypeError} for integers; in the backward pass {@link LinAlgError} if
   *   one is singular.
   */
  slogdet(): Slogdet;
  /**
   * The inverse of square matrices (`torch.inverse`). To solve equations, `linalg.solve` is better.
   * @throws {LinAlgError} if one is singular; {@link ShapeError} if they are not square; {@link DtypeError} for integers.
   */
  inverse(): Tensor;
  /**
   * The pseudoinverse of matrices (`torch.pinverse`).
   * @param rcond Singular values up to this fraction of the largest count as 0; default 1e-15.
   * @throws {ShapeError} if there are no matrices; {@link LinAlgError} for numbers that are not finite; {@link DtypeError} for
   *   integers; {@link ValueError} if `rcond` is below 0.
   */
  pinverse(rcond?: number): Tensor;
  /**
   * The Cholesky factor L of symmetric positive definite matrices, `A = L Lᵀ` (`torch.cholesky`).
   * @param upper Return the upper factor, `A = Uᵀ U`; default `false`.
   * @throws {LinAlgError} if one is not positive definite; {@link ShapeError} if they are not square; {@link DtypeError} for
   *   integers.
   */
  cholesky(upper?: boolean): Tensor;
  /**
   * `A = Q R` with orthonormal columns of Q and upper triangular R (`torch.qr`).
   * @param some Whether Q has no more columns than the shorter side (default); else it is square.
   * @throws {ShapeError} if there are no matrices; {@link DtypeError} for integers.
   */
  qr(some?: boolean): Qr;
  /**
   * The singular value decomposition `A = U diag(S) Vᵀ` (`torch.svd`); `linalg.svd` returns `Vᵀ` and square factors.
   * @param some Whether U and V have only the vectors of the singular values (default); else they are square.
   * @param computeUv Whether U and V are computed (default); else they are zeros.
   * @throws {ShapeError} if there are no matrices; {@link LinAlgError} for numbers that are not finite; {@link DtypeError} for
   *   integers.
   */
  svd(some?: boolean, computeUv?: boolean): TensorSvd;
  /** The sums of the singular values of matrices. @internal */
  nuclearNorm(dim?: Dims | null, options?: NormOptions): Tensor;
}

defineComposites<LinearAlgebra>({
  det() {
    return det(this);
  },
  logdet() {
    const { sign, logabsdet } = slogdet(this);
    return logabsdet.maskedFill(sign.lt(0), Number.NaN);
  },
  slogdet() {
    return slogdet(this);
  },
  inverse() {
    return inv(this);
  },
  pinverse(rcond = 1e-15) {
    return pinv(this, { rtol: rcond });
  },
  cholesky(upper = false) {
    return cholesky(this, { upper });
  },
  qr(some = true) {
    requireBooleans('qr', { some });
    return qr(this, some ? 'reduced' : 'complete');
  },
  svd(some = true, computeUv = true) {
    requireBooleans('svd', { some, computeUv });
    requireMatrices('svd', this, 'the input');
    const { U, S, Vh } = svd(this, { fullMatrices: !some });
    if (computeUv) return { U, S, V: Vh.mT };
    return { U: zerosLike(U), S, V: zerosLike(Vh.mT) };
  },
  nuclearNorm(dim, options) {
    checkOptions('norm', options, names.NormOptions);
    const dims = dim === undefined || dim === null ? [-2, -1] : typeof dim === 'number' ? [dim] : dim;
    return matrixNorm(this, 'nuc', { ...options, dim: dims });
  },
});
