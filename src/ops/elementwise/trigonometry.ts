import { isFloat } from '../../tensor/dtype';
import type { Tensor } from '../../tensor/tensor';
import { defineOps } from '../table/define';
import { inOnePass, pairing, pointwise } from './combinators';

declare module '../../tensor/tensor' {
  interface Tensor extends Trigonometry {}
}

/** Trigonometric and hyperbolic functions of elements; angles are in radians. */
export interface Trigonometry {
  /** Sine (`torch.sin`). */
  sin(): Tensor;
  sin_(): Tensor;
  /** Cosine (`torch.cos`). */
  cos(): Tensor;
  cos_(): Tensor;
  /** Tangent (`torch.tan`). */
  tan(): Tensor;
  tan_(): Tensor;
  /** Inverse of the sine, from -π/2 to π/2; NaN outside -1 to 1 (`torch.asin`). */
  asin(): Tensor;
  asin_(): Tensor;
  /** Inverse of the cosine, from 0 to π; NaN outside -1 to 1 (`torch.acos`). */
  acos(): Tensor;
  acos_(): Tensor;
  /** Inverse of the tangent, from -π/2 to π/2 (`torch.atan`). */
  atan(): Tensor;
  atan_(): Tensor;
  /**
   * Angle of the point with ordinate `a` and abscissa `b`, from -π to π (`torch.atan2`).
   * @throws {ShapeError} if the shapes do not broadcast.
   */
  atan2(other: Tensor): Tensor;
  atan2_(other: Tensor): Tensor;
  /** Hyperbolic sine (`torch.sinh`). */
  sinh(): Tensor;
  sinh_(): Tensor;
  /** Hyperbolic cosine (`torch.cosh`). */
  cosh(): Tensor;
  cosh_(): Tensor;
  /** Hyperbolic tangent (`torch.tanh`). */
  tanh(): Tensor;
  tanh_(): Tensor;
  /** Inverse of the hyperbolic sine (`torch.asinh`). */
  asinh(): Tensor;
  asinh_(): Tensor;
  /** Inverse of the hyperbolic cosine; NaN below 1 (`torch.acosh`). */
  acosh(): Tensor;
  acosh_(): Tensor;
  /** Inverse of the hyperbolic tangent; NaN outside -1 to 1 (`torch.atanh`). */
  atanh(): Tensor;
  atanh_(): Tensor;
  /** `sin(πx) / (πx)`, 1 at 0 (`torch.sinc`). */
  sinc(): Tensor;
  sinc_(): Tensor;
  /** Degrees to radians (`torch.deg2rad`). */
  deg2rad(): Tensor;
  deg2rad_(): Tensor;
  /** Radians to degrees (`torch.rad2deg`). */
  rad2deg(): Tensor;
  rad2deg_(): Tensor;
}

const inside = { domain: [-0.9, 0.9] } as const;

/** Returns `a²` in the float dtype of `a` or `b`, because the square of an integer may overflow. */
const squareOf = (a: Tensor, b: Tensor) => a.to(isFloat(a.dtype) ? a.dtype : b.dtype).square();

/** `1 / (a² + b²)`; 0 at the origin, where PyTorch sets the gradients of the angle to 0. */
function overSquare(a: Tensor, b: Tensor): Tensor {
  const square = squareOf(a, b).add(squareOf(b, a));
  return square.reciprocal().maskedFill(square.eq(0), 0);
}

