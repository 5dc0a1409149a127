import { defineOp, withSaved } from '../../custom-ops';
import { describe } from '../../describe';
import { DtypeError, IndexError, ShapeError, ValueError } from '../../errors';
import { type CtcSequence, ctc } from '../../kernels/ctc';
import { requireFloatTensor, requireList } from '../../ops/table/arguments';
import { asPositions } from '../../ops/table/positions';
import { allocate } from '../../tensor/dtype';
import { formatShape } from '../../tensor/shape';
import { fresh, packed, Tensor } from '../../tensor/tensor';
import { checkReduction, type LossOptions } from '../reduction';

/** Options of {@link ctcLoss}. */
export interface CtcLossOptions extends LossOptions {
  /** The class that reads as nothing; default 0. */
  blank?: number;
  /** Take the loss of a target that cannot be read, which is infinite, as 0, without gradient; default `false`. */
  zeroInfinity?: boolean;
}

/** How long sequences are: one number each, or one for a single sequence. */
export type Lengths = Tensor | readonly number[] | number;

interface Plan {
  readonly sequences: readonly CtcSequence[];
  readonly blank: number;
  readonly zeroInfinity: boolean;
}

/** The loss of every sequence of `[T, N, C]`. */
const losses = defineOp({
  name: 'ctcLoss',
  forward: (logProbs: Tensor, { sequences, blank, zeroInfinity }: Plan) => {
    const [, cases, classes] = logProbs.sizes;
    const x = packed(logProbs.detach());
    const data = x.offset === 0 ? x.memory : x.memory.subarray(x.offset);
    const gradient = allocate(x.dtype, x.numel());
    const found = sequences.map((sequence) => {
      const loss = ctc(data, sequence, classes, cases * classes, blank, gradient);
      if (!zeroInfinity || loss !== Number.POSITIVE_INFINITY) return loss;
      for (let t = 0; t < sequence.steps; t++) {
        const from = sequence.at + t * cases * classes;
        gradient.fill(0, from, from + classes);
      }
      return 0;
    });
    const y = allocate(x.dtype, cases);
    y.set(found);
    return withSaved(fresh(y, [cases], x.dtype), { gradient: fresh(gradient, x.sizes, x.dtype) });
  },
  saves: [],
  vjp: { x: (dy, { kept }) => kept.gradient.mul(dy.unsqueeze(1)) },
  gradFn: 'CtcLossBackward0',
  onceDifferentiable: true,
});

/**
 * Connectionist temporal classification (`torch.nn.functional.ctc_loss`): the negative logarithm of the probability that a
 * sequence of classes reads as the target, where repeated classes merge and the blank reads as nothing. `logProbs` holds
 * logarithms of probabilities, `[T, N, C]`, or `[T, C]` for a single sequence; `targets` holds classes other than the blank,
 * `[N, S]`, or the targets of all sequences one after the other. The mean is that of the losses per class of the target.
 *
 * The gradient is that of scores whose log-softmax `logProbs` is, as PyTorch's.
 *
 * @example
 * const logProbs = zeros([2, 2]).logSoftmax(1);  // two steps, of a blank and one class
 * nn.functional.ctcLoss(logProbs, tensor([1], { dtype: 'int32' }), 2, 1) // tensor(0.2877)
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if the logarithms are no floats or the targets no
 * integers; {@link ValueError} if a length is out of range; {@link IndexError} if a target is no class.
 */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Lengths,
  targetLengths: Lengths,
  options: CtcLossOptions = {},
): Tensor {
  const { blank = 0, zeroInfinity = false } = options;
  const reduction = checkReduction('ctcLoss', options);
  requireFloatTensor('ctcLoss', logProbs, 'logProbs');
  if (logProbs.ndim !== 2 && logProbs.ndim !== 3)
    throw new ShapeError(
      `ctcLoss: logProbs has shape ${formatShape(logProbs.sizes)}; expected [T, N, C], or [T, C] for a single sequence`,
    );
  const whole = asPositions('ctcLoss', targets, 'the targets');
  const x = logProbs.ndim === 3 ? logProbs : logProbs.unsqueeze(1);
  const [steps, cases, classes] = x.sizes;
  if (!Number.isInteger(blank) || blank < 0 || blank >= classes)
    throw new ValueError(`ctcLoss: blank is ${blank}; it must be one of the ${classes} classes`);
  const lengths = lengthsOf('inputLengths', inputLengths, cases, steps);
  const sizes = lengthsOf('targetLengths', targetLengths, cases, targets.sizes[targets.ndim - 1] ?? 0);
  const read = readTargets(whole, sizes, classes);
  const sequences = lengths.map((n, i) => ({ at: i * classes, steps: n, target: read[i] }));
  const each = losses(x, { sequences, blank, zeroInfinity });
  if (reduction === 'sum') return each.sum();
  if (reduction === 'none') return logProbs.ndim === 3 ? each : each.squeeze(0);
  const share = fresh(
    Float64Array.from(sizes, (n) => 1 / Math.max(n, 1)),
    [cases],
    'float64',
  );
  return each.mul(share.to(each.dtype)).mean();
}

function lengthsOf(name: string, given: Lengths, cases: number, most: number): number[] {
  if (typeof given !== 'number' && !(given instanceof Tensor)) requireList(`ctcLoss: ${name}`, given);
  const list = given instanceof Tensor ? [...given.toArray()] : typeof given === 'number' ? [given] : [...given];
  if (list.length !== cases)
    throw new ValueError(`ctcLoss: ${name} has ${list.length} numbers for ${cases} sequences; give one each`);
  const wrong = list.find((n) => !Number.isInteger(n) || n < 0 || n > most);
  if (wrong !== undefined)
    throw new ValueError(`ctcLoss: ${name} holds ${describe(wrong)}; lengths are whole numbers from 0 to ${most}`);
  return list;
}

/** The classes of each target. */
function readTargets(targets: Tensor, sizes: readonly number[], classes: number): number[][] {
  const total = sizes.reduce((a, b) => a + b, 0);
  // One after the other, or one in a row, of a width of its own.
  const joined = targets.ndim === 1;
  if (joined ? targets.sizes[0] !== total && sizes.length > 1 : targets.ndim !== 2 || targets.sizes[0] !== sizes.length)
    throw new ShapeError(
      `ctcLoss: targets of shape ${formatShape(targets.sizes)} do not fit ${sizes.length} sequences; expected ` +
        `[${sizes.length}, S], or [${total}] for all one after the other`,
    );
  const all = [...targets.toArray()];
  let at = 0;
  return sizes.map((n, i) => {
    const from = joined ? at : i * targets.sizes[1];
    at += n;
    const target = all.slice(from, from + n);
    const wrong = target.find((c) => c < 0 || c >= classes);
    if (wrong !== undefined)
      throw new IndexError(
        `ctcLoss: target ${wrong} is not a class: there are ${classes}, numbered from 0 to ${classes - 1}`,
      );
    return target;
  });
}
