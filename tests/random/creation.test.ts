import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  DtypeError,
  Generator,
  manualSeed,
  rand,
  randint,
  randintLike,
  randLike,
  randn,
  randnLike,
  randperm,
  ShapeError,
  tensor,
  ValueError,
  zeros,
} from '../../src';

test('the numbers of PyTorch for seed 420', () => {
  manualSeed(420);
  expect(rand(3).tolist()).toEqual([0.8053541779518127, 0.19903993606567383, 0.9758533239364624]);
  manualSeed(420);
  expect(randn(3).tolist()).toEqual([-1.6976524591445923, 0.6374253034591675, 0.07810661941766739]);
  manualSeed(420);
  expect([...randn([4, 4]).toArray().subarray(0, 3)]).toEqual([
    -0.0070426007732748985, 0.5044466257095337, 0.6703689098358154,
  ]);
  manualSeed(420);
  expect(randint(0, 3, [10]).tolist()).toEqual([2, 1, 2, 2, 1, 1, 1, 2, 0, 1]);
  expect(randperm(10).tolist()).toEqual([8, 9, 1, 5, 4, 0, 2, 3, 7, 6]);
});

describe.each([
  ['rand', rand],
  ['randn', randn],
] as const)('%s', (name, make) => {
  test('shape, dtype and requiresGrad', () => {
    const x = make([2, 0, 3]);
    expect([x.shape, x.dtype, x.requiresGrad]).toEqual([[2, 0, 3], 'float32', false]);
    expect(make([]).shape).toEqual([]);
    const y = make(4, { dtype: 'float64', requiresGrad: true });
    expect([y.shape, y.dtype, y.requiresGrad, y.isLeaf]).toEqual([[4], 'float64', true, true]);
  });

  test('a separate generator leaves the default one unchanged', () => {
    manualSeed(1);
    const want = make(4).tolist();
    manualSeed(1);
    const own = make(4, { generator: new Generator().manualSeed(420) });
    expect(make(4).tolist()).toEqual(want);
    expect(own.tolist()).toEqual(make(4, { generator: new Generator().manualSeed(420) }).tolist());
  });

  test('integer dtypes and invalid shapes are rejected before anything is drawn', () => {
    const generator = new Generator().manualSeed(420);
    expect(() => make(3, { dtype: 'int32', generator })).toThrow(
      new DtypeError(`${name}: makes float32 or float64 numbers, not int32; use randint() for whole numbers`),
    );
    expect(() => make([2, -1], { generator })).toThrow(ShapeError);
    expect(() => make([1.5], { generator })).toThrow(ShapeError);
    expect(() => make(3, { dtype: 'float' as 'float32', generator })).toThrow(DtypeError);
    expect(make(3, { generator }).tolist()).toEqual(make(3, { generator: new Generator().manualSeed(420) }).tolist());
  });
});

test('rand is in [0, 1) and randn has mean 0 and standard deviation 1', () => {
  const generator = new Generator().manualSeed(3);
  const u = rand(10_000, { generator });
  expect(u.min().item()).toBeGreaterThanOrEqual(0);
  expect(u.max().item()).toBeLessThan(1);
  // Tolerances of four standard errors.
  expect(Math.abs(u.mean().item() - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 10_000));
  const z = randn(10_000, { generator });
  expect(Math.abs(z.mean().item())).toBeLessThan(4 / 100);
  expect(Math.abs(z.pow(2).mean().item() - 1)).toBeLessThan(4 * Math.sqrt(2 / 10_000));
});

test('randLike and randnLike use shape and dtype', () => {
  const x = zeros([2, 3], { dtype: 'float64' });
  expect([randLike(x).shape, randLike(x).dtype]).toEqual([[2, 3], 'float64']);
  expect(randnLike(x, { dtype: 'float32' }).dtype).toBe('float32');
  expect(() => randLike(tensor([true]))).toThrow(DtypeError);
});

describe('randint', () => {
  test('starts at 0 if one bound is given', () => {
    const draw = () => ({ generator: new Generator().manualSeed(5) });
    expect(randint(7, [50], draw()).tolist()).toEqual(randint(0, 7, [50], draw()).tolist());
  });

  test('reaches both ends and nothing outside', () => {
    const x = randint(-2, 3, [1000], { generator: new Generator().manualSeed(5) });
    expect([...new Set(x.toArray())].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    expect(x.dtype).toBe('int32');
  });

  test('the whole range of int32', () => {
    const x = randint(-(2 ** 31), 2 ** 31, [1000], { generator: new Generator().manualSeed(5), dtype: 'float64' });
    const y = randint(-(2 ** 31), 2 ** 31, [1000], { generator: new Generator().manualSeed(5) });
    expect(y.tolist()).toEqual(x.tolist());
    expect(y.min().item()).toBeLessThan(-(2 ** 30));
  });

  test.each([
    ['high equal to low', () => randint(3, 3, [1])],
    ['high below low', () => randint(3, 1, [1])],
    ['a fraction', () => randint(0, 1.5, [1])],
    ['too large for uint8', () => randint(0, 257, [1], { dtype: 'uint8' })],
    ['negative for uint8', () => randint(-1, 2, [1], { dtype: 'uint8' })],
    ['too large for bool', () => randint(0, 3, [1], { dtype: 'bool' })],
    ['too large for int32', () => randint(0, 2 ** 31 + 1, [1])],
  ])('rejects %s', (_, make) => {
    expect(make).toThrow(ValueError);
  });

  test('makes booleans and floats', () => {
    expect(randint(0, 2, [3], { dtype: 'bool' }).dtype).toBe('bool');
    expect(randint(0, 2, [3], { dtype: 'float32', requiresGrad: true }).requiresGrad).toBe(true);
    expect(() => randint(0, 2, [3], { requiresGrad: true })).toThrow(AutogradError);
  });
});

test('randintLike uses shape and dtype', () => {
  const draw = () => ({ generator: new Generator().manualSeed(5) });
  const x = randintLike(zeros([2, 3]), 1, 4, draw());
  expect(x.equal(randint(1, 4, [2, 3], { dtype: 'float32', ...draw() }))).toBe(true);
  expect(randintLike(x, 4, { dtype: 'uint8' }).dtype).toBe('uint8');
  expect(() => randintLike(zeros([2], { dtype: 'uint8' }), 300)).toThrow(ValueError);
});

test('randperm contains every number once', () => {
  const x = randperm(100, { generator: new Generator().manualSeed(5) });
  expect([...x.toArray()].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(randperm(0).shape).toEqual([0]);
  expect(() => randperm(-1)).toThrow(ShapeError);
});
