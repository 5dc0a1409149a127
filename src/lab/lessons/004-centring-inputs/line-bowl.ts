import { perCall, turn } from '../../../cancellation';
import { ValueError } from '../../../errors';
import type { Pair } from '../../classic';

/**
 * The loss of a line over the errors of its slope and intercept, for inputs of standard deviation 1 around some offset.
 */
export interface LineBowl {
  /** The mean m of the inputs. */
  readonly offset: number;
  /** ((m² + 1, m), (m, 1)) */
  readonly hessian: readonly Readonly<Pair>[];
  /** Its eigenvalues, the larger first: their sum is m² + 2, their product 1. */
  readonly curvatures: Readonly<Pair>;
  /** Its unit eigenvectors, (slope, intercept). */
  readonly axes: readonly Readonly<Pair>[];
  /** The condition number λ₁/λ₂. */
  readonly ratio: number;
  /** The rate 2/(λ₁ + λ₂). From every start a step multiplies the loss by ((ratio − 1)/(ratio + 1))². */
  readonly bestRate: number;
  /** The excess loss over the best line: half of the mean squared error. */
  loss(off: Readonly<Pair>): number;
  gradient(off: Readonly<Pair>): Pair;
}

/**
 * The bowl of a straight line with an intercept, for inputs of mean `offset` and standard deviation 1.
 * @throws {ValueError} if `offset` is not finite.
 */
export function lineBowl(offset: number): LineBowl {
  if (!Number.isFinite(offset)) throw new ValueError(`lineBowl: offset must be a finite number, got ${offset}`);
  const square = offset * offset + 1;
  const sum = offset * offset + 2;
  const root = Math.abs(offset) * Math.sqrt(offset * offset + 4);
  // The small one from their product: a difference of two large numbers would lose its digits.
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
  /** The fraction of the initial loss to reach. Default: 1/10,000. */
  share?: number;
  /** The maximum number of steps. Default: 10⁸. */
  most?: number;
}

/**
 * The number of plain descent steps from `start` until the loss of a {@link lineBowl} is at most a fraction of the initial one;
 * `Infinity` if it never is.
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
