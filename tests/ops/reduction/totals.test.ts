import { describe, expect, test } from 'vitest';
import {
  all,
  amax,
  amin,
  any,
  arange,
  argmax,
  argmin,
  DtypeError,
  IndexError,
  logsumexp,
  max,
  mean,
  min,
  prod,
  ShapeError,
  sum,
  tensor,
  zeros,
} from '../../../src';
import { expectClose } from '../../support/close';

const { NaN: nan } = Number;
const x = tensor([
  [1, 5, 3],
  [4, 2, 6],
]);

describe('sum and mean', () => {
  test('over everything, a dimension, several', () => {
    expect(x.sum().item()).toBe(21);
    expect(x.sum(0).tolist()).toEqual([5, 7, 9]);
    expect(x.sum(-1).tolist()).toEqual([9, 12]);
    expect(x.sum([0, 1]).shape).toEqual([]);
    expect(x.sum([]).item()).toBe(21);
    expect(x.sum(1, { keepdim: true }).tolist()).toEqual([[9], [12]]);
    expect(x.sum(null, { keepdim: true }).shape).toEqual([1, 1]);
    expect(sum(x, 0).tolist()).toEqual([5, 7, 9]);
    expect(x.mean().item()).toBe(3.5);
    expect(x.mean(0).tolist()).toEqual([2.5, 3.5, 4.5]);
    expect(mean(x, 1, { keepdim: true }).tolist()).toEqual([[3], [4]]);
    expect(tensor(7).sum().item()).toBe(7);
    expect(tensor(7).mean(0).item()).toBe(7);
    const y = arange(24).reshape(2, 3, 4);
    expect(y.sum([0, 2]).tolist()).toEqual([60, 92, 124]);
    expect(y.sum(1).tolist()).toEqual([
      [12, 15, 18, 21],
      [48, 51, 54, 57],
    ]);
    expect(y.permute(2, 0, 1).sum([1, 2]).tolist()).toEqual([60, 66, 72, 78]);
  });

  test('of empty tensors', () => {
    expect(zeros([0, 3]).sum(0).tolist()).toEqual([0, 0, 0]);
    expect(zeros([0, 3]).sum(1).shape).toEqual([0]);
    expect(zeros([0]).mean().item()).toBe(nan);
  });

  test('long float32 sums stay accurate', () => {
    // Added one by one in float32, ten million times 0.1 gives 1,087,937.
    expect(tensor(0.1).expand(10_000_000).sum().item()).toBe(1_000_000);
    expect(tensor(0.1).expand(1_000_000).mean().item()).toBe(Math.fround(0.1));
  });

  test('dtypes', () => {
    expect(tensor([true, true]).sum().tolist()).toBe(2);
    expect(tensor([200, 100], { dtype: 'uint8' }).sum().item()).toBe(300);
    expect(tensor([1, 2], { dtype: 'int32' }).sum(null, { dtype: 'float64' }).dtype).toBe('float64');
    expect(tensor([0.5, 0.5]).sum(null, { dtype: 'int32' }).item()).toBe(0);
    expect(() => arange(3).mean()).toThrow(DtypeError);
  });

  test('errors', () => {
    expect(() => x.sum(2)).toThrow(IndexError);
    expect(() => x.sum(2)).toThrow('sum: dimension 2 is outside [-2, 1] for a tensor of 2 dimensions');
    expect(() => x.mean([0, -2])).toThrow('mean: dimension 0 appears twice');
    expect(() => x.std({ correction: 0 } as never)).toThrow(
      'std: dimensions are a number or a list of numbers, got an object; options come after them, as in ' +
        'x.sum(null, { keepdim: true })',
    );
  });
});

describe('products and logarithms of sums', () => {
  test('prod', () => {
    expect(x.prod().item()).toBe(720);
    expect(prod(x, 1).tolist()).toEqual([15, 48]);
    expect(x.prod(0, { keepdim: true }).tolist()).toEqual([[4, 10, 18]]);
    expect(tensor([true, true]).prod().dtype).toBe('int32');
    expect(zeros([0]).prod().item()).toBe(1);
    const gradient = (values: number[]) => {
      const y = tensor(values, { requiresGrad: true });
      y.prod().backward();
      return y.grad!.tolist();
    };
    expect(gradient([2, 3, 4])).toEqual([12, 8, 6]);
    expect(gradient([2, 0, 4])).toEqual([0, 8, 0]);
    expect(gradient([0, 0, 4])).toEqual([0, 0, 0]);
  });

  test('logsumexp does not overflow, and handles infinities', () => {
    const inf = Number.POSITIVE_INFINITY;
    expectClose(logsumexp(tensor([1000, 1000]), 0), 1000 + Math.log(2));
    expectClose(x.logsumexp([0, 1], { keepdim: true }), [
      [Math.log([1, 5, 3, 4, 2, 6].reduce((s, v) => s + Math.exp(v), 0))],
    ]);
    const y = tensor([
      [-inf, -inf],
      [inf, 1],
    ]);
    expect(y.logsumexp(1).tolist()).toEqual([-inf, inf]);
    expect(zeros([0]).logsumexp(0).item()).toBe(-inf);
    expect(arange(2).logsumexp(0).dtype).toBe('float32');
  });
});

