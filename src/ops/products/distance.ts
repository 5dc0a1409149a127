import { ShapeError, ValueError } from '../../errors';
import { distancesByDifferences, distancesByProduct } from '../../kernels/distances';
import { numel } from '../../kernels/strides';
import { zerosLike } from '../../tensor/creation';
import { broadcastShapes, formatShape, type Shape } from '../../tensor/shape';
import { packed, type Tensor, unset } from '../../tensor/tensor';
import { requireDtypeOf, requireFloatTensor, requireOneOf } from '../table/arguments';
import { defineFunctions } from '../table/define';

/** Options of {@link cdist}. */
export interface CdistOptions {
  /** The norm, from 0 to Infinity; default 2. */
  p?: number;
  /**
   * Whether to compute Euclidean distances by a matrix product, `√(|a|² + |b|² - 2 a·b)`: never, always, or (the
   * default) if one of the matrices has more than 25 rows. Distances of close rows are always computed by differences.
   */
  computeMode?: ComputeMode;
}

/** PyTorch's modes of computing distances. */
export type ComputeMode =
  | 'use_mm_for_euclid_dist_if_necessary'
  | 'use_mm_for_euclid_dist'
  | 'donot_use_mm_for_euclid_dist';

const computeModes: readonly ComputeMode[] = [
  'use_mm_for_euclid_dist_if_necessary',
  'use_mm_for_euclid_dist',
  'donot_use_mm_for_euclid_dist',
];

/** Distances of rows. */
export interface Distances {
  /** {@link cdist}, of tensors of one dtype. @internal */
  rowDistances(x1: Tensor, x2: Tensor, p: number, computeMode: ComputeMode): Tensor;
}

function distancesShape(a: Shape, b: Shape): Shape {
  if (a.length < 2 || b.length < 2 || a[a.length - 1] !== b[b.length - 1])
    throw new ShapeError(
      `cdist: got shapes ${formatShape(a)} and ${formatShape(b)}; expected matrices (or batches of them) ` +
        'with rows of the same length',
    );
  return [...broadcastShapes('cdist', a.slice(0, -2), b.slice(0, -2)), a[a.length - 2], b[b.length - 2]];
}

/**
 * Returns the gradient of the differences `d`, a row for each distance `y`, from the gradient `dy` of the distances.
 */
function differenceGradient(dy: Tensor, d: Tensor, y: Tensor, p: number): Tensor {
  if (p === 0) return zerosLike(d);
  if (p === 1) return dy.mul(d.sign().maskedFill(d.isnan(), Number.NaN));
  if (p === Number.POSITIVE_INFINITY) return dy.mul(d.sign()).maskedFill(d.abs().ne(y), 0);
  const far = p === 2 ? dy.mul(d) : dy.mul(p < 2 ? d.sign().mul(d.abs().pow(p - 1)) : d.mul(d.abs().pow(p - 2)));
  const distance = y.maskedFill(y.eq(0), 1);
  const slope = far.div(p === 2 ? distance : distance.pow(p - 1));
  return slope.maskedFill(p < 1 ? d.eq(0) : y.eq(0), 0);
}

const distances = defineFunctions<Distances>({
  rowDistances: {
    torch: { name: 'cdist', params: ['x1', 'x2', 'p', 'compute_mode'] },
    math: 'y_{ij} = \\lVert a_i - b_j \\rVert_p',
    vjpMath: {
      a: '\\textstyle\\sum_j \\bar y_{ij} \\nabla \\lVert a_i - b_j \\rVert_p',
      b: '-\\textstyle\\sum_i \\bar y_{ij} \\nabla \\lVert a_i - b_j \\rVert_p',
    },
    saves: ['a', 'b', 'y'],
    shape: distancesShape,
    forward: (a, b, p, computeMode) => {
      const shape = distancesShape(a.sizes, b.sizes);
      const batch = shape.slice(0, -2);
      const [m, n] = shape.slice(-2);
      const k = a.sizes[a.ndim - 1];
      const left = packed(a.detach().expand([...batch, m, k]));
      const right = packed(b.detach().expand([...batch, n, k]));
      const y = unset(shape, a.dtype);
      const byProduct =
        p === 2 && (computeMode === computeModes[0] ? m > 25 || n > 25 : computeMode === computeModes[1]);
      const count = numel(batch);
      for (let i = 0; i < count; i++) {
        const rows = { memory: left.memory, offset: left.offset + i * m * k, rows: m };
        const others = { memory: right.memory, offset: right.offset + i * n * k, rows: n };
        if (byProduct) distancesByProduct(y.memory as Float32Array | Float64Array, i * m * n, rows, others, k);
        else distancesByDifferences(y.memory, i * m * n, rows, others, k, p);
      }
      return y;
    },
    batch: (c) => {
      const [a, b] = [c.tensor(0), c.tensor(1)];
      return a.ndim === 2 && b.ndim === 2 ? c.run(c.spread(a), c.spread(b), ...c.args.slice(2)) : undefined;
    },
    vjp: {
      a: (dy, { a, b, y, args: [p] }) => gradientOfDifferences(dy, a, b, y, p).sum(-2),
      b: (dy, { a, b, y, args: [p] }) => gradientOfDifferences(dy, a, b, y, p).sum(-3).neg(),
    },
    samples: [
      ...[2, 1, 3, 1.5, 0].map((p) => ({
        inputs: '3x4 2x4',
        args: [p, computeModes[0]],
      })),
      // Rows of one element: otherwise central differences would share between equals.
      {
        inputs: '3x1 2x1',
        args: [Number.POSITIVE_INFINITY, computeModes[0]],
      },
      {
        inputs: '2x1x3x2 2x2x2',
        args: [2, computeModes[1]],
      },
      {
        inputs: '0x2 2x2',
        args: [2, computeModes[0]],
      },
    ],
  },
});

function gradientOfDifferences(dy: Tensor, a: Tensor, b: Tensor, y: Tensor, p: number): Tensor {
  return differenceGradient(dy.unsqueeze(-1), a.unsqueeze(-2).sub(b.unsqueeze(-3)), y.unsqueeze(-1), p);
}

/**
 * Distances between the rows of two matrices, `y_{ij} =
 * x1_i - x2_j
 * _p` (`torch.cdist`): from `[…, m, k]` and `[…, n, k]` to `[…, m, n]`; the first dimensions broadcast. The derivative
 * of a distance of 0 is 0.
 * @throws {ShapeError} if the rows differ in length, or there are fewer than two dimensions; {@link ValueError} if `p`
 * is below 0, or for an unknown `computeMode`; {@link DtypeError} for integers and for different dtypes.
 */
export function cdist(x1: Tensor, x2: Tensor, options: CdistOptions = {}): Tensor {
  const { p = 2, computeMode = computeModes[0] } = options;
  requireOneOf('cdist', { computeMode }, computeModes);
  requireFloatTensor('cdist', x1, 'x1');
  requireFloatTensor('cdist', x2, 'x2');
  requireDtypeOf('cdist', x1, { x2 }, 'x1');
  if (!(p >= 0)) throw new ValueError(`cdist: p is ${p}; it must be 0 or more`);
  return distances.rowDistances(x1, x2, p, computeMode);
}
