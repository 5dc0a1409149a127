import { describe, noTensor } from '../../describe';
import { IndexError, ShapeError, ValueError } from '../../errors';
import { checkElement } from '../../kernels/int32';
import { contiguousStride, numel } from '../../kernels/strides';
import { layoutOf } from '../../tensor/layout';
import { broadcastShapes, broadcastStride, checkDim, formatShape, type Shape } from '../../tensor/shape';
import { Slice, slice } from '../../tensor/slice';
import { type Geometry, Tensor } from '../../tensor/tensor';
import { checkFits } from '../filling/copying';
import { requireDtypeOf, requireNumber } from '../table/arguments';
import { defineComposites, defineOps, viewing } from '../table/define';
import { checkWritable } from '../table/inplace';
import { asPositions } from '../table/positions';
import { scatterBack } from '../views/strided';
import { type BasicIndex, type Index, type PositionList, parseIndex } from './entries';
import type { Places } from './places';

declare module '../../tensor/tensor' {
  interface Tensor extends Indexing, IndexingForms {}
}

/** Indexing by positions. */
export interface Indexing {
  /**
   * The view by numbers, slices and new dimensions, with one entry per dimension. `op` is named in errors. @internal
   */
  pick(index: readonly BasicIndex[], op?: string): Tensor;
}

function picked(x: Geometry, index: readonly BasicIndex[], op = 'at'): Geometry {
  const shape: number[] = [];
  const stride: number[] = [];
  let { offset } = x;
  let d = 0;
  for (const entry of index) {
    if (entry === null) {
      shape.push(1);
      stride.push(1);
      continue;
    }
    const n = x.sizes[d];
    if (typeof entry === 'number') {
      offset += checkPosition(op, entry, n, d) * x.steps[d];
    } else {
      const clamp = (p: number) => Math.min(Math.max(p < 0 ? p + n : p, 0), n);
      const start = clamp(entry.start ?? 0);
      const end = clamp(entry.end ?? n);
      offset += start === end ? 0 : start * x.steps[d];
      shape.push(Math.max(0, Math.ceil((end - start) / entry.step)));
      stride.push(x.steps[d] * entry.step);
    }
    d++;
  }
  return { sizes: [...shape, ...x.sizes.slice(d)], steps: [...stride, ...x.steps.slice(d)], offset };
}

/** Whether an entry is more than a full slice. */
const isPart = (entry: BasicIndex) =>
  !(entry instanceof Slice && (entry.start ?? 0) === 0 && entry.end === null && entry.step === 1);

function checkPosition(op: string, p: number, n: number, dim: number): number {
  if (!Number.isInteger(p) || p < -n || p >= n)
    throw new IndexError(
      `${op}: position ${p} is out of range for dimension ${dim} of size ${n}; positions are ${-n} to ${n - 1}`,
    );
  return p < 0 ? p + n : p;
}

/**
 * Returns the places in a tensor of `shape` that lists of positions select, with one list (or `null` for all) per
 * dimension.
 */
function locate(op: string, name: string, shape: Shape, positions: readonly (Tensor | null)[]): Places {
  const listed = positions.flatMap((p, d) => (p === null ? [] : [d]));
  const lists = listed.map((d) => positions[d] as Tensor);
  const grid = lists.map((p) => p.sizes).reduce((a, b) => broadcastShapes(op, a, b));
  // Adjacent lists leave their dimensions in place; otherwise those come first (PyTorch's and NumPy's rule).
  const together = listed.every((d, i) => i === 0 || d === listed[i - 1] + 1);
  const rest = [...shape.keys()].filter((d) => !listed.includes(d));
  const before = together ? rest.filter((d) => d < listed[0]) : [];
  const after = rest.filter((d) => !before.includes(d));
  const sizes = (dims: readonly number[]) => dims.map((d) => shape[d]);
  const result = [...sizes(before), ...grid, ...sizes(after)];

  const stride = contiguousStride(shape);
  const middle = new Int32Array(numel(grid));
  lists.forEach((p, i) => {
    const d = listed[i];
    const flat = new Tensor(
      p.memory,
      layoutOf(grid, broadcastStride(p.sizes, p.steps, grid)),
      p.offset,
      p.dtype,
    ).toArray();
    for (let k = 0; k < middle.length; k++) middle[k] += checkPosition(op, flat[k], shape[d], d) * stride[d];
  });
  const outer = offsets(shape, before);
  // The dimensions after adjacent lists are a run of elements for each place.
  const inner = together ? Int32Array.of(0) : offsets(shape, after);
  const at = new Int32Array(outer.length * middle.length * inner.length);
  let k = 0;
  for (const o of outer) for (const m of middle) for (const i of inner) at[k++] = o + m + i;
  return { name, shape: result, at, run: together ? numel(sizes(after)) : 1 };
}

