import { until } from '../../cancellation';
import { DtypeError, IndexError, ShapeError } from '../../errors';
import { mappedPositions } from '../../kernels/positions';
import { wholeNumbers } from '../../kernels/sort';
import { numel } from '../../kernels/strides';
import { layoutOf } from '../../tensor/layout';
import { broadcastShapes, broadcastStride, checkDim, formatShape, type Shape } from '../../tensor/shape';
import { fresh, Tensor } from '../../tensor/tensor';
import { defineComposites } from '../table/define';
import { asPositions } from '../table/positions';
import { type Places, placesAlong } from './places';

declare module '../../tensor/tensor' {
  interface Tensor extends Gathering {}
}

/** Options of {@link Gathering.gather}. */
export interface GatherOptions {
  /** Has no effect: gradients are never sparse here. */
  sparseGrad?: boolean;
}

/** Options of {@link Gathering.nonzero}. */
export interface NonzeroOptions {
  /** A vector of indices for each dimension instead of one matrix; default `false`. */
  asTuple?: boolean;
}

/** Lookup of elements. */
export interface Gathering {
  /**
   * Elements looked up along `dim` (`torch.gather`): for three dimensions and `dim` 1, `y_{ijk} = x_{i, index_{ijk},
   * k}`. The index has as many dimensions as the tensor, and may be longer only along `dim`.
   * @throws {ValueError} if the index has fractions; {@link ShapeError} if it does not fit; {@link IndexError} if a
   * position is out of range or negative.
   */
  gather(dim: number, index: Tensor, options?: GatherOptions): Tensor;
  /**
   * The entries along `dim` at the positions of `index`, a vector (`torch.index_select`): a copy.
   * @throws {ValueError} if the index has fractions; {@link ShapeError} if it is not a vector; {@link IndexError} if a
   * position is out of range or negative.
   */
  indexSelect(dim: number, index: Tensor): Tensor;
  /**
   * Elements looked up along `dim`, as {@link Gathering.gather} does; but the other dimensions broadcast, and negative
   * positions count from the end (`torch.take_along_dim`). Without `dim`, looks up in all elements in row-major order.
   * @throws {ValueError} if the indices have fractions; {@link ShapeError} if they do not fit; {@link IndexError} if a
   * position is out of range.
   */
  takeAlongDim(indices: Tensor, dim?: number | null): Tensor;
  /**
   * Elements by their positions in row-major order, in the shape of `index` (`torch.take`); negative ones count from the
   * end.
   * @throws {ValueError} if the index has fractions; {@link IndexError} if a position is out of range.
   */
  take(index: Tensor): Tensor;
  /**
   * The elements where `mask` is true, as a vector (`torch.masked_select`); the two broadcast.
   * @throws {DtypeError} if the mask is not `bool`; {@link ShapeError} if the shapes do not broadcast.
   */
  maskedSelect(mask: Tensor): Tensor;
  /**
   * The indices of the non-zero elements (`torch.nonzero`): a matrix with a row for each, or, with `asTuple`, a vector
   * of indices for each dimension, which `at` takes. Returns `int32`.
   */
  nonzero(options?: NonzeroOptions & { asTuple?: false }): Tensor;
  nonzero(options: NonzeroOptions): Tensor[];
  /** A matrix with a row of indices for each non-zero element (`torch.argwhere`): `nonzero()`. Returns `int32`. */
  argwhere(): Tensor;
}

/**
 * Returns the index as `int32` numbers from 0 to `n - 1`, in separate memory: the backward step reads it, and the
 * caller may modify the original.
 * @throws as {@link asPositions}; {@link IndexError} if a position is out of range.
 * @internal
 */
export function checkedIndex(op: string, index: Tensor, n: number, wrap = false): Tensor {
  const at = asPositions(op, index).toArray() as Int32Array;
  for (let i = 0; i < at.length; )
    for (const end = until(i, at.length); i < end; i++) {
      const p = at[i];
      if (p >= n || p < (wrap ? -n : 0))
        throw new IndexError(
          `${op}: position ${p} is out of range for ${n} elements; positions are ${wrap ? -n : 0} to ${n - 1}`,
        );
      if (p < 0) at[i] = p + n;
    }
  return fresh(at, index.sizes, 'int32');
}

