import { until } from '../../cancellation';
import { describe } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { toInt32 } from '../../kernels/int32';
import type { NumberArray } from '../../kernels/strides';
import * as names from '../../option-names';
import { checkKind, checkOptions } from '../../options';
import {
  defaultGenerator,
  fillBernoulli,
  fillBernoulliEach,
  fillCauchy,
  fillExponential,
  fillGeometric,
  fillIntegers,
  fillLargest,
  fillLogNormal,
  fillNormal,
  fillUniform,
  fillWhole,
  fillWithReplacement,
  type Generator,
} from '../../random';
import { refuseSurplus } from '../../surplus';
import { checkBounds, largest, normalNumbers, type RandomOptions } from '../../tensor/random-creation';
import { broadcastShapes, formatShape, type Shape } from '../../tensor/shape';
import { empty, emptyLike, packed, Tensor } from '../../tensor/tensor';
import { requireFloat, requireTensor } from '../table/arguments';
import { defineComposites } from '../table/define';
import { checkWritable } from '../table/inplace';

declare module '../../tensor/tensor' {
  interface Tensor extends Random {}
}

/** Option of functions that draw random numbers. */
export interface GeneratorOption {
  /** The generator of the numbers; default: the one that `manualSeed` seeds. */
  generator?: Generator;
}

/** Options of `multinomial`. */
export interface MultinomialOptions extends GeneratorOption {
  /** Whether a category can be drawn more than once; default `false`. */
  replacement?: boolean;
}

/**
 * Random numbers, the same as PyTorch's for the same seed. Methods that end in `_` overwrite the tensor, in memory
 * order; no gradient flows to the old values.
 */
export interface Random {
  /**
   * Overwrites the elements with numbers uniform in `[from, to)`, by default `[0, 1)` (`torch.Tensor.uniform_`).
   * @throws {ValueError} unless `from ≤ to`, both finite; {@link DtypeError} unless the tensor is a float.
   */
  uniform_(from?: number, to?: number, options?: GeneratorOption): Tensor;
  /**
   * Overwrites the elements with normally distributed numbers, by default of mean 0 and standard deviation 1
   * (`torch.Tensor.normal_`).
   * @throws {ValueError} if the standard deviation is negative; {@link DtypeError} unless the tensor is a float.
   */
  normal_(mean?: number, std?: number, options?: GeneratorOption): Tensor;
  /**
   * Overwrites the elements with integers, uniformly distributed (`torch.Tensor.random_`): from 0, or `from`, to `to -
   * 1`, or to the largest integer of the dtype (for floats, the largest up to which all are exact).
   * @throws {ValueError} if `to` is not above `from`, or the dtype cannot represent the range.
   */
  random_(options?: GeneratorOption): Tensor;
  random_(to: number, options?: GeneratorOption): Tensor;
  random_(from: number, to: number | null, options?: GeneratorOption): Tensor;
  /**
   * Overwrites each element with 1 with probability `p`, else with 0 (`torch.Tensor.bernoulli_`). A tensor `p` of
   * probabilities broadcasts to this one's shape; default 0.5.
   * @throws {ValueError} if a probability is not from 0 to 1; {@link DtypeError} if a tensor of them is not a float.
   */
  bernoulli_(p?: number | Tensor, options?: GeneratorOption): Tensor;
  /**
   * Overwrites the elements with exponentially distributed numbers, of density `λ e^(-λx)` and mean `1/λ`, by default 1
   * (`torch.Tensor.exponential_`).
   * @throws {ValueError} unless `lambd` is positive; {@link DtypeError} unless the tensor is a float.
   */
  exponential_(lambd?: number, options?: GeneratorOption): Tensor;
  /**
   * Overwrites the elements with numbers of trials until the first success, `P(k) = (1 - p)^(k-1) p` for `k = 1, 2, …`
   * (`torch.Tensor.geometric_`).
   * @throws {ValueError} unless `p` lies between 0 and 1.
   */
  geometric_(p: number, options?: GeneratorOption): Tensor;
  /**
   * Overwrites the elements with numbers of Cauchy's distribution, of density `σ / (π (σ² + (x - median)²))`, by default
   * of median 0 and `sigma` 1 (`torch.Tensor.cauchy_`).
   * @throws {ValueError} unless `sigma` is positive; {@link DtypeError} unless the tensor is a float.
   */
  cauchy_(median?: number, sigma?: number, options?: GeneratorOption): Tensor;
  /**
   * Overwrites the elements with numbers whose logarithms are normally distributed, by default of mean 1 and standard
   * deviation 2 (`torch.Tensor.log_normal_`).
   * @throws {ValueError} unless the standard deviation is positive; {@link DtypeError} unless the tensor is a float.
   */
  logNormal_(mean?: number, std?: number, options?: GeneratorOption): Tensor;
  /**
   * Returns 1 with the probability in each element, else 0, in the same shape and dtype (`torch.bernoulli`). No
   * gradient flows to the probabilities.
   * @example
   * manualSeed(420);
   * bernoulli(tensor([0, 0.5, 1])) // tensor([0., 1., 1.])
   * @throws {ValueError} if an element is not from 0 to 1; {@link DtypeError} unless the tensor is a float.
   */
  bernoulli(options?: GeneratorOption): Tensor;
  /**
   * Indices drawn with probabilities proportional to the weights in the tensor (`torch.multinomial`): for `[n]`,
   * `numSamples` indices from 0 to `n - 1`; for `[m, n]`, as many for each row. Returns `int32`.
   * @example
   * manualSeed(420);
   * multinomial(tensor([1, 0, 3]), 6, { replacement: true }) // tensor([2, 2, 2, 0, 0, 2])
   * @throws {ShapeError} unless there are one or two dimensions; {@link DtypeError} unless the weights are floats;
   * {@link ValueError} if a weight is negative or not finite, all of a row are zero, `numSamples` is not positive, or
   * exceeds the number of weights without `replacement`.
   */
  multinomial(numSamples: number, options?: MultinomialOptions): Tensor;
}

