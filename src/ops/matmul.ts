import { DtypeError, ShapeError } from '../errors';
import { matmulRows } from '../kernels/matmul';
import { contiguousStride, numel } from '../kernels/strides';
import { resultType } from '../tensor/dtype';
import { broadcastShapes, broadcastStride, formatShape, type Shape } from '../tensor/shape';
import { empty, packed, type Tensor } from '../tensor/tensor';
import { requireTensor } from './arguments';
import { defineOps } from './define';

/** Products of matrices. */
export interface MatrixProducts {
  /**
   * Matrix product (`torch.matmul`): of two vectors their dot product, of matrices `y_{ij} = Σ_k a_{ik} b_{kj}`; with
   * more dimensions a product of the matrices in the last two, the others broadcast.
   * @throws {ShapeError} if the inner dimensions differ, or an operand is a single number.
   */
  matmul(other: Tensor): Tensor;
}

/** The operands' shapes with a vector as a row (left) or column (right), and the result's. */
function plan(op: string, a: Shape, b: Shape): { a: Shape; b: Shape; batch: Shape; shape: Shape } {
  if (a.length === 0 || b.length === 0)
    throw new ShapeError(
      `${op}: both operands need at least one dimension, got ${formatShape(a)} · ${formatShape(b)}; use mul()`,
    );
  const left = a.length === 1 ? [1, a[0]] : a;
  const right = b.length === 1 ? [b[0], 1] : b;
  const inner = left[left.length - 1];
  const rows = right[right.length - 2];
  if (inner !== rows)
    throw new ShapeError(
      `${op}: inner dimensions differ: ${formatShape(a)} · ${formatShape(b)}; the first's last (${inner}) must equal ` +
        `the second's ${b.length === 1 ? 'only' : 'second-to-last'} (${rows})`,
    );
  const batch = broadcastShapes(op, left.slice(0, -2), right.slice(0, -2));
  const shape = [...batch];
  if (a.length > 1) shape.push(left[left.length - 2]);
  if (b.length > 1) shape.push(right[right.length - 1]);
  return { a: left, b: right, batch, shape };
}

const kinds: Record<number, string> = { 1: 'a vector', 2: 'a matrix', 3: 'a batch of matrices' };

/**
 * The shape of a product.
 * @throws {ShapeError} unless the operands have the given ranks, batches are equal, and there is a product.
 * @internal
 */
export function checkRanks(op: string, a: Shape, b: Shape, rankA: number, rankB: number): Shape {
  if (a.length !== rankA || b.length !== rankB || (rankA === 3 && a[0] !== b[0]))
    throw new ShapeError(
      `${op}: got shapes ${formatShape(a)} and ${formatShape(b)}; expected ${kinds[rankA]} and ${kinds[rankB]}` +
        `${rankA === 3 ? ' of the same length' : ''}; matmul() takes any`,
    );
  return plan(op, a, b).shape;
}

/**
 * The matrix product, without history.
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ or are bool.
 * @internal
 */
export function product(op: string, a: Tensor, b: Tensor): Tensor {
  requireTensor(op, b, 'the second operand');
  const shapes = plan(op, a.shape, b.shape);
  checkSameDtype(op, a, b);
  const x = packed(a);
  const z = packed(b);
  const y = empty(shapes.shape, a.dtype);
  const [m, k] = shapes.a.slice(-2);
  const n = shapes.b[shapes.b.length - 1];
  const count = numel(shapes.batch);
  // Where a batch dimension is stretched, its matrices are used again: stride 0, counted in matrices.
  const strideOf = (shape: Shape) => broadcastStride(shape, contiguousStride(shape), shapes.batch);
  const xs = strideOf(shapes.a.slice(0, -2));
  const zs = strideOf(shapes.b.slice(0, -2));
  const index = new Array<number>(shapes.batch.length).fill(0);
  for (let i = 0; i < count; i++) {
    const xo = index.reduce((sum, v, d) => sum + v * xs[d], 0) * m * k;
    const zo = index.reduce((sum, v, d) => sum + v * zs[d], 0) * k * n;
    matmulRows(m, n, k, x.data, x.offset + xo, z.data, z.offset + zo, y.data, i * m * n);
    for (let d = index.length - 1; d >= 0 && ++index[d] === shapes.batch[d]; d--) index[d] = 0;
  }
  return y;
}

/** @throws {DtypeError} if the dtypes of two operands differ, or are bool, which has no sums. @internal */
export function checkSameDtype(op: string, a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype)
    throw new DtypeError(
      `${op}: both operands must have the same dtype, got ${a.dtype} and ${b.dtype}; convert one with to('${resultType(a, b)}')`,
    );
  if (a.dtype === 'bool') throw new DtypeError(`${op}: bool tensors have no sums; convert them with to('int32')`);
}

const names: Record<string, string> = { '1,1': 'DotBackward0', '2,1': 'MvBackward0', '2,2': 'MmBackward0' };

defineOps<MatrixProducts>({
  matmul: {
    torch: 'matmul(input, other)',
    math: 'y = a\\, b',
    vjpMath: { a: '\\bar y\\, b^{\\top}', b: 'a^{\\top} \\bar y' },
    saves: { a: ['b'], b: ['a'] },
    shape: (a, b) => plan('matmul', a, b).shape,
    forward: (a, b) => product('matmul', a, b),
    vjp: {
      a: (dy, { b, shape }) => {
        const column = b.ndim === 1;
        const rows = shape.length === 1 ? dy.unsqueeze(column ? 0 : -2) : dy;
        const right = column ? b.unsqueeze(1) : b;
        const da = (column ? rows.unsqueeze(-1) : rows).matmul(right.mT);
        return shape.length === 1 ? da.squeeze(-2) : da;
      },
      b: (dy, { a, shapeB }) => {
        const row = a.ndim === 1;
        const left = row ? a.unsqueeze(0) : a;
        const columns = shapeB.length === 1 ? dy.unsqueeze(-1) : dy;
        const db = left.mT.matmul(row ? columns.unsqueeze(-2) : columns);
        return shapeB.length === 1 ? db.squeeze(-1) : db;
      },
    },
    gradFn: ({ shape, shapeB }) => names[`${shape.length},${shapeB.length}`] ?? 'BmmBackward0',
    samples: [
      {
        inputs: [
          [2, 3],
          [3, 4],
        ],
      },
      { inputs: [[3], [3]] },
      { inputs: [[2, 3], [3]] },
      { inputs: [[3], [3, 2]] },
      {
        inputs: [
          [2, 2, 3],
          [3, 2],
        ],
      },
      {
        inputs: [
          [2, 3],
          [2, 3, 2],
        ],
      },
      {
        inputs: [
          [2, 1, 2, 3],
          [3, 3, 2],
        ],
      },
      { inputs: [[3], [2, 3, 2]] },
      { inputs: [[2, 2, 3], [3]] },
      {
        inputs: [
          [0, 3],
          [3, 2],
        ],
      },
      {
        inputs: [
          [2, 0],
          [0, 2],
        ],
      },
    ],
  },
});
