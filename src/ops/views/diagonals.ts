import { ShapeError } from '../../errors';
import { copyStrided } from '../../kernels/elementwise';
import { formatShape, type Shape } from '../../tensor/shape';
import { empty, fresh, type Tensor } from '../../tensor/tensor';
import { requireNumbers } from '../table/arguments';
import { defineComposites, defineOps, viewing } from '../table/define';
import type { Sample } from '../table/samples';
import { checkOffset, checkPair, contiguousGeometry, type DiagonalOptions, diagonalOf } from './geometry';
import { scatterBack } from './strided';

declare module '../../tensor/tensor' {
  interface Tensor extends Diagonals, DiagonalForms {}
}

/** Diagonals and triangles of matrices. */
export interface Diagonals {
  /**
   * View of a diagonal of the dimensions `dim1` and `dim2`, by default the first two; it becomes the last dimension
   * (`torch.diagonal`).
   * @throws {IndexError} if a dimension is out of range, or both are the same.
   */
  diagonal(options?: DiagonalOptions): Tensor;
  /**
   * Matrices in the dimensions `dim1` and `dim2` of the result, by default the last two, with the tensor's last
   * dimension on a diagonal and zeros elsewhere (`torch.diag_embed`).
   * @throws {IndexError} if a dimension is out of range, or both are the same.
   */
  diagEmbed(options?: DiagonalOptions): Tensor;
  /**
   * The lower triangle of each matrix in the last two dimensions, zeros elsewhere (`torch.tril`): keeps elements up to
   * `diagonal` positions above the main diagonal; default 0.
   * @throws {ShapeError} for fewer than two dimensions.
   */
  tril(diagonal?: number): Tensor;
  tril_(diagonal?: number): Tensor;
  /**
   * The upper triangle of each matrix in the last two dimensions, zeros elsewhere (`torch.triu`): keeps elements from
   * `diagonal` positions above the main diagonal; default 0.
   * @throws {ShapeError} for fewer than two dimensions.
   */
  triu(diagonal?: number): Tensor;
  triu_(diagonal?: number): Tensor;
}

/** Returns the shape of `diagEmbed`, and the geometry of the diagonal in it. */
function embedded(x: Shape, { offset = 0, dim1 = -2, dim2 = -1 }: DiagonalOptions = {}) {
  if (x.length === 0) throw new ShapeError('diagEmbed: a single number has no dimension to put on a diagonal');
  const [i, j] = checkPair('diagEmbed', dim1, dim2, x.length + 1, 'a result');
  checkOffset('diagEmbed', offset);
  const size = x[x.length - 1] + Math.abs(offset);
  const shape: number[] = x.slice(0, -1);
  for (const d of [i, j].sort((a, b) => a - b)) shape.splice(d, 0, size);
  return { shape, diagonal: { offset, dim1: i, dim2: j } };
}

function triangle(name: 'tril' | 'triu') {
  const shape = (x: Shape): Shape => {
    if (x.length < 2)
      throw new ShapeError(`${name}: needs a matrix, or matrices in the last two dimensions, got ${formatShape(x)}`);
    return x;
  };
  return {
    shape,
    forward: (x: Tensor, diagonal = 0): Tensor => {
      const [rows, columns] = shape(x.sizes).slice(-2);
      checkOffset(name, diagonal);
      const data = x.toArray();
      for (let row = 0, at = 0; at < data.length; row = (row + 1) % rows, at += columns) {
        const end = Math.min(Math.max(row + diagonal + (name === 'tril' ? 1 : 0), 0), columns);
        if (name === 'tril') data.fill(0, at + end, at + columns);
        else data.fill(0, at, at + end);
      }
      return fresh(data, x.sizes, x.dtype);
    },
    samples: ['3x4', { inputs: '2x3x3', args: [1] }, { inputs: '4x2', args: [-1] }, '0x2'] satisfies Sample[],
  };
}

