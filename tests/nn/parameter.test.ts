import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { AutogradError, displaySymbol, nn, ones, tensor } from '../../src';

describe('Parameter', () => {
  test('shares memory with its tensor and is a leaf that requires a gradient', () => {
    const x = ones([2]).mul(3);
    const p = new nn.Parameter(x);
    expect([p.requiresGrad, p.isLeaf, p.dtype, p.shape]).toEqual([true, true, 'float32', [2]]);
    x.mul_(2);
    expect([p.tolist(), p.version]).toEqual([[6, 6], 1]);
    p.pow(2).sum().backward();
    expect(p.grad!.tolist()).toEqual([12, 12]);
  });

  test('has no history of the tensor it is made from', () => {
    const w = ones([2], { requiresGrad: true });
    const p = new nn.Parameter(w.mul(3));
    p.sum().backward();
    expect([p.gradFn, w.grad]).toEqual([null, null]);
  });

  test('is distinguishable from other tensors', () => {
    expect(nn.isParameter(new nn.Parameter(ones([1])))).toBe(true);
    expect([ones([1]), new nn.Buffer(ones([1])), null, {}].map(nn.isParameter)).toEqual([false, false, false, false]);
    expect(nn.isBuffer(new nn.Buffer(ones([1])))).toBe(true);
    expect(nn.isBuffer(ones([1]))).toBe(false);
    expect(nn.isParameter(new nn.Parameter(ones([1])).mul(2))).toBe(false);
  });

  test('of integers cannot be trained', () => {
    const x = tensor([1, 2], { dtype: 'int32' });
    expect(() => new nn.Parameter(x)).toThrow(AutogradError);
    expect(new nn.Parameter(x, { requiresGrad: false }).tolist()).toEqual([1, 2]);
  });

  test('prints as Parameter', () => {
    const p = new nn.Parameter(tensor([1, 2]));
    expect(String(p)).toBe('Parameter containing:\ntensor([1., 2.], requiresGrad=True)');
    expect(inspect(p)).toBe(String(p));
    expect((p as unknown as Record<symbol, () => unknown>)[displaySymbol]()).toEqual({ 'text/plain': String(p) });
  });
});
