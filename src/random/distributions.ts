import type { Generator } from '../generator';
import type { NumberArray } from '../kernels/strides';
import { fillMapped, inDraws, uniform24 } from './draws';
import { fma64 } from './fma';
import { nextNormal } from './normal';

/** Fills the array with 1 where a number uniform in `[0, 1)` is less than `p`, else 0; two draws per element. */
export function fillBernoulli(data: NumberArray, p: number, generator: Generator): void {
  // The draw scaled by 2⁵³ is an integer, and scaling `p` by a power of two is exact.
  const limit = p * 2 ** 53;
  inDraws(2 * data.length, generator, (words, first, count) => {
    for (let i = 0, to = first / 2; i < count; i += 2, to++)
      data[to] = (words[i] & 0x1fffff) * 2 ** 32 + (words[i + 1] >>> 0) < limit ? 1 : 0;
  });
}

/** As {@link fillBernoulli} with a probability for each element: one draw per element for float32, two for float64. */
export function fillBernoulliEach(data: NumberArray, p: Float32Array | Float64Array, generator: Generator): void {
  if (p instanceof Float32Array)
    inDraws(data.length, generator, (words, first, count) => {
      for (let i = 0, to = first; i < count; i++, to++) data[to] = uniform24(words[i]) < p[to] ? 1 : 0;
    });
  else fillMapped(data, generator, (u, i) => (u < p[i] ? 1 : 0));
}

/** Fills the array with exponentially distributed numbers of mean `1 / lambda`. */
export function fillExponential(data: NumberArray, lambda: number, generator: Generator): void {
  const factor = -1 / lambda;
  fillMapped(data, generator, (u) => factor * Math.log1p(-u));
}

/** Fills the array with the numbers of trials, each with success `p`, until the first success. */
export function fillGeometric(data: NumberArray, p: number, generator: Generator): void {
  const logFailure = Math.log1p(-p);
  fillMapped(data, generator, (u) => Math.ceil(Math.log(u) / logFailure));
}

/** Fills the array with numbers of Cauchy's distribution. */
export function fillCauchy(data: NumberArray, median: number, sigma: number, generator: Generator): void {
  const { EPSILON } = Number;
  // Avoids the ends, where the tangent is infinite.
  const inside = (u: number) => Math.min(Math.max(u, EPSILON), 1 - EPSILON);
  fillMapped(data, generator, (u) => median + sigma * Math.tan(Math.PI * (inside(u) - 0.5)));
}

/** Fills the array with numbers whose logarithms are normally distributed, drawn one by one. */
export function fillLogNormal(data: NumberArray, mean: number, std: number, generator: Generator): void {
  for (let i = 0; i < data.length; i++) data[i] = Math.exp(fma64(nextNormal(generator), std, mean));
}