/**
 * Overwrites `x` with the draws of `fill`, in memory order.
 * @internal
 */
export function redraw<A extends NumberArray>(
  op: string,
  x: Tensor,
  options: GeneratorOption,
  fill: (data: A, generator: Generator, contiguous: boolean) => void,
): Tensor {
  checkWritable(op, x);
  const values = emptyLike(x, x.dtype);
  fill(values.memory as A, options.generator ?? defaultGenerator, x.isContiguous());
  return x.copy_(values);
}

function check(op: string, right: boolean, what: string): void {
  if (!right) throw new ValueError(`${op}: ${what}`);
}

function checkProbability(op: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw new ValueError(`${op}: a probability is ${p}; it must be from 0 to 1`);
}

/** Returns the probabilities for the elements of `x`, in its memory order. */
function probabilities(op: string, p: Tensor, x: Tensor): Float32Array | Float64Array {
  requireFloat(op, p);
  const chances = emptyLike(x, p.dtype).copy_(p.detach()).memory as Float32Array | Float64Array;
  for (let i = 0; i < chances.length; )
    for (const end = until(i, chances.length); i < end; i++) checkProbability(op, chances[i]);
  return chances;
}

function checkWeights(weights: Tensor, numSamples: number, replacement: boolean): void {
  requireFloat('multinomial', weights);
  const { ndim, sizes: shape } = weights;
  const categories = shape[ndim - 1];
  if ((ndim !== 1 && ndim !== 2) || categories === 0)
    throw new ShapeError(
      `multinomial: weights of shape ${formatShape(shape)}; expected [n], or [m, n] with a row for each distribution`,
    );
  check('multinomial', Number.isInteger(numSamples) && numSamples > 0, `cannot draw ${numSamples} samples`);
  check(
    'multinomial',
    replacement || numSamples <= categories,
    `cannot draw ${numSamples} of ${categories} categories without replacement; pass { replacement: true }`,
  );
  const values = weights.toArray();
  for (let row = 0; row < values.length; row += categories) {
    let total = 0;
    for (let j = row; j < row + categories; )
      for (const end = until(j, row + categories); j < end; j++) {
        if (!(values[j] >= 0 && values[j] < Infinity))
          throw new ValueError(`multinomial: a weight is ${values[j]}; it must be 0 or more, and finite`);
        total += values[j];
      }
    check('multinomial', total > 0, 'the weights sum to 0; at least one must be positive');
  }
}