/** Returns the size along `d`; a scalar counts as a vector of one element. */
export const sizeAlong = (shape: Shape, d: number): number => (shape.length === 0 ? 1 : shape[d]);

/**
 * Returns the places that `gather` reads and `scatter` writes.
 * @throws {ShapeError} if the index does not fit; as {@link checkedIndex}.
 * @internal
 */
export function lookup(op: string, name: string, shape: Shape, d: number, index: Tensor): Places {
  const checked = checkedIndex(op, index, sizeAlong(shape, d));
  if (index.numel() > 0) {
    if (Math.max(index.ndim, 1) !== Math.max(shape.length, 1))
      throw new ShapeError(
        `${op}: an index of shape ${formatShape(index.sizes)} for a tensor of shape ${formatShape(shape)}; ` +
          'both must have the same number of dimensions',
      );
    if (index.sizes.some((n, i) => i !== d && n > shape[i]))
      throw new ShapeError(
        `${op}: an index of shape ${formatShape(index.sizes)} is too large for a tensor of shape ${formatShape(shape)}; ` +
          `it may be longer along dimension ${d} alone`,
      );
  }
  return placesAlong(name, shape, d, checked);
}

/**
 * Returns the places that `gather` and `scatterAdd` use. Along the last dimension, with a row of positions for each row,
 * a kernel checks the positions while it reads or adds.
 * @throws as {@link lookup}.
 * @internal
 */
export function lookupInRows(op: string, name: string, shape: Shape, dim: number, index: Tensor): Places {
  const d = shape.length - 1;
  const isByRows = dim === d && index.ndim === shape.length && index.sizes.every((n, i) => i === d || n === shape[i]);
  if (!isByRows) return lookup(op, name, shape, dim, index);
  // In separate memory, see checkedIndex.
  const positions = asPositions(op, index).toArray() as Int32Array;
  let at: Int32Array | undefined;
  return {
    name,
    shape: index.sizes,
    inRows: positions,
    get at() {
      at ??= placesAlong(name, shape, d, checkedIndex(op, fresh(positions, index.sizes, 'int32'), shape[d])).at;
      return at;
    },
  };
}

/**
 * Returns the places of whole entries along `d` at the positions of the vector `index`.
 * @throws {ShapeError} if the index is not a vector; as {@link checkedIndex}.
 * @internal
 */
export function entries(op: string, name: string, shape: Shape, d: number, index: Tensor, wrap = false): Places {
  const { memory: data } = checkedIndex(op, index, sizeAlong(shape, d), wrap);
  if (index.ndim > 1) throw new ShapeError(`${op}: the index must be a vector, got shape ${formatShape(index.sizes)}`);
  const at = data as Int32Array;
  if (shape.length === 0) return { name, shape: [], at };
  // An entry is a run over all dimensions after d.
  const run = numel(shape.slice(d + 1));
  const maps = shape.slice(0, d + 1).map((n, i) => (i === d ? at : new Int32Array(wholeNumbers(n))));
  const starts = mappedPositions(shape, maps);
  for (let i = 0; i < starts.length; ) for (const end = until(i, starts.length); i < end; i++) starts[i] *= run;
  // Without `map`, see the note on whole numbers in tensor/layout.ts.
  const taken = shape.slice();
  taken[d] = at.length;
  return { name, shape: taken, at: starts, run };
}

/**
 * Returns positions in row-major order where a mask that broadcasts to `shape` is true.
 * @throws {DtypeError} if it is not `bool`.
 * @internal
 */
export function truePositions(op: string, mask: Tensor, shape: Shape): Int32Array {
  if (mask.dtype !== 'bool' && mask.dtype !== 'uint8')
    throw new DtypeError(
      `${op}: the mask must be a bool tensor, got ${mask.dtype}; make one by comparing, as in x.gt(0)`,
    );
  return nonzeroPositions(
    new Tensor(mask.memory, layoutOf(shape, broadcastStride(mask.sizes, mask.steps, shape)), mask.offset, mask.dtype),
  );
}

