import { LinAlgError } from '../../errors';
import { factorCholesky } from '../../kernels/decompositions/lu';
import { factorQr } from '../../kernels/decompositions/qr';
import type { Shape } from '../../tensor/shape';
import { empty, type Tensor } from '../../tensor/tensor';
import { joining } from '../joining/cat';
import { requireBooleans, requireOneOf } from '../table/arguments';
import { defineFunctions } from '../table/define';
import { notImplemented } from '../table/rule';
import {
  identityLike,
  joinedAll,
  joinedParts,
  matricesOf,
  partsOf,
  placeOf,
  requireMatrices,
  requireSquare,
  squareOf,
} from './matrices';
import { solveTriangular } from './solving';

/** The result of {@link qr}: `A = Q R`. */
export interface Qr {
  /** Orthonormal columns. */
  Q: Tensor;
  /** Zeros below the diagonal. */
  R: Tensor;
}

/** Which parts of Q and R to compute. */
export type QrMode = 'reduced' | 'complete' | 'r';

/** Option of {@link cholesky}. */
export interface CholeskyOptions {
  /** Return the upper factor, `A = Uᵀ U`, from the upper triangle; default `false`. */
  upper?: boolean;
}

interface Factors {
  /** {@link cholesky}, the lower factor. @internal */
  cholesky(x: Tensor): Tensor;
  /** {@link qr} of matrices with at least as many rows as columns. @internal */
  qr(x: Tensor): Qr;
  /** {@link qr} with square Q. @internal */
  completeQr(x: Tensor): Qr;
}

function qrShapes(x: Shape, isComplete: boolean): [Shape, Shape] {
  const { batch, rows, columns } = partsOf('qr', x);
  const width = isComplete ? rows : Math.min(rows, columns);
  return [
    [...batch, rows, width],
    [...batch, width, columns],
  ];
}

function qrForward(x: Tensor, isComplete: boolean): Tensor[] {
  const { rows, columns } = partsOf('qr', x.sizes);
  const shapes = qrShapes(x.sizes, isComplete);
  const parts = matricesOf(x).map((matrix) => {
    const { q, r } = factorQr(matrix, rows, columns, shapes[0].at(-1)!);
    return [q, r];
  });
  return joinedAll(shapes, x.dtype, parts);
}

const common = {
  torch: { name: 'linalg_qr', params: ['A'] },
  math: 'x = Q R',
  returns: ['Q', 'R'],
  gradFn: 'LinalgQrBackward0',
} as const;

const factors: Factors = defineFunctions<Factors>({
  cholesky: {
    torch: { name: 'linalg_cholesky', params: ['A'] },
    math: 'y y^{\\top} = x',
    vjpMath: {
      x: '\\operatorname{sym} y^{-\\top} P(y^{\\top} \\bar y)\\, y^{-1},\\; P: \\text{lower triangle, half the diagonal}',
    },
    saves: ['y'],
    shape: (x) => x,
    forward: (x) => {
      const { size } = squareOf('cholesky', x.sizes);
      const parts = matricesOf(x);
      parts.forEach((matrix, i) => {
        const order = factorCholesky(matrix, size);
        if (order > 0)
          throw new LinAlgError(
            `cholesky: ${placeOf(i, parts.length)} is not positive definite: its leading minor of order ${order} is not ` +
              'above 0; adding a small multiple of the identity may help',
          );
      });
      return joinedParts(x.sizes, x.dtype, parts);
    },
    batch: 'matrices',
    vjp: {
      x: (dy, { y }) => {
        const full = y.mT.matmul(dy).tril();
        const half = full.sub(full.diagonal({ dim1: -2, dim2: -1 }).div(2).diagEmbed());
        const left = solveTriangular(y.mT, half, { upper: true });
        const both = solveTriangular(y, left, { upper: false, left: false });
        return both.add(both.mT).div(2);
      },
    },
    gradFn: 'LinalgCholeskyExBackward0',
    prepared: (x) => x.add(x.mT).div(4).add(identityLike(x, 4)),
    samples: ['3x3', '2x2x2', '0x0'],
  },
  qr: {
    ...common,
    vjpMath: {
      x: '\\big(\\bar{Q} + Q\\, P(\\bar{R} R^{\\top} - Q^{\\top} \\bar{Q})\\big) R^{-\\top},\\; P: \\text{symmetric with this upper triangle}',
    },
    saves: ['y'],
    shape: (x) => qrShapes(x, false),
    forward: (x) => qrForward(x, false),
    batch: 'matrices',
    vjp: {
      x: ([dq, dr], { ys: [q, r] }) => {
        const triangle = dr.matmul(r.mT).sub(q.mT.matmul(dq)).triu();
        const both = triangle.add(triangle.mT).sub(triangle.diagonal({ dim1: -2, dim2: -1 }).diagEmbed());
        return solveTriangular(r, dq.add(q.matmul(both)).mT, { upper: true }).mT;
      },
    },
    samples: ['3x3', '2x3x2', '0x0'],
  },
  completeQr: {
    ...common,
    vjpMath: { x: '' },
    saves: [],
    shape: (x) => qrShapes(x, true),
    forward: (x) => qrForward(x, true),
    batch: 'matrices',
    vjp: { x: notImplemented('the matrix leaves the last columns of Q open; linalg.qr(A) without a mode has one') },
    samples: [],
  },
});

