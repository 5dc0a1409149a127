import { gradMode } from '../../autograd/mode';
import { until } from '../../cancellation';
import { fullLike } from '../../tensor/creation';
import type { Shape } from '../../tensor/shape';
import { empty, fresh, packed, type Tensor } from '../../tensor/tensor';
import { broadcasting } from '../elementwise/combinators';
import { defineFunctions } from '../table/define';
import type { BatchedCall, Rule } from '../table/rule';
import { type Sample, sampleOf } from '../table/samples';

/** How to reduce the losses of elements: their mean (the default), their sum, or no reduction. */
export type LossReduction = 'none' | 'mean' | 'sum';

/** The arguments of the negative log-likelihood besides the input; shape, dtype and range are already checked. */
export interface NllArguments {
  /** The class of each case, a whole number from 0, in the shape of the input without its class dimension. */
  readonly target: Tensor;
  /** A weight for each class, or `null`. */
  readonly weight: Tensor | null;
  /** Cases of this class do not count. */
  readonly ignoreIndex: number;
}

/** Losses with their own derivatives; one operation per reduction, because their formulas differ. */
export interface Losses {
  /** Mean squared error of two tensors of one shape and dtype (`torch.nn.functional.mse_loss`). */
  mseLoss(input: Tensor, target: Tensor): Tensor;
  /** Sum of the squared errors. */
  mseLossSum(input: Tensor, target: Tensor): Tensor;
  /** Squared error of every element. */
  mseLossNone(input: Tensor, target: Tensor): Tensor;
  /** Binary cross-entropy of every element, of two tensors of one shape and dtype (`torch.nn.functional.binary_cross_entropy`). */
  binaryCrossEntropy(input: Tensor, target: Tensor): Tensor;
  /** Mean negative log-likelihood (`torch.nn.functional.nll_loss`). */
  nllLoss(input: Tensor, options: NllArguments): Tensor;
  /** Sum of the negative log-likelihoods. */
  nllLossSum(input: Tensor, options: NllArguments): Tensor;
  /** Negative log-likelihood of every case. */
  nllLossNone(input: Tensor, options: NllArguments): Tensor;
}

const lossShape = (elements: Shape, reduction: LossReduction): Shape => (reduction === 'none' ? elements : []);

/** Returns the class dimension: the first of a single case, else the one after the batch dimension. @internal */
export const classDim = (shape: Shape): number => (shape.length === 1 ? 0 : 1);

/** Positions and weights of the cases. */
interface Cases {
  /** Positions in the contiguous input of the elements picked, -1 for ignored cases. */
  readonly at: Int32Array;
  /** The weight of each case; `null` if all are 1. */
  readonly weights: Float64Array | null;
  /** Sum of the weights. */
  readonly total: number;
}

/**
 * Computed once per call, so that later changes of the target or the weights affect neither the loss nor its gradient.
 */
const known = new WeakMap<NllArguments, Cases>();

function casesOf(x: Shape, options: NllArguments): Cases {
  let cases = known.get(options);
  if (cases === undefined) {
    cases = pickedBy(x, options);
    known.set(options, cases);
  }
  return cases;
}

function pickedBy(x: Shape, { target, weight, ignoreIndex }: NllArguments): Cases {
  const dim = classDim(x);
  const classes = x[dim];
  let inner = 1;
  for (let d = dim + 1; d < x.length; d++) inner *= x[d];
  const { memory: classOf, offset } = packed(target);
  const n = target.numel();
  const at = new Int32Array(n);
  let counted = 0;
  for (let i = 0, first = 0; i < n; first += classes * inner)
    for (let k = 0; k < inner && i < n; k++, i++) {
      const c = classOf[offset + i];
      if (c === ignoreIndex) at[i] = -1;
      else {
        at[i] = first + c * inner + k;
        counted++;
      }
    }
  if (weight === null) return { at, weights: null, total: counted };
  const perClass = weight.toArray();
  const weights = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (at[i] < 0) continue;
    weights[i] = perClass[classOf[offset + i]];
    total += weights[i];
  }
  return { at, weights, total };
}

/** Returns the shape of the targets for an input: without the class dimension. @internal */
export function targetShape(x: Shape): Shape {
  return x.filter((_, d) => d !== classDim(x));
}

