import { describe, expect, test } from 'vitest';
import {
  abs,
  add,
  cos,
  DtypeError,
  div,
  exp,
  log,
  mul,
  neg,
  pow,
  reciprocal,
  relu,
  rsub,
  sigmoid,
  sign,
  sin,
  sqrt,
  square,
  sub,
  type Tensor,
  tanh,
  tensor,
  ValueError,
} from '../../../src';
import { expectClose } from '../../support/close';
import { double } from '../../support/tensors';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe('arithmetic', () => {
  const a = tensor([1, -2, 3]);
  const b = tensor([4, 0.5, -1]);

  test('with tensors', () => {
    expect(a.add(b).tolist()).toEqual([5, -1.5, 2]);
    expect(a.sub(b).tolist()).toEqual([-3, -2.5, 4]);
    expect(a.rsub(b).tolist()).toEqual([3, 2.5, -4]);
    expect(a.mul(b).tolist()).toEqual([4, -1, -3]);
    expect(a.div(b).tolist()).toEqual([0.25, -4, -3]);
    expect(a.pow(tensor([2, 3, -1])).tolist()).toEqual([1, -8, Math.fround(1 / 3)]);
  });

  test('with numbers', () => {
    expect(a.add(1).tolist()).toEqual([2, -1, 4]);
    expect(a.sub(1).tolist()).toEqual([0, -3, 2]);
    expect(a.rsub(1).tolist()).toEqual([0, 3, -2]);
    expect(a.mul(-2).tolist()).toEqual([-2, 4, -6]);
    expect(a.div(2).tolist()).toEqual([0.5, -1, 1.5]);
    expect(a.pow(2).tolist()).toEqual([1, 4, 9]);
    expect(a.neg().tolist()).toEqual([-1, 2, -3]);
    expect(a.square().tolist()).toEqual([1, 4, 9]);
    expect(a.reciprocal().tolist()).toEqual([1, -0.5, Math.fround(1 / 3)]);
  });

  test('alpha scales the second operand', () => {
    expect(a.add(b, { alpha: 2 }).tolist()).toEqual([9, -1, 1]);
    expect(a.sub(b, { alpha: 2 }).tolist()).toEqual([-7, -3, 5]);
    expect(a.add(1, { alpha: 10 }).tolist()).toEqual([11, 8, 13]);
    expect(a.clone().sub_(b, { alpha: -2 }).tolist()).toEqual([9, -1, 1]);
  });

  test('as functions', () => {
    expect(add(a, b, { alpha: 2 }).tolist()).toEqual([9, -1, 1]);
    expect(sub(a, 1).tolist()).toEqual([0, -3, 2]);
    expect(rsub(a, 1).tolist()).toEqual([0, 3, -2]);
    expect(mul(a, b).tolist()).toEqual([4, -1, -3]);
    expect(div(a, 2).tolist()).toEqual([0.5, -1, 1.5]);
    expect(pow(a, 2).tolist()).toEqual([1, 4, 9]);
    expect(neg(a).tolist()).toEqual([-1, 2, -3]);
    expect(square(a).tolist()).toEqual([1, 4, 9]);
    expect(reciprocal(tensor([4])).tolist()).toEqual([0.25]);
  });

  test('in place', () => {
    const x = tensor([1, 2]);
    expect(x.add_(1).mul_(3).sub_(2).div_(2).pow_(2).neg_()).toBe(x);
    expect(x.tolist()).toEqual([-4, -12.25]);
  });

  test('at the edges', () => {
    expect(tensor([1, -1, 0]).div(0).tolist()).toEqual([inf, -inf, nan]);
    expect(
      tensor([0, 0, 2])
        .pow(tensor([0, -1, nan]))
        .tolist(),
    ).toEqual([1, inf, nan]);
    expect(
      tensor([-8])
        .pow(1 / 3)
        .tolist(),
    ).toEqual([nan]);
    expect(tensor([-0]).neg().toArray()).toEqual(Float32Array.of(0));
    expect(Object.is(tensor([0]).neg().item(), -0)).toBe(true);
  });

  test('rejects operands that are neither tensor nor number', () => {
    const wrong = (v: unknown) => a.add(v as Tensor);
    expect(() => wrong([1, 2, 3])).toThrow(ValueError);
    expect(() => wrong([1, 2, 3])).toThrow(
      'add: the second operand must be a tensor or a number, got an array (make it a tensor with tensor(…))',
    );
    expect(() => wrong('1')).toThrow("got '1'");
    expect(() => wrong(undefined)).toThrow('got undefined');
    expect(() => wrong(null)).toThrow('got null');
    expect(() => wrong({})).toThrow('got an object');
  });
});

