import { describe, expect, test } from 'vitest';
import {
  DtypeError,
  gradcheck,
  gradgradcheck,
  IndexError,
  manualSeed,
  nn,
  ones,
  randn,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { expectClose } from '../support/close';

const F = nn.functional;
const double = (shape: number[], seed = 1): Tensor => {
  manualSeed(seed);
  return randn(shape, { dtype: 'float64' }).requiresGrad_();
};

describe('cosineSimilarity', () => {
  test('is the cosine of the angle, along any dimension of the common shape', () => {
    const a = tensor([[3, 4]]);
    expectClose(F.cosineSimilarity(a, tensor([[4, 3], [-3, -4], [-4, 3]])), [24 / 25, -1, 0]); // biome-ignore format: a matrix
    expectClose(F.cosineSimilarity(a.t(), tensor([[4], [3]]), { dim: 0 }), [24 / 25]);
    expectClose(new nn.CosineSimilarity({ dim: -1 })(tensor([3, 4]), tensor([8, 6])), 24 / 25);
  });

  test('clamps small norms to eps, but its gradient ignores the clamp', () => {
    const x = tensor([[1e-10, 0]], { dtype: 'float64' }).requiresGrad_();
    const y = F.cosineSimilarity(x, tensor([[1, 0]], { dtype: 'float64' }));
    expectClose(y, [0.01], 1e-12);
    y.sum().backward();
    // 1/eps - x·(x/‖x‖)/eps².
    expectClose(x.grad!.mul(1e-8), [[1 - 1e-2, 0]], 1e-9);
    const zero = zeros([1, 2]).requiresGrad_();
    F.cosineSimilarity(zero, ones([1, 2]))
      .sum()
      .backward();
    expectClose(zero.grad!.mul(1e-8), [[Math.SQRT1_2, Math.SQRT1_2]]);
  });

  test('gradients', () => {
    expect(gradcheck((a, b) => F.cosineSimilarity(a, b), [double([2, 3]), double([1, 3], 2)])).toBe(true);
    expect(gradgradcheck((a, b) => F.cosineSimilarity(a, b), [double([2, 3]), double([1, 3], 2)])).toBe(true);
  });

  test('explains mismatched shapes', () => {
    expect(() => F.cosineSimilarity(ones([2, 4]), ones([2, 1, 3]))).toThrow(ShapeError);
    expect(() => F.cosineSimilarity(ones([2, 3]), ones([2, 1, 3]), { dim: 4 })).toThrow(IndexError);
    expect(() => F.cosineSimilarity(ones([2, 3], { dtype: 'int32' }), ones([2, 3], { dtype: 'int32' }))).toThrow(
      DtypeError,
    );
  });
});

describe('pairwiseDistance', () => {
  test('is the norm of the difference, plus eps, along the last dimension', () => {
    const [a, b] = [tensor([[4, 6], [1, 1]]), tensor([1, 2])]; // biome-ignore format: a matrix
    expectClose(F.pairwiseDistance(a, b, { eps: 0 }), [5, 1]);
    expectClose(F.pairwiseDistance(a, b, { eps: 0, p: 1, keepdim: true }), [[7], [1]]);
    expectClose(F.pairwiseDistance(b, b, { eps: 3 }), Math.sqrt(18));
    expectClose(new nn.PairwiseDistance({ p: Infinity, keepdim: true, eps: 0 })(a, b), [[4], [1]]);
    expectClose(new nn.PairwiseDistance()(b, b), Math.SQRT2 * 1e-6, 1e-9);
    expect(() => F.pairwiseDistance(ones(4), ones(3))).toThrow(ShapeError);
  });
});

describe('normalize', () => {
  test('gives unit vectors in any norm', () => {
    const x = tensor([[3, 4], [0, 0]]); // biome-ignore format: a matrix
    expectClose(F.normalize(x), [[0.6, 0.8], [0, 0]]); // biome-ignore format: a matrix
    expectClose(F.normalize(x, { p: 1, dim: 0 }), [[1, 1], [0, 0]]); // biome-ignore format: a matrix
    expectClose(F.normalize(x, { dim: [0, 1], eps: 10 }), [[0.3, 0.4], [0, 0]]); // biome-ignore format: a matrix
    expect(gradgradcheck((a) => F.normalize(a, { p: 3 }), [double([2, 3])])).toBe(true);
    expect(() => F.normalize(x, { dim: 6 })).toThrow(IndexError);
    expect(() => F.normalize(x.to('int32'))).toThrow(DtypeError);
  });
});

describe('localResponseNorm', () => {
  // With k 0 and beta ½ the divisor is the root mean square of the window, with zeros beyond the channels.
  const options = { alpha: 1, beta: 0.5, k: 0 };
  const x = tensor([3, 4, 0, 5]).reshape([1, 4, 1]);

  test('divides by the mean square of neighbouring channels', () => {
    const odd = [3 / Math.sqrt(25 / 3), 4 / Math.sqrt(25 / 3), 0, 5 / Math.sqrt(25 / 3)];
    expectClose(F.localResponseNorm(x, 3, options).flatten(), odd);
    // An even window extends further to the front.
    const even = [3 / Math.sqrt(9 / 2), 4 / Math.sqrt(25 / 2), 0, 5 / Math.sqrt(25 / 2)];
    expectClose(F.localResponseNorm(x, 2, options).flatten(), even);
    const image = double([2, 4, 2, 3]);
    const layer = new nn.LocalResponseNorm(2, { k: 2 });
    const flat = layer(image.flatten(2)).reshape(image.shape);
    expectClose(layer(image), flat.tolist() as number[][][][], 1e-12);
  });

  test('gradients, printing, errors', () => {
    expect(gradgradcheck((a) => F.localResponseNorm(a, 3, { alpha: 0.5 }), [double([2, 4, 2])])).toBe(true);
    expect(String(new nn.LocalResponseNorm(2))).toBe('LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1.0)');
    expect(() => F.localResponseNorm(ones([2, 3]), 2)).toThrow(ShapeError);
    expect(() => new nn.LocalResponseNorm(0)).toThrow(ValueError);
  });
});

describe('Bilinear', () => {
  test('is x1ᵀ W x2 + b for each output', () => {
    const weight = tensor([[[1, 2, 3], [4, 5, 6]]]); // biome-ignore format: a matrix
    const y = F.bilinear(tensor([[1, 10]]), tensor([[1, 0, -1]]), weight, tensor([0.5]));
    expectClose(y, [[1 - 3 + 10 * (4 - 6) + 0.5]]);
    expect(F.bilinear(ones(2), ones(3), weight).tolist()).toEqual([21]);
    expect(F.bilinear(ones([4, 0, 2]), ones([4, 0, 3]), weight).shape).toEqual([4, 0, 1]);
  });

  test('draws weight and bias uniform in ±1/√in1Features', () => {
    manualSeed(420);
    const layer = new nn.Bilinear(4, 2, 3);
    manualSeed(420);
    const drawn = nn.init.uniform_(zeros(27), -0.5, 0.5);
    expect(layer.weight.flatten().tolist()).toEqual(drawn.narrow(0, 0, 24).tolist());
    expect(layer.bias!.tolist()).toEqual(drawn.narrow(0, 24, 3).tolist());
    expect(String(layer)).toBe('Bilinear(in1Features=4, in2Features=2, outFeatures=3, bias=True)');
  });

  test('gradients', () => {
    const inputs = [double([2, 2]), double([2, 3], 2), double([2, 2, 3], 3), double([2], 4)];
    expect(gradgradcheck((a, b, w, c) => F.bilinear(a, b, w, c), inputs)).toBe(true);
  });

  test('explains mismatched shapes', () => {
    expect(() => F.bilinear(ones([2, 4]), ones([2, 4]), ones([5, 3, 4]))).toThrow(
      new ShapeError(
        'bilinear: inputs of shapes [2, 4] and [2, 4] do not fit a weight of shape [5, 3, 4]; expected […, in1], ' +
          '[…, in2] and [out, in1, in2]',
      ),
    );
    expect(() => F.bilinear(ones([1, 2, 3]), ones([2, 4]), ones([5, 3, 4]))).toThrow(ShapeError);
    expect(() => F.bilinear(ones([3]), ones([4]), ones([5, 3, 4]), ones(4))).toThrow(ShapeError);
    expect(() => F.bilinear(ones([3]), ones([4], { dtype: 'float64' }), ones([5, 3, 4]))).toThrow(DtypeError);
    expect(() => new nn.Bilinear(0, 2, 3)).toThrow(ValueError);
  });
});
