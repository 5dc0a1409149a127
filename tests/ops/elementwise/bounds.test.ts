import { describe, expect, test } from 'vitest';
import {
  allclose,
  clamp,
  clampMax,
  clampMin,
  DtypeError,
  fmax,
  fmin,
  heaviside,
  isclose,
  isfinite,
  isinf,
  isnan,
  maskedFill,
  maximum,
  minimum,
  nanToNum,
  nn,
  ones,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
} from '../../../src';
import { ints, leaf } from '../../support/tensors';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Gradients of the sum. */
function gradients(y: Tensor, ...xs: Tensor[]): unknown[] {
  for (const x of xs) x.grad = null;
  y.sum().backward();
  return xs.map((x) => x.grad?.tolist());
}

describe('clamp', () => {
  const x = tensor([-2, 0, 2, nan]);
  test('between numbers, one-sided, and between tensors', () => {
    expect(clamp(x, -1, 1).tolist()).toEqual([-1, 0, 1, nan]);
    expect(x.clamp(0).tolist()).toEqual([0, 0, 2, nan]);
    expect(x.clamp(null, 0).tolist()).toEqual([-2, 0, 0, nan]);
    expect(clampMin(x, 1).tolist()).toEqual([1, 1, 2, nan]);
    expect(clampMax(x, tensor([-3, 3, 1, 0])).tolist()).toEqual([-3, 0, 1, nan]);
    expect(x.clamp(tensor([[-1], [1]]), 1.5).shape).toEqual([2, 4]);
    expect(x.clone().clamp_(-1, 1).tolist()).toEqual([-1, 0, 1, nan]);
    expect(x.clone().clampMin_(1).clampMax_(1).tolist()).toEqual([1, 1, 1, nan]);
    expect(ints([1, 5]).clamp(2, 3).dtype).toBe('int32');
    expect(ints([1, 5]).clamp(2.5).tolist()).toEqual([2.5, 5]);
  });

  test('the upper bound wins over a larger lower one', () => {
    expect(x.clamp(3, 1).tolist()).toEqual([1, 1, 1, nan]);
  });

  test('needs a bound that is a tensor or a number', () => {
    expect(() => x.clamp()).toThrow(ValueError);
    expect(() => x.clamp('1' as unknown as number)).toThrow('clamp: the operands must be tensors or numbers');
  });

  test('the gradient goes to the operand that the result equals', () => {
    const [a, low, high] = [leaf([-2, 0, 2, 1]), leaf([-1, -1, -1, 3]), leaf([1, 1, 1, 2])];
    expect(gradients(a.clamp(low, high), a, low, high)).toEqual([
      [0, 1, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 1, 1],
    ]);
    // On the bound the gradient passes.
    expect(gradients(a.clamp(-2, 2), a)).toEqual([[1, 1, 1, 1]]);
    expect([a.clamp(0).gradFn?.name, a.clamp(low).gradFn?.name]).toEqual(['ClampBackward1', 'ClampBackward0']);
  });
});

describe('maximum and minimum', () => {
  const [a, b] = [leaf([1, 2, 3]), leaf([3, 2, 1])];
  test('equals share the gradient', () => {
    expect([maximum(a, b).tolist(), minimum(a, b).tolist()]).toEqual([
      [3, 2, 3],
      [1, 2, 1],
    ]);
    expect(gradients(a.maximum(b), a, b)).toEqual([
      [0, 0.5, 1],
      [1, 0.5, 0],
    ]);
    expect(gradients(a.minimum(b), a, b)).toEqual([
      [1, 0.5, 0],
      [0, 0.5, 1],
    ]);
  });

  test('propagate or ignore NaN', () => {
    const [p, q] = [tensor([nan, 1, nan]), tensor([1, nan, nan])];
    expect(p.maximum(q).tolist()).toEqual([nan, nan, nan]);
    expect(fmax(p, q).tolist()).toEqual([1, 1, nan]);
    expect(fmin(p, q).tolist()).toEqual([1, 1, nan]);
    expect(gradients(a.fmax(b), a, b)).toEqual([
      [0, 1, 1],
      [1, 0, 0],
    ]);
    expect(gradients(a.fmin(b), a, b)).toEqual([
      [1, 1, 0],
      [0, 0, 1],
    ]);
  });

  test('accept only tensors, and keep integers', () => {
    expect(() => a.maximum(2 as unknown as Tensor)).toThrow(ValueError);
    expect(ints([1, 4]).maximum(ints([3, 2])).dtype).toBe('int32');
    expect(
      tensor([true, false])
        .minimum(tensor([true, true]))
        .tolist(),
    ).toEqual([true, false]);
  });
});

