import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  arange,
  type Dtype,
  DtypeError,
  empty,
  emptyLike,
  eye,
  full,
  fullLike,
  linspace,
  logspace,
  type NestedInput,
  ones,
  onesLike,
  ShapeError,
  tensor,
  ValueError,
  zeros,
  zerosLike,
} from '../../src';
import { expectClose } from '../support/close';

describe('tensor', () => {
  test('accepts numbers, booleans and nested lists', () => {
    expect(tensor(3).shape).toEqual([]);
    expect(tensor(3).item()).toBe(3);
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(x.shape).toEqual([2, 3]);
    expect(x.stride).toEqual([3, 1]);
    expect(x.dtype).toBe('float32');
    expect(Array.from(x.data)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor([]).shape).toEqual([0]);
  });

  test('chooses the dtype: numbers float32, booleans bool, mixed float32, typed arrays their own', () => {
    expect(tensor([1, 2]).dtype).toBe('float32');
    expect(tensor([true, false]).dtype).toBe('bool');
    expect(tensor(true).dtype).toBe('bool');
    expect(tensor([true, 2]).dtype).toBe('float32');
    expect(tensor(new Float64Array([1, 2])).dtype).toBe('float64');
    expect(tensor(new Int32Array([1, 2])).dtype).toBe('int32');
    expect(tensor(new Uint8Array([1, 2])).dtype).toBe('uint8');
    expect(tensor([new Float32Array([1, 2]), new Float32Array([3, 4])]).tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(tensor([], { dtype: 'int32' }).dtype).toBe('int32');
  });

  test('converts to the given dtype', () => {
    expect(tensor([0.1]).data[0]).toBe(Math.fround(0.1));
    expect(tensor([0.1], { dtype: 'float64' }).data[0]).toBe(0.1);
    expect(tensor([1.9, -1.9], { dtype: 'int32' }).tolist()).toEqual([1, -1]);
    expect(tensor([0, 0.5, -2], { dtype: 'bool' }).tolist()).toEqual([false, true, true]);
    expect(tensor(new Float32Array([0, 7]), { dtype: 'bool' }).toArray()).toEqual(Uint8Array.of(0, 1));
  });

  test('copies its argument', () => {
    const values = new Float32Array([1, 2]);
    const x = tensor(values);
    values[0] = 9;
    expect(x.tolist()).toEqual([1, 2]);
  });

  test('accepts requiresGrad for floats only', () => {
    expect(tensor([1], { requiresGrad: true }).requiresGrad).toBe(true);
    expect(tensor([1]).requiresGrad).toBe(false);
    for (const dtype of ['int32', 'uint8', 'bool'] as const)
      expect(() => tensor([1], { dtype, requiresGrad: true })).toThrow(AutogradError);
    expect(() => zeros(2, { dtype: 'int32', requiresGrad: true })).toThrow(
      "zeros: only float32 and float64 tensors can require a gradient, this one is int32; convert it with to('float32')",
    );
  });

  test('names the ragged row, and values that are not numbers', () => {
    expect(() => tensor([[1, 2], [3]])).toThrow(ShapeError);
    expect(() => tensor([[1, 2], [3]])).toThrow('[1] has 1 entries where 2 was expected');
    expect(() => tensor([[1, 2], 3])).toThrow('[1] is a single value where a list of 2 was expected');
    expect(() => tensor([1, [2]])).toThrow('[1] has 1 entries where a number was expected');
    const wrong = (v: unknown) => tensor(v as NestedInput);
    expect(() => wrong([1, 'a'])).toThrow(DtypeError);
    expect(() => wrong([[1, 'a']])).toThrow("[0][1] is 'a', not a number or boolean");
    expect(() => wrong(null)).toThrow('the value is null');
    expect(() => wrong(undefined)).toThrow('the value is undefined');
    expect(() => wrong(new DataView(new ArrayBuffer(4)))).toThrow('a DataView does not say what its bytes are');
    expect(() => wrong(tensor([1]))).toThrow('a tensor already; copy it with clone()');
    expect(() => tensor([1], { dtype: 'float16' as Dtype })).toThrow(
      "tensor: unknown dtype 'float16'; use one of float64, float32, int32, uint8, bool",
    );
  });
});

describe('constant tensors', () => {
  test('have the given value, shape and dtype', () => {
    expect(zeros([2, 3]).tolist()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(zeros(2).shape).toEqual([2]);
    expect(zeros([]).shape).toEqual([]);
    expect(zeros([0, 4]).numel()).toBe(0);
    expect(ones([2], { dtype: 'int32' }).toArray()).toEqual(Int32Array.of(1, 1));
    expect(ones([2], { dtype: 'bool' }).tolist()).toEqual([true, true]);
    expect(full([2], 2.5).toArray()).toEqual(Float32Array.of(2.5, 2.5));
    expect(full([1], true).dtype).toBe('bool');
    expect(full([1], 7, { dtype: 'bool' }).toArray()).toEqual(Uint8Array.of(1));
  });

  test('use shape and dtype of another tensor', () => {
    const x = tensor([[1, 2]], { dtype: 'float64', requiresGrad: true });
    expect(zerosLike(x).tolist()).toEqual([[0, 0]]);
    expect(zerosLike(x).dtype).toBe('float64');
    expect(zerosLike(x).requiresGrad).toBe(false);
    expect(onesLike(x, { dtype: 'int32' }).dtype).toBe('int32');
    expect(onesLike(x).tolist()).toEqual([[1, 1]]);
    expect(fullLike(x, 3).tolist()).toEqual([[3, 3]]);
    expect(fullLike(x.t(), 3).shape).toEqual([2, 1]);
    expect(fullLike(x.t(), 3).isContiguous()).toBe(true);
  });

  test('reject an invalid shape, naming the function', () => {
    expect(() => zeros([2, -1])).toThrow('zeros: [2, -1] is not a shape: sizes are whole numbers, 0 or more');
    expect(() => ones(1.5)).toThrow(ShapeError);
    expect(() => ones(1.5)).toThrow('ones: [1.5] is not a shape');
    expect(() => full([Number.NaN], 1)).toThrow('full: [NaN] is not a shape');
    expect(() => eye(-1)).toThrow('eye: [-1, -1] is not a shape');
    expect(() => zeros(1, { dtype: 'long' as Dtype })).toThrow("zeros: unknown dtype 'long'");
  });
});

test('empty tensors can be written', () => {
  expect(empty([2, 3]).shape).toEqual([2, 3]);
  expect(empty(2, { dtype: 'int32' }).dtype).toBe('int32');
  expect(emptyLike(ones([2, 1], { dtype: 'float64' })).dtype).toBe('float64');
  expect(() => empty([-1])).toThrow('empty: [-1] is not a shape');
});

describe('logspace', () => {
  test('spaces the exponents evenly', () => {
    expect(logspace(0, 3, 4).tolist()).toEqual([1, 10, 100, 1000]);
    expect(logspace(3, 0, 4, { base: 2, dtype: 'int32' }).tolist()).toEqual([8, 4, 2, 1]);
    expectClose(logspace(-1, 1, 3, { dtype: 'float64' }), [0.1, 1, 10], 1e-15);
    expect(logspace(2, 9, 1).tolist()).toEqual([100]);
    expect(logspace(0, 1, 0).shape).toEqual([0]);
    expect(logspace(0, 1, 2, { requiresGrad: true }).requiresGrad).toBe(true);
  });

  test('needs a number of steps', () => {
    expect(() => logspace(0, 1, -1)).toThrow('logspace: steps is -1; it must be a whole number, 0 or more');
    expect(() => logspace(tensor([1]), 1, 1)).toThrow(
      'logspace: start and end must be numbers, or tensors of one number',
    );
    expect(linspace(tensor(1), tensor(2), 3).tolist()).toEqual([1, 1.5, 2]);
  });
});

test('arange holds any values of its dtype', () => {
  expect(() => arange(2 ** 31, 2 ** 31 + 1)).toThrow('arange: 2147483648 does not fit into int32');
  expect(() => arange(0, 300, 1, { dtype: 'uint8' })).toThrow(ValueError);
  expect(arange(2 ** 31 - 2, 2 ** 31).tolist()).toEqual([2 ** 31 - 2, 2 ** 31 - 1]);
  expect(arange(false as unknown as number, true as unknown as number).tolist()).toEqual([0]);
});

describe('arange', () => {
  test('counts up to but not including the end', () => {
    expect(arange(4).tolist()).toEqual([0, 1, 2, 3]);
    expect(arange(1, 4).tolist()).toEqual([1, 2, 3]);
    expect(arange(5, 0, -2).tolist()).toEqual([5, 3, 1]);
    expect(arange(0).shape).toEqual([0]);
    expect(arange(3, 3).shape).toEqual([0]);
    expectClose(arange(0, 1, 0.25), [0, 0.25, 0.5, 0.75]);
    expect(arange(1, 2.5, 0.5).shape).toEqual([3]);
  });

  test('is int32 for integers and float32 otherwise', () => {
    expect(arange(4).dtype).toBe('int32');
    expect(arange(0, 1, 0.5).dtype).toBe('float32');
    expect(arange(0.5, 3).dtype).toBe('float32');
    expect(arange(3, { dtype: 'float64' }).dtype).toBe('float64');
    expect(arange(0, 3, { requiresGrad: true, dtype: 'float32' }).requiresGrad).toBe(true);
  });

  test('rejects a step of 0, away from the end, or without end', () => {
    for (const [start, end, step] of [
      [0, 3, 0],
      [0, 3, -1],
      [3, 0, 1],
      [0, Number.POSITIVE_INFINITY, 1],
      [Number.NaN, 1, 1],
    ]) {
      expect(() => arange(start, end, step)).toThrow(ValueError);
      expect(() => arange(start, end, step)).toThrow(`arange: no way from ${start} to ${end} in steps of ${step}`);
    }
  });
});

describe('linspace', () => {
  test('has both ends exactly', () => {
    expect(linspace(0, 1, 5).tolist()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(linspace(2, -2, 3).tolist()).toEqual([2, 0, -2]);
    expect(linspace(3, 9, 1).tolist()).toEqual([3]);
    expect(linspace(0, 1, 0).shape).toEqual([0]);
    const x = linspace(-0.3, 0.7, 11, { dtype: 'float64' });
    expect(x.data[0]).toBe(-0.3);
    expect(x.data[10]).toBe(0.7);
    expect(linspace(0, 1, 3).dtype).toBe('float32');
    // 10/3 and 20/3 are truncated to integers, as in torch.linspace(0, 10, 4, dtype=torch.int64).
    expect(linspace(0, 10, 4, { dtype: 'int32' }).tolist()).toEqual([0, 3, 6, 10]);
    expect(linspace(1e307, 0, 3, { dtype: 'float64' }).tolist()).toEqual([1e307, 5e306, 0]);
  });

  test('has the numbers of torch.linspace, to the last bit', () => {
    const x = linspace(-5.54258365951361, 6.400155337855324, 7);
    const y = [-5.542583465576172, -3.552126884460449, -1.5616703033447266, 0.4287858009338379, 2.4192423820495605];
    expect(x.tolist()).toEqual([...y, 4.409698963165283, 6.400155544281006]);
    const int32 = { dtype: 'int32' } as const;
    expect(linspace(8.16, -25, 10, int32).tolist()).toEqual([8, 4, 0, -2, -6, -10, -14, -17, -21, -25]);
    expect(linspace(39, -37, 7, int32).tolist()).toEqual([39, 26, 13, 0, -11, -24, -37]);
    expect(linspace(1.7, 9.9, 4, int32).tolist()).toEqual([1, 3, 6, 9]);
    expect(logspace(0, 9, 4, int32).tolist()).toEqual([1, 1000, 1000000, 1000000000]);
    expect(logspace(4.276, 3, 1, { ...int32, base: 2 }).tolist()).toEqual([19]);
    expect(
      logspace(0, 13, 14, { ...int32, base: 5 })
        .at(-1)
        .item(),
    ).toBe(1220703125);
  });

  test('rejects what an integer dtype cannot hold', () => {
    expect(() => linspace(0, 2 ** 31, 3, { dtype: 'int32' })).toThrow('linspace: 2147483648 does not fit into int32');
    expect(() => logspace(0, 12, 4, { dtype: 'int32' })).toThrow('logspace: 1000000000000 does not fit into int32');
    expect(() => linspace(0, 300, 3, { dtype: 'uint8' })).toThrow('linspace: 300 does not fit into uint8');
    expect(() => linspace(-0.5, 3, 2, { dtype: 'uint8' })).toThrow('linspace: -0.5 does not fit into uint8');
  });

  test('a negative integer wraps around to a byte', () => {
    expect(linspace(-2, 2, 9, { dtype: 'uint8' }).tolist()).toEqual([254, 222, 191, 159, 128, 96, 65, 33, 2]);
  });

  test('rejects a negative or fractional count', () => {
    expect(() => linspace(0, 1, -1)).toThrow('linspace: steps is -1; it must be a whole number, 0 or more');
    expect(() => linspace(0, 1, 2.5)).toThrow(ValueError);
  });
});

test('eye has ones on the diagonal', () => {
  expect(eye(2).tolist()).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(eye(2, 3).tolist()).toEqual([
    [1, 0, 0],
    [0, 1, 0],
  ]);
  expect(eye(3, 1).tolist()).toEqual([[1], [0], [0]]);
  expect(eye(0).shape).toEqual([0, 0]);
  expect(eye(2, { dtype: 'float64' }).dtype).toBe('float64');
  expect(eye(2, 2, { dtype: 'bool' }).tolist()).toEqual([
    [true, false],
    [false, true],
  ]);
});
