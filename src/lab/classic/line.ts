import { type NumberList, toPlain } from '../../display';
import { ValueError } from '../../errors';
import { argmin } from '../numeric';

/** A straight line, y = slope · x + intercept. */
export interface Line {
  slope: number;
  intercept: number;
}

/**
 * The straight line whose errors, yᵢ minus the line at xᵢ, have the smallest sum of losses. `loss` returns the loss of
 * one error: `(miss) => miss ** 2` for least squares, `Math.abs` for least absolute deviations, Huber's, a quantile's,
 * any convex one that is least at 0. For each slope the best intercept is searched, and with it the best slope, by
 * golden sections (`numeric.argmin`): the loss needs no derivative.
 *
 * @example
 * const { slope } = classic.line([0, 1, 2, 3, 4], [1, 3, 100, 7, 9], Math.abs);
 * slope.toFixed(6) // '2.000000'
 * @throws {ValueError} if there are not two different x, sizes differ, something is not finite, or `loss` gives NaN.
 */
export function line(x: NumberList, y: NumberList, loss: (miss: number) => number): Line {
  const [xs, ys] = [toPlain(x) as number[], toPlain(y) as number[]];
  for (const [name, list] of Object.entries({ x: xs, y: ys }))
    if (!Array.isArray(list) || !list.every((value) => Number.isFinite(value))) {
      throw new ValueError(`line: ${name} must be a list of finite numbers`);
    }
  if (xs.length !== ys.length) throw new ValueError(`line: x has ${xs.length} numbers, y has ${ys.length}`);
  const best = (slope: number) => {
    const rest = ys.map((value, i) => value - slope * xs[i]!);
    const total = (level: number) => rest.reduce((sum, value) => sum + loss(value - level), 0);
    const intercept = search(total, rest);
    return { intercept, total: total(intercept) };
  };
  // A line steeper than all lines through two of the points has smaller errors when it is turned back, about its
  // crossing with them.
  const slopes = xs.flatMap((at, i) =>
    xs.slice(0, i).flatMap((other, j) => (at === other ? [] : [(ys[i]! - ys[j]!) / (at - other)])),
  );
  if (slopes.length === 0) throw new ValueError(`line: needs two different x, got [${xs.slice(0, 5).join(', ')}]`);
  const slope = search((one) => best(one).total, slopes);
  return { slope, intercept: best(slope).intercept };
}

/** The minimum of `f` between the smallest and the largest of `ends`. */
function search(f: (x: number) => number, ends: readonly number[]): number {
  const [low, high] = ends.reduce(
    ([least, most], one) => [Math.min(least, one), Math.max(most, one)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return argmin(f, low, high, { tolerance: 1e-13 * (high - low) });
}
