import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arange,
  asStrided,
  gradcheck,
  IndexError,
  nn,
  ones,
  rand,
  ShapeError,
  tensor,
  ValueError,
  zeros,
} from '../../../src';
import { expectShared } from '../../support/shared';

const { fold, unfold } = nn.functional;

describe('unfold', () => {
  test('returns windows without a copy', () => {
    const x = arange(7);
    expect(x.unfold(0, 3, 2).tolist()).toEqual([
      [0, 1, 2],
      [2, 3, 4],
      [4, 5, 6],
    ]);
    const y = arange(12).reshape(3, 4);
    expect(y.unfold(0, 2, 1).at(1).tolist()).toEqual([
      [4, 8],
      [5, 9],
      [6, 10],
      [7, 11],
    ]);
    expect(y.unfold(-1, 4, 1).shape).toEqual([3, 1, 4]);
    expect(tensor(3).unfold(0, 1, 1).tolist()).toEqual([3]);
    expect(x.unfold(0, 0, 1).shape).toEqual([8, 0]);
    expectShared(y, y.unfold(1, 2, 2));
  });

  test('elements in several windows accumulate their gradients', () => {
    const x = ones([5], { requiresGrad: true });
    x.unfold(0, 3, 1).sum().backward();
    expect(x.grad!.tolist()).toEqual([1, 2, 3, 2, 1]);
  });

  test('windows of a tensor that is modified', () => {
    const w = ones([4], { requiresGrad: true });
    const y = w.mul(1);
    const windows = y.unfold(0, 2, 1);
    y.mul_(tensor([1, 2, 3, 4]));
    expect(windows.at(2).tolist()).toEqual([3, 4]);
    windows.sum().backward();
    expect(w.grad!.tolist()).toEqual([1, 4, 6, 4]);
  });

  test('errors', () => {
    expect(() => arange(3).unfold(0, 4, 1)).toThrow('unfold: windows of 4 do not fit dimension 0 of size 3');
    expect(() => arange(3).unfold(0, 2, 0)).toThrow(ValueError);
    expect(() => arange(3).unfold(1, 2, 1)).toThrow(IndexError);
  });
});

describe('asStrided', () => {
  test('views the memory with any strides', () => {
    const x = arange(6);
    expect(x.asStrided([2, 2], [2, 1], 1).tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(asStrided(x, [3], [0]).tolist()).toEqual([0, 0, 0]);
    expect(x.narrow(0, 2, 3).asStrided([2], [1]).tolist()).toEqual([2, 3]);
    expect(x.narrow(0, 2, 3).asStrided([2], [1], 0).tolist()).toEqual([0, 1]);
    expectShared(x, x.asStrided([2], [3]));
    expect(() => x.asStrided([4], [2])).toThrow('does not fit into memory of 6 elements');
    expect(() => x.asStrided([2], [1, 1])).toThrow(ShapeError);
    expect(() => x.asStrided([2], [-1])).toThrow(ShapeError);
  });

  test('derivatives, with elements repeated and outside of the tensor', () => {
    const x = arange(6).double().requiresGrad_();
    expect(gradcheck((t) => t.asStrided([2, 3], [1, 2]).pow(2), [x])).toBe(true);
    expect(gradcheck((t) => t.view(2, 3).t().asStrided([3, 2], [1, 1], 1).pow(2), [x])).toBe(true);
    const y = x.mul(1).narrow(0, 2, 2).mul(1);
    const z = y.narrow(0, 1, 1).asStrided([2], [1], 0);
    expect(z.tolist()).toEqual([2, 3]);
    z.sum().backward();
    // The first element is outside of the tensor on which asStrided was called.
    expect(x.grad!.tolist()).toEqual([0, 0, 0, 1, 0, 0]);
  });
});

describe('patches as columns', () => {
  const image = arange(12).float().reshape(1, 1, 3, 4);

  test('unfold', () => {
    expect(unfold(image, 2).tolist()).toEqual([
      [
        [0, 1, 2, 4, 5, 6],
        [1, 2, 3, 5, 6, 7],
        [4, 5, 6, 8, 9, 10],
        [5, 6, 7, 9, 10, 11],
      ],
    ]);
    expect(unfold(image, [1, 2], { padding: [0, 1], stride: 2, dilation: [1, 3] }).tolist()).toEqual([
      [
        [0, 1, 0, 9],
        [2, 0, 10, 0],
      ],
    ]);
    expect(unfold(image.squeeze(0), 3).shape).toEqual([9, 2]);
    expect(unfold(zeros([0, 2, 3, 3]), 2).shape).toEqual([0, 8, 4]);
  });

  test('fold adds overlapping elements', () => {
    const counts = fold(unfold(ones([1, 1, 3, 3]), 2), 3, 2);
    expect(counts.tolist()).toEqual([
      [
        [
          [1, 2, 1],
          [2, 4, 2],
          [1, 2, 1],
        ],
      ],
    ]);
    expect(fold(ones([4, 1]), [2, 2], 2).shape).toEqual([1, 2, 2]);
  });

  test('fold is the transpose of unfold: ⟨unfold x, y⟩ = ⟨x, fold y⟩', () => {
    const size = fc.integer({ min: 1, max: 3 });
    const pair = fc.tuple(size, size);
    const padding = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(pair, pair, pair, padding, (kernelSize, stride, dilation, pad) => {
        const options = { stride, dilation, padding: pad };
        const x = rand([2, 2, 7, 8], { dtype: 'float64' });
        const columns = unfold(x, kernelSize, options);
        const y = rand(columns.shape, { dtype: 'float64' });
        const left = columns.mul(y).sum().item();
        const right = x
          .mul(fold(y, [7, 8], kernelSize, options))
          .sum()
          .item();
        expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-12 * Math.abs(left));
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  test('errors', () => {
    expect(() => unfold(image, 5)).toThrow('unfold: a window of [5, 5]');
    expect(() => unfold(image, 0)).toThrow(ValueError);
    expect(() => unfold(image, 2, { stride: 0 })).toThrow('unfold: stride is 0');
    expect(() => unfold(image.squeeze(), 2)).toThrow(ShapeError);
    expect(() => unfold(zeros([1, 0, 3, 3]), 2)).toThrow(ShapeError);
    expect(() => fold(ones([1, 5, 4]), 3, 2)).toThrow(
      'fold: columns of shape [1, 5, 4] do not make images of [3, 3]; expected [channels · 4, 4]',
    );
    expect(() => fold(ones([1, 4, 5]), 3, 2)).toThrow(ShapeError);
    expect(() => fold(ones([1, 4, 4]), 0, 2)).toThrow(ValueError);
  });

  test('as layers', () => {
    const columns = new nn.Unfold(2, { stride: [1, 2] });
    expect(columns(image).equal(unfold(image, 2, { stride: [1, 2] }))).toBe(true);
    expect(String(columns)).toBe('Unfold(kernelSize=2, dilation=1, padding=0, stride=(1, 2))');
    const back = new nn.Fold([3, 4], 2, { stride: [1, 2] });
    expect(back(columns(image)).shape).toEqual([1, 1, 3, 4]);
    expect(String(back)).toBe('Fold(outputSize=(3, 4), kernelSize=2, dilation=1, padding=0, stride=(1, 2))');
  });
});
