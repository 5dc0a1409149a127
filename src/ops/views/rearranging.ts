import { turn, until } from '../../cancellation';
import { describe } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { copyStrided } from '../../kernels/elementwise';
import { mappedPositions } from '../../kernels/positions';
import { checkDim, formatShape, type Shape } from '../../tensor/shape';
import { empty, emptyLike, fresh, type Tensor, viewWith } from '../../tensor/tensor';
import type { Dims } from '../reduction/dims';
import { requireTensor } from '../table/arguments';
import { defineComposites, defineOps } from '../table/define';
import type { Sizes } from '../table/rule';
import { checkPair, flipped, shapeOf, sizeList } from './geometry';

declare module '../../tensor/tensor' {
  interface Tensor extends Rearranging, RearrangingForms {}
}

/** Elements in another order, or repeated; copies. */
export interface Rearranging {
  /**
   * Reverses the elements along the dimensions `dims` (`torch.flip`).
   * @throws {IndexError} if a dimension is out of range or repeated.
   */
  flip(...dims: Sizes): Tensor;
  /**
   * Repeats the tensor along each dimension, like tiles; surplus repeats add leading dimensions
   * (`torch.Tensor.repeat`).
   * @throws {ShapeError} for fewer numbers than dimensions, or a negative or fractional one.
   */
  repeat(...repeats: Sizes): Tensor;
}

/** Returns the shape of `repeat`, and those of the tensor with a dimension of copies before each of its own. */
function tiled(x: Shape, repeats: readonly number[]) {
  if (repeats.length < x.length || !repeats.every((n) => Number.isInteger(n) && n >= 0))
    throw new ShapeError(
      `repeat: ${formatShape(repeats)} times for shape ${formatShape(x)}; give a whole number, 0 or more, for each dimension`,
    );
  const sizes = [...new Array<number>(repeats.length - x.length).fill(1), ...x];
  return {
    shape: sizes.map((n, d) => n * repeats[d]),
    apart: sizes.flatMap((n) => [1, n]),
    copies: sizes.flatMap((n, d) => [repeats[d], n]),
  };
}

defineOps<Rearranging>({
  flip: {
    torch: { name: 'flip', params: ['input', 'dims'] },
    math: 'y_i = x_{n-1-i}',
    vjpMath: { x: '\\bar y_{n-1-i}' },
    saves: [],
    shape: (x, dims) => shapeOf(flipped)(x, dims),
    forward: (x, dims) => {
      const y = emptyLike(x, x.dtype);
      copyStrided(x.sizes, y, viewWith(x, flipped(x, dims), false));
      return y;
    },
    jvp: 'linear',
    batch: (c) => {
      c.shape();
      const [x, dims] = c.args as [Tensor, readonly number[]];
      if (x.ndim === 0 || dims.length === 0) return c.physical(0).clone();
      return c.run(
        c.physical(0),
        dims.map((d) => c.dim(d)),
      );
    },
    vjp: { x: (dy, { args: [dims] }) => dy.flip(dims) },
    variadic: true,
    samples: [
      { inputs: '2x3', args: [[0]] },
      { inputs: '2x3x2', args: [[-1, 0]] },
      { inputs: '()', args: [[]] },
      { inputs: '0x2', args: [[0, 1]] },
    ],
  },
  repeat: {
    torch: { name: 'repeat', params: ['input', 'repeats'] },
    math: 'y_i = x_{i \\bmod n}',
    vjpMath: { x: '\\textstyle\\sum_{\\text{copies}} \\bar y' },
    saves: [],
    shape: (x, repeats) => tiled(x, repeats).shape,
    forward: (x, repeats) => {
      const { shape, apart, copies } = tiled(x.sizes, repeats);
      return fresh(x.detach().reshape(apart).expand(copies).toArray(), shape, x.dtype);
    },
    jvp: 'linear',
    batch: (c) => {
      c.shape();
      const repeats = c.args[1] as readonly number[];
      return c.run(c.aligned(c.tensor(0), repeats.length), [1, ...repeats]);
    },
    vjp: {
      x: (dy, { shape, args: [repeats] }) => {
        const { apart, copies } = tiled(shape, repeats);
        return dy.reshape(copies).sumToSize(apart).reshape(shape);
      },
    },
    variadic: true,
    samples: [
      { inputs: '2x3', args: [[2, 1]] },
      { inputs: '2', args: [[3, 1, 2]] },
      { inputs: '2x3', args: [[0, 2]] },
      { inputs: '()', args: [[2, 2]] },
      { inputs: '()', args: [[]] },
      { inputs: '0', args: [[2]] },
    ],
  },
});

