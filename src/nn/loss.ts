import type { Tensor } from '../tensor/tensor';
import {
  type binaryCrossEntropy,
  type binaryCrossEntropyWithLogits,
  type cosineEmbeddingLoss,
  type crossEntropy,
  type ctcLoss,
  type gaussianNllLoss,
  type hingeEmbeddingLoss,
  type huberLoss,
  type KlDivOptions,
  klDiv,
  type l1Loss,
  type marginRankingLoss,
  type mseLoss,
  type multilabelMarginLoss,
  type multilabelSoftMarginLoss,
  type multiMarginLoss,
  type nllLoss,
  type poissonNllLoss,
  type smoothL1Loss,
  type softMarginLoss,
  type tripletMarginLoss,
} from './functional';
import { Module } from './module';
import { checkReduction, type LossOptions, type Reduction } from './reduction';

/** Base class of the losses. A loss passes itself to its function as the options, since it has them as properties. */
export abstract class Loss<A extends unknown[]> extends Module<A> {
  /** How the losses of the elements are reduced. */
  readonly reduction: Reduction;

  constructor(options: LossOptions) {
    super();
    this.reduction = checkReduction(this.constructor.name, options);
  }
}

/**
 * The losses: what a class says of itself, and the function whose options are its properties and its constructor's argument. The
 * build writes the classes (`losses.ts`), with what the function says of its options and takes by default.
 * @internal
 */
export interface Losses {
  /** Binary cross-entropy of probabilities (`torch.nn.BCELoss`); see `nn.functional.binaryCrossEntropy`. */
  BCELoss: typeof binaryCrossEntropy;
  /**
   * Binary cross-entropy of the sigmoid of scores (`torch.nn.BCEWithLogitsLoss`); see
   * `nn.functional.binaryCrossEntropyWithLogits`. The network before it ends without a sigmoid.
   */
  BCEWithLogitsLoss: typeof binaryCrossEntropyWithLogits;
  /**
   * Loss of pairs of vectors by the cosine of their angle (`torch.nn.CosineEmbeddingLoss`); see
   * `nn.functional.cosineEmbeddingLoss`.
   */
  CosineEmbeddingLoss: typeof cosineEmbeddingLoss;
  /**
   * Cross-entropy between the softmax of the input and classes or probabilities (`torch.nn.CrossEntropyLoss`); see
   * `nn.functional.crossEntropy`. The network before it ends with scores, not with a softmax.
   */
  CrossEntropyLoss: typeof crossEntropy;
  /**
   * Connectionist temporal classification (`torch.nn.CTCLoss`): a loss of sequences whose steps are not assigned to the
   * classes of their targets; see `nn.functional.ctcLoss`.
   */
  CTCLoss: typeof ctcLoss;
  /** Negative log-likelihood under normal distributions (`torch.nn.GaussianNLLLoss`); see `nn.functional.gaussianNllLoss`. */
  GaussianNLLLoss: typeof gaussianNllLoss;
  /** Hinge loss of distances with targets 1 and -1 (`torch.nn.HingeEmbeddingLoss`); see `nn.functional.hingeEmbeddingLoss`. */
  HingeEmbeddingLoss: typeof hingeEmbeddingLoss;
  /**
   * Error that is quadratic up to `delta` and linear beyond, with slope `delta` (`torch.nn.HuberLoss`); see
   * `nn.functional.huberLoss`.
   */
  HuberLoss: typeof huberLoss;
  /** Absolute error between input and target (`torch.nn.L1Loss`); see `nn.functional.l1Loss`. */
  L1Loss: typeof l1Loss;
  /**
   * Whether the first input ranks higher (target 1) or lower (target -1) than the second (`torch.nn.MarginRankingLoss`); see
   * `nn.functional.marginRankingLoss`.
   */
  MarginRankingLoss: typeof marginRankingLoss;
  /** Squared error between input and target (`torch.nn.MSELoss`); see `nn.functional.mseLoss`. */
  MSELoss: typeof mseLoss;
  /** Multi-label hinge loss (`torch.nn.MultiLabelMarginLoss`); see `nn.functional.multilabelMarginLoss`. */
  MultiLabelMarginLoss: typeof multilabelMarginLoss;
  /**
   * Binary cross-entropy of every class, averaged over the classes (`torch.nn.MultiLabelSoftMarginLoss`); see
   * `nn.functional.multilabelSoftMarginLoss`.
   */
  MultiLabelSoftMarginLoss: typeof multilabelSoftMarginLoss;
  /** Multi-class hinge loss (`torch.nn.MultiMarginLoss`); see `nn.functional.multiMarginLoss`. */
  MultiMarginLoss: typeof multiMarginLoss;
  /** Negative log-likelihood of classes (`torch.nn.NLLLoss`); see `nn.functional.nllLoss`. */
  NLLLoss: typeof nllLoss;
  /**
   * Negative log-likelihood of counts under Poisson distributions (`torch.nn.PoissonNLLLoss`); see
   * `nn.functional.poissonNllLoss`.
   */
  PoissonNLLLoss: typeof poissonNllLoss;
  /**
   * Error that is quadratic up to `beta` and linear beyond, with slope 1 (`torch.nn.SmoothL1Loss`); see
   * `nn.functional.smoothL1Loss`.
   */
  SmoothL1Loss: typeof smoothL1Loss;
  /** Logistic loss of scores with targets 1 and -1 (`torch.nn.SoftMarginLoss`); see `nn.functional.softMarginLoss`. */
  SoftMarginLoss: typeof softMarginLoss;
  /**
   * Whether anchors are closer to positives than to negatives (`torch.nn.TripletMarginLoss`); see
   * `nn.functional.tripletMarginLoss`.
   */
  TripletMarginLoss: typeof tripletMarginLoss;
}

/**
 * Kullback-Leibler divergence from the distribution `e^input` to the target (`torch.nn.KLDivLoss`); see
 * `nn.functional.klDiv`.
 * @throws {ValueError} for an unknown reduction.
 */
export class KLDivLoss extends Module<[input: Tensor, target: Tensor]> {
  /** How the divergences of the elements are reduced. */
  readonly reduction: NonNullable<KlDivOptions['reduction']>;
  /** Whether the target, too, holds logarithms. */
  readonly logTarget: boolean;

  /** Divergence of log probabilities; `reduction: 'batchmean'` returns its mean over the cases. */
  constructor(options: KlDivOptions = {}) {
    super();
    const { reduction = 'mean', logTarget = false } = options;
    this.reduction = reduction === 'batchmean' ? reduction : checkReduction('KLDivLoss', { reduction });
    this.logTarget = logTarget;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return klDiv(input, target, this);
  }
}
