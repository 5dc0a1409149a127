import { type NumberList, toPlain } from '../../../display';
import { ValueError } from '../../../errors';

/**
 * How much of sin kx is in a function that is known at n equally spaced places of one period, from -π up to but without π:
 * (1/π) ∫ f(x) sin kx dx as the sum 2/n Σ fᵢ sin kxᵢ, which is exact for sums of waves of fewer than n/2 swings.
 *
 * @example
 * sineShare(waves({ amplitudes: { 1: 1, 8: 0.5 }, n: 64 }).y, 8)
 * @throws {ValueError} if there are not at least 2k + 1 values, or `k` is not a whole number above 0.
 */
export function sineShare(f: NumberList, k: number): number {
  const values = toPlain(f) as number[];
  if (!Number.isInteger(k) || k < 1) throw new ValueError(`sineShare: k must be a whole number above 0, got ${k}`);
  const n = values.length;
  if (!(n > 2 * k)) throw new ValueError(`sineShare: ${k} swings need at least ${2 * k + 1} values, got ${n}`);
  return (2 / n) * values.reduce((sum, value, i) => sum + value * Math.sin(k * (-Math.PI + (2 * Math.PI * i) / n)), 0);
}
