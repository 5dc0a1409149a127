import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { Generator } from '../../random';
import { linspace } from '../../tensor/creation';
import { randn } from '../../tensor/random-creation';
import type { Tensor } from '../../tensor/tensor';

/** Options of {@link wave}. */
export interface WaveOptions {
  /** The first position. Default: -π. */
  from?: number;
  /** The last position. Default: π. */
  to?: number;
  /** The standard deviation of the noise. Default: 0. */
  noise?: number;
  /** The source of the noise. Default: the default generator. */
  generator?: Generator;
}

/**
 * A noisy sine, y = sin x + noise · ε with ε from N(0, 1), at n equally spaced positions from `from` to `to`, both
 * included. As float64: x and y of shape [n]. Without noise nothing is drawn.
 *
 * @example
 * datasets.wave(3, { from: 0, to: Math.PI }).y.round({ decimals: 3 }).tolist() // [0, 1, 0]
 * @throws {ValueError} if `n` is not a whole number from 2 on, the ends are not finite and in order, or `noise` is
 *   negative.
 */
export function wave(n: number, options: WaveOptions = {}): { x: Tensor; y: Tensor } {
  if (typeof options !== 'object' || options === null) {
    throw new ValueError(`wave: options must be an object such as { noise: 0.25 }, got ${describe(options)}`);
  }
  const { from = -Math.PI, to = Math.PI, noise = 0, generator } = options;
  if (!Number.isInteger(n) || n < 2)
    throw new ValueError(`wave: n must be a whole number from 2 on, got ${describe(n)}`);
  if (!(Number.isFinite(from) && Number.isFinite(to) && from < to)) {
    throw new ValueError(`wave: from must be below to, and both finite; got ${describe(from)} and ${describe(to)}`);
  }
  if (!(Number.isFinite(noise) && noise >= 0))
    throw new ValueError(`wave: noise must be 0 or more, got ${describe(noise)}`);
  const x = linspace(from, to, n, { dtype: 'float64' });
  if (noise === 0) return { x, y: x.sin() };
  const drawn = randn([n], { dtype: 'float64', ...(generator && { generator }) });
  return { x, y: x.sin().add(drawn.mul(noise)) };
}
