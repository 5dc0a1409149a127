import { ValueError } from '../../errors';
import { makeIdentity } from '../../kernels/decompositions/rows';
import type { Svd as Decomposed } from '../../kernels/decompositions/svd';
import type { Shape } from '../../tensor/shape';
import { empty, type Tensor } from '../../tensor/tensor';
import { requireOneOf } from '../table/arguments';
import { defineFunctions } from '../table/define';
import { epsilonOf, joinedParts, matricesOf, partsOf, requireMatrices, solvedInEach, withInverse } from './matrices';
import { fromLower, type Tolerances, tolerances } from './ranks';
import { sides } from './solving';
import { decomposed } from './spectra';

/** Options of {@link lstsq}. */
export interface LstsqOptions {
  /**
   * Singular values below this fraction of the largest count as 0; default: the dtype's precision times the longer
   * side.
   */
  rcond?: number | null;
  /** LAPACK's routine, which determines the additional results as in PyTorch; default `'gelsy'`. */
  driver?: LstsqDriver | null;
}

/** LAPACK's routines for least squares. */
export type LstsqDriver = 'gels' | 'gelsy' | 'gelsd' | 'gelss';

/** The result of {@link lstsq}. Parts that the driver does not compute are empty. */
export interface Lstsq {
  /** The solution X. */
  solution: Tensor;
  /**
   * `‖A X - B‖²` of each column, if A has more rows than columns and full rank; empty with `'gelsy'`.
   */
  residuals: Tensor;
  /** The rank of A, unless the driver is `'gels'`. */
  rank: Tensor;
  /** The singular values of A, if the driver is `'gelsd'` or `'gelss'`. */
  singularValues: Tensor;
}

interface LeastSquares {
  /** `A⁺ B`, or `Aᵀ⁺ B`, of matrices with equal first dimensions. @internal */
  lstsq(a: Tensor, b: Tensor, known: Known, isTransposed: boolean): Tensor;
}

/** Known properties of a matrix for its pseudoinverse. */
interface Known {
  /** Singular values up to `atol`, or up to `rtol` times the largest, count as 0. */
  readonly rtol: number;
  readonly atol: number;
  /** Its decomposition, if computed already: derivatives need it several times. */
  readonly parts?: readonly Decomposed[];
}

function solutionShape(a: Shape, b: Shape, isTransposed = false): Shape {
  return [...a.slice(0, -2), a[a.length - (isTransposed ? 2 : 1)], b[b.length - 1]];
}

/** Returns `V S⁺ Uᵀ B`, or `U S⁺ Vᵀ B`, for one matrix. */
function byPseudoinverse(
  { u, s, vt }: Decomposed,
  [rows, columns]: readonly number[],
  b: Float64Array,
  { rtol, atol }: Known,
  isTransposed: boolean,
): Float64Array {
  const count = s.length;
  const cut = Math.max(atol, rtol * (s[0] ?? 0));
  const [height, given] = isTransposed ? [rows, columns] : [columns, rows];
  const width = given === 0 ? 0 : b.length / given;
  const y = new Float64Array(height * width);
  const left = (j: number, k: number) => u[j * count + k];
  const right = (j: number, k: number) => vt[k * columns + j];
  const [from, to] = isTransposed ? [right, left] : [left, right];
  const along = new Float64Array(width);
  for (let k = 0; k < count && s[k] > cut; k++) {
    along.fill(0);
    for (let j = 0; j < given; j++) {
      const factor = from(j, k) / s[k];
      for (let c = 0; c < width; c++) along[c] += factor * b[j * width + c];
    }
    for (let j = 0; j < height; j++) {
      const factor = to(j, k);
      for (let c = 0; c < width; c++) y[j * width + c] += factor * along[c];
    }
  }
  return y;
}

const leastSquares: LeastSquares = defineFunctions<LeastSquares>({
  lstsq: {
    torch: { name: 'linalg_lstsq', params: ['A', 'B', 'known', 'isTransposed'] },
    math: 'y = a^+ b',
    vjpMath: {
      a: '-w y^{\\top} + (b - a y) (a^+ w)^{\\top} + (a^+)^{\\top} y\\, (\\bar y - a^{\\top} w)^{\\top},\\; w = (a^+)^{\\top} \\bar y',
      b: '(a^+)^{\\top} \\bar y',
    },
    saves: { a: ['a', 'b', 'y'], b: ['a'] },
    shape: (a, b, _, isTransposed) => solutionShape(a, b, isTransposed),
    forward: (a, b, known, isTransposed) => {
      const sizes = a.sizes.slice(-2);
      const right = matricesOf(b);
      const parts = known.parts ?? decomposed('lstsq', a);
      return joinedParts(
        solutionShape(a.sizes, b.sizes, isTransposed),
        a.dtype,
        right.map((matrix, i) => byPseudoinverse(parts[i], sizes, matrix, known, isTransposed)),
      );
    },
    batch: solvedInEach,
    vjp: {
      a: (dy, { a, b, y, args: [known, isTransposed] }) => {
        const x = isTransposed ? a.mT : a;
        const back = (t: Tensor) => leastSquares.lstsq(a, t, known, !isTransposed);
        const w = back(dy);
        const fromError = b!.sub(x.matmul(y)).matmul(leastSquares.lstsq(a, w, known, isTransposed).mT);
        const fromRest = back(y).matmul(dy.sub(x.mT.matmul(w)).mT);
        const g = fromError.add(fromRest).sub(w.matmul(y.mT));
        return isTransposed ? g.mT : g;
      },
      b: (dy, { a, args: [known, isTransposed] }) => leastSquares.lstsq(a, dy, known, !isTransposed),
    },
    prepared: (x, input) => (input === 0 ? withInverse(x) : x),
    samples: [
      {
        inputs: '4x2 4x2',
        args: [{ rtol: 1e-12, atol: 0 }, false],
      },
      {
        inputs: '2x2x3 2x2x1',
        args: [{ rtol: 1e-12, atol: 0 }, false],
      },
      {
        inputs: '2x4 4x1',
        args: [{ rtol: 1e-12, atol: 0 }, true],
      },
      {
        inputs: '0x2 0x1',
        args: [{ rtol: 0, atol: 0 }, false],
      },
    ],
  },
});

