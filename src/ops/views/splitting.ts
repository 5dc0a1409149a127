import { describe } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { requireListable } from '../../tensor/nested';
import { checkDim, formatShape, type Shape } from '../../tensor/shape';
import { Tensor, viewWith } from '../../tensor/tensor';
import { joining } from '../joining/cat';
import { requireSizes } from '../table/arguments';
import { defineComposites, defineOps } from '../table/define';

declare module '../../tensor/tensor' {
  interface Tensor extends Splitting, SplittingForms {}
}

/** Splitting a tensor. */
export interface Splitting {
  /**
   * Views along `dim`, by default the first: each of size `splitSize` (the last may be smaller), or of the given sizes
   * (`torch.split`).
   * @throws {ShapeError} if given sizes do not sum to that of the dimension; {@link ValueError} for a size below 1.
   */
  split(splitSize: number | readonly number[], dim?: number): readonly Tensor[];
  /**
   * Views of the entries along `dim`, by default the first, without that dimension (`torch.unbind`).
   * @throws {ShapeError} for a scalar; {@link IndexError} for an unknown dimension.
   */
  unbind(dim?: number): readonly Tensor[];
}

/** Returns the dimension to split along. @throws {ShapeError} for a scalar. */
function splitDim(op: string, shape: Shape, dim: number): number {
  if (shape.length === 0) throw new ShapeError(`${op}: a single number has no dimension to take apart`);
  return checkDim(op, dim, shape.length);
}

/** Returns the given sizes, or those of pieces of one size. */
function pieces(total: number, splitSize: number | readonly number[]): readonly number[] {
  if (typeof splitSize !== 'number') {
    if (!Array.isArray(splitSize))
      throw new ValueError(`split: needs a size, or a list of sizes, got ${describe(splitSize)}`);
    for (const size of splitSize)
      if (typeof size !== 'number') throw new ValueError(`split: sizes must be numbers, got ${describe(size)}`);
    return splitSize;
  }
  requireSizes('split', { splitSize }, total === 0 ? 0 : 1);
  const count = total === 0 ? 1 : Math.ceil(total / splitSize);
  requireListable('split', count);
  return Array.from({ length: count }, (_, i) => Math.min(splitSize, total - i * splitSize));
}

function splitShapes(shape: Shape, splitSize: number | readonly number[], dim: number): Shape[] {
  const d = splitDim('split', shape, dim);
  const sizes = pieces(shape[d], splitSize);
  const total = sizes.reduce((sum, n) => sum + n, 0);
  if (total !== shape[d] || sizes.some((n) => !Number.isInteger(n) || n < 0))
    throw new ShapeError(
      `split: sizes [${sizes}] add up to ${total}, dimension ${d} of ${formatShape(shape)} has ${shape[d]}`,
    );
  return sizes.map((n) => shape.map((m, i) => (i === d ? n : m)));
}

defineOps<Splitting>({
  split: {
    torch: { name: 'split', params: ['input', 'splitSize', 'dim'] },
    math: '[y_1; y_2; \\dots] = x',
    vjpMath: { x: '[\\bar y_1; \\bar y_2; \\dots]' },
    saves: [],
    shape: (x, splitSize, dim = 0) => splitShapes(x, splitSize, dim),
    forward: (x, splitSize, dim = 0) => {
      const shapes = splitShapes(x.sizes, splitSize, dim);
      const d = checkDim('split', dim, x.ndim);
      let { offset } = x;
      return shapes.map((shape) => {
        const view = viewWith(x, { sizes: shape, steps: x.steps, offset });
        offset += shape[d] * x.steps[d];
        return view;
      });
    },
    jvp: 'linear',
    batch: (c) => {
      c.shape();
      const [, size, dim = 0] = c.args as [Tensor, number | readonly number[], number?];
      return c.run(c.physical(0), size, c.dim(dim));
    },
    vjp: { x: (dys, { args: [, dim] }) => joining.cat(dys, dim) },
    isView: true,
    gradFn: ({ args: [size] }) => (typeof size === 'number' ? 'SplitBackward0' : 'SplitWithSizesBackward0'),
    samples: [
      { inputs: '5x2', args: [2] },
      { inputs: '4x2', args: [[1, 3], 0] },
      { inputs: '2x3x2', args: [[2, 0, 1], 1] },
      { inputs: '0', args: [[0, 0], 0] },
    ],
  },
  unbind: {
    torch: { name: 'unbind', params: ['input', 'dim'] },
    math: 'y_k = x_k',
    vjpMath: { x: '(\\bar y_1, \\bar y_2, \\dots)' },
    saves: [],
    shape: (x, dim = 0) => {
      const d = splitDim('unbind', x, dim);
      return Array.from({ length: x[d] }, () => x.filter((_, i) => i !== d));
    },
    forward: (x, dim = 0) => {
      const d = splitDim('unbind', x.sizes, dim);
      requireListable('unbind', x.sizes[d]);
      const shape = x.sizes.filter((_, i) => i !== d);
      const stride = x.steps.filter((_, i) => i !== d);
      return Array.from({ length: x.sizes[d] }, (_, k) =>
        viewWith(x, { sizes: shape, steps: stride, offset: x.offset + k * x.steps[d] }),
      );
    },
    jvp: 'linear',
    batch: (c) => {
      c.shape();
      return c.run(c.physical(0), c.dim((c.args[1] as number | undefined) ?? 0));
    },
    vjp: { x: (dys, { args: [dim = 0] }) => joining.stack(dys, dim) },
    isView: true,
    samples: ['3', { inputs: '2x3x2', args: [1] }, { inputs: '2x0', args: [0] }],
  },
});

