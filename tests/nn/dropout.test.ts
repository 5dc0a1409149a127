// The oracle's vectors compare masks with PyTorch's; these tests check their use.
import { beforeEach, describe, expect, test } from 'vitest';
import {
  arange,
  DtypeError,
  getRngState,
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

const F = nn.functional;
const N = 20_000;
const numbers = (x: Tensor) => Array.from(x.toArray());
const distance = (a: Tensor, b: Tensor) => a.sub(b).abs().max().item();

beforeEach(() => {
  manualSeed(420);
});

const functions: [keyof typeof F & keyof typeof layers, number[]][] = [
  ['dropout', [4, 5]],
  ['dropout1d', [4, 5, 2]],
  ['dropout2d', [4, 5, 2, 2]],
  ['dropout3d', [4, 5, 2, 2, 2]],
  ['alphaDropout', [4, 5]],
  ['featureAlphaDropout', [4, 5, 2]],
];
const layers = {
  dropout: nn.Dropout,
  dropout1d: nn.Dropout1d,
  dropout2d: nn.Dropout2d,
  dropout3d: nn.Dropout3d,
  alphaDropout: nn.AlphaDropout,
  featureAlphaDropout: nn.FeatureAlphaDropout,
};

describe.each(functions)('%s', (name, shape) => {
  const drop = F[name];

  test('draws nothing and returns the input if p is 0 or in evaluation', () => {
    const x = randn(shape);
    const state = getRngState();
    expect(drop(x, 0, { training: true })).toBe(x);
    expect(drop(x, 0.5, { training: false })).toBe(x);
    expect(drop(zeros([0, ...shape.slice(1)]), 0.5, { training: true }).numel()).toBe(0);
    expect(getRngState().equal(state)).toBe(true);
  });

  test('with probability 1 draws nothing either and gives zeros, with zero gradient', () => {
    const x = randn(shape, { requiresGrad: true });
    const state = getRngState();
    const y = drop(x, 1, { training: true });
    expect(getRngState().equal(state)).toBe(true);
    expect(y.abs().sum().item()).toBe(0);
    y.sum().backward();
    expect(x.grad?.abs().sum().item()).toBe(0);
  });

  test('in place gives the same', () => {
    const x = randn(shape);
    const state = getRngState();
    const want = drop(x, 0.3, { training: true });
    manualSeed(420);
    randn(shape);
    expect(getRngState().equal(state)).toBe(true);
    const y = x.clone();
    expect(drop(y, 0.3, { training: true, inplace: true })).toBe(y);
    expect(y.equal(want)).toBe(true);
  });

  test('the layer drops only in training, and prints its options', () => {
    const layer = new layers[name](0.3);
    expect(String(layer)).toBe(`${layer.constructor.name}(p=0.3, inplace=False)`);
    const x = randn(shape);
    const y = layer(x);
    manualSeed(420);
    randn(shape);
    expect(drop(x, 0.3, { training: true }).equal(y)).toBe(true);
    expect(layer.eval()(x)).toBe(x);
    const inplace = new layers[name](0.3, { inplace: true });
    const z = x.clone();
    expect(inplace(z)).toBe(z);
    expect(new layers[name]().p).toBe(0.5);
  });

  test('rejects invalid probabilities, and integers', () => {
    for (const p of [-0.1, 1.1, Number.NaN]) {
      expect(() => drop(zeros(shape), p, { training: true })).toThrow(ValueError);
      expect(() => new layers[name](p)).toThrow(`${layers[name].name}: the probability of dropping is ${p}`);
    }
    expect(() => drop(zeros(shape, { dtype: 'int32' }), 0.5, { training: true })).toThrow(DtypeError);
  });
});

describe('dropout', () => {
  test('drops the fraction p and scales the rest; the gradient uses the same mask', () => {
    const x = ones([N], { requiresGrad: true });
    const y = F.dropout(x, 0.2);
    expect(new Set(numbers(y))).toEqual(new Set([0, 1.25]));
    expect(Math.abs(y.ne(0).float().mean().item() - 0.8)).toBeLessThan(4 * Math.sqrt(0.16 / N));
    y.sum().backward();
    expect(x.grad?.equal(y)).toBe(true);
  });

  test('draws in memory order', () => {
    const plain = F.dropout(ones([3, 4]));
    manualSeed(420);
    expect(
      F.dropout(ones([3, 4]).t())
        .t()
        .equal(plain),
    ).toBe(true);
  });
});

describe('dropout of channels', () => {
  test.each<['dropout1d' | 'dropout2d' | 'dropout3d', number[], number[]]>([
    ['dropout1d', [6, 7, 3], [2]],
    ['dropout1d', [40, 3], [1]],
    ['dropout2d', [6, 7, 2, 3], [2, 3]],
    ['dropout2d', [6, 7, 3], [2]],
    ['dropout3d', [6, 7, 2, 2, 3], [2, 3, 4]],
    ['dropout3d', [40, 2, 2, 3], [1, 2, 3]],
  ])('%s of %j drops whole channels', (name, shape, inner) => {
    const y = F[name](ones(shape), 0.5);
    expect(y.shape).toEqual(shape);
    const [least, most] = [y.amin(inner), y.amax(inner)];
    expect(least.equal(most)).toBe(true);
    expect(new Set(numbers(least))).toEqual(new Set([0, 2]));
    manualSeed(420);
    const x = ones(shape);
    expect(F[name](x, 0.5, { inplace: true })).toBe(x);
    expect(x.equal(y)).toBe(true);
  });

  test('needs channels', () => {
    expect(() => F.dropout1d(zeros([3]))).toThrow(ShapeError);
    expect(() => F.dropout1d(zeros([3, 3, 3, 3]))).toThrow(ShapeError);
    expect(() => F.dropout2d(zeros([3]))).toThrow(ShapeError);
    expect(() => F.featureAlphaDropout(zeros([3]), 0.5, { training: true })).toThrow(ShapeError);
  });
});

describe('alphaDropout', () => {
  test('drops only in training', () => {
    const x = randn([20]);
    expect(F.alphaDropout(x)).toBe(x);
  });

  test('keeps mean and variance of normal numbers', () => {
    const y = F.alphaDropout(randn([N], { dtype: 'float64' }), 0.3, { training: true });
    const mean = y.mean().item();
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(N));
    // The fourth moment of the mixture is less than 6.
    expect(Math.abs(y.sub(mean).pow(2).mean().item() - 1)).toBeLessThan(4 * Math.sqrt(5 / N));
  });

  test('dropped elements become the limit of SELU, scaled and shifted as the others', () => {
    const y = F.alphaDropout(zeros([50], { dtype: 'float64' }), 0.3, { training: true });
    const limit = -1.0507009873554805 * 1.6732632423543772;
    const a = 1 / Math.sqrt(0.7 * (1 + 0.3 * limit ** 2));
    const values = [...new Set(numbers(y))].sort((p, q) => p - q);
    expect(values.length).toBe(2);
    expect(values[0]).toBeCloseTo(a * limit * 0.7, 12);
    expect(values[1]).toBeCloseTo(-a * limit * 0.3, 12);
  });

  test('of features drops whole channels', () => {
    const y = F.featureAlphaDropout(ones([6, 7, 3]), 0.5, { training: true });
    expect(distance(y.amin(2), y.amax(2))).toBe(0);
    expect(new Set(numbers(y)).size).toBe(2);
  });
});

