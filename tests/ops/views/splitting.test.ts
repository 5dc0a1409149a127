import { describe, expect, test } from 'vitest';
import {
  arange,
  chunk,
  dsplit,
  hsplit,
  IndexError,
  ones,
  ShapeError,
  split,
  splitWithSizes,
  type Tensor,
  tensor,
  tensorSplit,
  unbind,
  ValueError,
  vsplit,
  zeros,
} from '../../../src';

describe('splitting', () => {
  const x = arange(10).reshape(5, 2);
  const shapes = (ts: readonly Tensor[]) => ts.map((t) => t.shape);

  test('split into pieces of one size, or of given sizes', () => {
    expect(x.split(2).map((t) => t.tolist())).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [
        [4, 5],
        [6, 7],
      ],
      [[8, 9]],
    ]);
    expect(shapes(x.split([1, 0, 4]))).toEqual([
      [1, 2],
      [0, 2],
      [4, 2],
    ]);
    expect(split(x, 1, -1).map((t) => t.at('...', 0).tolist())).toEqual([
      [0, 2, 4, 6, 8],
      [1, 3, 5, 7, 9],
    ]);
    expect(shapes(x.split(100))).toEqual([[5, 2]]);
    expect(shapes(zeros([0]).split(3))).toEqual([[0]]);
    const y = zeros([4]);
    y.split(2)[1].add_(1);
    expect(y.tolist()).toEqual([0, 0, 1, 1]);
  });

  test('errors', () => {
    expect(() => x.split([2, 2])).toThrow('split: sizes [2,2] add up to 4, dimension 0 of [5, 2] has 5');
    expect(() => x.split([6, -1])).toThrow(ShapeError);
    expect(() => x.split(['5' as unknown as number])).toThrow(new ValueError("split: sizes must be numbers, got '5'"));
    expect(() => x.split(0)).toThrow(ValueError);
    expect(() => x.split(1.5)).toThrow('split: splitSize is 1.5; it must be a whole number, 1 or more');
    expect(() => x.split(1, 2)).toThrow(IndexError);
    expect(() => tensor(1).split(1)).toThrow(ShapeError);
  });

  test('unbind drops the dimension', () => {
    expect(x.unbind(1).map((t) => t.tolist())).toEqual([
      [0, 2, 4, 6, 8],
      [1, 3, 5, 7, 9],
    ]);
    expect(unbind(tensor([3, 4])).map((t) => t.item())).toEqual([3, 4]);
    expect(zeros([0, 2]).unbind()).toEqual([]);
    expect(
      zeros([2, 0])
        .unbind()
        .map((t) => t.shape),
    ).toEqual([[0], [0]]);
    expect(x.unbind()[1].data).toBe(x.data);
    expect(() => tensor(1).unbind()).toThrow(ShapeError);
    expect(() => x.unbind(2)).toThrow(IndexError);
  });

  test('splitWithSizes and chunk', () => {
    expect(shapes(splitWithSizes(x, [2, 3]))).toEqual(shapes(x.split([2, 3])));
    expect(shapes(x.chunk(2))).toEqual([
      [3, 2],
      [2, 2],
    ]);
    expect(shapes(chunk(arange(15), 7))).toEqual([[3], [3], [3], [3], [3]]);
    expect(shapes(x.chunk(1, 1))).toEqual([[5, 2]]);
    expect(shapes(zeros([0, 2]).chunk(3))).toEqual([
      [0, 2],
      [0, 2],
      [0, 2],
    ]);
    expect(() => x.chunk(0)).toThrow('chunk: chunks is 0; it must be a whole number, 1 or more');
    expect(() => tensor(1).chunk(1)).toThrow(ShapeError);
    expect(() => x.splitWithSizes([2, 2])).toThrow(ShapeError);
  });

  test('nodes have the names of PyTorch', () => {
    const w = ones([4], { requiresGrad: true });
    expect(w.split(2)[0].gradFn!.name).toBe('SplitBackward0');
    expect(w.split([1, 3])[0].gradFn!.name).toBe('SplitWithSizesBackward0');
    const [first, , third] = w.chunk(4);
    first.mul(2).add(third.mul(5)).sum().backward();
    expect(w.grad!.tolist()).toEqual([2, 0, 5, 0]);
  });

  test('tensorSplit: sections, or positions', () => {
    expect(shapes(x.tensorSplit(3))).toEqual([
      [2, 2],
      [2, 2],
      [1, 2],
    ]);
    expect(shapes(tensorSplit(x, [1, -2]))).toEqual([
      [1, 2],
      [2, 2],
      [2, 2],
    ]);
    expect(shapes(x.tensorSplit([4, 2, 9]))).toEqual([
      [4, 2],
      [0, 2],
      [3, 2],
      [0, 2],
    ]);
    expect(shapes(x.tensorSplit(tensor([1], { dtype: 'int32' }), 1))).toEqual([
      [5, 1],
      [5, 1],
    ]);
    expect(shapes(x.tensorSplit(tensor(6, { dtype: 'int32' })))).toHaveLength(6);
    expect(() => x.tensorSplit(0)).toThrow(ValueError);
    expect(() => x.tensorSplit([0.5])).toThrow('tensorSplit: the positions must be whole numbers, got [0.5]');
    expect(() => tensor(1).tensorSplit(1)).toThrow(ShapeError);
  });

  test('hsplit, vsplit, dsplit', () => {
    const y = arange(24).reshape(2, 3, 4);
    expect(shapes(hsplit(y, 3))).toEqual([
      [2, 1, 4],
      [2, 1, 4],
      [2, 1, 4],
    ]);
    expect(shapes(arange(6).hsplit([2]))).toEqual([[2], [4]]);
    expect(shapes(vsplit(y, 2))).toEqual([
      [1, 3, 4],
      [1, 3, 4],
    ]);
    expect(shapes(dsplit(y, [1]))).toEqual([
      [2, 3, 1],
      [2, 3, 3],
    ]);
    expect(() => y.hsplit(2)).toThrow('hsplit: dimension 1 of shape [2, 3, 4] does not divide into 2 equal sections');
    expect(() => y.vsplit(0)).toThrow(ShapeError);
    expect(() => arange(3).vsplit(3)).toThrow('vsplit: needs at least 2 dimensions, got a tensor of shape [3]');
    expect(() => tensor(1).hsplit(1)).toThrow(ShapeError);
  });
});

test('results of tensorSplit can be modified in place', () => {
  const leaf = arange(5, { dtype: 'float32', requiresGrad: true });
  const whole = leaf.mul(1);
  const [first, second] = whole.tensorSplit(2);
  expect(first.shape).toEqual([3]);
  second.mul_(3);
  whole.sum().backward();
  expect(leaf.grad!.tolist()).toEqual([1, 1, 1, 3, 3]);
});
