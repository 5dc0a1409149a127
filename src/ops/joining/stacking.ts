// Functions of several tensors, composed of other operations.

import { describe } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { broadcastShapes, formatShape, type Shape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { requireList, requireOneOf, requireTensor } from '../table/arguments';
import { joining } from './cat';

/** Tensors as arguments or in one list. */
export type Tensors = Tensor[] | [readonly Tensor[]];

/**
 * Returns the given tensors as a list.
 * @throws {ValueError} if there are none, or one is not a tensor.
 * @internal
 */
export function listed(op: string, given: Tensors): readonly Tensor[] {
  const tensors: readonly Tensor[] = Array.isArray(given[0]) ? [...given[0]] : (given as Tensor[]);
  if (tensors.length === 0) throw new ValueError(`${op}: needs one tensor or more, got none`);
  for (const t of tensors)
    if (!(t instanceof Tensor)) throw new ValueError(`${op}: needs one tensor or more, got ${describe(t)}`);
  return tensors;
}

function eachOf(op: string, input: Tensor | readonly Tensor[], f: (x: Tensor) => Tensor): Tensor | Tensor[] {
  if (Array.isArray(input)) return listed(op, [input]).map(f);
  requireTensor(op, input);
  return f(input as Tensor);
}

/**
 * A view with at least one dimension, or one for each tensor of a list (`torch.atleast_1d`): a scalar becomes `[1]`.
 */
export function atleast1d(input: Tensor): Tensor;
export function atleast1d(input: readonly Tensor[]): Tensor[];
export function atleast1d(input: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  return eachOf('atleast1d', input, (x) => x.atleast1d());
}

/**
 * A view with at least two dimensions, or one for each tensor of a list (`torch.atleast_2d`): a vector becomes a row,
 * `[1, n]`.
 */
export function atleast2d(input: Tensor): Tensor;
export function atleast2d(input: readonly Tensor[]): Tensor[];
export function atleast2d(input: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  return eachOf('atleast2d', input, (x) => x.atleast2d());
}

/**
 * A view with at least three dimensions, or one for each tensor of a list (`torch.atleast_3d`): `[n]` becomes `[1, n,
 * 1]`, `[m, n]` `[m, n, 1]`.
 */
export function atleast3d(input: Tensor): Tensor;
export function atleast3d(input: readonly Tensor[]): Tensor[];
export function atleast3d(input: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  return eachOf('atleast3d', input, (x) => x.atleast3d());
}

/**
 * Tensors side by side (`torch.hstack`): along dimension 1, or along the only one.
 * @throws {ShapeError} if their shapes do not fit.
 */
export function hstack(tensors: readonly Tensor[]): Tensor {
  const parts = listed('hstack', [tensors]).map((t) => t.atleast1d());
  return joining.cat(parts, parts[0].ndim === 1 ? 0 : 1);
}

/**
 * Tensors on top of each other, vectors as rows (`torch.vstack`): along dimension 0.
 * @throws {ShapeError} if their shapes do not fit.
 */
export function vstack(tensors: readonly Tensor[]): Tensor {
  return joining.cat(
    listed('vstack', [tensors]).map((t) => t.atleast2d()),
    0,
  );
}

/**
 * Concatenates tensors along dimension 2, depth (`torch.dstack`).
 * @throws {ShapeError} if their shapes do not fit.
 */
export function dstack(tensors: readonly Tensor[]): Tensor {
  return joining.cat(
    listed('dstack', [tensors]).map((t) => t.atleast3d()),
    2,
  );
}

/**
 * Tensors side by side, vectors as columns (`torch.column_stack`): along dimension 1.
 * @throws {ShapeError} if their shapes do not fit.
 */
export function columnStack(tensors: readonly Tensor[]): Tensor {
  const parts = listed('columnStack', [tensors]);
  return joining.cat(
    parts.map((t) => (t.ndim < 2 ? t.reshape(t.numel(), 1) : t)),
    1,
  );
}

/**
 * A matrix with matrices along its diagonal and zeros elsewhere (`torch.block_diag`); vectors are rows.
 * @throws {ShapeError} for a tensor of more than two dimensions.
 */
export function blockDiag(...tensors: Tensors): Tensor {
  const blocks = listed('blockDiag', tensors).map((t) => {
    if (t.ndim > 2) throw new ShapeError(`blockDiag: needs matrices, got shape ${formatShape(t.sizes)}`);
    return t.atleast2d();
  });
  const width = blocks.reduce((sum, t) => sum + t.sizes[1], 0);
  let left = 0;
  const rows = blocks.map((t) => {
    const before = left;
    left += t.sizes[1];
    return t.constantPad([before, width - left], 0);
  });
  return joining.cat(rows, 0);
}

/**
 * Views of the tensors in their broadcast shape (`torch.broadcast_tensors`).
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function broadcastTensors(...tensors: Tensors): Tensor[] {
  const given = listed('broadcastTensors', tensors);
  const shape = given.reduce<Shape>((all, t) => broadcastShapes('broadcastTensors', all, t.sizes), []);
  return given.map((t) => t.expand(shape));
}

/**
 * Concatenates tensors along `dim`, by default 0 (`torch.concat`): an alias of {@link cat}.
 * @throws as `cat` does.
 */
export function concat(tensors: readonly Tensor[], dim = 0): Tensor {
  return joining.cat(tensors, dim);
}

/** Option of {@link meshgrid}. */
export interface MeshgridOptions {
  /** `'ij'` (default): the first tensor runs along the first dimension; `'xy'`: along the second, as in plots. */
  indexing?: 'ij' | 'xy';
}

/**
 * Coordinate grids from vectors (`torch.meshgrid`): for `n` vectors, `n` views with the same n-dimensional shape.
 * @throws {ShapeError} if a tensor has more than one dimension; {@link ValueError} if there are none, or for another
 * `indexing`.
 */
export function meshgrid(tensors: readonly Tensor[], options: MeshgridOptions = {}): Tensor[] {
  const { indexing = 'ij' } = options;
  requireOneOf('meshgrid', { indexing }, ['ij', 'xy']);
  requireList('meshgrid', tensors);
  const bad = listed('meshgrid', [tensors]).find((t) => t.ndim > 1);
  if (bad !== undefined) throw new ShapeError(`meshgrid: needs vectors, got shape ${formatShape(bad.sizes)}`);
  const swap = indexing === 'xy' && tensors.length > 1;
  const given = swap ? [tensors[1], tensors[0], ...tensors.slice(2)] : tensors;
  const shape = given.map((t) => t.numel());
  const grids = given.map((t, i) => t.reshape(shape.map((n, d) => (d === i ? n : 1))).expand(shape));
  if (!swap) return grids;
  return [grids[1], grids[0], ...grids.slice(2)];
}
