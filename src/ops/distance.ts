import { ShapeError, ValueError } from '../errors';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { requireOneOf } from './arguments';

/** Options of {@link cdist}. */
export interface CdistOptions {
  /** Which norm, from 0 to Infinity; default 2. */
  p?: number;
  /** Taken as PyTorch takes it; here there is one way to compute distances. */
  computeMode?: (typeof computeModes)[number];
}

const computeModes = [
  'use_mm_for_euclid_dist_if_necessary',
  'use_mm_for_euclid_dist',
  'donot_use_mm_for_euclid_dist',
] as const;

/**
 * Distances between the rows of two matrices, `y_{ij} = ‖x1_i - x2_j‖_p` (`torch.cdist`): from `[…, m, k]` and
 * `[…, n, k]` to `[…, m, n]`; the first dimensions broadcast. The derivative of a distance of 0 is taken as 0.
 * @throws {ShapeError} if the rows differ in length, or there are fewer than two dimensions; {@link ValueError} if `p`
 * is below 0, or there is no such `computeMode`.
 */
export function cdist(x1: Tensor, x2: Tensor, options: CdistOptions = {}): Tensor {
  const { p = 2, computeMode = computeModes[0] } = options;
  requireOneOf('cdist', { computeMode }, computeModes);
  if (!(p >= 0)) throw new ValueError(`cdist: p is ${p}; it must be 0 or more`);
  if (x1.ndim < 2 || x2.ndim < 2 || x1.shape[x1.ndim - 1] !== x2.shape[x2.ndim - 1])
    throw new ShapeError(
      `cdist: got shapes ${formatShape(x1.shape)} and ${formatShape(x2.shape)}; expected matrices (or batches of them) ` +
        'with rows of the same length',
    );
  const difference = x1.unsqueeze(-2).sub(x2.unsqueeze(-3));
  // How many entries differ has the derivative 0 here, where the norm has none.
  return p === 0 ? difference.sign().abs().sum(-1) : difference.norm(p, -1);
}
