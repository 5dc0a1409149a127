import { inTurns, turn, until } from '../../cancellation';
import { DtypeError, IndexError, ShapeError, ValueError } from '../../errors';
import { sortedPositions, startsOfOthers } from '../../kernels/order';
import { ascending, insertionPoint, sorted, wholeNumbers } from '../../kernels/sort';
import { type NumberArray, numel } from '../../kernels/strides';
import { checkDim, formatShape, type Shape, sameShape } from '../../tensor/shape';
import { empty, fresh, packed, Tensor } from '../../tensor/tensor';
import { checkedIndex } from '../indexing/gather';
import { requireFloat, requireNumber, requireOneOf, requireSizes, requireTensor } from '../table/arguments';
import { defineComposites } from '../table/define';
import { asPositions } from '../table/positions';

declare module '../../tensor/tensor' {
  interface Tensor extends Searching {}
}

/** Options of {@link Searching.bucketize}. */
export interface BucketizeOptions {
  /** Has no effect: positions are `int32` in any case. */
  outInt32?: boolean;
  /** Whether a value equal to a boundary goes after it; default `false`. */
  right?: boolean;
}

/** Options of {@link searchsorted}. */
export interface SearchsortedOptions extends BucketizeOptions {
  /** `'right'` is the same as `right: true`, `'left'` (default) as `right: false`. */
  side?: 'left' | 'right';
  /** Positions that sort the sequence, if it is not sorted itself (see `argsort`). */
  sorter?: Tensor | null;
}

/** Options of {@link Searching.bincount}. */
export interface BincountOptions {
  /** Weight of each element; default 1. */
  weights?: Tensor | null;
  /** The result has at least this many elements; default 0. */
  minlength?: number;
}

/** Options of {@link Searching.unique}. */
export interface UniqueOptions {
  /** Has no effect: the elements are always in ascending order. */
  sorted?: boolean;
  /** Whether to return, for each element, its index among the distinct ones. */
  returnInverse?: boolean;
  /** Whether to return the number of occurrences. */
  returnCounts?: boolean;
  /** Compare whole entries along this dimension instead of elements. */
  dim?: number | null;
}

/** Searching and counting. */
export interface Searching {
  /**
   * For each element the number of entries of `boundaries`, a sorted vector, below it, or, with `right`, below or equal
   * (`torch.bucketize`). Returns `int32`.
   * @throws {ShapeError} if `boundaries` is not a vector.
   */
  bucketize(boundaries: Tensor, options?: BucketizeOptions): Tensor;
  /**
   * Number of occurrences of 0, 1, 2, … in a vector of integers, or the sum of their `weights` (`torch.bincount`).
   * Returns `int32`, `float32` for `float32` weights, and `float64` for others.
   * @throws {ShapeError} if the tensor is not a vector, or the weights have another shape; {@link DtypeError} if it is
   * not an integer tensor; {@link ValueError} if an element is negative.
   */
  bincount(options?: BincountOptions): Tensor;
  /**
   * The distinct elements, in ascending order (`torch.unique`); with `dim` the distinct entries along it. On request
   * followed by the index of each element among them, and the counts, both `int32`.
   * @throws {IndexError} for an unknown dimension.
   */
  unique(options?: UniqueOptions & { returnInverse?: false; returnCounts?: false }): Tensor;
  unique(options: UniqueOptions): Tensor[];
  /**
   * Number of elements in each of `bins` intervals of equal length from `min` to `max`, the last including its end
   * (`torch.histc`). Elements outside are ignored. By default, and if both are equal, the range is from the least to
   * the largest element. Returns the tensor's dtype, without gradient.
   * @throws {DtypeError} for integers; {@link ValueError} for no bins, a `max` below `min`, or a range that is not finite.
   */
  histc(bins?: number, min?: number, max?: number): Tensor;
}

/**
 * The position to insert each of the `values` in a sorted sequence (`torch.searchsorted`): the number of elements below
 * it, or, with `right`, below or equal. The sequence is a vector, or has one along its last dimension for each row of
 * `values`. Returns `int32`.
 * @throws {ShapeError} if sequence and values, or sequence and sorter, do not fit; {@link ValueError} if `side` and
 *   `right` contradict each other; {@link IndexError} if a position of the sorter is out of range.
 */
