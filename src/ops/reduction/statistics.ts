import { describe } from '../../describe';
import { DtypeError, ShapeError, ValueError } from '../../errors';
import { squaredDeviations, updatedMean } from '../../kernels/reduce';
import { rootOf } from '../../tensor/batched';
import { full } from '../../tensor/creation';
import { isFloat } from '../../tensor/dtype';
import { checkDim, checkDims, formatShape, sameShape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { concat } from '../joining/stacking';
import {
  requireDtypeOf,
  requireFloat,
  requireNumber,
  requireNumbers,
  requireOneOf,
  requireTensor,
} from '../table/arguments';
import { defineComposites, defineOps } from '../table/define';
import { asPositions } from '../table/positions';
import { withArguments } from '../table/samples';
import { type Dims, type KeepdimOption, reductionSamples, type SumOptions, shapeOver, stretch } from './dims';
import { reduceRuns } from './runs';

declare module '../../tensor/tensor' {
  interface Tensor extends Statistics, StatisticForms {}
}

/** Options of variances and standard deviations. */
export interface VarOptions {
  /** `true` means a correction of 1, `false` of 0. */
  unbiased?: boolean;
  /** Subtracted from the number of elements in the divisor; default 1. */
  correction?: number | null;
  /** Keep reduced dimensions with size 1; default `false`. */
  keepdim?: boolean;
}

/** Options of `cov`. */
export interface CovOptions {
  /** Subtracted from the number of observations in the divisor; default 1. */
  correction?: number;
  /** The frequency of each observation, integers. */
  fweights?: Tensor | null;
  /** The weight of each observation. */
  aweights?: Tensor | null;
}

/** Options of {@link StatisticForms.quantile}. */
export interface QuantileOptions extends KeepdimOption {
  /** How to interpolate between two elements: linearly (default), one of them, or their mean. */
  interpolation?: 'linear' | 'lower' | 'higher' | 'nearest' | 'midpoint';
}

/** Variances and standard deviations. */
export interface Statistics {
  /**
   * Variance over the dimensions `dim`, or all (`torch.var`): `Σ (x - mean)² / (n - correction)`, NaN for one element
   * and a correction of 1.
   * @throws {DtypeError} for integers and bools; {@link IndexError} if a dimension is out of range or repeated.
   */
  var(dim?: Dims | null, options?: VarOptions): Tensor;
  /** Standard deviation, the square root of the variance (`torch.std`); see {@link Statistics.var}. */
  std(dim?: Dims | null, options?: VarOptions): Tensor;
  /** The mean as `varMean` computes it. @internal */
  updatedMean(name: 'VarMean' | 'StdMean', dim?: Dims | null, options?: VarOptions): Tensor;
}

const correctionOf = (options: VarOptions | undefined) =>
  options?.unbiased === undefined ? (options?.correction ?? 1) : Number(options.unbiased);

type Arguments = [(Dims | null)?, VarOptions?];

function spread(name: 'var' | 'std', finish: (variance: number) => number) {
  return {
    torch: { name, params: ['input', 'dim'] as const, options: ['unbiased', 'correction', 'keepdim'] },
    shape: shapeOver(name),
    forward: (x: Tensor, ...[dim, options]: Arguments): Tensor => {
      requireFloat(name, x);
      const correction = correctionOf(options);
      return reduceRuns(name, x, dim, options?.keepdim, x.dtype, (data, offset, n) =>
        finish(squaredDeviations(data, offset, n) / Math.max(0, n - correction)),
      );
    },
    gradFn: `${name === 'var' ? 'Var' : 'Std'}Backward0`,
    samples: [
      ...reductionSamples.filter((sample) => sample !== '()'),
      { inputs: '4', args: [0, { correction: 0.5 }] },
      { inputs: '2x2', args: [null, { unbiased: false }] },
      { inputs: '0x2', args: [1] },
    ],
  };
}

/** Returns the gradient of a variance from its incoming gradient `dv`. */
function varianceGradient(name: string, dv: Tensor, x: Tensor, [dim, options]: Arguments): Tensor {
  const n = checkDims(name, dim, x.ndim).reduce((count, d) => count * x.sizes[d], 1);
  const mean = x.mean(dim, { keepdim: true });
  const freedom = n - correctionOf(options);
  // A single variance without degrees of freedom is NaN or infinite, and so is its gradient.
  if ((x.ndim === 0 || dim === undefined || dim === null) && freedom <= 0)
    return stretch(dv, x.sizes, dim, options?.keepdim).mul(
      full([], Number.NaN).where(x.eq(mean), Number.POSITIVE_INFINITY),
    );
  return stretch(dv.mul(2 / freedom), x.sizes, dim, options?.keepdim).mul(x.sub(mean));
}

defineOps<Statistics>({
  var: {
    ...spread('var', (v) => v),
    math: 'y = \\frac{1}{n - c} \\textstyle\\sum_i (x_i - \\bar x)^2',
    vjpMath: { x: '\\frac{2}{n - c}\\, \\bar y \\odot (x - \\operatorname{mean} x)' },
    saves: ['x'],
    jvp: 'reduction',
    batch: 'reduction',
    vjp: { x: (dy, { x, args }) => varianceGradient('var', dy, x, args) },
  },
  std: {
    ...spread('std', Math.sqrt),
    math: 'y = \\sqrt{\\frac{1}{n - c} \\textstyle\\sum_i (x_i - \\bar x)^2}',
    vjpMath: { x: '\\frac{1}{(n - c)\\, y}\\, \\bar y \\odot (x - \\operatorname{mean} x)' },
    saves: ['x', 'y'],
    // If all elements are equal, the derivative of the root is set to 0.
    jvp: 'reduction',
    batch: 'reduction',
    vjp: { x: (dy, { x, y, args }) => varianceGradient('std', dy.div(y.mul(2)).maskedFill(y.eq(0), 0), x, args) },
  },
  updatedMean: {
    torch: { name: 'mean', params: ['input', 'name', 'dim'], options: ['keepdim'] },
    math: 'y = \\frac{1}{n} \\sum_{i} x_i',
    vjpMath: { x: '\\frac{1}{n} \\bar y \\text{ for each term}' },
    saves: [],
    shape: (x, name, dim, options) => shapeOver(name)(x, dim, options),
    forward: (x, name, dim, options) => reduceRuns(name, x, dim, options?.keepdim, x.dtype, updatedMean),
    jvp: 'linear',
    batch: 'reduction',
    vjp: {
      x: (dy, { shape, args: [name, dim, options] }) => {
        const count = checkDims(name, dim, shape.length).reduce((n, d) => n * shape[d], 1);
        return stretch(dy.div(count), shape, dim, options?.keepdim);
      },
    },
    gradFn: ({ args: [name] }) => `${name}Backward0`,
    savesInPytorch: () => true,
    samples: [
      ...withArguments(reductionSamples, (args) => ['VarMean', ...args]),
      { inputs: '2x0', args: ['VarMean', 0] },
    ],
  },
});

/** Statistics composed of other operations. */
export interface StatisticForms {
  /**
   * Variance and mean (`torch.var_mean`); see {@link Statistics.var}. The mean is updated element by element, so that
   * an infinite element makes it NaN, unless it is the last.
   */
  varMean(dim?: Dims | null, options?: VarOptions): [Tensor, Tensor];
  /** Standard deviation and mean (`torch.std_mean`); see {@link Statistics.var}. */
  stdMean(dim?: Dims | null, options?: VarOptions): [Tensor, Tensor];
  /**
   * Sum that ignores NaN (`torch.nansum`).
   * @throws {IndexError} if a dimension is out of range or repeated.
   */
  nansum(dim?: Dims | null, options?: SumOptions): Tensor;
  /**
   * Mean of the elements that are not NaN (`torch.nanmean`); NaN if there are none.
   * @throws {DtypeError} for integers; {@link IndexError} if a dimension is out of range or repeated.
   */
  nanmean(dim?: Dims | null, options?: SumOptions): Tensor;
  /**
   * Number of non-zero elements, over the dimensions `dim` or all (`torch.count_nonzero`). Returns `int32`.
   * @throws {IndexError} if a dimension is out of range or repeated.
   */
  countNonzero(dim?: Dims | null): Tensor;
  /**
   * Quantiles along `dim`, or of all elements (`torch.quantile`): a fraction `q`, from 0 to 1, of the elements is below
   * the quantile. Several quantiles form a new first dimension. NaN if an element is NaN.
   * @throws {ValueError} if `q` is not from 0 to 1, or the interpolation is unknown; {@link ShapeError} for an empty
   * reduction, or if `q` has more than one dimension; {@link DtypeError} for integers.
   */
  quantile(q: number | Tensor, dim?: number | null, options?: QuantileOptions): Tensor;
  /**
   * Covariances (`torch.cov`) of a matrix with a row for each variable and a column for each observation: the matrix `Σ
   * w (x_i - mean_i)(x_j - mean_j) / (Σ w - correction)`. For a vector, one variable, its variance. Integers count as
   * `float32`.
   * @throws {ShapeError} for more than two dimensions, or weights of another length; {@link ValueError} for negative weights;
   *   {@link DtypeError} for a bool tensor.
   */
  cov(options?: CovOptions): Tensor;
  /**
   * Correlation coefficients (`torch.corrcoef`): covariances divided by both standard deviations, from -1 to 1; NaN for
   * a constant variable. Rows are variables, columns observations.
   * @throws {ShapeError} for more than two dimensions; {@link DtypeError} for a bool tensor.
   */
  corrcoef(): Tensor;
}

defineComposites<StatisticForms>({
  cov({ correction = 1, fweights = null, aweights = null } = {}) {
    requireNumbers('cov', this);
    if (this.ndim > 2)
      throw new ShapeError(
        `cov: needs a matrix with a row for each variable, or the observations of one, got shape ${formatShape(this.sizes)}`,
      );
    if (!Number.isInteger(correction))
      throw new ValueError(`cov: correction is ${describe(correction)}; it must be a whole number`);
    const floats = isFloat(this.dtype) ? this : this.to('float32');
    const x = this.ndim < 2 ? floats.reshape([1, -1]) : floats;
    const count = x.sizes[1];
    const often = weightsOfCov('fweights', fweights && asPositions('cov', fweights, 'fweights'), count, x);
    const important = weightsOfCov('aweights', aweights, count, x);
    const w = often !== null && important !== null ? often.mul(important) : (often ?? important);
    const sum = w === null ? count : w.sum();
    const total = typeof sum === 'number' ? sum : sum.item();
    const taken =
      important === null
        ? total - correction
        : total - (correction * w!.mul(important).sum().item()) / (total || Number.NaN);
    const mean = (w === null ? x : x.mul(w)).sum(1, { keepdim: true }).div(sum);
    const away = x.sub(mean);
    const product = away
      .matmul((w === null ? away : away.mul(w)).t())
      .div(Math.max(correction === 0 ? total : taken, 0));
    return this.ndim < 2 ? product.reshape([]) : product.squeeze();
  },
  corrcoef() {
    if (this.ndim > 2)
      throw new ShapeError(
        `corrcoef: needs a matrix with a row for each variable, or the observations of one, got shape ${formatShape(this.sizes)}`,
      );
    const c = this.cov();
    if (c.ndim === 0) return c.div(c);
    const spread = c.diagonal().sqrt();
    return c.div(spread.unsqueeze(1)).div(spread.unsqueeze(0)).clamp(-1, 1);
  },
  varMean(dim, options) {
    return [this.var(dim, options), this.updatedMean('VarMean', dim, options)];
  },
  stdMean(dim, options) {
    return [this.std(dim, options), this.updatedMean('StdMean', dim, options)];
  },
  nansum(dim, options) {
    return this.maskedFill(this.ne(this), 0).sum(dim, options);
  },
  nanmean(dim, options) {
    requireFloat('nanmean', this);
    return this.nansum(dim, options).div(this.eq(this).sum(dim, { keepdim: options?.keepdim }));
  },
  countNonzero(dim) {
    return this.ne(0).sum(dim);
  },
  quantile(q, dim, options = {}) {
    const { keepdim = false, interpolation = 'linear' } = options;
    requireFloat('quantile', this);
    if (!(q instanceof Tensor)) requireNumber('quantile', 'q, unless it is a tensor,', q);
    const parts = q instanceof Tensor ? q : full([], q, { dtype: this.dtype });
    checkQuantiles(this, parts, interpolation);
    const all = dim === undefined || dim === null;
    const d = all ? 0 : checkDim('quantile', dim, this.ndim);
    const rows = all || this.ndim === 0 ? this.reshape(-1) : this.movedLast(d);
    const last = rows.sizes[rows.ndim - 1] - 1;
    if (this.numel() === 0)
      throw new ShapeError(`quantile: no elements to choose from in shape ${formatShape(this.sizes)}`);
    const others = rows.sizes.slice(0, -1);
    const ranks = parts.reshape(-1).mul(last);
    const y =
      ranks.numel() > 0 && ranks.numel() <= fewQuantiles && hasNoNan(this)
        ? between(chosen(rows), ranks, interpolation)
        : between(sorted(rows), ranksOfEach(rows, ranks), interpolation);
    const kept = keepdim ? this.sizes.map((size, i) => (all || i === d ? 1 : size)) : others;
    return y.permute([others.length, ...others.keys()]).reshape([...parts.sizes, ...kept]);
  },
});

function checkQuantiles(x: Tensor, q: Tensor, interpolation: string): void {
  requireDtypeOf('quantile', x, { q });
  if (q.ndim > 1) throw new ShapeError(`quantile: q must be a number or a vector, got shape ${formatShape(q.sizes)}`);
  for (const part of q.toArray())
    if (!(part >= 0 && part <= 1)) throw new ValueError(`quantile: q is ${part}; it must be from 0 to 1`);
  requireOneOf('quantile', { interpolation }, ['linear', 'lower', 'higher', 'nearest', 'midpoint']);
}

/** Up to this number, quantiles are selected one by one, without sorting. */
const fewQuantiles = 2;

/**
 * For all examples of `func.vmap`. A sum that is NaN for another reason only leads to sorting, which is correct as
 * well.
 */
const hasNoNan = (x: Tensor) => !Number.isNaN(rootOf(x).detach().sum().item());

/**
 * Returns the ranks of each row. With a NaN, which sorts last, they all are the last rank, so that every quantile is
 * NaN.
 */
function ranksOfEach(rows: Tensor, ranks: Tensor): Tensor {
  const spoilt = rows.ne(rows).any(-1, { keepdim: true });
  return ranks.expand([...rows.sizes.slice(0, -1), ranks.numel()]).maskedFill(spoilt, rows.sizes[rows.ndim - 1] - 1);
}

/** Returns the elements at integer ranks. */
type AtRanks = (ranks: Tensor) => Tensor;

const sorted = (rows: Tensor): AtRanks => {
  const { values } = rows.sort(-1);
  return (ranks) => values.gather(-1, ranks.detach().to('int32'));
};

/** As {@link sorted} for a vector of ranks that all rows share. */
const chosen = (rows: Tensor): AtRanks => {
  const known = new Map<number, Tensor>();
  const at = (rank: number) => {
    const found = known.get(rank) ?? rows.kthvalue(rank + 1, -1, { keepdim: true }).values;
    known.set(rank, found);
    return found;
  };
  return (ranks) => concat(Array.from(ranks.detach().toArray(), at), -1);
};

/** Interpolates at fractional `ranks` of sorted rows. */
function between(at: AtRanks, ranks: Tensor, interpolation: NonNullable<QuantileOptions['interpolation']>): Tensor {
  if (interpolation === 'lower') return at(ranks.floor());
  if (interpolation === 'higher') return at(ranks.ceil());
  if (interpolation === 'nearest') return at(ranks.round());
  const below = ranks.detach().floor();
  return at(below).lerp(at(ranks.ceil()), interpolation === 'midpoint' ? 0.5 : ranks.sub(below));
}

/**
 * Returns weights of observations in the dtype of `x`. @throws {ShapeError} unless there is one for each;
 * {@link ValueError} for negative ones.
 */
function weightsOfCov(name: string, weights: Tensor | null, count: number, x: Tensor): Tensor | null {
  if (weights === null) return null;
  requireTensor('cov', weights, name);
  if (!sameShape(weights.sizes, [count]))
    throw new ShapeError(
      `cov: ${name} of shape ${formatShape(weights.sizes)} for ${count} observations; expected ${formatShape([count])}`,
    );
  const negative = weights.toArray().find((weight) => weight < 0);
  if (negative !== undefined) throw new ValueError(`cov: ${name} holds ${negative}; weights are 0 or more`);
  return weights.detach().to(x.dtype);
}
