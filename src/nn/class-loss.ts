import type { Tensor } from '../tensor/tensor';
import {
  type BinaryCrossEntropyOptions,
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  type CrossEntropyOptions,
  type CtcLossOptions,
  crossEntropy,
  ctcLoss,
  type KlDivOptions,
  klDiv,
  type Lengths,
  type MultilabelSoftMarginLossOptions,
  multilabelSoftMarginLoss,
  type NllLossOptions,
  nllLoss,
} from './functional';
import { Loss } from './loss';
import { Module } from './module';
import { asBuffer, type Buffer } from './parameter';
import { checkReduction } from './reduction';

/** A loss of classes, which may have weights. */
abstract class ClassLoss extends Loss {
  /** A weight for each class, or `null`. */
  weight: Buffer | null;
  /** Cases of this class do not count. */
  readonly ignoreIndex: number;

  constructor(options: NllLossOptions) {
    super(options);
    this.weight = asBuffer(options.weight);
    this.ignoreIndex = options.ignoreIndex ?? -100;
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
    return nllLoss(input, target, this);
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
    return crossEntropy(input, target, this);
  }
}

/**
 * Kullback-Leibler divergence from the distribution `e^input` to the target (`torch.nn.KLDivLoss`); see
 * `nn.functional.klDiv`.
 * @throws {ValueError} for an unknown reduction.
 */
export class KLDivLoss extends Module<[input: Tensor, target: Tensor]> {
  /** How the divergences of many elements become one. */
  readonly reduction: NonNullable<KlDivOptions['reduction']>;
  /** Whether the target, too, holds logarithms. */
  readonly logTarget: boolean;

  /** Divergence of logarithms of probabilities; `reduction: 'batchmean'` gives its mean over the cases. */
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

/**
 * Binary cross-entropy of probabilities (`torch.nn.BCELoss`); see `nn.functional.binaryCrossEntropy`.
 * @throws {ValueError} for an unknown reduction.
 */
export class BCELoss extends Loss {
  /** A weight for each element or class, or `null`. */
  weight: Buffer | null;

  /** Binary cross-entropy of probabilities, such as a sigmoid gives. */
  constructor(options: BinaryCrossEntropyOptions = {}) {
    super(options);
    this.weight = asBuffer(options.weight);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, this);
  }
}

/**
 * Binary cross-entropy of the sigmoid of scores (`torch.nn.BCEWithLogitsLoss`); see `nn.functional.binaryCrossEntropyWithLogits`.
 * @throws {ValueError} for an unknown reduction.
 */
export class BCEWithLogitsLoss extends Loss {
  /** A weight for each element or class, or `null`. */
  weight: Buffer | null;
  /** How much more positive targets count, or `null`. */
  posWeight: Buffer | null;

  /** Binary cross-entropy of scores; the network before it ends without a sigmoid. */
  constructor(options: BinaryCrossEntropyWithLogitsOptions = {}) {
    super(options);
    this.weight = asBuffer(options.weight);
    this.posWeight = asBuffer(options.posWeight);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropyWithLogits(input, target, this);
  }
}

/**
 * Binary cross-entropy of every class, averaged over the classes (`torch.nn.MultiLabelSoftMarginLoss`); see `nn.functional.multilabelSoftMarginLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class MultiLabelSoftMarginLoss extends Loss {
  /** A weight for each element or class, or `null`. */
  weight: Buffer | null;

  /** Binary cross-entropy of every class, averaged over the classes. */
  constructor(options: MultilabelSoftMarginLossOptions = {}) {
    super(options);
    this.weight = asBuffer(options.weight);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return multilabelSoftMarginLoss(input, target, this);
  }
}

/**
 * Connectionist temporal classification (`torch.nn.CTCLoss`): a loss of sequences whose steps are not assigned to the
 * classes of their targets; see `nn.functional.ctcLoss`.
 * @throws {ValueError} for an unknown reduction.
 */
export class CTCLoss extends Loss<[logProbs: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths]> {
  /** The class that reads as nothing. */
  readonly blank: number;
  /** Whether the loss of a target that cannot be read is taken as 0. */
  readonly zeroInfinity: boolean;

  /** A loss of logarithms of probabilities and the classes to be read. */
  constructor(options: CtcLossOptions = {}) {
    super(options);
    this.blank = options.blank ?? 0;
    this.zeroInfinity = options.zeroInfinity ?? false;
  }

  forward(logProbs: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths): Tensor {
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, this);
  }
}
