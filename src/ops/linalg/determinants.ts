import { factorLu, firstZeroPivot, type Lu, solveLu } from '../../kernels/decompositions/lu';
import { type Svd, singularValues } from '../../kernels/decompositions/svd';
import { refuseSurplus } from '../../surplus';
import type { Tensor } from '../../tensor/tensor';
import { defineFunctions } from '../table/define';
import { identityLike, joinedParts, matricesOf, requireSquare, squareOf, withInverse } from './matrices';
import { inv } from './solving';
import { svd } from './spectra';

/** What {@link slogdet} gives: `det A = sign · exp(logabsdet)`. */
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
  /** The cofactors, which are the gradient of the determinant: `det A · A^{-T}` where there is an inverse. @internal */
  cofactors(x: Tensor): Tensor;
}

/** Where the pivots differ more than so, the cofactors are not computed from the inverse. */
const SMALLEST_PIVOT = 1e-6;

function factored(op: string, x: Tensor): { size: number; lus: Lu[] } {
  const { size } = squareOf(op, x.sizes);
  return { size, lus: matricesOf(x).map((matrix) => factorLu(matrix, size)) };
}

const pivotsOf = (lu: Lu, n: number) => Array.from({ length: n }, (_, i) => lu.factors[i * n + i]);
const productOf = (values: ArrayLike<number>) => Array.from(values).reduce((product, v) => product * v, 1);

/** `det A · A^{-T}` from the factors. */
function fromInverse(lu: Lu, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) inverse[i * n + i] = 1;
  solveLu(lu, n, inverse, n);
  const det = lu.sign * productOf(pivotsOf(lu, n));
  return Float64Array.from(inverse, (_, at) => det * inverse[(at % n) * n + Math.floor(at / n)]);
}

/** The same as `± U diag(∏_{k≠i} S_k) Vᵀ`, which needs no inverse. */
function fromSingularValues({ u, s, vt }: Svd, n: number): Float64Array {
  const signOf = (q: Float64Array) => {
    const lu = factorLu(q.slice(), n);
    return Math.sign(lu.sign * productOf(pivotsOf(lu, n)));
  };
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

function cofactorsOf(matrix: Float64Array, n: number): Float64Array {
  const lu = factorLu(matrix.slice(), n);
  const sizes = pivotsOf(lu, n).map(Math.abs);
  const found =
    firstZeroPivot(lu, n) >= 0 || Math.min(...sizes) < SMALLEST_PIVOT * Math.max(...sizes)
      ? singularValues(matrix, n, n, false)
      : null;
  return found === null ? fromInverse(lu, n) : fromSingularValues(found, n);
}

/** For each pair of places, the product of the elements elsewhere; 0 for a place and itself. */
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
      const { size, lus } = factored('det', x);
      const values = lus.map((lu) => lu.sign * productOf(pivotsOf(lu, size)));
      return joinedParts(x.sizes.slice(0, -2), x.dtype, [values]);
    },
    vjp: { x: (dy, { x }) => determinants.cofactors(x).mul(dy.unsqueeze(-1).unsqueeze(-1)) },
    gradFn: 'LinalgDetBackward0',
    samples: [{ inputs: [[3, 3]] }, { inputs: [[2, 2, 2]] }, { inputs: [[1, 1]] }, { inputs: [[0, 0]] }],
  },
  slogdet: {
    torch: { name: 'linalg_slogdet', params: ['A'] },
    math: '\\ell = \\log |\\det x|',
    vjpMath: { x: '\\bar{\\ell}\\, x^{-\\top}' },
    saves: ['x'],
    returns: ['sign', 'logabsdet'],
    shape: (x) => [squareOf('slogdet', x).batch, x.slice(0, -2)],
    forward: (x) => {
      const { size, lus } = factored('slogdet', x);
      const pivots = lus.map((lu) => pivotsOf(lu, size));
      const signs = pivots.map((values, i) => lus[i].sign * productOf(values.map(Math.sign)));
      const logs = pivots.map((values) => values.reduce((sum, v) => sum + Math.log(Math.abs(v)), 0));
      return [signs, logs].map((values) => joinedParts(x.sizes.slice(0, -2), x.dtype, [values]));
    },
    vjp: { x: ([, dLog], { x }) => inv(x).mT.mul(dLog.unsqueeze(-1).unsqueeze(-1)) },
    gradFn: 'LinalgSlogdetBackward0',
    prepared: withInverse,
    samples: [{ inputs: [[3, 3]] }, { inputs: [[2, 2, 2]] }, { inputs: [[0, 0]] }],
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
    samples: [{ inputs: [[3, 3]] }, { inputs: [[2, 2, 2]] }, { inputs: [[1, 1]] }, { inputs: [[0, 0]] }],
  },
});

/**
 * The determinant of square matrices (`torch.linalg.det`). Its gradient exists for singular matrices as well.
 * @throws {ShapeError} if A is not square; {@link DtypeError} for integers.
 */
export function det(A: Tensor): Tensor {
  if (arguments.length > 1) refuseSurplus('det', arguments, 1);
  requireSquare('det', A);
  return determinants.det(A);
}

/**
 * Sign and logarithm of the determinant (`torch.linalg.slogdet`), for those too large or small for a number.
 * @throws {ShapeError} if A is not square; {@link DtypeError} for integers; in the backward pass {@link LinAlgError} if A is
 *   singular.
 */
export function slogdet(A: Tensor): Slogdet {
  if (arguments.length > 1) refuseSurplus('slogdet', arguments, 1);
  requireSquare('slogdet', A);
  return determinants.slogdet(A);
}
