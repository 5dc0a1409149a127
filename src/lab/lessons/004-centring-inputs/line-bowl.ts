import { perCall, turn } from '../../../cancellation';
import { ValueError } from '../../../errors';
import type { Pair } from '../../classic';

/** The loss of a line over what its slope and its height at zero lack, for inputs of spread 1 around some offset. */
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
  /** The share of the first loss that is to be left. Default: 1/10,000. */
  share?: number;
  /** After how many steps it gives up. Default: 10⁸. */
  most?: number;
}

/**
 * How many steps of plain descent it takes from `start`, until the loss of a {@link lineBowl} is for the first time no more than a share
 * of what it was; `Infinity` if that does not happen.
 * @throws {ValueError} if `lr` is not a positive number.
 */
export function stepsToBottom(bowl: LineBowl, start: Readonly<Pair>, options: StepsOptions): number {
  const { lr, share = 1e-4, most = 1e8 } = options;
  if (!(Number.isFinite(lr) && lr > 0)) throw new ValueError(`stepsToBottom: lr must be above 0, got ${lr}`);
  const [[square, m]] = bowl.hessian as [Readonly<Pair>];
  const goal = bowl.loss(start) * share;
  let [slope, height] = start;
  for (let step = 0; step <= most; step++) {
    if ((square * slope * slope + 2 * m * slope * height + height * height) / 2 <= goal) return step;
    if ((step & 0xffff) === 0) turn(perCall);
    [slope, height] = [slope - lr * (square * slope + m * height), height - lr * (m * slope + height)];
  }
  return Number.POSITIVE_INFINITY;
}
