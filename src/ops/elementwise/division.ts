import { ValueError } from '../../errors';
import { zerosLike } from '../../tensor/creation';
import { isFloat, resultType } from '../../tensor/dtype';
import type { Tensor } from '../../tensor/tensor';
import { requireNumbers, requireOneOf } from '../table/arguments';
import { defineComposites, defineOps } from '../table/define';
import { notDifferentiable } from '../table/rule';
import { asElement, binarySamples, broadcasting, numbered, pointwise } from './combinators';

declare module '../../tensor/tensor' {
  interface Tensor extends Division, DivisionForms {}
}

/** Option of {@link Division.div}. */
export interface RoundingOption {
  /** `'trunc'` rounds the quotient towards 0, `'floor'` down; `null` (default) does not round. */
  roundingMode?: 'trunc' | 'floor' | null;
}

/** Quotients and remainders of elements; operands broadcast. */
export interface Division {
  /**
   * Quotient `a / b` (`torch.div`); integers give float32, unless it is rounded.
   * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} for an unknown rounding, or when integers are
   * divided by 0 with one.
   */
  div(other: Tensor | number, options?: RoundingOption): Tensor;
  div_(other: Tensor | number, options?: RoundingOption): Tensor;
  /**
   * `a / b` rounded down, in the common dtype; without gradient (`torch.floor_divide`).
   * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} when integers are divided by 0.
   */
  floorDivide(other: Tensor | number): Tensor;
  /**
   * `a - b·⌊a / b⌋`, which has the sign of `b` (`torch.remainder`).
   * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} when integers are divided by 0.
   */
  remainder(other: Tensor | number): Tensor;
  remainder_(other: Tensor | number): Tensor;
  /**
   * The remainder of `a / b` rounded towards 0, with the sign of `a` (`torch.fmod`).
   * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} when integers are divided by 0.
   */
  fmod(other: Tensor | number): Tensor;
  fmod_(other: Tensor | number): Tensor;
  /** `1 / x`; integers give float32 (`torch.reciprocal`). */
  reciprocal(): Tensor;
  reciprocal_(): Tensor;
}

/** @throws {ValueError} if integers are divided by zero, which has no result. */
function refuseZero(op: string, a: Tensor, b: Tensor | number): void {
  const dtype = resultType(a, b);
  if (isFloat(dtype)) return;
  if (dtype === 'bool') requireNumbers(op, a);
  if (typeof b === 'object' ? b.toArray().includes(0) : asElement(Number(b), dtype) === 0)
    throw new ValueError(`${op}: a division of integers by 0; convert with to('float32') to get an infinite quotient`);
}

/** Returns a rule of integers that throws for a divisor 0. */
function whole(name: string, expression: string) {
  const rule = broadcasting(name, expression);
  return {
    ...rule,
    forward: (a: Tensor, b: Tensor | number): Tensor => {
      refuseZero(name, a, b);
      return rule.forward(a, b);
    },
  };
}

const quotient = broadcasting('div', 'a / b', 'float');
const rounded = { trunc: whole('div', 'Math.trunc(narrow(a / b))'), floor: whole('div', 'floorQuotient(a, b)') };

defineOps<Division>({
  div: {
    torch: { name: 'div', params: ['input', 'other'], options: ['roundingMode'] },
    math: 'y = a / b',
    vjpMath: { a: '\\bar y / b', b: '-\\bar y \\odot a / b^2' },
    saves: { a: ['b'], b: ['a', 'b'] },
    ...quotient,
    forward: (a, b, options) => {
      const mode = options?.roundingMode ?? null;
      if (mode === null) return quotient.forward(a, b);
      requireOneOf('div', { roundingMode: mode }, [...Object.keys(rounded), null]);
      return rounded[mode].forward(a, b);
    },
    jvp: 'diagonal',
    vjp: {
      a: (dy, { b, args: [options] }) => (options?.roundingMode ? zerosLike(dy) : dy.div(b)),
      b: (dy, { a, b, args: [options] }) => (options?.roundingMode ? zerosLike(dy) : dy.mul(a).div(b).div(b).neg()),
    },
    inPlace: true,
    gradFn: ({ args: [options] }) => `DivBackward${options?.roundingMode ? 1 : 0}`,
    samples: [
      ...binarySamples,
      { inputs: '2x3 3', args: [{ roundingMode: 'trunc' }] },
      { inputs: '2x3 3', args: [{ roundingMode: 'floor' }] },
    ],
    domain: [0.4, 2],
  },
  floorDivide: {
    torch: { name: 'floor_divide', params: ['input', 'other'] },
    math: 'y = \\lfloor a / b \\rfloor',
    vjpMath: {},
    saves: [],
    ...whole('floorDivide', 'floorQuotient(a, b)'),
    vjp: { a: notDifferentiable, b: notDifferentiable },
  },
  remainder: {
    torch: { name: 'remainder', params: ['input', 'other'] },
    math: 'y = a - b \\lfloor a / b \\rfloor',
    vjpMath: { a: '\\bar y', b: '-\\bar y \\odot \\lfloor a / b \\rfloor' },
    saves: { b: ['a', 'b'] },
    ...whole('remainder', 'remainder(a, b)'),
    jvp: 'diagonal',
    vjp: { a: (dy) => dy, b: (dy, { a, b }) => dy.neg().mul(a.div(b, { roundingMode: 'floor' })) },
    inPlace: true,
    gradFn: numbered('Remainder'),
    domain: [0.4, 2],
  },
  fmod: {
    torch: { name: 'fmod', params: ['input', 'other'] },
    math: 'y = a - b \\operatorname{trunc}(a / b)',
    vjpMath: { a: '\\bar y', b: '-\\bar y \\odot \\operatorname{trunc}(a / b)' },
    saves: { b: ['a', 'b'] },
    ...whole('fmod', 'a % b'),
    jvp: 'diagonal',
    vjp: { a: (dy) => dy, b: (dy, { a, b }) => dy.neg().mul(a.div(b, { roundingMode: 'trunc' })) },
    inPlace: true,
    gradFn: numbered('Fmod'),
    domain: [0.4, 2],
  },
  reciprocal: pointwise(
    'reciprocal',
    'y = 1 / x',
    '1 / x',
    { x: '-\\bar y \\odot y^2', saves: ['y'], vjp: (dy, { y }) => dy.neg().mul(y.mul(y)) },
    { domain: [0.4, 2] },
  ),
});

/** Other names of division. */
export interface DivisionForms {
  floorDivide_(other: Tensor | number): Tensor;
  /** Quotient `a / b`, never rounded (`torch.true_divide`). @throws {ShapeError} if the shapes do not broadcast. */
  trueDivide(other: Tensor | number): Tensor;
  trueDivide_(other: Tensor | number): Tensor;
}

defineComposites<DivisionForms>({
  floorDivide_(other) {
    return this.div_(other, { roundingMode: 'floor' });
  },
  trueDivide(other) {
    return this.div(other);
  },
  trueDivide_(other) {
    return this.div_(other);
  },
});
