import { describe, expect, test } from 'vitest';
import { logSoftmax, softmax, tensor, zeros } from '../../../src';
import { expectClose } from '../../support/close';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe('softmax', () => {
  test('along each dimension', () => {
    const x = tensor([
      [0, Math.log(3)],
      [Math.log(2), 0],
    ]);
    expectClose(x.softmax(1), [
      [0.25, 0.75],
      [2 / 3, 1 / 3],
    ]);
    expectClose(softmax(x, 0), [
      [1 / 3, 0.75],
      [2 / 3, 0.25],
    ]);
    expectClose(x.softmax(-1).log(), logSoftmax(x, 1).tolist());
    expectClose(logSoftmax(x, 0), [
      [Math.log(1 / 3), Math.log(0.75)],
      [Math.log(2 / 3), Math.log(0.25)],
    ]);
    expectClose(x.unsqueeze(1).softmax(0).squeeze(1), softmax(x, 0).tolist());
    expect(tensor(3).softmax(0).item()).toBe(1);
    expect(tensor(3).logSoftmax(0).item()).toBe(0);
    expect(zeros([2, 0]).softmax(1).shape).toEqual([2, 0]);
  });

  test('large scores do not overflow', () => {
    expectClose(tensor([1000, 1000 + Math.log(3)], { dtype: 'float64' }).softmax(0), [0.25, 0.75], 1e-12);
    expect(tensor([-1000, 1000]).logSoftmax(0).tolist()).toEqual([-2000, 0]);
    expect(tensor([-inf, 0]).softmax(0).tolist()).toEqual([0, 1]);
    expect(tensor([-inf, 0]).logSoftmax(0).tolist()).toEqual([-inf, 0]);
    expect(tensor([-inf, -inf]).softmax(0).tolist()).toEqual([nan, nan]);
    expect(tensor([inf, 0]).softmax(0).tolist()).toEqual([nan, nan]);
  });

  test('in another dtype, the gradient in that of the input', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = x.softmax(0, { dtype: 'float64' });
    expect(y.dtype).toBe('float64');
    y.at(0).backward();
    expect(x.grad!.dtype).toBe('float32');
    const p = 1 / (1 + Math.E);
    expectClose(x.grad, [p * (1 - p), -p * (1 - p)]);
    expect(x.logSoftmax(0, { dtype: 'float64' }).dtype).toBe('float64');
  });

  test('rejects invalid dimensions', () => {
    expect(() => tensor([1, 2]).softmax(1)).toThrow('softmax: dimension 1 is outside [-1, 0]');
    expect(() => tensor([1, 2]).logSoftmax(-2)).toThrow('logSoftmax: dimension -2');
  });
});
