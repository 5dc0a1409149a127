import { ValueError } from '../errors';
import { shown } from '../ops/table/arguments';
import type { Generator } from '../random';
import { tensor } from '../tensor/creation';
import { rand } from '../tensor/random-creation';
import type { Tensor } from '../tensor/tensor';
import { requireOptions } from './checks';

/** Options of {@link ringBands}. */
export interface RingBandsOptions {
  /** The smallest and the largest radius of each band. Default: [0.8, 1.2] and [1.8, 2.2]. */
  bands?: readonly (readonly [number, number])[];
  /** Where the random numbers come from. Default: the default generator. */
  generator?: Generator;
}

/**
 * Points in filled bands around the origin, by turns in each: direction and radius are drawn evenly, so that bands which do not
 * touch can be told apart for certain. x is float64 of shape [n, 2], y the number of each row's band, int32.
 *
 * @example
 * const { x, y } = data.ringBands(4);
 * y.tolist() // [0, 1, 0, 1]
 * x.square().sum(1).sqrt() // each from 0.8 to 1.2, or from 1.8 to 2.2
 * @throws {ValueError} if `n` is not a whole number from 1 on, or a band is no [smallest, largest] radius.
 */
export function ringBands(n: number, options: RingBandsOptions = {}): { x: Tensor; y: Tensor } {
  requireOptions('ringBands', options, ['bands', 'generator']);
  const { generator } = options;
  const { bands = [[0.8, 1.2] as const, [1.8, 2.2] as const] } = options;
  if (!Number.isInteger(n) || n < 1)
    throw new ValueError(`ringBands: n must be a whole number from 1 on, got ${shown(n)}`);
  const isBand = (one: unknown) =>
    Array.isArray(one) && one.length === 2 && one.every(Number.isFinite) && one[0] >= 0 && one[0] <= one[1];
  if (!Array.isArray(bands) || bands.length === 0 || !bands.every(isBand))
    throw new ValueError(`ringBands: bands must be radii such as [[0.8, 1.2], [1.8, 2.2]], got ${shown(bands)}`);
  const drawn = rand([n, 2], { dtype: 'float64', ...(generator && { generator }) }).tolist() as [number, number][];
  const rows = drawn.map(([turn, share], i) => {
    const [low, high] = bands[i % bands.length]!;
    const radius = low + share * (high - low);
    return [radius * Math.cos(2 * Math.PI * turn), radius * Math.sin(2 * Math.PI * turn)];
  });
  const y = tensor(Int32Array.from(rows, (_, i) => i % bands.length));
  return { x: tensor(rows, { dtype: 'float64' }), y };
}
