import { describe, expect, test } from 'vitest';
import { arange, nn, tensor, zeros } from '../../src';
import { row } from '../support/tensors';

const { maxPool1d, maxPool2d, maxPool3d } = nn.functional;
const { NaN: nan, NEGATIVE_INFINITY: lowest } = Number;

describe('maxPool', () => {
  test('windows are adjacent by default, or spaced by the stride', () => {
    expect(maxPool1d(row(1, 3, 2, 5, 4), 2).tolist()).toEqual([[3, 5]]);
    expect(maxPool1d(row(1, 3, 2, 5, 4), 2, { stride: 1 }).tolist()).toEqual([[3, 3, 5, 5]]);
    expect(maxPool1d(row(1, 3, 2, 5, 4), [2], { ceilMode: true }).tolist()).toEqual([[3, 5, 4]]);
    expect(maxPool1d(row(1, 3, 2, 5, 4), 2, { stride: 1, dilation: 2 }).tolist()).toEqual([[2, 5, 4]]);
  });

  test('padding is never the maximum, and has no index', () => {
    const y = maxPool1d(row(-1, -3, -2), 2, { padding: 1, returnIndices: true });
    expect([y.values.tolist(), y.indices.tolist(), y.indices.dtype]).toEqual([[[-1, -2]], [[0, 2]], 'int32']);
    const none = maxPool1d(row(lowest, lowest), 2, { padding: 1, returnIndices: true });
    expect([none.values.tolist(), none.indices.tolist()]).toEqual([[[lowest, lowest]], [[0, 1]]]);
  });

  test('images: indices are relative to one image', () => {
    const images = arange(32).float().reshape(1, 2, 4, 4);
    const { values, indices } = maxPool2d(images, 2, { returnIndices: true });
    expect(indices.tolist()).toEqual([
      [
        [
          [5, 7],
          [13, 15],
        ],
        [
          [5, 7],
          [13, 15],
        ],
      ],
    ]);
    expect(values.tolist()).toEqual([
      [
        [
          [5, 7],
          [13, 15],
        ],
        [
          [21, 23],
          [29, 31],
        ],
      ],
    ]);
    expect(maxPool2d(images.transpose(2, 3), 2).tolist()).toEqual(maxPool2d(images, 2).transpose(2, 3).tolist());
  });

  test('volumes: indices are relative to one volume', () => {
    // Values of PyTorch.
    const volume = arange(64).float().reshape(1, 4, 4, 4).flip(1);
    const { values, indices } = maxPool3d(volume, 2, { returnIndices: true });
    expect(indices.flatten().tolist()).toEqual([5, 7, 13, 15, 37, 39, 45, 47]);
    expect(values.flatten().tolist()).toEqual([53, 55, 61, 63, 21, 23, 29, 31]);
    expect(maxPool3d(volume, [4, 2, 1], { stride: [1, 2, 3], padding: [1, 1, 0], ceilMode: true }).shape).toEqual([
      1, 3, 3, 2,
    ]);
    const leaf = volume.to('float64').detach().requiresGrad_();
    const y = maxPool3d(leaf, [2, 4, 4]);
    expect(y.gradFn?.name).toBe('MaxPool3DWithIndicesBackward0');
    y.sum().backward();
    expect(leaf.grad!.nonzero().tolist()).toEqual([
      [0, 0, 3, 3],
      [0, 2, 3, 3],
    ]);
  });

  test('the first of equals has the gradient; an element that is the maximum twice has it twice', () => {
    const x = row(7, 7, 7).requiresGrad_();
    maxPool1d(x, 3).sum().backward();
    expect(x.grad!.tolist()).toEqual([[1, 0, 0]]);
    const image = tensor([
      [
        [1, 2],
        [2, 2],
      ],
    ]).requiresGrad_();
    const y = maxPool2d(image, 2);
    expect(y.gradFn?.name).toBe('MaxPool2DWithIndicesBackward0');
    y.sum().backward();
    expect(image.grad!.tolist()).toEqual([
      [
        [0, 1],
        [0, 0],
      ],
    ]);
    const z = row(1, 5, 2).requiresGrad_();
    maxPool1d(z, 2, { stride: 1 }).mul(row(1, 10)).sum().backward();
    expect(z.grad!.tolist()).toEqual([[0, 11, 0]]);
  });

  test('NaN wins over everything, the last of several', () => {
    const { values, indices } = maxPool1d(row(1, nan, 2, nan, 9), 5, { returnIndices: true });
    expect([values.tolist(), indices.tolist()]).toEqual([[[nan]], [[3]]]);
  });

  test('keeps integers; an empty batch gives an empty result', () => {
    expect(maxPool1d(row(1, 3).to('int32'), 2).dtype).toBe('int32');
    expect(maxPool2d(zeros([0, 2, 4, 4]), 2).shape).toEqual([0, 2, 2, 2]);
  });
});
