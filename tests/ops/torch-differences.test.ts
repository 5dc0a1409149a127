// Edge cases with special rules in PyTorch; the values are PyTorch's.

import { describe, expect, test } from 'vitest';
import * as gradlab from '../../src';
import { IndexError, nn, ShapeError, tensor, ValueError, zeros } from '../../src';

const F = nn.functional;
/** Bypasses the compiler, as from JavaScript. */
const yes = true as unknown as number;
const no = false as unknown as number;
const outcome = (x: gradlab.Tensor) => [x.dtype, x.tolist()];

describe('scalars', () => {
  const bools = tensor([true, false]);

  test('a boolean keeps bool, and is 0 or 1 with numbers', () => {
    expect(outcome(bools.eq(yes))).toEqual(['bool', [true, false]]);
    expect(outcome(bools.mul(yes))).toEqual(['bool', [true, false]]);
    expect(outcome(bools.add(yes, { alpha: no }))).toEqual(['bool', [true, false]]);
    expect(outcome(bools.add(bools, { alpha: -1 }))).toEqual(['bool', [true, false]]);
    expect(outcome(tensor([2, 3]).floatPower(yes))).toEqual(['float64', [2, 3]]);
    expect(outcome(bools.div(yes))).toEqual(['float32', [1, 0]]);
    expect(outcome(tensor([1, 2], { dtype: 'int32' }).add(yes))).toEqual(['int32', [2, 3]]);
    expect(outcome(gradlab.add(yes, bools))).toEqual(['bool', [true, true]]);
    expect(outcome(gradlab.where(bools, yes, no))).toEqual(['bool', [true, false]]);
    expect(outcome(gradlab.where(bools, yes, 2))).toEqual(['int32', [1, 2]]);
    expect(outcome(gradlab.where(bools, yes, tensor([1.5, 2.5])))).toEqual(['float32', [1, 2.5]]);
  });

  test('arithmetic of two numbers', () => {
    expect(outcome(gradlab.add(2, 3))).toEqual(['int32', 5]);
    expect(outcome(gradlab.add(2.5, 3))).toEqual(['float32', 5.5]);
    expect(outcome(gradlab.div(1, 2))).toEqual(['float32', 0.5]);
    expect(outcome(gradlab.div(5, 2, { roundingMode: 'floor' }))).toEqual(['int32', 2]);
    expect(() => gradlab.pow(2, 3)).toThrow('pow: one of the two operands must be a tensor');
  });

  test('an integer range with fractional ends', () => {
    const range = (start: number, end: number, step: number) =>
      gradlab.arange(start, end, step, { dtype: 'int32' }).tolist();
    expect(range(0, 3.1, 1)).toEqual([0, 1, 2]);
    expect(range(0.9, 3.9, 1)).toEqual([0, 1, 2]);
    expect(range(3.9, 0.2, -1.5)).toEqual([3, 2, 1]);
    expect(() => range(0, 5, 0.5)).toThrow(ValueError);
  });

  test('true and true accumulate to true', () => {
    const at = tensor([0, 1], { dtype: 'int32' });
    const x = tensor([true, false, false]);
    const both = tensor([true, true]);
    for (const y of [x.indexAdd(0, at, both), x.indexPut([at], both, { accumulate: true }), x.scatterAdd(0, at, both)])
      expect(outcome(y)).toEqual(['bool', [true, true, false]]);
  });
});

describe('gradients at the kink', () => {
  test('the angle of the origin has gradients of 0, its distance has none', () => {
    const leaf = () => tensor([0, 3], { requiresGrad: true });
    const [a, b] = [leaf(), leaf()];
    gradlab.atan2(a, b).sum().backward();
    expect(a.grad!.at(0).item()).toBe(0);
    expect(b.grad!.at(0).item()).toBe(-0);
    expect(a.grad!.at(1).item()).toBeCloseTo(1 / 6, 6);
    const [c, d] = [leaf(), leaf()];
    gradlab.hypot(c, d).sum().backward();
    expect(c.grad!.at(0).item()).toBeNaN();
    expect(d.grad!.at(1).item()).toBeCloseTo(Math.SQRT1_2, 6);
  });

  test('an integer with the angle of a point may have a square that overflows', () => {
    for (const [n, dtype] of [[255, 'uint8'] as const, [1e6, 'int32'] as const]) {
      const whole = tensor([n], { dtype });
      const x = tensor([0.5], { dtype: 'float64', requiresGrad: true });
      gradlab.atan2(whole, x).backward();
      gradlab.atan2(x, whole).backward(tensor([2], { dtype: 'float64' }));
      expect(x.grad!.item()).toBeCloseTo(n / (n * n + 0.25), 15);
    }
  });

  test('the number of differences has gradients of 0', () => {
    const x = tensor([[1, 2]], { requiresGrad: true });
    gradlab
      .cdist(x, tensor([[1, 3]]), { p: 0 })
      .sum()
      .backward();
    expect(x.grad!.tolist()).toEqual([[0, 0]]);
  });
});

