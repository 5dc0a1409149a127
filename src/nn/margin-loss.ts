import type { Tensor } from '../tensor/tensor';
import {
  cosineEmbeddingLoss,
  hingeEmbeddingLoss,
  type MarginOptions,
  type MultiMarginLossOptions,
  marginRankingLoss,
  multilabelMarginLoss,
  multiMarginLoss,
  softMarginLoss,
  type TripletMarginLossOptions,
  tripletMarginLoss,
} from './functional';
import { Loss } from './loss';
import { asBuffer, type Buffer } from './parameter';
import type { LossOptions } from './reduction';

/**
 * Hinge loss of distances with targets 1 and -1 (`torch.nn.HingeEmbeddingLoss`); see `nn.functional.hingeEmbeddingLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class HingeEmbeddingLoss extends Loss {
  /** How far apart is far enough. */
  readonly margin: number;

  /** Hinge loss of distances; `margin` is 1 by default. */
  constructor(options: MarginOptions = {}) {
    super(options);
    this.margin = options.margin ?? 1;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return hingeEmbeddingLoss(input, target, this);
  }
}

/**
 * Whether the first input ranks higher (target 1) or lower (target -1) than the second (`torch.nn.MarginRankingLoss`); see `nn.functional.marginRankingLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class MarginRankingLoss extends Loss<[input1: Tensor, input2: Tensor, target: Tensor]> {
  /** By how much the one shall lead. */
  readonly margin: number;

  /** Ranking loss of two inputs; `margin` is 0 by default. */
  constructor(options: MarginOptions = {}) {
    super(options);
    this.margin = options.margin ?? 0;
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return marginRankingLoss(input1, input2, target, this);
  }
}

/**
 * Logistic loss of scores with targets 1 and -1 (`torch.nn.SoftMarginLoss`); see `nn.functional.softMarginLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class SoftMarginLoss extends Loss {
  /** Logistic loss of scores with targets 1 and -1. */
  constructor(options: LossOptions = {}) {
    super(options);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return softMarginLoss(input, target, this);
  }
}

/**
 * Loss of pairs of vectors by the cosine of their angle (`torch.nn.CosineEmbeddingLoss`); see `nn.functional.cosineEmbeddingLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class CosineEmbeddingLoss extends Loss<[input1: Tensor, input2: Tensor, target: Tensor]> {
  /** Up to this cosine, different vectors are left alone. */
  readonly margin: number;

  /** Loss of pairs of vectors, alike (target 1) or different (target -1); `margin` is 0 by default. */
  constructor(options: MarginOptions = {}) {
    super(options);
    this.margin = options.margin ?? 0;
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return cosineEmbeddingLoss(input1, input2, target, this);
  }
}

/**
 * Multi-class hinge loss (`torch.nn.MultiMarginLoss`); see `nn.functional.multiMarginLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class MultiMarginLoss extends Loss {
  /** The power of each term. */
  readonly p: number;
  /** By how much the right class shall lead. */
  readonly margin: number;
  /** A weight for each class, or `null`. */
  weight: Buffer | null;

  /** Multi-class hinge loss of scores and class numbers. */
  constructor(options: MultiMarginLossOptions = {}) {
    super(options);
    this.weight = asBuffer(options.weight);
    this.p = options.p ?? 1;
    this.margin = options.margin ?? 1;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return multiMarginLoss(input, target, this);
  }
}

/**
 * Multi-label hinge loss (`torch.nn.MultiLabelMarginLoss`); see `nn.functional.multilabelMarginLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class MultiLabelMarginLoss extends Loss {
  /** Multi-label hinge loss of scores and lists of classes. */
  constructor(options: LossOptions = {}) {
    super(options);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return multilabelMarginLoss(input, target, this);
  }
}

/**
 * Whether anchors are closer to positives than to negatives (`torch.nn.TripletMarginLoss`); see `nn.functional.tripletMarginLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class TripletMarginLoss extends Loss<[anchor: Tensor, positive: Tensor, negative: Tensor]> {
  /** By how much the negative shall be farther away. */
  readonly margin: number;
  /** Which norm measures distance. */
  readonly p: number;
  /** Added to the differences. */
  readonly eps: number;
  /** Whether the distance of positive and negative counts if it is smaller. */
  readonly swap: boolean;

  /** Loss of anchors, positives and negatives. */
  constructor(options: TripletMarginLossOptions = {}) {
    super(options);
    this.margin = options.margin ?? 1;
    this.p = options.p ?? 2;
    this.eps = options.eps ?? 1e-6;
    this.swap = options.swap ?? false;
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return tripletMarginLoss(anchor, positive, negative, this);
  }
}
