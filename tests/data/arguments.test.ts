// Any invalid argument causes one of the library's own errors.
import { expect, test } from 'vitest';
import { data, Generator, GradlabError, IndexError, tensor, ValueError, zeros } from '../../src';
import { datasets } from '../../src/lab';
import * as whyDeeper from '../../src/lab/lessons/001-why-deeper';

type Call = (...args: never[]) => unknown;
const make =
  (Class: unknown): Call =>
  (...args) =>
    new (Class as new (...args: unknown[]) => unknown)(...args);

/** Each public function and constructor with valid arguments. */
const calls: Record<string, [Call, unknown[]]> = {
  blobs: [datasets.blobs as Call, [2, 6, { flip: 0.5, generator: new Generator() }]],
  chirps: [whyDeeper.chirps as Call, [2, { noise: 0.1, length: 4, pitches: [0, 0.5], generator: new Generator() }]],
  clusters: [
    datasets.clusters as Call,
    [
      [
        [0, 0],
        [1, 2],
      ],
      { perCentre: 3, generator: new Generator() },
    ],
  ],
  mixup: [data.mixup as Call, [[zeros([2, 3]), zeros([2])], { classes: 2, generator: new Generator() }]],
  defaultCollate: [data.defaultCollate as Call, [[1, 2]]],
  randomSplit: [data.randomSplit as Call, [[1, 2, 3], [2, 1], { generator: new Generator() }]],
  BatchSampler: [make(data.BatchSampler), [new data.SequentialSampler([1, 2]), 2, false]],
  ConcatDataset: [make(data.ConcatDataset), [[[1], [2]]]],
  DataLoader: [make(data.DataLoader), [[1, 2], { batchSize: 1 }]],
  RandomSampler: [make(data.RandomSampler), [[1, 2], { numSamples: 1 }]],
  SequentialSampler: [make(data.SequentialSampler), [[1, 2]]],
  StackDataset: [
    make(data.StackDataset),
    [
      [1, 2],
      [3, 4],
    ],
  ],
  Subset: [make(data.Subset), [[1, 2], [0]]],
  SubsetRandomSampler: [make(data.SubsetRandomSampler), [[0, 1], { generator: new Generator() }]],
  TensorDataset: [make(data.TensorDataset), [zeros([2]), zeros([2])]],
  friedman1: [datasets.friedman1 as Call, [4, { noise: 1, generator: new Generator() }]],
  rings: [datasets.rings as Call, [4, { radii: [1, 2], width: 0.5, generator: new Generator() }]],
  wave: [datasets.wave as Call, [4, { noise: 0.1, generator: new Generator() }]],
  WeightedRandomSampler: [make(data.WeightedRandomSampler), [[1, 2], 2, { replacement: true }]],
};
const wrong = [null, 1.5, -1, NaN, 1n, 'text', true, Symbol('s'), {}, [null], [[]], () => 1, new Map(), tensor(1)];

test('tests every public name', () => {
  const abstract = ['Dataset', 'IterableDataset', 'Sampler'];
  // No required arguments: fashion-mnist.test.ts tests the options; digits and line200 have none. Files: files.test.ts.
  const elsewhere = ['digits', 'fashionMnist', 'line200', 'readBytes', 'readText'];
  const tried = [...Object.keys(calls), ...abstract, ...elsewhere];
  expect(Object.keys(data).filter((name) => !tried.includes(name))).toEqual([]);
});

test.each(Object.entries(calls))('%s rejects an invalid argument with a library error', (_, [call, right]) => {
  const use = (args: readonly unknown[]) => {
    const made = call(...(args as never[]));
    if (made instanceof Object && Symbol.iterator in made) [...(made as Iterable<unknown>)];
  };
  use(right);
  let refused = 0;
  for (let place = 0; place < right.length; place++)
    for (const value of wrong)
      try {
        use(right.map((given, i) => (i === place ? value : given)));
      } catch (error) {
        expect(error, `argument ${place}: ${String(value)}`).toBeInstanceOf(GradlabError);
        refused++;
      }
  expect(() => use([])).toThrow(GradlabError);
  expect(refused).toBeGreaterThan(8 * right.length);
});

test.each<[string, object, string]>([
  ['batchSize', { batchSize: '2' }, "batchSize must be a number, got '2'"],
  ['shuffle', { shuffle: 1 }, 'shuffle must be true or false, got 1'],
  ['dropLast', { dropLast: 'yes' }, "dropLast must be true or false, got 'yes'"],
  ['sampler', { sampler: 3 }, 'sampler must have a length'],
  ['sampler', { sampler: 'seven' }, "sampler must be a Sampler or a list, got 'seven'"],
  ['batchSampler', { batchSampler: 'seven' }, "batchSampler must be a Sampler or a list, got 'seven'"],
  ['batchSampler', { batchSampler: {} }, 'batchSampler must have a length'],
  ['collateFn', { collateFn: 'sum' }, 'collateFn must be a function'],
  ['generator', { generator: 420 }, 'generator must be a Generator, got 420'],
  [
    'an option of another name',
    { batch_size: 2 },
    'there is no option batch_size; did you mean batchSize? The options are',
  ],
])('a DataLoader rejects an invalid %s', (_, options, message) => {
  expect(() => new data.DataLoader([1, 2], options)).toThrow(ValueError);
  expect(() => new data.DataLoader([1, 2], options)).toThrow(message);
});

test('rejects a batch size in place of the options', () => {
  expect(() => new data.DataLoader([1, 2], 2 as never)).toThrow('options are given as an object');
});

test('indices are checked when they are given, and again when they are used', () => {
  expect(() => new data.Subset(['a', 'b'], [0, 2])).toThrow(
    new IndexError('Subset: there is no item 2; there are 2, numbered from 0'),
  );
  expect(() => new data.Subset(['a', 'b'], [0.5])).toThrow('Subset: the indices must be whole numbers, got 0.5');
  expect(new data.Subset(['a', 'b'], [-1, 0]).at(0)).toBe('b');
  const shrinking = ['a', 'b'];
  const subset = new data.Subset(shrinking, [1]);
  shrinking.pop();
  expect(() => subset.at(0)).toThrow(IndexError);
  expect(() => [...new data.DataLoader([1, 2], { sampler: [5] })]).toThrow('DataLoader: there is no item 5');
  expect(() => [...new data.DataLoader([1, 2], { batchSampler: [3] as never })]).toThrow('needs a list, got 3');
});
