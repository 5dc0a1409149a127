import { expect, expectTypeOf, test } from 'vitest';
import { data, type GradlabError, ShapeError, type Tensor, tensor, ValueError } from '../../src';

const { defaultCollate } = data;

test.each<[string, unknown[], string, unknown]>([
  [
    'tensors',
    [tensor([1, 2]), tensor([3, 4])],
    'float32',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['integer tensors', [tensor(1, { dtype: 'int32' }), tensor(2, { dtype: 'int32' })], 'int32', [1, 2]],
  [
    'typed arrays',
    [Float64Array.of(1, 2), Float64Array.of(3, 4)],
    'float64',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['integers', [3, 1, 2], 'float32', [3, 1, 2]],
  ['numbers with fractions', [3, 1.5], 'float32', [3, 1.5]],
  ['large numbers', [3, 2 ** 31], 'float32', [3, 2 ** 31]],
  ['booleans', [true, false], 'bool', [true, false]],
])('%s become a tensor', (_, items, dtype, values) => {
  const batch = defaultCollate(items) as Tensor;
  expect([batch.dtype, batch.tolist()]).toEqual([dtype, values]);
});

test('a gradient flows through the batch to the items', () => {
  const x = tensor([1, 2], { requiresGrad: true });
  defaultCollate([x, tensor([3, 4])])
    .mul(
      tensor([
        [5, 6],
        [7, 8],
      ]),
    )
    .sum()
    .backward();
  expect(x.grad?.tolist()).toEqual([5, 6]);
});

test('lists and objects are collated part by part, to any depth', () => {
  const item = (i: number) => ({ at: [i, [i + 0.5, `item ${i}`]] as [number, [number, string]], seen: i > 1 });
  const batch = defaultCollate([item(1), item(2)]);
  expectTypeOf(batch).toEqualTypeOf<{ at: [Tensor, [Tensor, string[]]]; seen: Tensor }>();
  const [first, [second, names]] = batch.at;
  expect([first.tolist(), second.tolist(), names, batch.seen.tolist()]).toEqual([
    [1, 2],
    [1.5, 2.5],
    ['item 1', 'item 2'],
    [false, true],
  ]);
});

test.each<[string, unknown[], new (...args: never[]) => GradlabError, string]>([
  ['nothing', [], ValueError, 'there are no items'],
  ['tensors of different shapes', [tensor([1]), tensor([1, 2])], ShapeError, 'shapes [1] and [2]'],
  ['items of two kinds', [1, 'a'], ValueError, "differ in kind: 1 and 'a'"],
  ['tensors among numbers', [1, tensor(1)], ValueError, 'differ in kind'],
  ['a missing item', [1, undefined], ValueError, 'differ in kind: 1 and undefined'],
  ['lists of different lengths', [[1], [1, 2]], ValueError, 'lists of 1 and of 2 values'],
  ['objects with different keys', [{ x: 1 }, { y: 1 }], ValueError, 'has no x'],
  ['null', [null, null], ValueError, 'cannot make a batch of null'],
  ['functions', [() => 1, () => 2], ValueError, 'cannot make a batch of a function'],
])('%s cannot be collated', (_, items, error, message) => {
  expect(() => defaultCollate(items)).toThrow(error);
  expect(() => defaultCollate(items)).toThrow(message);
});