/**
 * The Cholesky factor of symmetric positive definite matrices (`torch.linalg.cholesky`): `A = L Lᵀ` with lower
 * triangular L. Only the lower triangle is read, and the gradient is that of a symmetric matrix.
 * @throws {LinAlgError} if a matrix is not positive definite; {@link ShapeError} if A is not square;
 *   {@link DtypeError} for integers.
 * @example
 * linalg.cholesky(tensor([[4, 2], [2, 5]])).tolist() // [[2, 0], [1, 2]]
 */
export function cholesky(A: Tensor, options: CholeskyOptions = {}): Tensor {
  const { upper = false } = options;
  requireBooleans('cholesky', { upper });
  requireSquare('cholesky', A);
  return upper ? factors.cholesky(A.mT).mT : factors.cholesky(A);
}

const modes: readonly QrMode[] = ['reduced', 'complete', 'r'];

/**
 * `A = Q R` with orthonormal columns of Q and upper triangular R (`torch.linalg.qr`), for matrices `[…, m, n]`: Q is
 * `[…, m, k]`, R `[…, k, n]`.
 * @param mode `'reduced'`, k is the shorter side (default); `'complete'`, k is m, differentiable only if m is not above
 * n; `'r'`, only R of `'reduced'`, with an empty Q.
 * @throws {ShapeError} if there are no matrices; {@link DtypeError} for integers; {@link ValueError} for another mode;
 * in the backward pass {@link LinAlgError} if the first columns of A are linearly dependent.
 * @example
 * const { Q, R } = linalg.qr(tensor([[3, 1], [4, 2]]));
 * Q.matmul(R).round({ decimals: 4 }).tolist() // [[3, 1], [4, 2]]
 */
export function qr(A: Tensor, mode: QrMode = 'reduced'): Qr {
  requireOneOf('qr', { mode }, modes);
  requireMatrices('qr', A);
  const { rows, columns } = partsOf('qr', A.sizes);
  if (mode === 'complete' && rows > columns) return factors.completeQr(A);
  const { Q, R } = rows < columns ? wideQr(A) : factors.qr(A);
  return { Q: mode === 'r' ? empty([0], A.dtype) : Q, R };
}

/** QR of a wide matrix: the square part determines Q, which also transforms the remaining columns. */
function wideQr(x: Tensor): Qr {
  const { rows, columns } = partsOf('qr', x.sizes);
  const { Q, R } = factors.qr(x.narrow(-1, 0, rows));
  return { Q, R: joining.cat([R, Q.mT.matmul(x.narrow(-1, rows, columns - rows))], -1) };
}
