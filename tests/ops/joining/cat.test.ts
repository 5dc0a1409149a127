import { describe, expect, test } from 'vitest';
import {
  cat,
  grad,
  IndexError,
  ones,
  ShapeError,
  stack,
  type Tensor,
  tensor,
  ValueError,
  where,
  zeros,
} from '../../../src';

const a = tensor([
  [1, 2],
  [3, 4],
]);
const b = tensor([[5, 6]]);

describe('cat', () => {
  test('joins along a dimension', () => {
    expect(cat([a, b]).tolist()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(cat([a, b.t()], 1).tolist()).toEqual([
      [1, 2, 5],
      [3, 4, 6],
    ]);
    expect(cat([a.t(), a], -1).tolist()).toEqual([
      [1, 3, 1, 2],
      [2, 4, 3, 4],
    ]);
    expect(cat([b]).tolist()).toEqual([[5, 6]]);
    expect(cat([zeros([0, 2]), a]).shape).toEqual([2, 2]);
    expect(cat([zeros([0]), a, zeros([0])]).tolist()).toEqual(a.tolist());
    const copy = cat([a]);
    copy.zero_();
    expect(a.sum().item()).toBe(10);
  });

  test('promotes', () => {
    expect(cat([tensor([1], { dtype: 'int32' }), tensor([0.5])]).tolist()).toEqual([1, 0.5]);
    expect(cat([tensor([true]), tensor([2], { dtype: 'uint8' })]).dtype).toBe('uint8');
    const x = tensor([1], { requiresGrad: true });
    cat([x, tensor([2], { dtype: 'float64' })])
      .mul(3)
      .sum()
      .backward();
    expect([x.grad!.dtype, x.grad!.item()]).toEqual(['float32', 3]);
  });

  test('errors', () => {
    expect(() => cat([])).toThrow('cat: needs at least one tensor');
    expect(() => cat([a, tensor([[1, 2, 3]])])).toThrow(
      'cat: shapes [2, 2], [1, 3] differ in another dimension than 0, along which they are joined',
    );
    expect(() => cat([a, tensor([1, 2])])).toThrow(ShapeError);
    expect(() => cat([tensor(1), tensor(2)])).toThrow('use stack()');
    expect(() => cat([a, a], 2)).toThrow(IndexError);
  });

  test('an empty vector has an empty gradient', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const none = zeros([0], { requiresGrad: true });
    const [gNone, gX] = grad(cat([x, none]).square().sum(), [none, x], { createGraph: true });
    expect([gNone.shape, gNone.requiresGrad, gX.requiresGrad]).toEqual([[0], false, true]);
  });

  test('gradients, with an empty part', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const none = zeros([0], { requiresGrad: true });
    cat([x, none, x])
      .mul(tensor([1, 10, 100, 1000]))
      .sum()
      .backward();
    expect(x.grad!.tolist()).toEqual([101, 1010]);
    expect(none.grad!.shape).toEqual([0]);
  });
});

test('stack joins along a new dimension', () => {
  expect(stack([tensor(1), tensor(2)]).tolist()).toEqual([1, 2]);
  expect(stack([a, a.t()]).shape).toEqual([2, 2, 2]);
  expect(stack([tensor([1, 2]), tensor([3, 4])], 1).tolist()).toEqual([
    [1, 3],
    [2, 4],
  ]);
  expect(stack([tensor([1, 2]), tensor([3, 4])], -1).tolist()).toEqual([
    [1, 3],
    [2, 4],
  ]);
  expect(stack([zeros([0]), zeros([0])]).shape).toEqual([2, 0]);
  expect(stack([tensor([1], { dtype: 'int32' }), tensor([0.5])]).dtype).toBe('float32');
  expect(() => stack([a, b])).toThrow('stack: all shapes must be equal, got [2, 2], [1, 2]');
  expect(() => stack([])).toThrow(ShapeError);
  expect(() => stack([a], 3)).toThrow(IndexError);
});

describe('where', () => {
  test('selects from one or the other; all three broadcast', () => {
    const x = tensor([[1], [-2]]);
    expect(where(x.gt(0), x, 0).tolist()).toEqual([[1], [0]]);
    expect(where(tensor([true, false]), x, tensor([10, 20])).tolist()).toEqual([
      [1, 20],
      [-2, 20],
    ]);
    expect(where(tensor([true, false]), 1, -1).tolist()).toEqual([1, -1]);
    expect(where(tensor([true, false]), 1, -1).dtype).toBe('int32');
    expect(where(tensor([true, false]), 0.5, tensor([1, 2], { dtype: 'int32' })).tolist()).toEqual([0.5, 2]);
    expect(where(tensor(true), tensor([1, 2]).expand(2, 2), x).tolist()).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test('of only a condition returns the positions where it is not 0', () => {
    const at = (x: Tensor) => where(x).map((list) => list.tolist());
    expect(
      at(
        tensor([
          [true, false],
          [true, true],
        ]),
      ),
    ).toEqual([
      [0, 1, 1],
      [0, 0, 1],
    ]);
    expect(at(tensor([0, -0.5, 0]))).toEqual([[1]]);
    expect(at(tensor(1))).toEqual([[0]]);
    expect(where(tensor([0]))[0].dtype).toBe('int32');
    expect(() => where(3 as never)).toThrow('where: the condition must be a tensor, got 3');
  });

  test('errors', () => {
    expect(() => where(a, a, a)).toThrow(ValueError);
    expect(() => where(a, a, a)).toThrow('where: the condition must be a bool tensor, got float32');
    expect(() => where(tensor([true, false]), ones([3]), 0)).toThrow('where: shapes [2] and [3] do not broadcast');
  });

  test('the branch not taken gets no gradient, even if it is infinite', () => {
    const x = tensor([0, 4], { requiresGrad: true });
    const y = where(x.gt(0), x.mul(2), 0);
    y.sum().backward();
    expect(x.grad!.tolist()).toEqual([0, 2]);
  });
});
