import type { Pair } from '../../classic';

/** The loss of the smallest net of two layers: one weight after the other, for the row x = 1, y = 1. */
export interface TwoLayers {
  /** (w₁w₂ − 1)². */
  loss(w1: number, w2: number): number;
  gradient(w: Readonly<Pair>): Pair;
  /** Its second derivatives: 2w₂² and 2w₁² along the weights, 4w₁w₂ − 2 between them. */
  hessian(w: Readonly<Pair>): [Pair, Pair];
}

export const twoLayers: TwoLayers = {
  loss: (w1, w2) => (w1 * w2 - 1) ** 2,
  gradient: ([w1, w2]) => {
    const miss = 2 * (w1 * w2 - 1);
    return [miss * w2, miss * w1];
  },
  hessian: ([w1, w2]) => {
    const mixed = 4 * w1 * w2 - 2;
    return [
      [2 * w2 * w2, mixed],
      [mixed, 2 * w1 * w1],
    ];
  },
};

/**
 * The curvature of a loss with these second derivatives along a direction: vᵀHv for v = (cos φ, sin φ), φ in degrees.
 */
export function bendOf([[a, b], [, c]]: readonly [Readonly<Pair>, Readonly<Pair>], degrees: number): number {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return a * cos * cos + 2 * b * cos * sin + c * sin * sin;
}
