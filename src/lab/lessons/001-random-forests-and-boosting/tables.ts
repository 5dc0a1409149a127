import type { Generator } from '../../../random';
import { rand, randn } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';

/** A row of columns for each observation, and its target. */
export interface Table {
  x: Tensor;
  y: Tensor;
}

/** Options of all tables here. */
export interface TableOptions {
  /** The standard deviation of the noise in y. Default: 1. */
  noise?: number;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator;
}

const random = ({ generator }: TableOptions) => ({ dtype: 'float64', ...(generator && { generator }) }) as const;

/** y is `exact` plus noise. */
function withNoise(x: Tensor, exact: Tensor, options: TableOptions): Table {
  return { x, y: exact.add(randn(exact.shape, random(options)).mul(options.noise ?? 1)) };
}

/** 20 columns that all measure one hidden z from 0 to 1, each with its own noise of 0.3: y = 5 sin(2πz) + noise. */
export function gauges(n: number, options: TableOptions = {}): Table {
  const z = rand([n, 1], random(options));
  const x = z.add(randn([n, 20], random(options)).mul(0.3));
  return withNoise(
    x,
    z
      .select(1, 0)
      .mul(2 * Math.PI)
      .sin()
      .mul(5),
    options,
  );
}

/** Ten columns from 0 to 1, all relevant: y = 5 (x₁ + … + x₁₀) + noise. */
export function straight(n: number, options: TableOptions = {}): Table {
  const x = rand([n, 10], random(options));
  return withNoise(x, x.sum(1).mul(5), options);
}

/**
 * Ten columns from 0 to 1, of which y depends on four: y = 6 [x₁ > 0.4] + 4 [x₂ > 0.6] [x₃ > 0.3] + 3 [x₄ > 0.5] +
 * noise.
 */
export function steps(n: number, options: TableOptions = {}): Table {
  const x = rand([n, 10], random(options));
  const above = (j: number, at: number) => x.select(1, j).gt(at).to('float64');
  const exact = above(0, 0.4)
    .mul(6)
    .add(above(1, 0.6).mul(above(2, 0.3)).mul(4))
    .add(above(3, 0.5).mul(3));
  return withNoise(x, exact, options);
}