describe('all and any', () => {
  const y = tensor([
    [1, 0],
    [nan, 2],
  ]);

  test('over dimensions; NaN differs from 0', () => {
    expect(y.all().item()).toBe(0);
    expect(any(y).item()).toBe(1);
    expect(all(y, 1).tolist()).toEqual([false, true]);
    expect(y.any([0, 1], { keepdim: true }).tolist()).toEqual([[true]]);
    expect(zeros([0]).all().tolist()).toBe(true);
    expect(zeros([0]).any().tolist()).toBe(false);
  });

  test('an empty list of dimensions keeps every element; bytes stay bytes', () => {
    expect(y.all([]).tolist()).toEqual([
      [true, false],
      [true, true],
    ]);
    expect(tensor([3, 0], { dtype: 'uint8' }).any().dtype).toBe('uint8');
    expect(tensor([3, 0], { dtype: 'uint8' }).any([]).tolist()).toEqual([1, 0]);
  });
});

describe('extremes', () => {
  test('of everything', () => {
    expect([x.max().item(), x.min().item(), max(x).item(), min(x).item()]).toEqual([6, 1, 6, 1]);
    expect([amax(x).item(), amin(x).item()]).toEqual([6, 1]);
    expect(tensor([1, nan, 3]).max().item()).toBe(nan);
    expect(tensor([true, false]).max().dtype).toBe('bool');
  });

  test('along a dimension, with indices', () => {
    const { values, indices } = x.max(1);
    expect(values.tolist()).toEqual([5, 6]);
    expect(indices.tolist()).toEqual([1, 2]);
    expect(indices.dtype).toBe('int32');
    expect(x.min(0).values.tolist()).toEqual([1, 2, 3]);
    expect(min(x, 0).indices.tolist()).toEqual([0, 1, 0]);
    expect(max(x, -1, { keepdim: true }).values.tolist()).toEqual([[5], [6]]);
    expect(max(x, -1, { keepdim: true }).indices.shape).toEqual([2, 1]);
    expect(tensor(3).max(0).indices.item()).toBe(0);
    expect(x.t().max(0).values.tolist()).toEqual([5, 6]);
    expect(zeros([0, 3]).max(1).values.shape).toEqual([0]);
  });

  test('the first of equals wins, NaN beats all', () => {
    expect(tensor([2, 7, 7]).max(0).indices.item()).toBe(1);
    expect(tensor([2, 7, 7, 2]).argmin().item()).toBe(0);
    expect(tensor([1, nan, 9, nan]).argmax().item()).toBe(1);
    expect(tensor([1, nan, -9]).min(0).indices.item()).toBe(1);
  });

  test('several dimensions', () => {
    const y = arange(24).reshape(2, 3, 4);
    expect(y.amax([0, 2]).tolist()).toEqual([15, 19, 23]);
    expect(y.amin([1, 2], { keepdim: true }).tolist()).toEqual([[[0]], [[12]]]);
    expect(y.amax(1).shape).toEqual([2, 4]);
  });

  test('their indices', () => {
    expect(argmax(x).item()).toBe(5);
    expect(x.argmax(1).tolist()).toEqual([1, 2]);
    expect(argmin(x, 0, { keepdim: true }).tolist()).toEqual([[0, 1, 0]]);
    expect(x.t().argmax().item()).toBe(5);
    expect(x.argmax(null, { keepdim: true }).shape).toEqual([1, 1]);
  });

  test('gradients: equals share it without dim, the first has it along one', () => {
    const y = tensor([2, 7, 7], { requiresGrad: true });
    y.max().backward();
    expect(y.grad!.tolist()).toEqual([0, 0.5, 0.5]);
    y.grad = null;
    y.amax(0).backward();
    expect(y.grad!.tolist()).toEqual([0, 0.5, 0.5]);
    y.grad = null;
    y.max(0).values.backward();
    expect(y.grad!.tolist()).toEqual([0, 1, 0]);
  });

  test('NaN: max passes its gradient to them, amax does not', () => {
    const y = tensor([1, nan, nan], { requiresGrad: true });
    y.max().backward();
    expect(y.grad!.tolist()).toEqual([0, 0.5, 0.5]);
    y.grad = null;
    y.amax().backward();
    expect(y.grad!.tolist()).toEqual([nan, nan, nan]);
  });

  test('of pairs, and both at once', () => {
    expect(x.max(tensor(3)).tolist()).toEqual([
      [3, 5, 3],
      [4, 3, 6],
    ]);
    expect(min(x, tensor([2, 2, 2])).tolist()).toEqual([
      [1, 2, 2],
      [2, 2, 2],
    ]);
    const both = x.aminmax({ dim: 0, keepdim: true });
    expect([both.min.tolist(), both.max.tolist()]).toEqual([[[1, 2, 3]], [[4, 5, 6]]]);
    expect(() => tensor([true]).argmax()).toThrow(DtypeError);
  });

  test('of empty tensors throw', () => {
    const none = zeros([2, 0]);
    for (const run of [
      () => none.max(),
      () => none.amin(1),
      () => none.max(1),
      () => none.argmax(),
      () => none.argmin(1),
    ])
      expect(run).toThrow(ShapeError);
    expect(() => x.max(5)).toThrow(IndexError);
  });
});
