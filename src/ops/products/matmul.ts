import { turn } from '../../cancellation';
import { DtypeError, ShapeError } from '../../errors';
import { multiply } from '../../kernels/products';
import { matmulRows } from '../../kernels/products/loops';
import type { Matrix } from '../../kernels/products/strided-matrix';
import { collapse, contiguousStride, type NumberArray, numel, Odometer } from '../../kernels/strides';
import { isFloat, resultType } from '../../tensor/dtype';
import { broadcastShapes, broadcastStride, formatShape, type Shape } from '../../tensor/shape';
import { forwards, packed, type Tensor, unset } from '../../tensor/tensor';
import { requireTensor } from '../table/arguments';
import { defineOps } from '../table/define';
import { bilinear, exactProduct } from '../table/exact-integers';
import type { BatchedCall } from '../table/rule';

declare module '../../tensor/tensor' {
  interface Tensor extends MatrixProducts {}
}

/** Products of matrices. */
export interface MatrixProducts {
  /**
   * Matrix product (`torch.matmul`): for two vectors their dot product, for matrices `y_{ij} = Σ_k a_{ik} b_{kj}`. With
   * more dimensions, it multiplies the matrices in the last two, and the others broadcast.
   * @throws {ShapeError} if the inner dimensions differ, or an operand is a scalar; {@link ValueError} if a sum of
   * integers overflows `int32`.
   */
  matmul(other: Tensor): Tensor;
}

/** Returns the operands' shapes, with a vector as a row (left) or column (right), and the result's. */
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
 * Returns the shape of a product.
 * @throws {ShapeError} unless the operands have the given ranks, equal batches, and matching inner dimensions.
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
 * Returns the matrix product, without history.
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ or are bool;
 * {@link ValueError} if a product of integers overflows int32.
 * @internal
 */
export function product(op: string, a: Tensor, b: Tensor): Tensor {
  requireTensor(op, b, 'the second operand');
  const shapes = plan(op, a.sizes, b.sizes);
  checkSameDtype(op, a, b);
  const inner = shapes.a[shapes.a.length - 1];
  return bilinear(op, a, b, inner, (x, z) => multiplied(shapes, x, z));
}

/**
 * {@link product} of int32 in float64: exact up to 2⁵³, rounded once beyond.
 * @internal
 */
export function wideProduct(op: string, a: Tensor, b: Tensor): Tensor {
  const shapes = plan(op, a.sizes, b.sizes);
  return exactProduct(op, a, b, shapes.a[shapes.a.length - 1], (x, z) => multiplied(shapes, x, z));
}

function multiplied(shapes: Plan, a: Tensor, b: Tensor): Tensor {
  const y = unset(shapes.shape, a.dtype);
  if (!isFloat(a.dtype)) multiplyBytes(y.memory, shapes, packed(a), packed(b));
  else if (a.ndim === 2 && b.ndim === 2)
    multiply(a.sizes[0], b.sizes[1], a.sizes[1], matrixOf(a), matrixOf(b), y.memory, 0);
  else multiplyBatch(y.memory, shapes, a, b);
  return y;
}

/**
 * Returns the last two dimensions of a tensor as a matrix; a vector as a row, or as a column.
 * @internal
 */
export function matrixOf(x: Tensor, isColumn = false): Matrix {
  const { memory, offset, sizes: shape, steps: stride, ndim } = forwards(x);
  if (ndim === 1)
    return isColumn ? { memory, offset, row: stride[0], col: 1 } : { memory, offset, row: 0, col: stride[0] };
  // The stride of a single column is arbitrary; with 1, rows count as contiguous.
  return { memory, offset, row: stride[ndim - 2], col: shape[ndim - 1] === 1 ? 1 : stride[ndim - 1] };
}

type Plan = ReturnType<typeof plan>;

function multiplyBatch(y: NumberArray, { a, b, batch }: Plan, first: Tensor, second: Tensor): void {
  const [x, z] = [forwards(first), forwards(second)];
  const [m, k] = a.slice(-2);
  const n = b[b.length - 1];
  const left = matrixOf(x);
  const right = matrixOf(z, z.ndim === 1);
  const [xs, zs] = [x, z].map((t) => broadcastStride(t.sizes.slice(0, -2), t.steps.slice(0, -2), batch));
  // Matrices with the same right factor and evenly spaced rows form one tall matrix.
  const rows = collapse([...batch, m], [[...xs, left.row]]);
  if (zs.every((s) => s === 0) && rows.shape.length === 1) {
    const tall = { ...left, row: rows.strides[0][0] };
    multiply(numel(batch) * m, n, k, tall, right, y, 0);
    return;
  }
  let to = 0;
  for (const walk = new Odometer(batch, [xs, zs], [left.offset, right.offset], 0); walk.goes; walk.next()) {
    multiply(m, n, k, { ...left, offset: walk.at[0] }, { ...right, offset: walk.at[1] }, y, to);
    to += m * n;
    turn(64);
  }
}

