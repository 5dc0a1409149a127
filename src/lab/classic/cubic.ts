import { ValueError } from '../../errors';
import { descend } from './descend';

/** The four weights a, b, c, d of a + bx + cx² + dx³. */
export type CubicWeights = [number, number, number, number];

/** Options of {@link Cubic.fit}. */
export interface CubicFitOptions {
  /** The learning rate η. */
  lr: number;
  /** How many steps. */
  steps: number;
}

/** The result of a fit: the weights from the start on, one more than steps, and the loss of each. */
export interface CubicFit {
  weights: CubicWeights[];
  losses: number[];
}

/** A cubic that is fitted to a sine. */
export interface Cubic {
  /** 2,000 equally spaced points from -π to π. */
  readonly x: readonly number[];
  /** The sine of each, with eleven decimals. */
  readonly y: readonly number[];
  /** 1, x, x², x³: how far each weight moves the curve at x. */
  features(x: number): CubicWeights;
  /** a + bx + cx² + dx³. */
  value(w: Readonly<CubicWeights>, x: number): number;
  /** L(w) = Σ (ŷᵢ - yᵢ)². */
  loss(w: Readonly<CubicWeights>): number;
  /** ∂L/∂wₖ = Σ 2 (ŷᵢ - yᵢ) xᵢᵏ. */
  gradient(w: Readonly<CubicWeights>): CubicWeights;
  /**
   * Gradient descent with all points: w ← w - η ∇L(w).
   *
   * @throws {ValueError} if `start` has not four weights, or `steps` is not a whole number from 0 on.
   */
  fit(start: Readonly<CubicWeights>, options: CubicFitOptions): CubicFit;
}

const count = 2000;
const x = Array.from({ length: count }, (_, i) => -Math.PI + (2 * Math.PI * i) / (count - 1));
// Engines differ in the last digit of a sine, which RMSprop's jumps amplify. With eleven decimals they agree.
const y = x.map((here) => Math.round(1e11 * Math.sin(here)) / 1e11);
const value: Cubic['value'] = ([a, b, c, d], x) => a + x * (b + x * (c + x * d));

/**
 * The curve of the first notebook of note 000: a cubic with four weights, fitted to a sine by gradient descent on the
 * sum of squared errors.
 *
 * @example
 * classic.cubic.fit([0.1, -0.2, 0.3, -0.4], { lr: 1e-6, steps: 20 }).losses.at(-1)
 */
export const cubic: Cubic = {
  x,
  y,
  features: (x) => [1, x, x * x, x * x * x],
  value,
  loss: (w) => x.reduce((sum, here, i) => sum + (value(w, here) - y[i]!) ** 2, 0),
  gradient(w) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < count; i++) {
      const here = x[i]!;
      const g = 2 * (value(w, here) - y[i]!);
      a += g;
      b += g * here;
      c += g * here * here;
      d += g * here * here * here;
    }
    return [a, b, c, d];
  },
  fit(start, { lr, steps }) {
    if (start.length !== 4) throw new ValueError(`cubic.fit: start needs four weights, got [${start}]`);
    const weights = descend(cubic.gradient, [...start] as CubicWeights, { lr, steps }).points;
    return { weights, losses: weights.map(cubic.loss) };
  },
};