/** Returns offsets in a row-major tensor of `shape` of the elements along `dims`. */
function offsets(shape: Shape, dims: readonly number[]): Int32Array {
  const stride = contiguousStride(shape);
  let all = Int32Array.of(0);
  for (const d of dims) {
    const n = shape[d];
    const next = new Int32Array(all.length * n);
    for (let k = 0; k < next.length; k++) next[k] = all[Math.floor(k / n)] + (k % n) * stride[d];
    all = next;
  }
  return all;
}

/** Broadcasts values to the shape of their places. @throws {ShapeError} if they do not fit. */
function valuesFor(op: string, x: Tensor, values: Tensor | number, places: Places): Tensor | number {
  if (typeof values === 'number') {
    checkElement(op, x.dtype, values);
    return values;
  }
  if (!(values instanceof Tensor))
    throw new ValueError(`${op}: the value must be a tensor or a number, got ${noTensor(values)}`);
  requireDtypeOf(op, x, { 'the value': values }, 'the tensor');
  const shape = broadcastShapes(op, values.sizes, places.shape);
  // A value to set may have surplus leading dimensions of size 1.
  if (numel(shape) !== numel(places.shape) || (op !== 'setAt' && shape.length > places.shape.length))
    throw new ShapeError(
      `${op}: values of shape ${formatShape(values.sizes)} do not fit ${formatShape(places.shape)}, the places named`,
    );
  return values.expand(shape).reshape(places.shape);
}

defineOps<Indexing>({
  pick: {
    torch: { name: 'select', params: ['input', 'index', 'op'] },
    math: 'y_i = x_{\\pi(i)}',
    vjpMath: { x: '\\bar y \\text{ where it was taken from, else } 0' },
    saves: [],
    ...viewing(picked),
    jvp: 'linear',
    batch: (c) => {
      c.shape();
      const [, index, ...rest] = c.args as [Tensor, readonly unknown[], ...unknown[]];
      return c.run(c.physical(0), [slice(), ...index], ...rest);
    },
    vjp: { x: (dy, { shape, args: [index] }) => scatterBack(dy, shape, (x) => picked(x, index)) },
    gradFn: ({ args: [index] }) => {
      // PyTorch applies entry by entry, and skips full slices.
      const last = index.filter(isPart).pop();
      return typeof last === 'number' ? 'SelectBackward0' : last === null ? 'UnsqueezeBackward0' : 'SliceBackward0';
    },
    samples: [
      { inputs: '3x4', args: [[1]] },
      { inputs: '3x4x2', args: [[slice(1), null, -1]] },
      { inputs: '5', args: [[slice(0, 5, 2)]] },
      { inputs: '3x0', args: [[slice(0, 2)]] },
    ],
  },
});

/** Option of {@link IndexingForms.indexPut}. */
export interface IndexPutOptions {
  /** Add the values to the elements instead of replacing them; default `false`. */
  accumulate?: boolean;
}

/** Indexing as users write it. */
export interface IndexingForms {
  /**
   * Elements by position, Python's `x[…]` (`torch.Tensor.__getitem__`): `x.at(0)`, `x.at(slice(1, 5), -1)`,
   * `x.at('...', 0)`, `x.at(mask)`. Numbers, slices, `null` and `'...'` return a view; lists of positions and masks
   * return a copy.
   * @throws {IndexError} if a position is out of range, or there are more entries than dimensions.
   */
  at(...index: readonly Index[]): Tensor;
  /**
   * Overwrites the elements at `index`, in place; `value` broadcasts: Python's `x[…] = value`
   * (`torch.Tensor.__setitem__`). Returns the tensor.
   * An array is always a list of entries, one per dimension: `setAt([0, 2], v)` is `x[0, 2] = v`. A list of positions
   * is one of the entries: `setAt([[0, 2]], v)`.
   * @throws {IndexError} as `at`; {@link ShapeError} if `value` does not fit.
   */
  setAt(index: Exclude<Index, PositionList> | readonly Index[], value: Tensor | number): Tensor;
  /**
   * Replaces the elements at lists of positions, one per dimension (`null` for all of it), by `values`, which broadcast
   * (`torch.index_put`). The tensor itself is not modified, except by `indexPut_`.
   * @throws {IndexError} as `at`; {@link ShapeError} if the values do not fit; {@link DtypeError} if their dtype
   * differs.
   */
  indexPut(indices: readonly (Tensor | null)[], values: Tensor, options?: IndexPutOptions): Tensor;
  indexPut_(indices: readonly (Tensor | null)[], values: Tensor, options?: IndexPutOptions): Tensor;
  /**
   * The entry `index` along `dim`, a view without that dimension (`torch.select`).
   * @throws {IndexError} if there is no such dimension or entry.
   */
  select(dim: number, index: number): Tensor;
  /**
   * `length` entries from `start`, a number or a one-element tensor, along `dim`, a view (`torch.narrow`).
   * @throws {IndexError} if they do not exist; {@link ShapeError} for a single number.
   */
  narrow(dim: number, start: number | Tensor, length: number): Tensor;
}

