import { DtypeError, IndexError, ShapeError, ValueError } from '../errors';
import { numel } from '../kernels/strides';
import { allocate } from '../tensor/dtype';
import { broadcastShapes, broadcastStride, checkDim, formatShape, type Shape } from '../tensor/shape';
import { Slice, slice } from '../tensor/slice';
import { fresh, type Geometry, Tensor } from '../tensor/tensor';
import { describe } from './combinators';
import { defineComposites, defineOps, viewForward } from './define';
import { shapeOf } from './geometry';
import { type BasicIndex, type Index, parseIndex } from './index-entries';
import { checkWritable } from './inplace';
import { checkFits } from './memory';
import { dataDependent } from './rule';
import { scatterBack } from './strided';

/** Elements by their positions. */
export interface Indexing {
  /** The view that numbers, slices and new dimensions give; one entry a dimension. @internal */
  pick(index: readonly BasicIndex[]): Tensor;
  /** The elements at lists of positions, one list (or `null` for all) a dimension. @internal */
  gatherAt(positions: readonly (Tensor | null)[]): Tensor;
  /** A copy with the elements at lists of positions replaced by `values`, or increased by them. @internal */
  putAt(values: Tensor | number, positions: readonly (Tensor | null)[], accumulate?: boolean): Tensor;
  /** In-place {@link Indexing.putAt}. @internal */
  putAt_(values: Tensor | number, positions: readonly (Tensor | null)[]): Tensor;
}

function picked(x: Geometry, index: readonly BasicIndex[]): Geometry {
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
    const n = x.shape[d];
    if (typeof entry === 'number') {
      offset += checkPosition(entry, n, d) * x.stride[d];
    } else {
      const clamp = (p: number) => Math.min(Math.max(p < 0 ? p + n : p, 0), n);
      const start = clamp(entry.start ?? 0);
      const end = clamp(entry.end ?? n);
      offset += start === end ? 0 : start * x.stride[d];
      shape.push(Math.max(0, Math.ceil((end - start) / entry.step)));
      stride.push(x.stride[d] * entry.step);
    }
    d++;
  }
  return { shape: [...shape, ...x.shape.slice(d)], stride: [...stride, ...x.stride.slice(d)], offset };
}

function checkPosition(p: number, n: number, dim: number): number {
  if (!Number.isInteger(p) || p < -n || p >= n)
    throw new IndexError(
      `at: position ${p} is out of range for dimension ${dim} of size ${n}; positions are ${-n} to ${n - 1}`,
    );
  return p < 0 ? p + n : p;
}

/** Where each element of `x.gatherAt(positions)` stands in memory, and the result's shape. */
function locate(x: Geometry, positions: readonly (Tensor | null)[]): { shape: Shape; at: Int32Array } {
  const listed = positions.flatMap((p, d) => (p === null ? [] : [d]));
  const lists = listed.map((d) => positions[d] as Tensor);
  const grid = lists.map((p) => p.shape).reduce((a, b) => broadcastShapes('index', a, b));
  // Neighbouring lists leave their dimensions in place; otherwise they come first (PyTorch's and NumPy's rule).
  const together = listed.every((d, i) => i === 0 || d === listed[i - 1] + 1);
  const rest = [...x.shape.keys()].filter((d) => !listed.includes(d));
  const before = together ? rest.filter((d) => d < listed[0]) : [];
  const after = rest.filter((d) => !before.includes(d));
  const sizes = (dims: readonly number[]) => dims.map((d) => x.shape[d]);
  const shape = [...sizes(before), ...grid, ...sizes(after)];

  const count = numel(grid);
  const listOffsets = new Int32Array(count);
  lists.forEach((p, i) => {
    const d = listed[i];
    const flat = new Tensor(p.data, grid, broadcastStride(p.shape, p.stride, grid), p.offset, p.dtype).toArray();
    for (let k = 0; k < count; k++) listOffsets[k] += checkPosition(flat[k], x.shape[d], d) * x.stride[d];
  });
  const offsets = (dims: readonly number[]) => {
    let all = [0];
    for (const d of dims) all = all.flatMap((o) => Array.from({ length: x.shape[d] }, (_, i) => o + i * x.stride[d]));
    return all;
  };
  const outer = offsets(before);
  const inner = offsets(after);
  const at = new Int32Array(numel(shape));
  let k = 0;
  for (const o of outer) for (const l of listOffsets) for (const i of inner) at[k++] = x.offset + o + l + i;
  return { shape, at };
}

