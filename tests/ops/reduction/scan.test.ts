import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cummax,
  cumprod,
  cumsum,
  DtypeError,
  diff,
  gradcheck,
  gradgradcheck,
  IndexError,
  ShapeError,
  tensor,
  ValueError,
  zeros,
} from '../../../src';
import { expectClose } from '../../support/close';

const nan = Number.NaN;
const inf = Number.POSITIVE_INFINITY;
const doubles = (values: number[] | number[][], requiresGrad = false) =>
  tensor(values, { dtype: 'float64', requiresGrad });
const small = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 6 });

describe('running sums and products', () => {
  test('along each dimension', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(x.cumsum(0).tolist()).toEqual([
      [1, 2, 3],
      [5, 7, 9],
    ]);
    expect(cumsum(x, -1).tolist()).toEqual([
      [1, 3, 6],
      [4, 9, 15],
    ]);
    expect(cumprod(x, 1).tolist()).toEqual([
      [1, 2, 6],
      [4, 20, 120],
    ]);
    expect(x.t().cumsum(0).tolist()).toEqual(x.cumsum(1).t().tolist());
    expect(tensor(7).cumsum(0).item()).toBe(7);
    expect(zeros([0, 2]).cumprod(0).shape).toEqual([0, 2]);
  });

  test('dtypes', () => {
    expect(tensor([true, true]).cumsum(0).tolist()).toEqual([1, 2]);
    expect(tensor([200, 100], { dtype: 'uint8' }).cumsum(0).tolist()).toEqual([200, 300]);
    expect(tensor([0, 3, 4]).cumsum(0, { dtype: 'bool' }).toArray()).toEqual(Uint8Array.of(0, 1, 1));
    expect(tensor([1, 2], { dtype: 'int32' }).cumprod(0, { dtype: 'float64' }).dtype).toBe('float64');
  });

  test('long float32 sums are as accurate as in float64', () => {
    expect(tensor(0.1).expand(1_000_000).cumsum(0).at(-1).item()).toBe(Math.fround(1_000_000 * Math.fround(0.1)));
  });

  test('the differences of running sums are the elements', () => {
    fc.assert(
      fc.property(small, (values) => {
        const x = tensor(values);
        expect(
          x
            .cumsum(0)
            .diff(1, -1, { prepend: zeros([1]) })
            .tolist(),
        ).toEqual(values);
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  test('products have the right derivatives if elements are 0', () => {
    fc.assert(
      fc.property(small, (values) => {
        const x = doubles(values, true);
        expect(gradcheck((t) => t.cumprod(0), [x])).toBe(true);
        expect(gradgradcheck((t) => t.cumprod(0), [x])).toBe(true);
        expect(gradcheck((t) => t.prod(), [x])).toBe(true);
        expect(gradgradcheck((t) => t.prod(0), [x])).toBe(true);
      }),
      { seed: 4, numRuns: 40 },
    );
    const x = doubles([2, 0, 3, 0], true);
    x.cumprod(0).sum().backward();
    // 1 + x2 + x2 x3 + x2 x3 x4, and so on.
    expect(x.grad!.tolist()).toEqual([1, 8, 0, 0]);
  });

  test('with an infinity the gradient of running products is the product of the others, without division', () => {
    const gradient = (...list: number[]) => {
      const x = tensor(list, { requiresGrad: true });
      x.cumprod(0).sum().backward();
      return x.grad!.tolist();
    };
    expect(gradient(2, Infinity)).toEqual([Infinity, 2]);
    // 2 + 2 · (-3) + 2 · (-3) · 0.5
    expect((gradient(2, Infinity, -3, 0.5) as number[])[1]).toBe(-7);
  });

  test('errors', () => {
    expect(() => tensor([1]).cumsum(1)).toThrow(IndexError);
    expect(() => tensor([1]).cumprod(-2)).toThrow('cumprod: dimension -2 is outside [-1, 0]');
  });
});

describe('logcumsumexp', () => {
  test('does not overflow, and handles infinities', () => {
    expectClose(tensor([0, 0, 0]).logcumsumexp(0), [0, Math.log(2), Math.log(3)]);
    expectClose(tensor([1000, 1000, 2000]).logcumsumexp(0), [1000, 1000 + Math.log(2), 2000]);
    expect(tensor([-inf, -inf, 1, -inf]).logcumsumexp(0).tolist()).toEqual([-inf, -inf, 1, 1]);
    expect(tensor([0, inf, 5]).logcumsumexp(0).tolist()).toEqual([0, inf, inf]);
    expect(tensor([0, nan, 5]).logcumsumexp(0).tolist()).toEqual([0, nan, nan]);
  });

  test('its gradient does not overflow either', () => {
    const x = doubles([1000, -1000, 1001], true);
    x.logcumsumexp(0).at(2).backward();
    const e = Math.exp(-1);
    expectClose(x.grad, [e / (1 + e), 0, 1 / (1 + e)], 1e-12);
    expect(() => tensor([1, 2], { dtype: 'int32' }).logcumsumexp(0)).toThrow(DtypeError);
  });
});

describe('cummax and cummin', () => {
  test('return the last of equals; NaN stays', () => {
    const { values, indices } = cummax(tensor([1, 3, 3, 2, nan, 5]), 0);
    expect(values.tolist()).toEqual([1, 3, 3, 3, nan, nan]);
    expect(indices.tolist()).toEqual([0, 1, 2, 2, 4, 4]);
    expect(indices.dtype).toBe('int32');
    expect(tensor([3, 1, 1, 2]).cummin(0).indices.tolist()).toEqual([0, 1, 2, 2]);
    expect(tensor([inf, inf]).cummin(0).indices.tolist()).toEqual([0, 1]);
  });

  test('gradients go to the positions of the values', () => {
    const x = tensor([1, 3, 3, 2], { requiresGrad: true });
    x.cummax(0).values.backward(tensor([1, 10, 100, 1000]));
    expect(x.grad!.tolist()).toEqual([1, 10, 1100, 0]);
  });
});

describe('diff', () => {
  test('once, repeated, along dimensions, with values before and after', () => {
    const x = tensor([1, 4, 9, 16]);
    expect(x.diff().tolist()).toEqual([3, 5, 7]);
    expect(diff(x, 2).tolist()).toEqual([2, 2]);
    expect(x.diff(9).shape).toEqual([0]);
    expect(x.diff(0).tolist()).toEqual(x.tolist());
    expect(x.diff(1, 0, { prepend: tensor([0]), append: tensor([20]) }).tolist()).toEqual([1, 3, 5, 7, 4]);
    expect(
      tensor([
        [1, 2],
        [5, 9],
      ])
        .diff(1, 0)
        .tolist(),
    ).toEqual([[4, 7]]);
    expect(tensor([true, true, false]).diff().tolist()).toEqual([false, true]);
  });

  test('errors', () => {
    expect(() => tensor(1).diff()).toThrow(ShapeError);
    expect(() => tensor([1]).diff(-1)).toThrow(ValueError);
    expect(() => tensor([1]).diff(1, 0, { prepend: zeros([1, 1]) })).toThrow(ShapeError);
  });
});

test('gradients next to zeros and infinities', () => {
  const dy = doubles([1, -2, 3, 4]);
  const a = doubles([2, 0, inf, 3], true);
  a.cumprod(0).backward(dy);
  expect(a.grad!.tolist()).toEqual([1, inf, 0, 0]);
  const b = doubles([0, 1, inf, 2], true);
  b.logcumsumexp(0).backward(dy);
  expectClose(b.grad, [0.46211716, -1.46211716, nan, 0]);
});
