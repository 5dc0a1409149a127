import { describe, expect, test } from 'vitest';
import {
  div,
  floorDivide,
  fmod,
  pow,
  reciprocal,
  remainder,
  sub,
  type Tensor,
  tensor,
  trueDivide,
  ValueError,
  xlogy,
} from '../../../src';
import { expectClose } from '../../support/close';
import { ints } from '../../support/tensors';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const a = tensor([7, -7, 7, -7, 1]);
const b = tensor([2, 2, -2, -2, 0.1]);

describe('division', () => {
  test('rounded down, towards 0, or not at all', () => {
    expect(a.div(b).tolist()).toEqual([3.5, -3.5, -3.5, 3.5, 10]);
    expect(a.div(b, { roundingMode: 'floor' }).tolist()).toEqual([3, -4, -4, 3, 9]);
    expect(a.div(b, { roundingMode: 'trunc' }).tolist()).toEqual([3, -3, -3, 3, 10]);
    expect(a.div(b, { roundingMode: null }).tolist()).toEqual(a.div(b).tolist());
    expect(div(a, 2, { roundingMode: 'floor' }).tolist()).toEqual([3, -4, 3, -4, 0]);
    expect(floorDivide(a, b).tolist()).toEqual([3, -4, -4, 3, 9]);
    expect(trueDivide(a, 2).tolist()).toEqual([3.5, -3.5, 3.5, -3.5, 0.5]);
    expect(() => a.div(b, { roundingMode: 'ceil' as 'floor' })).toThrow(ValueError);
    expect(() => a.div(b, { roundingMode: 'ceil' as 'floor' })).toThrow("use 'trunc', 'floor' or null");
  });

  test('remainders have the sign of the divisor or of the dividend', () => {
    expectClose(a.remainder(b), [1, 1, -1, -1, 1 - 9 * Math.fround(0.1)], 1e-7);
    expectClose(a.fmod(b), [1, -1, 1, -1, 1 - 9 * Math.fround(0.1)], 1e-7);
    expect(remainder(ints([7, -7]), 3).tolist()).toEqual([1, 2]);
    expect(fmod(ints([7, -7]), 3).tolist()).toEqual([1, -1]);
    expect(
      tensor([inf, 3, -3])
        .remainder(tensor([2, inf, inf]))
        .tolist(),
    ).toEqual([nan, 3, inf]);
  });

  test('integers stay integers if the quotient is rounded', () => {
    const [x, y] = [ints([7, -7]), ints([2, 2])];
    expect([x.div(y).dtype, x.div(y, { roundingMode: 'floor' }).dtype, x.floorDivide(2).dtype]).toEqual([
      'float32',
      'int32',
      'int32',
    ]);
    expect(x.div(y, { roundingMode: 'floor' }).tolist()).toEqual([3, -4]);
    expect(x.floorDivide(2).tolist()).toEqual([3, -4]);
    expect(x.remainder(0.5).dtype).toBe('float32');
    expect(reciprocal(ints([4])).tolist()).toEqual([0.25]);
  });

  test('integers cannot be divided by 0, floats can', () => {
    const x = ints([1, -1]);
    for (const f of [
      (z: Tensor | number) => x.floorDivide(z),
      (z: Tensor | number) => x.remainder(z),
      (z: Tensor | number) => x.fmod(z),
      (z: Tensor | number) => x.div(z, { roundingMode: 'trunc' }),
    ]) {
      expect(() => f(0)).toThrow(ValueError);
      expect(() => f(ints([1, 0]))).toThrow('a division of integers by 0');
    }
    expect(x.div(0).tolist()).toEqual([inf, -inf]);
    expect(tensor([1, -1, 0]).floorDivide(0).tolist()).toEqual([inf, -inf, nan]);
    expect(tensor([1]).remainder(0).tolist()).toEqual([nan]);
  });

  test('a rounded quotient has gradient 0, a remainder that of its dividend', () => {
    const x = tensor([7.5], { requiresGrad: true });
    const y = tensor([-2], { requiresGrad: true });
    const gradients = (f: () => Tensor) => {
      x.grad = y.grad = null;
      f().sum().backward();
      return [x.grad!.item(), y.grad!.item()];
    };
    expect(gradients(() => x.div(y, { roundingMode: 'floor' })).map(Math.abs)).toEqual([0, 0]);
    expect(gradients(() => x.remainder(y))).toEqual([1, 4]);
    expect(gradients(() => x.fmod(y))).toEqual([1, 3]);
    expect(x.floorDivide(y).requiresGrad).toBe(false);
    expect(x.div(y, { roundingMode: 'floor' }).gradFn?.name).toBe('DivBackward1');
    expect([x.remainder(2).gradFn?.name, x.remainder(y).gradFn?.name]).toEqual([
      'RemainderBackward0',
      'RemainderBackward1',
    ]);
  });

  test('in place', () => {
    const x = tensor([7, -7]);
    expect(x.floorDivide_(2)).toBe(x);
    expect(x.tolist()).toEqual([3, -4]);
    expect(x.remainder_(3).tolist()).toEqual([0, 2]);
    expect(x.add_(5).fmod_(4).reciprocal_().tolist()).toEqual([1, Math.fround(1 / 3)]);
  });
});

describe('a number as the first operand', () => {
  test('is promoted as it would be as the second', () => {
    expect(pow(2, tensor([0, 1, 0.5])).tolist()).toEqual([1, 2, Math.fround(Math.SQRT2)]);
    expect(pow(2, ints([3])).dtype).toBe('int32');
    expect(pow(0.5, ints([3])).tolist()).toEqual([0.125]);
    expect(pow(2, tensor([3], { dtype: 'float64' })).dtype).toBe('float64');
    expect(remainder(7, ints([4, -4])).tolist()).toEqual([3, -1]);
    expect(sub(1, tensor([0.25])).tolist()).toEqual([0.75]);
    expect(div(1, tensor([4])).tolist()).toEqual([0.25]);
    expectClose(xlogy(2, tensor([Math.E])), [2]);
  });

  test('has a gradient for the other operand, which must be a tensor', () => {
    const x = tensor([3], { requiresGrad: true });
    pow(2, x).sum().backward();
    expectClose(x.grad, [8 * Math.LN2]);
    expect(() => pow(2, 3)).toThrow('pow: one of the two operands must be a tensor, got 2 and 3');
  });
});
