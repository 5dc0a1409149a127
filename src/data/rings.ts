import { ValueError } from '../errors';
import { stack } from '../ops/functions';
import { shown } from '../ops/table/arguments';
import type { Generator } from '../random';
import { arange, tensor } from '../tensor/creation';
import { rand, randn } from '../tensor/random-creation';
import type { Tensor } from '../tensor/tensor';
import { requireOptions } from './checks';

/** Options of {@link rings}. */
export interface RingsOptions {
  /** The radius of each ring; ring `k` is class `k`. Default: 1 and 2. */
  radii?: readonly number[];
  /** The standard deviation of the distance from the ring. Default: 0.12. */
  sd?: number;
  /** Where the random numbers come from. Default: the default generator. */
  generator?: Generator;
}

/**
 * Points on rings around the origin, which no straight line tells apart: row i lies on ring i mod `radii.length`, its number
 * the class, at an angle from U(0, 2π) and a distance of radius + sd · ε with ε from N(0, 1). Drawn are all angles, then
 * all ε. As float64: x of shape [n, 2], y of shape [n].
 *
 * @example
 * const { x, y } = data.rings(4, { radii: [1, 3], sd: 0 });
 * x.square().sum(1).sqrt().round({ decimals: 9 }).tolist() // [1, 3, 1, 3]
 * y.tolist() // [0, 1, 0, 1]
 * @throws {ValueError} if `n` is not a whole number from 1 on, `radii` are not positive numbers, or `sd` is negative.
 */
export function rings(n: number, options: RingsOptions = {}): { x: Tensor; y: Tensor } {
  requireOptions('rings', options, ['radii', 'sd', 'generator']);
  const { radii = [1, 2], sd = 0.12, generator } = options;
  if (!Number.isInteger(n) || n < 1) throw new ValueError(`rings: n must be a whole number from 1 on, got ${shown(n)}`);
  if (!Array.isArray(radii) || !radii.length || !radii.every((radius) => Number.isFinite(radius) && radius > 0))
    throw new ValueError(`rings: radii must be positive numbers such as [1, 2], got ${shown(radii)}`);
  if (!(Number.isFinite(sd) && sd >= 0)) throw new ValueError(`rings: sd must be 0 or more, got ${shown(sd)}`);
  const double = { dtype: 'float64' } as const;
  const random = { ...double, ...(generator && { generator }) };
  const y = arange(n, double).remainder(radii.length);
  const angles = rand([n], random).mul(2 * Math.PI);
  const distances = tensor(radii, double)
    .indexSelect(0, y.to('int32'))
    .add(randn([n], random).mul(sd));
  return { x: stack([angles.cos().mul(distances), angles.sin().mul(distances)], 1), y };
}