/** Splitting by other operations. */
export interface SplittingForms {
  /**
   * Iterates over the rows, along the first dimension, like `unbind()`: views with history (`torch.Tensor.__iter__`).
   * @throws {ShapeError} for a 0-d tensor.
   */
  [Symbol.iterator](): IterableIterator<Tensor>;
  /**
   * Views of the given sizes along `dim`, by default the first (`torch.split_with_sizes`).
   * @throws {ShapeError} if the sizes do not add up.
   */
  splitWithSizes(splitSizes: readonly number[], dim?: number): readonly Tensor[];
  /**
   * At most `chunks` views of one size along `dim`, by default the first; the last may be smaller, and there may be
   * fewer views if the size is not divisible (`torch.chunk`).
   * @throws {ValueError} if `chunks` is not a whole number, 1 or more; {@link ShapeError} for a scalar.
   */
  chunk(chunks: number, dim?: number): readonly Tensor[];
  /**
   * A given number of views along `dim`, by default the first, where the first ones are larger by 1 if the size is not
   * divisible; or views between the given positions (`torch.tensor_split`). Unlike those of `split`, they can be
   * modified in place while operations are recorded.
   * @throws {ValueError} if the number of sections is not a whole number, 1 or more.
   */
  tensorSplit(indicesOrSections: number | readonly number[] | Tensor, dim?: number): readonly Tensor[];
  /**
   * Views from left to right: along dimension 1, or along the only one (`torch.hsplit`): equal sections, or between the
   * given positions.
   * @throws {ShapeError} for a scalar, or if the size is not divisible.
   */
  hsplit(indicesOrSections: number | readonly number[]): readonly Tensor[];
  /**
   * Views from top to bottom: along dimension 0 (`torch.vsplit`): equal sections, or between the given positions.
   * @throws {ShapeError} for fewer than two dimensions, or if the size is not divisible.
   */
  vsplit(indicesOrSections: number | readonly number[]): readonly Tensor[];
  /**
   * Views from front to back: along dimension 2 (`torch.dsplit`): equal sections, or between the given positions.
   * @throws {ShapeError} for fewer than three dimensions, or if the size is not divisible.
   */
  dsplit(indicesOrSections: number | readonly number[]): readonly Tensor[];
}

/** As `tensorSplit`, but sections must be equal. */
function evenSplit(op: string, x: Tensor, sections: number | readonly number[], rank: number, dim: number) {
  if (x.ndim < rank)
    throw new ShapeError(`${op}: needs at least ${rank} dimensions, got a tensor of shape ${formatShape(x.sizes)}`);
  if (typeof sections === 'number' && !(sections > 0 && x.sizes[dim] % sections === 0))
    throw new ShapeError(
      `${op}: dimension ${dim} of shape ${formatShape(x.sizes)} does not divide into ${sections} equal sections`,
    );
  return x.tensorSplit(sections, dim);
}

defineComposites<SplittingForms>({
  [Symbol.iterator]() {
    if (this.ndim === 0)
      throw new ShapeError('a 0-d tensor cannot be iterated over: it is a single number, without rows; use item()');
    return this.unbind()[Symbol.iterator]();
  },
  splitWithSizes(splitSizes, dim) {
    return this.split(splitSizes, dim);
  },
  chunk(chunks, dim = 0) {
    const n = this.sizes[splitDim('chunk', this.sizes, dim)];
    requireSizes('chunk', { chunks });
    if (n === 0) requireListable('chunk', chunks);
    return this.split(n === 0 ? new Array<number>(chunks).fill(0) : Math.ceil(n / chunks), dim);
  },
  tensorSplit(indicesOrSections, dim = 0) {
    const d = splitDim('tensorSplit', this.sizes, dim);
    const n = this.sizes[d];
    const given = indicesOrSections instanceof Tensor ? indicesOrSections.tolist() : indicesOrSections;
    if (typeof given === 'number') {
      requireSizes('tensorSplit', { indicesOrSections: given });
      requireListable('tensorSplit', given);
      const start = (i: number) => i * Math.floor(n / given) + Math.min(i, n % given);
      return Array.from({ length: given }, (_, i) => this.narrow(d, start(i), start(i + 1) - start(i)));
    }
    if (!Array.isArray(given) || ![...given].every(Number.isInteger))
      throw new ValueError(`tensorSplit: the positions must be whole numbers, got ${describe(given)}`);
    // As in a slice: negative positions count from the end, and all are clamped.
    const at = (given as number[]).map((p) => Math.min(Math.max(p < 0 ? p + n : p, 0), n));
    return [...at, n].map((end, i) => {
      const start = i === 0 ? 0 : at[i - 1];
      return this.narrow(d, start, Math.max(0, end - start));
    });
  },
  hsplit(indicesOrSections) {
    return evenSplit('hsplit', this, indicesOrSections, 1, Math.min(this.ndim - 1, 1));
  },
  vsplit(indicesOrSections) {
    return evenSplit('vsplit', this, indicesOrSections, 2, 0);
  },
  dsplit(indicesOrSections) {
    return evenSplit('dsplit', this, indicesOrSections, 3, 2);
  },
});
