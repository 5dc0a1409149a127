import { DtypeError } from '../errors';
import { isFloat, resultType } from '../tensor/dtype';
import type { Tensor } from '../tensor/tensor';
import { broadcasting, elementwise } from './combinators';
import { defineComposites, defineOps } from './define';

/** Option of {@link Arithmetic.add} and {@link Arithmetic.sub}. */
export interface AlphaOption {
  /** The second operand is multiplied by this first; default 1. */
  alpha?: number;
}

/** @throws {DtypeError} for bools, of which PyTorch takes no difference either. */
function refuseBool(op: string, ...operands: (Tensor | number)[]): void {
  if (operands.every((x) => typeof x === 'object' && x.dtype === 'bool'))
    throw new DtypeError(
      `${op}: bool tensors have no difference; use logicalNot() or ne(), or convert with to('int32')`,
    );
}

/** Sums, products and powers of elements; operands broadcast. */
export interface Arithmetic {
  /** Sum `a + alpha·b` (`torch.add`). @throws {ShapeError} if the shapes do not broadcast. */
  add(other: Tensor | number, options?: AlphaOption): Tensor;
  add_(other: Tensor | number, options?: AlphaOption): Tensor;
  /**
   * Difference `a - alpha·b` (`torch.sub`).
   * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for two bools.
   */
  sub(other: Tensor | number, options?: AlphaOption): Tensor;
  sub_(other: Tensor | number, options?: AlphaOption): Tensor;
  /** Reversed difference `b - a` (`torch.rsub`). @throws {ShapeError} if the shapes do not broadcast. */
  rsub(other: Tensor | number): Tensor;
  /** Product `a·b`, element by element (`torch.mul`). @throws {ShapeError} if the shapes do not broadcast. */
  mul(other: Tensor | number): Tensor;
  mul_(other: Tensor | number): Tensor;
  /** Quotient `a / b`; integers give float32 (`torch.div`). @throws {ShapeError} if the shapes do not broadcast. */
  div(other: Tensor | number): Tensor;
  div_(other: Tensor | number): Tensor;
  /**
   * Power `a^b`, element by element (`torch.pow`).
   * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for integers to a negative power.
   */
  pow(exponent: Tensor | number): Tensor;
  pow_(exponent: Tensor | number): Tensor;
  /** Negative `-x` (`torch.neg`). @throws {DtypeError} for bools. */
  neg(): Tensor;
  neg_(): Tensor;
}

const sum = broadcasting('add', 'a + b');
const difference = broadcasting('sub', 'a - b');
const product = broadcasting('mul', 'a * b');
const power = broadcasting('pow', 'Math.pow(a, b)');
const negative = elementwise('-x', 'same');

/** The second operand times alpha. @throws {DtypeError} if that would make a float of integers. */
function scaled(op: string, a: Tensor, b: Tensor | number, alpha: number | undefined): Tensor | number {
  if (alpha === undefined || alpha === 1) return b;
  if (!Number.isInteger(alpha) && !isFloat(resultType(a, b)))
    throw new DtypeError(`${op}: alpha is ${alpha}, but must be whole for ${resultType(a, b)} operands`);
  return typeof b === 'number' ? b * alpha : product.forward(b, alpha);
}

