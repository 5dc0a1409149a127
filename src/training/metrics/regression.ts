// Metrics of regression.

import { ShapeError } from '../../errors';
import { formatShape, sameShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { elementsOf, type Metric, metric } from './tally';

/**
 * Returns outputs and targets in row-major order. @throws {ShapeError} if their shapes differ: [n, 1] and [n] would
 * broadcast to a table.
 */
function pairs(who: string, output: Tensor, target: Tensor): [ArrayLike<number>, ArrayLike<number>] {
  if (!sameShape(output.shape, target.shape))
    throw new ShapeError(
      `${who}: the net gives ${formatShape(output.shape)} for targets ${formatShape(target.shape)}; both must have one shape, ` +
        'which unsqueeze(1) or squeeze(1) gives',
    );
  return [elementsOf(output.detach()), elementsOf(target.detach())];
}

/** The mean of a function of differences. */
function meanOf(who: string, of: (difference: number) => number, value = (mean: number): number => mean): Metric {
  return metric(
    'min',
    () => ({ sum: 0, count: 0 }),
    (state, output, target) => {
      const [a, b] = pairs(who, output, target);
      for (let i = 0; i < a.length; i++) state.sum += of(a[i]! - b[i]!);
      state.count += a.length;
    },
    ({ sum, count }) => value(sum / count),
  );
}

/** The mean absolute error, `mean |ŷ - y|` (`sklearn.metrics.mean_absolute_error`), in the unit of the targets. */
export function mae(): Metric {
  return meanOf('mae', Math.abs);
}

/** The mean squared error, `mean (ŷ - y)²` (`sklearn.metrics.mean_squared_error`). */
export function mse(): Metric {
  return meanOf('mse', (d) => d * d);
}

/** The root of the mean squared error (`sklearn.metrics.root_mean_squared_error`), in the unit of the targets. */
export function rmse(): Metric {
  return meanOf('rmse', (d) => d * d, Math.sqrt);
}

/**
 * R², the explained fraction of the targets' variance (`sklearn.metrics.r2_score`): `1 - Σ (ŷ - y)² / Σ (y - ȳ)²`,
 * averaged over several outputs. 1 is perfect, 0 is as good as the mean of the targets. For constant targets it is 1 if
 * all predictions are exact, else 0.
 */
export function r2(): Metric {
  return metric(
    'max',
    () => ({ rows: 0, mean: [] as number[], spread: [] as number[], off: [] as number[] }),
    (state, output, target) => {
      const [a, b] = pairs('r2', output, target);
      const rows = output.shape[0] ?? 1;
      const width = a.length / rows;
      const { mean, spread, off } = state;
      for (const list of [mean, spread, off]) while (list.length < width) list.push(0);
      // Welford's algorithm: the sum of squares around a running mean, without cancellation of large numbers.
      for (let i = 0; i < rows; i++) {
        state.rows++;
        for (let j = 0; j < width; j++) {
          const y = b[i * width + j]!;
          const step = y - mean[j]!;
          mean[j]! += step / state.rows;
          spread[j]! += step * (y - mean[j]!);
          off[j]! += (a[i * width + j]! - y) ** 2;
        }
      }
    },
    ({ spread, off }) =>
      spread.reduce((sum, s, j) => sum + (s > 0 ? 1 - off[j]! / s : Number(off[j] === 0)), 0) / spread.length,
  );
}
