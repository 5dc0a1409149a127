import type { Optimizer } from '../../../optim';
import { type Tensor, tensor } from '../../../tensor';
import { cubic } from '../../classic';

/** Options of {@link courseOf}. */
export interface CourseOptions {
  /** The initial weights a, b, c, d, for unscaled x. */
  start: readonly number[];
  /** The number of steps. */
  steps: number;
  /** x is divided by it, and the weights refer to x / unit. Default: 1. */
  unit?: number;
  /** Whether the learning rate decreases linearly to 0. Default: false. */
  falls?: boolean;
}

/** The values of a run, one more than steps, the start first. */
export interface Course {
  /** Weights for unscaled x, whatever the unit. */
  weights: number[][];
  losses: number[];
}

const powers = [0, 1, 2, 3] as const;
const total = (term: (x: number, i: number) => number) => cubic.x.reduce((sum, x, i) => sum + term(x, i), 0);
/** Σ xⁿ for n from 0 to 6, by products, which all engines round alike. */
const moments = Array.from({ length: 7 }, (_, n) =>
  total((x) =>
    Array(n)
      .fill(x)
      .reduce((a, b) => a * b, 1),
  ),
);
const [withX, withCube] = [total((x, i) => x * cubic.y[i]!), total((x, i) => x * x * x * cubic.y[i]!)];
const determinant = moments[2]! * moments[6]! - moments[4]! ** 2;
/** Even powers cannot help an odd curve, which leaves two equations. */
const best: [number, number, number, number] = [
  0,
  (withX * moments[6]! - withCube * moments[4]!) / determinant,
  0,
  (withCube * moments[2]! - withX * moments[4]!) / determinant,
];

/** The minimal loss of a cubic on the 2,000 points of the sine. */
export const leastLoss: number = cubic.loss(best);

/**
 * Fits the cubic to the sine with an optimizer. The loss is quadratic, so its gradient is `H (w − best)` and costs
 * sixteen products per step instead of thousands: fast enough for hundreds of runs.
 *
 * @param optimizer - creates it, given the tensor of the four weights.
 */
export function courseOf(optimizer: (weights: Tensor[]) => Optimizer, options: CourseOptions): Course {
  const { start, steps, unit = 1, falls = false } = options;
  const sizes = powers.map(
    (k) =>
      Array(k)
        .fill(unit)
        .reduce((a, b) => a * b, 1) as number,
  );
  const H = powers.map((i) => powers.map((j) => (2 * moments[i + j]!) / (sizes[i]! * sizes[j]!)));
  const home = best.map((w, k) => w * sizes[k]!);
  const w = tensor(
    start.map((one, k) => one * sizes[k]!),
    { dtype: 'float64', requiresGrad: true },
  );
  const made = optimizer([w]);
  const rate = made.paramGroups[0]!.lr as number;
  const course: Course = { weights: [], losses: [] };
  for (let step = 0; step <= steps; step++) {
    const at = w.tolist() as number[];
    const off = at.map((one, k) => one - home[k]!);
    const slopes = H.map((row) => row.reduce((sum, h, k) => sum + h * off[k]!, 0));
    course.weights.push(at.map((one, k) => one / sizes[k]!));
    course.losses.push(leastLoss + off.reduce((sum, one, k) => sum + one * slopes[k]!, 0) / 2);
    if (falls) made.paramGroups[0]!.lr = rate * (1 - step / steps);
    w.grad = tensor(slopes, { dtype: 'float64' });
    made.step();
  }
  return course;
}
