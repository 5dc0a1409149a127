import ndarray from 'ndarray';
import { describe, expect, test } from 'vitest';
import { arange, IndexError, ones, slice, tensor, ValueError, zeros } from '../../src';

describe('sizes', () => {
  test('ndim, dim, numel, size', () => {
    const x = zeros([2, 0, 3]);
    expect([x.ndim, x.dim(), x.numel()]).toEqual([3, 3, 0]);
    expect(x.size()).toEqual([2, 0, 3]);
    expect([x.size(0), x.size(-1)]).toEqual([2, 3]);
    expect(tensor(1).numel()).toBe(1);
    expect(() => x.size(3)).toThrow(IndexError);
    expect(() => x.size(3)).toThrow('size: dimension 3 is outside [-3, 2] for a tensor of 3 dimensions');
    expect(() => x.size(0.5)).toThrow(IndexError);
    expect(() => tensor(1).size(0)).toThrow('size: there is no dimension 0; the tensor is a single number');
  });

  test('isContiguous checks strides, not gaps before the first element', () => {
    const x = arange(12).reshape(3, 4);
    expect(x.isContiguous()).toBe(true);
    expect(x.t().isContiguous()).toBe(false);
    expect(x.at(slice(1, 3)).isContiguous()).toBe(true);
    expect(x.at('...', slice(0, 2)).isContiguous()).toBe(false);
    expect(x.at(slice(), slice(0, 4, 2)).isContiguous()).toBe(false);
    expect(zeros([0, 3]).t().isContiguous()).toBe(true);
    expect(ones([1, 3]).t().isContiguous()).toBe(true);
  });
});

describe('reading', () => {
  test('item returns the only element', () => {
    expect(tensor([[2.5]]).item()).toBe(2.5);
    expect(tensor(true).item()).toBe(1);
    expect(arange(6).at(4).item()).toBe(4);
    expect(() => zeros([2, 2]).item()).toThrow(ValueError);
    expect(() => zeros([2, 2]).item()).toThrow('item: a tensor of shape [2, 2] has 4 elements, not one');
    expect(() => zeros([0]).item()).toThrow('has 0 elements');
  });

  test('tolist and toArray follow the shape, not the memory', () => {
    const x = arange(6).reshape(2, 3).t();
    expect(x.tolist()).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(x.toArray()).toEqual(Int32Array.of(0, 3, 1, 4, 2, 5));
    expect(tensor([true, false]).tolist()).toEqual([true, false]);
    expect(tensor(7).tolist()).toBe(7);
    expect(zeros([2, 0]).tolist()).toEqual([[], []]);
  });

  test('toArray is a copy', () => {
    const x = tensor([1, 2]);
    x.toArray()[0] = 9;
    expect(x.tolist()).toEqual([1, 2]);
  });
});

describe('ndarray', () => {
  test('a tensor of an ndarray shares its memory, strides and offset', () => {
    const nd = ndarray(new Float32Array([0, 1, 2, 3, 4, 5]), [2, 3]);
    const x = tensor(nd.transpose(1, 0));
    expect(x.shape).toEqual([3, 2]);
    expect(x.dtype).toBe('float32');
    expect(x.tolist()).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    nd.set(0, 2, 20);
    expect(x.at(2, 0).item()).toBe(20);
    x.setAt([0, 1], -3);
    expect(nd.get(1, 0)).toBe(-3);
    expect(tensor(nd.lo(1, 1).hi(1, 2)).tolist()).toEqual([[4, 5]]);
  });

  test('reversed ndarrays (negative strides) work in operations', () => {
    const nd = ndarray(new Float64Array([1, 2, 3, 4]), [4]).step(-1);
    const x = tensor(nd);
    expect(x.dtype).toBe('float64');
    expect(x.tolist()).toEqual([4, 3, 2, 1]);
    expect(x.mul(2).tolist()).toEqual([8, 6, 4, 2]);
    expect(x.sum().item()).toBe(10);
    expect(x.at(slice(1, 3)).tolist()).toEqual([3, 2]);
    expect(x.reshape(2, 2).tolist()).toEqual([
      [4, 3],
      [2, 1],
    ]);
    x.add_(1);
    expect(Array.from(nd.data)).toEqual([2, 3, 4, 5]);
  });

  test('the ndarray of a tensor is one view of the same memory', () => {
    const x = arange(6).reshape(2, 3).t();
    const nd = x.ndarray;
    expect(x.ndarray).toBe(nd);
    expect(nd.shape).toEqual([3, 2]);
    expect(nd.get(2, 1)).toBe(5);
    nd.set(2, 1, 50);
    expect(x.at(2, 1).item()).toBe(50);
    expect(x.at(slice(1, 3)).ndarray.get(1, 1)).toBe(50);
  });

  test('rejects conversions, which would need a copy, and arrays without dtype', () => {
    const nd = ndarray(new Float32Array(2), [2]);
    expect(() => tensor(nd, { dtype: 'float64' })).toThrow(
      "tensor: the ndarray holds float32 and is shared, not copied; convert with to('float64')",
    );
    const plain = ndarray([1, 2] as unknown as Float32Array, [2]);
    expect(() => tensor(plain)).toThrow('Array has no dtype here');
  });
});

describe('slice', () => {
  test('keeps its three parts', () => {
    expect({ ...slice() }).toEqual({ start: null, end: null, step: 1 });
    expect({ ...slice(-3, null, 2) }).toEqual({ start: -3, end: null, step: 2 });
  });

  test('rejects negative steps and fractions', () => {
    for (const step of [0, -1, 1.5]) expect(() => slice(0, 3, step)).toThrow(ValueError);
    expect(() => slice(0, 3, -1)).toThrow('slice: step is -1; it must be a whole number, 1 or more');
    expect(() => slice(0.5)).toThrow('slice: position 0.5 is not a whole number');
    expect(() => slice(0, 2.5)).toThrow(ValueError);
  });
});

test('notebooks and consoles show the result of toString', () => {
  const x = tensor([6, 8]);
  const shown = x as unknown as Record<symbol, () => unknown>;
  expect(shown[Symbol.for('nodejs.util.inspect.custom')]()).toBe('tensor([6., 8.])');
  expect(shown[Symbol.for('Jupyter.display')]()).toEqual({ 'text/plain': 'tensor([6., 8.])' });
  expect(`${x}`).toBe('tensor([6., 8.])');
});
