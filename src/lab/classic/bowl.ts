/** Two numbers: a position on the map of two weights, or a direction on it. */
export type Pair = [number, number];

/** The loss of a line through two points, over its slope and height. */
export interface Bowl {
  /** The two measurements, as [x, y]. */
  readonly points: readonly Readonly<Pair>[];
  /** The minimum. */
  readonly minimum: Readonly<Pair>;
  /** The Hessian; its eigenvalues are 12 ± 8√2. */
  readonly hessian: readonly Readonly<Pair>[];
  /** L(w₁, w₂) = (2 - w₁ - w₂)² + (4 - 3w₁ - w₂)². */
  loss(w1: number, w2: number): number;
  /** ∇L = (20w₁ + 8w₂ - 28, 8w₁ + 4w₂ - 12). */
  gradient(w: Readonly<Pair>): Pair;
  /**
   * A position where the loss is `level`. `angle`, in degrees, runs along the ellipse as on a circle: 0° and 180° are
   * on the steep axis of the bowl, 90° and 270° on the flat one.
   */
  ellipse(angle: number, level: number): Pair;
}

const root = 8 * Math.SQRT2;
/** The steep axis is turned by this much, for tan 2φ = 2 · 8 / (20 - 4) = 1. */
const turn = Math.PI / 8;

/**
 * The bowl of the notebooks on gradient descent: the sum of squared errors of the line y = w₁x + w₂ at the measurements
 * (1, 2) and (3, 4).
 */
export const bowl: Bowl = {
  points: [
    [1, 2],
    [3, 4],
  ],
  minimum: [1, 1],
  hessian: [
    [20, 8],
    [8, 4],
  ],
  loss: (w1, w2) => (2 - w1 - w2) ** 2 + (4 - 3 * w1 - w2) ** 2,
  gradient: ([w1, w2]) => [20 * w1 + 8 * w2 - 28, 8 * w1 + 4 * w2 - 12],
  ellipse(angle, level) {
    // L = ½ Σ λᵢ cᵢ² along the axes, so each half-axis is √(2L / λᵢ) long.
    const t = (angle * Math.PI) / 180;
    const steep = Math.sqrt((2 * level) / (12 + root)) * Math.cos(t);
    const flat = Math.sqrt((2 * level) / (12 - root)) * Math.sin(t);
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    return [1 + steep * cos - flat * sin, 1 + steep * sin + flat * cos];
  },
};
