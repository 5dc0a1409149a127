// One rule for positions, row counts and classes: integers of any dtype, as in crossEntropy.
import { describe, expect, test } from 'vitest';
import { arange, func, nn, ones, searchsorted, type Tensor, tensor } from '../../../src';

const F = nn.functional;
const x = arange(12, { dtype: 'float32' }).reshape([3, 4]);
const rows = ones([2, 4]);

/** Functions that take positions, given `[0, 2]`, or a matrix of them. */
const takers: Record<string, (index: Tensor) => Tensor> = {
  at: (index) => x.at(index),
  'at beside a slice': (index) => x.at('...', index),
  setAt: (index) => {
    const y = x.clone();
    y.setAt(index, 7);
    return y;
  },
  indexPut: (index) => x.indexPut([index], tensor(5)),
  gather: (index) => x.gather(1, index.reshape([1, 2])),
  takeAlongDim: (index) => x.takeAlongDim(index.reshape([1, 2]), 1),
  take: (index) => x.take(index),
  indexSelect: (index) => x.indexSelect(0, index),
  scatter: (index) => x.scatter(1, index.reshape([1, 2]), -1),
  scatterAdd: (index) => x.scatterAdd(1, index.reshape([1, 2]), ones([1, 2])),
  scatterReduce: (index) => x.scatterReduce(1, index.reshape([1, 2]), ones([1, 2]), 'amax'),
  indexAdd: (index) => x.indexAdd(0, index, rows),
  indexCopy: (index) => x.indexCopy(0, index, rows),
  indexFill: (index) => x.indexFill(0, index, 9),
  narrow: (index) => x.narrow(0, index.at(1), 1),
  bincount: (index) => index.bincount(),
  embedding: (index) => F.embedding(index, x),
  'embedding with options': (index) => F.embedding(index, x, { paddingIdx: 0, scaleGradByFreq: true }),
  Embedding: (index) => nn.Embedding.fromPretrained(x)(index),
  embeddingBag: (index) => F.embeddingBag(index.reshape([1, 2]), x),
  'offsets of embeddingBag': (index) => F.embeddingBag(tensor([0, 1, 2]), x, { offsets: index }),
  oneHot: (index) => F.oneHot(index),
  nllLoss: (index) => F.nllLoss(x.narrow(0, 0, 2), index),
  crossEntropy: (index) => F.crossEntropy(x.narrow(0, 0, 2), index),
  ctcLoss: (index) => F.ctcLoss(x.logSoftmax(1).unsqueeze(1), index.reshape([1, 2]), [3], [2], { blank: 3 }),
  searchsorted: (index) =>
    searchsorted(tensor([3, 5, 4]), tensor(4), { sorter: tensor([0, 2, 1]).add(index.sum().sub(2)) }),
  maxUnpool1d: (index) => F.maxUnpool1d(ones([1, 2]), index.reshape([1, 2]), 2),
  repeatInterleave: (index) => x.narrow(0, 0, 2).repeatInterleave(index, 0),
  tensorSplit: (index) => x.tensorSplit(index)[1],
};

describe.each(Object.entries(takers))('%s', (name, take) => {
  const expected = take(tensor([0, 2], { dtype: 'int32' }));

  test.each(['float32', 'float64', 'uint8'] as const)('accepts integers in %s', (dtype) => {
    // PyTorch treats uint8 as a mask.
    if (dtype === 'uint8' && ['at', 'at beside a slice', 'setAt', 'indexPut'].includes(name)) return;
    const y = take(tensor([0, 2], { dtype }));
    expect([y.dtype, y.tolist()]).toEqual([expected.dtype, expected.tolist()]);
  });

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY])('rejects %s', (bad) => {
    // Functions with counts interpret the second number.
    const given = name === 'narrow' || name === 'embeddingBag' ? [0, bad] : [bad, 2];
    expect(() => take(tensor(given))).toThrow(/whole/);
    expect(() => take(tensor(given))).toThrow(String(bad));
  });
});

test('the history of the index is ignored, and the gradient is that of int32', () => {
  const w = x.clone().requiresGrad_();
  const index = tensor([2, 2]).requiresGrad_();
  F.embedding(index, w).sum().backward();
  expect(w.grad!.tolist()).toEqual([
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [2, 2, 2, 2],
  ]);
  expect(index.grad).toBe(null);
});

test('inside vmap', () => {
  const index = tensor([
    [0, 2],
    [1, 1],
  ]);
  const y = func.vmap((i: Tensor) => x.indexSelect(0, i))(index);
  expect(y.tolist()).toEqual([
    [x.at(0).tolist(), x.at(2).tolist()],
    [x.at(1).tolist(), x.at(1).tolist()],
  ]);
  expect(
    func
      .vmap((i: Tensor) => F.embedding(i, x))(index)
      .tolist(),
  ).toEqual(y.tolist());
});

test('messages show the given value and a suggestion', () => {
  expect(() => x.gather(1, tensor([[0.5]]))).toThrow(
    'gather: the index must hold whole numbers, got 0.5 in float32; round it with round(), floor() or ceil()',
  );
  expect(() => x.indexSelect(0, tensor([true]))).toThrow(
    'indexSelect: the index must hold whole numbers, got truth values (bool); a mask goes into at(…) or maskedSelect(…)',
  );
  expect(() => x.at(tensor([3]))).toThrow('at: position 3 is out of range for dimension 0 of size 3');
});
