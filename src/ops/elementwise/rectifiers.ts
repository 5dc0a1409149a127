import type { Tensor } from '../../tensor/tensor';
import { requireNumbers } from '../table/arguments';
import { defineOps } from '../table/define';
import { notDifferentiable } from '../table/rule';
import { withArguments } from '../table/samples';
import { activation, plain } from './activations';
import { checked, elementwise, inOnePass, pairing, pointwise, samplesWith } from './combinators';

declare module '../../tensor/tensor' {
  interface Tensor extends Rectifiers {}
}

/**
 * Piecewise and clipped activation functions. Those that PyTorch has only in `torch.nn.functional` are internal here.
 * Their parameters are positional; the functions in `nn/functional/rectifier.ts` have the options.
 */
export interface Rectifiers {
  /** `max(x, 0)`; its derivative at 0 is taken as 0 (`torch.relu`). */
  relu(): Tensor;
  relu_(): Tensor;
  /**
   * This gradient where `low < x < high` or `x` is NaN, else 0: the gradient of a function that is constant outside. A
   * NaN bound is not a bound. @internal
   */
  whereInside(x: Tensor, low: number, high: number): Tensor;
  /** `x·scale` above 0, else `scale·alpha·(e^(x·inputScale) - 1)`. @internal */
  elu(alpha: number, scale: number, inputScale: number): Tensor;
  /** @internal */
  elu_(alpha: number, scale: number, inputScale: number): Tensor;
  /** `x` above 0, else `x·negativeSlope`. @internal */
  leakyRelu(negativeSlope: number): Tensor;
  /** @internal */
  leakyRelu_(negativeSlope: number): Tensor;
  /** `x` above 0, else `x·weight`. @internal */
  preluKernel(weight: Tensor): Tensor;
  /** `x` above `threshold`, else `value`. @internal */
  threshold(threshold: number, value: number): Tensor;
  /** @internal */
  threshold_(threshold: number, value: number): Tensor;
  /** `min(max(x, minVal), maxVal)`, with gradient 0 at the bounds, too. @internal */
  hardtanh(minVal: number, maxVal: number): Tensor;
  /** @internal */
  hardtanh_(minVal: number, maxVal: number): Tensor;
  /** `relu6(x + 3) / 6`. @internal */
  hardsigmoid(): Tensor;
  /** @internal */
  hardsigmoid_(): Tensor;
  /** `x·relu6(x + 3) / 6`. @internal */
  hardswish(): Tensor;
  /** @internal */
  hardswish_(): Tensor;
  /** `x` outside `-lambd` to `lambd`, else 0. @internal */
  hardshrink(lambd: number): Tensor;
  /** `x` moved towards 0 by `lambd`, and 0 if it would change its sign. @internal */
  softshrink(lambd: number): Tensor;
  /** `x²/2` where `|x| < bend`, then a line of slope `bend`. @internal */
  huber(bend: number): Tensor;
}

/** No upper bound: the gradient passes for infinite `x`. */
const UNBOUNDED = Number.NaN;
const inside = pairing('whereInside', 'b <= low || b >= high ? 0 : a', 'same', ['low', 'high']);
/** The interval in which the shrinking functions are 0. */
const shrunk = (x: Tensor, lambd: number) => x.ge(-lambd).logicalAnd(x.le(lambd));

