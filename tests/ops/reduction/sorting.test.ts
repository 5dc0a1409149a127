import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arange,
  argsort,
  DtypeError,
  IndexError,
  kthvalue,
  ShapeError,
  searchsorted,
  sort,
  tensor,
  topk,
  unique,
  ValueError,
  zeros,
} from '../../../src';
import { ints } from '../../support/tensors';

const nan = Number.NaN;
const inf = Number.POSITIVE_INFINITY;
const lists = fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 12 });
const options = { seed: 11, numRuns: 100 };

describe('sort', () => {
  test('along each dimension, both ways, NaN largest', () => {
    const x = tensor([
      [3, 1, 2],
      [0, nan, -inf],
    ]);
    expect(sort(x).values.tolist()).toEqual([
      [1, 2, 3],
      [-inf, 0, nan],
    ]);
    expect(x.sort(-1, { descending: true }).indices.tolist()).toEqual([
      [0, 2, 1],
      [1, 0, 2],
    ]);
    expect(x.sort(0).values.tolist()).toEqual([
      [0, 1, -inf],
      [3, nan, 2],
    ]);
    expect(argsort(x, 0).tolist()).toEqual([
      [1, 0, 1],
      [0, 1, 0],
    ]);
    expect(tensor(5).sort().indices.item()).toBe(0);
    expect(tensor([true, false]).sort().values.tolist()).toEqual([false, true]);
    expect(() => x.sort(2)).toThrow(IndexError);
  });

  test('equals keep their order, and gather with the indices gives the values', () => {
    fc.assert(
      fc.property(lists, fc.boolean(), (values, descending) => {
        const x = tensor(values);
        const sorted = x.sort(0, { descending });
        const expected = values.map((v, i) => [v, i]).sort(([a, i], [b, j]) => (descending ? b - a : a - b) || i - j);
        expect(sorted.values.tolist()).toEqual(expected.map(([v]) => v));
        expect(sorted.indices.tolist()).toEqual(expected.map(([, i]) => i));
        expect(x.gather(0, sorted.indices).tolist()).toEqual(sorted.values.tolist());
        const k = Math.min(3, values.length);
        expect(x.topk(k, 0, { largest: descending }).indices.tolist()).toEqual(expected.slice(0, k).map(([, i]) => i));
      }),
      options,
    );
  });

  test('every dtype sorts alike', () => {
    const special = fc.constantFrom(0, -0, 1, -1, nan, inf, -inf, 1e-40, -1e-40, 3e38, -3e38, 2.5);
    fc.assert(
      fc.property(fc.array(special, { maxLength: 12 }), fc.boolean(), (values, descending) => {
        const x = tensor(values.map(Math.fround));
        expect(x.argsort(0, { descending }).tolist()).toEqual(x.double().argsort(0, { descending }).tolist());
      }),
      options,
    );
    expect(
      ints([3, -(2 ** 31), 2 ** 31 - 1, 0])
        .argsort()
        .tolist(),
    ).toEqual([1, 3, 0, 2]);
    expect(tensor([200, 3], { dtype: 'uint8' }).argsort(0, { descending: true }).tolist()).toEqual([0, 1]);
  });

  test('gradients go to the positions of the elements', () => {
    const x = tensor([3, 1, 2], { requiresGrad: true });
    x.sort().values.backward(tensor([10, 20, 30]));
    expect(x.grad!.tolist()).toEqual([30, 10, 20]);
    x.grad = null;
    topk(x, 2).values.backward(tensor([1, 2]));
    expect(x.grad!.tolist()).toEqual([1, 0, 2]);
  });
});

describe('topk and kthvalue', () => {
  const x = tensor([
    [5, 1, 4],
    [2, 6, 3],
  ]);

  test('along dimensions', () => {
    expect(x.topk(2).values.tolist()).toEqual([
      [5, 4],
      [6, 3],
    ]);
    expect(x.topk(1, 0, { largest: false }).values.tolist()).toEqual([[2, 1, 3]]);
    expect(x.topk(0).values.shape).toEqual([2, 0]);
    expect(kthvalue(x, 2).values.tolist()).toEqual([4, 3]);
    expect(x.kthvalue(1, 0, { keepdim: true }).indices.tolist()).toEqual([[1, 0, 1]]);
    expect(tensor([nan, 1]).kthvalue(2).values.item()).toBe(nan);
  });

  test('errors', () => {
    expect(() => x.topk(4)).toThrow('topk: k is 4; there are 3 elements along dimension 1 of [2, 3]');
    expect(() => x.topk(-1)).toThrow(ValueError);
    expect(() => x.kthvalue(0)).toThrow(ValueError);
    expect(() => x.kthvalue(3, 0)).toThrow(ValueError);
    expect(() => x.kthvalue(1, 2)).toThrow(IndexError);
  });
});

