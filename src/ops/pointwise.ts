import type { Tensor } from '../tensor/tensor';
import { elementwise } from './combinators';
import { defineOps } from './define';

/** Functions of one element. */
export interface Pointwise {
  /** Exponential `e^x` (`torch.exp`). */
  exp(): Tensor;
  exp_(): Tensor;
  /** Natural logarithm; -∞ at 0, NaN below (`torch.log`). */
  log(): Tensor;
  /** Square root; NaN below 0 (`torch.sqrt`). */
  sqrt(): Tensor;
  sqrt_(): Tensor;
  /** Absolute value; its derivative at 0 is taken as 0 (`torch.abs`). */
  abs(): Tensor;
  /** Sign: -1, 0 or 1; 0 for NaN (`torch.sign`). */
  sign(): Tensor;
  /** Sine of an angle in radians (`torch.sin`). */
  sin(): Tensor;
  /** Cosine of an angle in radians (`torch.cos`). */
  cos(): Tensor;
  /** Hyperbolic tangent (`torch.tanh`). */
  tanh(): Tensor;
  /** Logistic function `1 / (1 + e^(-x))` (`torch.sigmoid`). */
  sigmoid(): Tensor;
  /** `max(x, 0)`; its derivative at 0 is taken as 0 (`torch.relu`). */
  relu(): Tensor;
  relu_(): Tensor;
}

defineOps<Pointwise>({
  exp: {
    torch: 'exp(input)',
    math: 'y = e^{x}',
    vjpMath: { x: '\\bar y \\odot y' },
    saves: ['y'],
    ...elementwise('Math.exp(x)'),
    vjp: { x: (dy, { y }) => dy.mul(y) },
    inPlace: true,
  },
  log: {
    torch: 'log(input)',
    math: 'y = \\ln x',
    vjpMath: { x: '\\bar y / x' },
    saves: ['x'],
    ...elementwise('Math.log(x)'),
    vjp: { x: (dy, { x }) => dy.div(x) },
    domain: [0.3, 2],
  },
  sqrt: {
    torch: 'sqrt(input)',
    math: 'y = \\sqrt{x}',
    vjpMath: { x: '\\bar y / (2 y)' },
    saves: ['y'],
    ...elementwise('Math.sqrt(x)'),
    vjp: { x: (dy, { y }) => dy.div(y.mul(2)) },
    inPlace: true,
    domain: [0.3, 2],
  },
  abs: {
    torch: 'abs(input)',
    math: 'y = |x|',
    vjpMath: { x: '\\bar y \\odot \\operatorname{sign} x' },
    saves: ['x'],
    ...elementwise('Math.abs(x)', 'same'),
    vjp: { x: (dy, { x }) => dy.mul(x.sign()) },
  },
  sign: {
    torch: 'sign(input)',
    math: 'y = \\operatorname{sign} x',
    vjpMath: { x: '0' },
    saves: [],
    ...elementwise('x > 0 ? 1 : x < 0 ? -1 : 0', 'same'),
    vjp: { x: (dy) => dy.mul(0) },
  },
  sin: {
    torch: 'sin(input)',
    math: 'y = \\sin x',
    vjpMath: { x: '\\bar y \\odot \\cos x' },
    saves: ['x'],
    ...elementwise('Math.sin(x)'),
    vjp: { x: (dy, { x }) => dy.mul(x.cos()) },
  },
  cos: {
    torch: 'cos(input)',
    math: 'y = \\cos x',
    vjpMath: { x: '-\\bar y \\odot \\sin x' },
    saves: ['x'],
    ...elementwise('Math.cos(x)'),
    vjp: { x: (dy, { x }) => dy.mul(x.sin()).neg() },
  },
  tanh: {
    torch: 'tanh(input)',
    math: 'y = \\tanh x',
    vjpMath: { x: '\\bar y \\odot (1 - y^2)' },
    saves: ['y'],
    ...elementwise('Math.tanh(x)'),
    vjp: { x: (dy, { y }) => dy.mul(y.mul(y).rsub(1)) },
  },
  sigmoid: {
    torch: 'sigmoid(input)',
    math: 'y = 1 / (1 + e^{-x})',
    vjpMath: { x: '\\bar y \\odot y \\odot (1 - y)' },
    saves: ['y'],
    ...elementwise('1 / (1 + Math.exp(-x))'),
    vjp: { x: (dy, { y }) => dy.mul(y.rsub(1)).mul(y) },
  },
  relu: {
    torch: 'relu(input)',
    math: 'y = \\max(x, 0)',
    vjpMath: { x: '\\bar y \\odot [x > 0]' },
    saves: ['y'],
    // Written so that NaN stays NaN.
    ...elementwise('x <= 0 ? 0 : x', 'same'),
    // Not a product with the mask: infinity times 0 would be NaN.
    vjp: { x: (dy, { y }) => dy.maskedFill(y.le(0), 0) },
    inPlace: true,
  },
});
