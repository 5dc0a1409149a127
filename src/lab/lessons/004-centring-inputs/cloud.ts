import { ValueError } from '../../../errors';
import type { Generator } from '../../../random';
import { randn } from '../../../tensor/random-creation';
import type { Pair } from '../../classic';

/** Rows of two inputs with mean 0 and standard deviation 1 each, uncorrelated, all exactly. Drawn from N(0, 1), then corrected. */
export function roundCloud(options: { count?: number; generator?: Generator } = {}): Pair[] {
  const { count = 40, ...rest } = options;
  if (!(Number.isInteger(count) && count >= 3))
    throw new ValueError(`roundCloud: count must be an integer of 3 or more, got ${count}`);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / count;
  const standard = (values: readonly number[]) => {
    const middle = mean(values);
    const spread = Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
    return values.map((value) => (value - middle) / spread);
  };
  const draw = () => standard(randn([count], { dtype: 'float64', ...rest }).tolist() as number[]);
  const first = draw();
  const raw = draw();
  const along = mean(raw.map((value, i) => value * first[i]!));
  const second = standard(raw.map((value, i) => value - along * first[i]!));
  return first.map((value, i) => [value, second[i]!]);
}

/**
 * Plain descent on all rows from weights 0, where the target of a row is its product with `goal`: w ← w − η · mean of error · x. Returns
 * all weights, including the initial ones, until the loss is at most `share` of the initial one.
 * @throws {ValueError} if there are no rows, or `lr` is not a positive number.
 */
export function walk(
  rows: readonly Readonly<Pair>[],
  goal: Readonly<Pair>,
  options: { lr: number; share?: number; most?: number },
): Pair[] {
  const { lr, share = 1e-4, most = 10_000 } = options;
  if (rows.length === 0) throw new ValueError('walk: needs at least one row');
  if (!(Number.isFinite(lr) && lr > 0)) throw new ValueError(`walk: lr must be above 0, got ${lr}`);
  const mean = (by: (row: Readonly<Pair>) => number) => rows.reduce((sum, row) => sum + by(row), 0) / rows.length;
  let w: Pair = [0, 0];
  const error = ([p, q]: Readonly<Pair>) => (w[0] - goal[0]) * p + (w[1] - goal[1]) * q;
  const loss = () => mean((row) => error(row) ** 2);
  const enough = share * loss();
  const path: Pair[] = [w];
  while (loss() > enough && path.length <= most) {
    const gradient = [0, 1].map((side) => mean((row) => error(row) * row[side]!));
    w = [w[0] - lr * gradient[0]!, w[1] - lr * gradient[1]!];
    path.push(w);
  }
  return path;
}
