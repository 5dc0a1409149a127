import { describe, expect, test } from 'vitest';
import type * as gradlab from '../../../src';
import {
  DtypeError,
  func,
  IndexError,
  median,
  quantile,
  ShapeError,
  std,
  stdMean,
  tensor,
  ValueError,
  var as variance,
  zeros,
} from '../../../src';
import { expectClose } from '../../support/close';

const nan = Number.NaN;
const x = tensor([
  [1, 2, 3],
  [4, 6, 8],
]);

describe('var and std', () => {
  test('over dimensions, with corrections', () => {
    expectClose(x.var(), 6.8);
    expectClose(x.var(1), [1, 4]);
    expectClose(x.std(-1, { correction: 0, keepdim: true }), [[Math.sqrt(2 / 3)], [Math.sqrt(8 / 3)]]);
    expectClose(variance(x, [0, 1], { unbiased: false }), 34 / 6);
    expectClose(x.var(null, { correction: 2 }), 34 / 4);
    expectClose(x.var(null, { correction: 0.5 }), 34 / 5.5);
    expectClose(x.std(0, { unbiased: true }), [3 / Math.SQRT2, 4 / Math.SQRT2, 5 / Math.SQRT2]);
    const [s, m] = stdMean(x, 1, { keepdim: true });
    expectClose(s, [[1], [2]]);
    expectClose(m, [[2], [6]]);
    expectClose(x.varMean()[0], 6.8);
  });

  test('large numbers keep their digits', () => {
    const shifted = tensor([1e8 + 1, 1e8 + 2, 1e8 + 3, 1e8 + 4], { dtype: 'float64' });
    expect(shifted.var().item()).toBe(5 / 3);
    expect(tensor([4096.5, 4096.25]).var().item()).toBe(0.03125);
  });

  test('of one element is NaN, like its gradient; of none too', () => {
    const one = tensor([3], { requiresGrad: true });
    const s = std(one);
    expect(s.item()).toBe(nan);
    s.backward();
    expect(one.grad!.tolist()).toEqual([nan]);
    expect(one.var(0, { correction: 0 }).item()).toBe(0);
    expect(zeros([0]).var().item()).toBe(nan);
    // The number of elements minus the correction is clamped to 0.
    expect(tensor([1, 3]).var(0, { correction: 3 }).item()).toBe(Number.POSITIVE_INFINITY);
  });

  test('the gradient of std is 0 if all elements are equal', () => {
    const y = tensor([2, 2, 2], { requiresGrad: true });
    y.std().backward();
    expect(y.grad!.tolist()).toEqual([0, 0, 0]);
    const z = tensor([1, 3], { requiresGrad: true });
    z.std().backward();
    expectClose(z.grad, [-Math.SQRT1_2, Math.SQRT1_2]);
  });

  test('errors', () => {
    expect(() => tensor([1, 2], { dtype: 'int32' }).var()).toThrow(DtypeError);
    expect(() => x.std(2)).toThrow(IndexError);
  });
});

describe('without NaN, and counting', () => {
  const y = tensor(
    [
      [1, nan, 3],
      [nan, nan, nan],
    ],
    { requiresGrad: true },
  );

  test('nansum, nanmean', () => {
    expect(y.nansum().item()).toBe(4);
    expect(y.nansum(1).tolist()).toEqual([4, 0]);
    expect(y.nanmean(1).tolist()).toEqual([2, nan]);
    expect(y.nanmean(0, { keepdim: true }).tolist()).toEqual([[1, nan, 3]]);
    y.nanmean().backward();
    expect(y.grad!.tolist()).toEqual([
      [0.5, 0, 0.5],
      [0, 0, 0],
    ]);
    expect(() => tensor([1], { dtype: 'int32' }).nanmean()).toThrow(DtypeError);
  });

  test('countNonzero', () => {
    expect(
      tensor([
        [0, 1],
        [nan, 0],
      ])
        .countNonzero()
        .item(),
    ).toBe(2);
    expect(
      tensor([
        [0, 1],
        [2, 0],
      ])
        .countNonzero(0)
        .tolist(),
    ).toEqual([1, 1]);
  });
});

describe('median', () => {
  test('the lower of two, with its index', () => {
    expect(tensor([4, 1, 3, 2]).median().item()).toBe(2);
    const { values, indices } = median(
      tensor([
        [4, 1, 3, 2],
        [5, 6, 7, 8],
      ]),
      1,
    );
    expect(values.tolist()).toEqual([2, 6]);
    expect(indices.tolist()).toEqual([3, 1]);
    expect(zeros([0]).median().item()).toBe(nan);
    expect(() => zeros([2, 0]).median(1)).toThrow(ShapeError);
  });

  test('NaN if there is one; equals share the gradient', () => {
    expect(tensor([1, nan, 0]).median().item()).toBe(nan);
    expect(tensor([1, nan, nan]).median(0).indices.item()).toBe(1);
    const y = tensor([1, 2, 2, 5], { requiresGrad: true });
    y.median().backward();
    expect(y.grad!.tolist()).toEqual([0, 0.5, 0.5, 0]);
    const z = tensor([1, nan, nan], { requiresGrad: true });
    z.median().backward();
    expect(z.grad!.tolist()).toEqual([0, 0.5, 0.5]);
  });
});

