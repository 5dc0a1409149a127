// Operations with any number of inputs and arguments, also in place, defined in the form that families use.
import { describe, expect, test } from 'vitest';
import { noGrad, type Tensor, tensor } from '../../../src';
import { defineFunctions, defineOps } from '../../../src/ops/table/define';
import { notDifferentiable } from '../../../src/ops/table/rule';
import { expectClose } from '../../support/close';
import { leaf } from '../../support/tensors';

interface Several {
  fusedTest(b: Tensor, c: Tensor | number, options?: { value?: number }): Tensor;
  fusedTest_(b: Tensor, c: Tensor | number, options?: { value?: number }): Tensor;
  longTest(p: number, q: number, r: number, s: number, t?: number): Tensor;
  longTest_(p: number, q: number, r: number, s: number, t?: number): Tensor;
  boundTest(low?: Tensor | number, high?: Tensor | number): Tensor;
  boundTest_(low?: Tensor | number, high?: Tensor | number): Tensor;
}

const common = { math: 'y', vjpMath: {}, batch: 'one by one' as const, samples: [] };
const numberOr0 = (v: Tensor | number | null | undefined) => v ?? 0;

defineOps<Several>({
  fusedTest: {
    ...common,
    torch: { name: 'fused_test', params: ['input', 'b', 'c'], options: ['value'] },
    saves: { a: [], b: ['c'], c: ['b'] },
    shape: (a) => a,
    forward: (a, b, c, options) => a.add(b.mul(c).mul(options?.value ?? 1)),
    vjp: {
      a: (dy) => dy,
      b: (dy, { c, args: [options] }) => dy.mul(c).mul(options?.value ?? 1),
      c: (dy, { b, args: [options] }) => dy.mul(b).mul(options?.value ?? 1),
    },
    inPlace: true,
  },
  longTest: {
    ...common,
    torch: { name: 'long_test', params: ['input', 'p', 'q', 'r', 's', 't'] },
    saves: [],
    shape: (x) => x,
    forward: (x, p, q, r, s, t = 1) => x.mul(p * q * r * s * t),
    vjp: { x: (dy, { args: [p, q, r, s, t = 1] }) => dy.mul(p * q * r * s * t) },
    inPlace: true,
  },
  boundTest: {
    ...common,
    torch: { name: 'bound_test', params: ['input', 'low', 'high'] },
    saves: { a: [], b: ['c'], c: ['b'] },
    shape: (a) => a,
    // a + low·high, where an omitted bound counts as 0.
    forward: (a, low, high) => {
      const [l, h] = [numberOr0(low), numberOr0(high)];
      return a.add(l instanceof Object ? l.mul(h) : h instanceof Object ? h.mul(l) : l * h);
    },
    vjp: {
      a: (dy) => dy,
      b: (dy, { c }) => dy.mul(numberOr0(c)),
      c: (dy, { b }) => dy.mul(numberOr0(b)),
    },
    inPlace: true,
  },
});

const { namedTest } = defineFunctions<{
  namedTest(a: Tensor, b: Tensor, c: Tensor): { sum: Tensor; product: Tensor };
}>({
  namedTest: {
    ...common,
    torch: { name: 'named_test', params: ['a', 'b', 'c'] },
    saves: { a: ['b'], b: ['a'] },
    returns: ['sum', 'product'],
    shape: (a) => [a, a],
    forward: (a, b) => [a.add(b), a.mul(b)],
    vjp: {
      a: ([ds, dp], { b }) => ds.add(dp.mul(b)),
      b: ([ds, dp], { a }) => ds.add(dp.mul(a)),
      c: notDifferentiable,
    },
  },
});
const withTests = (x: Tensor) => x as Tensor & Several;

describe('three inputs', () => {
  test('in place equals out of place', () => {
    const [a, b, c] = [leaf([1, 2]), leaf([3, 4]), leaf([5, 6])];
    const x = withTests(a.mul(1));
    expect(x.fusedTest_(b, c, { value: 2 })).toBe(x);
    expect(x.tolist()).toEqual([31, 50]);
    expect(x.version).toBe(1);
    x.mul(tensor([1, 10]))
      .sum()
      .backward();
    expect(a.grad!.tolist()).toEqual([1, 10]);
    expect(b.grad!.tolist()).toEqual([10, 120]);
    expect(c.grad!.tolist()).toEqual([6, 80]);
    const y = withTests(noGrad(() => a.clone())).fusedTest_(tensor([1, 1]), 7);
    expect(y.tolist()).toEqual([8, 9]);
    expect(y.requiresGrad).toBe(false);
  });

  test('a gradient for the third input only', () => {
    const c = leaf([5, 6]);
    const x = withTests(tensor([1, 2])).fusedTest_(tensor([3, 4]), c);
    x.sum().backward();
    expect(c.grad!.tolist()).toEqual([3, 4]);
  });

  test('omitted inputs', () => {
    const [a, low] = [leaf([1, 2]), leaf([3, 4])];
    const x = withTests(a.mul(1));
    x.boundTest_();
    x.boundTest(undefined, 2).sum().backward(undefined, { retainGraph: true });
    expect(a.grad!.tolist()).toEqual([1, 1]);
    x.boundTest_(low, 7).sum().backward();
    expect(x.tolist()).toEqual([22, 30]);
    expect(low.grad!.tolist()).toEqual([7, 7]);
    expect(a.grad!.tolist()).toEqual([2, 2]);
  });

  test('several results by name', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    const { sum, product } = namedTest(a, b, tensor([0]));
    expect(sum.tolist()).toEqual([4, 6]);
    product.add(sum).sum().backward();
    expect(a.grad!.tolist()).toEqual([4, 5]);
    expect(b.grad!.tolist()).toEqual([2, 3]);
  });
});

test('more arguments than the unrolled methods take', () => {
  const a = leaf([1, 2]);
  const x = withTests(a.mul(1));
  x.longTest(2, 3, 5, 7, 11).sum().backward(undefined, { retainGraph: true });
  expectClose(a.grad, [2310, 2310]);
  x.longTest_(2, 3, 5, 7);
  expect(x.tolist()).toEqual([210, 420]);
  x.sum().backward();
  expectClose(a.grad, [2520, 2520]);
});
