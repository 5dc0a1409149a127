import { DtypeError, ValueError } from '../../errors';
import { isFloat, promoteTypes } from '../../tensor/dtype';
import { broadcastShapes, checkDim } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';

/** Options of {@link pairwiseDistance}. */
export interface PairwiseDistanceOptions {
  /** Which norm; default 2. */
  p?: number;
  /** Added to the differences; default 1e-6. */
  eps?: number;
  /** Keep the last dimension with size 1; default `false`. */
  keepdim?: boolean;
}

/**
 * Distance of vectors along the last dimension (`torch.nn.functional.pairwise_distance`): the `p`-norm of
 * `x1 - x2 + eps`.
 * @throws {ShapeError} if the shapes do not broadcast.
 */
export function pairwiseDistance(x1: Tensor, x2: Tensor, options: PairwiseDistanceOptions = {}): Tensor {
  const { p = 2, eps = 1e-6, keepdim = false } = options;
  return x1.sub(x2).add(eps).norm(p, -1, { keepdim });
}

/** Options of {@link cosineSimilarity}. */
export interface CosineSimilarityOptions {
  /** The dimension along which the vectors lie; default 1. */
  dim?: number;
  /** Norms below this count as this; default 1e-8. */
  eps?: number;
}

/**
 * Cosine of the angle between vectors along `dim` (`torch.nn.functional.cosine_similarity`):
 * `x1·x2 / (max(‖x1‖, eps)·max(‖x2‖, eps))`. The shapes broadcast; `dim` is one of the common shape.
 * @throws {ShapeError} if the shapes do not broadcast; {@link IndexError} if there is no dimension `dim`;
 * {@link DtypeError} unless one is a float; {@link ValueError} if `eps` is negative.
 */
export function cosineSimilarity(x1: Tensor, x2: Tensor, options: CosineSimilarityOptions = {}): Tensor {
  const { dim = 1, eps = 1e-8 } = options;
  if (!(eps >= 0)) throw new ValueError(`cosineSimilarity: eps is ${eps}; it must be 0 or more`);
  const shape = broadcastShapes('cosineSimilarity', x1.sizes, x2.sizes);
  const dtype = promoteTypes(x1.dtype, x2.dtype);
  if (!isFloat(dtype))
    throw new DtypeError(`cosineSimilarity: needs float32 or float64 tensors, got ${x1.dtype} and ${x2.dtype}`);
  const d = checkDim('cosineSimilarity', dim, shape.length);
  const unit = (x: Tensor) => {
    const norm = x.norm(2, d, { keepdim: true });
    // As in PyTorch, the gradient passes the bound as if it were not there.
    return x.div(norm.add(norm.detach().clampMin(eps).sub(norm.detach())));
  };
  const [a, b] = [x1, x2].map((x) => unit(x.to(dtype).expand(shape)));
  return a.mul(b).sum(d);
}
