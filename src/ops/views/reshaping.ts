import { describe } from '../../describe';
import { IndexError, ShapeError, ValueError } from '../../errors';
import { numel } from '../../kernels/strides';
import { checkDim, checkDims, formatShape, sameShape } from '../../tensor/shape';
import { slice } from '../../tensor/slice';
import { Tensor } from '../../tensor/tensor';
import type { Dims } from '../reduction/dims';
import { defineComposites } from '../table/define';
import type { Sizes } from '../table/rule';
import { type DiagonalOptions, inferShape, sizeList, viewGeometry } from './geometry';

declare module '../../tensor/tensor' {
  interface Tensor extends ViewForms {}
}

/** Views composed of others. */
export interface ViewForms {
  /**
   * The same elements in another shape; one size may be -1 (`torch.reshape`). It shares memory if the strides allow it,
   * else it is a copy.
   * @throws {ShapeError} if the counts differ.
   */
  reshape(...shape: Sizes): Tensor;
  /** Flattens the dimensions from `startDim` to `endDim` into one (`torch.flatten`). */
  flatten(startDim?: number, endDim?: number): Tensor;
  /** The transpose of a matrix (`torch.t`). @throws {ShapeError} for more than two dimensions. */
  t(): Tensor;
  /** Dimensions in reverse order; for a matrix its transpose (`torch.Tensor.T`). */
  readonly T: Tensor;
  /** The last two dimensions swapped (`torch.Tensor.mT`). @throws {IndexError} for fewer than two dimensions. */
  readonly mT: Tensor;
  /** Moves dimension `dim` to the end. @internal */
  movedLast(dim: number): Tensor;
  /**
   * Moves dimensions, `source[k]` to `destination[k]`; the others keep their order (`torch.movedim`).
   * @throws {IndexError} if a dimension is out of range or repeated; {@link ShapeError} for lists of different lengths.
   */
  movedim(source: Dims, destination: Dims): Tensor;
  /** Alias of {@link ViewForms.movedim} (`torch.moveaxis`). @throws as `movedim` does. */
  moveaxis(source: Dims, destination: Dims): Tensor;
  /** Alias of {@link Views.transpose} (`torch.swapaxes`, `torch.swapdims`). */
  swapaxes(axis0: number, axis1: number): Tensor;
  /**
   * Splits the dimension `dim` into dimensions of `sizes`, one of which may be -1 (`torch.unflatten`).
   * @throws {ShapeError} if the product of the sizes is not that of the dimension.
   */
  unflatten(dim: number, sizes: readonly number[]): Tensor;
  /** All elements in row-major order as a vector (`torch.ravel`). */
  ravel(): Tensor;
  /** {@link Views.view} in the shape of `other` (`torch.Tensor.view_as`). */
  viewAs(other: Tensor): Tensor;
  /** {@link ViewForms.reshape} to the shape of `other` (`torch.Tensor.reshape_as`). */
  reshapeAs(other: Tensor): Tensor;
  /** {@link Views.expand} to the shape of `other` (`torch.Tensor.expand_as`). */
  expandAs(other: Tensor): Tensor;
  /** {@link Views.expand} to the shape `size` (`torch.broadcast_to`). */
  broadcastTo(...size: Sizes): Tensor;
  /**
   * A copy whose entry `index` along `dim` is `src` (`torch.select_scatter`).
   * @throws {ShapeError} unless `src` has the shape of that entry; {@link IndexError} if there is none.
   */
  selectScatter(src: Tensor, dim: number, index: number): Tensor;
  /**
   * A copy whose entries along `dim`, from `start` up to `end` in steps, are `src` (`torch.slice_scatter`).
   * @throws {ShapeError} unless `src` has the shape of that slice.
   */
  sliceScatter(src: Tensor, options?: SliceScatterOptions): Tensor;
  /**
   * A copy whose diagonal is `src` (`torch.diagonal_scatter`).
   * @throws {ShapeError} unless `src` has the shape of that diagonal.
   */
  diagonalScatter(src: Tensor, options?: DiagonalOptions): Tensor;
  /** A view with at least one dimension: a scalar becomes `[1]`. */
  atleast1d(): Tensor;
  /** A view with at least two dimensions: a vector becomes a row, `[1, n]`. */
  atleast2d(): Tensor;
  /** A view with at least three dimensions: `[n]` becomes `[1, n, 1]`, `[m, n]` `[m, n, 1]`. */
  atleast3d(): Tensor;
}

/** Selects the slice that `sliceScatter` replaces. */
export interface SliceScatterOptions {
  /** The dimension; default 0. */
  dim?: number;
  /** The first entry; default the beginning. */
  start?: number | null;
  /** The entry after the last; default the end. */
  end?: number | null;
  /** Distance between the entries; default 1. */
  step?: number;
}