function mse(reduction: LossReduction): Rule<[Tensor, Tensor], Tensor> {
  const sum = { mean: '\\frac{1}{n} \\textstyle\\sum_i (a_i - b_i)^2', sum: '\\textstyle\\sum_i (a_i - b_i)^2' };
  const factor = reduction === 'mean' ? '\\frac{2}{n}' : '2';
  const scaled = (dy: Tensor, n: number) => dy.mul(reduction === 'mean' ? 2 / n : 2);
  return {
    torch: { name: 'mse_loss', params: ['input', 'target'] },
    math: `y = ${reduction === 'none' ? '(a - b)^2' : sum[reduction]}`,
    vjpMath: { a: `${factor}\\, \\bar y\\, (a - b)`, b: `${factor}\\, \\bar y\\, (b - a)` },
    saves: ['a', 'b'],
    shape: (a) => lossShape(a, reduction),
    forward: (a, b) => {
      const { memory: x, offset: fromX } = packed(a);
      const { memory: t, offset: fromT } = packed(b);
      const n = a.numel();
      const y = empty(lossShape(a.sizes, reduction), a.dtype);
      const { memory: out } = y;
      let total = 0;
      for (let i = 0; i < n; )
        for (const end = until(i, n); i < end; i++) {
          const d = x[fromX + i] - t[fromT + i];
          if (reduction === 'none') out[i] = d * d;
          else total += d * d;
        }
      if (reduction !== 'none') out[0] = reduction === 'mean' ? total / n : total;
      return y;
    },
    jvp: reduction === 'none' ? 'diagonal' : 'reduction',
    batch: (c) => {
      if (reduction === 'none') return c.run(c.spread(c.tensor(0)), c.spread(c.tensor(1)));
      const difference = c.tensor(0).sub(c.tensor(1));
      const squares = difference.mul(difference);
      return c.ofOne(reduction === 'mean' ? squares.mean() : squares.sum());
    },
    vjp: {
      a: (dy, { a, b }) => a.sub(b).mul(scaled(dy, a.numel())),
      b: (dy, { a, b }) => b.sub(a).mul(scaled(dy, a.numel())),
    },
    gradFn: 'MseLossBackward0',
    samples: [[2, 3], [], ...(reduction === 'mean' ? [] : [[0, 2]])].map((shape) => sampleOf([shape, shape])),
  };
}

const classes = (c: number[], shape: Shape = [c.length]) => fresh(Int32Array.from(c), shape, 'int32');

/** Returns samples of every rank, with an ignored case and with weights. */
function nllSamples(reduction: LossReduction): Sample[] {
  const weight = fresh(Float64Array.of(0.5, 3), [2], 'float64');
  const options = { weight: null, ignoreIndex: -100 };
  return [
    { inputs: '3x4', args: [{ ...options, target: classes([2, -100, 3]) }] },
    { inputs: '4x2', args: [{ target: classes([1, 0, 0, 1]), weight, ignoreIndex: 1 }] },
    { inputs: '2x3x2', args: [{ ...options, target: classes([1, 2, 0, 1], [2, 2]) }] },
    { inputs: '3', args: [{ ...options, target: classes([0], []) }] },
    ...(reduction === 'mean' ? [] : [{ inputs: '0x3', args: [{ ...options, target: classes([]) }] }]),
  ];
}