describe('quantile', () => {
  const y = tensor([3, 1, 4, 2]);

  test('between elements, as the interpolation says', () => {
    expect(y.quantile(0.5).item()).toBe(2.5);
    expectClose(y.quantile(0.4), 2.2);
    const of = (interpolation: 'lower' | 'higher' | 'nearest' | 'midpoint') =>
      y.quantile(0.4, 0, { interpolation }).item();
    expect([of('lower'), of('higher'), of('nearest'), of('midpoint')]).toEqual([2, 3, 2, 2.5]);
    expect(quantile(y, tensor([0, 0.5, 1])).tolist()).toEqual([1, 2.5, 4]);
  });

  test('shapes', () => {
    const z = tensor([
      [1, 2, 3],
      [10, 20, 30],
    ]);
    expect(z.quantile(0.5, 1).tolist()).toEqual([2, 20]);
    expect(z.quantile(0.5, 0, { keepdim: true }).tolist()).toEqual([[5.5, 11, 16.5]]);
    expect(z.quantile(tensor([0, 1]), 1).tolist()).toEqual([
      [1, 10],
      [3, 30],
    ]);
    expect(z.quantile(tensor([0, 1]), 0, { keepdim: true }).shape).toEqual([2, 1, 3]);
    expect(z.quantile(0.5, null, { keepdim: true }).shape).toEqual([1, 1]);
    expect(
      tensor([
        [1, nan],
        [2, 3],
      ])
        .quantile(0, 1)
        .tolist(),
    ).toEqual([nan, 2]);
  });

  test('gradients of the elements and of q', () => {
    const z = tensor([3, 1, 4, 2], { requiresGrad: true });
    const q = tensor(0.4, { requiresGrad: true });
    z.quantile(q).backward();
    expectClose(z.grad, [0.2, 0, 0, 0.8]);
    expectClose(q.grad, 3);
  });

  test('selecting a few gives the same as sorting the rows', () => {
    const rows = tensor([
      [3, 1, 3, 1, 2],
      [-1, 0, Number.POSITIVE_INFINITY, 0, 7],
      [5, 5, 5, 5, 5],
    ]);
    const gradientOf = (q: readonly number[], weights: readonly number[]) => {
      const z = rows.clone().requiresGrad_(true);
      z.quantile(tensor(q), 1).mul(tensor(weights).unsqueeze(1)).sum().backward();
      return z.grad!.tolist();
    };
    for (const interpolation of ['linear', 'lower', 'higher', 'nearest', 'midpoint'] as const)
      for (const q of [0, 0.25, 0.3, 0.6, 1]) {
        const many = rows.quantile(tensor([q, 0, 0.1]), 1, { interpolation }).select(0, 0);
        expect(rows.quantile(q, 1, { interpolation }).tolist()).toEqual(many.tolist());
      }
    expect(gradientOf([0.3, 0.6], [1, 2])).toEqual(gradientOf([0.3, 0.6, 0.1], [1, 2, 0]));
    expect(rows.quantile(zeros([0]), 1).shape).toEqual([0, 3]);
  });

  test('of each example of vmap, with a NaN in one of them', () => {
    const examples = tensor([
      [1, 2, 3],
      [1, nan, 2],
    ]);
    const of = (q: number | gradlab.Tensor) => func.vmap((row: gradlab.Tensor) => row.quantile(q));
    expectClose(of(0.3)(examples), [1.6, nan]);
    expectClose(of(0.3)(examples.narrow(0, 0, 1)), [1.6]);
    expectClose(of(tensor([0, 0.3]))(examples.narrow(0, 0, 1)), [[1, 1.6]]);
  });

  test('errors', () => {
    expect(() => y.quantile(1.1)).toThrow(ValueError);
    expect(() => y.quantile(0.5, 0, { interpolation: 'cubic' as 'linear' })).toThrow(ValueError);
    expect(() => y.quantile(tensor([[0.5]]))).toThrow(ShapeError);
    expect(() => y.quantile(tensor([0.5], { dtype: 'float64' }))).toThrow(DtypeError);
    expect(() => zeros([0]).quantile(0.5)).toThrow(ShapeError);
    expect(() => tensor([1], { dtype: 'int32' }).quantile(0.5)).toThrow(DtypeError);
  });
});

test('the mean returned with a variance or deviation is updated element by element', () => {
  const inf = Number.POSITIVE_INFINITY;
  const [, means] = tensor([
    [inf, 1, 2],
    [1, 2, inf],
    [1, nan, 2],
    [-inf, -inf, 0],
  ]).varMean(1);
  expect(means.tolist()).toEqual([nan, inf, nan, nan]);
  expect(
    tensor([1, 2, -inf])
      .stdMean()
      .map((y) => y.item()),
  ).toEqual([nan, -inf]);
  const leaf = tensor([1, 2, 6], { requiresGrad: true });
  const [v, m] = leaf.varMean(0);
  expect(m.gradFn!.name).toBe('VarMeanBackward0');
  v.add(m).backward();
  expectClose(leaf.grad, [-5 / 3, -2 / 3, 10 / 3]);
});

test('the gradient of a variance without degrees of freedom', () => {
  const inf = Number.POSITIVE_INFINITY;
  const gradient = (x: gradlab.Tensor, ...args: Parameters<gradlab.Tensor['var']>) => {
    x.requiresGrad_()
      .var(...args)
      .backward();
    return x.grad!.tolist();
  };
  expect(gradient(tensor(1.5), null, { correction: 2 })).toBe(nan);
  expect(gradient(tensor([1.5, 2.5]), null, { correction: 2 })).toEqual([inf, inf]);
  expect(gradient(tensor([1.5, 2.5]), 0, { correction: 2 })).toEqual([-inf, inf]);
});
