import type { Tensor } from '../tensor/tensor';
import { broadcasting, elementwise } from './combinators';
import { defineOps } from './define';
import { notDifferentiable, type Rule } from './rule';

/** Comparisons and logic; the result is a `bool` tensor without gradient. Operands broadcast. */
export interface Comparison {
  /** `a = b` (`torch.eq`). */
  eq(other: Tensor | number): Tensor;
  /** `a ≠ b` (`torch.ne`). */
  ne(other: Tensor | number): Tensor;
  /** `a < b` (`torch.lt`). */
  lt(other: Tensor | number): Tensor;
  /** `a ≤ b` (`torch.le`). */
  le(other: Tensor | number): Tensor;
  /** `a > b` (`torch.gt`). */
  gt(other: Tensor | number): Tensor;
  /** `a ≥ b` (`torch.ge`). */
  ge(other: Tensor | number): Tensor;
  /** Whether both are non-zero (`torch.logical_and`). */
  logicalAnd(other: Tensor | number): Tensor;
  /** Whether one or both are non-zero (`torch.logical_or`). */
  logicalOr(other: Tensor | number): Tensor;
  /** Whether it is zero (`torch.logical_not`). */
  logicalNot(): Tensor;
}

function compare(torchName: string, symbol: string, expression: string): Rule<[Tensor, Tensor | number], Tensor> {
  return {
    torch: `${torchName}(input, other)`,
    math: `y = [a ${symbol} b]`,
    vjpMath: {},
    saves: [],
    ...broadcasting(torchName, expression, 'bool'),
    vjp: { a: notDifferentiable, b: notDifferentiable },
  };
}

defineOps<Comparison>({
  eq: compare('eq', '=', 'a === b'),
  ne: compare('ne', '\\ne', 'a !== b'),
  lt: compare('lt', '<', 'a < b'),
  le: compare('le', '\\le', 'a <= b'),
  gt: compare('gt', '>', 'a > b'),
  ge: compare('ge', '\\ge', 'a >= b'),
  logicalAnd: compare('logical_and', '\\wedge', 'a !== 0 && b !== 0'),
  logicalOr: compare('logical_or', '\\vee', 'a !== 0 || b !== 0'),
  logicalNot: {
    torch: 'logical_not(input)',
    math: 'y = \\neg x',
    vjpMath: {},
    saves: [],
    ...elementwise('x === 0', 'bool'),
    vjp: { x: notDifferentiable },
  },
});