/** Returns full slices before `dim`, then the entry. */
const upTo = (dim: number, entry: BasicIndex): BasicIndex[] => [...Array.from({ length: dim }, () => slice()), entry];

/** Returns the places that lists of positions and masks select. */
function placesOf(op: string, x: Tensor, indices: readonly (Tensor | null)[]): Places {
  if (!Array.isArray(indices))
    throw new ValueError(`${op}: indices are a list of tensors or null, got ${describe(indices)}`);
  const { lists } = parseIndex(
    op,
    x,
    indices.map((i) => i ?? slice()),
  );
  if (lists.every((p) => p === null)) throw new ValueError(`${op}: needs at least one list of positions or mask`);
  return locate(op, 'IndexPut', x.sizes, lists);
}

defineComposites<IndexingForms>({
  at(...index) {
    const { basic, lists } = parseIndex('at', this, index);
    const view = basic.some(isPart) ? this.pick(basic) : this;
    if (lists.some((p) => p !== null)) return view.readAt(locate('at', 'Index', view.sizes, lists));
    return view === this ? this.pick(basic) : view;
  },
  setAt(index, value) {
    const { basic, lists, isOneMask } = parseIndex('setAt', this, Array.isArray(index) ? index : [index as Index]);
    const view = this.pick(basic, 'setAt');
    checkWritable('setAt', view);
    if (lists.some((p) => p !== null)) {
      const places = locate('setAt', 'IndexPut', view.sizes, lists);
      // A scalar that fills a mask's places may have any dtype.
      const isFill = isOneMask && value instanceof Tensor && value.numel() === 1;
      view.writeAt_(valuesFor('setAt', view, isFill ? value.to(view.dtype) : value, places), places);
    } else {
      if (value instanceof Tensor) checkFits('setAt', view.sizes, value.sizes);
      else if (typeof value === 'number') checkElement('setAt', view.dtype, value);
      view.copy_(value);
    }
    return this;
  },
  indexPut(indices, values, options) {
    const places = placesOf('indexPut', this, indices);
    return this.writeAt(valuesFor('indexPut', this, values, places), places, options?.accumulate);
  },
  indexPut_(indices, values, options) {
    const places = placesOf('indexPut_', this, indices);
    checkWritable('indexPut_', this);
    return this.writeAt_(valuesFor('indexPut_', this, values, places), places, options?.accumulate);
  },
  select(dim, index) {
    if (this.ndim === 0) throw new ShapeError('select: a single number has no dimension to select from');
    const d = checkDim('select', dim, this.ndim);
    checkPosition('select', index, this.sizes[d], d);
    return this.pick(upTo(d, index), 'select');
  },
  narrow(dim, given, length) {
    if (given instanceof Tensor && given.ndim > 0)
      throw new ValueError(`narrow: the start must be a whole number or a tensor of one, got ${describe(given)}`);
    if (!(given instanceof Tensor)) requireNumber('narrow', 'the start, unless it is a tensor,', given);
    const start = given instanceof Tensor ? asPositions('narrow', given, 'the start').item() : given;
    if (this.ndim === 0) throw new ShapeError('narrow: a single number has no dimension to take entries from');
    const d = checkDim('narrow', dim, this.ndim);
    const from = start < 0 ? start + this.sizes[d] : start;
    if (!Number.isInteger(from) || !Number.isInteger(length) || from < 0 || length < 0 || from + length > this.sizes[d])
      throw new IndexError(
        `narrow: ${length} entries from ${start} do not exist in dimension ${d} of size ${this.sizes[d]}`,
      );
    return this.pick(upTo(d, slice(from, from + length)));
  },
});
