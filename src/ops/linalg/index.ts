// torch.linalg, as a namespace.

export { type VecdotOptions, vecdot } from '../products/products';
export { linalgVectorNorm as vectorNorm, type VectorNormOptions } from '../reduction/norms';
export { det, type Slogdet, slogdet } from './determinants';
export { type CholeskyOptions, cholesky, type Qr, type QrMode, qr } from './factors';
export { type Lstsq, type LstsqDriver, type LstsqOptions, lstsq, pinv } from './least-squares';
export { cond, type MatrixNormOptions, type MatrixOrd, matrixNorm, norm } from './norms';
export { matrixRank, type Tolerances } from './ranks';
export {
  inv,
  type SolveOptions,
  type SolveTriangularOptions,
  solve,
  solveTriangular,
} from './solving';
export { type Eigh, eigh, eigvalsh, type Svd, type SvdOptions, svd, svdvals, type Uplo } from './spectra';