/** Returns a copy of `x` with `src` in the view that `look` returns. */
function scattered(op: string, x: Tensor, src: Tensor, look: (x: Tensor) => Tensor): Tensor {
  const y = x.clone();
  const view = look(y);
  if (!sameShape(view.sizes, src.sizes))
    throw new ShapeError(
      `${op}: src has shape ${formatShape(src.sizes)}; it takes the place of ${formatShape(view.sizes)}`,
    );
  view.copy_(src);
  return y;
}

defineComposites<Omit<ViewForms, 'T' | 'mT'>>({
  reshape(...sizes) {
    const whole = inferShape('reshape', this.numel(), sizeList(sizes));
    return (viewGeometry(this, whole) === null ? this.contiguous() : this).view(whole);
  },
  flatten(startDim = 0, endDim = -1) {
    const start = checkDim('flatten', startDim, this.ndim);
    const end = checkDim('flatten', endDim, this.ndim);
    if (this.ndim === 0) return this.reshape(1);
    if (start > end) throw new ValueError(`flatten: startDim ${startDim} comes after endDim ${endDim}`);
    const joined = numel(this.sizes.slice(start, end + 1));
    return start === end ? this : this.reshape([...this.sizes.slice(0, start), joined, ...this.sizes.slice(end + 1)]);
  },
  t() {
    if (this.ndim > 2)
      throw new ShapeError(
        `t: needs at most two dimensions, got ${formatShape(this.sizes)}; use transpose(dim0, dim1)`,
      );
    return this.transpose(0, this.ndim < 2 ? 0 : 1);
  },
  movedLast(dim) {
    return this.ndim < 2 || checkDim('movedLast', dim, this.ndim) === this.ndim - 1 ? this : this.movedim(dim, -1);
  },
  movedim(source, destination) {
    const places = (dims: Dims) => {
      const given = typeof dims === 'number' ? [dims] : dims;
      if (!Array.isArray(given))
        throw new IndexError(`movedim: dimensions are a number or a list of numbers, got ${describe(given)}`);
      // An empty list means no dimension here; for a reduction it means all.
      if (given.length > 0) checkDims('movedim', given, this.ndim);
      return given.map((d) => checkDim('movedim', d, this.ndim));
    };
    const [from, to] = [places(source), places(destination)];
    if (from.length !== to.length)
      throw new ShapeError(`movedim: ${from.length} dimensions cannot move to ${to.length} places`);
    if (this.ndim === 0) return this.permute([]);
    const others = [...this.sizes.keys()].filter((d) => !from.includes(d)).values();
    return this.permute(this.sizes.map((_, d) => (to.includes(d) ? from[to.indexOf(d)] : others.next().value!)));
  },
  moveaxis(source, destination) {
    return this.movedim(source, destination);
  },
  swapaxes(axis0, axis1) {
    return this.transpose(axis0, axis1);
  },
  unflatten(dim, sizes) {
    const d = checkDim('unflatten', dim, this.ndim);
    if (!Array.isArray(sizes)) throw new ShapeError(`unflatten: sizes are a list of numbers, got ${describe(sizes)}`);
    if (this.ndim === 0 || sizes.length === 0)
      throw new ShapeError(`unflatten: dimension ${dim} of shape ${formatShape(this.sizes)} into no sizes`);
    return this.view([
      ...this.sizes.slice(0, d),
      ...inferShape('unflatten', this.sizes[d], sizes),
      ...this.sizes.slice(d + 1),
    ]);
  },
  ravel() {
    return this.reshape(-1);
  },
  viewAs(other) {
    return this.view(other.sizes);
  },
  reshapeAs(other) {
    return this.reshape(other.sizes);
  },
  expandAs(other) {
    return this.expand(other.sizes);
  },
  broadcastTo(...size) {
    return this.expand(...size);
  },
  selectScatter(src, dim, index) {
    return scattered('selectScatter', this, src, (x) => x.select(dim, index));
  },
  sliceScatter(src, { dim = 0, start = null, end = null, step = 1 } = {}) {
    const d = checkDim('sliceScatter', dim, this.ndim);
    const before = Array.from({ length: d }, () => slice());
    return scattered('sliceScatter', this, src, (x) => x.at(...before, slice(start, end, step)));
  },
  diagonalScatter(src, options) {
    return scattered('diagonalScatter', this, src, (x) => x.diagonal(options));
  },
  atleast1d() {
    return this.ndim === 0 ? this.reshape(1) : this;
  },
  atleast2d() {
    return this.ndim < 2 ? this.atleast1d().unsqueeze(0) : this;
  },
  atleast3d() {
    return this.ndim < 3 ? this.atleast2d().unsqueeze(-1) : this;
  },
});

Object.defineProperties(Tensor.prototype, {
  T: {
    get(this: Tensor) {
      return this.permute([...this.sizes.keys()].reverse());
    },
  },
  mT: {
    get(this: Tensor) {
      return this.transpose(-2, -1);
    },
  },
});