defineOps<Rectifiers>({
  // Written so that NaN stays NaN, and -0 stays -0.
  relu: checked(
    'relu',
    requireNumbers,
    pointwise(
      'relu',
      'y = \\max(x, 0)',
      'x < 0 ? 0 : x',
      { x: '\\bar y \\odot [x > 0]', saves: ['y'], vjp: (dy, { y }) => dy.whereInside(y, 0, UNBOUNDED) },
      { kind: 'same' },
    ),
  ),
  whereInside: {
    torch: { name: 'threshold_backward', params: ['input', 'x', 'low', 'high'] },
    math: 'y = a \\odot [l < b < h]',
    vjpMath: { a: '\\bar y \\odot [l < b < h]' },
    saves: { a: ['b'] },
    ...inside,
    jvp: 'diagonal',
    vjp: { a: (dy, { b, args: [low, high] }) => dy.whereInside(b, low, high), b: notDifferentiable },
    gradFn: 'ThresholdBackwardBackward0',
    samples: withArguments(inside.samples, () => [0, 2]),
  },
  elu: {
    torch: { name: 'elu', params: ['input', 'alpha', 'scale', 'inputScale'] },
    math: 'y = s x [x > 0] + s \\alpha (e^{t x} - 1) [x \\le 0]',
    vjpMath: { x: '\\bar y \\odot s ([x > 0] + \\alpha t e^{t x} [x \\le 0])' },
    saves: ['x'],
    ...activation(
      'elu',
      'x < 0 ? scale * alpha * Math.expm1(x * inputScale) : x * scale',
      ['alpha', 'scale', 'inputScale'],
      [1.5, 1.2, 0.8],
    ),
    jvp: 'diagonal',
    vjp: {
      // The exponential is computed only below 0: elsewhere it may be infinite, and infinity times 0 is NaN.
      x: inOnePass(
        'b <= 0 ? a * (scale * alpha * inputScale) * Math.exp(b * inputScale) : a * scale',
        ({ x }) => x,
        (dy, { x, args: [alpha, scale, inputScale] }) => {
          const slope = x
            .where(x.lt(0), 0)
            .mul(inputScale)
            .exp()
            .mul(scale * alpha * inputScale);
          return dy.mul(slope.maskedFill(x.le(0).logicalNot(), scale));
        },
        ['alpha', 'scale', 'inputScale'],
      ),
    },
    inPlace: true,
  },
  leakyRelu: {
    torch: { name: 'leaky_relu', params: ['input', 'negativeSlope'] },
    math: 'y = x [x > 0] + \\alpha x [x \\le 0]',
    vjpMath: { x: '\\bar y \\odot ([x > 0] + \\alpha [x \\le 0])' },
    saves: ['x'],
    ...activation('leakyRelu', 'x > 0 ? x : x * negativeSlope', ['negativeSlope'], [0.2]),
    jvp: 'diagonal',
    vjp: {
      x: inOnePass(
        'b > 0 ? a : a * slope',
        ({ x }) => x,
        (dy, { x, args: [slope] }) => dy.where(x.gt(0), dy.mul(slope)),
        ['slope'],
      ),
    },
    inPlace: true,
  },
  preluKernel: {
    torch: { name: 'prelu', params: ['input', 'weight'] },
    math: 'y = a [a > 0] + a \\odot b [a \\le 0]',
    vjpMath: { a: '\\bar y \\odot ([a > 0] + b [a \\le 0])', b: '\\bar y \\odot a [a \\le 0]' },
    saves: { a: ['a', 'b'], b: ['a'] },
    ...pairing('prelu', 'a > 0 ? a : a * b'),
    jvp: 'diagonal',
    vjp: {
      a: (dy, { a, b }) => dy.where(a.gt(0), dy.mul(b)),
      b: (dy, { a }) => dy.mul(a).maskedFill(a.gt(0), 0),
    },
  },
  threshold: {
    torch: { name: 'threshold', params: ['input', 'threshold', 'value'] },
    math: 'y = x [x > t] + v [x \\le t]',
    vjpMath: { x: '\\bar y \\odot [x > t]' },
    saves: ['x'],
    ...elementwise('threshold', 'x <= threshold ? value : x', 'same', ['threshold', 'value']),
    jvp: 'diagonal',
    vjp: { x: (dy, { x, args: [threshold] }) => dy.whereInside(x, threshold, UNBOUNDED) },
    inPlace: true,
    samples: samplesWith(0.3, -2),
  },
  hardtanh: {
    torch: { name: 'hardtanh', params: ['input', 'minVal', 'maxVal'] },
    math: 'y = \\min(\\max(x, l), h)',
    vjpMath: { x: '\\bar y \\odot [l < x < h]' },
    saves: ['x'],
    ...checked(
      'hardtanh',
      requireNumbers,
      elementwise('hardtanh', 'bounded(x, minVal, maxVal)', 'same', ['minVal', 'maxVal']),
    ),
    jvp: 'diagonal',
    vjp: { x: (dy, { x, args: [minVal, maxVal] }) => dy.whereInside(x, minVal, maxVal) },
    inPlace: true,
    samples: samplesWith(-0.5, 0.8),
  },
  hardsigmoid: {
    torch: { name: 'hardsigmoid', params: ['input'] },
    math: 'y = \\min(\\max(x + 3, 0), 6) / 6',
    vjpMath: { x: '\\tfrac16 \\bar y \\odot [-3 < x < 3]' },
    saves: ['x'],
    ...plain('hardsigmoid', 'Math.min(Math.max(x + 3, 0), 6) / 6'),
    jvp: 'diagonal',
    vjp: {
      x: inOnePass(
        'b > -3 && b < 3 ? a / 6 : 0',
        ({ x }) => x,
        (dy, { x }) => dy.div(6).where(x.gt(-3).logicalAnd(x.lt(3)), 0),
      ),
    },
    inPlace: true,
    domain: [-5, 5],
  },
  hardswish: {
    torch: { name: 'hardswish', params: ['input'] },
    math: 'y = x \\odot \\min(\\max(x + 3, 0), 6) / 6',
    vjpMath: { x: '\\bar y \\odot (\\tfrac{2 x + 3}{6} [-3 < x < 3] + [x \\ge 3])' },
    saves: ['x'],
    ...plain('hardswish', '(x * Math.min(Math.max(x + 3, 0), 6)) / 6'),
    jvp: 'diagonal',
    vjp: {
      x: inOnePass(
        'b <= -3 ? a * 0 : b < 3 ? a * (b / 3 + 0.5) : a',
        ({ x }) => x,
        (dy, { x }) => dy.mul(x.div(3).add(0.5).maskedFill(x.le(-3), 0).maskedFill(x.lt(3).logicalNot(), 1)),
      ),
    },
    inPlace: true,
    domain: [-5, 5],
  },
  hardshrink: {
    torch: { name: 'hardshrink', params: ['input', 'lambd'] },
    math: 'y = x [|x| > \\lambda]',
    vjpMath: { x: '\\bar y \\odot [|x| > \\lambda]' },
    saves: ['x'],
    ...activation('hardshrink', 'x >= -lambd && x <= lambd ? 0 : x', ['lambd'], [0.7]),
    jvp: 'diagonal',
    vjp: { x: (dy, { x, args: [lambd] }) => dy.maskedFill(shrunk(x, lambd), 0) },
  },
  softshrink: {
    torch: { name: 'softshrink', params: ['input', 'lambd'] },
    math: 'y = (x - \\lambda \\operatorname{sign} x) [|x| > \\lambda]',
    vjpMath: { x: '\\bar y \\odot [|x| > \\lambda]' },
    saves: ['x'],
    // Multiplied by 0 instead of 0, so that NaN stays NaN.
    ...activation('softshrink', 'x > lambd ? x - lambd : x < -lambd ? x + lambd : x * 0', ['lambd'], [0.7]),
    jvp: 'diagonal',
    vjp: { x: (dy, { x, args: [lambd] }) => dy.maskedFill(shrunk(x, lambd), 0) },
  },
  huber: {
    torch: { name: 'huber_loss', params: ['input', 'bend'] },
    math: 'y = \\tfrac12 x^2 [|x| < b] + b (|x| - \\tfrac b2) [|x| \\ge b]',
    vjpMath: { x: '\\bar y \\odot \\min(\\max(x, -b), b)' },
    saves: ['x'],
    ...activation('huber', 'Math.abs(x) < bend ? 0.5 * x * x : bend * (Math.abs(x) - 0.5 * bend)', ['bend'], [0.7]),
    jvp: 'diagonal',
    vjp: { x: (dy, { x, args: [bend] }) => dy.mul(x.hardtanh(-bend, bend)) },
  },
});
