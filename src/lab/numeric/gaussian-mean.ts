import { describe } from '../../describe';
import { ValueError } from '../../errors';

/** Options of {@link gaussianMean}. */
export interface GaussianMeanOptions {
  /** The mean of the distribution. Default: 0. */
  mean?: number;
  /** Its standard deviation, 0 or more. Default: 1. */
  sd?: number;
}

/** Positions and weights of a sum that approximates a mean under a normal distribution. */
export interface GaussianNodes {
  x: number[];
  weights: number[];
}

/** The five Gauss-Legendre positions on (-1, 1), with their weights. */
const legendre = [
  [0, 128 / 225],
  ...[1, -1].flatMap((side) => {
    const root = side * 2 * Math.sqrt(10 / 7);
    const place = Math.sqrt(5 - root) / 3;
    const weight = (322 + side * 13 * Math.sqrt(70)) / 900;
    return [
      [-place, weight],
      [place, weight],
    ];
  }),
] as [number, number][];

/** Beyond this many standard deviations is 1e-32 of the distribution. */
const reach = 12;
const strips = 240;

/**
 * Returns positions and weights, so that the weighted sum of a function is its mean under N(mean, sd²): Gauss's five
 * positions in each of 240 strips, one of which ends at x = 0, where activations have their kinks.
 *
 * @throws {ValueError} if `mean` is not finite, or `sd` not finite or negative.
 */
export function gaussianNodes(options: GaussianMeanOptions = {}): GaussianNodes {
  const { mean = 0, sd = 1 } = options;
  if (!Number.isFinite(mean) || !(Number.isFinite(sd) && sd >= 0)) {
    throw new ValueError(`gaussianMean: mean must be finite, sd 0 or more; got ${describe(mean)} and ${describe(sd)}`);
  }
  if (sd === 0) return { x: [mean], weights: [1] };
  const kink = -mean / sd;
  const ends = Array.from({ length: strips + 1 }, (_, i) => reach * ((2 * i) / strips - 1));
  if (Math.abs(kink) < reach) ends.push(kink);
  ends.sort((a, b) => a - b);
  const nodes: GaussianNodes = { x: [], weights: [] };
  for (let i = 0; i + 1 < ends.length; i++) {
    const [middle, half] = [(ends[i]! + ends[i + 1]!) / 2, (ends[i + 1]! - ends[i]!) / 2];
    if (half === 0) continue;
    for (const [place, weight] of legendre) {
      const z = middle + half * place;
      nodes.x.push(mean + sd * z);
      nodes.weights.push((half * weight * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI));
    }
  }
  return nodes;
}

/**
 * The mean of a function under a normal distribution, E f(x) with x from N(mean, sd²), as the integral ∫ f(x) φ((x -
 * mean)/sd) dx / sd over twelve standard deviations to both sides, by Gauss and Legendre's rule. Nearly exact (1e-13)
 * for functions that are smooth, or smooth on either side of 0, and do not grow like the bell falls.
 *
 * @example
 * numeric.gaussianMean((x) => Math.max(0, x) ** 2) // 0.5
 * @throws {ValueError} if `mean` is not finite, `sd` not finite or negative, or `f` gives something that is not
 *   finite.
 */
export function gaussianMean(f: (x: number) => number, options: GaussianMeanOptions = {}): number {
  const { x, weights } = gaussianNodes(options);
  let sum = 0;
  for (const [i, at] of x.entries()) {
    const value = f(at);
    if (!Number.isFinite(value)) throw new ValueError(`gaussianMean: f is ${describe(value)} at ${at}`);
    sum += weights[i]! * value;
  }
  return sum;
}
