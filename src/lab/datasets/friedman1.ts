import { requireOptions } from '../../data/checks';
import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { Generator } from '../../random';
import { rand, randn } from '../../tensor/random-creation';
import type { Tensor } from '../../tensor/tensor';

/** Options of {@link friedman1}. */
export interface Friedman1Options {
  /** Number of columns, from 5 on; y does not depend on those after the fifth. Default: 10. */
  features?: number;
  /** The standard deviation of the noise. Default: 0. */
  noise?: number;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator;
}

/**
 * Friedman's first test for regression (1991): x uniform in [0, 1), y = 10 sin(π x₁ x₂) + 20 (x₃ - ½)² + 10 x₄ + 5 x₅ +
 * noise · ε with ε from N(0, 1). As float64: x [n, features] and y [n]. It is scikit-learn's `make_friedman1`, with
 * PyTorch's numbers.
 *
 * @example
 * const { x, y } = datasets.friedman1(100, { noise: 2, generator: new Generator().manualSeed(0) });
 * x.shape // [100, 10]
 * @throws {ValueError} if `n` is not a whole number from 1 on, `features` not one from 5 on, or `noise` is negative.
 */
export function friedman1(n: number, options: Friedman1Options = {}): { x: Tensor; y: Tensor } {
  requireOptions('friedman1', options, ['features', 'noise', 'generator']);
  const { features = 10, noise = 0, generator } = options;
  for (const [name, value, least] of [
    ['n', n, 1],
    ['features', features, 5],
  ] as const) {
    if (!Number.isInteger(value) || value < least)
      throw new ValueError(`friedman1: ${name} must be a whole number from ${least} on, got ${describe(value)}`);
  }
  if (!(Number.isFinite(noise) && noise >= 0))
    throw new ValueError(`friedman1: noise must be 0 or more, got ${describe(noise)}`);
  const random = { dtype: 'float64', ...(generator && { generator }) } as const;
  const x = rand([n, features], random);
  const column = (j: number) => x.select(1, j);
  const exact = column(0)
    .mul(column(1))
    .mul(Math.PI)
    .sin()
    .mul(10)
    .add(column(2).sub(0.5).square().mul(20))
    .add(column(3).mul(10))
    .add(column(4).mul(5));
  return { x, y: noise === 0 ? exact : exact.add(randn([n], random).mul(noise)) };
}
