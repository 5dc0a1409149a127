import { describe, noTensor } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { numel } from '../../kernels/strides';
import { resultType } from '../../tensor/dtype';
import { broadcastShapes, checkDim, checkDims, formatShape, sameShape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { overwrite } from '../filling/copying';
import { requireTensor } from '../table/arguments';
import { defineComposites } from '../table/define';
import { bilinear } from '../table/exact-integers';
import { addedIntegers, type BetaAlphaOptions, checkFactors } from './added-products';
import { checkRanks, checkSameDtype, product } from './matmul';

declare module '../../tensor/tensor' {
  interface Tensor extends ProductForms {}
}

/** Products by other operations. */
export interface ProductForms {
  /** Product of two matrices (`torch.mm`). @throws {ShapeError} for other ranks, or if the inner dimensions differ. */
  mm(mat2: Tensor): Tensor;
  /**
   * Products of matrices in two batches of the same length (`torch.bmm`).
   * @throws {ShapeError} for other ranks, or if the shapes do not fit.
   */
  bmm(mat2: Tensor): Tensor;
  /** Product of a matrix and a vector (`torch.mv`). @throws {ShapeError} for other ranks, or if the sizes differ. */
  mv(vec: Tensor): Tensor;
  /** Dot product of two vectors (`torch.dot`). @throws {ShapeError} for other ranks, or if the sizes differ. */
  dot(tensor: Tensor): Tensor;
  /** Matrix of the products `x_i·v_j` of two vectors (`torch.outer`). @throws {ShapeError} for other ranks. */
  outer(vec2: Tensor): Tensor;
  /**
   * `beta·x + alpha·vec1·vec2ᵀ`, where `x` broadcasts to the outer product (`torch.addr`).
   * @throws {ShapeError} if the shapes do not fit.
   */
  addr(vec1: Tensor, vec2: Tensor, options?: BetaAlphaOptions): Tensor;
  addr_(vec1: Tensor, vec2: Tensor, options?: BetaAlphaOptions): Tensor;
  /**
   * Sums of products over the last dimension of both tensors, for each combination of the others (`torch.inner`); with
   * a scalar the product.
   * @throws {ShapeError} if the last dimensions differ.
   */
  inner(other: Tensor): Tensor;
  /**
   * Sums of products over `dims` (`torch.tensordot`): a number (default 2) means the last dimensions of this tensor and
   * the first of `other`; two lists name the dimensions of each.
   * @throws {ShapeError} if the sizes differ and neither is 1; {@link IndexError} if a dimension is out of range or
   *   repeated.
   */
  tensordot(other: Tensor, options?: TensordotOptions): Tensor;
  /**
   * Cross products of vectors of three elements along `dim`, by default the first dimension of that size
   * (`torch.cross`); the other dimensions broadcast.
   * @throws {ShapeError} if the tensors differ in rank, or the size is not 3; {@link IndexError} for an unknown
   * dimension.
   */
  cross(other: Tensor, options?: CrossOptions): Tensor;
  /**
   * Kronecker product: every element of this tensor times all of `other`, in blocks (`torch.kron`).
   */
  kron(other: Tensor): Tensor;
}

/** Option of `tensordot`. */
export interface TensordotOptions {
  /** Number of dimensions to sum over, or lists for the first and the second tensor; default 2. */
  dims?: number | readonly (readonly number[])[];
}

/** Option of `cross`. */
export interface CrossOptions {
  /** The dimension of the vectors; default the first of size 3. */
  dim?: number | null;
}

/** Multiplies tensors of given ranks; errors name `op`. */
function ranked(op: string, a: Tensor, b: Tensor, rankA: number, rankB: number): Tensor {
  requireTensor(op, b, 'the second operand');
  checkRanks(op, a.sizes, b.sizes, rankA, rankB);
  checkSameDtype(op, a, b);
  // Integers have no history, and this way errors name the operation.
  return a.dtype === 'int32' ? product(op, a, b) : a.matmul(b);
}

/** Returns the sums of products over `dims`. */
function contraction(op: string, x: Tensor, y: Tensor, dims: number | readonly (readonly number[])[]): Tensor {
  const [ofX, ofY] = contracted(op, x, y, dims);
  checkSameDtype(op, x, y);
  const terms = numel(ofX.map((d, i) => Math.max(x.sizes[d], y.sizes[ofY[i]])));
  return bilinear(op, x, y, terms, (p, q) => {
    // For a dimension of size 1, the other tensor is summed over its dimension first.
    const stretched = (s: Tensor, own: readonly number[], t: Tensor, its: readonly number[]) => {
      const summed = own.filter((d, i) => s.sizes[d] !== 1 && t.sizes[its[i]] === 1);
      return summed.length === 0 ? s : s.sum(summed, { keepdim: true });
    };
    const [a, b] = [stretched(p, ofX, q, ofY), stretched(q, ofY, p, ofX)];
    const rest = (t: Tensor, summed: readonly number[]) => [...t.sizes.keys()].filter((d) => !summed.includes(d));
    const [restA, restB] = [rest(a, ofX), rest(b, ofY)];
    const inner = numel(ofX.map((d) => a.sizes[d]));
    const left = restA.map((d) => a.sizes[d]);
    const right = restB.map((d) => b.sizes[d]);
    const rows = a.permute([...restA, ...ofX]).reshape(numel(left), inner);
    const columns = b.permute([...ofY, ...restB]).reshape(inner, numel(right));
    return rows.mm(columns).reshape([...left, ...right]);
  });
}

/** Returns the dimensions that `tensordot` sums over, of the first and of the second tensor. */
function contracted(
  op: string,
  a: Tensor,
  b: Tensor,
  dims: number | readonly (readonly number[])[],
): [number[], number[]] {
  if (typeof dims === 'number') {
    if (!Number.isInteger(dims) || dims < 0 || dims > Math.min(a.ndim, b.ndim))
      throw new ValueError(`${op}: dims is ${dims}; it must be 0 to ${Math.min(a.ndim, b.ndim)}, or two lists`);
    return contracted(op, a, b, [
      Array.from({ length: dims }, (_, i) => a.ndim - dims + i),
      Array.from({ length: dims }, (_, i) => i),
    ]);
  }
  if (!Array.isArray(dims) || dims.length !== 2 || !dims.every(Array.isArray))
    throw new ValueError(`${op}: dims is a number, or two lists of dimensions; got ${describe(dims)}`);
  const [ofA, ofB] = [a, b].map((x, k) => {
    // Here an empty list means no dimension; for a reduction it means all.
    if (dims[k].length > 0) checkDims(op, dims[k], x.ndim);
    return dims[k].map((d) => checkDim(op, d, x.ndim));
  });
  const differs = (m: number, n: number) => m !== n && m !== 1 && n !== 1;
  if (ofA.length !== ofB.length || ofA.some((d, i) => differs(a.sizes[d], b.sizes[ofB[i]])))
    throw new ShapeError(
      `${op}: dimensions [${dims[0]}] of ${formatShape(a.sizes)} and [${dims[1]}] of ${formatShape(b.sizes)} differ in size`,
    );
  return [ofA, ofB];
}

defineComposites<ProductForms>({
  mm(mat2) {
    return ranked('mm', this, mat2, 2, 2);
  },
  bmm(mat2) {
    return ranked('bmm', this, mat2, 3, 3);
  },
  mv(vec) {
    return ranked('mv', this, vec, 2, 1);
  },
  dot(tensor) {
    return ranked('dot', this, tensor, 1, 1);
  },
  outer(vec2) {
    if (!(vec2 instanceof Tensor)) throw new ValueError(`outer: needs a tensor, got ${noTensor(vec2)}`);
    if (this.ndim !== 1 || vec2.ndim !== 1)
      throw new ShapeError(`outer: needs two vectors, got ${formatShape(this.sizes)} and ${formatShape(vec2.sizes)}`);
    return bilinear('outer', this.unsqueeze(1), vec2, 1, (a, b) => a.mul(b));
  },
  addr(vec1, vec2, { beta = 1, alpha = 1 } = {}) {
    checkFactors('addr', resultType(this, vec1, vec2), beta, alpha);
    const isWhole = resultType(this, vec1, vec2) === 'int32';
    const [a, b] = isWhole ? [vec1.to('float64'), vec2.to('float64')] : [vec1, vec2];
    const y = a.outer(b);
    if (!sameShape(broadcastShapes('addr', this.sizes, y.sizes), y.sizes))
      throw new ShapeError(
        `addr: shape ${formatShape(this.sizes)} does not broadcast to that of the product, ${formatShape(y.sizes)}`,
      );
    if (isWhole) return addedIntegers('addr', this, y, beta, alpha);
    const scaled = y.mul(alpha);
    return beta === 0 ? scaled : this.mul(beta).add(scaled);
  },
  addr_(vec1, vec2, options) {
    return overwrite('addr_', this, this.addr(vec1, vec2, options));
  },
  inner(other) {
    if (this.ndim === 0 || other.ndim === 0) return this.mul(other);
    if (this.sizes[this.ndim - 1] !== other.sizes[other.ndim - 1])
      throw new ShapeError(
        `inner: the last dimensions differ: ${formatShape(this.sizes)} and ${formatShape(other.sizes)}`,
      );
    return contraction('inner', this, other, [[-1], [-1]]);
  },
  tensordot(other, { dims = 2 } = {}) {
    return contraction('tensordot', this, other, dims);
  },
  cross(other, { dim } = {}) {
    const d = dim === undefined || dim === null ? this.sizes.indexOf(3) : checkDim('cross', dim, this.ndim);
    if (this.ndim !== other.ndim || this.sizes[d] !== 3 || other.sizes[d] !== 3)
      throw new ShapeError(
        `cross: got shapes ${formatShape(this.sizes)} and ${formatShape(other.sizes)}; expected tensors of one rank with ` +
          `size 3 in ${d < 0 ? 'a dimension' : `dimension ${d}`}`,
      );
    const [next, last] = [-1, 1].map((shift) => (x: Tensor) => x.roll(shift, d));
    return bilinear('cross', this, other, 2, (a, b) =>
      next(a)
        .mul(last(b))
        .sub(last(a).mul(next(b))),
    );
  },
  kron(other) {
    const rank = Math.max(this.ndim, other.ndim);
    const sizes = (x: Tensor) => [...new Array<number>(rank - x.ndim).fill(1), ...x.sizes];
    const [a, b] = [sizes(this), sizes(other)];
    return bilinear('kron', this, other, 1, (x, y) => {
      const blocks = x.reshape(a.flatMap((n) => [n, 1])).mul(y.reshape(b.flatMap((n) => [1, n])));
      return blocks.reshape(a.map((n, d) => n * b[d]));
    });
  },
});

/** Option of {@link vecdot}. */
export interface VecdotOptions {
  /** The dimension of the vectors; default -1. */
  dim?: number;
}

/**
 * Dot products of the vectors along `dim` (`torch.linalg.vecdot`); the others broadcast.
 * @throws {ShapeError} if the shapes do not broadcast; {@link IndexError} for an unknown dimension.
 */
export function vecdot(x: Tensor, y: Tensor, options: VecdotOptions = {}): Tensor {
  const { dim = -1 } = options;
  const sizes = broadcastShapes('vecdot', x.sizes, y.sizes);
  return bilinear('vecdot', x, y, sizes[checkDim('vecdot', dim, sizes.length)] ?? 1, (a, b) => a.mul(b).sum(dim));
}