defineOps<Indexing>({
  pick: {
    torch: 'select(input, index)',
    math: 'y_i = x_{\\pi(i)}',
    vjpMath: { x: '\\bar y \\text{ where it was taken from, else } 0' },
    saves: [],
    shape: (x, index) => shapeOf(picked)(x, index),
    forward: (x, index) => viewForward(picked)(x, index),
    vjp: { x: (dy, { shape, args: [index] }) => scatterBack(dy, shape, (x) => picked(x, index)) },
    isView: true,
    gradFn: ({ args: [index] }) =>
      index.some((i) => typeof i === 'number')
        ? 'SelectBackward0'
        : index.includes(null)
          ? 'UnsqueezeBackward0'
          : 'SliceBackward0',
    samples: [
      { inputs: [[3, 4]], args: [[1]] },
      { inputs: [[3, 4, 2]], args: [[slice(1), null, -1]] },
      { inputs: [[5]], args: [[slice(0, 5, 2)]] },
      { inputs: [[3, 0]], args: [[slice(0, 2)]] },
    ],
  },
  gatherAt: {
    torch: 'index(input, indices)',
    math: 'y_i = x_{\\pi(i)}',
    vjpMath: { x: '\\textstyle\\sum_{\\pi(i) = j} \\bar y_i' },
    saves: [],
    shape: dataDependent,
    forward: (x, positions) => {
      const { shape, at } = locate(x, positions);
      const y = allocate(x.dtype, at.length);
      for (let i = 0; i < at.length; i++) y[i] = x.data[at[i]];
      return fresh(y, shape, x.dtype);
    },
    vjp: {
      x: (dy, { shape, args: [positions] }) =>
        fresh(allocate(dy.dtype, numel(shape)), shape, dy.dtype).putAt(dy, positions, true),
    },
    gradFn: 'IndexBackward0',
    samples: [
      { inputs: [[3, 4]], args: [[fresh(Int32Array.of(2, 0, 2), [3], 'int32')]] },
      { inputs: [[2, 3, 2]], args: [[null, fresh(Int32Array.of(1, -1, 0, 0), [2, 2], 'int32')]] },
      {
        inputs: [[3, 3]],
        args: [[fresh(Int32Array.of(0, 1), [2], 'int32'), fresh(Int32Array.of(2, 2), [2], 'int32')]],
      },
      { inputs: [[3, 2]], args: [[fresh(new Int32Array(0), [0], 'int32')]] },
      { inputs: [[3, 0]], args: [[fresh(Int32Array.of(1, 1), [2], 'int32')]] },
    ],
  },
  putAt: {
    torch: 'index_put(input, values, indices, accumulate)',
    math: 'y = a,\\; y_{\\pi(i)} = b_i',
    vjpMath: { a: '\\bar y, \\text{ but } 0 \\text{ at } \\pi', b: '\\bar y_{\\pi(i)}' },
    saves: [],
    shape: (a) => a,
    forward: (a, values, positions, accumulate) => {
      const y = fresh(a.toArray(), a.shape, a.dtype);
      const { shape, at } = locate(y, positions);
      const wide = broadcastShapes('setAt', values instanceof Tensor ? values.shape : [], shape);
      if (numel(wide) !== at.length)
        throw new ShapeError(
          `setAt: values of shape ${formatShape(wide)} do not fit ${formatShape(shape)}, the places named`,
        );
      if (!(values instanceof Tensor) && typeof values !== 'number')
        throw new ValueError(`setAt: the value must be a tensor or a number, got ${describe(values)}`);
      if (values instanceof Tensor && values.dtype !== a.dtype)
        throw new DtypeError(
          `setAt: values of dtype ${values.dtype} for a tensor of ${a.dtype}; convert them with to('${a.dtype}')`,
        );
      const v = values instanceof Tensor ? values.detach().expand(shape).toArray() : null;
      const one = a.dtype === 'bool' ? Number(values !== 0) : (values as number);
      for (let i = 0; i < at.length; i++) {
        const value = v === null ? one : v[i];
        y.data[at[i]] = accumulate ? y.data[at[i]] + value : value;
      }
      return y;
    },
    vjp: {
      a: (dy, { args: [positions, accumulate] }) => (accumulate ? dy : dy.putAt(0, positions)),
      b: (dy, { args: [positions] }) => dy.gatherAt(positions),
    },
    inPlace: true,
    gradFn: 'IndexPutBackward0',
    samples: [
      {
        inputs: [
          [3, 4],
          [2, 4],
        ],
        args: [[fresh(Int32Array.of(2, 0), [2], 'int32')]],
      },
      {
        inputs: [
          [3, 2],
          [3, 2],
        ],
        args: [[fresh(Int32Array.of(1, 0, 1), [3], 'int32')], true],
      },
      { inputs: [[3, 4], [4]], args: [[fresh(Int32Array.of(2, 0), [2], 'int32')]] },
    ],
  },
});