const drivers: readonly LstsqDriver[] = ['gelsy', 'gels', 'gelsd', 'gelss'];

/**
 * Least squares: the X with the least `‖A X - B‖`, and of several the one with the least `‖X‖`
 * (`torch.linalg.lstsq`). A is `[…, m, n]`, B `[…, m]` or `[…, m, k]`; the first dimensions broadcast. Its gradient
 * is that of `pinv(A) B` while the rank of A does not change.
 * @throws {ShapeError} if the shapes do not fit; {@link LinAlgError} if A has elements that are not finite;
 * {@link DtypeError} for integers and for different dtypes; {@link ValueError} for another driver.
 * @example
 * const line = linalg.lstsq(tensor([[1, 0], [1, 1], [1, 2]]), tensor([1, 3, 5]));
 * line.solution.round({ decimals: 4 }).tolist() // [1, 2]
 */
export function lstsq(A: Tensor, B: Tensor, options: LstsqOptions = {}): Lstsq {
  const { rcond, driver } = options;
  const routine = driver ?? 'gelsy';
  requireOneOf('lstsq', { driver: routine }, drivers);
  requireMatrices('lstsq', A);
  const { rows, columns } = partsOf('lstsq', A.sizes);
  const rtol = rcond ?? Math.max(rows, columns) * epsilonOf(A.dtype);
  if (!(rtol >= 0)) throw new ValueError(`lstsq: rcond is ${rtol}; it must be 0 or more`);
  const { a, b, isVector } = sides('lstsq', A, B);
  const parts = decomposed('lstsq', a);
  const x = leastSquares.lstsq(a, b, { rtol, atol: 0, parts }, false);
  // Results that depend only on A are not broadcast to the batch of B.
  const own = a === A ? parts : decomposed('lstsq', A);
  const batch = A.sizes.slice(0, -2);
  const ranks = own.map(({ s }) => s.filter((v) => v > rtol * s[0]).length);
  const isFull = rows > columns && ranks.every((rank) => rank === columns);
  // As in PyTorch, it has a history.
  const nothing = x.flatten().narrow(0, 0, 0);
  return {
    solution: isVector ? x.squeeze(-1) : x,
    residuals: routine === 'gelsy' || !isFull ? nothing : a.matmul(x).sub(b).square().sum(-2),
    rank: routine === 'gels' ? empty([0], 'int32') : joinedParts(batch, 'int32', [ranks]),
    singularValues:
      routine === 'gelsd' || routine === 'gelss'
        ? joinedParts(
            [...batch, Math.min(rows, columns)],
            A.dtype,
            own.map(({ s }) => s),
          )
        : empty([0], A.dtype),
  };
}

/**
 * The Moore–Penrose pseudoinverse (`torch.linalg.pinv`), `[…, m, n]` to `[…, n, m]`: the inverse if it exists, else the
 * matrix that gives the solutions of {@link lstsq}. Its gradient assumes a constant rank.
 * @throws {ShapeError} if there are no matrices, or not square ones with `hermitian`; {@link LinAlgError} if A has
 * elements that are not finite; {@link DtypeError} for integers; {@link ValueError} if a tolerance is below 0.
 */
export function pinv(A: Tensor, options: Tolerances = {}): Tensor {
  requireMatrices('pinv', A);
  const { rows } = partsOf('pinv', A.sizes);
  const { rtol, atol } = tolerances('pinv', A, options);
  const a = options.hermitian ? fromLower('pinv', A) : A;
  const one = empty([rows, rows], A.dtype);
  makeIdentity(one.memory, 0, rows, rows);
  const parts = decomposed('pinv', a);
  return leastSquares.lstsq(a, one.expand([...A.sizes.slice(0, -2), rows, rows]), { rtol, atol, parts }, false);
}
