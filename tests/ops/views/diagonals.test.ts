import { describe, expect, test } from 'vitest';
import {
  arange,
  diag,
  diagEmbed,
  diagflat,
  diagonal,
  IndexError,
  ShapeError,
  tensor,
  trace,
  tril,
  triu,
  zeros,
} from '../../../src';
import { expectShared } from '../../support/shared';

const x = arange(12).reshape(3, 4);

describe('diagonal', () => {
  test('is a view, of any two dimensions', () => {
    expect(x.diagonal().tolist()).toEqual([0, 5, 10]);
    expect(x.diagonal({ offset: 2 }).tolist()).toEqual([2, 7]);
    expect(diagonal(x, { offset: -1 }).tolist()).toEqual([4, 9]);
    expect(x.diagonal({ offset: 4 }).shape).toEqual([0]);
    expect(x.diagonal({ dim1: 1, dim2: 0, offset: 1 }).tolist()).toEqual([4, 9]);
    const y = arange(24).reshape(2, 3, 4);
    expect(y.diagonal({ dim1: -1, dim2: 0 }).tolist()).toEqual([
      [0, 13],
      [4, 17],
      [8, 21],
    ]);
    expectShared(y, y.diagonal());
  });

  test('errors', () => {
    expect(() => x.diagonal({ dim1: 1, dim2: -1 })).toThrow('diagonal: dimensions 1 and -1 are the same');
    expect(() => x.diagonal({ dim2: 2 })).toThrow(IndexError);
    expect(() => tensor([1]).diagonal()).toThrow('diagonal: dimension 1 is outside [-1, 0]');
    expect(() => tensor(1).diagonal({ dim1: 0, dim2: 0 })).toThrow(ShapeError);
  });

  test('writes to it are part of the history of its matrix', () => {
    const w = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { requiresGrad: true },
    );
    const y = w.mul(1);
    y.diagonal().mul_(10);
    expect(y.tolist()).toEqual([
      [10, 2],
      [3, 40],
    ]);
    y.sum().backward();
    expect(w.grad!.tolist()).toEqual([
      [10, 1],
      [1, 10],
    ]);
  });

  test('it shows writes to its matrix', () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const y = w.mul(1).expand(2, 2).clone();
    const d = y.diagonal();
    y.mul_(3);
    d.sum().backward();
    expect(d.tolist()).toEqual([3, 6]);
    expect(w.grad!.tolist()).toEqual([3, 3]);
  });
});

test('diagEmbed puts the last dimension on a diagonal', () => {
  expect(tensor([1, 2]).diagEmbed({ offset: -1 }).tolist()).toEqual([
    [0, 0, 0],
    [1, 0, 0],
    [0, 2, 0],
  ]);
  const y = arange(6).reshape(2, 3);
  expect(diagEmbed(y).shape).toEqual([2, 3, 3]);
  expect(y.diagEmbed({ dim1: 0, dim2: 2 }).shape).toEqual([3, 2, 3]);
  expect(y.diagEmbed({ offset: 1, dim1: 0, dim2: 2 }).diagonal({ offset: 1, dim1: 0, dim2: 2 }).equal(y)).toBe(true);
  expect(y.diagEmbed().sum().item()).toBe(15);
  expect(() => y.diagEmbed({ dim1: 3 })).toThrow('diagEmbed: dimension 3 is outside [-3, 2]');
  expect(() => y.diagEmbed({ dim1: -1 })).toThrow(IndexError);
  expect(() => tensor(1).diagEmbed()).toThrow(ShapeError);
});

test('diag extracts a diagonal or creates a matrix', () => {
  expect(diag(tensor([1, 2]), 1).tolist()).toEqual([
    [0, 1, 0],
    [0, 0, 2],
    [0, 0, 0],
  ]);
  const d = x.diag(-1);
  expect(d.tolist()).toEqual([4, 9]);
  d.zero_();
  expect(x.sum().item()).toBe(66);
  expect(() => zeros([2, 2, 2]).diag()).toThrow(
    'diag: needs a vector or a matrix, got shape [2, 2, 2]; see diagonal()',
  );
  expect(() => tensor(1).diag()).toThrow(ShapeError);
  expect(diagflat(tensor([[1, 2]]), -1).tolist()).toEqual([
    [0, 0, 0],
    [1, 0, 0],
    [0, 2, 0],
  ]);
  expect(diagflat(tensor(3)).tolist()).toEqual([[3]]);
});

test('trace sums the main diagonal', () => {
  expect(trace(x).item()).toBe(15);
  expect(zeros([0, 3]).trace().item()).toBe(0);
  expect(() => zeros([2]).trace()).toThrow(ShapeError);
  expect(() => zeros([2, 2, 2]).trace()).toThrow('trace: needs a matrix, got shape [2, 2, 2]');
});

describe('triangles', () => {
  test('keep one side of a diagonal', () => {
    expect(tril(x).tolist()).toEqual([
      [0, 0, 0, 0],
      [4, 5, 0, 0],
      [8, 9, 10, 0],
    ]);
    expect(triu(x, 1).tolist()).toEqual([
      [0, 1, 2, 3],
      [0, 0, 6, 7],
      [0, 0, 0, 11],
    ]);
    for (const k of [-5, -2, -1, 0, 1, 3, 9]) {
      expect(
        x
          .tril(k)
          .add(x.triu(k + 1))
          .equal(x),
      ).toBe(true);
      expect(x.t().triu(-k).equal(x.tril(k).t())).toBe(true);
    }
    const batch = arange(18).reshape(2, 3, 3);
    expect(batch.triu(-1).at(1).equal(batch.at(1).triu(-1))).toBe(true);
    expect(zeros([2, 0, 3]).tril().shape).toEqual([2, 0, 3]);
    expect(x.gt(3).tril().dtype).toBe('bool');
  });

  test('in place, on a view', () => {
    const y = arange(9).reshape(3, 3);
    expect(y.t().tril_(-1).tolist()).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [2, 5, 0],
    ]);
    expect(y.triu_(2).tolist()).toEqual([
      [0, 0, 2],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  test('need matrices', () => {
    expect(() => tensor([1]).tril()).toThrow('tril: needs a matrix, or matrices in the last two dimensions, got [1]');
    expect(() => tensor(1).triu()).toThrow(ShapeError);
  });

  test('a removed infinity has no gradient', () => {
    const w = tensor(
      [
        [1, Number.POSITIVE_INFINITY],
        [2, 3],
      ],
      { requiresGrad: true },
    );
    w.tril().mul(2).sum().backward();
    expect(w.grad!.tolist()).toEqual([
      [2, 0],
      [2, 2],
    ]);
  });
});
