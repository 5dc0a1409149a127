import { ValueError } from '../../../errors';
import type { Generator } from '../../../random';
import { tensor } from '../../../tensor/creation';
import { rand, randn } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';

/** Options of {@link sparseRegression}. */
export interface SparseRegressionOptions {
  /** How many features are there in nine rows of ten. Default: 10. */
  frequent?: number;
  /** How many are there in a share `rarity` of the rows. Default: 10. */
  rare?: number;
  /** The share of the rows in which each rare feature is there, from 0 to 1. Default: 0.01. */
  rarity?: number;
  /** The standard deviation of the noise. Default: 0.01. */
  noise?: number;
  /** Where the random numbers come from. Default: the default generator. */
  generator?: Generator;
}

/**
 * A linear regression, y = X w + noise · ε, whose features are there (1) or not (0), independently: the frequent ones first, with
 * probability 0.9, then the rare ones, with probability `rarity`. The weights and ε are drawn from N(0, 1). As float64: x [n, d],
 * y [n] and w [d], where d = frequent + rare.
 *
 * @example
 * const { x, y, w } = sparseRegression(5, { frequent: 2, rare: 1, rarity: 0, noise: 0 });
 * y.sub(x.matmul(w)).abs().max().item() // 0
 * x.select(1, 2).sum().item() // 0
 * @throws {ValueError} if `n`, `frequent` or `rare` is not a whole number (n from 1, the others from 0 on, not both 0),
 *   `rarity` is not from 0 to 1, or `noise` is negative.
 */
export function sparseRegression(
  n: number,
  options: SparseRegressionOptions = {},
): { x: Tensor; y: Tensor; w: Tensor } {
  if (typeof options !== 'object' || options === null) {
    throw new ValueError(`sparseRegression: options must be an object such as { rarity: 0.1 }, got ${String(options)}`);
  }
  const { frequent = 10, rare = 10, rarity = 0.01, noise = 0.01, generator } = options;
  for (const [name, value, least] of [
    ['n', n, 1],
    ['frequent', frequent, 0],
    ['rare', rare, 0],
    ['frequent + rare', frequent + rare, 1],
  ] as const) {
    if (!Number.isInteger(value) || value < least)
      throw new ValueError(`sparseRegression: ${name} must be a whole number from ${least} on, got ${String(value)}`);
  }
  if (!(rarity >= 0 && rarity <= 1))
    throw new ValueError(`sparseRegression: rarity must be from 0 to 1, got ${String(rarity)}`);
  if (!(Number.isFinite(noise) && noise >= 0))
    throw new ValueError(`sparseRegression: noise must be 0 or more, got ${String(noise)}`);
  const random = { dtype: 'float64', ...(generator && { generator }) } as const;
  const shares = Array.from({ length: frequent + rare }, (_, k) => (k < frequent ? 0.9 : rarity));
  const x = rand([n, frequent + rare], random)
    .lt(tensor(shares, { dtype: 'float64' }))
    .to('float64');
  const w = randn([frequent + rare], random);
  const exact = x.matmul(w);
  return { x, y: noise === 0 ? exact : exact.add(randn([n], random).mul(noise)), w };
}
