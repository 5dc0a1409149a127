import { DtypeError, ShapeError } from '../../errors';
import { type Dtype, isFloat } from '../../tensor/dtype';
import { broadcastShapes, formatShape, type Shape, sameShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { defineOps } from '../table/define';
import { asInt32, requireExact } from '../table/exact-integers';
import { sumOf } from '../table/forward';
import type { BatchedCall } from '../table/rule';
import type { Sample } from '../table/samples';
import { checkRanks, checkSameDtype, product, wideProduct } from './matmul';

declare module '../../tensor/tensor' {
  interface Tensor extends AddedProducts {}
}

/** Options of operations that add a product to a tensor. */
export interface BetaAlphaOptions {
  /** Factor of the tensor; default 1. With 0 its elements are ignored, even NaN and infinities. */
  beta?: number;
  /** Factor of the product; default 1. */
  alpha?: number;
}

/** A tensor plus a product. */
export interface AddedProducts {
  /**
   * `beta·x + alpha·mat1·mat2` with matrices, to whose product `x` broadcasts (`torch.addmm`).
   * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ; {@link ValueError} if a result of
   *   integers does not fit into `int32`.
   */
  addmm(mat1: Tensor, mat2: Tensor, options?: BetaAlphaOptions): Tensor;
  addmm_(mat1: Tensor, mat2: Tensor, options?: BetaAlphaOptions): Tensor;
  /**
   * `beta·x + alpha·mat·vec` with a matrix and a vector, to whose product `x` broadcasts (`torch.addmv`).
   * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ; {@link ValueError} if a result of
   *   integers does not fit into `int32`.
   */
  addmv(mat: Tensor, vec: Tensor, options?: BetaAlphaOptions): Tensor;
  addmv_(mat: Tensor, vec: Tensor, options?: BetaAlphaOptions): Tensor;
  /**
   * `beta·x + alpha·batch1·batch2` with batches of matrices, to whose products `x` broadcasts (`torch.baddbmm`).
   * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the dtypes differ; {@link ValueError} if a result of
   *   integers does not fit into `int32`.
   */
  baddbmm(batch1: Tensor, batch2: Tensor, options?: BetaAlphaOptions): Tensor;
  baddbmm_(batch1: Tensor, batch2: Tensor, options?: BetaAlphaOptions): Tensor;
}

/** @throws {DtypeError} if a factor would make the result of integers fractional. @internal */
export function checkFactors(op: string, dtype: Dtype, beta: number, alpha: number): void {
  if (!isFloat(dtype) && !(Number.isInteger(beta) && Number.isInteger(alpha)))
    throw new DtypeError(`${op}: ${dtype} tensors need whole numbers beta and alpha, got ${beta} and ${alpha}`);
}

/**
 * Returns `beta·a + alpha·product` of integers, with a product in float64.
 * @throws {ValueError} if it overflows int32.
 * @internal
 */
export function addedIntegers(op: string, a: Tensor, product: Tensor, beta: number, alpha: number): Tensor {
  const scaled = requireExact(op, product.mul(alpha));
  return asInt32(op, beta === 0 ? scaled : scaled.add(requireExact(op, a.to('float64').mul(beta))));
}

/** Returns the tangent of `beta·a + alpha·b·c` from those of the three. */
function addedTangents(
  [a, b, c]: readonly (Tensor | null)[],
  n: { readonly b: Tensor; readonly c: Tensor; readonly args: [BetaAlphaOptions?]; readonly outShape: Shape },
): Tensor | null {
  const [{ beta = 1, alpha = 1 } = {}] = n.args;
  return sumOf([a?.mul(beta).expand(n.outShape), b?.matmul(n.c).mul(alpha), c && n.b.matmul(c).mul(alpha)]);
}

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
      const size = shape(a.sizes, b.sizes, c.sizes);
      checkSameDtype(op, b, c);
      checkSameDtype(op, a, b);
      checkFactors(op, a.dtype, beta, alpha);
      if (a.dtype === 'int32') return addedIntegers(op, a.expand(size), wideProduct(op, b, c), beta, alpha);
      const y = product(op, b, c);
      const scaled = alpha === 1 ? y : y.mul(alpha);
      return beta === 0 ? scaled : scaled.add(a.detach().expand(size), { alpha: beta });
    },
    inPlace: true,
    batch,
    samples,
  };
}

/** Composes `beta·a + alpha·b·c` of other operations, for floats. */
function batch(c: BatchedCall): unknown {
  const [input, a, b, { beta = 1, alpha = 1 } = {}] = c.args as [Tensor, Tensor, Tensor, BetaAlphaOptions?];
  c.shape();
  // With beta 0, NaN and infinity in the input do not count.
  if (!(input.dtype === a.dtype && a.dtype === b.dtype && isFloat(a.dtype)) || beta === 0) return undefined;
  const product = a.matmul(b);
  const scaled = alpha === 1 ? product : product.mul(alpha);
  return c.ofOne(scaled.add(beta === 1 ? input : input.mul(beta)));
}

const twoFactors = { beta: 0.5, alpha: -2 };

defineOps<AddedProducts>({
  addmm: {
    torch: { name: 'addmm', params: ['input', 'mat1', 'mat2'], options: ['beta', 'alpha'] },
    ...added('addmm', 2, 2, [
      '2x4 2x3 3x4',
      { inputs: '4 2x3 3x4', args: [twoFactors] },
      { inputs: '() 2x0 0x2', args: [twoFactors] },
    ]),
    jvp: addedTangents,
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
    torch: { name: 'addmv', params: ['input', 'mat', 'vec'], options: ['beta', 'alpha'] },
    ...added('addmv', 2, 1, [
      '2 2x3 3',
      { inputs: '() 2x3 3', args: [twoFactors] },
      { inputs: '1 2x0 0', args: [twoFactors] },
    ]),
    jvp: addedTangents,
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
    torch: { name: 'baddbmm', params: ['input', 'batch1', 'batch2'], options: ['beta', 'alpha'] },
    ...added('baddbmm', 3, 3, [
      '2x2x3 2x2x2 2x2x3',
      {
        inputs: '2x1x1 2x2x2 2x2x3',
        args: [twoFactors],
      },
      { inputs: '() 2x1x0 2x0x2', args: [twoFactors] },
    ]),
    jvp: addedTangents,
    vjp: {
      a: (dy, { args: [options] }) => dy.mul(options?.beta ?? 1),
      b: (dy, { c, args: [options] }) => dy.bmm(c.mT).mul(options?.alpha ?? 1),
      c: (dy, { b, args: [options] }) => b.mT.bmm(dy).mul(options?.alpha ?? 1),
    },
  },
});
