import { type NumberList, toPlain } from '../../display';
import { ValueError } from '../../errors';
import { median as middle } from '../../trees/median';

/**
 * The median: of an even count, the mean of the two in the middle (as NumPy's `median` does, where PyTorch takes the
 * lower one).
 *
 * @example
 * numeric.median([3, 1, 2, 10]) // 2.5
 * @throws {ValueError} if there are no numbers, or one of them is NaN.
 */
export function median(x: NumberList): number {
  return middle(numbers('median', x));
}

/**
 * The slope of the least-squares line through points: Σ (xᵢ - x̄)(yᵢ - ȳ) / Σ (xᵢ - x̄)². Of logarithms it is the power
 * with which y grows.
 *
 * @example
 * numeric.slope([0, 1, 2], [1, 3, 5]) // 2
 * @throws {ValueError} if x and y have different sizes, a number is NaN, or all x are the same.
 */
export function slope(x: NumberList, y: NumberList): number {
  const [xs, ys] = [numbers('slope', x), numbers('slope', y)];
  if (xs.length !== ys.length) throw new ValueError(`slope: x has ${xs.length} numbers, y has ${ys.length}`);
  const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [middle, level] = [mean(xs), mean(ys)];
  let [up, across] = [0, 0];
  for (const [i, value] of xs.entries()) {
    up += (value - middle) * (ys[i]! - level);
    across += (value - middle) ** 2;
  }
  if (!(across > 0)) throw new ValueError(`slope: needs two different x, got [${xs.slice(0, 5).join(', ')}]`);
  return up / across;
}

function numbers(who: string, list: NumberList): number[] {
  const plain = toPlain(list) as number[];
  if (!Array.isArray(plain) || plain.length === 0 || !plain.every((value) => typeof value === 'number')) {
    throw new ValueError(`${who}: expected a list of at least one number`);
  }
  if (plain.some(Number.isNaN)) throw new ValueError(`${who}: one of the ${plain.length} numbers is NaN`);
  return [...plain];
}