describe('the gradient of a power at 0', () => {
  test('x⁰ is constant, also at 0', () => {
    const x = tensor([0, 2], { requiresGrad: true });
    x.pow(0).sum().backward();
    expect(x.grad!.tolist()).toEqual([0, 0]);
    const y = tensor([0, 0], { requiresGrad: true });
    y.pow(tensor([0, 2]))
      .sum()
      .backward();
    expect(y.grad!.tolist()).toEqual([0, 0]);
  });

  test('of the exponent is 0 where the base is 0', () => {
    const p = tensor([2, 0, -1], { requiresGrad: true });
    tensor([0, 0, 1]).pow(p).sum().backward();
    expect(p.grad!.tolist()).toEqual([0, 0, 0]);
  });
});

describe('functions of one element', () => {
  const x = double([-1.5, 0.25, 2]);
  test.each<[string, (x: Tensor) => Tensor, (x: Tensor) => Tensor, (v: number) => number]>([
    ['exp', (t) => t.exp(), exp, Math.exp],
    ['log', (t) => t.log(), log, Math.log],
    ['sqrt', (t) => t.sqrt(), sqrt, Math.sqrt],
    ['abs', (t) => t.abs(), abs, Math.abs],
    ['sign', (t) => t.sign(), sign, Math.sign],
    ['sin', (t) => t.sin(), sin, Math.sin],
    ['cos', (t) => t.cos(), cos, Math.cos],
    ['tanh', (t) => t.tanh(), tanh, Math.tanh],
    ['sigmoid', (t) => t.sigmoid(), sigmoid, (v) => 1 / (1 + Math.exp(-v))],
    ['relu', (t) => t.relu(), relu, (v) => Math.max(v, 0)],
  ])('%s', (_, method, f, expected) => {
    const values = [-1.5, 0.25, 2].map(expected);
    expectClose(method(x), values, 1e-15);
    expectClose(f(x), values, 1e-15);
    expectClose(method(x.float()), values, 1e-6);
  });

  test('in the tails and for empty tensors', () => {
    const far = tensor([-1000, 1000, inf, -inf, nan]);
    expect(far.sigmoid().tolist()).toEqual([0, 1, 1, 0, nan]);
    expect(far.tanh().tolist()).toEqual([-1, 1, 1, -1, nan]);
    expect(far.exp().tolist()).toEqual([0, inf, inf, 0, nan]);
    expect(far.relu().tolist()).toEqual([0, 1000, inf, 0, nan]);
    expect(far.sign().tolist()).toEqual([-1, 1, 1, -1, 0]);
    expect(tensor([0, -1]).log().tolist()).toEqual([-inf, nan]);
    expect(tensor([-1]).sqrt().tolist()).toEqual([nan]);
    expect(tensor([-3, 3], { dtype: 'int32' }).relu().tolist()).toEqual([0, 3]);
  });

  test("subgradients at the kink are PyTorch's", () => {
    const at0 = (f: (x: Tensor) => Tensor) => {
      const x = tensor([0], { requiresGrad: true });
      f(x).sum().backward();
      return x.grad!.item();
    };
    expect(at0((x) => x.relu())).toBe(0);
    expect(at0((x) => x.abs())).toBe(0);
    expect(at0((x) => x.sign())).toBe(0);
    expect(at0((x) => x.sqrt())).toBe(inf);
  });
});

test('relu stops an infinite gradient at negative inputs, and passes one at NaN', () => {
  const x = tensor([-1, 0, 2, Number.NaN], { requiresGrad: true });
  x.relu().backward(tensor([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 3, 5]));
  expect(x.grad!.tolist()).toEqual([0, 0, 3, 5]);
});

test('positive returns the tensor itself', () => {
  const x = tensor([1, -2]);
  expect(x.positive()).toBe(x);
  expect(() => tensor([true]).positive()).toThrow(DtypeError);
});

test('the gradient of an exponent is as precise as the power', () => {
  const b = tensor([0.5], { dtype: 'float64', requiresGrad: true });
  tensor([3], { dtype: 'int32' }).pow(b).backward();
  expect(b.grad!.item()).toBeCloseTo(1.902852301792692, 14);
});
