import { describe, expect, test } from 'vitest';
import { arange, gradcheck, IndexError, nn, ShapeError, tensor, ValueError, zeros } from '../../src';
import { row } from '../support/tensors';

describe('maxUnpool', () => {
  const { maxPool2d, maxPool3d, maxUnpool1d, maxUnpool2d, maxUnpool3d } = nn.functional;
  const places = (...values: number[]) => tensor([values], { dtype: 'int32' });

  test('puts elements back, with zeros between them', () => {
    expect(maxUnpool1d(row(5, 6), places(1, 2), 2).tolist()).toEqual([[0, 5, 6, 0]]);
    expect(maxUnpool1d(row(5, 6), places(1, 4), 2, { outputSize: [5] }).tolist()).toEqual([[0, 5, 0, 0, 6]]);
    expect(maxUnpool1d(row(5, 6), places(0, 1), 2, { padding: 1 }).tolist()).toEqual([[5, 6]]);
    expect(maxUnpool1d(zeros([0, 2, 3]), zeros([0, 2, 3], { dtype: 'int32' }), 2).shape).toEqual([0, 2, 6]);
  });

  test('inverts the pooling of images', () => {
    const x = arange(32).mul(7).float().sin().reshape(2, 1, 4, 4);
    const { values, indices } = maxPool2d(x, 2, { returnIndices: true });
    const back = maxUnpool2d(values, indices, 2);
    expect(maxPool2d(back.abs(), 2).tolist()).toEqual(values.abs().tolist());
    expect(back.sum().item()).toBeCloseTo(values.sum().item(), 5);
    expect(back.ne(0).sum().item()).toBe(8);
    const [pool, unpool] = [
      new nn.MaxPool1d(3, { stride: 2, returnIndices: true }),
      new nn.MaxUnpool1d(3, { stride: 2 }),
    ];
    const z = row(1, 2, 3, 4, 5, 6);
    const pooled = pool(z);
    expect(unpool(pooled.values, pooled.indices, { outputSize: z.shape.slice(1) }).tolist()).toEqual([
      [0, 0, 3, 0, 5, 0],
    ]);
    expect(new nn.MaxUnpool2d(2)(values, indices).tolist()).toEqual(back.tolist());
    const volume = x.reshape(2, 1, 4, 2, 2);
    const most = maxPool3d(volume, 2, { returnIndices: true });
    const again = maxUnpool3d(most.values, most.indices, 2);
    expect(again.tolist()).toEqual(volume.where(volume.eq(again), 0).tolist());
    expect(new nn.MaxUnpool3d(2)(most.values, most.indices).tolist()).toEqual(again.tolist());
    expect(String(unpool)).toBe('MaxUnpool1d(kernelSize=(3,), stride=(2,), padding=(0,))');
    expect(String(new nn.MaxUnpool2d([1, 2]))).toBe('MaxUnpool2d(kernelSize=(1, 2), stride=(1, 2), padding=(0, 0))');
  });

  test('gradients come from the positions of the elements', () => {
    const x = row(5, 6).to('float64').requiresGrad_();
    expect(gradcheck((a) => maxUnpool1d(a, places(1, 2), 2).square(), [x])).toBe(true);
  });

  test('rejects impossible sizes and positions', () => {
    expect(() => maxUnpool1d(row(5, 6), places(1, 9), 2)).toThrow(IndexError);
    expect(() => maxUnpool1d(row(5, 6), places(1), 2)).toThrow(
      new ShapeError('maxUnpool1d: indices of shape [1, 1] for an input of shape [1, 2]; they must be equal'),
    );
    expect(() => maxUnpool1d(row(5, 6), places(1, 2), 2, { outputSize: [7] })).toThrow(
      new ValueError(
        'maxUnpool1d: outputSize is [7]; it must be near [4], by less than the stride [2], and more than 0',
      ),
    );
  });
});