test('rejects mismatched arguments', () => {
  const at = tensor([0], { dtype: 'int32' });
  const number = tensor(1);
  expect(() => gradlab.cat([number, null as never])).toThrow('cat: each input must be a tensor, got null');
  expect(() => number.roll(1, 0)).toThrow(ShapeError);
  expect(() => number.indexSelect(0, tensor([0, 0], { dtype: 'int32' }))).toThrow(IndexError);
  expect(() => number.unique({ dim: -1 })).toThrow(IndexError);
  expect(() => zeros([3]).indexPut([at], zeros([1, 1, 1]))).toThrow(ShapeError);
  expect(() => zeros([3]).maskedScatter(zeros([3], { dtype: 'uint8' }), zeros([3]))).toThrow('must be a bool tensor');
  expect(() => gradlab.cdist(zeros([2, 3]), zeros([2, 3]), { computeMode: 'x' as never })).toThrow(ValueError);
  expect(() => F.softMarginLoss(zeros([3]), zeros([2, 3]))).toThrow(ShapeError);
  expect(F.softMarginLoss(zeros([2, 3]), zeros([3])).item()).toBeCloseTo(Math.LN2, 6);
  expect(() => F.multilabelSoftMarginLoss(number, zeros([2]))).toThrow(ShapeError);
  expect(() => F.cosineSimilarity(zeros([2, 3]), zeros([3]), { eps: -1 })).toThrow(ValueError);
  expect(() => F.batchNorm(zeros([2, 3]), zeros([3]), zeros([3]), { eps: -1 })).toThrow(ValueError);
});

test('a bool with a recorded tensor is chosen', () => {
  const x = tensor([2, 3], { requiresGrad: true });
  const y = gradlab.where(tensor([true, false]), x, yes);
  expect(y.tolist()).toEqual([2, 1]);
  y.sum().backward();
  expect(x.grad!.tolist()).toEqual([1, 0]);
});

describe('graphs', () => {
  test('one of several views of integers receives a tensor that requires a gradient: nothing is recorded', () => {
    const [bools, whole] = [zeros([2, 2], { dtype: 'bool' }), zeros([2, 2], { dtype: 'int32' })];
    for (const x of [bools, whole]) {
      x.unbind(0)[1].copy_(tensor([1, 1], { requiresGrad: true }));
      expect(x.requiresGrad).toBe(false);
    }
    expect(bools.tolist()).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(whole.at(1).tolist()).toEqual([1, 1]);
  });

  test('inner inside noGrad returns a separate tensor, which may be modified', () => {
    const y = gradlab.noGrad(() => tensor([[1, 2]]).inner(tensor([[3, 4]])));
    y.add_(tensor([[1]], { requiresGrad: true }));
    expect([y.tolist(), y.requiresGrad]).toEqual([[[12]], true]);
  });

  test('an incoming NaN gradient of logcumsumexp propagates', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    x.logcumsumexp(0).backward(tensor([1, Number.NaN]));
    expect(x.grad!.tolist()).toEqual([Number.NaN, Number.NaN]);
  });

  test('lerp with a number saves nothing, so that a second pass works', () => {
    const [a, b] = [tensor([1, 2], { requiresGrad: true }), tensor([3, 5], { requiresGrad: true })];
    const y = a.lerp(b, 0.25).sum();
    y.backward();
    y.backward();
    expect(a.grad?.tolist()).toEqual([1.5, 1.5]);
    expect(b.grad?.tolist()).toEqual([0.5, 0.5]);
    const z = a.lerp(b, tensor([0.25, 0.5])).sum();
    z.backward();
    expect(() => z.backward()).toThrow(gradlab.AutogradError);
  });

  test('logcumsumexp of a scalar is that scalar, also if it is infinite', () => {
    for (const value of [Number.NEGATIVE_INFINITY, Number.NaN, 1]) {
      const x = tensor(value, { requiresGrad: true });
      x.logcumsumexp(0).backward(tensor(-2));
      expect(x.grad?.item()).toBe(-2);
    }
  });

  test('topk of a scalar returns it, also for k = 0', () => {
    const x = tensor(3, { requiresGrad: true });
    const { values, indices } = x.topk(0);
    expect([values.item(), indices.item()]).toEqual([3, 0]);
    values.backward();
    expect(x.grad?.item()).toBe(1);
  });

  test('the gradient of a weight of a normalization does not depend on the weight', () => {
    const x = tensor([[1, 2, 4]]);
    const weight = tensor([1, 2, 3], { requiresGrad: true });
    const dy = tensor([[1, 1, 2]], { requiresGrad: true });
    const y = nn.functional.layerNorm(x, [3], { weight });
    const [dw] = gradlab.grad(y, [weight], { gradOutputs: dy, createGraph: true });
    dw.sum().backward();
    expect(weight.grad).toBeNull();
    expect(dy.grad?.sum().item()).toBeCloseTo(0, 5);
  });
});