defineOps<Diagonals>({
  diagonal: {
    torch: { name: 'diagonal', params: ['input'], options: ['offset', 'dim1', 'dim2'] },
    math: 'y_i = x_{i,i+k}',
    vjpMath: { x: '\\bar y \\text{ on the diagonal, else } 0' },
    saves: [],
    ...viewing(diagonalOf),
    jvp: 'linear',
    batch: (c) => {
      c.shape();
      const { offset = 0, dim1 = 0, dim2 = 1 } = (c.args[1] ?? {}) as DiagonalOptions;
      return c.run(c.physical(0), { offset, dim1: c.dim(dim1), dim2: c.dim(dim2) });
    },
    vjp: { x: (dy, { shape, args: [options] }) => scatterBack(dy, shape, (x) => diagonalOf(x, options)) },
    samples: [
      '3x4',
      { inputs: '3x2x4', args: [{ offset: -1, dim1: 2, dim2: 0 }] },
      { inputs: '2x3', args: [{ offset: 5 }] },
      '0x3',
    ],
  },
  diagEmbed: {
    torch: { name: 'diag_embed', params: ['input'], options: ['offset', 'dim1', 'dim2'] },
    math: 'y_{i,i+k} = x_i',
    vjpMath: { x: '\\bar y_{i,i+k}' },
    saves: [],
    shape: (x, options) => embedded(x, options).shape,
    forward: (x, options) => {
      const { shape, diagonal } = embedded(x.sizes, options);
      const y = empty(shape, x.dtype);
      copyStrided(x.sizes, { ...diagonalOf(contiguousGeometry(shape), diagonal), memory: y.memory }, x);
      return y;
    },
    jvp: 'linear',
    batch: (c) => {
      const ndim = c.tensor(0).ndim + 1;
      const { offset = 0, dim1 = -2, dim2 = -1 } = (c.args[1] ?? {}) as DiagonalOptions;
      return c.run(c.physical(0), { offset, dim1: c.dim(dim1, ndim), dim2: c.dim(dim2, ndim) });
    },
    vjp: { x: (dy, { shape, args: [options] }) => dy.diagonal(embedded(shape, options).diagonal) },
    samples: [
      '3',
      { inputs: '2x3', args: [{ offset: 1 }] },
      { inputs: '2x3', args: [{ offset: -2, dim1: 2, dim2: 0 }] },
      '0',
    ],
  },
  tril: {
    torch: { name: 'tril', params: ['input', 'diagonal'] },
    math: 'y_{ij} = [j \\le i + k]\\, x_{ij}',
    vjpMath: { x: '[j \\le i + k]\\, \\bar y_{ij}' },
    saves: [],
    ...triangle('tril'),
    jvp: 'linear',
    batch: 'matrices',
    vjp: { x: (dy, { args: [diagonal] }) => dy.tril(diagonal) },
    inPlace: true,
  },
  triu: {
    torch: { name: 'triu', params: ['input', 'diagonal'] },
    math: 'y_{ij} = [j \\ge i + k]\\, x_{ij}',
    vjpMath: { x: '[j \\ge i + k]\\, \\bar y_{ij}' },
    saves: [],
    ...triangle('triu'),
    jvp: 'linear',
    batch: 'matrices',
    vjp: { x: (dy, { args: [diagonal] }) => dy.triu(diagonal) },
    inPlace: true,
  },
});

/** Diagonals by other operations. */
export interface DiagonalForms {
  /**
   * A vector as the diagonal of a square matrix, or a copy of the diagonal of a matrix (`torch.diag`), `diagonal`
   * positions above the main one; default 0.
   * @throws {ShapeError} for other than one or two dimensions.
   */
  diag(diagonal?: number): Tensor;
  /** All elements, in row-major order, as the diagonal of a square matrix (`torch.diagflat`). */
  diagflat(offset?: number): Tensor;
  /** Sum of the main diagonal of a matrix (`torch.trace`). @throws {ShapeError} unless it is a matrix. */
  trace(): Tensor;
}

defineComposites<DiagonalForms>({
  diag(diagonal = 0) {
    if (this.ndim === 1) return this.diagEmbed({ offset: diagonal });
    if (this.ndim === 2) return this.diagonal({ offset: diagonal }).clone();
    throw new ShapeError(`diag: needs a vector or a matrix, got shape ${formatShape(this.sizes)}; see diagonal()`);
  },
  diagflat(offset = 0) {
    return this.reshape(-1).diagEmbed({ offset });
  },
  trace() {
    if (this.ndim !== 2) throw new ShapeError(`trace: needs a matrix, got shape ${formatShape(this.sizes)}`);
    requireNumbers('trace', this);
    return this.diagonal().sum();
  },
});