/** Rearrangements by other operations. */
export interface RearrangingForms {
  /**
   * Shifts elements by `shifts` positions along `dims`, cyclically (`torch.roll`). Without `dims`, along all elements
   * in row-major order.
   * @throws {ShapeError} if there are not as many shifts as dimensions; {@link IndexError} if one is out of range.
   */
  roll(shifts: Dims, dims?: Dims): Tensor;
  /** As {@link Rearranging.repeat}, with missing leading repeats of 1 (`torch.tile`). */
  tile(...dims: Sizes): Tensor;
  /**
   * Repeats each entry along `dim` consecutively, `repeats` times, or with a tensor a number for each entry
   * (`torch.repeat_interleave`). Without `dim`, each element in row-major order.
   * @throws {ShapeError} if `repeats` is not as long as the dimension; {@link ValueError} for a negative number.
   */
  repeatInterleave(repeats: number | Tensor, dim?: number | null, options?: RepeatInterleaveOptions): Tensor;
  /** Swaps left and right, by reversing dimension 1 (`torch.fliplr`). @throws {ShapeError} if there is none. */
  fliplr(): Tensor;
  /** Swaps top and bottom, by reversing dimension 0 (`torch.flipud`). @throws {ShapeError} if there is none. */
  flipud(): Tensor;
  /**
   * A rotation by `k` quarter turns from the first dimension of `dims` towards the second, by default once in the
   * first two (`torch.rot90`).
   * @throws {IndexError} if a dimension is out of range, or both are the same.
   */
  rot90(k?: number, dims?: readonly number[]): Tensor;
}

/** Option of `repeatInterleave`. */
export interface RepeatInterleaveOptions {
  /** The size of the result along `dim`, which is checked. */
  outputSize?: number;
}

function asList(x: Dims): readonly number[] {
  if (typeof x === 'number') return [x];
  if (!Array.isArray(x)) throw new ValueError(`needs a number, or a list of numbers, got ${describe(x)}`);
  return x;
}

/** Returns the shift of each dimension. @throws as `roll` says. */
function shiftsOf(shape: Shape, shifts: Dims, dims: Dims): number[] {
  const by = asList(shifts);
  const along = asList(dims).map((d) => checkDim('roll', d, shape.length));
  if (by.length === 0) throw new ValueError('roll: needs a number of places to move by');
  for (const n of [...by])
    if (!Number.isInteger(n)) throw new ValueError(`roll: the number of places is ${describe(n)}; it must be whole`);
  if (by.length !== along.length)
    throw new ShapeError(`roll: ${by.length} shifts for ${along.length} dimensions; give one for each`);
  return shape.map((_, d) => by.reduce((sum, n, i) => (along[i] === d ? sum + n : sum), 0));
}

/** Returns for each of `n` positions the source of the entry after a shift. */
function rolled(n: number, by: number): Int32Array {
  const from = new Int32Array(n);
  for (let i = 0; i < n; ) for (const end = until(i, n, 4); i < end; i++) from[i] = (((i - by) % n) + n) % n;
  return from;
}

