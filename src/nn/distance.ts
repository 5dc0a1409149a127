import type { Tensor } from '../tensor/tensor';
import {
  type CosineSimilarityOptions,
  cosineSimilarity,
  type PairwiseDistanceOptions,
  pairwiseDistance,
} from './functional';
import { Module } from './module';

/** Cosine of the angle between vectors (`torch.nn.CosineSimilarity`); see `nn.functional.cosineSimilarity`. */
export class CosineSimilarity extends Module<[x1: Tensor, x2: Tensor]> {
  /** The dimension along which the vectors lie. */
  readonly dim: number;
  /** Lower bound of the norms. */
  readonly eps: number;

  /** The cosine along `dim`, 1 by default. */
  constructor(options: CosineSimilarityOptions = {}) {
    super();
    this.dim = options.dim ?? 1;
    this.eps = options.eps ?? 1e-8;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return cosineSimilarity(x1, x2, { dim: this.dim, eps: this.eps });
  }
}

/** Distance of vectors along the last dimension (`torch.nn.PairwiseDistance`); see `nn.functional.pairwiseDistance`. */
export class PairwiseDistance extends Module<[x1: Tensor, x2: Tensor]> {
  /** Which norm. */
  readonly norm: number;
  /** Added to the differences. */
  readonly eps: number;
  /** Whether the last dimension is kept with size 1. */
  readonly keepdim: boolean;

  /** The distance in the `p`-norm, 2 by default. */
  constructor(options: PairwiseDistanceOptions = {}) {
    super();
    this.norm = options.p ?? 2;
    this.eps = options.eps ?? 1e-6;
    this.keepdim = options.keepdim ?? false;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return pairwiseDistance(x1, x2, { p: this.norm, eps: this.eps, keepdim: this.keepdim });
  }
}
