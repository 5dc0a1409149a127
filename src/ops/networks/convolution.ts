import { type ConvolutionPlan, convolve, convolveBack, convolveWeight } from '../../kernels/convolution';
import { numel } from '../../kernels/strides';
import type { Shape } from '../../tensor/shape';
import { packed, Tensor, unset } from '../../tensor/tensor';
import { defineFunctions } from '../table/define';
import { asInt32, exactProduct } from '../table/exact-integers';
import { sumOf } from '../table/forward';
import type { BatchedCall } from '../table/rule';
import { type Sample, sampleOf } from '../table/samples';

/**
 * The trilinear form `Σ x·w·y` over matching positions of an input `x`, a weight `w` and an output `y`, differentiated
 * by one of them. The derivatives of each of these operations are the other two.
 */
export interface Convolutions {
  /** By the output: convolution of `x` `[N, C, …]` with a weight `[O, C / groups, …]`, plus a bias `[O]`. @internal */
  convolution(x: Tensor, weight: Tensor, bias: Tensor | null, plan: ConvolutionPlan): Tensor;
  /** By the input: transposed convolution of `y` `[N, O, …]`, plus a bias `[C]`. @internal */
  convolutionTransposed(y: Tensor, weight: Tensor, bias: Tensor | null, plan: ConvolutionPlan): Tensor;
  /** By the weight: the gradient of the weight, from an input and the gradient of an output. @internal */
  convolutionWeight(x: Tensor, y: Tensor, plan: ConvolutionPlan): Tensor;
}

const inputShape = (batch: number, p: ConvolutionPlan): Shape => [batch, p.inChannels, ...p.input];
const outputShape = (batch: number, p: ConvolutionPlan): Shape => [batch, p.outChannels, ...p.output];
const weightShape = (p: ConvolutionPlan): Shape => [p.outChannels, p.inChannels / p.groups, ...p.kernel];

const packedIfGiven = (t: Tensor | null) => (t === null ? null : packed(t));

/** Returns the convolution of integers plus the bias, exactly. @throws {ValueError} if it overflows int32. */
function integers(
  op: string,
  a: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  terms: number,
  compute: (a: Tensor, weight: Tensor) => Tensor,
): Tensor {
  const y = exactProduct(op, a, weight, terms, compute);
  return asInt32(op, bias === null ? y : y.add(bias.to('float64').reshape([-1, ...y.sizes.slice(2).map(() => 1)])));
}

/** Sums over all dimensions except the channels. */
const sumToChannels = (dy: Tensor) => dy.sum([...dy.sizes.keys()].filter((d) => d !== 1));

/** @internal */
export const convolutions: Convolutions = defineFunctions<Convolutions>({
  convolution: {
    torch: {
      name: 'convolution',
      params: ['input', 'weight', 'bias'],
      options: ['stride', 'padding', 'dilation', 'groups'],
    },
    math: 'y_o = \\textstyle\\sum_{i \\sim k \\sim o} a_i\\, b_k + c',
    vjpMath: {
      a: '\\textstyle\\sum_{i \\sim k \\sim o} b_k\\, \\bar y_o',
      b: '\\textstyle\\sum_{i \\sim k \\sim o} a_i\\, \\bar y_o',
      c: '\\textstyle\\sum_o \\bar y_o',
    },
    absent: { c: '0' },
    saves: { a: ['b'], b: ['a'] },
    shape: (x, _weight, _bias, plan) => outputShape(x[0], plan),
    forward: (x, weight, bias, plan) => {
      if (x.dtype === 'int32')
        return integers(`conv${plan.input.length}d`, x, weight, bias, numel(weight.sizes.slice(1)), (a, b) =>
          convolutions.convolution(a, b, null, plan),
        );
      const y = unset(outputShape(x.sizes[0], plan), x.dtype);
      convolve(plan, x.sizes[0], packed(x), packed(weight), packedIfGiven(bias), y.memory);
      return y;
    },
    jvp: ([a, b, c], n) =>
      sumOf([
        a && convolutions.convolution(a, n.b, null, n.args[0]),
        b && convolutions.convolution(n.a, b, null, n.args[0]),
        c?.reshape([-1, ...n.args[0].input.map(() => 1)]).expand(n.outShape),
      ]),
    batch: convolvedInEach,
    vjp: {
      a: (dy, { b, args: [plan] }) => convolutions.convolutionTransposed(dy, b, null, plan),
      b: (dy, { a, args: [plan] }) => convolutions.convolutionWeight(a, dy, plan),
      c: sumToChannels,
    },
    gradFn: 'ConvolutionBackward0',
    samples: samples((p, batch) => [inputShape(batch, p), weightShape(p), [p.outChannels]]),
  },
  convolutionTransposed: {
    torch: {
      name: 'convolution_transpose',
      params: ['input', 'weight', 'bias'],
      options: ['stride', 'padding', 'dilation', 'groups'],
    },
    math: 'y_i = \\textstyle\\sum_{i \\sim k \\sim o} b_k\\, a_o + c',
    vjpMath: {
      a: '\\textstyle\\sum_{i \\sim k \\sim o} \\bar y_i\\, b_k',
      b: '\\textstyle\\sum_{i \\sim k \\sim o} \\bar y_i\\, a_o',
      c: '\\textstyle\\sum_i \\bar y_i',
    },
    absent: { c: '0' },
    saves: { a: ['b'], b: ['a'] },
    shape: (y, _weight, _bias, plan) => inputShape(y[0], plan),
    forward: (y, weight, bias, plan) => {
      if (y.dtype === 'int32') {
        const terms = (plan.outChannels / plan.groups) * numel(plan.kernel);
        return integers(`convTranspose${plan.input.length}d`, y, weight, bias, terms, (a, b) =>
          convolutions.convolutionTransposed(a, b, null, plan),
        );
      }
      const x = unset(inputShape(y.sizes[0], plan), y.dtype);
      convolveBack(plan, y.sizes[0], packed(y), packed(weight), packedIfGiven(bias), x.memory);
      return x;
    },
    jvp: ([a, b, c], n) =>
      sumOf([
        a && convolutions.convolutionTransposed(a, n.b, null, n.args[0]),
        b && convolutions.convolutionTransposed(n.a, b, null, n.args[0]),
        c?.reshape([-1, ...n.args[0].input.map(() => 1)]).expand(n.outShape),
      ]),
    batch: convolvedInEach,
    vjp: {
      a: (dx, { b, args: [plan] }) => convolutions.convolution(dx, b, null, plan),
      b: (dx, { a, args: [plan] }) => convolutions.convolutionWeight(dx, a, plan),
      c: sumToChannels,
    },
    gradFn: 'ConvolutionBackward0',
    samples: samples((p, batch) => [outputShape(batch, p), weightShape(p), [p.inChannels]]),
  },
  convolutionWeight: {
    torch: {
      name: 'convolution_backward',
      params: ['input', 'gradOutput'],
      options: ['stride', 'padding', 'dilation', 'groups'],
    },
    math: 'y_k = \\textstyle\\sum_{i \\sim k \\sim o} a_i\\, b_o',
    vjpMath: {
      a: '\\textstyle\\sum_{i \\sim k \\sim o} \\bar y_k\\, b_o',
      b: '\\textstyle\\sum_{i \\sim k \\sim o} a_i\\, \\bar y_k',
    },
    saves: { a: ['b'], b: ['a'] },
    shape: (_x, _y, plan) => weightShape(plan),
    forward: (x, y, plan) => {
      const w = unset(weightShape(plan), x.dtype);
      convolveWeight(plan, x.sizes[0], packed(x), packed(y), w.memory);
      return w;
    },
    jvp: 'multilinear',
    batch: 'one by one',
    vjp: {
      a: (dw, { b, args: [plan] }) => convolutions.convolutionTransposed(b, dw, null, plan),
      b: (dw, { a, args: [plan] }) => convolutions.convolution(a, dw, null, plan),
    },
    gradFn: 'ConvolutionBackwardBackward0',
    samples: samples((p, batch) => [inputShape(batch, p), outputShape(batch, p)]),
  },
});

