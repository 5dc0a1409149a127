import { DtypeError } from '../../errors';
import { zerosLike } from '../../tensor/creation';
import { type Dtype, isFloat, resultType } from '../../tensor/dtype';
import { Tensor } from '../../tensor/tensor';
import { asOperand, requireNumber, requireNumbers } from '../table/arguments';
import { defineComposites, defineOps } from '../table/define';
import { broadcasting, floatPairing, numbered, pointwise } from './combinators';

declare module '../../tensor/tensor' {
  interface Tensor extends Powers, PowerForms {}
}

/** Powers and roots of elements; operands broadcast. */
export interface Powers {
  /**
   * Power `a^b`, element by element (`torch.pow`); `0^0` is 1, and a negative number to a fractional power is NaN. The
   * function also takes a number as base: `pow(2, x)`. If the base is 0, the gradient of an exponent of 0 or more is 0.
   * For integers, negative powers by a tensor are truncated to integers.
   * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for integers with a negative number as
   * exponent.
   */
  pow(exponent: Tensor | number): Tensor;
  pow_(exponent: Tensor | number): Tensor;
  /** Square root; NaN below 0 (`torch.sqrt`). */
  sqrt(): Tensor;
  sqrt_(): Tensor;
  /** `1 / √x`; NaN below 0 (`torch.rsqrt`). */
  rsqrt(): Tensor;
  rsqrt_(): Tensor;
  /**
   * `√(a² + b²)` without overflow (`torch.hypot`).
   * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} if neither is a float.
   */
  hypot(other: Tensor): Tensor;
  hypot_(other: Tensor): Tensor;
}

const power = broadcasting('pow', 'power(a, b)');
/** Powers of integers, because floating-point powers are not exact. */
const whole = new Map<Dtype, typeof power>([
  ['int32', broadcasting('pow', 'wholePower(a, b)')],
  ['uint8', broadcasting('pow', 'bytePower(a, b)')],
]);
/** Exponents with a faster form, the same as in PyTorch; so the root of -∞ is NaN here, too. */
const simple = new Map([
  [2, broadcasting('pow', 'a * a')],
  [3, broadcasting('pow', 'a * a * a')],
  [0.5, broadcasting('pow', 'Math.sqrt(a)')],
  [-0.5, broadcasting('pow', '1 / Math.sqrt(a)')],
]);

defineOps<Powers>({
  pow: {
    torch: { name: 'pow', params: ['input', 'exponent'] },
    math: 'y = a^{b}',
    vjpMath: { a: '\\bar y \\odot b\\, a^{b - 1}', b: '\\bar y \\odot y \\odot \\ln a' },
    saves: { a: ['a', 'b'], b: ['a', 'b', 'y'] },
    ...power,
    forward: (a, b) => {
      if (typeof b === 'number' && b < 0 && Number.isInteger(b) && !isFloat(a.dtype))
        throw new DtypeError(
          `pow: a power of ${b} of ${a.dtype} numbers is not whole; convert the tensor with to('float32')`,
        );
      const dtype = resultType(a, b);
      if (typeof b === 'object' && dtype === 'bool') requireNumbers('pow', a);
      return ((typeof b === 'number' && simple.get(b)) || whole.get(dtype) || power).forward(a, b);
    },
    // 0·0^(-1) would be NaN: for exponent 0 the power is the constant 1. If the base is 0, ln a is not finite; PyTorch
    // sets the gradient of the exponent to 0 there.
    jvp: 'diagonal',
    vjp: {
      a: (dy, { a, b }) => {
        if (typeof b !== 'number') return dy.mul(b.mul(a.pow(b.sub(1))).maskedFill(b.eq(0), 0));
        return b === 0 ? zerosLike(dy) : dy.mul((b === 2 ? a : a.pow(b - 1)).mul(b));
      },
      b: (dy, { a, b, y }) => dy.mul(y.mul(a.to(y.dtype).log()).maskedFill(a.eq(0).logicalAnd((b as Tensor).ge(0)), 0)),
    },
    inPlace: true,
    gradFn: numbered('Pow'),
    domain: [0.4, 2],
  },
  sqrt: pointwise(
    'sqrt',
    'y = \\sqrt{x}',
    'Math.sqrt(x)',
    { x: '\\bar y / (2 y)', saves: ['y'], vjp: (dy, { y }) => dy.div(y.mul(2)) },
    { domain: [0.3, 2] },
  ),
  rsqrt: pointwise(
    'rsqrt',
    'y = 1 / \\sqrt{x}',
    '1 / Math.sqrt(x)',
    { x: '-\\tfrac12 \\bar y \\odot y^3', saves: ['y'], vjp: (dy, { y }) => dy.mul(-0.5).mul(y.pow(3)) },
    { domain: [0.3, 2] },
  ),
  hypot: {
    torch: { name: 'hypot', params: ['input', 'other'] },
    math: 'y = \\sqrt{a^2 + b^2}',
    vjpMath: { a: '\\bar y \\odot a / y', b: '\\bar y \\odot b / y' },
    saves: { a: ['a', 'y'], b: ['b', 'y'] },
    ...floatPairing('hypot', 'Math.hypot(a, b)'),
    jvp: 'diagonal',
    vjp: {
      a: (dy, { a, y }) => dy.mul(a.div(y)),
      b: (dy, { b, y }) => dy.mul(b.div(y)),
    },
    inPlace: true,
  },
});

/** Powers by {@link Powers.pow}. */
export interface PowerForms {
  /** `x²` (`torch.square`). */
  square(): Tensor;
  square_(): Tensor;
  /** Power `a^b`, always computed in float64 (`torch.float_power`). @throws {ShapeError} if the shapes do not broadcast. */
  floatPower(exponent: Tensor | number): Tensor;
  floatPower_(exponent: Tensor | number): Tensor;
}

defineComposites<PowerForms>({
  square() {
    return this.pow(2);
  },
  square_() {
    return this.pow_(2);
  },
  floatPower(exponent) {
    const operand = exponent instanceof Tensor ? exponent.to('float64') : asOperand(exponent);
    if (!(operand instanceof Tensor)) requireNumber('floatPower', 'the exponent, unless it is a tensor,', operand);
    return this.to('float64').pow(operand);
  },
  floatPower_(exponent) {
    if (this.dtype !== 'float64')
      throw new DtypeError(
        `floatPower_: the result is float64, which a tensor of dtype ${this.dtype} cannot hold; convert it first with ` +
          "to('float64'), or use floatPower()",
      );
    return this.pow_(exponent);
  },
});
