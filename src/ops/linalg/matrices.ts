// Common parts of linear algebra: checks, and conversion between tensors and their matrices.

import { ShapeError } from '../../errors';
import { makeIdentity } from '../../kernels/decompositions/rows';
import { formatShape, type Shape } from '../../tensor/shape';
import { empty, Tensor } from '../../tensor/tensor';
import { requireFloatTensor } from '../table/arguments';
import type { BatchedCall } from '../table/rule';

/** Returns the batch shape, rows and columns. */
export function partsOf(op: string, shape: Shape): { batch: number[]; rows: number; columns: number } {
  if (shape.length < 2)
    throw new ShapeError(
      `${op}: needs a matrix or a batch of matrices, got shape ${formatShape(shape)}; unsqueeze() makes a row or a column`,
    );
  const [rows, columns] = shape.slice(-2);
  return { batch: shape.slice(0, -2), rows, columns };
}

/** @throws {ShapeError} unless the shape is one of square matrices. */
export function squareOf(op: string, shape: Shape): { batch: number[]; size: number } {
  const { batch, rows, columns } = partsOf(op, shape);
  if (rows !== columns)
    throw new ShapeError(
      `${op}: needs square matrices, got ${rows} rows and ${columns} columns (${formatShape(shape)})`,
    );
  return { batch, size: rows };
}

/** @throws {ValueError}, {@link DtypeError} or {@link ShapeError} unless it is a float tensor of matrices. */
export function requireMatrices(op: string, x: Tensor, name = 'A'): void {
  requireFloatTensor(op, x, name);
  partsOf(op, x.sizes);
}

/** As {@link requireMatrices} for square matrices. */
export function requireSquare(op: string, x: Tensor, name = 'A'): void {
  requireFloatTensor(op, x, name);
  squareOf(op, x.sizes);
}

/** Returns copies of the matrices, row by row in float64. */
export function matricesOf(x: Tensor): Float64Array[] {
  const [rows, columns] = x.sizes.slice(-2);
  const size = rows * columns;
  const count = x.sizes.slice(0, -2).reduce((n, m) => n * m, 1);
  const flat = x.toArray();
  return Array.from({ length: count }, (_, i) => new Float64Array(flat.subarray(i * size, (i + 1) * size)));
}

/** Returns a tensor of the concatenated parts. */
export function joinedParts(shape: Shape, dtype: Tensor['dtype'], parts: readonly ArrayLike<number>[]): Tensor {
  const y = empty(shape, dtype);
  let at = 0;
  for (const part of parts) {
    y.memory.set(part, at);
    at += part.length;
  }
  return y;
}

/** As {@link joinedParts} for several tensors; each part has an array for each of them. */
export function joinedAll(
  shapes: readonly Shape[],
  dtype: Tensor['dtype'],
  parts: readonly (readonly ArrayLike<number>[])[],
): Tensor[] {
  return shapes.map((shape, k) =>
    joinedParts(
      shape,
      dtype,
      parts.map((part) => part[k]),
    ),
  );
}

/** Names a matrix of a batch, for messages. */
export const placeOf = (index: number, count: number): string =>
  count === 1 ? 'the matrix' : `matrix ${index} of the batch`;

/** Returns the machine epsilon: the distance from 1 to the next number. */
export const epsilonOf = (dtype: Tensor['dtype']): number => (dtype === 'float64' ? Number.EPSILON : 2 ** -23);

/** Makes sample matrices well conditioned: adds a multiple of the identity. */
export function withInverse(x: Tensor): Tensor {
  return x.add(identityLike(x, 3));
}

/** Returns symmetric matrices from sample matrices. */
export function symmetric(x: Tensor): Tensor {
  return x.add(x.mT).div(2);
}

/** Returns a matrix with `value` on its diagonal, of the size and dtype of the matrices of `x`. */
export function identityLike(x: Tensor, value = 1): Tensor {
  const [rows, columns] = x.sizes.slice(-2);
  const y = empty([rows, columns], x.dtype);
  makeIdentity(y.memory, 0, Math.min(rows, columns), columns, value);
  return y;
}

/** Solves the equations of all examples at once, if each has one matrix on both sides. */
export function solvedInEach(c: BatchedCall): unknown {
  const [a, b] = [c.tensor(0), c.tensor(1)];
  if (a.ndim !== 2 || b.ndim !== 2 || c.args.slice(2).some((x) => x instanceof Tensor)) return undefined;
  return c.run(c.spread(a), c.spread(b), ...c.args.slice(2));
}
