import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  DtypeError,
  Generator,
  nn,
  ones,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';

const { init } = nn;
const seeded = (seed = 1) => ({ generator: new Generator().manualSeed(seed) });

describe('fills', () => {
  test('uniform_ and normal_ stay in place and record nothing', () => {
    const p = new nn.Parameter(zeros([40]));
    const generator = new Generator().manualSeed(1);
    expect(init.uniform_(p, -2, 3, { generator })).toBe(p);
    expect(p.min().item()).toBeGreaterThanOrEqual(-2);
    expect(p.max().item()).toBeLessThan(3);
    expect([p.isLeaf, p.requiresGrad, p.version]).toEqual([true, true, 1]);
    init.normal_(p, 5, 0);
    expect(p.tolist()).toEqual(Array(40).fill(5));
  });

  test('constant_, zeros_ and ones_', () => {
    const p = new nn.Parameter(zeros([2]));
    expect(init.constant_(p, 7).tolist()).toEqual([7, 7]);
    expect(init.ones_(p).tolist()).toEqual([1, 1]);
    expect(init.zeros_(p).tolist()).toEqual([0, 0]);
    expect([p.isLeaf, p.requiresGrad]).toEqual([true, true]);
  });

  test('fills a transposed tensor in memory order, as in PyTorch', () => {
    const plain = init.uniform_(zeros([2, 3]), 0, 1, seeded());
    const turned = init.uniform_(zeros([2, 3]).t(), 0, 1, seeded());
    expect(turned.t().tolist()).toEqual(plain.tolist());
  });

  test('eye_ and dirac_', () => {
    expect(init.eye_(ones([2, 3])).tolist()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    const weight = init.dirac_(ones([4, 2, 3]), { groups: 2 });
    const [on, off] = [
      [0, 1, 0],
      [0, 0, 0],
    ];
    expect(weight.tolist()).toEqual([
      [on, off],
      [off, on],
      [on, off],
      [off, on],
    ]);
    expect(
      init
        .dirac_(ones([1, 2, 2, 4, 3]))
        .at(0, 0, 1, 2, 1)
        .item(),
    ).toBe(1);
    expect(
      init
        .dirac_(ones([1, 2, 2, 4, 3]))
        .sum()
        .item(),
    ).toBe(1);
  });
});

describe('orthogonal_', () => {
  const product = (x: Tensor) => x.reshape(x.shape[0], -1).matmul(x.reshape(x.shape[0], -1).t());
  const distance = (a: Tensor, b: Tensor) => a.sub(b).abs().max().item();

  test.each<[number[], number]>([
    [[5, 5], 1],
    [[3, 7], 1],
    [[4, 2, 3], 2],
  ])('rows of %j are orthogonal, of length %d', (shape, gain) => {
    const x = init.orthogonal_(zeros(shape, { dtype: 'float64' }), { gain, ...seeded() });
    expect(distance(product(x), init.eye_(zeros([shape[0], shape[0]])).mul(gain ** 2))).toBeLessThan(1e-14);
  });

  test('columns are, if there are fewer of them', () => {
    const x = init.orthogonal_(zeros([7, 3], { dtype: 'float64' }), seeded());
    expect(distance(product(x.t()), init.eye_(zeros([3, 3])))).toBeLessThan(1e-14);
  });

  test('the random matrix is Q R with an upper triangle R of positive diagonal', () => {
    const drawn = init.normal_(zeros([6, 4], { dtype: 'float64' }), 0, 1, seeded());
    const r = init
      .orthogonal_(zeros([6, 4], { dtype: 'float64' }), seeded())
      .t()
      .matmul(drawn);
    for (let i = 0; i < 4; i++)
      for (let j = 0; j <= i; j++) {
        if (i === j) expect(r.at(i, j).item()).toBeGreaterThan(0);
        else expect(Math.abs(r.at(i, j).item())).toBeLessThan(1e-13);
      }
  });
});

test('sparse_ sets a fraction of each column to zero', () => {
  const x = init.sparse_(ones([10, 4]), 0.25, { std: 2, ...seeded() });
  expect(x.eq(0).sum(0).tolist()).toEqual([3, 3, 3, 3]);
  const drawn = init.normal_(zeros([10, 4]), 0, 2, seeded());
  expect(
    x
      .maskedFill(x.eq(0), 0)
      .sub(drawn.maskedFill(x.eq(0), 0))
      .abs()
      .max()
      .item(),
  ).toBe(0);
});

describe('truncNormal_', () => {
  test.each([
    ['most of the distribution', { mean: 1, std: 2, a: -1, b: 4 }],
    ['one tail', { mean: 0, std: 1, a: 2, b: 5 }],
  ])('%s', (_, range) => {
    const x = init.truncNormal_(zeros([2000], { dtype: 'float64' }), { ...range, ...seeded() });
    expect(x.min().item()).toBeGreaterThanOrEqual(range.a);
    expect(x.max().item()).toBeLessThanOrEqual(range.b);
    // The mean of a truncated normal distribution, by the midpoint rule; tolerance of four standard errors.
    const n = 20_000;
    const at = Array.from({ length: n }, (_, i) => range.a + ((i + 0.5) / n) * (range.b - range.a));
    const density = at.map((v) => Math.exp(-0.5 * ((v - range.mean) / range.std) ** 2));
    const total = density.reduce((a, b) => a + b);
    const mean = at.reduce((sum, v, i) => sum + v * density[i], 0) / total;
    const spread = Math.sqrt(at.reduce((sum, v, i) => sum + (v - mean) ** 2 * density[i], 0) / total);
    expect(Math.abs(x.mean().item() - mean)).toBeLessThan((4 * spread) / Math.sqrt(2000));
  });
});

test('an initialisation may overwrite a parameter, but no other tensor that requires a gradient', () => {
  const p = new nn.Parameter(zeros([2, 2]));
  for (const fill of [init.truncNormal_, init.orthogonal_, init.xavierNormal_, init.kaimingUniform_, init.eye_])
    expect(fill(p)).toBe(p);
  expect([p.isLeaf, p.requiresGrad]).toEqual([true, true]);
  expect(() => p.uniform_()).toThrow(AutogradError);
});

test('an empty tensor is accepted', () => {
  expect(init.kaimingUniform_(zeros([3, 0])).shape).toEqual([3, 0]);
  expect(init.orthogonal_(zeros([0, 3])).shape).toEqual([0, 3]);
  expect(init.truncNormal_(zeros([0])).shape).toEqual([0]);
});

describe('rejects', () => {
  test.each([
    ['from above to', () => init.uniform_(zeros([2]), 1, 0), ValueError],
    ['a negative deviation', () => init.normal_(zeros([2]), 0, -1), ValueError],
    ['whole numbers', () => init.uniform_(tensor([1], { dtype: 'int32' })), DtypeError],
    ['one dimension', () => init.xavierUniform_(zeros([3])), ShapeError],
    ['one dimension', () => init.kaimingNormal_(zeros([3])), ShapeError],
    ['an expanded tensor', () => init.uniform_(zeros([1]).expand(3)), ShapeError],
    ['an unknown mode', () => init.kaimingUniform_(zeros([2, 2]), { mode: 'fan' as 'fan_in' }), ValueError],
    ['eye_ of three dimensions', () => init.eye_(zeros([2, 2, 2])), ShapeError],
    ['dirac_ of two dimensions', () => init.dirac_(zeros([2, 2])), ShapeError],
    ['groups that do not divide', () => init.dirac_(zeros([3, 2, 2]), { groups: 2 }), ValueError],
    ['orthogonal_ of one dimension', () => init.orthogonal_(zeros([3])), ShapeError],
    ['sparse_ of one dimension', () => init.sparse_(zeros([3]), 0.5), ShapeError],
    ['a fraction above 1', () => init.sparse_(zeros([3, 3]), 1.5), ValueError],
    ['a above b', () => init.truncNormal_(zeros([3]), { a: 1, b: 0 }), ValueError],
    ['an infinite tail', () => init.truncNormal_(zeros([3]), { a: 2, b: Infinity }), ValueError],
    ['no deviation', () => init.truncNormal_(zeros([3]), { std: 0 }), ValueError],
    ['an unknown activation', () => init.calculateGain('swish' as 'relu'), ValueError],
  ])('%s', (_, run, error) => {
    expect(run).toThrow(error);
  });
});

test('gains', () => {
  expect((['linear', 'conv1d', 'conv2d', 'sigmoid'] as const).map((n) => init.calculateGain(n))).toEqual([1, 1, 1, 1]);
  expect(init.calculateGain('tanh')).toBe(5 / 3);
  expect(init.calculateGain('relu')).toBe(Math.SQRT2);
  expect(init.calculateGain('leaky_relu')).toBeCloseTo(Math.sqrt(2 / 1.0001), 15);
  expect(init.calculateGain('leaky_relu', 1)).toBe(1);
  expect(init.calculateGain('selu')).toBe(0.75);
});
