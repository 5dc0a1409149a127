import { describe, expect, test } from 'vitest';
import {
  arange,
  blockDiag,
  broadcastTensors,
  columnStack,
  dstack,
  hstack,
  meshgrid,
  ones,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  vstack,
  zeros,
} from '../../../src';

describe('stacks', () => {
  const [v, w] = [tensor([1, 2]), tensor([3, 4])];

  test('of vectors and matrices', () => {
    expect(hstack([v, w]).tolist()).toEqual([1, 2, 3, 4]);
    expect(hstack([tensor(1), v]).tolist()).toEqual([1, 1, 2]);
    expect(hstack([ones([2, 1]), zeros([2, 3])]).shape).toEqual([2, 4]);
    expect(vstack([v, w]).tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(vstack([v, zeros([3, 2])]).shape).toEqual([4, 2]);
    expect(dstack([v, w]).tolist()).toEqual([
      [
        [1, 3],
        [2, 4],
      ],
    ]);
    expect(columnStack([v, w, zeros([2, 2])]).tolist()).toEqual([
      [1, 3, 0, 0],
      [2, 4, 0, 0],
    ]);
  });

  test('gradients are split back', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    columnStack([x, x.mul(2)])
      .mul(tensor([[1, 10]]))
      .sum()
      .backward();
    expect(x.grad!.tolist()).toEqual([21, 21]);
  });

  test('errors', () => {
    expect(() => hstack([])).toThrow('hstack: needs one tensor or more, got none');
    expect(() => vstack([v, 3 as unknown as Tensor])).toThrow('vstack: needs one tensor or more, got 3');
    expect(() => vstack([v, zeros([3])])).toThrow(ShapeError);
    expect(() => dstack([])).toThrow(ValueError);
  });
});

test('blockDiag', () => {
  const x = tensor([1, 2], { requiresGrad: true });
  const y = blockDiag(x, tensor([[3], [4]]), tensor(5));
  expect(y.tolist()).toEqual([
    [1, 2, 0, 0],
    [0, 0, 3, 0],
    [0, 0, 4, 0],
    [0, 0, 0, 5],
  ]);
  expect(blockDiag([x]).tolist()).toEqual([[1, 2]]);
  y.mul(arange(16).reshape(4, 4)).sum().backward();
  expect(x.grad!.tolist()).toEqual([0, 1]);
  expect(() => blockDiag(zeros([1, 1, 1]))).toThrow('blockDiag: needs matrices, got shape [1, 1, 1]');
  expect(() => blockDiag()).toThrow(ValueError);
});

test('broadcastTensors', () => {
  const [a, b, c] = broadcastTensors(tensor([[1], [2]]), tensor([3, 4, 5]), tensor(6));
  expect([a.tolist(), b.tolist(), c.tolist()]).toEqual([
    [
      [1, 1, 1],
      [2, 2, 2],
    ],
    [
      [3, 4, 5],
      [3, 4, 5],
    ],
    [
      [6, 6, 6],
      [6, 6, 6],
    ],
  ]);
  expect(broadcastTensors([ones([2])])[0].shape).toEqual([2]);
  expect(() => broadcastTensors(ones([2]), ones([3]))).toThrow(ShapeError);
});

describe('meshgrid', () => {
  test('returns one grid for each vector', () => {
    const [x, y] = meshgrid([tensor([1, 2, 3]), tensor([10, 20])]);
    expect(x.tolist()).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(y.tolist()).toEqual([
      [10, 20],
      [10, 20],
      [10, 20],
    ]);
    const [u, v] = meshgrid([tensor([1, 2, 3]), tensor([10, 20])], { indexing: 'xy' });
    expect(u.tolist()).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(v.tolist()).toEqual([
      [10, 10, 10],
      [20, 20, 20],
    ]);
    expect(meshgrid([arange(2), arange(3), tensor(5)], { indexing: 'xy' }).map((t) => t.shape)).toEqual([
      [3, 2, 1],
      [3, 2, 1],
      [3, 2, 1],
    ]);
    expect(meshgrid([arange(2)], { indexing: 'xy' })[0].tolist()).toEqual([0, 1]);
  });

  test('errors', () => {
    expect(() => meshgrid([ones([2, 2])])).toThrow('meshgrid: needs vectors, got shape [2, 2]');
    expect(() => meshgrid([arange(2)], { indexing: 'yx' as 'xy' })).toThrow(ValueError);
    expect(() => meshgrid([])).toThrow('meshgrid: needs one tensor or more, got none');
  });
});
