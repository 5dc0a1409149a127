import { LinAlgError, ShapeError, ValueError } from '../../errors';
import { factorLu, firstZeroPivot, solveLu } from '../../kernels/matrices/lu';
import { broadcastShapes, formatShape, type Shape, sameShape } from '../../tensor/shape';
import { empty, type Tensor } from '../../tensor/tensor';
import { requireBooleans, requireDtypeOf, requireFloatTensor, requireOneOf } from '../table/arguments';
import { defineFunctions } from '../table/define';
import {
  epsilonOf,
  identityLike,
  joinedParts,
  matricesOf,
  partsOf,
  placeOf,
  requireMatrices,
  requireSquare,
  squareOf,
  withInverse,
} from './matrices';
import { fromLower, matrixRank, type Tolerances, tolerances } from './ranks';
import { decomposed, svdvals } from './spectra';

/** Option of {@link solve}. */
export interface SolveOptions {
  /** Whether A stands left of the unknown, `A X = B` (default), or right of it, `X A = B`. */
  left?: boolean;
}

/** Options of {@link solveTriangular}. */
export interface SolveTriangularOptions extends SolveOptions {
  /** Whether the triangle is the upper one; what is on the other side of the diagonal is not read. */
  upper: boolean;
  /** Take the diagonal as ones, without reading it; default `false`. */
  unitriangular?: boolean;
}

/** Options of {@link lstsq}. */
export interface LstsqOptions {
  /** Singular values below this part of the largest count as 0; default: the dtype's precision times the longer side. */
  rcond?: number | null;
  /** LAPACK's routine, which says in PyTorch what is returned beside the solution; default `'gelsy'`. */
  driver?: LstsqDriver | null;
}

/** LAPACK's routines for least squares. */
export type LstsqDriver = 'gels' | 'gelsy' | 'gelsd' | 'gelss';

/** What {@link lstsq} gives. What the driver does not compute is empty. */
export interface Lstsq {
  /** The solution X. */
  solution: Tensor;
  /** `‖A X - B‖²` of each column, unless the driver is `'gelsy'`, where A has more rows than columns and full rank. */
  residuals: Tensor;
  /** The rank of A, unless the driver is `'gels'`. */
  rank: Tensor;
  /** The singular values of A, if the driver is `'gelsd'` or `'gelss'`. */
  singularValues: Tensor;
}

/** Equations of matrices with equal first dimensions. */
interface Equations {
  /** `A⁻¹ B`; `called` is the operation that errors name. @internal */
  solve(a: Tensor, b: Tensor, called: string): Tensor;
  /** `A⁺ B`: singular values up to `atol`, or up to `rtol` times the largest, count as 0. @internal */
  lstsq(a: Tensor, b: Tensor, rtol: number, atol: number): Tensor;
}

function solutionShape(a: Shape, b: Shape): Shape {
  return [...a.slice(0, -2), a[a.length - 1], b[b.length - 1]];
}

