import { eliminate, type Pivots } from '../../kernels/decompositions/lu';
import { makeIdentity, transposed } from '../../kernels/decompositions/rows';
import { type Svd, singularValues } from '../../kernels/decompositions/svd';
import type { Tensor } from '../../tensor/tensor';
import { defineFunctions } from '../table/define';
import { identityLike, joinedParts, matricesOf, requireSquare, squareOf, withInverse } from './matrices';
import { inv } from './solving';
import { svd } from './spectra';

/** The result of {@link slogdet}: `det A = sign · exp(logabsdet)`. */
export interface Slogdet {
  /** 1, -1, or 0 for a singular matrix. */
  sign: Tensor;
  /** `log |det A|`, `-Infinity` for a singular matrix. */
  logabsdet: Tensor;
}

interface Determinants {
  /** {@link det}. @internal */
  det(x: Tensor): Tensor;
  /** {@link slogdet}. @internal */
  slogdet(x: Tensor): Slogdet;
  /** The cofactors, the gradient of the determinant: `det A · A^{-T}` if the inverse exists. @internal */
  cofactors(x: Tensor): Tensor;
}

/** If the smallest pivot is smaller, relative to the largest, the cofactors are not computed from the inverse. */
const SMALLEST_PIVOT = 1e-6;

function eliminated(op: string, x: Tensor): Pivots[] {
  const { size } = squareOf(op, x.sizes);
  return matricesOf(x).map((matrix) => eliminate(matrix, size));
}

const productOf = (values: ArrayLike<number>) => Array.from(values).reduce((product, v) => product * v, 1);
const determinantOf = ({ pivots, sign }: Pivots) => sign * productOf(pivots);

/** Returns the same as `± U diag(∏_{k≠i} S_k) Vᵀ`, without an inverse. */
function fromSingularValues({ u, s, vt }: Svd, n: number): Float64Array {
  const signOf = (q: Float64Array) => Math.sign(determinantOf(eliminate(q, n)));
  const sign = signOf(u) * signOf(vt);
  const others = Array.from({ length: n }, (_, i) => sign * productOf(s.filter((_v, k) => k !== i)));
  const y = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const factor = u[i * n + k] * others[k];
      for (let j = 0; j < n; j++) y[i * n + j] += factor * vt[k * n + j];
    }
  return y;
}

/** Returns `det A · A^{-T}`, by the inverse if it is well conditioned. */
function cofactorsOf(matrix: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  makeIdentity(inverse, 0, n, n);
  const found = eliminate(matrix, n, inverse, n);
  const sizes = found.pivots.map(Math.abs);
  const parts = Math.min(...sizes) <= SMALLEST_PIVOT * Math.max(...sizes) ? singularValues(matrix, n, n) : null;
  if (parts !== null) return fromSingularValues(parts, n);
  const det = determinantOf(found);
  return transposed(inverse, n, n).map((v) => det * v);
}

/** Returns for each pair of positions the product of the other elements; 0 for a position with itself. */
function productsWithoutPairs(s: Tensor): Tensor {
  const n = s.sizes[s.ndim - 1];
  const one = identityLike(s.unsqueeze(-1).expand([...s.sizes, n])).to('bool');
  const left = one.unsqueeze(0).logicalOr(one.unsqueeze(1));
  const wide = s
    .unsqueeze(-2)
    .unsqueeze(-2)
    .expand([...s.sizes.slice(0, -1), n, n, n]);
  return wide.maskedFill(left, 1).prod(-1).maskedFill(one, 0);
}

