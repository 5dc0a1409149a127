import { perCall, turn } from '../../../cancellation';
import { ValueError } from '../../../errors';
import type { Pair } from '../../classic';

/** The loss of a line over what its slope and its height at zero are off, for inputs of spread 1 around some offset. */
export interface LineBowl {
  /** The mean m of the inputs. */
  readonly offset: number;
  /** The slopes of the slopes, ((m² + 1, m), (m, 1)). */
  readonly hessian: readonly Readonly<Pair>[];
  /** Its eigenvalues, the large one first: their sum is m² + 2, their product 1. */
  readonly curvatures: Readonly<Pair>;
  /** The unit vectors along them, (slope, height). */
  readonly axes: readonly Readonly<Pair>[];
  /** How many times as much it bends across as along. */
  readonly ratio: number;
  /** The rate 2/(λ₁ + λ₂), at which the loss of every start falls by the same factor, ((ratio − 1)/(ratio + 1))², in a step. */
  readonly bestRate: number;
  /** The loss above the best line's: half of the mean squared miss. */
  loss(off: Readonly<Pair>): number;
  gradient(off: Readonly<Pair>): Pair;
}

/**
 * The bowl of a straight line with an intercept, for inputs of mean `offset` and spread 1.
 * @throws {ValueError} if `offset` is not finite.
 */
export function lineBowl(offset: number): LineBowl {
  if (!Number.isFinite(offset)) throw new ValueError(`lineBowl: offset must be a finite number, got ${offset}`);
  const square = offset * offset + 1;
  const sum = offset * offset + 2;
  const root = Math.abs(offset) * Math.sqrt(offset * offset + 4);
  // The small one by their product, for a difference of two large numbers would leave nothing of it.
  const [steep, flat] = [(sum + root) / 2, 2 / (sum + root)];
  const length = Math.hypot(steep - 1, offset);
  const across: Pair = offset === 0 ? [1, 0] : [(steep - 1) / length, offset / length];
  return {
    offset,
    hessian: [
      [square, offset],
      [offset, 1],
    ],
    curvatures: [steep, flat],
    axes: [across, [-across[1], across[0]]],
    ratio: steep / flat,
    bestRate: 2 / (steep + flat),
    loss: ([slope, height]) => (square * slope * slope + 2 * offset * slope * height + height * height) / 2,
    gradient: ([slope, height]) => [square * slope + offset * height, offset * slope + height],
  };
}

/** Options of {@link stepsToBottom}. */
export interface StepsOptions {
  /** The learning rate. */
  lr: number;
  /** Plain descent, a heavy ball, or Adam with its usual memories. Default: plain descent. */
  rule?: 'gd' | 'momentum' | 'adam';
  /** The share of the speed that a heavy ball keeps. Default: 0.9. */
  momentum?: number;
  /** The share of the first loss that is to be left. Default: 1/10,000. */
  share?: number;
  /** After how many steps it gives up. Default: 10⁸. */
  most?: number;
}

/**
 * How many steps it takes from `start`, by plain loops, until the loss of a {@link lineBowl} is for the first time no more than a share
 * of what it was; `Infinity` if that does not happen.
 * @throws {ValueError} if `lr` is not a positive number.
 */
export function stepsToBottom(bowl: LineBowl, start: Readonly<Pair>, options: StepsOptions): number {
  const { lr, rule = 'gd', momentum = 0.9, share = 1e-4, most = 1e8 } = options;
  if (!(Number.isFinite(lr) && lr > 0)) throw new ValueError(`stepsToBottom: lr must be above 0, got ${lr}`);
  const [[square, m]] = bowl.hessian as [Readonly<Pair>];
  const keep = rule === 'gd' ? 0 : momentum;
  const goal = bowl.loss(start) * share;
  const isAdam = rule === 'adam';
  let [slope, height] = start;
  let [speedA, speedB, sizeA, sizeB, first, second] = [0, 0, 0, 0, 1, 1];
  for (let step = 0; step <= most; step++) {
    if ((square * slope * slope + 2 * m * slope * height + height * height) / 2 <= goal) return step;
    if ((step & 0xffff) === 0) turn(perCall);
    const [a, b] = [square * slope + m * height, m * slope + height];
    if (!isAdam) {
      speedA = keep * speedA + a;
      speedB = keep * speedB + b;
      slope -= lr * speedA;
      height -= lr * speedB;
      continue;
    }
    first *= 0.9;
    second *= 0.999;
    speedA = 0.9 * speedA + 0.1 * a;
    speedB = 0.9 * speedB + 0.1 * b;
    sizeA = 0.999 * sizeA + 0.001 * a * a;
    sizeB = 0.999 * sizeB + 0.001 * b * b;
    slope -= (lr * speedA) / (1 - first) / (Math.sqrt(sizeA / (1 - second)) + 1e-8);
    height -= (lr * speedB) / (1 - first) / (Math.sqrt(sizeB / (1 - second)) + 1e-8);
  }
  return Number.POSITIVE_INFINITY;
}
