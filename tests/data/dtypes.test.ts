// The dtype of a batch depends on the types of the items, never on the numbers in one batch.
import { expect, test } from 'vitest';
import { data, nn, type Tensor, tensor } from '../../src';

const dtypes = (batches: Iterable<readonly Tensor[]>) => [...batches].map((batch) => batch.map((t) => t.dtype));
const { crossEntropy, binaryCrossEntropy, mseLoss, nllLoss, multiMarginLoss } = nn.functional;

/** Integers and fractions such that each of three batches, the last of them smaller, contains another kind. */
const items: [number[], number, number, boolean][] = [
  [[1, 2], 0, 2, true],
  [[3, 4], 1, 3, false],
  [[0.5, 1], 2, 2.5, true],
  [[1, 1], 0, 1, false],
  [[2, 2 ** 31], 1, 4, true],
];

test.each<[string, data.Items<[number[], number, number, boolean]>]>([
  ['an array', items],
  ['a Subset', new data.Subset(items, [4, 0, 2, 1, 3])],
  ['a part of randomSplit', data.randomSplit(items, [5])[0]],
  ['a ConcatDataset', new data.ConcatDataset([items, items.slice(0, 1)])],
])('every batch of %s has the same dtypes', (_, dataset) => {
  for (const batchSize of [1, 2, 3]) {
    const found = [...new data.DataLoader(dataset, { batchSize })].map(([[a, b], ...rest]) =>
      [a, b, ...rest].map((t) => t.dtype),
    );
    expect(new Set(found.map(String))).toEqual(new Set(['float32,float32,float32,float32,bool']));
  }
});

test('promises, objects and typed arrays follow the same rule', async () => {
  const named = items.map(async ([x, label]) => ({ x: Float32Array.from(x), label, at: Int32Array.of(label) }));
  for await (const batch of new data.DataLoader(named, { batchSize: 2 }))
    expect([batch.x.dtype, batch.label.dtype, batch.at.dtype]).toEqual(['float32', 'float32', 'int32']);
  class Stream extends data.IterableDataset<number> {
    *[Symbol.iterator]() {
      yield* [1, 2, 2.5];
    }
  }
  expect([...new data.DataLoader(new Stream())].map((t) => t.dtype)).toEqual(['float32', 'float32', 'float32']);
  const pairs = new data.TensorDataset(tensor([[1], [2], [3]]), tensor([0, 1, 1], { dtype: 'int32' }));
  expect(dtypes(new data.DataLoader(pairs, { batchSize: 2 }))).toEqual([
    ['float32', 'int32'],
    ['float32', 'int32'],
  ]);
});

test('labels can be passed to losses without conversion', () => {
  const logits = tensor([
    [1, 2, 3],
    [0, 1, 0],
  ]);
  const [labels] = [...new data.DataLoader([0, 2], { batchSize: 2 })];
  const classes = tensor([0, 2], { dtype: 'int32' });
  for (const loss of [crossEntropy, nllLoss, multiMarginLoss])
    expect(loss(logits, labels).item()).toBe(loss(logits, classes).item());
  // torch.nn.functional.cross_entropy(logits, torch.tensor([0, 2]))
  expect(crossEntropy(logits, labels).item()).toBeCloseTo(1.9795253, 6);
  const [yesNo] = [...new data.DataLoader([0, 1], { batchSize: 2 })];
  expect(binaryCrossEntropy(tensor([0.5, 0.5]), yesNo).item()).toBeCloseTo(Math.LN2, 6);
  const [targets] = [...new data.DataLoader([3, 4], { batchSize: 2 })];
  expect(mseLoss(tensor([2.5, 4]), targets).item()).toBe(0.125);
});
