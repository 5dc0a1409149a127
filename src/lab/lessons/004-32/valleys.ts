import { perCall, turn } from '../../../cancellation';
import type { Generator } from '../../../random';
import { randn } from '../../../tensor/random-creation';

/** A loss of one weight with two valleys, w⁴ − 2w² + w/2, the left one deeper. */
export const valleys = {
  loss: (w: number): number => w ** 4 - 2 * w ** 2 + w / 2,
  slope: (w: number): number => 4 * w ** 3 - 4 * w + 0.5,
  /** The largest of |12w² − 4| between −1.5 and 1.5. */
  bend: 23,
  /** The watershed between them, and their bottoms: where the slope is 0. */
  top: 0.12705084418252618,
  bottoms: [-1.0574537707383778, 0.9304029265558518] as const,
};

/** Where a walk in one weight ended, and whether its slope kept one sign until then. */
export interface WalkOfOne {
  start: number;
  end: number;
  kept: boolean;
}

/** Descends in {@link valleys} from `start` for so many steps; slopes below 10⁻⁹ have no sign. */
export function descendInValleys(start: number, lr: number, steps = 800): WalkOfOne {
  let w = start;
  const signs = new Set<number>();
  turn(steps);
  for (let step = 0; step < steps; step++) {
    const slope = valleys.slope(w);
    if (Math.abs(slope) > 1e-9) signs.add(Math.sign(slope));
    w -= lr * slope;
  }
  return { start, end: w, kept: signs.size <= 1 };
}

/** The same with noise of standard deviation `noise` on each slope, which fades to nothing over 400 steps; kept within ±2. */
export function descendWithNoise(
  start: number,
  lr: number,
  noise: number,
  options: { generator?: Generator } = {},
): number {
  const drawn = randn([400], { dtype: 'float64', ...options }).tolist() as number[];
  turn(perCall);
  return drawn.reduce((w, value, step) => {
    const slope = valleys.slope(w) + noise * (1 - step / drawn.length) * value;
    return Math.max(-2, Math.min(2, w - lr * slope));
  }, start);
}