defineOps<Arithmetic>({
  add: {
    torch: 'add(input, other, *, alpha)',
    math: 'y = a + b',
    vjpMath: { a: '\\bar y', b: '\\bar y' },
    saves: [],
    ...sum,
    forward: (a, b, options) => sum.forward(a, scaled('add', a, b, options?.alpha)),
    vjp: {
      a: (dy) => dy,
      b: (dy, { args: [options] }) => (options?.alpha === undefined ? dy : dy.mul(options.alpha)),
    },
    inPlace: true,
    samples: [...sum.samples, { inputs: [[2, 3], [3]], args: [{ alpha: -2.5 }] }],
  },
  sub: {
    torch: 'sub(input, other, *, alpha)',
    math: 'y = a - b',
    vjpMath: { a: '\\bar y', b: '-\\bar y' },
    saves: [],
    ...difference,
    forward: (a, b, options) => {
      refuseBool('sub', a, b);
      return difference.forward(a, scaled('sub', a, b, options?.alpha));
    },
    vjp: { a: (dy) => dy, b: (dy, { args: [options] }) => dy.mul(-(options?.alpha ?? 1)) },
    inPlace: true,
    samples: [...difference.samples, { inputs: [[2, 3], [3]], args: [{ alpha: 0.5 }] }],
  },
  rsub: {
    torch: 'rsub(input, other)',
    math: 'y = b - a',
    vjpMath: { a: '-\\bar y', b: '\\bar y' },
    saves: [],
    ...broadcasting('rsub', 'b - a'),
    vjp: { a: (dy) => dy.neg(), b: (dy) => dy },
  },
  mul: {
    torch: 'mul(input, other)',
    math: 'y = a \\odot b',
    vjpMath: { a: '\\bar y \\odot b', b: '\\bar y \\odot a' },
    saves: { a: ['b'], b: ['a'] },
    ...product,
    vjp: { a: (dy, { b }) => dy.mul(b), b: (dy, { a }) => dy.mul(a) },
    inPlace: true,
  },
  div: {
    torch: 'div(input, other)',
    math: 'y = a / b',
    vjpMath: { a: '\\bar y / b', b: '-\\bar y \\odot a / b^2' },
    saves: { a: ['b'], b: ['a', 'b'] },
    ...broadcasting('div', 'a / b', 'float'),
    vjp: { a: (dy, { b }) => dy.div(b), b: (dy, { a, b }) => dy.mul(a).div(b).div(b).neg() },
    inPlace: true,
    domain: [0.4, 2],
  },
  pow: {
    torch: 'pow(input, exponent)',
    math: 'y = a^{b}',
    vjpMath: { a: '\\bar y \\odot b\\, a^{b - 1}', b: '\\bar y \\odot y \\odot \\ln a' },
    saves: { a: ['a', 'b'], b: ['a', 'b', 'y'] },
    ...power,
    forward: (a, b) => {
      if (typeof b === 'number' && b < 0 && Number.isInteger(b) && !isFloat(a.dtype))
        throw new DtypeError(
          `pow: an ${a.dtype} tensor to the power of ${b} is not whole; convert it with to('float32')`,
        );
      return power.forward(a, b);
    },
    // 0·0^(-1) would be NaN: where the exponent is 0 the power is the constant 1. Where the base is 0, ln a is not
    // finite; PyTorch takes the gradient of the exponent as 0 there.
    vjp: {
      a: (dy, { a, b }) => {
        if (typeof b !== 'number') return dy.mul(b.mul(a.pow(b.sub(1))).maskedFill(b.eq(0), 0));
        return b === 0 ? dy.mul(0) : dy.mul(a.pow(b - 1).mul(b));
      },
      b: (dy, { a, b, y }) => dy.mul(y.mul(a.log()).maskedFill(a.eq(0).logicalAnd((b as Tensor).ge(0)), 0)),
    },
    inPlace: true,
    gradFn: ({ b }) => (typeof b === 'number' ? 'PowBackward0' : 'PowBackward1'),
    domain: [0.4, 2],
  },
  neg: {
    torch: 'neg(input)',
    math: 'y = -x',
    vjpMath: { x: '-\\bar y' },
    saves: [],
    ...negative,
    forward: (x) => {
      refuseBool('neg', x);
      return negative.forward(x);
    },
    vjp: { x: (dy) => dy.neg() },
    inPlace: true,
  },
});

/** Short forms of arithmetic. */
export interface ArithmeticForms {
  /** `x²` (`torch.square`). */
  square(): Tensor;
  /** `1 / x`; integers give float32 (`torch.reciprocal`). */
  reciprocal(): Tensor;
}

defineComposites<ArithmeticForms>({
  square() {
    return this.pow(2);
  },
  reciprocal() {
    return this.to(isFloat(this.dtype) ? this.dtype : 'float32').pow(-1);
  },
});
