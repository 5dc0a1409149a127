import { describe } from '../../../describe';
import { ValueError } from '../../../errors';

/**
 * The line folded in the middle and stretched to its old length, k times over: f(x) = 1 - |1 - 2x|, composed with
 * itself. For x from 0 to 1 it rises to 1 and falls to 0 in 2ᵏ straight pieces; outside, the wave continues. It is
 * computed in one step, as the distance of 2ᵏx from the nearest even number, which is exact.
 *
 * @example
 * [0.1, 0.25, 0.375].map(tent(2)) // [ 0.4, 1, 0.5 ]
 * @throws {ValueError} if `k` is not a whole number from 0 to 1000.
 */
export function tent(k: number): (x: number) => number {
  if (!Number.isInteger(k) || k < 0 || k > 1000) {
    throw new ValueError(`tent: k must be a whole number from 0 to 1000, got ${describe(k)}`);
  }
  const pieces = 2 ** k;
  return (x) => Math.abs(pieces * x - 2 * Math.round((pieces * x) / 2));
}
