import { describe } from '../describe';
import { ShapeError, ValueError } from '../errors';
import { requireTensor } from '../ops/table/arguments';
import type { Generator } from '../random';
import { arange } from '../tensor/creation';
import { isFloat } from '../tensor/dtype';
import { betaSample } from '../tensor/random-shares';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** Options of {@link mixup}. */
export interface MixupOptions {
  /** Number of classes: the length of the targets. */
  classes: number;
  /** Both parameters of the beta distribution of λ: small ones mix little, 1 mixes evenly. Default: 1. */
  alpha?: number;
  /** The generator of λ. Default: the default generator. */
  generator?: Generator;
}

/**
 * Mixes each row of a batch with the row before it, λ x + (1 − λ) x′, and their one-hot classes, λ y + (1 − λ) y′. One λ from
 * Beta(alpha, alpha) serves the batch (`torchvision.transforms.v2.MixUp`; Zhang and others, "mixup: beyond empirical risk
 * minimization", 2018). x [batch, …] floats and class numbers y [batch] become x of the same shape and y [batch, classes],
 * targets for `crossEntropy`.
 *
 * @example
 * const { x, y } = datasets.blobs(5, 12, { dims: 3 });
 * const [mixed, shares] = data.mixup([x, y], { classes: 5, alpha: 0.4 });
 * [mixed.shape, shares.shape] // [[12, 3], [12, 5]]
 * const loader = new data.DataLoader(new data.TensorDataset(x, y), {
 *   collateFn: (rows) => data.mixup(data.defaultCollate(rows) as [Tensor, Tensor], { classes: 5 }),
 * });
 * @throws {ShapeError} unless there are as many rows as classes; {@link ValueError} if x is not a float tensor, a class is not
 * below `classes`, or `alpha` is not above 0.
 */
export function mixup(batch: readonly [x: Tensor, y: Tensor], options: MixupOptions): [x: Tensor, y: Tensor] {
  const { classes, alpha = 1, generator } = options;
  if (!Array.isArray(batch) || batch.length !== 2)
    throw new ValueError(`mixup: the batch must be [x, y], got ${describe(batch)}`);
  const [x, y] = batch;
  requireTensor('mixup', x, 'x');
  requireTensor('mixup', y, 'y');
  if (!isFloat(x.dtype)) throw new ValueError(`mixup: x must be float32 or float64, got ${x.dtype}`);
  if (x.ndim === 0 || y.ndim !== 1 || y.shape[0] !== x.shape[0])
    throw new ShapeError(
      `mixup: x has shape ${formatShape(x.shape)} and y ${formatShape(y.shape)}; both need the same number of rows, and y ` +
        'one class number for each',
    );
  if (!(Number.isFinite(alpha) && alpha > 0))
    throw new ValueError(`mixup: alpha must be above 0, got ${describe(alpha)}`);
  if (!Number.isInteger(classes) || classes < 1)
    throw new ValueError(`mixup: classes must be a whole number from 1 on, got ${describe(classes)}`);
  const isHere = y.unsqueeze(1).eq(arange(classes));
  if (isHere.sum().item() !== x.shape[0])
    throw new ValueError(`mixup: y must be class numbers from 0 to ${classes - 1}, got ${y}`);
  const targets = isHere.to(x.dtype);
  const share = betaSample(alpha, alpha, 1, generator && { generator }).item();
  const mix = (rows: Tensor) => rows.mul(share).add(rows.roll(1, 0).mul(1 - share));
  return [mix(x), mix(targets)];
}