type FloatArray = Float32Array | Float64Array;

defineComposites<Random>({
  uniform_(from = 0, to = 1, options = {}) {
    requireFloat('uniform_', this);
    check(
      'uniform_',
      from <= to && Number.isFinite(to - from),
      `from ${from} to ${to} is not an interval; from must not exceed to, and both must be finite`,
    );
    return redraw<FloatArray>('uniform_', this, options, (data, generator) => fillUniform(data, from, to, generator));
  },
  normal_(mean = 0, std = 1, options = {}) {
    requireFloat('normal_', this);
    check('normal_', std >= 0, `the standard deviation is ${std}; it must be 0 or more`);
    return redraw<FloatArray>('normal_', this, options, (data, generator, contiguous) =>
      fillNormal(data, mean, std, generator, contiguous),
    );
  },
  random_(...args: unknown[]) {
    // The last argument is the options if it is not a bound.
    const isBound = (value: unknown) => typeof value === 'number' || value === null;
    const count = args.length - (args.length > 0 && !isBound(args[args.length - 1]) ? 1 : 0);
    const numbers = args.slice(0, count) as (number | null)[];
    for (const bound of numbers) checkKind('random_', 'each bound', bound, 'number | null');
    const options = (args[count] ?? {}) as GeneratorOption;
    checkOptions('random_', options, names.GeneratorOption);
    const [from, to] = numbers.length === 2 ? numbers : [0, numbers[0] ?? null];
    const { dtype } = this;
    const last = to === null ? largest[dtype] : to - 1;
    checkBounds('random_', from ?? 0, last + 1, dtype);
    return redraw('random_', this, options, (data, generator) =>
      numbers.length === 0 ? fillWhole(data, last, generator) : fillIntegers(data, from ?? 0, last, generator),
    );
  },
  bernoulli_(p = 0.5, options = {}) {
    if (typeof p === 'number') {
      checkProbability('bernoulli_', p);
      return redraw('bernoulli_', this, options, (data, generator) => fillBernoulli(data, p, generator));
    }
    const chances = probabilities('bernoulli_', p, this);
    return redraw('bernoulli_', this, options, (data, generator) => fillBernoulliEach(data, chances, generator));
  },
  exponential_(lambd = 1, options = {}) {
    requireFloat('exponential_', this);
    check('exponential_', lambd > 0, `lambd is ${lambd}; it must be positive`);
    return redraw('exponential_', this, options, (data, generator) => fillExponential(data, lambd, generator));
  },
  geometric_(p, options = {}) {
    check('geometric_', p > 0 && p < 1, `p is ${p}; it must lie between 0 and 1`);
    return redraw('geometric_', this, options, (data, generator) => {
      if (this.dtype !== 'int32') return fillGeometric(data, p, generator);
      const whole = new Float64Array(data.length);
      fillGeometric(whole, p, generator);
      data.set(toInt32('geometric_', whole));
    });
  },
  cauchy_(median = 0, sigma = 1, options = {}) {
    requireFloat('cauchy_', this);
    check('cauchy_', sigma > 0, `sigma is ${sigma}; it must be positive`);
    return redraw('cauchy_', this, options, (data, generator) => fillCauchy(data, median, sigma, generator));
  },
  logNormal_(mean = 1, std = 2, options = {}) {
    requireFloat('logNormal_', this);
    check('logNormal_', std > 0, `the standard deviation is ${std}; it must be positive`);
    return redraw('logNormal_', this, options, (data, generator) => fillLogNormal(data, mean, std, generator));
  },
  bernoulli(options = {}) {
    // Drawn in row-major order, whatever the layout of the probabilities.
    const values = empty(this.sizes, this.dtype);
    const chances = probabilities('bernoulli', this, values);
    fillBernoulliEach(values.memory, chances, options.generator ?? defaultGenerator);
    // A copy: it has the history of the probabilities, with a gradient of zero.
    return this.copy(values);
  },
  multinomial(numSamples, { replacement = false, generator = defaultGenerator } = {}) {
    checkWeights(this, numSamples, replacement);
    const categories = this.sizes[this.ndim - 1];
    const indices = empty([...this.sizes.slice(0, -1), numSamples], 'int32');
    const places = indices.memory as Int32Array;
    if (replacement && numSamples > 1)
      fillWithReplacement(places, this.toArray() as FloatArray, categories, numSamples, generator);
    else {
      const scores = this.detach().div(emptyLike(this, this.dtype).exponential_(1, { generator }));
      fillLargest(places, packed(scores).memory as FloatArray, categories, numSamples);
    }
    return indices;
  },
});

