// Functions of one element, and related ones of two: values, dtypes, edge cases, in-place forms.
import { describe, expect, test } from 'vitest';
import * as gradlab from '../../../src';
import { DtypeError, hypot, logaddexp, logit, pow, round, type Tensor, tensor, ValueError, xlogy } from '../../../src';
import { expectClose } from '../../support/close';
import { double, ints } from '../../support/tensors';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const all: Record<string, unknown> = gradlab;
type Name = {
  [K in keyof Tensor & keyof typeof gradlab]: Tensor[K] extends () => Tensor ? K : never;
}[keyof Tensor & keyof typeof gradlab];

const functions: [Name, (v: number) => number, readonly number[]][] = [
  ['exp', Math.exp, [-1, 0.5, 2]],
  ['exp2', (v) => 2 ** v, [-1, 0.5, 3]],
  ['expm1', Math.expm1, [-1, 1e-10, 2]],
  ['log', Math.log, [0.1, 1, 3]],
  ['log2', Math.log2, [0.1, 1, 8]],
  ['log10', Math.log10, [0.1, 1, 1000]],
  ['log1p', Math.log1p, [-0.5, 1e-10, 3]],
  ['sqrt', Math.sqrt, [0, 2, 9]],
  ['rsqrt', (v) => 1 / Math.sqrt(v), [0.25, 2, 9]],
  ['reciprocal', (v) => 1 / v, [-4, 0.5, 3]],
  ['sin', Math.sin, [-1, 0.5, 3]],
  ['cos', Math.cos, [-1, 0.5, 3]],
  ['tan', Math.tan, [-1, 0.5, 3]],
  ['asin', Math.asin, [-1, 0.5, 1]],
  ['acos', Math.acos, [-1, 0.5, 1]],
  ['atan', Math.atan, [-1, 0.5, 30]],
  ['sinh', Math.sinh, [-1, 0.5, 3]],
  ['cosh', Math.cosh, [-1, 0.5, 3]],
  ['tanh', Math.tanh, [-1, 0.5, 3]],
  ['asinh', Math.asinh, [-1, 0.5, 3]],
  ['acosh', Math.acosh, [1, 1.5, 3]],
  ['atanh', Math.atanh, [-0.5, 0.1, 0.9]],
  ['sinc', (v) => Math.sin(Math.PI * v) / (Math.PI * v), [-0.5, 0.25, 1.5]],
  ['deg2rad', (v) => (v * Math.PI) / 180, [-90, 45, 720]],
  ['rad2deg', (v) => (v * 180) / Math.PI, [-1, 0.5, 7]],
  ['sigmoid', (v) => 1 / (1 + Math.exp(-v)), [-1, 0.5, 3]],
  ['erf', (v) => ({ '-1': -0.8427007929497149, 0.5: 0.5204998778130465, 2: 0.9953222650189527 })[v]!, [-1, 0.5, 2]],
  ['digamma', (v) => ({ 1: -0.5772156649015329, 1.5: 0.03648997397857652 })[v]!, [1, 1.5]],
  ['lgamma', (v) => ({ 3: Math.LN2, 5: Math.log(24) })[v]!, [3, 5]],
];

test.each(functions)('%s, as a method, a function and in place', (name, expected, values) => {
  const x = double([...values]);
  const wanted = values.map(expected);
  expectClose(x[name](), wanted, 2e-15);
  expectClose((all[name] as (x: Tensor) => Tensor)(x), wanted, 2e-15);
  expectClose(x.float()[name](), wanted, 3e-6);
  const copy = x.clone();
  const inPlace = (copy as unknown as Record<string, () => Tensor>)[`${name}_`]();
  expect(inPlace).toBe(copy);
  expectClose(copy, wanted, 2e-15);
  // Integers give float32.
  expect(ints([1])[name]().dtype).toBe('float32');
  expect(tensor([true])[name]().dtype).toBe('float32');
});

