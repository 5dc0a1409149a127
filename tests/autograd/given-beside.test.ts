// An operation's other arguments (classes, weights, indices, masks, lengths, targets) may be modified after the call.
// Then its gradient is that of the original values, or the backward pass throws; it never uses the modified ones.

import { expect, test } from 'vitest';
import { AutogradError, grad, manualSeed, nn, ones, rand, type Tensor, tensor, where, xlogy, zeros } from '../../src';
import { ints } from '../support/tensors';

const F = nn.functional;
const scores = () =>
  tensor([
    [1, 2, 3],
    [4, 5, 6.5],
  ]);
const two = () => ints([0, 2]);
const places = () =>
  ints(
    [
      [0, 1],
      [1, 2],
    ].flat(),
  ).view(2, 2);
const mask = () =>
  tensor([
    [true, false, true],
    [false, false, true],
  ]);
const shares = () =>
  tensor([
    [0.2, 0.3, 0.5],
    [0.1, 0.1, 0.8],
  ]);
const signs = () =>
  tensor([
    [1, -1, 1],
    [-1, 1, -1],
  ]);
const three = () => tensor([1, 2, 5]);
const none = zeros([2, 3]);

type Case = [name: string, x: () => Tensor, given: () => Tensor, f: (x: Tensor, given: Tensor) => Tensor];
const cases: Case[] = [
  ['classes of nllLoss', scores, two, (x, c) => F.nllLoss(x, c)],
  ['classes of crossEntropy', scores, two, (x, c) => F.crossEntropy(x, c)],
  ['classes of crossEntropy, case by case', scores, two, (x, c) => F.crossEntropy(x, c, { reduction: 'none' })],
  ['classes of crossEntropy, smoothed', scores, two, (x, c) => F.crossEntropy(x, c, { labelSmoothing: 0.2 })],
  ['classes that are floats', scores, () => tensor([0, 2]), (x, c) => F.crossEntropy(x, c)],
  ['classes in a view', scores, () => ints([0, 1, 2, 0]), (x, c) => F.crossEntropy(x, c.view(2, 2).t().at(0))],
  ['weights of nllLoss', scores, three, (x, weight) => F.nllLoss(x, two(), { weight })],
  ['weights of nllLoss, summed', scores, three, (x, weight) => F.nllLoss(x, two(), { weight, reduction: 'sum' })],
  ['weights of crossEntropy', scores, three, (x, weight) => F.crossEntropy(x, two(), { weight, reduction: 'sum' })],
  ['probabilities of crossEntropy', scores, shares, (x, p) => F.crossEntropy(x, p)],
  ['classes of multiMarginLoss', scores, two, (x, c) => F.multiMarginLoss(x, c)],
  ['weights of multiMarginLoss', scores, three, (x, weight) => F.multiMarginLoss(x, two(), { weight })],
  [
    'classes of multilabelMarginLoss',
    scores,
    () => ints([0, -1, -1, 1, 2, -1]).view(2, 3),
    (x, c) => F.multilabelMarginLoss(x, c),
  ],
  ['target of binaryCrossEntropy', shares, shares, (x, y) => F.binaryCrossEntropy(x, y)],
  ['weights of binaryCrossEntropy', shares, shares, (x, weight) => F.binaryCrossEntropy(x, ones([2, 3]), { weight })],
  ['target of binaryCrossEntropyWithLogits', scores, shares, (x, y) => F.binaryCrossEntropyWithLogits(x, y)],
  [
    'weights of binaryCrossEntropyWithLogits',
    scores,
    three,
    (x, w) => F.binaryCrossEntropyWithLogits(x, none, { weight: w }),
  ],
  ['posWeight', scores, three, (x, posWeight) => F.binaryCrossEntropyWithLogits(x, ones([2, 3]), { posWeight })],
  ['target of mseLoss', scores, shares, (x, y) => F.mseLoss(x, y)],
  ['target of l1Loss', scores, () => signs().mul(4), (x, y) => F.l1Loss(x, y)],
  ['target of huberLoss', scores, () => signs().mul(4), (x, y) => F.huberLoss(x, y)],
  ['target of klDiv', scores, shares, (x, y) => F.klDiv(x, y)],
  ['target of hingeEmbeddingLoss', scores, signs, (x, y) => F.hingeEmbeddingLoss(x, y)],
  ['target of marginRankingLoss', scores, signs, (x, y) => F.marginRankingLoss(x, none, y)],
  ['target of softMarginLoss', scores, signs, (x, y) => F.softMarginLoss(x, y)],
  ['target of cosineEmbeddingLoss', scores, () => tensor([1, -1]), (x, y) => F.cosineEmbeddingLoss(x, signs(), y)],
  [
    'lengths of ctcLoss',
    () => rand([3, 1, 3]),
    () => ints([3]),
    (x, n) => F.ctcLoss(x.logSoftmax(2), ints([1, 2]).view(1, 2), n, ints([2])),
  ],
  [
    'targets of ctcLoss',
    () => rand([3, 1, 3]),
    () => ints([1, 2]).view(1, 2),
    (x, y) => F.ctcLoss(x.logSoftmax(2), y, ints([3]), ints([2])),
  ],
  ['index of gather', scores, places, (x, i) => x.gather(1, i)],
  ['index of indexSelect', scores, two, (x, i) => x.indexSelect(1, i)],
  ['index of take', scores, two, (x, i) => x.take(i)],
  ['a list of positions', scores, () => ints([1, 1]), (x, i) => x.at(i)],
  ['index of scatter', scores, places, (x, i) => x.scatter(1, i, zeros([2, 2]))],
  ['index of scatterAdd', () => scores().narrow(1, 0, 2), places, (x, i) => zeros([2, 3]).scatterAdd(1, i, x)],
  [
    'index of scatterReduce',
    scores,
    () => ints([0, 1, 1, 0, 0, 1]).view(2, 3),
    (x, i) => ones([2, 3]).scatterReduce(1, i, x, 'prod'),
  ],
  ['index of indexAdd', scores, two, (x, i) => zeros([3, 3]).indexAdd(0, i, x)],
  ['index of indexFill', scores, two, (x, i) => x.indexFill(1, i, 0)],
  ['index of indexPut', scores, () => ints([0, 1]), (x, i) => x.indexPut([i], zeros([2, 3]))],
  ['index of embedding', scores, () => ints([0, 1, 1]), (x, i) => F.embedding(i, x)],
  ['index of embeddingBag', scores, () => ints([0, 1, 1, 1]).view(2, 2), (x, i) => F.embeddingBag(i, x)],
  [
    'index of maxUnpool2d',
    () => rand([1, 1, 2, 2]),
    () => ints([0, 2, 8, 10]).view(1, 1, 2, 2),
    (x, i) => F.maxUnpool2d(x, i, 2),
  ],
  ['mask of maskedFill', scores, mask, (x, m) => x.maskedFill(m, 0)],
  ['mask of maskedSelect', scores, mask, (x, m) => x.maskedSelect(m)],
  ['mask of maskedScatter', scores, mask, (x, m) => x.maskedScatter(m, zeros([6]))],
  ['condition of where', scores, mask, (x, m) => where(m, x, x.mul(3))],
  ['counts of repeatInterleave', scores, () => ints([1, 2]), (x, n) => x.repeatInterleave(n, 0)],
  ['share of quantile', scores, () => tensor([0.3, 0.6]), (x, q) => x.quantile(q)],
  ['bound of clamp', scores, () => ones([2, 3]).mul(2.5), (x, least) => x.clamp(least)],
  ['exponent of pow', scores, () => ones([2, 3]).mul(2), (x, n) => x.pow(n)],
  ['share of lerp', scores, shares, (x, w) => x.lerp(none, w)],
  ['factor of xlogy', scores, shares, (x, a) => xlogy(a, x)],
  ['variance of batchNorm', scores, three, (x, v) => F.batchNorm(x, zeros([3]), v, { training: false })],
  [
    'mask of attention',
    () => rand([1, 2, 3]),
    () => ones([2, 2]),
    (x, attnMask) => F.scaledDotProductAttention(x, x, x, { attnMask }),
  ],
];

/** Changes a tensor to other valid values of the same kind. */
function change(given: Tensor): void {
  if (given.dtype === 'bool') given.logicalNot_();
  else if (given.dtype === 'int32') given.fill_(given.eq(1).all().item() ? 0 : 1);
  else given.mul_(0.5).add_(tensor([0.1, 0.4, 0.2]).narrow(0, 0, given.shape[given.ndim - 1]));
}

test.each(cases)('%s, changed after the operation', (_, input, make, f) => {
  const gradients = (isChanged: boolean, createGraph: boolean) => {
    manualSeed(3);
    const x = input().requiresGrad_();
    const given = make();
    const factors = rand(f(x, given).shape);
    const y = f(x, given).mul(factors).sum();
    if (isChanged) change(given);
    return grad(y, [x], { createGraph })[0].tolist();
  };
  for (const createGraph of [false, true]) {
    let after: unknown;
    try {
      after = gradients(true, createGraph);
    } catch (error) {
      expect(error).toBeInstanceOf(AutogradError);
      expect((error as Error).message).toContain('modified');
      continue;
    }
    expect(after).toEqual(gradients(false, createGraph));
  }
});
