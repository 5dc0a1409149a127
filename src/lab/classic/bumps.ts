import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { Generator } from '../../random';
import { rand, randn } from '../../tensor/random-creation';

/** Options of {@link bumps}. */
export interface BumpsOptions {
  /** The number of sines. Default: 6. */
  waves?: number;
  /** The curvature c of a bowl that is added; without it the landscape has the period 2π. Default: 0. */
  curvature?: number;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator;
}

/** A landscape over a line. */
export interface Bumps {
  /** f(x). */
  height(x: number): number;
  /** f′(x). */
  slope(x: number): number;
}

/**
 * A random landscape with several minima, f(x) = ½ c x² + Σ (aₖ / k) sin(k x + φₖ) for k from 1 to `waves`, with aₖ
 * from N(0, 1) and uniform φₖ: all sines are equally steep on average.
 *
 * @example
 * const { height, slope } = classic.bumps({ waves: 6, generator: new Generator().manualSeed(3) });
 * classic.descend(([x]) => [slope(x)], [0], { lr: 0.02, steps: 300 }).points.at(-1)
 * @throws {ValueError} if `waves` is not a whole number from 1 on, or `curvature` is negative or not finite.
 */
export function bumps(options: BumpsOptions = {}): Bumps {
  const { waves = 6, curvature = 0, generator } = options;
  if (!Number.isInteger(waves) || waves < 1) {
    throw new ValueError(`bumps: waves must be a whole number from 1 on, got ${describe(waves)}`);
  }
  if (!(Number.isFinite(curvature) && curvature >= 0)) {
    throw new ValueError(`bumps: curvature must be 0 or more, got ${describe(curvature)}`);
  }
  const random = { dtype: 'float64', ...(generator && { generator }) } as const;
  const steepness = randn([waves], random).tolist() as number[];
  const phases = rand([waves], random)
    .mul(2 * Math.PI)
    .tolist() as number[];
  return {
    height: (x) =>
      steepness.reduce(
        (sum, a, i) => sum + (a / (i + 1)) * Math.sin((i + 1) * x + phases[i]!),
        (curvature * x * x) / 2,
      ),
    slope: (x) => steepness.reduce((sum, a, i) => sum + a * Math.cos((i + 1) * x + phases[i]!), curvature * x),
  };
}
