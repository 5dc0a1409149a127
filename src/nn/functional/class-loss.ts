import { DtypeError, IndexError, ShapeError, ValueError } from '../../errors';
import { classDim, losses, targetShape } from '../../ops/networks/losses';
import { requireFloatTensor, requireTensor } from '../../ops/table/arguments';
import { fullLike } from '../../tensor/creation';
import { isFloat } from '../../tensor/dtype';
import { formatShape, sameShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { checkReduction, type LossOptions } from '../reduction';
import { checkClassWeights, checkedClasses } from './targets';

/** The operation of each reduction. */
const nll = { mean: losses.nllLoss, sum: losses.nllLossSum, none: losses.nllLossNone };

/** Options of {@link nllLoss}. */
export interface NllLossOptions extends LossOptions {
  /** A weight for each class, in the dtype of the input; the mean divides by the sum of the weights. */
  weight?: Tensor | null;
  /** Cases whose target is this number do not count; default -100. */
  ignoreIndex?: number;
}

/**
 * Negative log-likelihood (`torch.nn.functional.nll_loss`): `-w_t·x_t` for the class `t` of each case. The input holds
 * logarithms of probabilities, `[C]`, `[N, C]` or `[N, C, …]`; the target holds classes from 0 to `C - 1`, in the shape
 * of the input without `C`, and in any dtype of numbers.
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the target is not of whole numbers;
 * {@link IndexError} if a target is no class.
 */
export function nllLoss(input: Tensor, target: Tensor, options: NllLossOptions = {}): Tensor {
  const reduction = checkReduction('nllLoss', options);
  const { weight = null, ignoreIndex = -100 } = options;
  checkScores('nllLoss', input, target, weight);
  const classes = checkedTarget('nllLoss', input, target, ignoreIndex);
  return nll[reduction](input, { target: classes, weight, ignoreIndex });
}

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions extends NllLossOptions {
  /** This part of the probability is spread evenly over all classes, 0 (default) to 1. */
  labelSmoothing?: number;
}

/**
 * Cross-entropy of the softmax of the input with the target (`torch.nn.functional.cross_entropy`). The input holds
 * scores, `[C]`, `[N, C]` or `[N, C, …]`. The target holds classes from 0 to `C - 1`, in the shape of the input without
 * `C` and in any dtype of numbers, or probabilities, in the shape of the input.
 *
 * @example
 * nn.functional.crossEntropy(tensor([[2, 0, 0]]), tensor([0])) // tensor(0.2395)
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if classes are not whole numbers or probabilities
 * not floats; {@link IndexError} if a target is no class; {@link ValueError} if an option is out of range.
 */
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { weight = null, ignoreIndex = -100, labelSmoothing = 0 } = options;
  const reduction = checkReduction('crossEntropy', options);
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
    throw new ValueError(`crossEntropy: labelSmoothing is ${labelSmoothing}; it must be from 0 to 1`);
  checkScores('crossEntropy', input, target, weight);
  const dim = classDim(input.sizes);
  const classes = input.sizes[dim];
  const logs = input.logSoftmax(dim);
  // Weights in a shape that broadcasts along the classes.
  const weights = weight?.reshape(input.sizes.map((n, d) => (d === dim ? n : 1)));
  const weighted = (x: Tensor) => (weights === undefined ? x : x.mul(weights));
  if (sameShape(input.sizes, target.sizes)) {
    checkProbabilities(target, ignoreIndex);
    const smooth = labelSmoothing === 0 ? target : target.mul(1 - labelSmoothing).add(labelSmoothing / classes);
    const terms = weighted(logs.mul(smooth));
    if (reduction === 'none') return terms.sum(dim).neg();
    return reduction === 'sum'
      ? terms.sum().neg()
      : terms
          .sum()
          .neg()
          .div(input.numel() / classes);
  }
  const cases = { target: checkedTarget('crossEntropy', input, target, ignoreIndex), weight, ignoreIndex };
  const loss = nll[reduction](logs, cases);
  if (labelSmoothing === 0) return loss;
  const ignored = cases.target.eq(ignoreIndex);
  const even = weighted(logs).sum(dim).neg().maskedFill(ignored, 0);
  // The mean divides by the sum of the weights of the cases that count: the loss where every logarithm is -1.
  const total = () => nll.sum(fullLike(logs, -1), cases);
  const rest = reduction === 'none' ? even : reduction === 'sum' ? even.sum() : even.sum().div(total());
  return loss.mul(1 - labelSmoothing).add(rest.mul(labelSmoothing / classes));
}

function checkScores(op: string, input: Tensor, target: Tensor, weight: Tensor | null): void {
  requireFloatTensor(op, input);
  requireTensor(op, target, 'the target');
  if (input.ndim === 0) throw new ShapeError(`${op}: the input is a single number; it needs a dimension of classes`);
  checkClassWeights(op, input, weight, input.sizes[classDim(input.sizes)]);
}

/** The classes of the cases; that of a single case may be a list of one. */
function checkedTarget(op: string, input: Tensor, target: Tensor, ignoreIndex: number): Tensor {
  if (input.ndim === 1 && sameShape(target.sizes, [1]))
    return checkedTarget(op, input, target.reshape([]), ignoreIndex);
  const expected = targetShape(input.sizes);
  if (!sameShape(target.sizes, expected))
    throw new ShapeError(
      `${op}: a target of shape ${formatShape(target.sizes)} does not fit an input of shape ${formatShape(input.sizes)}; ` +
        `expected ${formatShape(expected)}, one class number for each case`,
    );
  return checkedClasses(op, target, input.sizes[classDim(input.sizes)], 0, ignoreIndex);
}

function checkProbabilities(target: Tensor, ignoreIndex: number): void {
  if (!isFloat(target.dtype))
    throw new DtypeError(
      `crossEntropy: a target of the input's shape ${formatShape(target.sizes)} holds probabilities, which are float32 or ` +
        `float64, got ${target.dtype}; class numbers come without the dimension of classes`,
    );
  if (ignoreIndex >= 0)
    throw new ValueError(`crossEntropy: ignoreIndex ${ignoreIndex} has no meaning for a target of probabilities`);
}
