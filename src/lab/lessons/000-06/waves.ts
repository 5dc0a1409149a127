import { ValueError } from '../../../errors';
import { tensor } from '../../../tensor/creation';
import type { Tensor } from '../../../tensor/tensor';

/** Options of {@link waves}. */
export interface WavesOptions {
  /** The height of each wave by how often it swings from -π to π: `{ 1: 1, 8: 0.5 }` is sin x + ½ sin 8x. */
  amplitudes: Readonly<Record<number, number>>;
  /** How many points, at least 2. */
  n: number;
}

/**
 * A sum of sines without noise, y = Σ aₖ sin kx, at n equally spaced places of one period, from -π up to but without π. As
 * float64: x and y of shape [n].
 *
 * @example
 * waves({ amplitudes: { 1: 1, 8: 0.5 }, n: 256 }).y
 * @throws {ValueError} if `n` is not a whole number from 2 on, no wave is given, or one is not a whole number of swings above
 *   0 with a finite height.
 */
export function waves(options: WavesOptions): { x: Tensor; y: Tensor } {
  const { amplitudes, n } = options ?? ({} as WavesOptions);
  if (!Number.isInteger(n) || n < 2)
    throw new ValueError(`waves: n must be a whole number from 2 on, got ${String(n)}`);
  const given = typeof amplitudes === 'object' && amplitudes !== null ? Object.entries(amplitudes) : [];
  if (given.length === 0) throw new ValueError('waves: amplitudes must name at least one wave, as in { 1: 1, 8: 0.5 }');
  for (const [k, amplitude] of given)
    if (!(Number.isInteger(Number(k)) && Number(k) > 0) || !Number.isFinite(amplitude)) {
      throw new ValueError(
        `waves: amplitudes are finite heights by whole numbers of swings, got ${k}: ${String(amplitude)}`,
      );
    }
  const x = Array.from({ length: n }, (_, i) => -Math.PI + (2 * Math.PI * i) / n);
  const y = x.map((at) => given.reduce((sum, [k, amplitude]) => sum + amplitude * Math.sin(Number(k) * at), 0));
  return { x: tensor(x, { dtype: 'float64' }), y: tensor(y, { dtype: 'float64' }) };
}