export function searchsorted(
  sortedSequence: Tensor,
  values: Tensor | number,
  options: SearchsortedOptions = {},
): Tensor {
  const { right = false, side, sorter = null } = options;
  if (side !== undefined) requireOneOf('searchsorted', { side }, ['left', 'right']);
  if (side === 'left' && right) throw new ValueError("searchsorted: side 'left' and right: true contradict each other");
  if (!(values instanceof Tensor)) requireNumber('searchsorted', 'the values, unless they are a tensor,', values);
  const x = values instanceof Tensor ? values : fresh(Float64Array.of(values), [], 'float64');
  const { sizes: shape } = sortedSequence;
  const n = shape[shape.length - 1];
  if (shape.length === 0) throw new ShapeError('searchsorted: the sequence is a single number; it must be a vector');
  if (shape.length > 1 && !sameShape(shape.slice(0, -1), x.sizes.slice(0, -1)))
    throw new ShapeError(
      `searchsorted: a sequence of shape ${formatShape(shape)} does not fit values of shape ${formatShape(x.sizes)}; ` +
        'it must be a vector, or differ in the last dimension alone',
    );
  if (sorter !== null) requireTensor('searchsorted', sorter, 'the sorter');
  if (sorter !== null && !sameShape(sorter.sizes, shape))
    throw new ShapeError(
      `searchsorted: a sorter of shape ${formatShape(sorter.sizes)} for a sequence of shape ${formatShape(shape)}; ` +
        'both must have the same shape',
    );
  const order = sorter === null ? null : checkedIndex('searchsorted', sorter, n).memory;
  const { memory: sequence, offset: start } = packed(sortedSequence);
  const { memory: wanted, offset: from } = packed(x);
  const y = empty(x.sizes, 'int32');
  const { memory: out } = y;
  const perRow = shape.length === 1 ? out.length : x.sizes[x.ndim - 1];
  for (let i = 0; i < out.length; i++) {
    const row = Math.floor(i / perRow) * n;
    out[i] = insertionPoint(
      sequence,
      start + row,
      n,
      wanted[from + i],
      right || side === 'right',
      order === null ? (k) => k : (k) => order[row + k],
    );
    turn(64);
  }
  return y;
}

/** Returns the entries along dimension `d` as rows of numbers. */
function rowsAlong(x: Tensor, d: number): { data: NumberArray; offset: number; count: number; width: number } {
  const { memory: data, offset } = packed(x.detach().permute([d, ...[...x.sizes.keys()].filter((i) => i !== d)]));
  return { data, offset, count: x.sizes[d], width: numel(x.sizes) / Math.max(x.sizes[d], 1) };
}

/** Options of {@link isin}. */
export interface IsinOptions {
  /** Declares that neither argument has duplicates; the result is the same; default `false`. */
  assumeUnique?: boolean;
  /** Whether to return the negation; default `false`. */
  invert?: boolean;
}

/**
 * Whether each of the `elements` is among `testElements` (`torch.isin`), in the shape of `elements`; NaN equals
 * nothing. One of both may be a number.
 * @example
 * isin(tensor([1, 2, 3]), tensor([3, 1])).tolist() // [true, false, true]
 * @throws {ValueError} unless one of both is a tensor.
 */
export function isin(elements: Tensor | number, testElements: Tensor | number, options: IsinOptions = {}): Tensor {
  const { invert = false } = options;
  if (!(testElements instanceof Tensor)) requireNumber('isin', 'testElements, unless it is a tensor,', testElements);
  if (!(elements instanceof Tensor)) requireNumber('isin', 'elements, unless it is a tensor,', elements);
  const [x, among] = [elements, testElements];
  if (!(x instanceof Tensor) && !(among instanceof Tensor))
    throw new ValueError('isin: elements or testElements must be a tensor, got two numbers');
  // A number is rounded to float32 if the other argument has that dtype.
  const listOf = (given: Tensor | number, other: Tensor | number): ArrayLike<number> =>
    given instanceof Tensor ? given.toArray() : [(other as Tensor).dtype === 'float32' ? Math.fround(given) : given];
  const known = new Set(Array.from(listOf(among, x)));
  known.delete(Number.NaN);
  const values = listOf(x, among);
  const y = empty(x instanceof Tensor ? x.sizes : [], 'bool');
  const { memory } = y;
  for (let i = 0; i < values.length; )
    for (const end = until(i, values.length, 4); i < end; i++) memory[i] = Number(known.has(values[i]) !== invert);
  return y;
}