describe('rounding', () => {
  const x = tensor([-2.5, -0.4, 0.5, 1.5, 2.7]);
  test('to integers', () => {
    expect(x.ceil().toArray()).toEqual(Float32Array.of(-2, -0, 1, 2, 3));
    expect(x.floor().tolist()).toEqual([-3, -1, 0, 1, 2]);
    expect(x.trunc().toArray()).toEqual(Float32Array.of(-2, -0, 0, 1, 2));
    expectClose(x.frac(), [-0.5, -0.4, 0.5, 0.5, 0.7]);
    expect(round(x).toArray().map(Math.abs)).toEqual(Float32Array.of(2, 0, 0, 2, 3));
    expect(ints([3, -3]).floor().dtype).toBe('int32');
    expect(tensor([inf, -inf, nan]).round().tolist()).toEqual([inf, -inf, nan]);
  });

  test('to decimals', () => {
    expect(double([0.125, 0.375, -1.2345]).round({ decimals: 2 }).tolist()).toEqual([0.12, 0.38, -1.23]);
    expect(tensor([150, 250, 1449]).round({ decimals: -2 }).tolist()).toEqual([200, 200, 1400]);
    // In float32 1.0005 is a little less, but a thousand times it is not.
    expect(tensor([1.0005]).round({ decimals: 3 }).item()).toBe(1);
    expect(() => ints([3]).round({ decimals: 1 })).toThrow(DtypeError);
  });

  test('has gradient 0, even if an infinite one arrives', () => {
    const y = tensor([0.3], { requiresGrad: true });
    y.floor().backward(tensor([inf]));
    expect(y.grad!.tolist()).toEqual([0]);
  });
});

describe('powers', () => {
  test('with special exponents', () => {
    const x = double([4, 9, 0]);
    expect(x.pow(3).tolist()).toEqual([64, 729, 0]);
    expect(x.pow(0.5).tolist()).toEqual([2, 3, 0]);
    expect(x.pow(-0.5).tolist()).toEqual([0.5, 1 / 3, inf]);
    expect(tensor([-inf]).pow(0.5).tolist()).toEqual([nan]);
    expect([ints([3]).pow(2).dtype, ints([4]).pow(0.5).dtype, tensor([true]).pow(2).dtype]).toEqual([
      'int32',
      'float32',
      'int32',
    ]);
  });

  test('of integers', () => {
    expect(
      ints([2, -1, -1, 0, 1])
        .pow(ints([-1, -3, -2, -1, -5]))
        .tolist(),
    ).toEqual([0, -1, 1, 0, 1]);
    expect(() => ints([2]).pow(-1)).toThrow(DtypeError);
    expect(pow(ints([2]), 0.5).dtype).toBe('float32');
    expect(ints([3]).floatPower(2).dtype).toBe('float64');
    expect(ints([2]).floatPower(-1).tolist()).toEqual([0.5]);
  });

  test('hypotenuses do not overflow', () => {
    expect(hypot(tensor([3, 1e30]), tensor([4, 0])).tolist()).toEqual([5, Math.fround(1e30)]);
  });
});