/** Convolves all examples: as one batch, or with a group for each if their weights differ. */
function convolvedInEach(c: BatchedCall): unknown {
  const [x, weight, bias, plan] = c.args as [Tensor, Tensor, Tensor | null, ConvolutionPlan];
  const hasBias = bias instanceof Tensor;
  if (hasBias && c.isBatched(2) && !c.isBatched(1))
    return c.ofOne(c.call(c.name, x, weight, null, plan).add(bias.view([bias.sizes[0], ...plan.input.map(() => 1)])));
  if (!c.isBatched(1)) {
    const y = c.run(c.physical(0).flatten(0, 1), weight, bias, plan) as Tensor;
    return y.unflatten(0, [c.size, x.sizes[0]]);
  }
  if (c.size === 0) return undefined;
  const groups = {
    ...plan,
    groups: plan.groups * c.size,
    inChannels: plan.inChannels * c.size,
    outChannels: plan.outChannels * c.size,
  };
  // The channels of all examples side by side: `[B, N, C, …]` as `[N, B·C, …]`.
  const beside = c.spread(x).transpose(0, 1).flatten(1, 2);
  const biases = hasBias ? c.spread(bias).flatten(0, 1) : bias;
  const y = c.run(beside, c.physical(1).flatten(0, 1), biases, groups) as Tensor;
  return y.unflatten(1, [c.size, y.sizes[1] / c.size]).transpose(0, 1);
}

/** Returns samples with each of the parameters, in one to three dimensions, and batches of two and zero. */
function samples(shapes: (plan: ConvolutionPlan, batch: number) => readonly Shape[]): Sample[] {
  const line = { inChannels: 2, outChannels: 2, groups: 1, stride: [1], padding: [0], dilation: [1] };
  const plans: ConvolutionPlan[] = [
    { ...line, input: [4], kernel: [2], output: [3] },
    { ...line, input: [6], kernel: [3], output: [3], stride: [2], padding: [1] },
    { ...line, input: [6], kernel: [2], output: [4], dilation: [2], groups: 2 },
    {
      ...line,
      inChannels: 1,
      input: [3, 4],
      kernel: [3, 2],
      output: [2, 2],
      stride: [2, 1],
      padding: [1, 0],
      dilation: [1, 2],
    },
    {
      ...line,
      outChannels: 1,
      input: [2, 2, 2],
      kernel: [1, 2, 2],
      output: [2, 1, 1],
      stride: [1, 1, 1],
      padding: [0, 0, 0],
      dilation: [1, 1, 1],
    },
  ];
  return [...plans.map((plan) => sampleOf(shapes(plan, 2), [plan])), sampleOf(shapes(plans[0], 0), [plans[0]])];
}
