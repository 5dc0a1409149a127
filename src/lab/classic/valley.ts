import { ValueError } from '../../errors';
import type { Pair } from './bowl';

/** The loss of the smallest net of two layers. */
export interface Valley {
  /** L(w₁, w₂) = (w₁w₂ - 1)². */
  loss(w1: number, w2: number): number;
  /** ∇L = 2(w₁w₂ - 1) · (w₂, w₁). */
  gradient(w: Readonly<Pair>): Pair;
  /** A point on the curve of minima, (w₁, 1/w₁). */
  floor(w1: number): Pair;
  /**
   * The point at a distance from the one on the curve, straight across the valley; negative distances are towards the
   * origin.
   */
  across(w1: number, distance: number): Pair;
}

/**
 * The valley of the notebook on weight decay: the loss of a net that multiplies 1 by two weights, one after the other,
 * and should return 1. Its minima form a curve, w₁w₂ = 1, where the largest curvature is 2(w₁² + w₂²).
 *
 * @example
 * classic.valley.gradient([3, 0.5]) // [ 0.5, 3 ]
 * classic.valley.floor(4) // [ 4, 0.25 ]
 * @throws {ValueError} from `floor` and `across`, if w₁ is 0 or not finite.
 */
export const valley: Valley = {
  loss: (w1, w2) => (w1 * w2 - 1) ** 2,
  gradient: ([w1, w2]) => [2 * (w1 * w2 - 1) * w2, 2 * (w1 * w2 - 1) * w1],
  floor(w1) {
    if (!Number.isFinite(w1) || w1 === 0) throw new ValueError(`valley: w₁ must be finite and not 0, got ${w1}`);
    return [w1, 1 / w1];
  },
  across(w1, distance) {
    const [a, b] = valley.floor(w1);
    const length = Math.hypot(a, b);
    return [a + (distance * b) / length, b + (distance * a) / length];
  },
};
