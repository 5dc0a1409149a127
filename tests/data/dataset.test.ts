import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  arange,
  data,
  Generator,
  IndexError,
  manualSeed,
  rand,
  randperm,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';

const { ConcatDataset, Subset, TensorDataset, randomSplit } = data;

describe('TensorDataset', () => {
  const X = arange(6).reshape(3, 2);
  const y = tensor([5, 6, 7]);

  test('returns the rows of its tensors', () => {
    const dataset = new TensorDataset(X, y);
    const item = dataset.at(1);
    expectTypeOf(item).toEqualTypeOf<[Tensor, Tensor]>();
    expect(item.map((t) => t.tolist())).toEqual([[2, 3], 6]);
    expect(dataset.at(-1)[1].item()).toBe(7);
    expect(dataset.length).toBe(3);
    expect([...dataset].map(([, target]) => target.item())).toEqual([5, 6, 7]);
  });

  test('rejects tensors of different lengths, scalars, and indices out of range', () => {
    expect(() => new TensorDataset(X, zeros([4]))).toThrow(
      new ShapeError(
        'TensorDataset: the tensors have shapes [3, 2], [4]; all need the same number of rows, the first size',
      ),
    );
    expect(() => new TensorDataset(zeros([]))).toThrow(ShapeError);
    expect(() => new TensorDataset()).toThrow(ValueError);
    const dataset = new TensorDataset(X);
    for (const index of [3, -4, 0.5, Number.NaN]) expect(() => dataset.at(index)).toThrow(IndexError);
  });
});

describe('Subset and ConcatDataset', () => {
  test('wrap datasets and arrays', () => {
    const some = new Subset(['a', 'b', 'c'], [2, 0]);
    expectTypeOf(some.at(0)).toEqualTypeOf<string>();
    expect([...some]).toEqual(['c', 'a']);
    const all = new ConcatDataset([some, ['d'], [] as string[], ['e', 'f']]);
    expectTypeOf(all.at(0)).toEqualTypeOf<string>();
    expect([...all]).toEqual(['c', 'a', 'd', 'e', 'f']);
    expect([all.length, all.cumulativeSizes, all.at(-2)]).toEqual([5, [2, 3, 3, 5], 'e']);
  });

  test('reject indices out of range', () => {
    expect(() => new Subset([1, 2], [0]).at(1)).toThrow(IndexError);
    expect(() => new ConcatDataset([[1], [2]]).at(2)).toThrow('ConcatDataset: there is no item 2; there are 2');
    expect(() => new ConcatDataset([])).toThrow(ValueError);
  });
});

describe('randomSplit', () => {
  const items = Array.from({ length: 10 }, (_, i) => `item ${i}`);

  test('assigns every item to one part, in the order of randperm', () => {
    const [train, check, test] = randomSplit(items, [6, 3, 1], { generator: new Generator().manualSeed(420) });
    expectTypeOf(train).toEqualTypeOf<data.Subset<string>>();
    expect([train, check, test].map((part) => part.length)).toEqual([6, 3, 1]);
    const order = [...train.indices, ...check.indices, ...test.indices];
    expect(order).toEqual(randperm(10, { generator: new Generator().manualSeed(420) }).tolist());
    expect(train.at(0)).toBe(`item ${order[0]}`);
  });

  test.each([
    [
      [0.5, 0.5],
      [5, 5],
    ],
    // Rounded down; the first parts receive the rest.
    [
      [0.33, 0.33, 0.34],
      [4, 3, 3],
    ],
    [
      [0.1, 0.1, 0.1, 0.7],
      [1, 1, 1, 7],
    ],
    [
      [1, 0],
      [10, 0],
    ],
    [[1], [10]],
  ])('fractions %j are parts of %j items', (fractions, sizes) => {
    expect(randomSplit(items, fractions).map((part) => part.length)).toEqual(sizes);
  });

  test.each([[[6, 3]], [[6, 5]], [[11, -1]], [[0.5, 0.6]], [[1.5, -0.5]], [[]]])('rejects lengths %j', (lengths) => {
    manualSeed(420);
    expect(() => randomSplit(items, lengths)).toThrow(ValueError);
    expect(rand(1).item()).toBe(0.8053541779518127);
  });
});