/** Elements by their positions, as users write it. */
export interface IndexingForms {
  /**
   * Elements by position (Python's `x[…]`): `x.at(0)`, `x.at(slice(1, 5), -1)`, `x.at('...', 0)`, `x.at(mask)`.
   * Numbers, slices, `null` and `'...'` give a view; lists of positions and masks give a copy.
   * @throws {IndexError} if a position is out of range, or there are more entries than dimensions.
   */
  at(...index: readonly Index[]): Tensor;
  /**
   * Overwrites the elements at `index`, in place; `value` broadcasts (Python's `x[…] = value`). Returns the tensor.
   * An array is always a list of entries, one a dimension: `setAt([0, 2], v)` is `x[0, 2] = v`, and a list of positions
   * is one of the entries: `setAt([[0, 2]], v)`.
   * @throws {IndexError} as `at`; {@link ShapeError} if `value` does not fit.
   */
  setAt(index: Exclude<Index, readonly number[]> | readonly Index[], value: Tensor | number): Tensor;
  /** The entry `index` along `dim`, a view without that dimension (`torch.select`). */
  select(dim: number, index: number): Tensor;
  /** `length` entries from `start` along `dim`, a view (`torch.narrow`). @throws {IndexError} if they do not exist. */
  narrow(dim: number, start: number, length: number): Tensor;
}

/** Entries that leave the dimensions before `dim` whole. */
const upTo = (dim: number, entry: BasicIndex): BasicIndex[] => [...Array.from({ length: dim }, () => slice()), entry];

defineComposites<IndexingForms>({
  at(...index) {
    const { basic, lists } = parseIndex(this, index);
    const view = basic.every((e) => e instanceof Slice && e.start === null && e.end === null && e.step === 1)
      ? this
      : this.pick(basic);
    if (lists.some((p) => p !== null)) return view.gatherAt(lists);
    return view === this ? this.pick(basic) : view;
  },
  setAt(index, value) {
    const { basic, lists } = parseIndex(this, Array.isArray(index) ? index : [index as Index]);
    const view = this.pick(basic);
    checkWritable('setAt', view);
    if (lists.some((p) => p !== null)) view.putAt_(value, lists);
    else {
      if (value instanceof Tensor) checkFits('setAt', view.shape, value.shape);
      view.copy_(value);
    }
    return this;
  },
  select(dim, index) {
    if (this.ndim === 0) throw new ShapeError('select: a single number has no dimension to select from');
    return this.pick(upTo(checkDim('select', dim, this.ndim), index));
  },
  narrow(dim, start, length) {
    if (this.ndim === 0) throw new ShapeError('narrow: a single number has no dimension to take entries from');
    const d = checkDim('narrow', dim, this.ndim);
    const from = start < 0 ? start + this.shape[d] : start;
    if (!Number.isInteger(from) || !Number.isInteger(length) || from < 0 || length < 0 || from + length > this.shape[d])
      throw new IndexError(
        `narrow: ${length} entries from ${start} do not exist in dimension ${d} of size ${this.shape[d]}`,
      );
    return this.pick(upTo(d, slice(from, from + length)));
  },
});