/**
 * Normally distributed numbers, each with its own mean and standard deviation (`torch.normal`). Tensors of means and
 * deviations broadcast, and no gradient flows to them; two numbers need the shape of the result.
 * @example
 * manualSeed(420);
 * normal(tensor([0, 10]), 0.1) // tensor([-0.1698, 10.0637])
 * normal(2, 3, [1, 4]).shape // [1, 4]
 * @throws {ValueError} if a standard deviation is negative; {@link DtypeError} if a tensor is not a float;
 * {@link ShapeError} if the shapes do not broadcast.
 */
export function normal(mean: number, std: number, size: Shape, options?: RandomOptions): Tensor;
export function normal(mean: Tensor, std?: Tensor | number, options?: GeneratorOption): Tensor;
export function normal(mean: number, std: Tensor, options?: GeneratorOption): Tensor;
export function normal(
  mean: Tensor | number,
  std: Tensor | number = 1,
  ...rest: [(Shape | GeneratorOption)?, RandomOptions?]
): Tensor {
  if (arguments.length > 4) refuseSurplus('normal', arguments, 4);
  if (typeof mean === 'number' && typeof std === 'number') {
    const [size, options = {}] = rest;
    if (!Array.isArray(size))
      throw new ValueError(`normal: two numbers need a shape, as in normal(0, 1, [2, 3]); got ${describe(size)}`);
    checkOptions('normal', options, names.RandomOptions);
    return normalNumbers('normal', size, mean, std, options);
  }
  for (const [name, given] of Object.entries({ mean, std }))
    if (typeof given !== 'number') requireTensor('normal', given, `the ${name}, unless it is a number,`);
  const tensors = [mean, std].filter((t) => t instanceof Tensor);
  for (const t of tensors) requireFloat('normal', t);
  if (std instanceof Tensor)
    for (const s of std.toArray()) check('normal', s >= 0, `a standard deviation is ${s}; it must be 0 or more`);
  const shape = tensors.map((t) => t.sizes).reduce((a, b) => broadcastShapes('normal', a, b));
  const { dtype } = tensors[0];
  checkOptions('normal', rest[0], names.GeneratorOption);
  const options = { dtype, generator: (rest[0] as GeneratorOption | undefined)?.generator };
  const spread =
    std instanceof Tensor
      ? normalNumbers('normal', shape, 0, 1, options).mul(std.detach()).to(dtype)
      : normalNumbers('normal', shape, 0, std, options);
  const values = spread.add(mean instanceof Tensor ? mean.detach() : mean).to(dtype);
  // Copies: they have the history of the means and deviations, with gradients of zero.
  return tensors.reduceRight((y, t) => t.expand(shape).copy(y), values);
}
