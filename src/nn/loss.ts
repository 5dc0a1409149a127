import type { Tensor } from '../tensor/tensor';
import { type CrossEntropyOptions, crossEntropy, mseLoss, type NllLossOptions, nllLoss } from './functional';
import { Module } from './module';
import { Buffer } from './parameter';
import { checkReduction, type LossOptions, type Reduction } from './reduction';

/** Base class of the losses: modules of an input and a target. */
abstract class Loss extends Module<[input: Tensor, target: Tensor]> {
  /** How the losses of many elements become one. */
  readonly reduction: Reduction;

  constructor(options: LossOptions) {
    super();
    this.reduction = checkReduction(this.constructor.name, options);
  }
}

/** A loss of classes, which may have weights. */
abstract class ClassLoss extends Loss {
  /** A weight for each class, or `null`. */
  weight: Buffer | null;
  /** Cases of this class do not count. */
  readonly ignoreIndex: number;

  constructor(options: NllLossOptions) {
    super(options);
    const { weight = null, ignoreIndex = -100 } = options;
    this.weight = weight === null ? null : new Buffer(weight);
    this.ignoreIndex = ignoreIndex;
  }
}

/**
 * Squared error between input and target (`torch.nn.MSELoss`); see `nn.functional.mseLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class MSELoss extends Loss {
  /** Squared error; `reduction` is `'mean'` (default), `'sum'` or `'none'`. */
  constructor(options: LossOptions = {}) {
    super(options);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, { reduction: this.reduction });
  }
}

/**
 * Negative log-likelihood of classes (`torch.nn.NLLLoss`); see `nn.functional.nllLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class NLLLoss extends ClassLoss {
  /** Negative log-likelihood of the right class, from logarithms of probabilities. */
  constructor(options: NllLossOptions = {}) {
    super(options);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction } = this;
    return nllLoss(input, target, { weight, ignoreIndex, reduction });
  }
}

/**
 * Cross-entropy between the softmax of the input and classes or probabilities (`torch.nn.CrossEntropyLoss`); see
 * `nn.functional.crossEntropy`. The network before it ends with scores, not with a softmax.
 * @throws {ValueError} for an unknown reduction.
 */
export class CrossEntropyLoss extends ClassLoss {
  /** This part of the probability is spread evenly over all classes. */
  readonly labelSmoothing: number;

  /** Cross-entropy of classes or probabilities, from scores. */
  constructor(options: CrossEntropyOptions = {}) {
    super(options);
    this.labelSmoothing = options.labelSmoothing ?? 0;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction, labelSmoothing } = this;
    return crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing });
  }
}