const equations: Equations = defineFunctions<Equations>({
  solve: {
    torch: { name: 'linalg_solve', params: ['A', 'B', 'called'] },
    math: 'y = a^{-1} b',
    vjpMath: { a: '-a^{-\\top} \\bar y\\, y^\\top', b: 'a^{-\\top} \\bar y' },
    saves: { a: ['a', 'y'], b: ['a'] },
    shape: solutionShape,
    forward: (a, b, called) => {
      const { size } = squareOf(called, a.shape);
      const [left, right] = [matricesOf(a), matricesOf(b)];
      left.forEach((matrix, i) => {
        const lu = factorLu(matrix, size);
        const zero = firstZeroPivot(lu, size);
        if (zero >= 0)
          throw new LinAlgError(
            `${called}: ${placeOf(i, left.length)} is singular (shape ${formatShape(a.shape)}): elimination comes to a zero ` +
              `in row ${zero + 1}; linalg.lstsq and linalg.pinv take any matrix`,
          );
        solveLu(lu, size, right[i], b.shape[b.ndim - 1]);
      });
      return joinedParts(solutionShape(a.shape, b.shape), a.dtype, right);
    },
    vjp: {
      a: (dy, { a, y, args: [called] }) => equations.solve(a.mT, dy, called).matmul(y.mT).neg(),
      b: (dy, { a, args: [called] }) => equations.solve(a.mT, dy, called),
    },
    gradFn: 'LinalgSolveExBackward0',
    prepared: (x, input) => (input === 0 ? withInverse(x) : x),
    samples: [
      {
        inputs: [
          [3, 3],
          [3, 2],
        ],
        args: ['solve'],
      },
      {
        inputs: [
          [2, 2, 2],
          [2, 2, 1],
        ],
        args: ['solve'],
      },
      {
        inputs: [
          [0, 0],
          [0, 2],
        ],
        args: ['solve'],
      },
    ],
  },
  lstsq: {
    torch: { name: 'linalg_lstsq', params: ['A', 'B', 'rtol', 'atol'] },
    math: 'y = a^+ b',
    vjpMath: {
      a: '-w y^\\top + (b - a y) (a^+ w)^\\top + a^{+\\top} y\\, (\\bar y - a^\\top w)^\\top,\\; w = a^{+\\top} \\bar y',
      b: 'a^{+\\top} \\bar y',
    },
    saves: { a: ['a', 'b', 'y'], b: ['a'] },
    shape: solutionShape,
    forward: (a, b, rtol, atol) => {
      const { rows, columns } = partsOf('lstsq', a.shape);
      const width = b.shape[b.ndim - 1];
      const right = matricesOf(b);
      const count = Math.min(rows, columns);
      const parts = decomposed('lstsq', a, false).map(({ u, s, vt }, i) => {
        const cut = Math.max(atol, rtol * (s[0] ?? 0));
        const y = new Float64Array(columns * width);
        for (let k = 0; k < count && s[k] > cut; k++)
          for (let c = 0; c < width; c++) {
            let along = 0;
            for (let j = 0; j < rows; j++) along += u[j * count + k] * right[i][j * width + c];
            for (let j = 0; j < columns; j++) y[j * width + c] += (vt[k * columns + j] * along) / s[k];
          }
        return y;
      });
      return joinedParts(solutionShape(a.shape, b.shape), a.dtype, parts);
    },
    vjp: {
      a: (dy, { a, b, y, args: [rtol, atol] }) => {
        const back = (t: Tensor) => equations.lstsq(a.mT, t, rtol, atol);
        const w = back(dy);
        const fromError = b!.sub(a.matmul(y)).matmul(equations.lstsq(a, w, rtol, atol).mT);
        const fromRest = back(y).matmul(dy.sub(a.mT.matmul(w)).mT);
        return fromError.add(fromRest).sub(w.matmul(y.mT));
      },
      b: (dy, { a, args: [rtol, atol] }) => equations.lstsq(a.mT, dy, rtol, atol),
    },
    prepared: (x, input) => (input === 0 ? withInverse(x) : x),
    samples: [
      {
        inputs: [
          [4, 2],
          [4, 2],
        ],
        args: [1e-12, 0],
      },
      {
        inputs: [
          [2, 2, 3],
          [2, 2, 1],
        ],
        args: [1e-12, 0],
      },
      {
        inputs: [
          [0, 2],
          [0, 1],
        ],
        args: [0, 0],
      },
    ],
  },
});

/** Both sides of an equation with the same first dimensions; a vector as a column. */
function sides(op: string, a: Tensor, b: Tensor): { a: Tensor; b: Tensor; isVector: boolean } {
  requireFloatTensor(op, b, 'B');
  requireDtypeOf(op, a, { B: b }, 'A');
  const isVector = b.ndim === 1 || (b.ndim === a.ndim - 1 && sameShape(b.shape, a.shape.slice(0, -1)));
  const right = isVector ? b.unsqueeze(-1) : b;
  const { batch, rows, columns } = partsOf(op, a.shape);
  if (right.shape[right.ndim - 2] !== rows)
    throw new ShapeError(
      `${op}: A has ${rows} rows (${formatShape(a.shape)}), B has ${right.shape[right.ndim - 2]} (${formatShape(b.shape)}); ` +
        'they must be as many',
    );
  const all = broadcastShapes(op, batch, right.shape.slice(0, -2));
  const sized = (x: Tensor, m: number, n: number) =>
    sameShape(x.shape, [...all, m, n]) ? x : x.expand([...all, m, n]);
  return { a: sized(a, rows, columns), b: sized(right, rows, right.shape[right.ndim - 1]), isVector };
}

