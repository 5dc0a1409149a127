import { DtypeError, ShapeError, ValueError } from '../errors';
import { numel } from '../kernels/strides';
import { isFloat } from '../tensor/dtype';
import { broadcastShapes, checkDim, checkDims, formatShape, type Shape, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { describe } from './combinators';
import { defineComposites, defineOps } from './define';
import { checkSameDtype, product, productShape } from './matmul';
import type { Sample } from './rule';

/** Options of the sums of a tensor and a product. */
export interface BetaAlphaOptions {
  /** Factor of the tensor; default 1. With 0 its elements do not matter, not even NaN and infinities. */
  beta?: number;
  /** Factor of the product; default 1. */
  alpha?: number;
}

/** A tensor plus a product. */
export interface AddedProducts {
  /**
   * `beta·x + alpha·mat1·mat2` with matrices, to whose product `x` broadcasts (`torch.addmm`).
   * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ.
   */
  addmm(mat1: Tensor, mat2: Tensor, options?: BetaAlphaOptions): Tensor;
  addmm_(mat1: Tensor, mat2: Tensor, options?: BetaAlphaOptions): Tensor;
  /**
   * `beta·x + alpha·mat·vec` with a matrix and a vector, to whose product `x` broadcasts (`torch.addmv`).
   * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ.
   */
  addmv(mat: Tensor, vec: Tensor, options?: BetaAlphaOptions): Tensor;
  addmv_(mat: Tensor, vec: Tensor, options?: BetaAlphaOptions): Tensor;
  /**
   * `beta·x + alpha·batch1·batch2` with batches of matrices, to whose products `x` broadcasts (`torch.baddbmm`).
   * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ.
   */
  baddbmm(batch1: Tensor, batch2: Tensor, options?: BetaAlphaOptions): Tensor;
  baddbmm_(batch1: Tensor, batch2: Tensor, options?: BetaAlphaOptions): Tensor;
}

/** @throws {ShapeError} unless the shapes have the given ranks, batches are equal, and a product exists. */
function checkRanks(op: string, a: Shape, b: Shape, rankA: number, rankB: number): Shape {
  if (a.length !== rankA || b.length !== rankB || (rankA === 3 && a[0] !== b[0]))
    throw new ShapeError(
      `${op}: got shapes ${formatShape(a)} and ${formatShape(b)}; expected ${kinds[rankA]} and ${kinds[rankB]}` +
        `${rankA === 3 ? ' of the same length' : ''}; matmul() takes any`,
    );
  return productShape(op, a, b);
}
const kinds: Record<number, string> = { 1: 'a vector', 2: 'a matrix', 3: 'a batch of matrices' };

/** The rule of `beta·a + alpha·b·c` with operands `b` and `c` of given ranks. */
function added(op: string, rankB: 2 | 3, rankC: 1 | 2 | 3, samples: Sample[]) {
  const shape = (a: Shape, b: Shape, c: Shape): Shape => {
    const y = checkRanks(op, b, c, rankB, rankC);
    if (!sameShape(broadcastShapes(op, a, y), y))
      throw new ShapeError(
        `${op}: shape ${formatShape(a)} does not broadcast to that of the product, ${formatShape(y)}`,
      );
    return y;
  };
  return {
    math: 'y = \\beta a + \\alpha\\, b\\, c',
    vjpMath: { a: '\\beta \\bar y', b: '\\alpha\\, \\bar y\\, c^{\\top}', c: '\\alpha\\, b^{\\top} \\bar y' },
    saves: { b: ['c'], c: ['b'] } as const,
    shape,
    forward: (a: Tensor, b: Tensor, c: Tensor, { beta = 1, alpha = 1 }: BetaAlphaOptions = {}): Tensor => {
      const size = shape(a.shape, b.shape, c.shape);
      checkSameDtype(op, b, c);
      checkSameDtype(op, a, b);
      if (!isFloat(a.dtype) && !(Number.isInteger(beta) && Number.isInteger(alpha)))
        throw new DtypeError(`${op}: ${a.dtype} tensors need whole numbers beta and alpha, got ${beta} and ${alpha}`);
      const y = product(b, c, op);
      const scaled = alpha === 1 ? y : y.mul(alpha);
      return beta === 0 ? scaled : scaled.add(a.detach().expand(size), { alpha: beta });
    },
    inPlace: true,
    samples,
  };
}

const twoFactors = { beta: 0.5, alpha: -2 };

defineOps<AddedProducts>({
  addmm: {
    torch: 'addmm(input, mat1, mat2, *, beta, alpha)',
    ...added('addmm', 2, 2, [
      {
        inputs: [
          [2, 4],
          [2, 3],
          [3, 4],
        ],
      },
      { inputs: [[4], [2, 3], [3, 4]], args: [twoFactors] },
      { inputs: [[], [2, 0], [0, 2]], args: [twoFactors] },
    ]),
    vjp: {
      a: (dy, { args: [options] }) => dy.mul(options?.beta ?? 1),
      b: (dy, { c, args: [options] }) => dy.mm(c.t()).mul(options?.alpha ?? 1),
      c: (dy, { b, args: [options] }) =>
        b
          .t()
          .mm(dy)
          .mul(options?.alpha ?? 1),
    },
  },
  addmv: {
    torch: 'addmv(input, mat, vec, *, beta, alpha)',
    ...added('addmv', 2, 1, [
      { inputs: [[2], [2, 3], [3]] },
      { inputs: [[], [2, 3], [3]], args: [twoFactors] },
      { inputs: [[1], [2, 0], [0]], args: [twoFactors] },
    ]),
    vjp: {
      a: (dy, { args: [options] }) => dy.mul(options?.beta ?? 1),
      b: (dy, { c, args: [options] }) => dy.outer(c).mul(options?.alpha ?? 1),
      c: (dy, { b, args: [options] }) =>
        b
          .t()
          .mv(dy)
          .mul(options?.alpha ?? 1),
    },
  },
  baddbmm: {
    torch: 'baddbmm(input, batch1, batch2, *, beta, alpha)',
    ...added('baddbmm', 3, 3, [
      {
        inputs: [
          [2, 2, 3],
          [2, 2, 2],
          [2, 2, 3],
        ],
      },
      {
        inputs: [
          [2, 1, 1],
          [2, 2, 2],
          [2, 2, 3],
        ],
        args: [twoFactors],
      },
      { inputs: [[], [2, 1, 0], [2, 0, 2]], args: [twoFactors] },
    ]),
    vjp: {
      a: (dy, { args: [options] }) => dy.mul(options?.beta ?? 1),
      b: (dy, { c, args: [options] }) => dy.bmm(c.mT).mul(options?.alpha ?? 1),
      c: (dy, { b, args: [options] }) => b.mT.bmm(dy).mul(options?.alpha ?? 1),
    },
  },
});

/** Products in terms of the others. */
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
  /** Sum of the products of two vectors (`torch.dot`). @throws {ShapeError} for other ranks, or if the sizes differ. */
  dot(tensor: Tensor): Tensor;
  /** Matrix of the products `x_i·v_j` of two vectors (`torch.outer`). @throws {ShapeError} for other ranks. */
  outer(vec2: Tensor): Tensor;
  /**
   * `beta·x + alpha·vec1·vec2ᵀ`: to the outer product of two vectors `x` broadcasts (`torch.addr`).
   * @throws {ShapeError} if the shapes do not fit.
   */
  addr(vec1: Tensor, vec2: Tensor, options?: BetaAlphaOptions): Tensor;
  /**
   * Sums of products over the last dimension of both tensors, for each combination of the others (`torch.inner`); with
   * a single number the product.
   * @throws {ShapeError} if the last dimensions differ.
   */
  inner(other: Tensor): Tensor;
  /**
   * Sums of products over `dims`: the last dimensions of this tensor and the first of `other`, as many as `dims`
   * says (default 2), or those that its two lists name (`torch.tensordot`).
   * @throws {ShapeError} if the sizes differ and neither is 1; {@link IndexError} if a dimension is out of range or
   *   repeated.
   */
  tensordot(other: Tensor, options?: TensordotOptions): Tensor;
  /**
   * Kronecker product: every element of this tensor times all of `other`, in blocks (`torch.kron`).
   */
  kron(other: Tensor): Tensor;
}

