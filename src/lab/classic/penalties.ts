import { turn } from '../../cancellation';
import { type NumberList, type NumberMatrix, toPlain } from '../../display';
import { ValueError } from '../../errors';
import { lstsq } from '../../ops/linalg';
import { tensor } from '../../tensor/creation';

/** Options of {@link lasso}. */
export interface LassoOptions {
  /** Maximum number of sweeps over all weights. Default: 10 000. */
  steps?: number;
}

/**
 * Least squares with a penalty on the squares of the weights: the w that minimises (1/2n) ‖X w - y‖² + (λ/2) ‖w‖²,
 * where n is the number of rows. Solved by QR as least squares with √(nλ) w ≈ 0 as further rows, so that `lambda` may
 * be 0. Every weight is penalised; an offset is a column of ones. It is scikit-learn's `Ridge` with `alpha` = nλ and
 * without an intercept.
 *
 * @example
 * tensor(classic.ridge([[1, 0], [0, 2]], [1, 1], 0.5)) // tensor([0.5000, 0.4000])
 * @param X [n, k], a row for each observation. @param y [n]. @param lambda λ, 0 or more.
 * @returns the k weights.
 * @throws {ValueError} if sizes differ, something is not finite, or `lambda` is negative.
 */
export function ridge(X: NumberMatrix, y: NumberList, lambda: number): number[] {
  const { rows, targets, k } = check('ridge', X, y, lambda);
  const weight = Math.sqrt(rows.length * lambda);
  const further = weight > 0 ? Array.from({ length: k }, (_, i) => rows[0]!.map((_, j) => (i === j ? weight : 0))) : [];
  const A = tensor([...rows, ...further], { dtype: 'float64' });
  const b = tensor([...targets, ...further.map(() => 0)], { dtype: 'float64' });
  return lstsq(A, b.unsqueeze(1)).solution.flatten().tolist() as number[];
}

/**
 * Least squares with a penalty on the absolute weights: the w that minimises (1/2n) ‖X w - y‖² + λ Σ |wⱼ|. By
 * coordinate descent: each weight in turn gets its best value S(xⱼᵀ r / n, λ) / (xⱼᵀ xⱼ / n), with the soft threshold
 * S(z, λ) = sign(z) max(|z| - λ, 0) and r the residual of the others, until none changes. A weight that the penalty
 * removes is exactly 0. It is scikit-learn's `Lasso` with `alpha` = λ and without an intercept.
 *
 * @example
 * classic.lasso([[1, 0], [0, 2]], [1, 1], 0.5) // [0, 0.25]
 * @param X [n, k], a row for each observation. @param y [n]. @param lambda λ, 0 or more.
 * @returns the k weights.
 * @throws {ValueError} if sizes differ, something is not finite, or `lambda` is negative.
 */
export function lasso(X: NumberMatrix, y: NumberList, lambda: number, options: LassoOptions = {}): number[] {
  const { rows, targets, k } = check('lasso', X, y, lambda);
  const { steps = 10_000 } = options;
  if (!Number.isInteger(steps) || steps < 1)
    throw new ValueError(`lasso: steps must be a whole number above 0, got ${steps}`);
  const n = rows.length;
  const columns = Array.from({ length: k }, (_, j) => rows.map((row) => row[j]!));
  const curvature = columns.map((column) => column.reduce((sum, value) => sum + value * value, 0) / n);
  const w = columns.map(() => 0);
  const rest = [...targets];
  for (let step = 0; step < steps; step++) {
    let furthest = 0;
    for (const [j, column] of columns.entries()) {
      if (curvature[j] === 0) continue;
      turn(4 * n);
      const pull = column.reduce((sum, value, i) => sum + value * rest[i]!, 0) / n + curvature[j]! * w[j]!;
      const next = (Math.sign(pull) * Math.max(Math.abs(pull) - lambda, 0)) / curvature[j]!;
      const move = next - w[j]!;
      if (move === 0) continue;
      w[j] = next;
      for (let i = 0; i < n; i++) rest[i]! -= move * column[i]!;
      furthest = Math.max(furthest, Math.abs(move) / Math.abs(next || move));
    }
    if (furthest < 1e-14) break;
  }
  return w.map((value) => value + 0);
}

function check(who: string, X: NumberMatrix, y: NumberList, lambda: number) {
  const [rows, targets] = [toPlain(X) as number[][], toPlain(y) as number[]];
  const isList = (list: unknown) => Array.isArray(list) && list.every((value) => Number.isFinite(value));
  const k = rows?.[0]?.length ?? 0;
  if (!Array.isArray(rows) || k === 0 || !rows.every((row) => isList(row) && row.length === k)) {
    throw new ValueError(`${who}: X must be rows of equally many finite numbers, such as [[1, 2], [3, 4]]`);
  }
  if (!isList(targets)) throw new ValueError(`${who}: y must be a list of finite numbers`);
  if (rows.length !== targets.length) {
    throw new ValueError(
      `${who}: X has ${rows.length} rows, y has ${targets.length} numbers; the counts must be equal`,
    );
  }
  if (!(Number.isFinite(lambda) && lambda >= 0))
    throw new ValueError(`${who}: lambda must be 0 or more, got ${lambda}`);
  return { rows, targets, k };
}
