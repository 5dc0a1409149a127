// The draws themselves are compared with PyTorch's by the oracle's vectors.
import { describe, expect, test } from 'vitest';
import { data, Generator, manualSeed, rand, randint, randperm, tensor, ValueError } from '../../src';

const { BatchSampler, RandomSampler, SequentialSampler, SubsetRandomSampler, WeightedRandomSampler } = data;
const seeded = () => ({ generator: new Generator().manualSeed(420) });
const ten = { length: 10 };

test('SequentialSampler counts', () => {
  expect([...new SequentialSampler({ length: 3 })]).toEqual([0, 1, 2]);
});

describe('RandomSampler', () => {
  test('without replacement is a new permutation in each pass, and draws one more at the end', () => {
    const sampler = new RandomSampler(ten, seeded());
    const { generator } = seeded();
    const orders = Array.from({ length: 3 }, () => randperm(10, { generator }).tolist());
    expect([...sampler]).toEqual(orders[0]);
    expect([...sampler]).toEqual(orders[2]);
  });

  test('continues with a new permutation if it needs more than there are', () => {
    const { generator } = seeded();
    const orders = Array.from({ length: 3 }, () => randperm(10, { generator }).tolist() as number[]);
    const sampler = new RandomSampler(ten, { numSamples: 24, ...seeded() });
    expect(sampler.length).toBe(24);
    expect([...sampler]).toEqual([...orders[0], ...orders[1], ...orders[2].slice(0, 4)]);
  });

  test('with replacement draws integers in blocks', () => {
    const { generator } = seeded();
    const numbers = randint(0, 10, [70], { generator }).tolist();
    expect([...new RandomSampler(ten, { replacement: true, numSamples: 70, ...seeded() })]).toEqual(numbers);
  });

  test('without a generator draws a seed from the default one at the first number', () => {
    const sampler = new RandomSampler(ten);
    const pass = () => {
      manualSeed(1);
      const iterator = sampler[Symbol.iterator]();
      const before = rand(1).item();
      return [before, iterator.next().value, rand(1).item()];
    };
    const [before, , after] = pass();
    manualSeed(1);
    expect(rand(1).item()).toBe(before);
    // Two draws for the seed.
    rand(2);
    expect(rand(1).item()).toBe(after);
    expect(pass()).toEqual(pass());
  });

  test('rejects an empty dataset', () => {
    expect(() => new RandomSampler({ length: 0 })).toThrow('RandomSampler: the number of items is 0');
    expect(() => new RandomSampler(ten, { numSamples: 0 })).toThrow(ValueError);
    expect(() => new RandomSampler(ten, { numSamples: 1.5 })).toThrow(ValueError);
  });
});

test('SubsetRandomSampler permutes its indices', () => {
  const sampler = new SubsetRandomSampler([5, 7, 9, 11], seeded());
  const order = randperm(4, seeded()).tolist() as number[];
  expect([...sampler]).toEqual(order.map((i) => [5, 7, 9, 11][i]));
  expect(sampler.length).toBe(4);
});

test('WeightedRandomSampler draws by weight', () => {
  const sampler = new WeightedRandomSampler([0, 1, 0, 3], 200, seeded());
  expect(new Set(sampler)).toEqual(new Set([1, 3]));
  expect([...new WeightedRandomSampler(tensor([0, 1, 0, 3]), 2, { replacement: false })].sort()).toEqual([1, 3]);
  expect(() => new WeightedRandomSampler([1], 0)).toThrow(ValueError);
  expect(() => new WeightedRandomSampler(tensor([[1]]), 1)).toThrow(ValueError);
});

test('BatchSampler makes lists, and drops an incomplete one with dropLast', () => {
  const sampler = new SequentialSampler({ length: 5 });
  expect([...new BatchSampler(sampler, 2, false)]).toEqual([[0, 1], [2, 3], [4]]);
  expect([...new BatchSampler(sampler, 2, true)]).toEqual([
    [0, 1],
    [2, 3],
  ]);
  expect([new BatchSampler(sampler, 2, false).length, new BatchSampler(sampler, 2, true).length]).toEqual([3, 2]);
  expect(() => new BatchSampler(sampler, 0, false)).toThrow('BatchSampler: batchSize is 0');
});
