import { LinAlgError, ShapeError } from '../../errors';
import { eliminate } from '../../kernels/decompositions/lu';
import { broadcastShapes, formatShape, type Shape, sameShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { requireBooleans, requireDtypeOf, requireFloatTensor } from '../table/arguments';
import { defineFunctions } from '../table/define';
import {
  identityLike,
  joinedParts,
  matricesOf,
  partsOf,
  placeOf,
  requireMatrices,
  requireSquare,
  solvedInEach,
  squareOf,
  withInverse,
} from './matrices';

/** Option of {@link solve}. */
export interface SolveOptions {
  /** Whether A is on the left of the unknown, `A X = B` (default), or on the right, `X A = B`. */
  left?: boolean;
}

/** Options of {@link solveTriangular}. */
export interface SolveTriangularOptions extends SolveOptions {
  /** Whether the triangle is the upper one; the other triangle is not read. */
  upper: boolean;
  /** Treat the diagonal as ones, without reading it; default `false`. */
  unitriangular?: boolean;
}

/** Equations of matrices with equal batch dimensions. */
interface Equations {
  /** `A⁻¹ B`; `called` is the operation that errors name. @internal */
  solve(a: Tensor, b: Tensor, called: string): Tensor;
  /** `x⁻¹`; its derivatives read only the result, so x may be modified later. @internal */
  inverted(x: Tensor): Tensor;
}

function solutionShape(a: Shape, b: Shape): Shape {
  return [...a.slice(0, -2), a[a.length - 1], b[b.length - 1]];
}

/** Overwrites the columns of each B by those of `A⁻¹ B`. */
function solveEach(called: string, a: Tensor, right: readonly Float64Array[], columns: number): void {
  const { size } = squareOf(called, a.sizes);
  const left = matricesOf(a);
  left.forEach((matrix, i) => {
    const zero = eliminate(matrix, size, right[i], columns).pivots.indexOf(0);
    if (zero >= 0)
      throw new LinAlgError(
        `${called}: ${placeOf(i, left.length)} is singular (shape ${formatShape(a.sizes)}): elimination comes to a zero ` +
          `in row ${zero + 1}; linalg.lstsq and linalg.pinv take any matrix`,
      );
  });
}

const equations: Equations = defineFunctions<Equations>({
  solve: {
    torch: { name: 'linalg_solve', params: ['A', 'B', 'called'] },
    math: 'y = a^{-1} b',
    vjpMath: { a: '-a^{-\\top} \\bar y\\, y^{\\top}', b: 'a^{-\\top} \\bar y' },
    saves: { a: ['a', 'y'], b: ['a'] },
    shape: solutionShape,
    forward: (a, b, called) => {
      const right = matricesOf(b);
      solveEach(called, a, right, b.sizes[b.ndim - 1]);
      return joinedParts(solutionShape(a.sizes, b.sizes), a.dtype, right);
    },
    jvp: ([da, db], n) => {
      const change = da === null ? db! : da.matmul(n.y).neg();
      return equations.solve(n.a, da === null || db === null ? change : change.add(db), n.args[0]);
    },
    batch: solvedInEach,
    vjp: {
      a: (dy, { a, y, args: [called] }) => equations.solve(a.mT, dy, called).matmul(y.mT).neg(),
      b: (dy, { a, args: [called] }) => equations.solve(a.mT, dy, called),
    },
    gradFn: 'LinalgSolveExBackward0',
    prepared: (x, input) => (input === 0 ? withInverse(x) : x),
    samples: [
      {
        inputs: '3x3 3x2',
        args: ['solve'],
      },
      {
        inputs: '2x2x2 2x2x1',
        args: ['solve'],
      },
      {
        inputs: '0x0 0x2',
        args: ['solve'],
      },
    ],
  },
  inverted: {
    torch: { name: 'linalg_inv', params: ['A'] },
    math: 'y = x^{-1}',
    vjpMath: { x: '-y^{\\top} \\bar y\\, y^{\\top}' },
    saves: { x: ['y'] },
    shape: (x) => x,
    forward: (x) => {
      const right = matricesOf(identityLike(x).expand(x.sizes));
      solveEach('inv', x, right, squareOf('inv', x.sizes).size);
      return joinedParts(x.sizes, x.dtype, right);
    },
    jvp: ([dx], { y }) => y.matmul(dx!).matmul(y).neg(),
    batch: 'matrices',
    vjp: { x: (dy, { y }) => y.mT.matmul(dy).matmul(y.mT).neg() },
    gradFn: 'LinalgInvExBackward0',
    prepared: withInverse,
    samples: ['3x3', '2x2x2', '0x0'],
  },
});

/** Returns both sides of an equation with the same batch dimensions; a vector becomes a column. */
export function sides(op: string, a: Tensor, b: Tensor): { a: Tensor; b: Tensor; isVector: boolean } {
  requireFloatTensor(op, b, 'B');
  requireDtypeOf(op, a, { B: b }, 'A');
  const isVector = b.ndim === 1 || (b.ndim === a.ndim - 1 && sameShape(b.sizes, a.sizes.slice(0, -1)));
  const right = isVector ? b.unsqueeze(-1) : b;
  const { batch, rows, columns } = partsOf(op, a.sizes);
  if (right.sizes[right.ndim - 2] !== rows)
    throw new ShapeError(
      `${op}: A has ${rows} rows (${formatShape(a.sizes)}), B has ${right.sizes[right.ndim - 2]} (${formatShape(b.sizes)}); ` +
        'the counts must be equal',
    );
  const all = broadcastShapes(op, batch, right.sizes.slice(0, -2));
  const sized = (x: Tensor, m: number, n: number) =>
    sameShape(x.sizes, [...all, m, n]) ? x : x.expand([...all, m, n]);
  return { a: sized(a, rows, columns), b: sized(right, rows, right.sizes[right.ndim - 1]), isVector };
}

/**
 * The X with `A X = B`, for square matrices A (`torch.linalg.solve`). B has vectors `[…, n]` or matrices `[…, n, k]`;
 * the first dimensions broadcast. Better than `inv(A).matmul(B)`: faster, and with smaller rounding errors.
 * @throws {LinAlgError} if a matrix is singular; {@link ShapeError} if A is not square or the rows of B do not fit;
 *   {@link DtypeError} for integers and for different dtypes.
 * @example
 * const x = linalg.solve(tensor([[2, 1], [1, 3]]), tensor([4, 7]));
 * x.tolist() // [1, 2]
 */
export function solve(A: Tensor, B: Tensor, options: SolveOptions = {}): Tensor {
  const { left = true } = options;
  requireBooleans('solve', { left });
  requireSquare('solve', A);
  if (!left) {
    requireMatrices('solve', B, 'B');
    return solve(A.mT, B.mT).mT;
  }
  const { a, b, isVector } = sides('solve', A, B);
  const x = equations.solve(a, b, 'solve');
  return isVector ? x.squeeze(-1) : x;
}

/**
 * The inverse of square matrices (`torch.linalg.inv`): `A A⁻¹ = I`. To solve equations, {@link solve} is better.
 * @throws {LinAlgError} if a matrix is singular; {@link ShapeError} if A is not square; {@link DtypeError} for integers.
 */
export function inv(A: Tensor): Tensor {
  requireSquare('inv', A);
  return equations.inverted(A);
}

/**
 * The X with `A X = B` for triangular A (`torch.linalg.solve_triangular`); the first dimensions broadcast.
 * @throws {LinAlgError} if there is a zero on the diagonal; {@link ShapeError} if A is not square, B does not consist
 * of matrices, or they do not fit; {@link DtypeError} for integers and for different dtypes.
 */
export function solveTriangular(A: Tensor, B: Tensor, options: SolveTriangularOptions): Tensor {
  const { upper, left = true, unitriangular = false } = options ?? {};
  requireBooleans('solveTriangular', { upper, left, unitriangular });
  requireSquare('solveTriangular', A);
  requireMatrices('solveTriangular', B, 'B');
  const beside = unitriangular ? 1 : 0;
  const triangle = upper ? A.triu(beside) : A.tril(-beside);
  return solve(unitriangular ? triangle.add(identityLike(A)) : triangle, B, { left });
}
