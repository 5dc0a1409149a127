import { describe, expect, test } from 'vitest';
import {
  arange,
  DtypeError,
  ellipsis,
  type Index,
  IndexError,
  narrow,
  ShapeError,
  select,
  slice,
  tensor,
  ValueError,
  zeros,
} from '../../../src';
import { ints } from '../../support/tensors';

const x = arange(24).reshape(2, 3, 4);

describe('at: views', () => {
  test('positions', () => {
    expect(x.at(1, 0).tolist()).toEqual([12, 13, 14, 15]);
    expect(x.at(1).shape).toEqual([3, 4]);
    expect(x.at(1, 2, 3).item()).toBe(23);
    expect(x.at(-1, -3, -4).item()).toBe(12);
    expect(x.at(0, 1).tolist()).toEqual([4, 5, 6, 7]);
    expect(x.at().shape).toEqual([2, 3, 4]);
    expect(tensor(5).at().item()).toBe(5);
  });

  test('slices', () => {
    const v = arange(10);
    const at = (...args: (number | null)[]) => v.at(slice(...(args as [number, number, number]))).tolist();
    expect(at(2, 5)).toEqual([2, 3, 4]);
    expect(at(2)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(at(-3)).toEqual([7, 8, 9]);
    expect(at(null, -7)).toEqual([0, 1, 2]);
    expect(at(1, 8, 3)).toEqual([1, 4, 7]);
    expect(at(null, null, 4)).toEqual([0, 4, 8]);
    expect(at(5, 2)).toEqual([]);
    expect(at(-100, 100)).toHaveLength(10);
    expect(at(10)).toEqual([]);
    expect(x.at(slice(), slice(1, 3), slice(0, 4, 2)).tolist()).toEqual([
      [
        [4, 6],
        [8, 10],
      ],
      [
        [16, 18],
        [20, 22],
      ],
    ]);
  });

  test('new dimensions and ellipsis', () => {
    expect(x.at(null).shape).toEqual([1, 2, 3, 4]);
    expect(x.at(0, null, slice(1, 2)).shape).toEqual([1, 1, 4]);
    expect(x.at('...', 0).tolist()).toEqual([
      [0, 4, 8],
      [12, 16, 20],
    ]);
    expect(x.at(ellipsis, null).shape).toEqual([2, 3, 4, 1]);
    expect(x.at(1, '...', slice(0, 2)).shape).toEqual([3, 2]);
    expect(x.at('...').shape).toEqual([2, 3, 4]);
    expect(x.at(0, 0, 0, '...').item()).toBe(0);
    expect(() => x.at('...', '...')).toThrow("an index can hold only one '...'");
  });

  test('share memory', () => {
    const y = zeros([3, 4]);
    y.at(1).fill_(5);
    y.at('...', slice(0, 4, 3)).add_(1);
    expect(y.tolist()).toEqual([
      [1, 0, 0, 1],
      [6, 5, 5, 6],
      [1, 0, 0, 1],
    ]);
    const m = zeros([2]);
    expect(m.at().add_(1).data).toBe(m.data);
    expect(m.tolist()).toEqual([1, 1]);
  });

  test('grids and masks as nested arrays', () => {
    expect(
      x
        .at(
          [
            [0, 1],
            [1, 1],
          ],
          0,
          0,
        )
        .tolist(),
    ).toEqual([
      [0, 12],
      [12, 12],
    ]);
    expect(x.at([true, false]).tolist()).toEqual(x.at([0]).tolist());
    expect(x.at(slice(), [false, true, true], 0).tolist()).toEqual(x.at(slice(), [1, 2], 0).tolist());
  });

  test('a single truth value adds a dimension of size 1 or 0', () => {
    expect(x.at(tensor(true)).shape).toEqual([1, 2, 3, 4]);
    expect(x.at(tensor(false)).shape).toEqual([0, 2, 3, 4]);
    expect(tensor(3).at(tensor(true)).tolist()).toEqual([3]);
  });

  test('narrow accepts its start as a tensor, too', () => {
    expect(
      tensor([1, 2, 3])
        .narrow(0, ints([-2]).at(0), 2)
        .tolist(),
    ).toEqual([2, 3]);
  });

  test('rejects positions out of range', () => {
    expect(() => x.at(2)).toThrow(IndexError);
    expect(() => x.at(2)).toThrow('at: position 2 is out of range for dimension 0 of size 2; positions are -2 to 1');
    expect(() => x.at(0, -4)).toThrow('position -4 is out of range for dimension 1 of size 3');
    expect(() => x.at(0.5)).toThrow(IndexError);
    expect(() => x.at(0, 0, 0, 0)).toThrow('at: 4 positions for a tensor of shape [2, 3, 4], which has 3 dimensions');
    expect(() => tensor(1).at(0)).toThrow(IndexError);
    expect(() => x.at('x' as unknown as Index)).toThrow(ValueError);
    expect(() => x.at(undefined as unknown as Index)).toThrow('got undefined');
  });
});

describe('at: lists of positions', () => {
  test('one list', () => {
    expect(x.at([1, 0, 1]).shape).toEqual([3, 3, 4]);
    expect(x.at(slice(), [2, -1, 0]).at(0, 0).tolist()).toEqual([8, 9, 10, 11]);
    expect(arange(5).at([4, 0, -1]).tolist()).toEqual([4, 0, 4]);
    expect(
      arange(5)
        .at(
          ints([
            [0, 1],
            [2, 3],
          ]),
        )
        .tolist(),
    ).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(arange(5).at([]).shape).toEqual([0]);
    expect(x.at('...', [0, 3]).shape).toEqual([2, 3, 2]);
    expect(x.at(1, [0, 2], slice(0, 2)).tolist()).toEqual([
      [12, 13],
      [20, 21],
    ]);
  });

  test('several lists broadcast together', () => {
    expect(x.at([0, 1], [2, 0]).tolist()).toEqual([
      [8, 9, 10, 11],
      [12, 13, 14, 15],
    ]);
    expect(x.at([0, 1], [2, 0], [1, 3]).tolist()).toEqual([9, 15]);
    expect(x.at(ints([[0], [1]]), ints([0, 2])).shape).toEqual([2, 2, 4]);
    expect(() => x.at([0, 1], [0, 1, 2])).toThrow(ShapeError);
  });

  test('lists that are not adjacent put their dimensions first', () => {
    expect(x.at([0, 1, 1], slice(), [1, 2, 3]).shape).toEqual([3, 3]);
    expect(x.at([0, 1], slice(), [1, 2]).tolist()).toEqual([
      [1, 5, 9],
      [14, 18, 22],
    ]);
    expect(x.at(slice(), [0, 1], [1, 2]).shape).toEqual([2, 2]);
    expect(zeros([2, 3, 4, 5]).at(slice(), [0, 1, 2], [1, 1, 1]).shape).toEqual([2, 3, 5]);
  });

  test('return copies', () => {
    const y = arange(3);
    y.at([0, 1]).zero_();
    expect(y.tolist()).toEqual([0, 1, 2]);
  });

  test('rejects positions out of range', () => {
    expect(() => x.at([0, 2])).toThrow('at: position 2 is out of range for dimension 0 of size 2');
    expect(() => x.at([0.5])).toThrow(ValueError);
    expect(() => x.at([0.5])).toThrow('a list of positions holds whole numbers, got 0.5');
    expect(() => x.at([true])).toThrow('at: a mask of shape [1] does not fit dimensions 0 on, of shape [2]');
    expect(() => x.at([[0], [1, 0]])).toThrow(ShapeError);
    expect(() => x.at(['0'] as unknown as number[])).toThrow(DtypeError);
    expect(() => x.at(tensor([0, 0.5]))).toThrow(ValueError);
    expect(() => x.at(tensor([0, 0.5]))).toThrow(
      'a list of positions must hold whole numbers, got 0.5 in float32; round it with round(), floor() or ceil()',
    );
  });
});

describe('at: masks', () => {
  test('select the elements where they are true, in order', () => {
    const m = arange(6).reshape(2, 3);
    expect(m.at(m.gt(2)).tolist()).toEqual([3, 4, 5]);
    expect(m.at(tensor([false, true])).tolist()).toEqual([[3, 4, 5]]);
    expect(m.at(slice(), tensor([true, false, true])).tolist()).toEqual([
      [0, 2],
      [3, 5],
    ]);
    expect(m.at(m.lt(0)).shape).toEqual([0]);
    expect(x.at(x.at('...', 0).gt(5)).tolist()).toEqual([
      [8, 9, 10, 11],
      [12, 13, 14, 15],
      [16, 17, 18, 19],
      [20, 21, 22, 23],
    ]);
    expect(m.t().at(m.t().gt(1)).tolist()).toEqual([3, 4, 2, 5]);
    expect(m.at(tensor([1, 0], { dtype: 'uint8' })).tolist()).toEqual([[0, 1, 2]]);
  });

  test('must have the shape of the masked dimensions', () => {
    expect(() => x.at(tensor([true, false, true]))).toThrow(ShapeError);
    expect(() => x.at(tensor([true, false, true]))).toThrow(
      'at: a mask of shape [3] does not fit dimensions 0 on, of shape [2]',
    );
    expect(() => x.at(slice(), zeros([3, 3], { dtype: 'bool' }))).toThrow('dimensions 1 on, of shape [3, 4]');
    expect(() => tensor([1]).at(zeros([1, 1], { dtype: 'bool' }))).toThrow(IndexError);
  });
});

test('select and narrow', () => {
  expect(x.select(1, 2).tolist()).toEqual([
    [8, 9, 10, 11],
    [20, 21, 22, 23],
  ]);
  expect(select(x, -1, -1).shape).toEqual([2, 3]);
  expect(x.narrow(2, 1, 2).at(0, 0).tolist()).toEqual([1, 2]);
  expect(narrow(x, 1, -2, 2).at(0, '...', 0).tolist()).toEqual([4, 8]);
  expect(x.narrow(0, 2, 0).shape).toEqual([0, 3, 4]);
  expect(x.select(0, 1).data).toBe(x.data);
  expect(() => x.select(0, 2)).toThrow(IndexError);
  expect(() => tensor(1).select(0, 0)).toThrow(ShapeError);
  expect(() => x.narrow(1, 2, 2)).toThrow('narrow: 2 entries from 2 do not exist in dimension 1 of size 3');
  expect(() => x.narrow(1, -4, 1)).toThrow(IndexError);
  expect(() => x.narrow(1, 0, -1)).toThrow(IndexError);
  expect(() => tensor(1).narrow(0, 0, 1)).toThrow('narrow: a single number has no dimension');
});

test('gradients accumulate at the positions of the elements', () => {
  const y = tensor([1, 2, 3], { requiresGrad: true });
  y.at([0, 0, 2])
    .mul(tensor([1, 10, 100]))
    .sum()
    .backward();
  expect(y.grad!.tolist()).toEqual([11, 0, 100]);
  y.grad = null;
  y.at(y.gt(1.5))
    .sum()
    .add(y.at(slice(0, 3, 2)).sum())
    .add(y.at(-1))
    .backward();
  expect(y.grad!.tolist()).toEqual([1, 1, 3]);
});