defineOps<Trigonometry>({
  sin: pointwise('sin', 'y = \\sin x', 'Math.sin(x)', {
    x: '\\bar y \\odot \\cos x',
    saves: ['x'],
    vjp: (dy, { x }) => dy.mul(x.cos()),
  }),
  cos: pointwise('cos', 'y = \\cos x', 'Math.cos(x)', {
    x: '-\\bar y \\odot \\sin x',
    saves: ['x'],
    vjp: (dy, { x }) => dy.mul(x.sin()).neg(),
  }),
  tan: pointwise('tan', 'y = \\tan x', 'Math.tan(x)', {
    x: '\\bar y \\odot (1 + y^2)',
    saves: ['y'],
    vjp: (dy, { y }) => dy.mul(y.mul(y).add(1)),
  }),
  asin: pointwise(
    'asin',
    'y = \\arcsin x',
    'Math.asin(x)',
    { x: '\\bar y / \\sqrt{1 - x^2}', saves: ['x'], vjp: (dy, { x }) => dy.mul(x.mul(x).rsub(1).rsqrt()) },
    inside,
  ),
  acos: pointwise(
    'acos',
    'y = \\arccos x',
    'Math.acos(x)',
    { x: '-\\bar y / \\sqrt{1 - x^2}', saves: ['x'], vjp: (dy, { x }) => dy.mul(x.mul(x).rsub(1).rsqrt()).neg() },
    inside,
  ),
  atan: pointwise('atan', 'y = \\arctan x', 'Math.atan(x)', {
    x: '\\bar y / (1 + x^2)',
    saves: ['x'],
    vjp: (dy, { x }) => dy.div(x.mul(x).add(1)),
  }),
  atan2: {
    torch: { name: 'atan2', params: ['input', 'other'] },
    math: 'y = \\operatorname{atan2}(a, b)',
    vjpMath: { a: '\\bar y \\odot b / (a^2 + b^2)', b: '-\\bar y \\odot a / (a^2 + b^2)' },
    saves: ['a', 'b'],
    ...pairing('atan2', 'Math.atan2(a, b)', 'float'),
    jvp: 'diagonal',
    vjp: {
      a: (dy, { a, b }) => dy.mul(b).mul(overSquare(a, b)),
      b: (dy, { a, b }) => dy.mul(a).mul(overSquare(a, b)).neg(),
    },
    inPlace: true,
  },
  sinh: pointwise('sinh', 'y = \\sinh x', 'Math.sinh(x)', {
    x: '\\bar y \\odot \\cosh x',
    saves: ['x'],
    vjp: (dy, { x }) => dy.mul(x.cosh()),
  }),
  cosh: pointwise('cosh', 'y = \\cosh x', 'Math.cosh(x)', {
    x: '\\bar y \\odot \\sinh x',
    saves: ['x'],
    vjp: (dy, { x }) => dy.mul(x.sinh()),
  }),
  tanh: pointwise('tanh', 'y = \\tanh x', 'Math.tanh(x)', {
    x: '\\bar y \\odot (1 - y^2)',
    saves: ['y'],
    vjp: inOnePass(
      'a * (1 - b * b)',
      ({ y }) => y,
      (dy, { y }) => dy.mul(y.mul(y).rsub(1)),
    ),
  }),
  asinh: pointwise('asinh', 'y = \\operatorname{arsinh} x', 'Math.asinh(x)', {
    x: '\\bar y / \\sqrt{x^2 + 1}',
    saves: ['x'],
    vjp: (dy, { x }) => dy.mul(x.mul(x).add(1).rsqrt()),
  }),
  acosh: pointwise(
    'acosh',
    'y = \\operatorname{arcosh} x',
    'Math.acosh(x)',
    { x: '\\bar y / \\sqrt{x^2 - 1}', saves: ['x'], vjp: (dy, { x }) => dy.mul(x.mul(x).sub(1).rsqrt()) },
    { domain: [1.3, 3] },
  ),
  atanh: pointwise(
    'atanh',
    'y = \\operatorname{artanh} x',
    'Math.atanh(x)',
    { x: '\\bar y / (1 - x^2)', saves: ['x'], vjp: (dy, { x }) => dy.div(x.mul(x).rsub(1)) },
    inside,
  ),
  sinc: pointwise('sinc', 'y = \\sin(\\pi x) / (\\pi x)', 'x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)', {
    x: '\\bar y \\odot (\\cos(\\pi x) - \\operatorname{sinc} x) / x',
    // The result is recomputed, so that it may be modified in place, as in PyTorch.
    saves: ['x'],
    vjp: (dy, { x }) => dy.mul(x.mul(Math.PI).cos().sub(x.sinc()).div(x)).maskedFill(x.eq(0), 0),
  }),
  deg2rad: pointwise('deg2rad', 'y = \\tfrac{\\pi}{180} x', 'x * (Math.PI / 180)', {
    x: '\\tfrac{\\pi}{180} \\bar y',
    saves: [],
    vjp: (dy) => dy.deg2rad(),
  }),
  rad2deg: pointwise('rad2deg', 'y = \\tfrac{180}{\\pi} x', 'x * (180 / Math.PI)', {
    x: '\\tfrac{180}{\\pi} \\bar y',
    saves: [],
    vjp: (dy) => dy.rad2deg(),
  }),
});
