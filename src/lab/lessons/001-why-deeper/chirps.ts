import { requireOptions } from '../../../data/checks';
import { describe } from '../../../describe';
import { ValueError } from '../../../errors';
import type { Generator } from '../../../random';
import { tensor } from '../../../tensor/creation';
import { rand, randn } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';

/** Options of {@link chirps}. */
export interface ChirpsOptions {
  /** The standard deviation of the noise; the sound itself goes from -1 to 1. Default: 0. */
  noise?: number;
  /** The samples of a sound. Default: 256. */
  length?: number;
  /**
   * The lowest and the highest pitch, in cycles per sample. Default: drawn for each sound, uniformly from 0.05 to 0.08
   * and from 0.35 to 0.42.
   */
  pitches?: readonly [low: number, high: number];
  /** The initial phase of a sound, in radians. Default: drawn for each, uniformly from 0 to 2π. */
  phase?: number;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator;
}

/**
 * Sounds whose pitch rises or falls linearly: x = sin(φ + 2π ∫ f) + noise · ε with ε from N(0, 1). Every second one
 * rises, from the second on. Played backwards, a rising sound is a falling one. With random phases each is as likely as
 * its negative. The draws are pitches, phases and noise, unless they are given.
 *
 * @example
 * const { x, y } = chirps(4);
 * [x.shape, y.tolist()] // [[4, 256], [0, 1, 0, 1]]
 * @returns `x` float64 [n, length], and `y` int32 [n]: 1 where the pitch rises.
 * @throws {ValueError} if `n` is not a whole number from 1 on or `length` from 2 on, `noise` is negative, `pitches`
 *   are not two numbers from 0 to ½ in order, or `phase` is not finite.
 */
export function chirps(n: number, options: ChirpsOptions = {}): { x: Tensor; y: Tensor } {
  requireOptions('chirps', options, ['noise', 'length', 'pitches', 'phase', 'generator']);
  const { noise = 0, length = 256, pitches, phase, generator } = options;
  if (!Number.isInteger(n) || n < 1)
    throw new ValueError(`chirps: n must be a whole number from 1 on, got ${describe(n)}`);
  if (!Number.isInteger(length) || length < 2)
    throw new ValueError(`chirps: length must be a whole number from 2 on, got ${describe(length)}`);
  if (!(Number.isFinite(noise) && noise >= 0))
    throw new ValueError(`chirps: noise must be 0 or more, got ${describe(noise)}`);
  if (
    pitches !== undefined &&
    !(Array.isArray(pitches) && pitches[0] >= 0 && pitches[0] <= pitches[1] && pitches[1] <= 0.5)
  )
    throw new ValueError(`chirps: pitches must be [low, high] from 0 to 0.5, got ${describe(pitches)}`);
  if (phase !== undefined && !Number.isFinite(phase))
    throw new ValueError(`chirps: phase must be finite, got ${describe(phase)}`);
  const random = { dtype: 'float64', ...(generator && { generator }) } as const;
  const ends = pitches === undefined ? (rand([n, 2], random).tolist() as [number, number][]) : undefined;
  const phases = phase === undefined ? (rand([n], random).tolist() as number[]) : undefined;
  const rises = Array.from({ length: n }, (_, i) => i % 2);
  const x = rises.map((rising, i) => {
    const [a, b] = ends?.[i] ?? [0, 0];
    const [low, high] = pitches ?? [0.05 + 0.03 * a, 0.35 + 0.07 * b];
    const start = phase ?? 2 * Math.PI * phases![i]!;
    const slope = (high - low) / (length - 1);
    return Array.from({ length }, (_, t) => {
      const at = rising === 1 ? t : length - 1 - t;
      return Math.sin(start + 2 * Math.PI * (low * at + (slope * at * at) / 2));
    });
  });
  const clean = tensor(x, { dtype: 'float64' });
  return {
    x: noise === 0 ? clean : clean.add(randn([n, length], random).mul(noise)),
    y: tensor(rises, { dtype: 'int32' }),
  };
}