const determinants: Determinants = defineFunctions<Determinants>({
  det: {
    torch: { name: 'linalg_det', params: ['A'] },
    math: 'y = \\det x',
    vjpMath: { x: '\\bar y\\, (\\det x)\\, x^{-\\top}' },
    saves: ['x'],
    shape: (x) => squareOf('det', x).batch,
    forward: (x) => {
      const values = eliminated('det', x).map(determinantOf);
      return joinedParts(x.sizes.slice(0, -2), x.dtype, [values]);
    },
    batch: 'matrices',
    vjp: { x: (dy, { x }) => determinants.cofactors(x).mul(dy.unsqueeze(-1).unsqueeze(-1)) },
    gradFn: 'LinalgDetBackward0',
    samples: ['3x3', '2x2x2', '1x1', '0x0'],
  },
  slogdet: {
    torch: { name: 'linalg_slogdet', params: ['A'] },
    math: '\\ell = \\log |\\det x|',
    vjpMath: { x: '\\bar{\\ell}\\, x^{-\\top}' },
    saves: ['x'],
    returns: ['sign', 'logabsdet'],
    shape: (x) => [squareOf('slogdet', x).batch, x.slice(0, -2)],
    forward: (x) => {
      const found = eliminated('slogdet', x);
      const signs = found.map(({ pivots, sign }) => sign * productOf(pivots.map(Math.sign)));
      const logs = found.map(({ pivots }) => pivots.reduce((sum, v) => sum + Math.log(Math.abs(v)), 0));
      return [signs, logs].map((values) => joinedParts(x.sizes.slice(0, -2), x.dtype, [values]));
    },
    batch: 'matrices',
    vjp: { x: ([, dLog], { x }) => inv(x).mT.mul(dLog.unsqueeze(-1).unsqueeze(-1)) },
    gradFn: 'LinalgSlogdetBackward0',
    prepared: withInverse,
    samples: ['3x3', '2x2x2', '0x0'],
  },
  cofactors: {
    torch: { name: 'cofactors', params: ['A'] },
    math: 'y_{ij} = \\partial \\det x / \\partial x_{ij}',
    vjpMath: {
      x: '\\pm U M V^{\\top},\\; M_{ii} = \\textstyle\\sum_k p_{ik} (U^{\\top} \\bar y V)_{kk},\\; M_{ij} = -p_{ij} (U^{\\top} \\bar y V)_{ji},\\; p_{ij} = \\prod_{k \\ne i, j} S_k',
    },
    saves: ['x'],
    shape: (x) => x,
    forward: (x) => {
      const { size } = squareOf('det', x.sizes);
      return joinedParts(
        x.sizes,
        x.dtype,
        matricesOf(x).map((matrix) => cofactorsOf(matrix, size)),
      );
    },
    batch: 'matrices',
    vjp: {
      x: (dy, { x }) => {
        const { U, S, Vh } = svd(x);
        const sign = determinants.det(U.detach()).mul(determinants.det(Vh.detach())).sign();
        const inner = U.mT.matmul(dy).matmul(Vh.mT);
        const others = productsWithoutPairs(S);
        const along = others.matmul(inner.diagonal({ dim1: -2, dim2: -1 }).unsqueeze(-1)).squeeze(-1);
        const middle = along.diagEmbed().sub(others.mul(inner.mT));
        return U.matmul(middle).matmul(Vh).mul(sign.unsqueeze(-1).unsqueeze(-1));
      },
    },
    samples: ['3x3', '2x2x2', '1x1', '0x0'],
  },
});

/**
 * The determinant of square matrices (`torch.linalg.det`). Its gradient exists for singular matrices as well.
 * @throws {ShapeError} if A is not square; {@link DtypeError} for integers.
 */
export function det(A: Tensor): Tensor {
  requireSquare('det', A);
  return determinants.det(A);
}

/**
 * Sign and logarithm of the determinant (`torch.linalg.slogdet`), also if the determinant overflows or underflows.
 * @throws {ShapeError} if A is not square; {@link DtypeError} for integers; in the backward pass {@link LinAlgError} if A is
 *   singular.
 */
export function slogdet(A: Tensor): Slogdet {
  requireSquare('slogdet', A);
  return determinants.slogdet(A);
}
