import { LinAlgError } from '../../errors';
import { symmetricEigen } from '../../kernels/decompositions/eigen';
import { factorQr } from '../../kernels/decompositions/qr';
import { type Svd as Decomposed, singularValues } from '../../kernels/decompositions/svd';
import type { Shape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { joining } from '../joining/cat';
import { requireBooleans, requireOneOf } from '../table/arguments';
import { defineFunctions } from '../table/define';
import {
  joinedAll,
  joinedParts,
  matricesOf,
  partsOf,
  placeOf,
  requireMatrices,
  requireSquare,
  squareOf,
  symmetric,
} from './matrices';

/** The triangle of a symmetric matrix to read: lower or upper. */
export type Uplo = 'L' | 'U';

/** The result of {@link eigh}. */
export interface Eigh {
  /** `[…, n]`, in ascending order. */
  eigenvalues: Tensor;
  /** `[…, n, n]`, a column for each. */
  eigenvectors: Tensor;
}

/** The result of {@link svd}: `A = U diag(S) Vh`. */
export interface Svd {
  /** The left singular vectors, as columns. */
  U: Tensor;
  /** The singular values, in descending order. */
  S: Tensor;
  /** The right singular vectors, as rows. */
  Vh: Tensor;
}

/** Options of {@link svd}. */
export interface SvdOptions {
  /** Whether U and Vh are square (default); else they have only the vectors of the singular values. */
  fullMatrices?: boolean;
}

interface Spectra {
  /** The symmetric matrix with this triangle; its gradient is that of a symmetric matrix. @internal */
  mirrored(x: Tensor, uplo: Uplo): Tensor;
  /** {@link eigh} of symmetric matrices. @internal */
  eigh(x: Tensor): Eigh;
  /** {@link svd} without square factors. @internal */
  svd(x: Tensor): Svd;
}

/** @throws {LinAlgError} unless all numbers are finite. */
function requireFinite(op: string, matrix: Float64Array, index: number, count: number): void {
  let sum = 0;
  for (let i = 0; i < matrix.length; i++) sum += 0 * matrix[i];
  if (sum !== 0)
    throw new LinAlgError(`${op}: ${placeOf(index, count)} holds numbers that are not finite, such as NaN`);
}

const noConvergence = (op: string, index: number, count: number) =>
  new LinAlgError(`${op}: the steps do not converge for ${placeOf(index, count)}`);

/** The singular value decompositions of all matrices. */
export function decomposed(op: string, x: Tensor): Decomposed[] {
  const { rows, columns } = partsOf(op, x.sizes);
  return matricesOf(x).map((matrix, i, { length }) => {
    requireFinite(op, matrix, i, length);
    const found = singularValues(matrix, rows, columns);
    if (found === null) throw noConvergence(op, i, length);
    return found;
  });
}

/** Returns `a / b` with 0 / 0 = 0: undetermined vectors have no gradient then. */
function quotient(a: Tensor, b: Tensor): Tensor {
  return a.div(b.maskedFill(a.eq(0).logicalAnd(b.eq(0)), 1));
}

/** The differences of the elements of vectors: `d_ij = x_j - x_i`. */
const differences = (x: Tensor) => x.unsqueeze(-2).sub(x.unsqueeze(-1));

const antisymmetric = (x: Tensor) => x.sub(x.mT);

function svdShapes(x: Shape): [Shape, Shape, Shape] {
  const { batch, rows, columns } = partsOf('svd', x);
  const count = Math.min(rows, columns);
  return [
    [...batch, rows, count],
    [...batch, count],
    [...batch, count, columns],
  ];
}

/** Returns the gradient of a matrix from those of its singular vectors and values. */
function svdGradient(u: Tensor, s: Tensor, vh: Tensor, [du, ds, dvh]: readonly Tensor[]): Tensor {
  const [rows, count, columns] = [u.sizes[u.ndim - 2], s.sizes[s.ndim - 1], vh.sizes[vh.ndim - 1]];
  const gaps = differences(s).mul(s.unsqueeze(-2).add(s.unsqueeze(-1)));
  const byU = u.mT.matmul(du);
  const byV = vh.matmul(dvh.mT);
  const middle = quotient(antisymmetric(byU), gaps)
    .mul(s.unsqueeze(-2))
    .add(quotient(antisymmetric(byV), gaps).mul(s.unsqueeze(-1)))
    .add(ds.diagEmbed());
  let inner = middle.matmul(vh);
  // The part of the gradient outside the span of the vectors.
  if (rows > count) inner = u.matmul(inner).add(quotient(du.sub(u.matmul(byU)), s.unsqueeze(-2)).matmul(vh));
  else if (columns > count) {
    const out = quotient(dvh.sub(byV.mT.matmul(vh)), s.unsqueeze(-1));
    inner = u.matmul(inner.add(out));
  } else inner = u.matmul(inner);
  return inner;
}

const spectra: Spectra = defineFunctions<Spectra>({
  mirrored: {
    torch: { name: 'mirrored', params: ['A', 'UPLO'] },
    math: 'y = x',
    vjpMath: { x: '\\operatorname{sym} \\bar y' },
    saves: [],
    shape: (x) => x,
    forward: (x, uplo) => {
      const { size } = squareOf('eigh', x.sizes);
      const parts = matricesOf(x);
      for (const matrix of parts)
        for (let i = 0; i < size; i++)
          for (let j = 0; j < i; j++)
            if (uplo === 'L') matrix[j * size + i] = matrix[i * size + j];
            else matrix[i * size + j] = matrix[j * size + i];
      return joinedParts(x.sizes, x.dtype, parts);
    },
    jvp: 'linear',
    batch: 'matrices',
    vjp: { x: (dy) => symmetric(dy) },
    prepared: symmetric,
    samples: [
      { inputs: '3x3', args: ['L'] },
      { inputs: '2x2x2', args: ['U'] },
      { inputs: '0x0', args: ['L'] },
    ],
  },
  eigh: {
    torch: { name: 'linalg_eigh', params: ['A'] },
    math: 'x = V \\operatorname{diag}(\\lambda) V^{\\top}',
    vjpMath: {
      x: 'V \\big(\\operatorname{diag}(\\bar{\\lambda}) + (V^{\\top} \\bar{V} - \\bar{V}^{\\top} V)_{ij} / 2 (\\lambda_j - \\lambda_i)\\big) V^{\\top}',
    },
    saves: ['y'],
    returns: ['eigenvalues', 'eigenvectors'],
    shape: (x) => [x.slice(0, -1), x],
    forward: (x) => {
      const { size } = squareOf('eigh', x.sizes);
      const parts = matricesOf(x).map((matrix, i, { length }) => {
        requireFinite('eigh', matrix, i, length);
        const found = symmetricEigen(matrix, size);
        if (found === null) throw noConvergence('eigh', i, length);
        return [found.values, found.vectors];
      });
      return joinedAll([x.sizes.slice(0, -1), x.sizes], x.dtype, parts);
    },
    batch: 'matrices',
    vjp: {
      x: ([dValues, dVectors], { ys: [values, vectors] }) => {
        const turning = antisymmetric(vectors.mT.matmul(dVectors)).div(2);
        const inner = quotient(turning, differences(values)).add(dValues.diagEmbed());
        return vectors.matmul(inner).matmul(vectors.mT);
      },
    },
    gradFn: 'LinalgEighBackward0',
    prepared: symmetric,
    samples: ['3x3', '2x2x2', '0x0'],
  },
  svd: {
    torch: { name: 'linalg_svd', params: ['A'] },
    math: 'x = U \\operatorname{diag}(S) V^{\\top}',
    vjpMath: {
      x: 'U \\Big((U^{\\top} \\bar{U} - \\bar{U}^{\\top} U) / E \\odot S + S \\odot (V^{\\top} \\bar{V} - \\bar{V}^{\\top} V) / E + \\operatorname{diag}(\\bar{S})\\Big) V^{\\top} + (I - U U^{\\top}) \\bar{U} S^{-1} V^{\\top} + U S^{-1} \\bar{V}^{\\top} (I - V V^{\\top}),\\; E_{ij} = S_j^2 - S_i^2',
    },
    saves: ['y'],
    returns: ['U', 'S', 'Vh'],
    shape: svdShapes,
    forward: (x) => {
      const parts = decomposed('svd', x).map(({ u, s, vt }) => [u, s, vt]);
      return joinedAll(svdShapes(x.sizes), x.dtype, parts);
    },
    batch: 'matrices',
    vjp: { x: (dys, { ys: [u, s, vh] }) => svdGradient(u, s, vh, dys) },
    gradFn: 'LinalgSvdBackward0',
    samples: ['3x3', '2x4x2', '2x3', '0x2'],
  },
});

/** @internal */
export const { mirrored } = spectra;

const triangles: readonly Uplo[] = ['L', 'U'];

/**
 * Eigenvalues and eigenvectors of symmetric matrices (`torch.linalg.eigh`): `A = V diag(λ) Vᵀ` with orthonormal V. Only
 * one triangle is read; the gradient is that of a symmetric matrix. The largest element of each eigenvector is
 * positive; PyTorch leaves the sign open. The gradient of eigenvectors is not finite if eigenvalues are equal.
 * @param UPLO The triangle: `'L'`, the lower (default), or `'U'`.
 * @throws {ShapeError} if A is not square; {@link LinAlgError} if it has elements that are not finite;
 * {@link DtypeError} for integers; {@link ValueError} for another triangle.
 * @example
 * const { eigenvalues } = linalg.eigh(tensor([[2, 1], [1, 2]]));
 * eigenvalues.round({ decimals: 4 }).tolist() // [1, 3]
 */
export function eigh(A: Tensor, UPLO: Uplo = 'L'): Eigh {
  requireSquare('eigh', A);
  requireOneOf('eigh', { UPLO }, triangles);
  return spectra.eigh(mirrored(A, UPLO));
}

/**
 * Eigenvalues of symmetric matrices in ascending order (`torch.linalg.eigvalsh`); see {@link eigh}. Their gradient
 * exists even for equal ones, but depends on the choice of eigenvectors there.
 * @param UPLO The triangle to read: `'L'`, the lower (default), or `'U'`.
 * @throws {ShapeError} if A is not square; {@link LinAlgError} if it has elements that are not finite;
 * {@link DtypeError} for integers; {@link ValueError} for another triangle.
 */
export function eigvalsh(A: Tensor, UPLO: Uplo = 'L'): Tensor {
  return eigh(A, UPLO).eigenvalues;
}

/**
 * The singular value decomposition `A = U diag(S) Vh` (`torch.linalg.svd`) of matrices `[…, m, n]`, with orthonormal
 * columns of U and rows of Vh. The largest element of each row of Vh is positive; PyTorch leaves the signs open. The
 * gradient of the vectors is not finite if singular values are equal (or 0, if A is not square). It ignores the vectors
 * that only `fullMatrices` adds.
 * @throws {ShapeError} if there are no matrices; {@link LinAlgError} if A has elements that are not finite;
 * {@link DtypeError} for integers.
 * @example
 * const { U, S, Vh } = linalg.svd(tensor([[3, 1], [4, 5]]), { fullMatrices: false });
 * U.mul(S).matmul(Vh).round({ decimals: 4 }).tolist() // [[3, 1], [4, 5]]
 */
export function svd(A: Tensor, options: SvdOptions = {}): Svd {
  const { fullMatrices = true } = options;
  requireBooleans('svd', { fullMatrices });
  requireMatrices('svd', A);
  const { rows, columns } = partsOf('svd', A.sizes);
  const { U, S, Vh } = spectra.svd(A);
  if (!fullMatrices || rows === columns) return { U, S, Vh };
  return rows > columns ? { U: completed(U), S, Vh } : { U, S, Vh: completed(Vh.mT).mT };
}

/** Appends orthonormal columns until the matrix is square. */
function completed(u: Tensor): Tensor {
  const { batch, rows, columns } = partsOf('svd', u.sizes);
  const all = matricesOf(u).map((matrix) => factorQr(matrix, rows, columns, rows).q);
  const more = joinedParts([...batch, rows, rows], u.dtype, all).narrow(-1, columns, rows - columns);
  return joining.cat([u, more], -1);
}

/**
 * Singular values in descending order (`torch.linalg.svdvals`): the lengths to which orthogonal directions are
 * stretched.
 * @throws {ShapeError} if there are no matrices; {@link LinAlgError} if A has elements that are not finite;
 * {@link DtypeError} for integers.
 */
export function svdvals(A: Tensor): Tensor {
  return svd(A, { fullMatrices: false }).S;
}
