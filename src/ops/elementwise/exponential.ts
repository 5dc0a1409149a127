import type { Tensor } from '../../tensor/tensor';
import { defineOps } from '../table/define';
import { broadcasting, elementwise, floatPairing, inOnePass, pointwise, samplesWith } from './combinators';

declare module '../../tensor/tensor' {
  interface Tensor extends Exponential {}
}

/** Option of {@link Exponential.logit}. */
export interface LogitOptions {
  /** Clamps to `[eps, 1 - eps]` first; `null` (default) does not. */
  eps?: number | null;
}

/** Exponential functions and logarithms of elements. */
export interface Exponential {
  /** Exponential `e^x` (`torch.exp`). */
  exp(): Tensor;
  exp_(): Tensor;
  /** `2^x` (`torch.exp2`). */
  exp2(): Tensor;
  exp2_(): Tensor;
  /** `e^x - 1`, accurate also for small `x` (`torch.expm1`). */
  expm1(): Tensor;
  expm1_(): Tensor;
  /** Natural logarithm; -∞ at 0, NaN below (`torch.log`). */
  log(): Tensor;
  log_(): Tensor;
  /** Logarithm to base 2 (`torch.log2`). */
  log2(): Tensor;
  log2_(): Tensor;
  /** Logarithm to base 10 (`torch.log10`). */
  log10(): Tensor;
  log10_(): Tensor;
  /** `ln(1 + x)`, accurate also for small `x` (`torch.log1p`). */
  log1p(): Tensor;
  log1p_(): Tensor;
  /** Logistic function `1 / (1 + e^(-x))` (`torch.sigmoid`). */
  sigmoid(): Tensor;
  sigmoid_(): Tensor;
  /** Log-odds `ln(x / (1 - x))`, the inverse of the logistic function; NaN outside 0 to 1 (`torch.logit`). */
  logit(options?: LogitOptions): Tensor;
  logit_(options?: LogitOptions): Tensor;
  /**
   * `ln(e^a + e^b)` without overflow (`torch.logaddexp`).
   * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} if neither is a float.
   */
  logaddexp(other: Tensor): Tensor;
  /**
   * `a·ln b`, which is 0 wherever `a` is, unless `b` is NaN (`torch.xlogy`).
   * @throws {ShapeError} if the shapes do not broadcast.
   */
  xlogy(other: Tensor | number): Tensor;
  xlogy_(other: Tensor | number): Tensor;
}

const positive = { domain: [0.3, 2] } as const;
const logOdds = elementwise('logit', 'logOdds(Math.min(Math.max(x, low), 1 - low))', 'float', ['low']);

/**
 * The factor of `a` in the gradient of `logaddexp`; computed in floats, because bools have no difference and bytes wrap
 * around.
 */
const share = (dy: Tensor, a: Tensor, b: Tensor) => a.to(dy.dtype).sub(b.to(dy.dtype)).sigmoid();

defineOps<Exponential>({
  exp: pointwise('exp', 'y = e^{x}', 'Math.exp(x)', {
    x: '\\bar y \\odot y',
    saves: ['y'],
    vjp: (dy, { y }) => dy.mul(y),
  }),
  exp2: pointwise('exp2', 'y = 2^{x}', 'Math.pow(2, x)', {
    x: '\\bar y \\odot y \\ln 2',
    saves: ['y'],
    vjp: (dy, { y }) => dy.mul(y).mul(Math.LN2),
  }),
  expm1: pointwise('expm1', 'y = e^{x} - 1', 'Math.expm1(x)', {
    x: '\\bar y \\odot (y + 1)',
    saves: ['y'],
    vjp: (dy, { y }) => dy.mul(y.add(1)),
  }),
  log: pointwise(
    'log',
    'y = \\ln x',
    'Math.log(x)',
    { x: '\\bar y / x', saves: ['x'], vjp: (dy, { x }) => dy.div(x) },
    positive,
  ),
  log2: pointwise(
    'log2',
    'y = \\log_2 x',
    'Math.log2(x)',
    { x: '\\bar y / (x \\ln 2)', saves: ['x'], vjp: (dy, { x }) => dy.div(x.mul(Math.LN2)) },
    positive,
  ),
  log10: pointwise(
    'log10',
    'y = \\log_{10} x',
    'Math.log10(x)',
    { x: '\\bar y / (x \\ln 10)', saves: ['x'], vjp: (dy, { x }) => dy.div(x.mul(Math.LN10)) },
    positive,
  ),
  log1p: pointwise(
    'log1p',
    'y = \\ln(1 + x)',
    'Math.log1p(x)',
    { x: '\\bar y / (1 + x)', saves: ['x'], vjp: (dy, { x }) => dy.div(x.add(1)) },
    { domain: [-0.7, 1.5] },
  ),
  sigmoid: pointwise('sigmoid', 'y = 1 / (1 + e^{-x})', 'sigmoid(x)', {
    x: '\\bar y \\odot y \\odot (1 - y)',
    saves: ['y'],
    vjp: inOnePass(
      'a * (1 - b) * b',
      ({ y }) => y,
      (dy, { y }) => dy.mul(y.rsub(1)).mul(y),
    ),
  }),
  logit: {
    torch: { name: 'logit', params: ['input'], options: ['eps'] },
    math: 'y = \\ln \\frac{x}{1 - x}',
    vjpMath: { x: '\\bar y / (x \\odot (1 - x))' },
    saves: ['x'],
    ...logOdds,
    forward: (x, options) => logOdds.forward(x, options?.eps ?? Number.NEGATIVE_INFINITY),
    jvp: 'diagonal',
    vjp: {
      x: (dy, { x, args: [options] }) => {
        const eps = options?.eps ?? null;
        const outside = x.lt(eps ?? 0).logicalOr(x.gt(1 - (eps ?? 0)));
        // The absolute value, so that the sign of infinity is right at -0, too.
        return dy.div(x.mul(x.rsub(1)).abs()).maskedFill(outside, eps === null ? Number.NaN : 0);
      },
    },
    inPlace: true,
    samples: [...logOdds.samples, ...samplesWith({ eps: 0.3 })],
    domain: [0.1, 0.9],
  },
  logaddexp: {
    torch: { name: 'logaddexp', params: ['input', 'other'] },
    math: 'y = \\ln(e^{a} + e^{b})',
    vjpMath: { a: '\\bar y / (1 + e^{b - a})', b: '\\bar y / (1 + e^{a - b})' },
    saves: ['a', 'b'],
    ...floatPairing('logaddexp', 'logAddExp(a, b)'),
    jvp: 'diagonal',
    vjp: { a: (dy, { a, b }) => dy.mul(share(dy, a, b)), b: (dy, { a, b }) => dy.mul(share(dy, b, a)) },
  },
  xlogy: {
    torch: { name: 'xlogy', params: ['input', 'other'] },
    math: 'y = a \\odot \\ln b',
    vjpMath: { a: '\\bar y \\odot \\ln b', b: '\\bar y \\odot a / b' },
    saves: { a: ['a', 'b'], b: ['a', 'b'] },
    ...broadcasting('xlogy', 'a === 0 && b === b ? 0 : a * Math.log(b)', 'float'),
    jvp: 'diagonal',
    vjp: {
      a: (dy, { a, b }) => {
        const flat = typeof b === 'number' ? a.eq(b > 0 ? Number.NaN : 0) : a.eq(0).logicalAnd(b.le(0));
        return dy.xlogy(b).maskedFill(flat, 0);
      },
      b: (dy, { a, b }) => dy.mul(a.div(b)),
    },
    inPlace: true,
    domain: [0.3, 2],
  },
});