/** Returns positions in row-major order of the non-zero elements. @internal */
export function nonzeroPositions(x: Tensor): Int32Array {
  const values = x.toArray();
  let count = 0;
  for (let i = 0; i < values.length; )
    for (const end = until(i, values.length); i < end; i++) if (values[i] !== 0) count++;
  const at = new Int32Array(count);
  let k = 0;
  for (let i = 0; i < values.length; )
    for (const end = until(i, values.length); i < end; i++) if (values[i] !== 0) at[k++] = i;
  return at;
}

/** Returns for each dimension of `shape` the indices of the elements at row-major positions. @internal */
export function unraveled(at: Int32Array, shape: Shape): Tensor[] {
  return shape.map((n, d) => {
    const step = numel(shape.slice(d + 1));
    const column = new Int32Array(at.length);
    for (let i = 0; i < at.length; )
      for (const end = until(i, at.length, 4); i < end; i++) column[i] = Math.floor(at[i] / step) % n;
    return fresh(column, [at.length], 'int32');
  });
}

defineComposites<Gathering>({
  gather(dim, index) {
    const d = checkDim('gather', dim, this.ndim);
    return this.readAt(lookupInRows('gather', 'Gather', this.sizes, d, index));
  },
  indexSelect(dim, index) {
    const d = checkDim('indexSelect', dim, this.ndim);
    if (this.ndim === 0 && index.numel() !== 1)
      throw new IndexError(`indexSelect: a tensor of shape [] takes one position, got ${index.numel()}`);
    return this.readAt(entries('indexSelect', 'IndexSelect', this.sizes, d, index));
  },
  takeAlongDim(indices, dim) {
    if (dim === undefined || dim === null) return this.reshape(-1).takeAlongDim(indices.reshape(-1), 0);
    const d = checkDim('takeAlongDim', dim, this.ndim);
    if (indices.ndim !== this.ndim)
      throw new ShapeError(
        `takeAlongDim: indices of shape ${formatShape(indices.sizes)} for a tensor of shape ${formatShape(this.sizes)}; ` +
          'both must have the same number of dimensions',
      );
    const both = (x: Shape, size: number) => x.map((n, i) => (i === d ? size : n));
    const shape = broadcastShapes('takeAlongDim', both(this.sizes, 1), both(indices.sizes, 1));
    const wide = this.expand(both(shape, this.sizes[d]));
    const index = checkedIndex('takeAlongDim', indices, this.sizes[d], true).expand(both(shape, indices.sizes[d]));
    return wide.readAt(placesAlong('Gather', wide.sizes, d, index));
  },
  take(index) {
    const { memory: data, sizes: shape } = checkedIndex('take', index, this.numel(), true);
    return this.readAt({ name: 'Take', shape, at: data as Int32Array });
  },
  maskedSelect(mask) {
    const wide = this.expand(broadcastShapes('maskedSelect', this.sizes, mask.sizes));
    const at = truePositions('maskedSelect', mask, wide.sizes);
    return wide.readAt({ name: 'MaskedSelect', shape: [at.length], at });
  },
  nonzero({ asTuple = false }: NonzeroOptions = {}) {
    const at = nonzeroPositions(this);
    // A scalar counts as a vector only with `asTuple`.
    const columns = unraveled(at, asTuple && this.ndim === 0 ? [1] : this.sizes);
    if (asTuple) return columns as Tensor[] & Tensor;
    const data = new Int32Array(at.length * this.ndim);
    const { ndim } = this;
    columns.forEach(({ memory: column }, d) => {
      for (let i = 0; i < at.length; )
        for (const end = until(i, at.length); i < end; i++) data[i * ndim + d] = column[i];
    });
    return fresh(data, [at.length, this.ndim], 'int32') as Tensor[] & Tensor;
  },
  argwhere() {
    return this.nonzero();
  },
});