defineComposites<Searching>({
  histc(bins = 100, min = 0, max = 0) {
    requireFloat('histc', this);
    requireSizes('histc', { bins });
    requireNumber('histc', 'min', min);
    requireNumber('histc', 'max', max);
    let [from, to] = [Number(min), Number(max)];
    const values = this.toArray();
    if (from === to && values.length > 0) [from, to] = [this.detach().amin().item(), this.detach().amax().item()];
    if (from === to) [from, to] = [from - 1, to + 1];
    if (!Number.isFinite(from) || !Number.isFinite(to) || to < from)
      throw new ValueError(
        `histc: the range from ${from} to ${to} has no ${bins} intervals; give min and max, finite numbers in this order`,
      );
    const round = this.dtype === 'float32' ? Math.fround : Number;
    [from, to] = [round(from), round(to)];
    const y = empty([bins], this.dtype);
    const { memory: counts } = y;
    for (let i = 0; i < values.length; )
      for (const end = until(i, values.length, 4); i < end; i++) {
        const v = values[i];
        if (!(v >= from && v <= to)) continue;
        // Rounded after each step, as in PyTorch, which matters at the edges.
        const at = Math.trunc(round(round(round(v - from) * bins) / round(to - from)));
        counts[Math.min(at, bins - 1)]++;
      }
    return y;
  },
  bucketize(boundaries, options = {}) {
    if (boundaries.ndim !== 1)
      throw new ShapeError(`bucketize: the boundaries must be a vector, got shape ${formatShape(boundaries.sizes)}`);
    return searchsorted(boundaries, this, options);
  },
  bincount({ weights = null, minlength = 0 } = {}) {
    if (this.ndim !== 1) throw new ShapeError(`bincount: needs a vector, got shape ${formatShape(this.sizes)}`);
    requireSizes('bincount', { minlength }, 0);
    if (weights !== null && !sameShape(weights.sizes, this.sizes))
      throw new ShapeError(
        `bincount: weights of shape ${formatShape(weights.sizes)} for numbers of shape ${formatShape(this.sizes)}`,
      );
    const numbers = asPositions('bincount', this, 'the input').toArray();
    let length = minlength;
    for (const i of numbers) {
      turn(4);
      if (i < 0) throw new ValueError(`bincount: ${i} is negative; only 0, 1, 2, … can be counted`);
      length = Math.max(length, i + 1);
    }
    const each = weights?.toArray();
    const y = empty([length], weights === null ? 'int32' : weights.dtype === 'float32' ? 'float32' : 'float64');
    const { memory: data } = y;
    for (let i = 0; i < numbers.length; )
      for (const end = until(i, numbers.length); i < end; i++) data[numbers[i]] += each === undefined ? 1 : each[i];
    return y;
  },
  unique({ returnInverse = false, returnCounts = false, dim }: UniqueOptions = {}) {
    const all = dim === undefined || dim === null;
    const x = all ? this.detach().reshape(-1) : this.detach();
    if (!all && this.ndim === 0) throw new IndexError('unique: dim is given, but the tensor has no dimensions');
    const d = all ? 0 : checkDim('unique', dim, this.ndim);
    const { data, offset, count, width } = rowsAlong(x, d);
    // NaN differs from itself, too.
    const startsOfEntries = (at: Uint32Array) =>
      new Int32Array(
        wholeNumbers(count).filter((i) => {
          turn(16);
          return i === 0 || compare(at[i - 1], at[i]) !== 0 || Number.isNaN(data[offset + at[i] * width]);
        }),
      );
    const compare = (i: number, j: number) => {
      for (let k = 0; k < width; k++) {
        const c = ascending(data[offset + i * width + k], data[offset + j * width + k]);
        if (c !== 0) return c;
      }
      return 0;
    };
    const order = width === 1 ? sortedPositions(data, offset, count, false) : sorted(wholeNumbers(count), compare);
    const starts = width === 1 ? startsOfOthers(data, offset, order) : startsOfEntries(order);
    const firsts = new Int32Array(starts.length);
    const counts = new Int32Array(returnCounts ? starts.length : 0);
    inTurns(starts.length, 2, (from, to) => {
      for (let i = from; i < to; i++) firsts[i] = order[starts[i]];
      if (returnCounts) for (let i = from; i < to; i++) counts[i] = (starts[i + 1] ?? count) - starts[i];
    });
    const inverse = new Int32Array(returnInverse ? count : 0);
    if (returnInverse)
      for (let i = 0, place = -1; i < count; )
        for (const end = until(i, count, 4); i < end; i++) {
          if (i === starts[place + 1]) place++;
          inverse[order[i]] = place;
        }
    const whole = (values: Int32Array, shape: Shape) => fresh(values, shape, 'int32');
    const found = [x.indexSelect(d, whole(firsts, [firsts.length]))];
    if (returnInverse) found.push(whole(inverse, all ? this.sizes : [count]));
    if (returnCounts) found.push(whole(counts, [counts.length]));
    return (found.length === 1 ? found[0] : found) as Tensor & Tensor[];
  },
});