/** Multiplies row-major operands of bytes; the result has the last 8 bits. */
function multiplyBytes(y: NumberArray, { a, b, batch }: Plan, x: Tensor, z: Tensor): void {
  const [m, k] = a.slice(-2);
  const n = b[b.length - 1];
  // Along a broadcast batch dimension, matrices are reused.
  const [xs, zs] = [a, b].map((shape) => {
    const lead = shape.slice(0, -2);
    const size = shape[shape.length - 2] * shape[shape.length - 1];
    return broadcastStride(lead, contiguousStride(lead), batch).map((s) => s * size);
  });
  let to = 0;
  for (const walk = new Odometer(batch, [xs, zs], [x.offset, z.offset], 0); walk.goes; walk.next()) {
    matmulRows(m, n, k, x.memory, walk.at[0], z.memory, walk.at[1], y, to);
    to += m * n;
  }
}

/** @throws {DtypeError} if the dtypes of two operands differ, or are bool, which cannot be summed. @internal */
export function checkSameDtype(op: string, a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype)
    throw new DtypeError(
      `${op}: both operands must have the same dtype, got ${a.dtype} and ${b.dtype}; convert one with to('${resultType(a, b)}')`,
    );
  if (a.dtype === 'bool') throw new DtypeError(`${op}: bool tensors have no sums; convert them with to('int32')`);
}

/** Flattens all dimensions but the last. @internal */
export function asRows(x: Tensor): Tensor {
  const last = x.sizes[x.ndim - 1];
  return x.reshape([numel(x.sizes.slice(0, -1)), last]);
}

/** Multiplies all examples: as rows of one matrix, or as matrices of one batch. */
function productsInEach(c: BatchedCall): unknown {
  const [a, b] = [c.tensor(0), c.tensor(1)];
  const [n, m] = [a.ndim, b.ndim];
  if (n === 0 || m === 0) return undefined;
  const [p, q] = [c.physical(0), c.physical(1)];
  if (!c.isBatched(1) && m <= 2) return c.run(p, q);
  if (!c.isBatched(0)) {
    if (m === 1 && n === 1) return c.run(q, p);
    if (m === 1 && n === 2) return c.run(q, p.transpose(0, 1));
    if (m > 1 && (n <= 2 || n < m)) return c.run(p, q);
  }
  const ndim = Math.max(n, m, 2);
  const left = c.aligned(n === 1 ? a.unsqueeze(0) : a, ndim);
  const right = c.aligned(m === 1 ? b.unsqueeze(1) : b, ndim);
  let y = c.run(left, right) as Tensor;
  if (m === 1) y = y.squeeze(-1);
  return n === 1 ? y.squeeze(m === 1 ? -1 : -2) : y;
}

const names: Record<string, string> = { '1,1': 'DotBackward0', '2,1': 'MvBackward0', '2,2': 'MmBackward0' };

defineOps<MatrixProducts>({
  matmul: {
    torch: { name: 'matmul', params: ['input', 'other'] },
    math: 'y = a\\, b',
    vjpMath: { a: '\\bar y\\, b^{\\top}', b: 'a^{\\top} \\bar y' },
    saves: { a: ['b'], b: ['a'] },
    shape: (a, b) => plan('matmul', a, b).shape,
    forward: (a, b) => product('matmul', a, b),
    jvp: 'multilinear',
    batch: productsInEach,
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
        // The cases of a batch that share this matrix are rows of one matrix.
        if (a.ndim > 2 && shapeB.length === 2) return asRows(a).t().matmul(asRows(dy));
        const left = row ? a.unsqueeze(0) : a;
        const columns = shapeB.length === 1 ? dy.unsqueeze(-1) : dy;
        const db = left.mT.matmul(row ? columns.unsqueeze(-2) : columns);
        return shapeB.length === 1 ? db.squeeze(-1) : db;
      },
    },
    gradFn: ({ shape, shapeB }) => names[`${shape.length},${shapeB.length}`] ?? 'BmmBackward0',
    samples: [
      '2x3 3x4',
      '3 3',
      '2x3 3',
      '3 3x2',
      '2x2x3 3x2',
      '2x3 2x3x2',
      '2x1x2x3 3x3x2',
      '3 2x3x2',
      '2x2x3 3',
      '0x3 3x2',
      '2x0 0x2',
    ],
  },
});
