import type { Tensor } from '../tensor/tensor';
import { activation, plain } from './activations';
import { requireNumbers } from './arguments';
import { checked, elementwise, pairing, pointwise, samplesWith } from './combinators';
import { defineOps } from './define';
import { notDifferentiable } from './rule';

/**
 * Activation functions that bend or cut off the identity. Those that PyTorch has in `torch.nn.functional` only are
 * internal here; their parameters are positional, and the functions in `nn/functional/rectifier.ts` have the options.
 */
export interface Rectifiers {
  /** `max(x, 0)`; its derivative at 0 is taken as 0 (`torch.relu`). */
  relu(): Tensor;
  relu_(): Tensor;
  /** This gradient where `low < x < high` or `x` is NaN, else 0: the gradient of what is constant outside. @internal */
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
  /** `x` moved towards 0 by `lambd`, and 0 where that is beyond 0. @internal */
  softshrink(lambd: number): Tensor;
}

const { POSITIVE_INFINITY: INFINITY } = Number;
const inside = pairing('whereInside', 'b <= low || b >= high ? 0 : a', 'same', ['low', 'high']);
/** Where the shrinking functions are 0. */
const shrunk = (x: Tensor, lambd: number) => x.ge(-lambd).logicalAnd(x.le(lambd));

defineOps<Rectifiers>({
  // Written so that NaN stays NaN.
  relu: checked(
    'relu',
    requireNumbers,
    pointwise(
      'relu',
      'y = \\max(x, 0)',
      'x <= 0 ? 0 : x',
      { x: '\\bar y \\odot [x > 0]', saves: ['y'], vjp: (dy, { y }) => dy.whereInside(y, 0, INFINITY) },
      { kind: 'same' },
    ),
  ),
  whereInside: {
    torch: 'threshold_backward(input, x, low, high)',
    math: 'y = a \\odot [l < b < h]',
    vjpMath: { a: '\\bar y \\odot [l < b < h]' },
    saves: { a: ['b'] },
    ...inside,
    vjp: { a: (dy, { b, args: [low, high] }) => dy.whereInside(b, low, high), b: notDifferentiable },
    gradFn: 'ThresholdBackwardBackward0',
    samples: inside.samples.map((sample) => ({ ...sample, args: [0, 2] })),
  },
  elu: {
    torch: 'elu(input, alpha, scale, inputScale)',
    math: 'y = s x [x > 0] + s \\alpha (e^{t x} - 1) [x \\le 0]',
    vjpMath: { x: '\\bar y \\odot s ([x > 0] + \\alpha t e^{t x} [x \\le 0])' },
    saves: ['x'],
    ...activation(
      'elu',
      'x < 0 ? scale * alpha * Math.expm1(x * inputScale) : x * scale',
      ['alpha', 'scale', 'inputScale'],
      [1.5, 1.2, 0.8],
    ),
    vjp: {
      // The exponential of 0 above 0: that of x might be infinite there, and infinity times 0 is NaN.
      x: (dy, { x, args: [alpha, scale, inputScale] }) => {
        const slope = x
          .clampMax(0)
          .mul(inputScale)
          .exp()
          .mul(scale * alpha * inputScale);
        return dy.mul(slope.maskedFill(x.gt(0), scale));
      },
    },
    inPlace: true,
  },
  leakyRelu: {
    torch: 'leaky_relu(input, negativeSlope)',
    math: 'y = x [x > 0] + \\alpha x [x \\le 0]',
    vjpMath: { x: '\\bar y \\odot ([x > 0] + \\alpha [x \\le 0])' },
    saves: ['x'],
    ...activation('leakyRelu', 'x > 0 ? x : x * negativeSlope', ['negativeSlope'], [0.2]),
    vjp: { x: (dy, { x, args: [slope] }) => dy.where(x.gt(0), dy.mul(slope)) },
    inPlace: true,
  },
  preluKernel: {
    torch: 'prelu(input, weight)',
    math: 'y = a [a > 0] + a \\odot b [a \\le 0]',
    vjpMath: { a: '\\bar y \\odot ([a > 0] + b [a \\le 0])', b: '\\bar y \\odot a [a \\le 0]' },
    saves: { a: ['a', 'b'], b: ['a'] },
    ...pairing('prelu', 'a > 0 ? a : a * b'),
    vjp: {
      a: (dy, { a, b }) => dy.where(a.gt(0), dy.mul(b)),
      b: (dy, { a }) => dy.mul(a).maskedFill(a.gt(0), 0),
    },
  },
  threshold: {
    torch: 'threshold(input, threshold, value)',
    math: 'y = x [x > t] + v [x \\le t]',
    vjpMath: { x: '\\bar y \\odot [x > t]' },
    saves: ['x'],
    ...elementwise('x <= threshold ? value : x', 'same', ['threshold', 'value']),
    vjp: { x: (dy, { x, args: [threshold] }) => dy.whereInside(x, threshold, INFINITY) },
    inPlace: true,
    samples: samplesWith(0.3, -2),
  },
  hardtanh: {
    torch: 'hardtanh(input, minVal, maxVal)',
    math: 'y = \\min(\\max(x, l), h)',
    vjpMath: { x: '\\bar y \\odot [l < x < h]' },
    saves: ['x'],
    ...checked(
      'hardtanh',
      requireNumbers,
      elementwise('Math.min(Math.max(x, minVal), maxVal)', 'same', ['minVal', 'maxVal']),
    ),
    vjp: { x: (dy, { x, args: [minVal, maxVal] }) => dy.whereInside(x, minVal, maxVal) },
    inPlace: true,
    samples: samplesWith(-0.5, 0.8),
  },
  hardsigmoid: {
    torch: 'hardsigmoid(input)',
    math: 'y = \\min(\\max(x + 3, 0), 6) / 6',
    vjpMath: { x: '\\tfrac16 \\bar y \\odot [-3 < x < 3]' },
    saves: ['x'],
    ...plain('hardsigmoid', 'Math.min(Math.max(x + 3, 0), 6) / 6'),
    vjp: { x: (dy, { x }) => dy.whereInside(x, -3, 3).div(6) },
    inPlace: true,
    domain: [-5, 5],
  },
  hardswish: {
    torch: 'hardswish(input)',
    math: 'y = x \\odot \\min(\\max(x + 3, 0), 6) / 6',
    vjpMath: { x: '\\bar y \\odot (\\tfrac{2 x + 3}{6} [-3 < x < 3] + [x \\ge 3])' },
    saves: ['x'],
    ...plain('hardswish', '(x * Math.min(Math.max(x + 3, 0), 6)) / 6'),
    vjp: { x: (dy, { x }) => dy.mul(x.div(3).add(0.5).maskedFill(x.le(-3), 0).maskedFill(x.ge(3), 1)) },
    inPlace: true,
    domain: [-5, 5],
  },
  hardshrink: {
    torch: 'hardshrink(input, lambd)',
    math: 'y = x [|x| > \\lambda]',
    vjpMath: { x: '\\bar y \\odot [|x| > \\lambda]' },
    saves: ['x'],
    ...activation('hardshrink', 'x >= -lambd && x <= lambd ? 0 : x', ['lambd'], [0.7]),
    vjp: { x: (dy, { x, args: [lambd] }) => dy.maskedFill(shrunk(x, lambd), 0) },
  },
  softshrink: {
    torch: 'softshrink(input, lambd)',
    math: 'y = (x - \\lambda \\operatorname{sign} x) [|x| > \\lambda]',
    vjpMath: { x: '\\bar y \\odot [|x| > \\lambda]' },
    saves: ['x'],
    // Times 0 and not 0, so that NaN stays NaN.
    ...activation('softshrink', 'x > lambd ? x - lambd : x < -lambd ? x + lambd : x * 0', ['lambd'], [0.7]),
    vjp: { x: (dy, { x, args: [lambd] }) => dy.maskedFill(shrunk(x, lambd), 0) },
  },
});
