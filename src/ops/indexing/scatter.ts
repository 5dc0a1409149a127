import { noTensor } from '../../describe';
import { DtypeError, ShapeError, ValueError } from '../../errors';
import { checkElement } from '../../kernels/int32';
import { full } from '../../tensor/creation';
import { isFloat } from '../../tensor/dtype';
import { broadcastShapes, checkDim, formatShape, type Shape, sameShape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { checkFits } from '../filling/copying';
import { requireDtypeOf, requireOneOf, requireTensor } from '../table/arguments';
import { defineComposites } from '../table/define';
import { requireExact } from '../table/exact-integers';
import { checkWritable } from '../table/inplace';
import { entries, lookup, lookupInRows, sizeAlong, truePositions } from './gather';
import type { Places } from './places';
import { type ReduceOptions, type Reducing, reducers } from './scatter-reduce';

declare module '../../tensor/tensor' {
  interface Tensor extends Scattering {}
}

/** Options of {@link Scattering.scatter}. */
export interface ScatterOptions {
  /** How to combine values with the elements: add or multiply; without it they replace them. */
  reduce?: 'add' | 'multiply';
}

/** Options of {@link Scattering.indexAdd}. */
export interface IndexAddOptions {
  /** Factor of the source; default 1. */
  alpha?: number;
}

/** Writing elements at the positions of an index; only methods that end in `_` modify the tensor itself. */
export interface Scattering {
  /**
   * Writes the elements of `src`, or one number, at the positions of `index` along `dim` (`torch.scatter`): for three
   * dimensions and `dim` 1, `y_{i, index_{ijk}, k} = src_{ijk}`. The index has as many dimensions as the tensor and
   * `src`. It must not be longer than them, except along `dim` than the tensor. Of duplicate positions the last one
   * counts.
   * @throws {ValueError} if the index has fractions, or for another `reduce`; {@link DtypeError} if the dtypes of
   * tensor and `src` differ; {@link ShapeError} if the shapes do not fit; {@link IndexError} if a position is out of
   * range.
   */
  scatter(dim: number, index: Tensor, src: Tensor | number, options?: ScatterOptions): Tensor;
  scatter_(dim: number, index: Tensor, src: Tensor | number, options?: ScatterOptions): Tensor;
  /**
   * Adds the elements of `src` at the positions of `index` along `dim` (`torch.scatter_add`); see
   * {@link Scattering.scatter}.
   * @throws as `scatter` does.
   */
  scatterAdd(dim: number, index: Tensor, src: Tensor): Tensor;
  scatterAdd_(dim: number, index: Tensor, src: Tensor): Tensor;
  /**
   * Combines the elements of `src` with those at the positions of `index` along `dim` (`torch.scatter_reduce`): their
   * sum, product, mean, largest or smallest, with the tensor's own element (`includeSelf`, default) or without it.
   * @throws as `scatter` does.
   */
  scatterReduce(dim: number, index: Tensor, src: Tensor, reduce: Reducing, options?: ReduceOptions): Tensor;
  scatterReduce_(dim: number, index: Tensor, src: Tensor, reduce: Reducing, options?: ReduceOptions): Tensor;
  /**
   * Adds the entries of `source` to those along `dim` at the positions of `index`, a vector (`torch.index_add`).
   * @throws {ValueError} if the index has fractions; {@link DtypeError} if the dtypes of tensor and `source` differ;
   * {@link ShapeError} if the shapes do not fit; {@link IndexError} if a position is out of range.
   */
  indexAdd(dim: number, index: Tensor, source: Tensor, options?: IndexAddOptions): Tensor;
  indexAdd_(dim: number, index: Tensor, source: Tensor, options?: IndexAddOptions): Tensor;
  /**
   * Replaces the entries along `dim` at the positions of `index`, a vector, by those of `source` (`torch.index_copy`).
   * @throws as `indexAdd` does.
   */
  indexCopy(dim: number, index: Tensor, source: Tensor): Tensor;
  indexCopy_(dim: number, index: Tensor, source: Tensor): Tensor;
  /**
   * Fills the entries along `dim` at the positions of `index`, a vector, with `value` (`torch.index_fill`); negative
   * positions count from the end.
   * @throws {ValueError} if the index has fractions; {@link ShapeError} if `value` is not a scalar; {@link IndexError}
   * if a position is out of range.
   */
  indexFill(dim: number, index: Tensor, value: Tensor | number): Tensor;
  indexFill_(dim: number, index: Tensor, value: Tensor | number): Tensor;
  /**
   * Replaces the elements where `mask` is true by the elements of `source`, one after another
   * (`torch.masked_scatter`); tensor and mask broadcast.
   * @throws {DtypeError} if the mask is not `bool`, or the dtypes differ; {@link ShapeError} if the shapes do not
   *   broadcast; {@link ValueError} if `source` has too few elements.
   */
  maskedScatter(mask: Tensor, source: Tensor): Tensor;
  maskedScatter_(mask: Tensor, source: Tensor): Tensor;
}

/** Returns the part of `src` that an index covers. @throws {ShapeError} if `src` is smaller. */
function covered(op: string, x: Tensor, index: Tensor, src: Tensor): Tensor {
  requireTensor(op, src, 'src');
  requireDtypeOf(op, x, { src }, 'the tensor');
  if (index.numel() === 0) return src.reshape(-1).narrow(0, 0, 0).reshape(index.sizes);
  const shapes = [index.sizes, src.sizes].map((s) => (s.length === 0 ? [1] : s));
  if (shapes[0].length !== shapes[1].length || shapes[0].some((n, d) => n > shapes[1][d]))
    throw new ShapeError(
      `${op}: an index of shape ${formatShape(index.sizes)} is too large for src of shape ${formatShape(src.sizes)}`,
    );
  const part = index.sizes.reduce((t, n, d) => (n === t.sizes[d] ? t : t.narrow(d, 0, n)), src);
  return sameShape(part.sizes, index.sizes) ? part : part.reshape(index.sizes);
}

function scattered(op: string, x: Tensor, dim: number, index: Tensor, src: Tensor | number, accumulate: boolean) {
  const d = checkDim(op, dim, x.ndim);
  const places = accumulate
    ? lookupInRows(op, 'ScatterAdd', x.sizes, d, index)
    : lookup(op, 'Scatter', x.sizes, d, index);
  if (src instanceof Tensor) return { values: covered(op, x, index, src), places, accumulate };
  if (typeof src !== 'number') throw new ValueError(`${op}: src must be a tensor or a number, got ${noTensor(src)}`);
  checkElement(op, x.dtype, src);
  return { values: src, places, accumulate };
}

function reduction(x: Tensor, dim: number, index: Tensor, src: Tensor, reduce: Reducing) {
  requireTensor('scatterReduce', src, 'the src');
  requireOneOf('scatterReduce', { reduce }, Object.keys(reducers));
  const { values, places } = scattered('scatterReduce', x, dim, index, src, false);
  return { values: values as Tensor, places };
}

/** Checks that the numbers of entries match, and the other dimensions are equal. */
function checkSource(op: string, x: Tensor, d: number, places: Places, source: Tensor): void {
  requireDtypeOf(op, x, { source }, 'the tensor');
  const atLeast1 = (shape: Shape) => (shape.length === 0 ? [1] : shape);
  const want = x.ndim === 0 ? [places.at.length] : places.shape;
  if (!sameShape(atLeast1(source.sizes), atLeast1(want)))
    throw new ShapeError(
      `${op}: ${places.at.length === 0 ? 0 : sizeAlong(want, d)} positions along dimension ${d} of ${formatShape(x.sizes)} ` +
        `need a source of shape ${formatShape(want)}, got ${formatShape(source.sizes)}`,
    );
}

function copied(x: Tensor, dim: number, index: Tensor, source: Tensor) {
  const d = checkDim('indexCopy', dim, x.ndim);
  const places = entries('indexCopy', 'IndexCopy', x.sizes, d, index);
  checkSource('indexCopy', x, d, places, source);
  return { values: source, places };
}

function added(x: Tensor, dim: number, index: Tensor, source: Tensor, { alpha = 1 }: IndexAddOptions = {}) {
  const d = checkDim('indexAdd', dim, x.ndim);
  const places = entries('indexAdd', 'IndexAdd', x.sizes, d, index);
  checkSource('indexAdd', x, d, places, source);
  if (!isFloat(x.dtype) && !Number.isInteger(alpha))
    throw new DtypeError(`indexAdd: alpha is ${alpha}, but must be whole for ${x.dtype} tensors`);
  if (alpha === 1) return { values: source, places, accumulate: true };
  // The sum must fit into int32, but the terms need not.
  const wide = x.dtype === 'int32' ? source.to('float64') : source;
  const values = wide.mul(alpha);
  return { values: wide === source ? values : requireExact('indexAdd', values), places, accumulate: true };
}

function filled(x: Tensor, dim: number, index: Tensor, value: Tensor | number) {
  const d = checkDim('indexFill', dim, x.ndim);
  // A duplicate position is filled once, and sends one gradient.
  const named = entries('indexFill', 'IndexFill', x.sizes, d, index, true);
  const at = Int32Array.from(new Set(named.at));
  const places = { ...named, shape: [at.length, named.run ?? 1], at };
  if (!(value instanceof Tensor)) {
    checkElement('indexFill', x.dtype, value);
    return { values: value, places };
  }
  if (value.ndim > 0)
    throw new ShapeError(`indexFill: the value must be a single number, got shape ${formatShape(value.sizes)}`);
  return { values: value.to(x.dtype).expand(places.shape), places };
}

function masked(x: Tensor, mask: Tensor, source: Tensor) {
  requireDtypeOf('maskedScatter', x, { source }, 'the tensor');
  if (mask.dtype !== 'bool') throw new DtypeError(`maskedScatter: the mask must be a bool tensor, got ${mask.dtype}`);
  const at = truePositions('maskedScatter', mask, x.sizes);
  if (source.numel() < at.length)
    throw new ValueError(`maskedScatter: ${at.length} places are to be filled, source has ${source.numel()} elements`);
  const places = { name: 'MaskedScatter', shape: [at.length], at };
  return { values: source.reshape(-1).narrow(0, 0, at.length), places };
}

/** The values to write, their places, and whether to add. */
interface Writing {
  readonly values: Tensor | number;
  readonly places: Places;
  readonly accumulate?: boolean;
}
const write = (x: Tensor, { values, places, accumulate }: Writing) => x.writeAt(values, places, accumulate);
function writeInto(name: string, x: Tensor, { values, places, accumulate }: Writing): Tensor {
  checkWritable(name, x);
  return x.writeAt_(values, places, accumulate);
}

/** @throws {ValueError} for an unknown `reduce`. */
function isProduct(reduce: ScatterOptions['reduce']): boolean {
  if (reduce !== undefined) requireOneOf('scatter', { reduce }, ['add', 'multiply']);
  return reduce === 'multiply';
}

const factors = (x: Tensor, index: Tensor, src: Tensor | number) =>
  src instanceof Tensor ? src : full(index.sizes, src, { dtype: x.dtype });

defineComposites<Scattering>({
  scatter(dim, index, src, { reduce } = {}) {
    if (!isProduct(reduce)) return write(this, scattered('scatter', this, dim, index, src, reduce === 'add'));
    return this.scatterReduce(dim, index, factors(this, index, src), 'prod');
  },
  scatter_(dim, index, src, { reduce } = {}) {
    if (isProduct(reduce)) return this.scatterReduce_(dim, index, factors(this, index, src), 'prod');
    return writeInto('scatter_', this, scattered('scatter', this, dim, index, src, reduce === 'add'));
  },
  scatterAdd(dim, index, src) {
    return write(this, scattered('scatterAdd', this, dim, index, src, true));
  },
  scatterAdd_(dim, index, src) {
    return writeInto('scatterAdd_', this, scattered('scatterAdd', this, dim, index, src, true));
  },
  scatterReduce(dim, index, src, reduce, options = {}) {
    const { values, places } = reduction(this, dim, index, src, reduce);
    return this.reducedAt(values, places, reduce, options.includeSelf ?? true);
  },
  scatterReduce_(dim, index, src, reduce, options = {}) {
    checkWritable('scatterReduce_', this);
    const { values, places } = reduction(this, dim, index, src, reduce);
    return this.reducedAt_(values, places, reduce, options.includeSelf ?? true);
  },
  indexAdd(dim, index, source, options) {
    return write(this, added(this, dim, index, source, options));
  },
  indexAdd_(dim, index, source, options) {
    return writeInto('indexAdd_', this, added(this, dim, index, source, options));
  },
  indexCopy(dim, index, source) {
    return write(this, copied(this, dim, index, source));
  },
  indexCopy_(dim, index, source) {
    return writeInto('indexCopy_', this, copied(this, dim, index, source));
  },
  indexFill(dim, index, value) {
    return write(this, filled(this, dim, index, value));
  },
  indexFill_(dim, index, value) {
    return writeInto('indexFill_', this, filled(this, dim, index, value));
  },
  maskedScatter(mask, source) {
    const wide = this.expand(broadcastShapes('maskedScatter', this.sizes, mask.sizes));
    return write(wide, masked(wide, mask, source));
  },
  maskedScatter_(mask, source) {
    checkFits('maskedScatter_', this.sizes, mask.sizes);
    return writeInto('maskedScatter_', this, masked(this, mask, source));
  },
});
