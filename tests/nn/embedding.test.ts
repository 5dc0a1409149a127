import { describe, expect, test } from 'vitest';
import { DtypeError, IndexError, manualSeed, nn, noGrad, ShapeError, tensor, ValueError } from '../../src';
import { expectClose } from '../support/close';
import { ints } from '../support/tensors';

const { embedding, oneHot } = nn.functional;
const table = () =>
  tensor(
    [
      [1, 2],
      [3, 4],
      [30, 40],
    ],
    { requiresGrad: true },
  );

describe('embedding', () => {
  test('looks up rows, for input of any shape', () => {
    expect(embedding(ints([[2, 0]]), table()).tolist()).toEqual([
      [
        [30, 40],
        [1, 2],
      ],
    ]);
    expect(embedding(ints([1]).at(0), table()).tolist()).toEqual([3, 4]);
    expect(embedding(ints([]), table()).shape).toEqual([0, 2]);
  });

  test('gradients: accumulated, none for padding, or divided by the frequency', () => {
    const gradient = (options: Parameters<typeof embedding>[2]) => {
      const weight = table();
      embedding(ints([0, 0, 2]), weight, options)
        .sum()
        .backward();
      return weight.grad!.tolist();
    };
    expect(gradient({})).toEqual([
      [2, 2],
      [0, 0],
      [1, 1],
    ]);
    expect(gradient({ paddingIdx: -1 })).toEqual([
      [2, 2],
      [0, 0],
      [0, 0],
    ]);
    expect(gradient({ scaleGradByFreq: true })).toEqual([
      [1, 1],
      [0, 0],
      [1, 1],
    ]);
  });

  test('gradients at padding are ignored, also if they are infinite or NaN', () => {
    for (const scaleGradByFreq of [false, true]) {
      const weight = table();
      const dy = tensor([
        [1, 2],
        [Number.NaN, Number.POSITIVE_INFINITY],
        [3, 4],
      ]);
      embedding(ints([0, 1, 2]), weight, { paddingIdx: 1, scaleGradByFreq }).backward(dy);
      expect(weight.grad!.tolist()).toEqual([
        [1, 2],
        [0, 0],
        [3, 4],
      ]);
    }
  });

  test('maxNorm renormalizes the rows that are used, in the table', () => {
    const weight = table();
    expectClose(embedding(ints([2, 2]), weight, { maxNorm: 5 }), [
      [3, 4],
      [3, 4],
    ]);
    expectClose(weight.detach(), [
      [1, 2],
      [3, 4],
      [3, 4],
    ]);
  });

  test('errors', () => {
    expect(() => embedding(ints([3]), table())).toThrow(IndexError);
    expect(() => embedding(ints([-1]), table())).toThrow(IndexError);
    expect(() => embedding(tensor([true]), table())).toThrow(DtypeError);
    expect(() => embedding(ints([0]), tensor([1, 2]))).toThrow(ShapeError);
    expect(() => embedding(ints([0]), table(), { paddingIdx: 3 })).toThrow(ValueError);
  });
});

describe('nn.Embedding', () => {
  test('starts with normally distributed rows, zeros for padding', () => {
    manualSeed(420);
    const layer = new nn.Embedding(4, 3, { paddingIdx: -2 });
    manualSeed(420);
    const drawn = new nn.Embedding(4, 3);
    expect(layer.weight.at(2).tolist()).toEqual([0, 0, 0]);
    expect(layer.weight.at(3).tolist()).toEqual(drawn.weight.at(3).tolist());
    expect(layer.paddingIdx).toBe(2);
    expect(layer(ints([[2, 1]])).shape).toEqual([1, 2, 3]);
    layer(ints([2, 1]))
      .sum()
      .backward();
    expect(layer.weight.grad!.sum(1).tolist()).toEqual([0, 3, 0, 0]);
  });

  test('fromPretrained takes given rows, frozen by default', () => {
    const rows = tensor([
      [1, 2],
      [3, 4],
    ]);
    const layer = nn.Embedding.fromPretrained(rows);
    expect(layer.weight.requiresGrad).toBe(false);
    expect(layer(ints([1])).tolist()).toEqual([[3, 4]]);
    expect(nn.Embedding.fromPretrained(rows, { freeze: false }).weight.requiresGrad).toBe(true);
    noGrad(() => layer.weight.fill_(0));
    expect(rows.tolist()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(() => nn.Embedding.fromPretrained(tensor([1]))).toThrow(ShapeError);
  });

  test('prints as in PyTorch', () => {
    expect(String(new nn.Embedding(5, 2))).toBe('Embedding(5, 2)');
    expect(String(new nn.Embedding(5, 2, { paddingIdx: 0, maxNorm: 1, normType: 1, scaleGradByFreq: true }))).toBe(
      'Embedding(5, 2, paddingIdx=0, maxNorm=1, normType=1, scaleGradByFreq=True)',
    );
  });

  test('errors', () => {
    expect(() => new nn.Embedding(-1, 3)).toThrow(ValueError);
    expect(() => new nn.Embedding(4, 3, { paddingIdx: 4 })).toThrow(ValueError);
    expect(() => new nn.Embedding(4, 3, { weight: tensor([[1]]) })).toThrow(ShapeError);
  });
});

describe('oneHot', () => {
  test('encodes classes as vectors', () => {
    expect(oneHot(ints([2, 0])).tolist()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(oneHot(ints([[1]]), 3).tolist()).toEqual([[[0, 1, 0]]]);
    expect(oneHot(ints([]), 3).shape).toEqual([0, 3]);
    expect(oneHot(ints([1])).dtype).toBe('int32');
  });

  test('errors', () => {
    expect(() => oneHot(ints([-1]))).toThrow(IndexError);
    expect(() => oneHot(ints([3]), 3)).toThrow(IndexError);
    expect(() => oneHot(ints([]))).toThrow(ValueError);
    expect(() => oneHot(ints([0]), 0)).toThrow(ValueError);
    expect(() => oneHot(tensor([true]))).toThrow(DtypeError);
  });
});
