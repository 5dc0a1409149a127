import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { arange, data, Generator, manualSeed, rand, type Tensor, tensor, ValueError, zeros } from '../../src';

const { DataLoader, Dataset, IterableDataset, TensorDataset } = data;
const ten = new TensorDataset(arange(10), arange(10).mul(10));

beforeEach(() => {
  manualSeed(420);
});

describe('DataLoader', () => {
  test("shuffles in PyTorch's order, a new one in each pass", () => {
    const loader = new DataLoader(ten, { batchSize: 4, shuffle: true });
    const pass = () => [...loader].map(([x]) => x.tolist());
    expect(pass()).toEqual([
      [1, 0, 8, 3],
      [6, 9, 5, 2],
      [7, 4],
    ]);
    expect(pass()).toEqual([
      [4, 6, 8, 0],
      [3, 2, 7, 5],
      [9, 1],
    ]);
  });

  test('infers the types of its batches', () => {
    for (const [x, y] of new DataLoader(ten, { batchSize: 4 })) {
      expectTypeOf(x).toEqualTypeOf<Tensor>();
      expectTypeOf(y).toEqualTypeOf<Tensor>();
      expect(y.equal(x.mul(10))).toBe(true);
    }
    for (const batch of new DataLoader([{ image: zeros([2]), label: 1, name: 'a', box: [1, 2] as [number, number] }])) {
      expectTypeOf(batch).toEqualTypeOf<{ image: Tensor; label: Tensor; name: string[]; box: [Tensor, Tensor] }>();
      expect([batch.image.shape, batch.label.tolist(), batch.name, batch.box.map((b) => b.tolist())]).toEqual([
        [1, 2],
        [1],
        ['a'],
        [[1], [2]],
      ]);
    }
    const own = new DataLoader([1, 2, 3], { collateFn: (items) => items.map((v) => v.toFixed(1)).join(' ') });
    expectTypeOf(own).toEqualTypeOf<data.DataLoader<number, string>>();
    expect([...own]).toEqual(['1.0', '2.0', '3.0']);
    const plain: data.DataLoader<number> = new DataLoader([1, 2, 3]);
    expectTypeOf([...plain]).toEqualTypeOf<Tensor[]>();
  });

  test('counts its batches, and drops an incomplete one with dropLast', () => {
    const sizes = (options: { batchSize?: number; dropLast?: boolean }) => {
      const loader = new DataLoader(ten, options);
      const got = [...loader].map(([x]) => x.numel());
      expect(loader.length).toBe(got.length);
      return got;
    };
    expect(sizes({ batchSize: 4 })).toEqual([4, 4, 2]);
    expect(sizes({ batchSize: 4, dropLast: true })).toEqual([4, 4]);
    expect(sizes({ batchSize: 5 })).toEqual([5, 5]);
    expect(sizes({ batchSize: 20 })).toEqual([10]);
    expect(sizes({ batchSize: 20, dropLast: true })).toEqual([]);
    expect(sizes({})).toEqual(Array(10).fill(1));
  });

  test('accepts a sampler, or a sampler of batches', () => {
    const first = (loader: Iterable<[Tensor, Tensor]>) => [...loader].map(([x]) => x.tolist());
    expect(first(new DataLoader(ten, { sampler: [3, 1, 2], batchSize: 2 }))).toEqual([[3, 1], [2]]);
    const batches = new DataLoader(ten, { batchSampler: [[0, 9], [5]] });
    expect(first(batches)).toEqual([[0, 9], [5]]);
    expect([batches.length, batches.batchSize]).toEqual([2, null]);
  });

  test('draws from the default generator when a pass starts, and the order at its first batch', () => {
    const drawn = (options: { shuffle?: boolean; generator?: Generator }, run: (loader: Iterable<unknown>) => void) => {
      manualSeed(420);
      run(new DataLoader(ten, { batchSize: 4, ...options }));
      const after = rand(1).item();
      manualSeed(420);
      for (let n = 0; ; n++) if (rand(1).item() === after) return n;
    };
    expect(drawn({}, () => {})).toBe(0);
    expect(drawn({}, (loader) => loader[Symbol.iterator]())).toBe(2);
    expect(drawn({}, (loader) => [...loader])).toBe(2);
    expect(drawn({ shuffle: true }, (loader) => loader[Symbol.iterator]())).toBe(2);
    expect(drawn({ shuffle: true }, (loader) => loader[Symbol.iterator]().next())).toBe(4);
    expect(drawn({ shuffle: true }, (loader) => [...loader])).toBe(4);
    expect(drawn({ shuffle: true, generator: new Generator() }, (loader) => [...loader])).toBe(0);
  });

  test('with a generator takes everything from it: the start, the order, and an unused order', () => {
    const generator = new Generator().manualSeed(420);
    const loader = new DataLoader(ten, { batchSize: 10, shuffle: true, generator });
    const other = new Generator().manualSeed(420);
    rand(2, { generator: other });
    const sampler = new data.RandomSampler(ten, { generator: other });
    expect([...loader][0][0].tolist()).toEqual([...sampler]);
    expect(rand(3, { generator }).tolist()).toEqual(rand(3, { generator: other }).tolist());
  });

  test('a pass that is left early does not affect the next one', () => {
    const loader = new DataLoader(ten, { batchSize: 3 });
    for (const [x] of loader) {
      expect(x.tolist()).toEqual([0, 1, 2]);
      break;
    }
    expect([...loader].length).toBe(4);
  });

  test('takes all items of an IterableDataset', () => {
    class Squares extends IterableDataset<number> {
      *[Symbol.iterator]() {
        for (let i = 0; i < 5; i++) yield i ** 2;
      }
    }
    const loader = new DataLoader(new Squares(), { batchSize: 2 });
    expectTypeOf([...loader]).toEqualTypeOf<Tensor[]>();
    expect([...loader].map((x) => x.tolist())).toEqual([[0, 1], [4, 9], [16]]);
    expect([...new DataLoader(new Squares(), { batchSize: 2, dropLast: true })].length).toBe(2);
    expect(() => loader.length).toThrow(ValueError);
    expect(() => new DataLoader(new Squares(), { shuffle: true })).toThrow(
      'DataLoader: an IterableDataset decides the order, so leave out shuffle',
    );
  });

  describe('waits for items that are promises', () => {
    class Slow extends Dataset<Promise<[Tensor, number]>> {
      readonly length = 5;
      /** Later items resolve sooner. */
      async at(index: number): Promise<[Tensor, number]> {
        await new Promise((resolve) => setTimeout(resolve, 10 - 2 * index));
        return [tensor([index]), index];
      }
    }

    test('with for await, in order', async () => {
      const seen: unknown[] = [];
      for await (const [x, y] of new DataLoader(new Slow(), { batchSize: 3 })) {
        expectTypeOf(x).toEqualTypeOf<Tensor>();
        expectTypeOf(y).toEqualTypeOf<Tensor>();
        seen.push([x.shape, y.tolist()]);
      }
      expect(seen).toEqual([
        [
          [3, 1],
          [0, 1, 2],
        ],
        [
          [2, 1],
          [3, 4],
        ],
      ]);
    });

    test('and throws without await', () => {
      expect(() => [...new DataLoader(new Slow())]).toThrow('wait for them with `for await');
    });

    test('other items can be awaited as well', async () => {
      const shuffled = () => new DataLoader(ten, { batchSize: 4, shuffle: true });
      const seen: unknown[] = [];
      for await (const [x] of shuffled()) seen.push(x.tolist());
      manualSeed(420);
      expect(seen).toEqual([...shuffled()].map(([x]) => x.tolist()));
    });

    test('an error in an item is thrown by the loop', async () => {
      class Broken extends Dataset<Promise<number>> {
        readonly length = 2;
        async at(index: number): Promise<number> {
          if (index === 1) throw new ValueError('no such file');
          return index;
        }
      }
      const run = async () => {
        for await (const batch of new DataLoader(new Broken())) expect(batch.tolist()).toEqual([0]);
      };
      await expect(run()).rejects.toThrow('no such file');
    });
  });

  test('a synchronous pass rejects asynchronous items', async () => {
    class Lines extends data.IterableDataset<string> {
      declare [Symbol.iterator]: () => Iterator<string>;
      async *[Symbol.asyncIterator]() {
        yield* ['a', 'b', 'c'];
      }
    }
    const lines = new DataLoader(new Lines(), { batchSize: 2 });
    expect(() => [...lines]).toThrow('wait for them with `for await');
    const batches: unknown[] = [];
    for await (const batch of lines) batches.push(batch);
    expect(batches).toEqual([['a', 'b'], ['c']]);

    class Misnamed extends data.IterableDataset<number> {
      // @ts-expect-error an iterator of promises is not allowed
      async *[Symbol.iterator]() {
        yield 1;
      }
    }
    expect(() => [...new DataLoader(new Misnamed() as never)]).toThrow('call it [Symbol.asyncIterator]');

    const failing = { length: 2, at: () => Promise.reject(new Error('gone')), *[Symbol.iterator]() {} };
    expect(() => [...new DataLoader(failing, { batchSize: 2 })]).toThrow(ValueError);
    // An unhandled rejection of an item would end the process here.
    await new Promise((done) => setTimeout(done, 0));
  });

  test.each<[string, object, string]>([
    ['no batch size', { batchSize: 0 }, 'batchSize is 0'],
    ['half a batch', { batchSize: 1.5 }, 'batchSize is 1.5'],
    ['two orders', { shuffle: true, sampler: [1] }, 'sampler decides the order, so leave out shuffle'],
    [
      'two sizes',
      { batchSampler: [[1]], batchSize: 2, dropLast: true },
      'batchSampler decides the order, so leave out batchSize, dropLast',
    ],
  ])('rejects %s', (_, options, message) => {
    expect(() => new DataLoader(ten, options)).toThrow(new RegExp(`${message}`));
  });

  test('an empty dataset has no batches, and no random order', () => {
    const nothing = new TensorDataset(zeros([0, 3]));
    expect([...new DataLoader(nothing)]).toEqual([]);
    expect(() => new DataLoader(nothing, { shuffle: true })).toThrow(ValueError);
  });
});
