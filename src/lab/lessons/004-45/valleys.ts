import { perCall, turn } from '../../../cancellation';
import type { Generator } from '../../../random';
import { randn } from '../../../tensor/random-creation';

/** A loss of one weight with two valleys, w⁴ − 2w² + w/2, the left one deeper. */
export const valleys = {
  loss: (w: number): number => w ** 4 - 2 * w ** 2 + w / 2,
  // By products: engines round powers differently, and walks enlarge a last digit.
  slope: (w: number): number => 4 * w * (w * w - 1) + 0.5,
  /** The largest of |12w² − 4| between −1.5 and 1.5. */
  bend: 23,
  /** The watershed between them, and their bottoms: where the slope is 0. */
  top: 0.12705084418252618,
  bottoms: [-1.0574537707383778, 0.9304029265558518] as const,
};

/** Where a walk in one weight ended, and which way its slopes led: one way until then, or both. */
export interface WalkOfOne {
  start: number;
  end: number;
  ways: 'left' | 'right' | 'both' | 'none';
}

/** Options of {@link descendInValleys}. */
export interface WalkOfOneOptions {
  /** How many steps. Default: 800. */
  steps?: number;
  /** The share of the speed that is kept, as `momentum` of `optim.SGD`. Default: 0. */
  momentum?: number;
}

/** Descends in {@link valleys} from `start`; slopes below 10⁻⁹ have no sign. */
export function descendInValleys(start: number, lr: number, options: WalkOfOneOptions = {}): WalkOfOne {
  const { steps = 800, momentum = 0 } = options;
  let [w, speed] = [start, 0];
  let [left, right] = [false, false];
  turn(steps);
  for (let step = 0; step < steps; step++) {
    const slope = valleys.slope(w);
    left ||= slope > 1e-9;
    right ||= slope < -1e-9;
    speed = momentum * speed + slope;
    w -= lr * speed;
  }
  if (left && right) return { start, end: w, ways: 'both' };
  if (!left && !right) return { start, end: w, ways: 'none' };
  return { start, end: w, ways: left ? 'left' : 'right' };
}

/**
 * All places of a descent with noise of standard deviation `noise` on each slope, which fades to nothing over 400 steps; kept
 * within ±2.
 */
export function descendWithNoise(
  start: number,
  lr: number,
  noise: number,
  options: { generator?: Generator } = {},
): number[] {
  const drawn = randn([400], { dtype: 'float64', ...options }).tolist() as number[];
  turn(perCall);
  const places = [start];
  drawn.forEach((value, step) => {
    const slope = valleys.slope(places[step]!) + noise * (1 - step / drawn.length) * value;
    places.push(Math.max(-2, Math.min(2, places[step]! - lr * slope)));
  });
  return places;
}
