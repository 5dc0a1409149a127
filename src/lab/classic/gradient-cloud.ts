import { type NumberList, type NumberMatrix, toPlain } from '../../display';
import { ValueError } from '../../errors';
import type { Generator } from '../../random';
import { randint, randperm } from '../../tensor/random-creation';

/** Options of {@link gradientCloud}. */
export interface GradientCloudOptions {
  /** The number of batches. */
  draws: number;
  /** Whether a row may be drawn again within a batch. Default: true. */
  replace?: boolean;
  /** The weights at which the gradients are taken. Default: zeros. */
  at?: readonly number[];
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator;
}

/**
 * The gradients of random batches: of the mean squared error of y ≈ x·w over each batch, g = 2/B Σ (xᵢ·w - yᵢ) xᵢ, one list of
 * slopes for each draw. Their mean is the gradient of all rows; drawn with replacement, they spread by the single rows' variance
 * over B, without by (N - B) / (N - 1) of that.
 *
 * @throws {ValueError} if sizes differ, or `batch` or `draws` is not a whole number above 0, or there are fewer rows than a
 * batch without replacement needs.
 */
export function gradientCloud(
  x: NumberMatrix,
  y: NumberList,
  batch: number,
  options: GradientCloudOptions,
): number[][] {
  const rows = toPlain(x) as number[][];
  const targets = toPlain(y) as number[];
  const { draws, replace = true, at = rows[0]?.map(() => 0) ?? [], generator } = options;
  const n = rows.length;
  if (n === 0 || n !== targets.length) throw new ValueError(`gradientCloud: x has ${n} rows, y has ${targets.length}`);
  if (at.length !== rows[0]!.length) {
    throw new ValueError(`gradientCloud: a row has ${rows[0]!.length} numbers, at has ${at.length}`);
  }
  for (const [name, value] of Object.entries({ batch, draws }))
    if (!Number.isInteger(value) || value < 1) {
      throw new ValueError(`gradientCloud: ${name} must be a whole number above 0, got ${value}`);
    }
  if (!replace && batch > n) {
    throw new ValueError(`gradientCloud: without replacement a batch has at most the ${n} rows, got ${batch}`);
  }
  const single = rows.map((row, i) => {
    const miss = row.reduce((sum, value, k) => sum + value * at[k]!, 0) - targets[i]!;
    return row.map((value) => 2 * miss * value);
  });
  const from = generator === undefined ? {} : { generator };
  return Array.from({ length: draws }, () => {
    const drawn = replace ? randint(0, n, [batch], from).memory : randperm(n, from).memory;
    const sum = at.map(() => 0);
    for (let i = 0; i < batch; i++) for (let k = 0; k < sum.length; k++) sum[k]! += single[Number(drawn[i])]![k]!;
    return sum.map((slope) => slope / batch);
  });
}
