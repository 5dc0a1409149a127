// Other tests compare the numbers with PyTorch's; these check closed forms, histories and errors.
import { beforeEach, describe, expect, test } from 'vitest';
import {
  AutogradError,
  bernoulli,
  DtypeError,
  Generator,
  manualSeed,
  multinomial,
  noGrad,
  normal,
  ones,
  rand,
  randn,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';

beforeEach(() => {
  manualSeed(420);
});

const seeded = (seed = 7) => ({ generator: new Generator().manualSeed(seed) });
const mean = (x: Tensor) => x.double().mean().item();
const N = 20_000;

/** Methods that overwrite a float tensor, with mean and standard deviation of the new values. */
const fills: [string, (x: Tensor, o?: { generator: Generator }) => Tensor, number, number][] = [
  ['uniform_', (x, o) => x.uniform_(-1, 3, o), 1, 4 / Math.sqrt(12)],
  ['normal_', (x, o) => x.normal_(2, 3, o), 2, 3],
  ['random_', (x, o) => x.random_(-2, 5, o), 1, 2],
  ['bernoulli_', (x, o) => x.bernoulli_(0.3, o), 0.3, Math.sqrt(0.21)],
  ['exponential_', (x, o) => x.exponential_(4, o), 0.25, 0.25],
  ['geometric_', (x, o) => x.geometric_(0.25, o), 4, Math.sqrt(12)],
  ['logNormal_', (x, o) => x.logNormal_(0, 0.5, o), Math.exp(0.125), Math.sqrt(Math.expm1(0.25) * Math.exp(0.25))],
];

describe.each(fills)('%s', (name, fill, expected, deviation) => {
  test('has the mean of its distribution', () => {
    // Four standard errors.
    expect(Math.abs(mean(fill(zeros([N]))) - expected)).toBeLessThan((4 * deviation) / Math.sqrt(N));
  });

  test('draws from a given generator', () => {
    const want = rand(3, { generator: new Generator().manualSeed(420) }).tolist();
    expect(fill(zeros([20]), seeded()).equal(fill(ones([20]), seeded()))).toBe(true);
    expect(fill(zeros([20]), seeded()).equal(fill(zeros([20]), seeded(8)))).toBe(false);
    expect(rand(3).tolist()).toEqual(want);
  });

  test('writes in place, counts the change, and detaches the tensor', () => {
    const leaf = ones([4], { requiresGrad: true });
    const x = leaf.mul(2);
    const y = x.mul(1);
    expect(fill(x)).toBe(x);
    expect([x.version, x.requiresGrad, x.isLeaf]).toEqual([1, true, false]);
    x.mul(3).add(y).sum().backward();
    // Only through y, which was computed before.
    expect(leaf.grad?.tolist()).toEqual([2, 2, 2, 2]);
  });

  test('rejects a leaf that requires a gradient, and draws nothing', () => {
    const leaf = ones([4], { requiresGrad: true });
    const { generator } = seeded();
    const state = generator.getState();
    expect(() => fill(leaf, { generator })).toThrow(AutogradError);
    expect(() => fill(leaf, { generator })).toThrow(`${name}: this leaf requires a gradient`);
    expect(() => fill(ones([1]).expand(3), { generator })).toThrow(ShapeError);
    expect(generator.getState().equal(state)).toBe(true);
    expect(noGrad(() => fill(leaf))).toBe(leaf);
    expect(leaf.requiresGrad).toBe(true);
  });

  test('draws in memory order', () => {
    const plain = fill(zeros([3, 4], { dtype: 'float64' }), seeded());
    expect(
      fill(zeros([3, 4], { dtype: 'float64' }).t(), seeded())
        .t()
        .equal(plain),
    ).toBe(true);
    const gaps = zeros([3, 8], { dtype: 'float64' });
    const half = gaps.narrow(1, 0, 4);
    fill(half, seeded());
    expect(half.equal(plain)).toBe(true);
    expect(gaps.narrow(1, 4, 4).eq(0).sum().item()).toBe(12);
  });
});

test('cauchy_ has its quartiles one sigma from the median', () => {
  const x = zeros([N], { dtype: 'float64' }).cauchy_(3, 2);
  for (const [bound, part] of [
    [1, 0.25],
    [3, 0.5],
    [5, 0.75],
  ])
    expect(Math.abs(mean(x.lt(bound)) - part)).toBeLessThan(4 * Math.sqrt((part * (1 - part)) / N));
});

describe('random_', () => {
  test.each([
    ['uint8', 255],
    ['bool', 1],
    ['int32', 2 ** 31 - 1],
    ['float32', 2 ** 24],
    ['float64', 2 ** 53],
  ] as const)('without bounds covers the range of %s', (dtype, largest) => {
    const x = zeros([500], { dtype }).random_();
    expect(x.dtype).toBe(dtype);
    expect(x.double().min().item()).toBeGreaterThanOrEqual(0);
    expect(x.double().max().item()).toBeLessThanOrEqual(largest);
    expect(x.double().max().item()).toBeGreaterThan(0.9 * largest);
  });

  test("fills a float64 tensor, with PyTorch's numbers", () => {
    const x = zeros([3], { dtype: 'float64' }).random_({ generator: new Generator().manualSeed(0) });
    expect(x.tolist()).toEqual([8737460674930124, 6375474555111176, 4137753702977065]);
  });

  test('with one number uses it as the end, with null as the start', () => {
    const values = (x: Tensor) => [...new Set(x.toArray())].sort((a, b) => a - b);
    expect(values(zeros([200]).random_(3))).toEqual([0, 1, 2]);
    const x = zeros([200], { dtype: 'uint8' }).random_(250, null);
    expect(values(x)).toEqual([250, 251, 252, 253, 254, 255]);
    expect(
      zeros([9])
        .random_(seeded())
        .equal(zeros([9]).random_(seeded())),
    ).toBe(true);
  });
});

describe('bernoulli', () => {
  test('0 and 1 are certain; the dtype stays', () => {
    const p = tensor([[0, 1, 0, 1]], { dtype: 'float64' });
    expect(bernoulli(p).equal(p)).toBe(true);
    expect(bernoulli(p).dtype).toBe('float64');
  });

  test('gives the probabilities zero gradients', () => {
    const p = tensor([0.25, 0.5], { requiresGrad: true });
    p.bernoulli().mul(p).sum().backward();
    // Only through the factor p: the drawn values.
    manualSeed(420);
    expect(p.grad?.tolist()).toEqual(bernoulli(p.detach()).tolist());
  });

  test('bernoulli_ broadcasts a tensor of probabilities', () => {
    const x = zeros([3, 2], { dtype: 'int32' }).bernoulli_(tensor([0, 1]));
    expect(x.tolist()).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    expect(mean(zeros([2, N]).bernoulli_(tensor([[0.2], [0.6]])))).toBeCloseTo(0.4, 1);
  });
});

describe('multinomial', () => {
  const weights = tensor([1, 0, 2, 1]);

  test('draws in proportion to the weights, never weight 0', () => {
    const x = multinomial(weights, N, { replacement: true });
    expect(x.dtype).toBe('int32');
    [0.25, 0, 0.5, 0.25].forEach((part, i) => {
      expect(Math.abs(mean(x.eq(i)) - part)).toBeLessThanOrEqual(4 * Math.sqrt((part * (1 - part)) / N));
    });
  });

  test('without replacement draws each once; the first in proportion to the weights', () => {
    const rows = weights.expand(N, 4).contiguous();
    const x = multinomial(rows, 3);
    expect(x.shape).toEqual([N, 3]);
    for (const row of (x.tolist() as number[][]).slice(0, 50)) expect(new Set(row)).toEqual(new Set([0, 2, 3]));
    expect(Math.abs(mean(x.select(1, 0).eq(2)) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / N));
  });

  test.each<[string, () => Tensor, new (...args: never[]) => Error]>([
    ['three dimensions', () => multinomial(ones([1, 1, 2]), 1), ShapeError],
    ['no categories', () => multinomial(ones([0]), 1), ShapeError],
    ['integers', () => multinomial(ones([2], { dtype: 'int32' }), 1), DtypeError],
    ['no samples', () => multinomial(ones([2]), 0), ValueError],
    ['more samples than categories', () => multinomial(ones([2]), 3), ValueError],
    ['a negative weight', () => multinomial(tensor([1, -1]), 1), ValueError],
    ['an infinite weight', () => multinomial(tensor([1, Infinity]), 1), ValueError],
    ['NaN', () => multinomial(tensor([1, Number.NaN]), 1), ValueError],
    ['a row of zeros', () => multinomial(tensor([[1], [0]]), 1), ValueError],
  ])('rejects %s', (_, draw, error) => {
    expect(draw).toThrow(error);
  });
});

describe('normal', () => {
  test('each number has its own mean and deviation', () => {
    const z = randn([2, 20], seeded());
    const means = tensor([[0], [100]]);
    const deviations = tensor([[1], [0]]);
    const close = (a: Tensor, b: Tensor) => expect(a.sub(b).abs().max().item()).toBeLessThan(1e-5);
    close(normal(means, deviations.expand(2, 20), seeded()), z.mul(deviations).add(means));
    close(normal(means.expand(2, 20), 3, seeded()), z.mul(3).add(means));
    close(normal(5, deviations.expand(2, 20), seeded()), z.mul(deviations).add(5));
    close(normal(2, 3, [2, 20], seeded()), z.mul(3).add(2));
    expect(normal(2, 3, [2], { dtype: 'float64', requiresGrad: true }).requiresGrad).toBe(true);
    expect(normal(tensor([1], { dtype: 'float64' }), 1).dtype).toBe('float64');
  });

  test('gives means and deviations zero gradients', () => {
    const centre = tensor([1, 2], { requiresGrad: true });
    const spread = tensor([[1], [2]], { requiresGrad: true });
    const y = normal(centre, spread);
    y.mul(centre).sum().backward();
    expect(spread.grad?.tolist()).toEqual([[0], [0]]);
    expect(centre.grad?.sub(y.detach().sum(0)).abs().max().item()).toBe(0);
  });

  test.each<[string, () => unknown, new (...args: never[]) => Error]>([
    ['a negative deviation', () => normal(0, -1, [2]), ValueError],
    ['a negative deviation among many', () => normal(0, tensor([1, -1])), ValueError],
    ['two numbers without a shape', () => normal(0, 1, undefined as never), ValueError],
    ['integers', () => normal(tensor([1], { dtype: 'int32' }), 1), DtypeError],
    ['an integer dtype', () => normal(0, 1, [2], { dtype: 'int32' }), DtypeError],
    ['an unknown option', () => normal(0, 1, [2], { genrator: null } as never), ValueError],
    ['a number instead of options', () => normal(0, 1, [2], 1 as never), ValueError],
    ['shapes that do not broadcast', () => normal(zeros([2]), ones([3])), ShapeError],
  ])('rejects %s', (_, draw, error) => {
    expect(draw).toThrow(error);
  });
});

test.each<[string, () => Tensor, new (...args: never[]) => Error]>([
  ['an empty interval', () => zeros([2]).uniform_(1, 0), ValueError],
  ['an infinite interval', () => zeros([2]).uniform_(0, Infinity), ValueError],
  ['a negative deviation', () => zeros([2]).normal_(0, -1), ValueError],
  ['bounds in the wrong order', () => zeros([2]).random_(5, 2), ValueError],
  ['bounds outside the dtype', () => zeros([2], { dtype: 'uint8' }).random_(300), ValueError],
  ['a probability above 1', () => zeros([2]).bernoulli_(1.5), ValueError],
  ['a probability of NaN', () => bernoulli(tensor([Number.NaN])), ValueError],
  ['integer probabilities', () => bernoulli(zeros([2], { dtype: 'int32' })), DtypeError],
  ['probabilities of another shape', () => zeros([2]).bernoulli_(ones([3])), ShapeError],
  ['a rate of 0', () => zeros([2]).exponential_(0), ValueError],
  ['certain success', () => zeros([2]).geometric_(1), ValueError],
  ['a width of 0', () => zeros([2]).cauchy_(0, 0), ValueError],
  ['no deviation', () => zeros([2]).logNormal_(0, 0), ValueError],
  ['uniform integers', () => zeros([2], { dtype: 'int32' }).uniform_(), DtypeError],
  ['normal integers', () => zeros([2], { dtype: 'int32' }).normal_(), DtypeError],
  ['exponential integers', () => zeros([2], { dtype: 'int32' }).exponential_(), DtypeError],
])('rejects %s', (_, draw, error) => {
  expect(draw).toThrow(error);
});
