import { describe, expect, test } from 'vitest';
import {
  amax,
  amin,
  arange,
  argmax,
  argmin,
  DtypeError,
  IndexError,
  max,
  mean,
  min,
  ShapeError,
  sum,
  tensor,
  zeros,
} from '../../src';

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

  test('of nothing', () => {
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
  });
});

describe('extremes', () => {
  test('of everything', () => {
    expect([x.max().item(), x.min().item(), max(x).item(), min(x).item()]).toEqual([6, 1, 6, 1]);
    expect([amax(x).item(), amin(x).item()]).toEqual([6, 1]);
    expect(tensor([1, nan, 3]).max().item()).toBe(nan);
    expect(tensor([true, false]).max().dtype).toBe('bool');
  });

  test('along a dimension, with places', () => {
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

  test('their places', () => {
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

  test('nothing has no extreme', () => {
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
