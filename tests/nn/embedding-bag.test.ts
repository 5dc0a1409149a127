import { describe, expect, test } from 'vitest';
import {
  DtypeError,
  gradcheck,
  IndexError,
  manualSeed,
  NotImplementedError,
  nn,
  ShapeError,
  tensor,
  ValueError,
} from '../../src';
import { ints } from '../support/tensors';

const { embeddingBag } = nn.functional;
const table = tensor([
  [1, 1],
  [10, 20],
  [5, 0],
  [-2, 4],
]);
const list = ints([0, 1, 2, 1, 3]);

describe('embeddingBag', () => {
  test('reduces the rows of each bag', () => {
    const offsets = ints([0, 3, 3]);
    expect(embeddingBag(list, table, { offsets, mode: 'sum' }).tolist()).toEqual([
      [16, 21],
      [0, 0],
      [8, 24],
    ]);
    expect(embeddingBag(list, table, { offsets }).tolist()).toEqual([[16 / 3, 7].map(Math.fround), [0, 0], [4, 12]]);
    expect(embeddingBag(list, table, { offsets, mode: 'max' }).tolist()).toEqual([
      [10, 20],
      [0, 0],
      [10, 20],
    ]);
    const ends = { offsets: ints([0, 3, 5]), includeLastOffset: true, mode: 'sum' } as const;
    expect(embeddingBag(list, table, ends).tolist()).toEqual([
      [16, 21],
      [8, 24],
    ]);
  });

  test('the rows of a matrix of indices are bags', () => {
    const bags = ints([
      [0, 1],
      [3, 3],
    ]);
    expect(embeddingBag(bags, table, { mode: 'sum' }).tolist()).toEqual([
      [11, 21],
      [-4, 8],
    ]);
    const perSampleWeights = tensor([
      [1, 0.5],
      [2, -1],
    ]);
    expect(embeddingBag(bags, table, { mode: 'sum', perSampleWeights }).tolist()).toEqual([
      [6, 11],
      [-2, 4],
    ]);
    expect(embeddingBag(ints([[], []]), table).tolist()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(embeddingBag(ints([]), table, { offsets: ints([0]), mode: 'max' }).tolist()).toEqual([[0, 0]]);
  });

  test('padding is ignored, also in the mean', () => {
    const options = { offsets: ints([0, 3]), paddingIdx: 1 };
    expect(embeddingBag(list, table, options).tolist()).toEqual([
      [3, 0.5],
      [-2, 4],
    ]);
    expect(embeddingBag(list, table, { ...options, paddingIdx: -3, mode: 'max' }).tolist()).toEqual([
      [5, 1],
      [-2, 4],
    ]);
    expect(embeddingBag(ints([[1, 1]]), table, { paddingIdx: 1 }).tolist()).toEqual([[0, 0]]);
  });

  test('gradients', () => {
    manualSeed(0);
    const weight = table.to('float64').requiresGrad_();
    const weights = tensor([1, 2, -1, 0.5, 3], { dtype: 'float64', requiresGrad: true });
    const offsets = ints([0, 3]);
    for (const mode of ['sum', 'mean', 'max'] as const)
      expect(gradcheck((w) => embeddingBag(list, w, { offsets, mode }).square(), [weight])).toBe(true);
    expect(
      gradcheck(
        (w, perSampleWeights) => embeddingBag(list, w, { offsets, mode: 'sum', perSampleWeights }).square(),
        [weight, weights],
      ),
    ).toBe(true);
    embeddingBag(list, weight, { offsets, mode: 'sum', paddingIdx: 1, scaleGradByFreq: true }).sum().backward();
    expect(weight.grad!.tolist()).toEqual([
      [1, 1],
      [0, 0],
      [1, 1],
      [1, 1],
    ]);
    weight.grad = null;
    embeddingBag(list, weight, { offsets, mode: 'sum', scaleGradByFreq: true }).sum().backward();
    expect(weight.grad!.at(1).tolist()).toEqual([1, 1]);
  });

  test('long rows are renormalized in the table', () => {
    const rows = tensor([
      [3, 4],
      [0.3, 0.4],
      [6, 8],
    ]);
    embeddingBag(ints([[0, 1]]), rows, { maxNorm: 1 });
    expect((rows.norm(2, 1).tolist() as number[])[2]).toBe(10);
    expect((rows.norm(2, 1).tolist() as number[])[0]).toBeCloseTo(1, 5);
    expect((rows.norm(2, 1).tolist() as number[])[1]).toBeCloseTo(0.5, 6);
  });

  test('rejects mismatched arguments', () => {
    const offsets = ints([0]);
    expect(() => embeddingBag(list, table)).toThrow(
      new ValueError('embeddingBag: a list of numbers needs offsets, a vector that says where each bag starts'),
    );
    expect(() => embeddingBag(ints([[0]]), table, { offsets })).toThrow('so leave out offsets');
    expect(() => embeddingBag(list, table, { offsets: ints([0, 6]) })).toThrow(
      new ValueError('embeddingBag: offsets are 0, 6; they must rise from 0 to at most 5'),
    );
    expect(() => embeddingBag(list, table, { offsets: ints([0, 2]), includeLastOffset: true })).toThrow(
      'they must rise from 0 to 5, where the last bag ends',
    );
    expect(() => embeddingBag(list, table, { offsets: tensor([false]) })).toThrow(DtypeError);
    expect(() => embeddingBag(ints([4]), table, { offsets })).toThrow(
      new IndexError('embeddingBag: position 4 is out of range for 4 elements; positions are 0 to 3'),
    );
    expect(() => embeddingBag(list, table.at(0), { offsets })).toThrow('embeddingBag: weight must be a matrix');
    expect(() => embeddingBag(list, table, { offsets, mode: 'min' as never })).toThrow(
      new ValueError("embeddingBag: mode is 'min'; use 'sum', 'mean' or 'max'"),
    );
    expect(() => embeddingBag(list, table, { offsets, perSampleWeights: tensor([1, 1, 1, 1, 1]) })).toThrow(
      NotImplementedError,
    );
    const sum = { offsets, mode: 'sum' } as const;
    expect(() => embeddingBag(list, table, { ...sum, perSampleWeights: tensor([1]) })).toThrow(ShapeError);
    expect(() =>
      embeddingBag(list, table, { ...sum, perSampleWeights: tensor([1, 1, 1, 1, 1], { dtype: 'float64' }) }),
    ).toThrow(DtypeError);
    expect(() => embeddingBag(list, table, { offsets, mode: 'max', scaleGradByFreq: true })).toThrow(ValueError);
    expect(() => embeddingBag(tensor([[[1]]], { dtype: 'int32' }), table)).toThrow(ShapeError);
  });
});

describe('EmbeddingBag', () => {
  test('has the rows of Embedding, and passes its options on', () => {
    manualSeed(3);
    const one = new nn.Embedding(4, 2, { paddingIdx: 1 });
    manualSeed(3);
    const layer = new nn.EmbeddingBag(4, 2, { mode: 'sum', paddingIdx: 1, maxNorm: 9 });
    expect(layer.weight.tolist()).toEqual(one.weight.tolist());
    expect(layer.weight.at(1).tolist()).toEqual([0, 0]);
    const offsets = ints([0, 3]);
    expect(layer(list, { offsets }).tolist()).toEqual(
      embeddingBag(list, layer.weight, { offsets, mode: 'sum', paddingIdx: 1 }).tolist(),
    );
    expect(String(layer)).toBe("EmbeddingBag(4, 2, maxNorm=9, mode='sum', paddingIdx=1)");
    expect(String(new nn.EmbeddingBag(4, 2))).toBe("EmbeddingBag(4, 2, mode='mean')");
    const ends = new nn.EmbeddingBag(4, 2, { weight: table, includeLastOffset: true });
    expect(ends(list, { offsets: ints([0, 5]) }).shape).toEqual([1, 2]);
  });

  test('fromPretrained', () => {
    const layer = nn.EmbeddingBag.fromPretrained(table, { mode: 'max' });
    expect([layer.weight.requiresGrad, layer.mode, layer.numEmbeddings]).toEqual([false, 'max', 4]);
    expect(nn.EmbeddingBag.fromPretrained(table, { freeze: false }).weight.requiresGrad).toBe(true);
    expect(() => nn.EmbeddingBag.fromPretrained(table.at(0))).toThrow(ShapeError);
    expect(() => nn.EmbeddingBag.fromPretrained(table, { dtype: 'seven' as 'float32' })).toThrow(
      "unknown dtype 'seven'",
    );
  });

  test('rejects invalid options', () => {
    expect(() => new nn.EmbeddingBag(-1, 2)).toThrow(
      new ValueError('EmbeddingBag: numEmbeddings is -1; it must be a whole number, 0 or more'),
    );
    expect(() => new nn.EmbeddingBag(1, 2, { mode: 'min' as never })).toThrow(ValueError);
    expect(() => new nn.EmbeddingBag(1, 2, { weight: table })).toThrow('EmbeddingBag: weight has shape [4, 2]');
  });
});
