import { describe, expect, test } from 'vitest';
import { arange, clone, type Dtype, DtypeError, maskedFill, ShapeError, tensor, zeros } from '../../../src';

describe('copies', () => {
  test('clone has new memory, in the same order of dimensions', () => {
    const x = arange(6).reshape(2, 3).t();
    const y = x.clone();
    expect(y.equal(x)).toBe(true);
    expect(y.stride).toEqual([1, 3]);
    y.zero_();
    expect(x.tolist()).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(clone(x).data).not.toBe(x.data);
  });

  test('contiguous copies only non-contiguous tensors', () => {
    const x = arange(6).reshape(2, 3);
    expect(x.contiguous()).toBe(x);
    const y = x.t().contiguous();
    expect(Array.from(y.data)).toEqual([0, 3, 1, 4, 2, 5]);
  });

  test('copy_ broadcasts and converts', () => {
    const x = zeros([2, 2]);
    expect(x.copy_(tensor([1, 2]))).toBe(x);
    expect(x.tolist()).toEqual([
      [1, 2],
      [1, 2],
    ]);
    x.copy_(7);
    expect(x.at(1, 1).item()).toBe(7);
    const whole = zeros([2], { dtype: 'int32' });
    whole.copy_(tensor([1.7, -1.7]));
    expect(whole.tolist()).toEqual([1, -1]);
    const flags = zeros([2], { dtype: 'bool' });
    flags.copy_(tensor([0, 5]));
    expect(flags.toArray()).toEqual(Uint8Array.of(0, 1));
    flags.fill_(3);
    expect(flags.toArray()).toEqual(Uint8Array.of(1, 1));
    expect(() => x.copy_(zeros([3]))).toThrow(ShapeError);
    expect(() => x.copy_(zeros([3, 2, 2]))).toThrow('copy_: a source of shape [3, 2, 2] does not fit');
  });

  test('a view can be copied to one that it overlaps', () => {
    const x = arange(4);
    x.narrow(0, 1, 3).copy_(x.narrow(0, 0, 3));
    expect(x.tolist()).toEqual([0, 0, 1, 2]);
  });

  test('fill_ and zero_', () => {
    const x = zeros([2]);
    expect(x.fill_(2.5).tolist()).toEqual([2.5, 2.5]);
    expect(x.zero_().tolist()).toEqual([0, 0]);
  });
});

describe('conversion', () => {
  test('to, and its short forms', () => {
    const x = tensor([-1.5, 0, 2.7]);
    expect(x.to('float32')).toBe(x);
    expect(x.to('int32').tolist()).toEqual([-1, 0, 2]);
    expect(x.int().dtype).toBe('int32');
    expect(x.double().dtype).toBe('float64');
    expect(x.double().tolist()).toEqual([-1.5, 0, Math.fround(2.7)]);
    expect(x.bool().tolist()).toEqual([true, false, true]);
    expect(x.bool().float().tolist()).toEqual([1, 0, 1]);
    expect(x.to('uint8').dtype).toBe('uint8');
    expect(tensor([0.25, Number.NaN]).bool().toArray()).toEqual(Uint8Array.of(1, 1));
    expect(() => x.to('half' as Dtype)).toThrow(DtypeError);
    expect([x.isFloatingPoint(), x.int().isFloatingPoint()]).toEqual([true, false]);
  });

  test('the gradient is converted back to the dtype of the input', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    x.double().mul(3).sum().backward();
    expect(x.grad!.dtype).toBe('float32');
    expect(x.grad!.tolist()).toEqual([3, 3]);
    expect(x.int().requiresGrad).toBe(false);
    expect(x.int().isLeaf).toBe(true);
    const whole = zeros([2], { dtype: 'int32' });
    expect(whole.copy_(x).requiresGrad).toBe(false);
    expect(x.sum(null, { dtype: 'int32' }).requiresGrad).toBe(false);
  });
});

describe('maskedFill', () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);

  test('writes a value where the mask is true; both broadcast', () => {
    expect(x.maskedFill(x.gt(2), 0).tolist()).toEqual([
      [1, 2],
      [0, 0],
    ]);
    expect(maskedFill(tensor([1, 2]), tensor([[true], [false]]), 9).tolist()).toEqual([
      [9, 9],
      [1, 2],
    ]);
    expect(x.maskedFill(tensor(true), Number.NEGATIVE_INFINITY).at(0, 0).item()).toBe(Number.NEGATIVE_INFINITY);
    expect(
      x
        .t()
        .maskedFill(tensor([true, false]), 0)
        .tolist(),
    ).toEqual([
      [0, 3],
      [0, 4],
    ]);
    const y = x.clone();
    y.maskedFill_(y.lt(3), -1);
    expect(y.tolist()).toEqual([
      [-1, -1],
      [3, 4],
    ]);
  });

  test('bools stay bools', () => {
    const flags = tensor([true, false]);
    expect(flags.maskedFill(tensor([false, true]), 10).toArray()).toEqual(Uint8Array.of(1, 1));
  });

  test('rejects masks that are not bool, and values of other shapes', () => {
    expect(() => x.maskedFill(x, 0)).toThrow(DtypeError);
    expect(() => x.maskedFill(x, 0)).toThrow('the mask must be a bool tensor, got float32; make one by comparing');
    expect(() => x.maskedFill(x.gt(0), tensor([1]))).toThrow('a tensor of shape [], got a float32 tensor of shape [1]');
    expect(() => x.maskedFill(tensor([true, false, true]), 0)).toThrow(ShapeError);
    expect(() => tensor([1, 2]).maskedFill_(tensor([[true], [false]]), 0)).toThrow(
      'maskedFill_: the result has shape [2, 2]',
    );
  });
});