describe('gumbelSoftmax', () => {
  const logits = tensor([Math.log(1), Math.log(2), Math.log(5)], { dtype: 'float64' });

  test('is a softmax of noisy scores, by the formula', () => {
    const x = randn([3, 4], { dtype: 'float64' });
    manualSeed(1);
    const soft = F.gumbelSoftmax(x, { tau: 0.5, dim: 0 });
    manualSeed(1);
    const noise = zeros([3, 4], { dtype: 'float64' }).exponential_().log().neg();
    expect(distance(soft, x.add(noise).div(0.5).softmax(0))).toBeLessThan(1e-15);
  });

  test('chooses in proportion to the exponentials of the scores', () => {
    const choice = F.gumbelSoftmax(logits.expand(N, 3), { hard: true });
    expect(new Set(numbers(choice))).toEqual(new Set([0, 1]));
    expect(distance(choice.sum(1), ones([N]))).toBe(0);
    [1 / 8, 2 / 8, 5 / 8].forEach((part, i) => {
      const got = choice.select(1, i).mean().item();
      expect(Math.abs(got - part)).toBeLessThan(4 * Math.sqrt((part * (1 - part)) / N));
    });
  });

  test('a hard choice has the gradient of the soft one', () => {
    const weights = arange(3).double();
    const gradient = (hard: boolean) => {
      manualSeed(7);
      const x = logits.clone().requiresGrad_();
      F.gumbelSoftmax(x, { hard }).mul(weights).sum().backward();
      return x.grad as Tensor;
    };
    expect(gradient(true).abs().max().item()).toBeGreaterThan(1e-3);
    expect(distance(gradient(true), gradient(false))).toBeLessThan(1e-15);
  });

  test('rejects integers and invalid dimensions', () => {
    expect(() => F.gumbelSoftmax(zeros([2], { dtype: 'int32' }))).toThrow(DtypeError);
    expect(() => F.gumbelSoftmax(logits, { dim: 1 })).toThrow('dimension 1 is outside');
  });
});
