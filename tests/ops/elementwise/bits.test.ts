// Bitwise operations on integers: values of PyTorch.
import { describe, expect, test } from 'vitest';
import {
  bitwiseAnd,
  bitwiseLeftShift,
  bitwiseNot,
  bitwiseOr,
  bitwiseXor,
  DtypeError,
  ShapeError,
  tensor,
} from '../../../src';
import { bytes, ints } from '../../support/tensors';

const flags = tensor([true, false]);

describe('bitwise and, or, xor, not', () => {
  test('of integers', () => {
    const [a, b] = [ints([5, -3, 12]), ints([6, 6, -1])];
    expect(a.bitwiseAnd(b).tolist()).toEqual([4, 4, 12]);
    expect(a.bitwiseOr(b).tolist()).toEqual([7, -1, -1]);
    expect(a.bitwiseXor(b).tolist()).toEqual([3, -5, -13]);
    expect(a.bitwiseNot().tolist()).toEqual([-6, 2, -13]);
    expect(a.bitwiseAnd(b).dtype).toBe('int32');
    expect(bitwiseOr(ints([1, 2]).view(2, 1), ints([4, 8])).tolist()).toEqual([
      [5, 9],
      [6, 10],
    ]);
  });

  test('keep the dtype of bytes and bools', () => {
    const x = bytes([255, 1]);
    expect([x.bitwiseXor(bytes([1, 1])).tolist(), x.bitwiseNot().tolist()]).toEqual([
      [254, 0],
      [0, 254],
    ]);
    expect([x.bitwiseAnd(-2).tolist(), x.bitwiseAnd(-2).dtype]).toEqual([[254, 0], 'uint8']);
    expect(flags.bitwiseOr(tensor([false, false])).tolist()).toEqual([true, false]);
    expect(flags.bitwiseXor(tensor([true, true])).tolist()).toEqual([false, true]);
    expect(flags.bitwiseNot().tolist()).toEqual([false, true]);
  });

  test('promote like arithmetic; a number may come first', () => {
    expect(flags.bitwiseAnd(3).tolist()).toEqual([1, 0]);
    expect(valuesAndDtype(flags.bitwiseOr(bytes([4, 4])))).toEqual([[5, 4], 'uint8']);
    expect(bitwiseAnd(3, ints([5, 6])).tolist()).toEqual([1, 2]);
    expect(bitwiseXor(3, bytes([1])).dtype).toBe('uint8');
  });
});

const valuesAndDtype = (x: ReturnType<typeof ints>) => [x.tolist(), x.dtype];

describe('shifts', () => {
  test('multiply and divide by powers of 2, rounding down', () => {
    expect(
      ints([5, -5, 1])
        .bitwiseLeftShift(ints([1, 2, 31]))
        .tolist(),
    ).toEqual([10, -20, -(2 ** 31)]);
    expect(
      ints([5, -5, -5])
        .bitwiseRightShift(ints([1, 1, 2]))
        .tolist(),
    ).toEqual([2, -3, -2]);
    expect(bytes([255, 8]).bitwiseLeftShift(1).tolist()).toEqual([254, 16]);
    expect(valuesAndDtype(bytes([255]).bitwiseLeftShift(ints([1])))).toEqual([[510], 'int32']);
    expect(bitwiseLeftShift(1, ints([0, 3])).tolist()).toEqual([1, 8]);
  });

  test('by too many or negative positions leave no bit of the number', () => {
    expect(
      ints([5, 5, 5])
        .bitwiseLeftShift(ints([32, 70, -1]))
        .tolist(),
    ).toEqual([0, 0, 0]);
    expect(
      ints([5, -5, -5])
        .bitwiseRightShift(ints([32, 70, -1]))
        .tolist(),
    ).toEqual([0, -1, -1]);
    expect(bytes([255, 255]).bitwiseLeftShift(9).tolist()).toEqual([0, 0]);
    expect(
      bytes([255, 255])
        .bitwiseRightShift(bytes([7, 8]))
        .tolist(),
    ).toEqual([1, 0]);
  });
});

test('in place', () => {
  const x = ints([5, 12]);
  expect(x.bitwiseAnd_(6)).toBe(x);
  expect(x.tolist()).toEqual([4, 4]);
  expect(
    x
      .bitwiseOr_(ints([1, 2]))
      .bitwiseXor_(1)
      .bitwiseNot_()
      .tolist(),
  ).toEqual([-5, -8]);
  expect(x.bitwiseLeftShift_(2).bitwiseRightShift_(1).tolist()).toEqual([-10, -16]);
  expect(x.version).toBe(6);
  expect(() => flags.bitwiseOr_(1)).toThrow(
    new DtypeError(
      "bitwiseOr_: the result is int32, which a tensor of dtype bool cannot hold; convert it first with to('int32'), or use bitwiseOr()",
    ),
  );
  expect(() => x.bitwiseAnd_(ints([1]).view(1, 1))).toThrow(
    new ShapeError(
      'bitwiseAnd_: the result has shape [1, 2], which does not fit into the tensor of shape [2]; an in-place operation cannot stretch its tensor',
    ),
  );
  expect(flags.tolist()).toEqual([true, false]);
});

test('reject floats; shifts of two bools are rejected, too', () => {
  const error = new DtypeError("bitwiseAnd: float32 numbers have no bits to work on; convert them with to('int32')");
  expect(() => tensor([1]).bitwiseAnd(1)).toThrow(error);
  expect(() => ints([1]).bitwiseAnd(1.5)).toThrow(error);
  expect(() => bitwiseNot(tensor([1]))).toThrow(DtypeError);
  expect(() => flags.bitwiseLeftShift(flags)).toThrow('bitwiseLeftShift: needs numbers, got a bool tensor');
  expect(() => flags.bitwiseRightShift(flags)).toThrow(DtypeError);
  expect(flags.bitwiseLeftShift(1).tolist()).toEqual([2, 0]);
});