/**
 * The X with `A X = B`, of square matrices A (`torch.linalg.solve`): B holds vectors `[…, n]` or matrices `[…, n, k]`, and
 * the first dimensions broadcast. Better than `inv(A).matmul(B)`: faster, and with smaller rounding errors.
 * @throws {LinAlgError} if a matrix is singular; {@link ShapeError} if A is not square or the rows of B do not fit;
 *   {@link DtypeError} for integers and for different dtypes.
 * @example
 * const x = linalg.solve(tensor([[2, 1], [1, 3]]), tensor([4, 7]));
 * x.tolist() // [1, 2]
 */
export function solve(A: Tensor, B: Tensor, { left = true }: SolveOptions = {}): Tensor {
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
  return equations.solve(A, identityLike(A).expand(A.shape), 'inv');
}

/**
 * The X with `A X = B` for triangular A (`torch.linalg.solve_triangular`); the first dimensions broadcast.
 * @throws {LinAlgError} if there is a zero on the diagonal; {@link ShapeError} if A is not square, B holds no matrices, or
 *   they do not fit; {@link DtypeError} for integers and for different dtypes.
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

const drivers: readonly LstsqDriver[] = ['gelsy', 'gels', 'gelsd', 'gelss'];

/**
 * The X with the least `‖A X - B‖`, and of several the one with the least `‖X‖` (`torch.linalg.lstsq`): least squares. A is
 * `[…, m, n]`, B `[…, m]` or `[…, m, k]`; the first dimensions broadcast. Its gradient is that of `pinv(A) B`, where the
 * rank of A does not change.
 * @throws {ShapeError} if the shapes do not fit; {@link LinAlgError} if A holds numbers that are not finite;
 *   {@link DtypeError} for integers and for different dtypes; {@link ValueError} for another driver.
 * @example
 * const line = linalg.lstsq(tensor([[1, 0], [1, 1], [1, 2]]), tensor([1, 3, 5]));
 * line.solution.round({ decimals: 4 }).tolist() // [1, 2]
 */
export function lstsq(A: Tensor, B: Tensor, { rcond, driver }: LstsqOptions = {}): Lstsq {
  const routine = driver ?? 'gelsy';
  requireOneOf('lstsq', { driver: routine }, drivers);
  requireMatrices('lstsq', A);
  const { rows, columns } = partsOf('lstsq', A.shape);
  const rtol = rcond ?? Math.max(rows, columns) * epsilonOf(A.dtype);
  if (!(rtol >= 0)) throw new ValueError(`lstsq: rcond is ${rtol}; it must be 0 or more`);
  const { a, b, isVector } = sides('lstsq', A, B);
  const x = equations.lstsq(a, b, rtol, 0);
  const constant = A.detach();
  const ranks = matrixRank(constant, { rtol });
  // As in PyTorch, it has a history.
  const nothing = x.flatten().narrow(0, 0, 0);
  const isFull = rows > columns && ranks.toArray().every((rank) => rank === columns);
  return {
    solution: isVector ? x.squeeze(-1) : x,
    residuals: routine === 'gelsy' || !isFull ? nothing : a.matmul(x).sub(b).square().sum(-2),
    rank: routine === 'gels' ? empty([0], 'int32') : ranks,
    singularValues: routine === 'gelsd' || routine === 'gelss' ? svdvals(constant) : empty([0], A.dtype),
  };
}

/**
 * The pseudoinverse of Moore and Penrose (`torch.linalg.pinv`), `[…, m, n]` to `[…, n, m]`: the inverse where there is one,
 * else what gives the solutions of {@link lstsq}. Its gradient takes the rank as given.
 * @throws {ShapeError} if there are no matrices, or no square ones where `hermitian` is said; {@link LinAlgError} if A holds
 *   numbers that are not finite; {@link DtypeError} for integers; {@link ValueError} if a tolerance is below 0.
 */
export function pinv(A: Tensor, options: Tolerances = {}): Tensor {
  requireMatrices('pinv', A);
  const { rows } = partsOf('pinv', A.shape);
  const { rtol, atol } = tolerances('pinv', A, options);
  const a = options.hermitian ? fromLower('pinv', A) : A;
  const one = empty([rows, rows], A.dtype);
  for (let i = 0; i < rows; i++) one.data[i * rows + i] = 1;
  return equations.lstsq(a, one.expand([...A.shape.slice(0, -2), rows, rows]), rtol, atol);
}
