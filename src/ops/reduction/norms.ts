import { describe } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { vectorNorm } from '../../kernels/reduce';
import type { Dtype } from '../../tensor/dtype';
import { checkDim, checkDims, formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { requireFloat } from '../table/arguments';
import { defineComposites, defineOps } from '../table/define';
import { type Sample, withArguments } from '../table/samples';
import { type Dims, inDtype, reductionSamples, shapeOver, stretch } from './dims';
import { reduceRuns } from './runs';

declare module '../../tensor/tensor' {
  interface Tensor extends Norms, NormForms {}
}

/** Options of {@link NormForms.norm}. */
export interface NormOptions {
  /** Keep reduced dimensions with size 1; default `false`. */
  keepdim?: boolean;
  /** Convert to this dtype before computing. */
  dtype?: Dtype;
}

/** Options of `linalg.vectorNorm`. */
export interface VectorNormOptions extends NormOptions {
  /** The dimensions; default: all. */
  dim?: Dims | null;
}

/** Lengths of vectors. */
export interface Norms {
  /** `(Σ |x|^p)^(1/p)` over `dim`. @internal */
  pNorm(p: number, dim?: Dims | null, options?: NormOptions): Tensor;
  /**
   * Scales each entry along `dim` whose `p`-norm is above `maxnorm` to that norm; one with a NaN is unchanged
   * (`torch.renorm`).
   * @throws {ShapeError} for fewer than two dimensions; {@link ValueError} if `p` is not above 0 or `maxnorm` below 0;
   *   {@link DtypeError} for integers.
   */
  renorm(p: number, dim: number, maxnorm: number): Tensor;
  renorm_(p: number, dim: number, maxnorm: number): Tensor;
}

/** Returns `dy` times the derivative of the norm, which is 0 at 0. */
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

/** Returns the dimensions other than `dim`. */
const allBut = (dim: number, rank: number) => {
  const d = checkDim('renorm', dim, rank);
  return Array.from({ length: rank }, (_, i) => i).filter((i) => i !== d);
};

/** PyTorch adds this to a norm before dividing by it. */
const NORM_EPS = 1e-7;

const withP = (p: number): Sample[] => withArguments(reductionSamples, (args) => [p, ...args]);

defineOps<Norms>({
  pNorm: {
    torch: { name: 'linalg_vector_norm', params: ['input', 'ord', 'dim'], options: ['keepdim', 'dtype'] },
    math: 'y = \\Big(\\textstyle\\sum_i |x_i|^p\\Big)^{1/p}',
    vjpMath: { x: '\\bar y \\odot \\operatorname{sign} x \\odot (|x| / y)^{p - 1}' },
    saves: ['x', 'y'],
    shape: (x, _, dim, options) => shapeOver('norm')(x, dim, options),
    forward: (input, p, dim, options) => {
      const x = inDtype(input, options);
      requireFloat('norm', x);
      if ((p < 0 || p === Number.POSITIVE_INFINITY) && checkDims('norm', dim, x.ndim).some((d) => x.sizes[d] === 0))
        throw new ShapeError(`norm: shape ${formatShape(x.sizes)} has no elements, which have no norm for p = ${p}`);
      return reduceRuns('norm', x, dim, options?.keepdim, x.dtype, (data, at, n) => vectorNorm(data, at, n, p));
    },
    jvp: 'reduction',
    batch: 'reduction',
    vjp: {
      x: (dy, { x: input, y, args: [p, dim, options] }) => {
        const x = input.to(dy.dtype);
        const stretched = (t: Tensor) => stretch(t, x.sizes, dim, options?.keepdim);
        return normGradient(x, stretched(dy), stretched(y), p, dim);
      },
    },
    gradFn: 'LinalgVectorNormBackward0',
    samples: [
      ...withP(2),
      ...withP(1),
      ...withP(3),
      ...withP(Number.POSITIVE_INFINITY),
      { inputs: '2x3', args: [1.5, 0] },
      { inputs: '2x3', args: [0.5, 1] },
      { inputs: '2x3', args: [Number.NEGATIVE_INFINITY, 1] },
      { inputs: '2x0', args: [2, 0] },
    ],
  },
  renorm: {
    torch: { name: 'renorm', params: ['input', 'p', 'dim', 'maxnorm'] },
    math: 'y_k = x_k \\min(1, m / \\lVert x_k \\rVert_p)',
    vjpMath: {
      x: '\\tfrac{m}{\\lVert x_k \\rVert} \\Big(\\bar y_k - \\tfrac{\\bar y_k \\cdot x_k}{\\lVert x_k \\rVert} \\nabla \\lVert x_k \\rVert\\Big) \\text{ where } \\lVert x_k \\rVert > m, \\text{ else } \\bar y_k',
    },
    saves: ['x'],
    shape: (x) => x,
    forward: (given, p, dim, maxnorm) => {
      const x = given.detach();
      if (x.ndim < 2) throw new ShapeError(`renorm: needs two dimensions or more, got shape ${formatShape(x.sizes)}`);
      if (!(p > 0) || !(maxnorm >= 0))
        throw new ValueError(`renorm: p is ${p} and maxnorm ${maxnorm}; p must be above 0, maxnorm 0 or more`);
      const norms = x.norm(p, allBut(dim, x.ndim), { keepdim: true });
      return x.mul(norms.add(NORM_EPS).reciprocal().mul(maxnorm).where(norms.gt(maxnorm), 1));
    },
    batch: 'one by one',
    vjp: {
      x: (dy, { x, args: [p, dim, maxnorm] }) => {
        const dims = allBut(dim, x.ndim);
        const norms = x.norm(p, dims, { keepdim: true });
        const inverse = norms.add(NORM_EPS).reciprocal();
        const alongNorm = normGradient(x, x.mul(dy).sum(dims, { keepdim: true }), norms, p, dims)!;
        return dy.sub(inverse.mul(alongNorm)).mul(inverse.mul(maxnorm)).where(norms.gt(maxnorm), dy);
      },
    },
    inPlace: true,
    samples: [
      { inputs: '3x4', args: [2, 0, 0.8] },
      { inputs: '2x3x2', args: [1, -2, 2.5] },
      { inputs: '2x3', args: [3, 1, 100] },
      { inputs: '0x3', args: [2, 0, 1] },
    ],
  },
});

/** Norms as users call them. */
export interface NormForms {
  /**
   * Norm over the dimensions `dim`, or of all elements (`torch.norm`): `(Σ |x|^p)^(1/p)`, the largest and smallest
   * `|x|` for `p = ±Infinity`, the number of non-zero elements for `p = 0`. At 0 its derivative is 0.
   * @param p Default `'fro'`, which is 2; `'nuc'` is the sum of the singular values of matrices.
   * @throws {DtypeError} for integers; {@link IndexError} if a dimension is out of range or repeated;
   * {@link ShapeError} for an empty extremum, or for `'nuc'` without matrices.
   */
  norm(p?: number | 'fro' | 'nuc' | null, dim?: Dims | null, options?: NormOptions): Tensor;
  /**
   * Norm of the difference, `‖x - other‖_p`; the two broadcast (`torch.dist`).
   * @param p Default 2.
   * @throws {ShapeError} if the shapes do not broadcast.
   */
  dist(other: Tensor, p?: number): Tensor;
}

defineComposites<NormForms>({
  norm(p = 'fro', dim, options) {
    if (p === 'nuc') return this.nuclearNorm(dim, options);
    if (p !== null && p !== 'fro' && typeof p !== 'number')
      throw new ValueError(`norm: p is ${describe(p)}; use a number, Infinity, -Infinity, 'fro' or 'nuc'`);
    return this.pNorm(typeof p === 'number' ? p : 2, dim, options);
  },
  dist(other, p = 2) {
    return this.sub(other).norm(p);
  },
});

/**
 * Norm of the elements as one vector, or of those along `dim` (`torch.linalg.vector_norm`); see {@link NormForms.norm}.
 * @param ord Default 2.
 * @throws {DtypeError} for integers; {@link IndexError} if a dimension is out of range or repeated; {@link ShapeError}
 * for an empty extremum.
 */
export function linalgVectorNorm(x: Tensor, ord = 2, options: VectorNormOptions = {}): Tensor {
  const { dim, ...rest } = options;
  return x.norm(ord, dim, rest);
}