function nll(reduction: LossReduction): Rule<[Tensor, NllArguments], Tensor> {
  const each = '-w_{t_n} x_{n, t_n}';
  const math = {
    mean: `\\textstyle\\sum_n ${each} / \\sum_n w_{t_n}`,
    sum: `\\textstyle\\sum_n ${each}`,
    none: each,
  };
  const share = reduction === 'mean' ? ' / \\textstyle\\sum_n w_{t_n}' : '';
  return {
    torch: { name: 'nll_loss', params: ['input'], options: ['target', 'weight', 'ignoreIndex'] },
    math: `${reduction === 'none' ? 'y_n' : 'y'} = ${math[reduction]}`,
    vjpMath: { x: `-\\bar y\\, w_{t_n} [c = t_n]${share}` },
    saves: [],
    shape: (x) => lossShape(targetShape(x), reduction),
    forward: (x, options) => {
      const { at, weights, total } = casesOf(x.sizes, options);
      const { memory: from, offset } = packed(x);
      const y = empty(lossShape(options.target.sizes, reduction), x.dtype);
      const { memory: out } = y;
      let sum = 0;
      for (let i = 0; i < at.length; i++) {
        if (at[i] < 0) continue;
        const loss = weights === null ? -from[offset + at[i]] : -weights[i] * from[offset + at[i]];
        if (reduction === 'none') out[i] = loss;
        else sum += loss;
      }
      if (reduction !== 'none') out[0] = reduction === 'mean' ? sum / total : sum;
      return y;
    },
    jvp: 'linear',
    batch: (c) => nllOfEach(c, reduction),
    vjp: {
      // Only at the positions of the classes: otherwise an infinite gradient would turn the zeros into NaN.
      x: (dy, { shape, args: [options] }) => {
        const { at, weights, total } = casesOf(shape, options);
        if (!gradMode.recording) {
          const dx = empty(shape, dy.dtype);
          const { memory: to } = dx;
          const g = dy.toArray();
          const step = reduction === 'none' ? 1 : 0;
          const share = reduction === 'mean' ? 1 / total : 1;
          for (let i = 0; i < at.length; i++)
            if (at[i] >= 0) to[at[i]] = -(weights === null ? share : weights[i] * share) * g[i * step];
          return dx;
        }
        const counted = Int32Array.from(at.keys()).filter((i) => at[i] >= 0);
        const places = (where: Int32Array) => ({ name: 'NllLoss', shape: [counted.length], at: where });
        const whole = reduction === 'mean' ? total : 1;
        const factors = empty([counted.length], dy.dtype);
        const { memory: to } = factors;
        counted.forEach((i, k) => {
          to[k] = -(weights === null ? 1 : weights[i]) / whole;
        });
        const each = reduction === 'none' ? dy.readAt(places(counted)) : dy;
        return empty(shape, dy.dtype).writeAt(factors.mul(each), places(counted.map((i) => at[i])));
      },
    },
    gradFn: ({ shape }) => (shape.length <= 2 ? 'NllLossBackward0' : 'NllLoss2DBackward0'),
    savesInPytorch: () => true,
    samples: nllSamples(reduction),
  };
}

/** Returns a loss for each example: the sum over its cases. */
function nllOfEach(c: BatchedCall, reduction: LossReduction): unknown {
  const [x, cases] = c.args as [Tensor, NllArguments];
  const { target, weight } = cases;
  if (weight !== null && c.isBatchedValue(weight)) return undefined;
  const [scores, classes] = [c.spread(x), c.spread(target)];
  // The cases of all examples side by side; a vector of scores is one case.
  const together = (y: Tensor) => (x.ndim === 1 ? y : y.reshape([c.size * x.sizes[0], ...y.sizes.slice(2)]));
  const flat = together(scores);
  const all = { ...cases, target: together(classes) };
  const each = (given: Tensor) => losses.nllLossNone(given, all).view([c.size, ...targetShape(x.sizes)]);
  const loss = each(flat);
  if (reduction === 'none') return loss;
  const total = (y: Tensor) => y.reshape([c.size, target.numel()]).sum(1);
  if (reduction === 'sum') return total(loss);
  // With every logarithm -1, the loss is the sum of the weights of the counted cases.
  return total(loss).div(total(each(fullLike(flat.detach(), -1))));
}

/** PyTorch's lower bound, a float32 number. */
const TINY = Math.fround(1e-12);

/** @internal */
export const losses = defineFunctions<Losses>({
  mseLoss: mse('mean'),
  mseLossSum: mse('sum'),
  mseLossNone: mse('none'),
  binaryCrossEntropy: {
    torch: { name: 'binary_cross_entropy', params: ['input', 'target'] },
    math: 'y = -b \\ln a - (1 - b) \\ln (1 - a)',
    vjpMath: { a: '\\bar y\\, (a - b) / (a (1 - a))', b: '\\bar y\\, (\\ln (1 - a) - \\ln a)' },
    saves: { a: ['a', 'b'], b: ['a'] },
    ...broadcasting(
      'binaryCrossEntropy',
      '(b - 1) * Math.max(Math.log1p(-a), -100) - b * Math.max(Math.log(a), -100)',
      'float',
    ),
    jvp: 'diagonal',
    batch: 'elementwise',
    vjp: {
      a: (dy, { a, b }) => dy.mul(a.sub(b)).div(a.rsub(1).mul(a).clampMin(TINY)),
      b: (dy, { a }) => dy.mul(a.rsub(1).log().sub(a.log())),
    },
    domain: [0.1, 0.9],
  },
  nllLoss: nll('mean'),
  nllLossSum: nll('sum'),
  nllLossNone: nll('none'),
});
