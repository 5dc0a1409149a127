import { ValueError } from '../../errors';
import type { Tensor } from '../../tensor/tensor';
import { defineComposites, defineOps } from '../table/define';
import { notDifferentiable, type Rule } from '../table/rule';
import { broadcasting, elementwise, pairing } from './combinators';

declare module '../../tensor/tensor' {
  interface Tensor extends Comparison, ComparisonForms {}
}

/** Options of {@link Comparison.isclose} and {@link ComparisonForms.allclose}. */
export interface CloseOptions {
  /** Tolerance relative to the second operand; default 1e-5. */
  rtol?: number;
  /** Absolute tolerance; default 1e-8. */
  atol?: number;
  /** Whether NaN is close to NaN; default `false`. */
  equalNan?: boolean;
}

/**
 * Comparisons and logic; the result is a `bool` tensor without gradient. Operands broadcast. In place, the result is
 * written as 1 and 0.
 */
export interface Comparison {
  /** `a = b` (`torch.eq`). */
  eq(other: Tensor | number): Tensor;
  eq_(other: Tensor | number): Tensor;
  /** `a ≠ b` (`torch.ne`). */
  ne(other: Tensor | number): Tensor;
  ne_(other: Tensor | number): Tensor;
  /** `a < b` (`torch.lt`). */
  lt(other: Tensor | number): Tensor;
  lt_(other: Tensor | number): Tensor;
  /** `a ≤ b` (`torch.le`). */
  le(other: Tensor | number): Tensor;
  le_(other: Tensor | number): Tensor;
  /** `a > b` (`torch.gt`). */
  gt(other: Tensor | number): Tensor;
  gt_(other: Tensor | number): Tensor;
  /** `a ≥ b` (`torch.ge`). */
  ge(other: Tensor | number): Tensor;
  ge_(other: Tensor | number): Tensor;
  /** Whether both are non-zero (`torch.logical_and`). */
  logicalAnd(other: Tensor): Tensor;
  logicalAnd_(other: Tensor): Tensor;
  /** Whether one or both are non-zero (`torch.logical_or`). */
  logicalOr(other: Tensor): Tensor;
  logicalOr_(other: Tensor): Tensor;
  /** Whether exactly one is non-zero (`torch.logical_xor`). */
  logicalXor(other: Tensor): Tensor;
  logicalXor_(other: Tensor): Tensor;
  /** Whether it is zero (`torch.logical_not`). */
  logicalNot(): Tensor;
  logicalNot_(): Tensor;
  /** Whether it is NaN (`torch.isnan`). */
  isnan(): Tensor;
  /** Whether it is ∞ or -∞ (`torch.isinf`). */
  isinf(): Tensor;
  /** Whether it is neither infinite nor NaN (`torch.isfinite`). */
  isfinite(): Tensor;
  /**
   * Whether `|a - b| ≤ atol + rtol·|b|` (`torch.isclose`); infinities are close to themselves only.
   * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} for a negative tolerance.
   */
  isclose(other: Tensor, options?: CloseOptions): Tensor;
  /**
   * 0 below 0, 1 above, and `values` at 0 (`torch.heaviside`); no gradient.
   * @throws {ShapeError} if the shapes do not broadcast.
   */
  heaviside(values: Tensor): Tensor;
  heaviside_(values: Tensor): Tensor;
}

/** Returns a rule without derivative. */
function compare<F extends object>(torchName: string, math: string, forms: F) {
  return {
    torch: { name: torchName, params: ['input', 'other'] as const },
    math: `y = ${math}`,
    vjpMath: {},
    saves: [],
    ...forms,
    vjp: { a: notDifferentiable, b: notDifferentiable },
  } as const;
}

/** Returns the rule of a comparison of a tensor with a tensor or a number. */
function order(name: string, symbol: string, expression: string): Rule<[Tensor, Tensor | number], Tensor> {
  return { ...compare(name, `[a ${symbol} b]`, broadcasting(name, expression, 'bool')), inPlace: true };
}

/** Returns the rule of a logical operation on two tensors; numbers are not accepted. */
function logic(name: string, symbol: string, expression: string): Rule<[Tensor, Tensor], Tensor> {
  return { ...compare(name, `[a ${symbol} b]`, pairing(name, expression, 'bool')), inPlace: true };
}

/** Returns the rule of a test of each element. */
function test(torchName: string, math: string, expression: string): Rule<[Tensor], Tensor> {
  return {
    torch: { name: torchName, params: ['input'] as const },
    math: `y = ${math}`,
    vjpMath: {},
    saves: [],
    ...elementwise(torchName, expression, 'bool'),
    vjp: { x: notDifferentiable },
  };
}

const close = pairing(
  'isclose',
  'a === b || (equalNan && a !== a && b !== b) || (Math.abs(b) !== Infinity && Math.abs(a - b) <= atol + rtol * Math.abs(b))',
  'bool',
  ['rtol', 'atol', 'equalNan'],
);

defineOps<Comparison>({
  eq: order('eq', '=', 'a === b'),
  ne: order('ne', '\\ne', 'a !== b'),
  lt: order('lt', '<', 'a < b'),
  le: order('le', '\\le', 'a <= b'),
  gt: order('gt', '>', 'a > b'),
  ge: order('ge', '\\ge', 'a >= b'),
  logicalAnd: logic('logical_and', '\\wedge', 'a !== 0 && b !== 0'),
  logicalOr: logic('logical_or', '\\vee', 'a !== 0 || b !== 0'),
  logicalXor: logic('logical_xor', '\\oplus', '(a !== 0) !== (b !== 0)'),
  logicalNot: { ...test('logical_not', '\\neg x', 'x === 0'), inPlace: true },
  isnan: test('isnan', '[x \\text{ is NaN}]', 'x !== x'),
  isinf: test('isinf', '[|x| = \\infty]', 'x === Infinity || x === -Infinity'),
  isfinite: test('isfinite', '[|x| < \\infty]', 'x - x === 0'),
  isclose: {
    ...compare('isclose', '[|a - b| \\le \\epsilon + \\rho |b|]', close),
    torch: { name: 'isclose', params: ['input', 'other'], options: ['rtol', 'atol', 'equalNan'] },
    forward: (a, b, options) => {
      const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options ?? {};
      if (!(rtol >= 0 && atol >= 0))
        throw new ValueError(`isclose: the tolerances rtol ${rtol} and atol ${atol} must not be negative`);
      return close.forward(a, b, rtol, atol, Number(equalNan));
    },
    samples: [...close.samples, { inputs: '2 2', args: [{ atol: 1 }] }],
  },
  heaviside: {
    ...compare('heaviside', '[a > 0] + [a = 0]\\, b', pairing('heaviside', 'a === 0 ? b : a > 0 ? 1 : 0')),
    torch: { name: 'heaviside', params: ['input', 'values'] },
    inPlace: true,
  },
});

/** Comparisons of whole tensors. */
export interface ComparisonForms {
  /**
   * Whether all elements are close (`torch.allclose`); see {@link Comparison.isclose}.
   * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} for a negative tolerance.
   */
  allclose(other: Tensor, options?: CloseOptions): boolean;
}

defineComposites<ComparisonForms>({
  allclose(other, options) {
    return !this.isclose(other, options).toArray().includes(0);
  },
});
