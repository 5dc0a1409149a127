import { DtypeError } from '../../errors';
import { zerosLike } from '../../tensor/creation';
import { type Dtype, isFloat, resultType } from '../../tensor/dtype';
import type { Tensor } from '../../tensor/tensor';
import { requireNumber, requireNumbers, requireTensor } from '../table/arguments';
import { defineComposites, defineOps } from '../table/define';
import { opTable } from '../table/table';
import { blending, broadcasting, checked, elementwise, pointwise, ternarySamples, zeroDerivative } from './combinators';

declare module '../../tensor/tensor' {
  interface Tensor extends Arithmetic, ArithmeticForms {}
}

/** Option of {@link Arithmetic.add}, {@link Arithmetic.sub} and {@link Arithmetic.rsub}. */
export interface AlphaOption {
  /** Factor of the second operand; default 1. */
  alpha?: number;
}

/** Option of {@link Arithmetic.addcmul} and {@link Arithmetic.addcdiv}. */
export interface ValueOption {
  /** Factor of the product or quotient; default 1. */
  value?: number;
}

/** Sums and products of elements; operands broadcast. */
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
  /**
   * Reversed difference `b - alpha·a` (`torch.rsub`).
   * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for two bools.
   */
  rsub(other: Tensor | number, options?: AlphaOption): Tensor;
  /** Product `a·b`, element by element (`torch.mul`). @throws {ShapeError} if the shapes do not broadcast. */
  mul(other: Tensor | number): Tensor;
  mul_(other: Tensor | number): Tensor;
  /** Negative `-x` (`torch.neg`). @throws {DtypeError} for bools. */
  neg(): Tensor;
  neg_(): Tensor;
  /** Absolute value; its derivative at 0 is taken as 0 (`torch.abs`). */
  abs(): Tensor;
  abs_(): Tensor;
  /** Sign: -1, 0 or 1; 0 for NaN (`torch.sign`). */
  sign(): Tensor;
  sign_(): Tensor;
  /**
   * The absolute value of `a` with the sign of `b`; the sign of -0 counts (`torch.copysign`). Integers give float32.
   * @throws {ShapeError} if the shapes do not broadcast.
   */
  copysign(other: Tensor | number): Tensor;
  copysign_(other: Tensor | number): Tensor;
  /**
   * `a + value·t₁·t₂`, element by element (`torch.addcmul`).
   * @throws {ShapeError} if the shapes do not broadcast.
   */
  addcmul(tensor1: Tensor, tensor2: Tensor, options?: ValueOption): Tensor;
  addcmul_(tensor1: Tensor, tensor2: Tensor, options?: ValueOption): Tensor;
  /**
   * `a + value·t₁ / t₂`, element by element (`torch.addcdiv`).
   * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} if all three are integers.
   */
  addcdiv(tensor1: Tensor, tensor2: Tensor, options?: ValueOption): Tensor;
  addcdiv_(tensor1: Tensor, tensor2: Tensor, options?: ValueOption): Tensor;
  /**
   * Linear interpolation `a + weight·(end - a)`; weights outside 0 to 1 extrapolate (`torch.lerp`).
   * @throws {ShapeError} if the shapes do not broadcast; {@link DtypeError} for integers and for different dtypes.
   */
  lerp(end: Tensor, weight: Tensor | number): Tensor;
  lerp_(end: Tensor, weight: Tensor | number): Tensor;
}

/** @throws {DtypeError} if an operand is a bool, as PyTorch refuses it. */
function refuseBool(op: string, ...operands: (Tensor | number)[]): void {
  if (operands.some((x) => typeof x === 'boolean' || (typeof x === 'object' && x?.dtype === 'bool')))
    throw new DtypeError(
      `${op}: bool tensors have no difference; use logicalNot() or ne(), or convert with to('int32')`,
    );
}

/** Returns a factor of one operand. @throws {DtypeError} if an integer result would become a float. */
function factor(op: string, name: 'alpha' | 'value', value: number, dtype: Dtype): number {
  if (typeof value !== 'boolean') requireNumber(op, name, value); // which counts as 0 or 1
  if (!Number.isInteger(Number(value)) && !isFloat(dtype))
    throw new DtypeError(`${op}: ${name} is ${value}, but must be whole for ${dtype} operands`);
  return value;
}

function alphaOf(op: string, a: Tensor, b: Tensor | number, options?: AlphaOption): number {
  const dtype = resultType(a, b);
  const alpha = factor(op, 'alpha', options?.alpha ?? 1, dtype);
  return dtype === 'bool' ? Number(Boolean(alpha)) : alpha;
}

const scaled = (x: Tensor, factor = 1) => (factor === 1 ? x : x.mul(factor));

