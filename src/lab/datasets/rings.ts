import { requireOptions } from '../../data/checks';
import { describe } from '../../describe';
import { ValueError } from '../../errors';
import { stack } from '../../ops/functions';
import type { Generator } from '../../random';
import { arange, tensor } from '../../tensor/creation';
import { rand, randn } from '../../tensor/random-creation';
import type { Tensor } from '../../tensor/tensor';

/** Options of {@link rings}. */
export interface RingsOptions {
  /** The radius of each ring; ring `k` is class `k`. Default: 1 and 2. */
  radii?: readonly number[];
  /** The standard deviation of the distance from the ring. Default: 0.12. */
  sd?: number;
  /**
   * Instead of `sd`: rings are bands of this width, filled evenly. Bands that do not touch can be separated with
   * certainty.
   */
  width?: number;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator;
}

/**
 * Points on rings around the origin, which no straight line separates: row i is on ring i mod `radii.length`, whose
 * number is the class, at an angle from U(0, 2π) and a distance of radius + sd · ε with ε from N(0, 1), or radius +
 * width · (u − ½) with u from U(0, 1). The draws are all angles, then all ε; with `width` the angle and u of each row.
 * As float64: x of shape [n, 2], y of shape [n].
 *
 * @example
 * const { x, y } = datasets.rings(4, { radii: [1, 3], sd: 0 });
 * x.square().sum(1).sqrt().round({ decimals: 9 }).tolist() // [1, 3, 1, 3]
 * y.tolist() // [0, 1, 0, 1]
 * @throws {ValueError} if `n` is not a whole number from 1 on, `radii` are not positive numbers, `sd` or `width` is
 *   negative, or both are given.
 */
export function rings(n: number, options: RingsOptions = {}): { x: Tensor; y: Tensor } {
  requireOptions('rings', options, ['radii', 'sd', 'width', 'generator']);
  const { radii = [1, 2], sd = 0.12, width, generator } = options;
  if (!Number.isInteger(n) || n < 1)
    throw new ValueError(`rings: n must be a whole number from 1 on, got ${describe(n)}`);
  if (!Array.isArray(radii) || !radii.length || !radii.every((radius) => Number.isFinite(radius) && radius > 0))
    throw new ValueError(`rings: radii must be positive numbers such as [1, 2], got ${describe(radii)}`);
  if (options.sd !== undefined && width !== undefined)
    throw new ValueError('rings: give sd, for a bell around each radius, or width, for bands, not both');
  for (const [name, value] of Object.entries({ sd, ...(width !== undefined && { width }) }))
    if (!(Number.isFinite(value) && value >= 0))
      throw new ValueError(`rings: ${name} must be 0 or more, got ${describe(value)}`);
  const double = { dtype: 'float64' } as const;
  const random = { ...double, ...(generator && { generator }) };
  const y = arange(n, double).remainder(radii.length);
  const own = tensor(radii, double).indexSelect(0, y.to('int32'));
  const [turns, off] =
    width === undefined
      ? [rand([n], random), randn([n], random).mul(sd)]
      : rand([n, 2], random)
          .mul(tensor([1, width], double))
          .sub(tensor([0, width / 2], double))
          .unbind(1);
  const [angles, distances] = [turns!.mul(2 * Math.PI), own.add(off!)];
  return { x: stack([angles.cos().mul(distances), angles.sin().mul(distances)], 1), y };
}