/** Returns for each entry of the result its source in the dimension of size `n`. */
function repeatedEntries(repeats: number | Tensor, n: number): Tensor {
  if (typeof repeats !== 'number') requireTensor('repeatInterleave', repeats, 'the number of times, unless it is one,');
  const given = typeof repeats === 'number' ? [repeats] : repeats.toArray();
  const bad = (given as number[]).find((times) => {
    turn(1);
    return !Number.isInteger(times) || times < 0;
  });
  if (bad !== undefined) throw new ValueError(`repeatInterleave: ${bad} times; give whole numbers, 0 or more`);
  if (given.length !== 1 && given.length !== n)
    throw new ShapeError(`repeatInterleave: ${given.length} numbers of times for ${n} entries; give one for each`);
  const times = (i: number) => given[given.length === 1 ? 0 : i];
  let count = given.length === 1 ? n * given[0] : 0;
  if (given.length !== 1) for (let i = 0; i < n; ) for (const end = until(i, n); i < end; i++) count += given[i];
  const result = empty([count], 'int32');
  const { memory: entries } = result;
  let at = 0;
  for (let i = 0; i < n; i++) {
    turn(1);
    for (const last = at + times(i); at < last; ) for (const end = until(at, last); at < end; at++) entries[at] = i;
  }
  return result;
}

function needsDimensions(op: string, x: Tensor, rank: number): void {
  if (x.ndim < rank)
    throw new ShapeError(`${op}: needs at least ${rank} dimensions, got a tensor of shape ${formatShape(x.sizes)}`);
}

defineComposites<RearrangingForms>({
  roll(shifts, dims) {
    const isFlat = dims === undefined || asList(dims).length === 0;
    if (!isFlat) needsDimensions('roll', this, 1);
    const shape = isFlat ? [this.numel()] : this.sizes;
    const by = shiftsOf(shape, shifts, isFlat ? 0 : dims);
    return this.readAt({
      name: 'Roll',
      shape: this.sizes,
      rolled: { shape, by },
      // Only a gradient reads them.
      get at() {
        return mappedPositions(
          shape,
          shape.map((n, d) => rolled(n, by[d])),
        );
      },
    });
  },
  tile(...sizes) {
    const dims = sizeList(sizes);
    return this.repeat([...new Array<number>(Math.max(0, this.ndim - dims.length)).fill(1), ...dims]);
  },
  repeatInterleave(repeats, dim, { outputSize } = {}) {
    if (dim === undefined || dim === null) return this.reshape(-1).repeatInterleave(repeats, 0, { outputSize });
    const d = checkDim('repeatInterleave', dim, this.ndim);
    const entries = repeatedEntries(repeats, this.sizes[d]);
    if (outputSize !== undefined && outputSize !== entries.numel())
      throw new ValueError(
        `repeatInterleave: outputSize is ${describe(outputSize)}, the result has ${entries.numel()} entries`,
      );
    if (typeof repeats !== 'number' || this.ndim === 0) return this.indexSelect(d, entries);
    // As in PyTorch, so that a second pass is possible.
    const stretched = [...this.sizes.slice(0, d + 1), repeats, ...this.sizes.slice(d + 1)];
    return this.unsqueeze(d + 1)
      .expand(stretched)
      .clone()
      .flatten(d, d + 1);
  },
  fliplr() {
    needsDimensions('fliplr', this, 2);
    return this.flip(1);
  },
  flipud() {
    needsDimensions('flipud', this, 1);
    return this.flip(0);
  },
  rot90(k = 1, dims = [0, 1]) {
    if (!Number.isInteger(k)) throw new ValueError(`rot90: k is ${k}; it must be a whole number of quarter turns`);
    if (!Array.isArray(dims)) throw new ValueError(`rot90: dims must be a list of two, got ${describe(dims)}`);
    if (dims.length !== 2) throw new ShapeError(`rot90: dims are ${formatShape(dims)}; give two dimensions`);
    const [i, j] = checkPair('rot90', dims[0], dims[1], this.ndim);
    const turns = ((k % 4) + 4) % 4;
    if (turns === 0) return this.clone();
    if (turns === 2) return this.flip([i, j]);
    return turns === 1 ? this.flip(j).transpose(i, j) : this.transpose(i, j).flip(j);
  },
});
