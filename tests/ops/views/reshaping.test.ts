import { describe, expect, test } from 'vitest';
import {
  arange,
  atleast1d,
  atleast2d,
  atleast3d,
  broadcastTo,
  gradgradcheck,
  IndexError,
  movedim,
  ones,
  ravel,
  ShapeError,
  selectScatter,
  swapaxes,
  tensor,
  unflatten,
  zeros,
} from '../../../src';
import { expectShared } from '../../support/shared';

describe('dimensions moved and divided', () => {
  const x = arange(24).reshape(2, 3, 4);

  test('movedim', () => {
    expect(x.movedim(0, -1).shape).toEqual([3, 4, 2]);
    expect(x.movedim([0, 2], [1, 0]).shape).toEqual([4, 2, 3]);
    expect(movedim(x, [0, 1], [-1, 0]).at(2, 3, 1).item()).toBe(x.at(1, 2, 3).item());
    expect(tensor(1).movedim([], []).shape).toEqual([]);
    expect(tensor(1).movedim(0, 0).item()).toBe(1);
    expectShared(x, x.movedim(0, 2));
    expect(() => x.movedim([0, 0], [1, 2])).toThrow('movedim: dimension 0 appears twice in [0, 0]');
    expect(() => x.movedim([0, 1], [1, -2])).toThrow(IndexError);
    expect(() => x.movedim(0, 3)).toThrow(IndexError);
    expect(() => x.movedim([0, 1], [2])).toThrow('movedim: 2 dimensions cannot move to 1 places');
  });

  test('swapaxes is transpose', () => {
    expect(swapaxes(x, 0, 2).equal(x.transpose(0, 2))).toBe(true);
  });

  test('unflatten', () => {
    expect(x.unflatten(2, [2, 2]).shape).toEqual([2, 3, 2, 2]);
    expect(unflatten(x, -3, [-1, 1]).shape).toEqual([2, 1, 3, 4]);
    expect(zeros([4, 0]).unflatten(1, [2, 0, 3]).shape).toEqual([4, 2, 0, 3]);
    expectShared(x, x.unflatten(0, [2, 1]));
    expect(() => x.unflatten(2, [3, 2])).toThrow('unflatten: 4 elements do not fill shape [3, 2]');
    expect(() => x.unflatten(2, [])).toThrow(ShapeError);
    expect(() => x.unflatten(3, [2, 2])).toThrow(IndexError);
    expect(() => tensor(1).unflatten(0, [1])).toThrow(ShapeError);
  });

  test('in the shape of another tensor', () => {
    const like = zeros([6, 4]);
    expect(x.viewAs(like).shape).toEqual([6, 4]);
    expect(x.transpose(0, 1).reshapeAs(like).shape).toEqual([6, 4]);
    expect(ones([1, 4]).expandAs(like).shape).toEqual([6, 4]);
    expect(
      broadcastTo(tensor([1, 2]), 3, 2)
        .sum()
        .item(),
    ).toBe(9);
    expect(ravel(x.transpose(0, 1)).tolist()).toEqual(x.transpose(0, 1).reshape(24).tolist());
    expect(() => x.transpose(0, 1).viewAs(like)).toThrow(ShapeError);
    expect(() => x.reshapeAs(zeros([5]))).toThrow(ShapeError);
    expect(() => x.expandAs(zeros([4]))).toThrow(ShapeError);
  });

  test('at least one, two and three dimensions', () => {
    const list = [zeros([]), zeros([2, 3])];
    expect([atleast1d, atleast2d, atleast3d].map((f) => f(list).map((x) => x.shape))).toEqual([
      [[1], [2, 3]],
      [
        [1, 1],
        [2, 3],
      ],
      [
        [1, 1, 1],
        [2, 3, 1],
      ],
    ]);
    expect(() => atleast2d(3 as never)).toThrow('atleast2d: the input must be a tensor');
    const shapes = (f: (t: typeof x) => typeof x) => [[], [5], [2, 3], [2, 3, 4]].map((s) => f(zeros(s)).shape);
    expect(shapes(atleast1d)).toEqual([[1], [5], [2, 3], [2, 3, 4]]);
    expect(shapes(atleast2d)).toEqual([
      [1, 1],
      [1, 5],
      [2, 3],
      [2, 3, 4],
    ]);
    expect(shapes(atleast3d)).toEqual([
      [1, 1, 1],
      [1, 5, 1],
      [2, 3, 1],
      [2, 3, 4],
    ]);
  });
});

describe('copies with a part replaced', () => {
  const x = tensor(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    { requiresGrad: true },
  );

  test('an entry, a slice, a diagonal', () => {
    expect(selectScatter(x, tensor([7, 8, 9]), 0, 1).tolist()).toEqual([
      [1, 2, 3],
      [7, 8, 9],
    ]);
    expect(x.sliceScatter(zeros([2, 2]), { dim: -1, start: 0, step: 2 }).tolist()).toEqual([
      [0, 2, 0],
      [0, 5, 0],
    ]);
    expect(x.sliceScatter(zeros([1, 3]), { end: 1 }).tolist()).toEqual([
      [0, 0, 0],
      [4, 5, 6],
    ]);
    expect(x.diagonalScatter(tensor([8, 9]), { offset: 1 }).tolist()).toEqual([
      [1, 8, 3],
      [4, 5, 9],
    ]);
    expect(x.sum().item()).toBe(21);
  });

  test('gradients go to the remaining and to the new part', () => {
    const src = tensor([7, 8], { requiresGrad: true });
    const weights = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    x.selectScatter(src, 1, -1).mul(weights).sum().backward();
    expect(x.grad!.tolist()).toEqual([
      [1, 2, 0],
      [4, 5, 0],
    ]);
    expect(src.grad!.tolist()).toEqual([3, 6]);
    expect(
      gradgradcheck(
        (a, b) => a.selectScatter(b, 0, 0).pow(2),
        [x.detach().double().requiresGrad_(), tensor([1, 2, 3], { dtype: 'float64', requiresGrad: true })],
      ),
    ).toBe(true);
  });

  test('the part must have the right shape', () => {
    expect(() => x.selectScatter(zeros([2]), 0, 1)).toThrow(
      'selectScatter: src has shape [2]; it takes the place of [3]',
    );
    expect(() => x.selectScatter(zeros([3]), 0, 2)).toThrow(IndexError);
    expect(() => x.sliceScatter(zeros([3]), { end: 1 })).toThrow(ShapeError);
    expect(() => x.diagonalScatter(zeros([3]))).toThrow(ShapeError);
  });
});

test('flatten checks the dimensions of a scalar, too', () => {
  expect(tensor(1).flatten().shape).toEqual([1]);
  expect(() => tensor(1).flatten(0, 1)).toThrow(IndexError);
});

test('t of a vector is a view with its own history', () => {
  const x = tensor([1, 2], { requiresGrad: true });
  expect(x.t().isLeaf).toBe(false);
});