test('replaces infinities and NaN by finite numbers', () => {
  const x = leaf([nan, inf, -inf, 2]);
  expect(nanToNum(x).tolist()).toEqual([0, 3.4028234663852886e38, -3.4028234663852886e38, 2]);
  expect(x.double().nanToNum().at(1).item()).toBe(Number.MAX_VALUE);
  expect(nanToNum(x, { nan: 1, posinf: 5, neginf: -5 }).tolist()).toEqual([1, 5, -5, 2]);
  expect(gradients(x.nanToNum(), x)).toEqual([[0, 0, 0, 1]]);
  expect([isnan(x), isinf(x), isfinite(x)].map((t) => t.tolist())).toEqual([
    [true, false, false, false],
    [false, true, true, false],
    [false, false, false, true],
  ]);
});

describe('closeness', () => {
  const a = tensor([1, 1, nan, inf, inf]);
  const b = tensor([1.000001, 1.1, nan, inf, 1]);
  test('relative to the second, with equal NaN on request', () => {
    expect(isclose(a, b).tolist()).toEqual([true, false, false, true, false]);
    expect(a.isclose(b, { rtol: 0, atol: 0.2, equalNan: true }).tolist()).toEqual([true, true, true, true, false]);
    expect(allclose(a, b)).toBe(false);
    expect(allclose(tensor([1, 2]), tensor([1, 2.000001]))).toBe(true);
    expect(() => a.isclose(b, { rtol: -1 })).toThrow(ValueError);
  });
});

test('the step function', () => {
  expect(heaviside(tensor([-2, 0, 3, 0]), tensor([5])).tolist()).toEqual([0, 5, 1, 5]);
});

describe('masks', () => {
  const x = leaf([1, 2, 3]);
  const mask = tensor([true, false, true]);
  test('a value that is a tensor has a gradient', () => {
    const v = tensor(7, { requiresGrad: true });
    expect(maskedFill(x, mask, v).tolist()).toEqual([7, 2, 7]);
    expect(gradients(x.maskedFill(mask, v), x, v)).toEqual([[0, 1, 0], 2]);
    const y = x.mul(1);
    y.maskedFill_(mask, v);
    expect(gradients(y, x, v)).toEqual([[0, 1, 0], 2]);
  });

  test('accept only single values of a matching kind', () => {
    expect(() => x.maskedFill(mask, tensor([1]))).toThrow(ShapeError);
    expect(() => ints([1, 2, 3]).maskedFill(mask, tensor(Number.NaN))).toThrow(DtypeError);
    expect(
      ints([1, 2, 3])
        .maskedFill(mask, tensor(5, { dtype: 'int32' }))
        .tolist(),
    ).toEqual([5, 2, 5]);
  });

  test('where as a method', () => {
    expect(x.where(mask, 0).tolist()).toEqual([1, 0, 3]);
    expect(gradients(x.where(mask, x.mul(10)), x)).toEqual([[1, 10, 1]]);
  });
});

test.each([3, 600])('bounds of float32 are rounded like its elements: gradients of %d elements', (n) => {
  const x = tensor([0.7, -0.7, 0.1]).repeat(n / 3);
  x.requiresGrad = true;
  nn.functional.hardtanh(x, { minVal: -0.7, maxVal: 0.7 }).sum().backward();
  // Often enough for a vector kernel to be used.
  for (let i = 0; i < 200; i++) ones(600).whereInside(ones(600), -0.7, 0.7);
  const g = ones(n).whereInside(x.detach(), -0.7, 0.7);
  expect(g.tolist()).toEqual(x.grad!.tolist());
  expect((g.tolist() as number[]).slice(-3)).toEqual([0, 0, 1]);
});