const sum = broadcasting('add', 'a + b');
const scaledSum = broadcasting('add', 'a + alpha * b', 'same', ['alpha']);
const difference = broadcasting('sub', 'a - b');
const scaledDifference = broadcasting('sub', 'a - alpha * b', 'same', ['alpha']);
const reversed = broadcasting('rsub', 'b - alpha * a', 'same', ['alpha']);
const { overwrite: scale, ...product } = broadcasting('mul', 'a * b');
const negative = elementwise('neg', '-x', 'same');
const plusProduct = blending('addcmul', 'a + value * b * c', ['value']);
const plusQuotient = blending('addcdiv', 'a + value * b / c', ['value']);
// Computed from the nearer end, as PyTorch does, so that weight 1 gives exactly `end`.
const between = blending('lerp', 'Math.abs(c) < 0.5 ? a + c * (b - a) : b - (b - a) * (1 - c)');

defineOps<Arithmetic>({
  add: {
    torch: { name: 'add', params: ['input', 'other'], options: ['alpha'] },
    math: 'y = a + b',
    vjpMath: { a: '\\bar y', b: '\\bar y' },
    saves: [],
    ...sum,
    forward: (a, b, options) => {
      if (options?.alpha === undefined) return sum.forward(a, b);
      return scaledSum.forward(a, b, alphaOf('add', a, b, options));
    },
    jvp: 'diagonal',
    vjp: { a: (dy) => dy, b: (dy, { args: [options] }) => scaled(dy, options?.alpha) },
    inPlace: true,
    samples: [...sum.samples, { inputs: '2x3 3', args: [{ alpha: -2.5 }] }],
  },
  sub: {
    torch: { name: 'sub', params: ['input', 'other'], options: ['alpha'] },
    math: 'y = a - b',
    vjpMath: { a: '\\bar y', b: '-\\bar y' },
    saves: [],
    ...difference,
    forward: (a, b, options) => {
      refuseBool('sub', a, b);
      if (options?.alpha === undefined) return difference.forward(a, b);
      return scaledDifference.forward(a, b, alphaOf('sub', a, b, options));
    },
    jvp: 'diagonal',
    vjp: { a: (dy) => dy, b: (dy, { args: [options] }) => dy.mul(-(options?.alpha ?? 1)) },
    inPlace: true,
    samples: [...difference.samples, { inputs: '2x3 3', args: [{ alpha: 0.5 }] }],
  },
  rsub: {
    torch: { name: 'rsub', params: ['input', 'other'], options: ['alpha'] },
    math: 'y = b - a',
    vjpMath: { a: '-\\bar y', b: '\\bar y' },
    saves: [],
    ...reversed,
    forward: (a, b, options) => {
      refuseBool('rsub', a, b);
      return reversed.forward(a, b, alphaOf('rsub', a, b, options));
    },
    jvp: 'diagonal',
    vjp: { a: (dy, { args: [options] }) => dy.mul(-(options?.alpha ?? 1)), b: (dy) => dy },
    samples: [...reversed.samples, { inputs: '2x3 3', args: [{ alpha: 0.5 }] }],
  },
  mul: {
    torch: { name: 'mul', params: ['input', 'other'] },
    math: 'y = a \\odot b',
    vjpMath: { a: '\\bar y \\odot b', b: '\\bar y \\odot a' },
    saves: { a: ['b'], b: ['a'] },
    ...product,
    jvp: 'diagonal',
    vjp: { a: (dy, { b }) => dy.mul(b), b: (dy, { a }) => dy.mul(a) },
    inPlace: true,
  },
  neg: {
    torch: { name: 'neg', params: ['input'] },
    math: 'y = -x',
    vjpMath: { x: '-\\bar y' },
    saves: [],
    ...negative,
    forward: (x) => {
      refuseBool('neg', x);
      return negative.forward(x);
    },
    jvp: 'linear',
    vjp: { x: (dy) => dy.neg() },
    inPlace: true,
  },
  abs: checked(
    'abs',
    requireNumbers,
    pointwise(
      'abs',
      'y = |x|',
      'Math.abs(x)',
      { x: '\\bar y \\odot \\operatorname{sign} x', saves: ['x'], vjp: (dy, { x }) => dy.mul(x.sign()) },
      { kind: 'same' },
    ),
  ),
  sign: pointwise('sign', 'y = \\operatorname{sign} x', 'x > 0 ? 1 : x < 0 ? -1 : 0', zeroDerivative, { kind: 'same' }),
  copysign: {
    torch: { name: 'copysign', params: ['input', 'other'] },
    math: 'y = |a| \\operatorname{sign} b',
    vjpMath: { a: '\\bar y \\odot y / a', b: '0' },
    saves: { a: ['a', 'y'] },
    ...broadcasting('copysign', 'copySign(a, b)', 'float'),
    jvp: 'diagonal',
    vjp: { a: (dy, { a, y }) => dy.mul(y.div(a).maskedFill(a.eq(0), 0)), b: (dy) => zerosLike(dy) },
    inPlace: true,
  },
  addcmul: {
    torch: { name: 'addcmul', params: ['input', 'tensor1', 'tensor2'], options: ['value'] },
    math: 'y = a + b \\odot c',
    vjpMath: { a: '\\bar y', b: '\\bar y \\odot c', c: '\\bar y \\odot b' },
    saves: { b: ['c'], c: ['b'] },
    ...plusProduct,
    forward: (a, b, c, options) => {
      const dtype = resultType(a, b, c);
      if (dtype === 'bool') requireNumbers('addcmul', a);
      return plusProduct.run(dtype, a, b, c, factor('addcmul', 'value', options?.value ?? 1, dtype));
    },
    jvp: 'diagonal',
    vjp: {
      a: (dy) => dy,
      b: (dy, { c, args: [options] }) => scaled(dy.mul(c), options?.value),
      c: (dy, { b, args: [options] }) => scaled(dy.mul(b), options?.value),
    },
    inPlace: true,
    samples: [...ternarySamples, { inputs: '2 2 2', args: [{ value: -1.5 }] }],
  },
  addcdiv: {
    torch: { name: 'addcdiv', params: ['input', 'tensor1', 'tensor2'], options: ['value'] },
    math: 'y = a + b / c',
    vjpMath: { a: '\\bar y', b: '\\bar y / c', c: '-\\bar y \\odot b / c^2' },
    saves: { b: ['c'], c: ['b', 'c'] },
    ...plusQuotient,
    forward: (a, b, c, options) => {
      const dtype = resultType(a, b, c);
      if (!isFloat(dtype))
        throw new DtypeError(`addcdiv: three ${dtype} tensors have no whole quotient; convert one with to('float32')`);
      return plusQuotient.run(dtype, a, b, c, factor('addcdiv', 'value', options?.value ?? 1, dtype));
    },
    jvp: 'diagonal',
    vjp: {
      a: (dy) => dy,
      b: (dy, { c, args: [options] }) => scaled(dy.div(c), options?.value),
      c: (dy, { b, c, args: [options] }) => scaled(dy.mul(b), -(options?.value ?? 1)).div(c.mul(c)),
    },
    inPlace: true,
    samples: [...ternarySamples, { inputs: '2 2 2', args: [{ value: -1.5 }] }],
    domain: [0.4, 2],
  },
  lerp: {
    torch: { name: 'lerp', params: ['input', 'end', 'weight'] },
    math: 'y = a + c \\odot (b - a)',
    vjpMath: { a: '\\bar y \\odot (1 - c)', b: '\\bar y \\odot c', c: '\\bar y \\odot (b - a)' },
    saves: { a: ['c'], b: ['c'], c: ['a', 'b'] },
    ...between,
    forward: (a, b, c) => {
      requireTensor('lerp', b, 'the end');
      if (typeof c !== 'number') requireTensor('lerp', c, 'the weight, unless it is a number,');
      for (const x of [b, c])
        if (!isFloat(a.dtype) || (typeof x === 'object' && x.dtype !== a.dtype))
          throw new DtypeError(
            `lerp: the tensors must be floats of one dtype, got ${a.dtype} and ${typeof x === 'object' ? x.dtype : 'a number'}`,
          );
      return between.run(a.dtype, a, b, c);
    },
    jvp: 'diagonal',
    vjp: {
      a: (dy, { c }) => (typeof c === 'number' ? dy.mul(1 - c) : dy.mul(c.rsub(1))),
      b: (dy, { c }) => dy.mul(c),
      c: (dy, { a, b }) => dy.mul(b.sub(a)),
    },
    inPlace: true,
    gradFn: ({ isNumber: [, , c] }) => `LerpBackward${c ? 0 : 1}`,
    savesInPytorch: ({ isNumber: [, , c] }) => !c,
    samples: [...ternarySamples, '2x3 3 #0.3', '2 2 #0.8'],
  },
});

/** Arithmetic by other operations. */
export interface ArithmeticForms {
  /** `x` itself (`torch.positive`). @throws {DtypeError} for bools. */
  positive(): Tensor;
}

defineComposites<ArithmeticForms>({
  positive() {
    refuseBool('positive', this);
    return this;
  },
});

// The number scales the gradient in place if nothing else can access its memory.
opTable.get('mul')!.reuse = (dy, { inputs }) => {
  const { value } = inputs[1];
  return typeof value === 'number' && dy.dtype === inputs[0].dtype && scale(dy, value) ? dy : null;
};
