import { perCall, turn } from '../../../cancellation';
import { ValueError } from '../../../errors';
import type { Generator } from '../../../random';
import { rand } from '../../../tensor/random-creation';

/** One row of data: inputs and a target. */
export interface Row {
  x: number[];
  y: number;
}

/**
 * Inputs of length 1 around the direction (1, 1). Their angles are uniform with standard deviation `width` in radians; up to 0.45 all
 * inputs are positive. The target of each is its product with the weights `goal`.
 * @throws {ValueError} if `width` is not a positive number.
 */
export function cone(
  width: number,
  goal: readonly number[],
  options: { count?: number; generator?: Generator } = {},
): Row[] {
  const { count = 40, generator } = options;
  if (!(Number.isFinite(width) && width > 0)) throw new ValueError(`cone: width must be above 0, got ${width}`);
  const drawn = rand([count], { dtype: 'float64', ...(generator && { generator }) }).tolist() as number[];
  return drawn.map((share) => {
    const angle = Math.PI / 4 + Math.sqrt(3) * width * (2 * share - 1);
    const x = [Math.cos(angle), Math.sin(angle)];
    return { x, y: x[0]! * goal[0]! + x[1]! * goal[1]! };
  });
}

/** Options of {@link walk}. */
export interface WalkOptions {
  /** The learning rate. */
  lr: number;
  /** It ends at this fraction of the initial distance from the goal. Default: 0.01. */
  share?: number;
  /** The maximum number of steps. Default: 20,000. */
  most?: number;
}

/**
 * Single-row steps in cyclic order, from weights 0: w ← w − η (w · x − y) x. Returns all weights, including the initial ones, until the
 * goal is near.
 * @throws {ValueError} if there are no rows, or `lr` is not a positive number.
 */
export function walk(rows: readonly Row[], goal: readonly number[], options: WalkOptions): number[][] {
  const { lr, share = 0.01, most = 20_000 } = options;
  if (rows.length === 0) throw new ValueError('walk: needs at least one row');
  if (!(Number.isFinite(lr) && lr > 0)) throw new ValueError(`walk: lr must be above 0, got ${lr}`);
  const far = (w: readonly number[]) => Math.hypot(...w.map((value, i) => value - goal[i]!));
  let w = goal.map(() => 0);
  const near = share * far(w);
  const path = [w];
  for (let step = 0; step < most && far(w) > near; step++) {
    if (step % 256 === 0) turn(perCall);
    const { x, y } = rows[step % rows.length]!;
    const miss = w.reduce((sum, value, i) => sum + value * x[i]!, -y);
    w = w.map((value, i) => value - lr * miss * x[i]!);
    path.push(w);
  }
  return path;
}

/** Candidate rates from 0.1 to 1.95. */
export const rates: readonly number[] = Array.from({ length: 38 }, (_, i) => (i + 2) / 20);

/** The shortest of the {@link walk}s at all {@link rates}; each stops when it can no longer be the shortest. */
export function shortestWalk(
  rows: readonly Row[],
  goal: readonly number[],
  options: { most?: number } = {},
): { lr: number; path: number[][] } {
  const { most = 20_000 } = options;
  let best = { lr: rates[0]!, path: walk(rows, goal, { lr: rates[0]!, most }) };
  for (const lr of rates.slice(1)) {
    const path = walk(rows, goal, { lr, most: best.path.length - 1 });
    if (path.length < best.path.length) best = { lr, path };
  }
  return best;
}
