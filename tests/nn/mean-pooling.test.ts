import { describe, expect, test } from 'vitest';
import { arange, nn, ones, tensor, zeros } from '../../src';
import { row } from '../support/tensors';

const { adaptiveAvgPool2d, avgPool1d, avgPool2d, avgPool3d, lpPool1d, lpPool2d, lpPool3d } = nn.functional;

describe('avgPool', () => {
  test('the mean of each window, with or without the zeros of the padding', () => {
    expect(avgPool1d(row(1, 3, 2, 6), 2).tolist()).toEqual([[2, 4]]);
    expect(avgPool1d(row(1, 3, 2, 6), 2, { padding: 1 }).tolist()).toEqual([[0.5, 2.5, 3]]);
    expect(avgPool1d(row(1, 3, 2, 6), 2, { padding: 1, countIncludePad: false }).tolist()).toEqual([[1, 2.5, 6]]);
  });

  test('a window beyond the end counts only input and padding', () => {
    expect(avgPool1d(row(1, 3, 2, 6, 8), 2, { ceilMode: true }).tolist()).toEqual([[2, 4, 8]]);
    expect(avgPool1d(row(2, 4, 6), 3, { stride: 2, padding: 1, ceilMode: true }).tolist()).toEqual(
      [[2, 10 / 3]].map((list) => list.map(Math.fround)),
    );
  });

  test('an integral mean is exact: sums are divided once', () => {
    const images = ones([1, 1, 49, 49], { dtype: 'float64' });
    for (const size of [6, 7, 49]) expect(avgPool2d(images, size).sub(1).abs().max().item()).toBe(0);
    const x = tensor([-1, 0.5, 0.5, -1, 0.5, 0.5, 3, 3, 3]).reshape(1, 3, 3);
    expect(adaptiveAvgPool2d(x, [2, 1]).tolist()).toEqual([[[0], [1.5]]]);
    const row = tensor([[1, 2, 4]], { dtype: 'float64', requiresGrad: true });
    avgPool1d(row, 3).backward(tensor([[3]], { dtype: 'float64' }));
    expect(row.grad!.tolist()).toEqual([[1, 1, 1]]);
  });

  test('accepts a custom divisor', () => {
    expect(avgPool2d(ones([1, 2, 2]), 2, { divisorOverride: -2 }).tolist()).toEqual([[[-2]]]);
    const x = ones([1, 4, 4]).requiresGrad_();
    avgPool2d(x, [2, 4], { stride: [] }).sum().backward();
    expect(x.grad!.tolist()).toEqual([new Array(4).fill(new Array(4).fill(0.125))]);
  });

  test('volumes', () => {
    const volume = arange(16).float().reshape(1, 2, 2, 4);
    expect(avgPool3d(volume, 2).tolist()).toEqual([[[[6.5, 8.5]]]]);
    expect(avgPool3d(volume, 2, { divisorOverride: 4 }).tolist()).toEqual([[[[13, 17]]]]);
    const y = avgPool3d(volume.requiresGrad_(), [2, 1, 2], { stride: 2, padding: [1, 0, 0], countIncludePad: false });
    expect(y.tolist()).toEqual([[[[0.5, 2.5]], [[8.5, 10.5]]]]);
    expect(y.gradFn?.name).toBe('AvgPool3DBackward0');
  });

  test('of integers is truncated, as in PyTorch', () => {
    const ints = (n: number) => arange(-7, n - 7).reshape(1, n);
    expect(avgPool1d(ints(7), 3, { stride: 2, padding: 1 }).tolist()).toEqual([[-4, -5, -3, -1]]);
    expect(avgPool1d(ints(7), 2, { ceilMode: true }).tolist()).toEqual([[-6, -4, -2, -1]]);
    const image = ints(16).reshape(1, 4, 4);
    expect(avgPool2d(image, 2).tolist()).toEqual([
      [
        [-4, -2],
        [3, 5],
      ],
    ]);
    expect(avgPool2d(image, 2, { divisorOverride: 3 }).tolist()).toEqual([
      [
        [-6, -3],
        [4, 7],
      ],
    ]);
    expect(avgPool2d(image, 3, { padding: 1, countIncludePad: false }).tolist()).toEqual([
      [
        [-4, -2],
        [3, 5],
      ],
    ]);
    expect(avgPool3d(ints(32).reshape(1, 2, 4, 4), 2).tolist()).toEqual([
      [
        [
          [3, 5],
          [11, 13],
        ],
      ],
    ]);
    expect(avgPool1d(tensor([[1, 2, 3]], { dtype: 'int32' }), 3).dtype).toBe('int32');
  });
});

describe('lpPool', () => {
  test('the norm of each window', () => {
    expect(lpPool1d(row(3, 4, 6, 8), 2, 2).tolist()).toEqual([[5, 10]]);
    expect(lpPool1d(row(3, 4, 6, 8, 2), 1, 2, { stride: 3, ceilMode: true }).tolist()).toEqual([[7, 10]]);
    expect(lpPool2d(ones([1, 2, 2]), 2, 2).tolist()).toEqual([[[2]]]);
    expect(lpPool3d(ones([1, 1, 2, 4]), 2, [1, 2, 2], { stride: 1 }).tolist()).toEqual([[[[2, 2, 2]]]]);
    expect(lpPool1d(tensor([[3, 4, 6, 8]], { dtype: 'int32' }), 2, 2).tolist()).toEqual([
      [Math.fround(Math.sqrt(24)), 10],
    ]);
  });

  test('has gradient 0 where the sum is 0, as in PyTorch', () => {
    const x = zeros([1, 2]).requiresGrad_();
    lpPool1d(x, 2, 2).sum().backward();
    expect(x.grad!.tolist()).toEqual([[0, 0]]);
  });
});
