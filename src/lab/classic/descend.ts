import { perCall, turn } from '../../cancellation';
import { ValueError } from '../../errors';

/** Options of {@link descend}. */
export interface DescendOptions {
  /** The learning rate η, or one for each step, counted from 0. */
  lr: number | ((step: number) => number);
  /** How many steps. */
  steps: number;
  /** The factor μ of the velocity that is kept, as `momentum` of `optim.SGD`. Default: 0. */
  momentum?: number;
  /** Whether the gradient is taken at the look-ahead position, w - η μ v, as in Nesterov's form. Default: false. */
  nesterov?: boolean;
}

/** The result of a descent. */
export interface Descent<P> {
  /** The positions, from the start on: one more than steps. */
  points: P[];
  /** The steps: the differences of consecutive positions. */
  moves: P[];
}

/**
 * Gradient descent in plain numbers: v ← μ v + ∇L(w), w ← w - η v, as `optim.SGD`; with `nesterov` v ← μ v + ∇L(w - η μ
 * v), where the parameter of `optim.SGD` is the look-ahead position w - η μ v. It continues when numbers overflow, like
 * a diverging run.
 *
 * @example
 * classic.descend(classic.bowl.gradient, [-8, 8], { lr: 0.02, steps: 60 }).points.at(-1)
 * @throws {ValueError} if `steps` is not a whole number from 0 on, `lr` or `momentum` is not a finite number, or
 *   `gradient` gives another number of slopes than there are weights.
 */
export function descend<P extends readonly number[]>(
  gradient: (w: P) => Readonly<P>,
  start: P,
  options: DescendOptions,
): Descent<P> {
  const { lr, steps, momentum = 0, nesterov = false } = options;
  if (!Number.isInteger(steps) || steps < 0) {
    throw new ValueError(`descend: steps must be a whole number from 0 on, got ${steps}`);
  }
  if (typeof lr !== 'function' && !Number.isFinite(lr)) {
    throw new ValueError(`descend: lr must be a finite number or a function of the step, got ${lr}`);
  }
  if (!Number.isFinite(momentum)) throw new ValueError(`descend: momentum must be a finite number, got ${momentum}`);
  const points: P[] = [[...start] as unknown as P];
  const moves: P[] = [];
  let speed = start.map(() => 0);
  for (let step = 0; step < steps; step++) {
    const here = points[step]!;
    const rate = typeof lr === 'number' ? lr : lr(step);
    const ahead = nesterov && momentum !== 0;
    const at = ahead ? (here.map((w, i) => w - rate * momentum * speed[i]!) as unknown as P) : here;
    turn(perCall);
    const slopes = gradient(at);
    if (slopes.length !== start.length) {
      throw new ValueError(`descend: the gradient has ${slopes.length} slopes for ${start.length} weights`);
    }
    // Without momentum, an infinite velocity must not persist.
    speed = slopes.map((slope, i) => (momentum === 0 ? slope : momentum * speed[i]! + slope));
    const next = here.map((w, i) => w - rate * speed[i]!);
    points.push(next as unknown as P);
    moves.push(next.map((w, i) => w - here[i]!) as unknown as P);
  }
  return { points, moves };
}