/** Option of `tensordot`. */
export interface TensordotOptions {
  /** How many dimensions are summed over, or which of the first and of the second tensor; default 2. */
  dims?: number | readonly (readonly number[])[];
}

/** `a·b` of given ranks under the operation's own name. */
function ranked(op: string, a: Tensor, b: Tensor, rankA: number, rankB: number): Tensor {
  if (!(b instanceof Tensor)) throw new ValueError(`${op}: the second operand must be a tensor, got ${describe(b)}`);
  checkRanks(op, a.shape, b.shape, rankA, rankB);
  checkSameDtype(op, a, b);
  return a.matmul(b);
}

/** The dimensions that `tensordot` sums over, of the first and of the second tensor. */
function contracted(a: Tensor, b: Tensor, dims: number | readonly (readonly number[])[]): [number[], number[]] {
  if (typeof dims === 'number') {
    if (!Number.isInteger(dims) || dims < 0 || dims > Math.min(a.ndim, b.ndim))
      throw new ValueError(`tensordot: dims is ${dims}; it must be 0 to ${Math.min(a.ndim, b.ndim)}, or two lists`);
    return contracted(a, b, [
      Array.from({ length: dims }, (_, i) => a.ndim - dims + i),
      Array.from({ length: dims }, (_, i) => i),
    ]);
  }
  const [ofA, ofB] = [a, b].map((x, k) => {
    // An empty list names no dimension here, where for a reduction it means all.
    if (dims[k].length > 0) checkDims('tensordot', dims[k], x.ndim);
    return dims[k].map((d) => checkDim('tensordot', d, x.ndim));
  });
  const differs = (m: number, n: number) => m !== n && m !== 1 && n !== 1;
  if (ofA.length !== ofB.length || ofA.some((d, i) => differs(a.shape[d], b.shape[ofB[i]])))
    throw new ShapeError(
      `tensordot: dimensions [${dims[0]}] of ${formatShape(a.shape)} and [${dims[1]}] of ${formatShape(b.shape)} differ in size`,
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
    if (!(vec2 instanceof Tensor)) throw new ValueError(`outer: needs a tensor, got ${describe(vec2)}`);
    if (this.ndim !== 1 || vec2.ndim !== 1)
      throw new ShapeError(`outer: needs two vectors, got ${formatShape(this.shape)} and ${formatShape(vec2.shape)}`);
    return this.unsqueeze(1).mul(vec2);
  },
  addr(vec1, vec2, { beta = 1, alpha = 1 } = {}) {
    const y = vec1.outer(vec2);
    if (!sameShape(broadcastShapes('addr', this.shape, y.shape), y.shape))
      throw new ShapeError(
        `addr: shape ${formatShape(this.shape)} does not broadcast to that of the product, ${formatShape(y.shape)}`,
      );
    const scaled = y.mul(alpha);
    return beta === 0 ? scaled : this.mul(beta).add(scaled);
  },
  inner(other) {
    if (this.ndim === 0 || other.ndim === 0) return this.mul(other);
    if (this.shape[this.ndim - 1] !== other.shape[other.ndim - 1])
      throw new ShapeError(
        `inner: the last dimensions differ: ${formatShape(this.shape)} and ${formatShape(other.shape)}`,
      );
    return this.tensordot(other, { dims: [[-1], [-1]] });
  },
  tensordot(other, { dims = 2 } = {}) {
    const [ofA, ofB] = contracted(this, other, dims);
    // A dimension of size 1 stretches: the other tensor is summed over its dimension first.
    const stretched = (x: Tensor, own: readonly number[], y: Tensor, its: readonly number[]) => {
      const summed = own.filter((d, i) => x.shape[d] !== 1 && y.shape[its[i]] === 1);
      return summed.length === 0 ? x : x.sum(summed, { keepdim: true });
    };
    const [a, b] = [stretched(this, ofA, other, ofB), stretched(other, ofB, this, ofA)];
    const rest = (x: Tensor, summed: readonly number[]) => [...x.shape.keys()].filter((d) => !summed.includes(d));
    const [restA, restB] = [rest(a, ofA), rest(b, ofB)];
    const inner = numel(ofA.map((d) => a.shape[d]));
    const left = restA.map((d) => a.shape[d]);
    const right = restB.map((d) => b.shape[d]);
    const rows = a.permute([...restA, ...ofA]).reshape(numel(left), inner);
    const columns = b.permute([...ofB, ...restB]).reshape(inner, numel(right));
    return rows.mm(columns).reshape([...left, ...right]);
  },
  kron(other) {
    const rank = Math.max(this.ndim, other.ndim);
    const sizes = (x: Tensor) => [...new Array<number>(rank - x.ndim).fill(1), ...x.shape];
    const [a, b] = [sizes(this), sizes(other)];
    const blocks = this.reshape(a.flatMap((n) => [n, 1])).mul(other.reshape(b.flatMap((n) => [1, n])));
    return blocks.reshape(a.map((n, d) => n * b[d]));
  },
});

/** Option of {@link vecdot}. */
export interface VecdotOptions {
  /** The dimension along which the vectors lie; default -1. */
  dim?: number;
}

/**
 * Dot products of the vectors along `dim` (`torch.linalg.vecdot`); the others broadcast.
 * @throws {ShapeError} if the shapes do not broadcast; {@link IndexError} if there is no such dimension.
 */
export function vecdot(x: Tensor, y: Tensor, { dim = -1 }: VecdotOptions = {}): Tensor {
  return x.mul(y).sum(dim);
}
