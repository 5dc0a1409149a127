import { NotImplementedError, ShapeError, ValueError } from '../errors';
import { vectorNorm } from '../kernels/reduce';
import type { Dtype } from '../tensor/dtype';
import { checkDim, checkDims, formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { requireFloat } from './arguments';
import { defineComposites, defineOps } from './define';
import { type Dims, inDtype, type KeepdimOption, reductionSamples, shapeOver, stretch } from './dims';
import { overwrite } from './memory';
import type { Sample } from './rule';
import { reduceRuns } from './runs';

/** Options of {@link NormForms.norm}. */
export interface NormOptions extends KeepdimOption {
  /** Convert to this dtype before computing. */
  dtype?: Dtype;
}

/** Options of `linalg.vectorNorm`. */
export interface VectorNormOptions extends NormOptions {
  /** Over which dimensions; default: all. */
  dim?: Dims | null;
}

/** Lengths of vectors. */
export interface Norms {
  /** `(Σ |x|^p)^(1/p)` over `dim`. @internal */
  pNorm(p: number, dim?: Dims | null, options?: NormOptions): Tensor;
}

/** `dy` times the derivative of the norm, where 0 is taken at 0. */
function normGradient(x: Tensor, dy: Tensor, y: Tensor, p: number, dim: Dims | null | undefined): Tensor | null {
  if (p === 0) return null;
  if (p === 1) return x.sign().mul(dy);
  if (p === 2) return dy.mul(x.div(y).maskedFill(y.eq(0), 0));
  if (Math.abs(p) === Number.POSITIVE_INFINITY) {
    const hit = x.abs().eq(y).logicalOr(x.ne(x));
    return x.sign().mul(dy.div(hit.sum(dim, { keepdim: true })).mul(hit));
  }
  const powers = p < 2 ? x.sign().mul(x.abs().pow(p - 1)) : x.mul(x.abs().pow(p - 2));
  if (p < 1)
    return powers
      .maskedFill(x.eq(0), 0)
      .mul(dy)
      .mul(y.pow(1 - p));
  return powers.mul(dy.div(y.pow(p - 1)).maskedFill(y.eq(0), 0));
}

const withP = (p: number): Sample[] =>
  reductionSamples.map(({ inputs, args = [] }) => ({ inputs, args: [p, ...args] }));

defineOps<Norms>({
  pNorm: {
    torch: 'linalg_vector_norm(input, ord, dim, *, keepdim, dtype)',
    math: 'y = \\Big(\\textstyle\\sum_i |x_i|^p\\Big)^{1/p}',
    vjpMath: { x: '\\bar y \\odot \\operatorname{sign} x \\odot (|x| / y)^{p - 1}' },
    saves: ['x', 'y'],
    shape: (x, _, dim, options) => shapeOver('norm')(x, dim, options),
    forward: (input, p, dim, options) => {
      const x = inDtype(input, options);
      requireFloat('norm', x);
      if ((p < 0 || p === Number.POSITIVE_INFINITY) && checkDims('norm', dim, x.ndim).some((d) => x.shape[d] === 0))
        throw new ShapeError(`norm: nothing in shape ${formatShape(x.shape)} has a norm for p = ${p}`);
      return reduceRuns('norm', x, dim, options?.keepdim, x.dtype, (data, at, n) => vectorNorm(data, at, n, p));
    },
    vjp: {
      x: (dy, { x: input, y, args: [p, dim, options] }) => {
        const x = input.to(dy.dtype);
        const stretched = (t: Tensor) => stretch(t, x.shape, dim, options?.keepdim);
        return normGradient(x, stretched(dy), stretched(y), p, dim);
      },
    },
    gradFn: 'LinalgVectorNormBackward0',
    samples: [
      ...withP(2),
      ...withP(1),
      ...withP(3),
      ...withP(Number.POSITIVE_INFINITY),
      { inputs: [[2, 3]], args: [1.5, 0] },
      { inputs: [[2, 3]], args: [0.5, 1] },
      { inputs: [[2, 3]], args: [Number.NEGATIVE_INFINITY, 1] },
      { inputs: [[2, 0]], args: [2, 0] },
    ],
  },
});

/** Norms as users call them. */
export interface NormForms {
  /**
   * Norm over the dimensions `dim`, or of all elements (`torch.norm`): `(Σ |x|^p)^(1/p)`, the largest and smallest `|x|`
   * for `p = ±Infinity`, the number of elements other than 0 for `p = 0`. At 0 its derivative is taken as 0.
   * @param p Default `'fro'`, which is 2.
   * @throws {DtypeError} for integers; {@link IndexError} if a dimension is out of range or repeated;
   *   {@link ShapeError} if there is nothing to choose from; {@link NotImplementedError} for `'nuc'`, which needs singular
   *   values.
   */
  norm(p?: number | 'fro' | 'nuc' | null, dim?: Dims | null, options?: NormOptions): Tensor;
  /**
   * Norm of the difference, `‖x - other‖_p`; the two broadcast (`torch.dist`).
   * @param p Default 2.
   * @throws {ShapeError} if the shapes do not broadcast.
   */
  dist(other: Tensor, p?: number): Tensor;
  /**
   * Shrinks each entry along `dim` whose `p`-norm is above `maxnorm` to that norm (`torch.renorm`).
   * @throws {ShapeError} for fewer than two dimensions; {@link ValueError} if `p` is not above 0 or `maxnorm` below 0.
   */
  renorm(p: number, dim: number, maxnorm: number): Tensor;
  renorm_(p: number, dim: number, maxnorm: number): Tensor;
}

defineComposites<NormForms>({
  norm(p = 'fro', dim, options) {
    if (p === 'nuc') throw new NotImplementedError("norm: 'nuc' needs singular values, which gradlab does not compute");
    if (p !== null && p !== 'fro' && typeof p !== 'number')
      throw new ValueError(`norm: p is ${JSON.stringify(p)}; use a number, Infinity, -Infinity or 'fro'`);
    return this.pNorm(typeof p === 'number' ? p : 2, dim, options);
  },
  dist(other, p = 2) {
    return this.sub(other).norm(p);
  },
  renorm(p, dim, maxnorm) {
    if (this.ndim < 2)
      throw new ShapeError(`renorm: needs two dimensions or more, got shape ${formatShape(this.shape)}`);
    if (!(p > 0) || !(maxnorm >= 0))
      throw new ValueError(`renorm: p is ${p} and maxnorm ${maxnorm}; p must be above 0, maxnorm 0 or more`);
    const d = checkDim('renorm', dim, this.ndim);
    const norms = this.norm(
      p,
      [...this.shape.keys()].filter((i) => i !== d),
      { keepdim: true },
    );
    // PyTorch's small term keeps the division from 0.
    const factors = norms.add(1e-7).pow(-1).mul(maxnorm);
    return this.mul(factors.maskedFill(norms.le(maxnorm), 1));
  },
  renorm_(p, dim, maxnorm) {
    return overwrite('renorm_', this, this.renorm(p, dim, maxnorm));
  },
});

/**
 * Norm of the elements as one vector, or of those along `dim` (`torch.linalg.vector_norm`); see {@link NormForms.norm}.
 * @param ord Default 2.
 * @throws {DtypeError} for integers; {@link IndexError} if a dimension is out of range or repeated; {@link ShapeError} if
 *   there is nothing to choose from.
 */
export function linalgVectorNorm(x: Tensor, ord = 2, options: VectorNormOptions = {}): Tensor {
  return x.norm(ord, options.dim, options);
}
