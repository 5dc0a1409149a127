import { describe } from '../describe';
import { ValueError } from '../errors';
import { fillBeta, fillDirichlet, fillGamma, type Generator } from '../random';
import { drawn, floatDtype, type RandomOptions } from './random-creation';
import { checkShape, refuseTensor, type Shape } from './shape';
import type { Tensor } from './tensor';

/** Draws a tensor once the concentrations, by name, are known to be numbers above 0. */
function sample(
  op: string,
  concentrations: Record<string, number>,
  shape: Shape | number,
  options: RandomOptions,
  fill: (data: Float32Array | Float64Array, generator: Generator) => void,
): Tensor {
  refuseTensor(op, shape);
  for (const [name, value] of Object.entries(concentrations)) {
    if (!(Number.isFinite(value) && value > 0))
      throw new ValueError(`${op}: ${name} must be a number above 0, got ${describe(value)}`);
  }
  return drawn(op, shape, floatDtype(op, options.dtype), options, fill);
}

/**
 * Numbers of the gamma distribution, of density `x^(α-1) e^(-x) / Γ(α)`, with mean and variance `α`
 * (`torch.distributions.Gamma(α, 1).sample(shape)`). float32 numbers are PyTorch's for the same seed, float64 ones within a few
 * units in the last place.
 * @example
 * const x = gammaSample(3, [10000], { generator: new Generator().manualSeed(0) });
 * Math.abs(x.mean().item() - 3) < 0.1 // true
 * @throws {ValueError} unless `concentration` is above 0; {@link DtypeError} unless the dtype is a float.
 */
export function gammaSample(concentration: number, shape: Shape | number, options: RandomOptions = {}): Tensor {
  return sample('gammaSample', { 'the concentration': concentration }, shape, options, (data, generator) =>
    fillGamma(data, concentration, generator),
  );
}

/**
 * Numbers between 0 and 1 of the beta distribution, of density proportional to `x^(a-1) (1-x)^(b-1)`, with mean `a/(a+b)`
 * (`torch.distributions.Beta(a, b).sample(shape)`): mostly near the ends for `a` and `b` below 1, in the middle for large ones.
 * float32 numbers are PyTorch's for the same seed, float64 ones within a few units in the last place.
 * @example
 * const x = betaSample(0.4, 0.4, [10000], { generator: new Generator().manualSeed(0) });
 * Math.abs(x.mean().item() - 0.5) < 0.02 // true
 * @throws {ValueError} unless `a` and `b` are above 0; {@link DtypeError} unless the dtype is a float.
 */
export function betaSample(a: number, b: number, shape: Shape | number, options: RandomOptions = {}): Tensor {
  return sample('betaSample', { a, b }, shape, options, (data, generator) => fillBeta(data, a, b, generator));
}

/**
 * Rows of k shares that add up to 1, of Dirichlet's distribution, of density proportional to `∏ xₖ^(αₖ-1)`, with means `αₖ/Σα`
 * (`torch.distributions.Dirichlet(concentrations).sample(shape)`). Shape: that given, with k at its end. float32 numbers are
 * PyTorch's for the same seed, float64 ones within a few units in the last place.
 * @example
 * const x = dirichletSample([1, 2, 5], [4], { dtype: 'float64' });
 * [x.shape, x.sum(1).allclose(ones(4, { dtype: 'float64' }))] // [[4, 3], true]
 * @throws {ValueError} if there are no concentrations, or one is not above 0; {@link DtypeError} unless the dtype is a float.
 */
export function dirichletSample(
  concentrations: readonly number[],
  shape: Shape | number,
  options: RandomOptions = {},
): Tensor {
  if (!Array.isArray(concentrations) || concentrations.length === 0)
    throw new ValueError(
      `dirichletSample: the concentrations must be a list such as [1, 2, 5], got ${describe(concentrations)}`,
    );
  const named = Object.fromEntries(concentrations.map((value, k) => [`concentration ${k}`, value as number]));
  const sizes = typeof shape === 'number' ? [shape] : shape;
  checkShape('dirichletSample', sizes);
  return sample('dirichletSample', named, [...sizes, concentrations.length], options, (data, generator) =>
    fillDirichlet(data, concentrations, generator),
  );
}