describe('logarithms of sums and products', () => {
  test('logaddexp', () => {
    expectClose(logaddexp(double([0, 1000, -inf]), double([Math.log(3), 1000, -inf])), [
      Math.log(4),
      1000 + Math.LN2,
      -inf,
    ]);
  });

  test('logaddexp with bools and bytes has the gradient of their numbers', () => {
    // PyTorch rejects the gradient with bools; the numbers are those of torch.logaddexp(b.float(), x).
    const cases: [Tensor, number[]][] = [
      [tensor([true, false, true]), [0.5, 0.8807970285415649, 0.01798621006309986]],
      [tensor([3, 200, 255], { dtype: 'uint8' }), [0.11920291930437088, 0, 0]],
    ];
    for (const [b, dx] of cases)
      for (const compute of [(x: Tensor) => logaddexp(b, x), (x: Tensor) => logaddexp(x, b)]) {
        const x = tensor([1, 2, -3], { requiresGrad: true });
        compute(x).sum().backward();
        expectClose(x.grad!, dx, 1e-7);
      }
    expect(() => logaddexp(tensor([true]), tensor([true]))).toThrow(DtypeError);
  });

  test('xlogy is 0 where the factor is 0', () => {
    expect(xlogy(tensor([0, 0, 1]), tensor([0, nan, 0])).tolist()).toEqual([0, nan, -inf]);
    expectClose(tensor([2]).xlogy(3), [2 * Math.log(3)]);
    expect(ints([0]).xlogy(0).tolist()).toEqual([0]);
    const x = tensor([0, 0, 2], { requiresGrad: true });
    const y = tensor([0, 2, 2], { requiresGrad: true });
    x.xlogy(y).sum().backward();
    expectClose(x.grad, [0, Math.LN2, Math.LN2]);
    expect(y.grad!.tolist()).toEqual([nan, 0, 1]);
  });

  test('logit, with and without a margin', () => {
    const x = double([0, 0.25, 1, 1.5]);
    expectClose(logit(x), [-inf, -Math.log(3), inf, nan]);
    expectClose(logit(x, { eps: 0.1 }), [-Math.log(9), -Math.log(3), Math.log(9), Math.log(9)]);
    const p = double([0.05, 0.5]).requiresGrad_();
    p.logit({ eps: 0.1 }).sum().backward();
    expect(p.grad!.tolist()).toEqual([0, 4]);
  });
});

test('signs and angles', () => {
  expect(
    tensor([2, -2, 0])
      .copysign(tensor([-1, 1, -0]))
      .toArray(),
  ).toEqual(Float32Array.of(-2, 2, -0));
  expect(ints([2]).copysign(-1).tolist()).toEqual([-2]);
  expect(tensor([-3, 2]).positive().tolist()).toEqual([-3, 2]);
  expect(() => tensor([true]).positive()).toThrow(DtypeError);
  expectClose(gradlab.atan2(double([1, -1, 0]), double([-1, -1, -1])), [
    (3 * Math.PI) / 4,
    (-3 * Math.PI) / 4,
    Math.PI,
  ]);
  expect(() => tensor([1]).atan2(1 as unknown as Tensor)).toThrow('the second operand must be a tensor, got 1');
});

test('polygamma', () => {
  expectClose(double([1]).polygamma(0), [-0.5772156649015329], 1e-15);
  expectClose(double([1]).polygamma(1), [Math.PI ** 2 / 6], 1e-15);
  expect(() => double([1]).polygamma(-1)).toThrow(ValueError);
});

test('interpolation and added products', () => {
  const [x, y, z] = [tensor([1, 2]), tensor([3, 4]), tensor([5, 8])];
  expect(gradlab.addcmul(x, y, z, { value: 2 }).tolist()).toEqual([31, 66]);
  expect(gradlab.addcdiv(x, y, z, { value: 5 }).tolist()).toEqual([4, 4.5]);
  expect(x.clone().addcmul_(y, z).tolist()).toEqual([16, 34]);
  expect(gradlab.lerp(x, y, 0.5).tolist()).toEqual([2, 3]);
  expect(x.lerp(y, tensor([0, 1])).tolist()).toEqual([1, 4]);
  expect(x.clone().lerp_(y, 1).tolist()).toEqual([3, 4]);
  expect(() => ints([1]).addcdiv(ints([1]), ints([2]))).toThrow('addcdiv: three int32 tensors have no whole quotient');
  expect(() => ints([1]).addcmul(ints([1]), ints([2]), { value: 0.5 })).toThrow(
    'addcmul: value is 0.5, but must be whole',
  );
  expect(() => x.lerp(y.double(), 0.5)).toThrow(DtypeError);
  expect(tensor([1, 2]).rsub(1, { alpha: 3 }).tolist()).toEqual([-2, -5]);
});
