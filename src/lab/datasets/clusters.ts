import { requireOptions } from '../../data/checks';
import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { Generator } from '../../random';
import { tensor } from '../../tensor/creation';
import { randn } from '../../tensor/random-creation';
import type { Tensor } from '../../tensor/tensor';

/** Options of {@link clusters}. */
export interface ClustersOptions {
  /** The number of rows per centre. Default: 50. */
  perCentre?: number;
  /** The standard deviation of a cluster in each direction. Default: 0.5. */
  sd?: number;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator;
}

/**
 * The corners (±1, ±1), as centres: first those whose coordinates have equal signs, which no line separates from the
 * others.
 */
export const corners: readonly (readonly number[])[] = [
  [1, 1],
  [-1, -1],
  [1, -1],
  [-1, 1],
];

/**
 * Normal clusters around given centres: x = centre + sd · ε with ε from N(0, I), float64 of shape [k · perCentre,
 * dims], and the index of each row's centre, int32. The rows of a centre are consecutive.
 *
 * @example
 * const { x, y } = datasets.clusters([[-2, -2], [2, 2]], { perCentre: 3, sd: 0 });
 * [x.shape, y.tolist()] // [[6, 2], [0, 0, 0, 1, 1, 1]]
 * @throws {ValueError} if the centres are not points of one length, `perCentre` is not a whole number from 1 on, or
 * `sd` is negative.
 */
export function clusters(
  centres: readonly (readonly number[])[],
  options: ClustersOptions = {},
): { x: Tensor; y: Tensor } {
  requireOptions('clusters', options, ['perCentre', 'sd', 'generator']);
  const { perCentre = 50, sd = 0.5, generator } = options;
  const dims = Array.isArray(centres) ? (centres[0] as readonly number[] | undefined)?.length : undefined;
  const isPoint = (one: unknown) => Array.isArray(one) && one.length === dims && one.every(Number.isFinite);
  if (!dims || !centres.every(isPoint))
    throw new ValueError(`clusters: centres must be points such as [[-2, -2], [2, 2]], got ${describe(centres)}`);
  if (!Number.isInteger(perCentre) || perCentre < 1)
    throw new ValueError(`clusters: perCentre must be a whole number from 1 on, got ${describe(perCentre)}`);
  if (!(Number.isFinite(sd) && sd >= 0)) throw new ValueError(`clusters: sd must be 0 or more, got ${describe(sd)}`);
  const rows = centres.flatMap((centre) => Array.from({ length: perCentre }, () => [...centre]));
  const around = tensor(rows, { dtype: 'float64' });
  const noise = randn([rows.length, dims], { dtype: 'float64', ...(generator && { generator }) });
  const y = tensor(Int32Array.from(rows, (_, i) => Math.floor(i / perCentre)));
  return { x: around.add(noise.mul(sd)), y };
}