describe('unique', () => {
  test('elements, their positions and counts', () => {
    const x = ints([
      [3, 1],
      [3, 2],
    ]);
    expect(unique(x).tolist()).toEqual([1, 2, 3]);
    const [values, inverse, counts] = x.unique({ returnInverse: true, returnCounts: true });
    expect(values.tolist()).toEqual([1, 2, 3]);
    expect(inverse.tolist()).toEqual([
      [2, 0],
      [2, 1],
    ]);
    expect(counts.tolist()).toEqual([1, 1, 2]);
    expect(tensor([nan, 1, nan]).unique().tolist()).toEqual([1, nan, nan]);
  });

  test('entries along a dimension', () => {
    const x = tensor([
      [1, 0, 1],
      [2, 5, 2],
    ]);
    const [columns, inverse] = x.unique({ dim: 1, returnInverse: true });
    expect(columns.tolist()).toEqual([
      [0, 1],
      [5, 2],
    ]);
    expect(inverse.tolist()).toEqual([1, 0, 1]);
    expect(x.unique({ dim: 0 }).tolist()).toEqual(x.tolist());
    expect(() => x.unique({ dim: 2 })).toThrow(IndexError);
  });
});

describe('searching', () => {
  const sorted = tensor([1, 3, 5, 7]);

  test('left and right of equals', () => {
    expect(
      searchsorted(
        sorted,
        tensor([
          [0, 3],
          [4, 9],
        ]),
      ).tolist(),
    ).toEqual([
      [0, 1],
      [2, 4],
    ]);
    expect(searchsorted(sorted, 3, { right: true }).item()).toBe(2);
    expect(searchsorted(sorted, 3, { side: 'right' }).dtype).toBe('int32');
    expect(tensor([3, nan]).bucketize(sorted).tolist()).toEqual([1, 4]);
    expect(tensor([3]).bucketize(sorted, { right: true }).tolist()).toEqual([2]);
  });

  test('rows, and unsorted sequences', () => {
    const rows = tensor([
      [1, 2],
      [10, 20],
    ]);
    expect(searchsorted(rows, tensor([[2], [2]])).tolist()).toEqual([[1], [0]]);
    const x = tensor([5, 1, 3]);
    expect(searchsorted(x, 4, { sorter: x.argsort() }).item()).toBe(2);
  });

  test('agrees with counting', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: -5, max: 5 }), (values, v) => {
        const s = tensor(values).sort().values;
        expect(searchsorted(s, v).item()).toBe(values.filter((w) => w < v).length);
        expect(searchsorted(s, v, { right: true }).item()).toBe(values.filter((w) => w <= v).length);
      }),
      options,
    );
  });

  test('errors', () => {
    expect(() => tensor([1]).bucketize(zeros([2, 2]))).toThrow(ShapeError);
    expect(() => searchsorted(zeros([2, 2]), tensor([1]))).toThrow(ShapeError);
    expect(() => searchsorted(sorted, 1, { sorter: ints([0, 1]) })).toThrow(ShapeError);
    expect(() => searchsorted(sorted, 1, { sorter: ints([0, 1, 2, 4]) })).toThrow(IndexError);
    expect(() => searchsorted(sorted, 1, { side: 'left', right: true })).toThrow(ValueError);
  });
});

describe('bincount', () => {
  test('counts, or adds weights', () => {
    expect(ints([1, 3, 1]).bincount().tolist()).toEqual([0, 2, 0, 1]);
    expect(ints([1]).bincount({ minlength: 3 }).tolist()).toEqual([0, 1, 0]);
    expect(
      ints([1, 1, 0])
        .bincount({ weights: tensor([0.5, 0.25, 2]) })
        .tolist(),
    ).toEqual([2, 0.75]);
    expect(ints([0]).bincount({ weights: ints([3]) }).dtype).toBe('float64');
    expect(ints([]).bincount().shape).toEqual([0]);
  });

  test('errors', () => {
    expect(() => arange(4).reshape(2, 2).bincount()).toThrow(ShapeError);
    expect(() => tensor([true]).bincount()).toThrow(DtypeError);
    expect(() => ints([-1]).bincount()).toThrow(ValueError);
    expect(() => ints([1]).bincount({ weights: zeros([2]) })).toThrow(ShapeError);
    expect(() => ints([1]).bincount({ minlength: -1 })).toThrow(ValueError);
  });
});
