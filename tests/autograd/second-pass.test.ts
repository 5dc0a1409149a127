// A second backward pass is possible in the same cases as in PyTorch, even if PyTorch saves more than our derivative
// needs.

import { expect, test } from 'vitest';
import { AutogradError, nn, ones, rand, repeatInterleave, type Tensor, tensor } from '../../src';
import { ints } from '../support/tensors';

const F = nn.functional;
const at = ints([0, 1]);
const mask = tensor([true, false, true]);

test.each<[string, (x: Tensor) => Tensor]>([
  ['gather', (x) => x.gather(0, at.unsqueeze(0))],
  ['indexSelect', (x) => x.indexSelect(0, at)],
  ['take', (x) => x.take(at)],
  ['at a list', (x) => x.at(at)],
  ['maskedSelect', (x) => x.maskedSelect(mask)],
  ['scatter', (x) => x.scatter(0, at.unsqueeze(0), 1)],
  ['indexAdd, the source', (x) => ones([3, 3]).indexAdd(0, at, x.narrow(0, 0, 2))],
  ['indexPut', (x) => x.indexPut([at], ones([2, 3]), { accumulate: true })],
  ['pad with reflection', (x) => F.pad(x, [1, 1], { mode: 'reflect' })],
  ['embedding', (x) => F.embedding(at, x)],
  ['nllLoss', (x) => F.nllLoss(x, ints([0, 1, 2]))],
  ['avgPool1d', (x) => F.avgPool1d(x.unsqueeze(0), 2)],
  ['adaptiveAvgPool1d', (x) => F.adaptiveAvgPool1d(x.unsqueeze(0), 2)],
  ['the mean of varMean', (x) => x.varMean()[1]],
  ['mul by a number', (x) => x.mul(2)],
  ['mul by a tensor without gradient', (x) => x.mul(ones([3, 3]))],
  ['div by a number', (x) => x.div(2)],
])('%s needs retainGraph', (_, f) => {
  const again = (retainGraph: boolean) => {
    const y = f(rand([3, 3], { requiresGrad: true })).sum();
    y.backward(undefined, { retainGraph });
    y.backward();
  };
  expect(() => again(false)).toThrow(AutogradError);
  expect(() => again(true)).not.toThrow();
});

test.each<[string, (x: Tensor) => Tensor]>([
  ['add of a number', (x) => x.add(2)],
  ['sub from itself doubled', (x) => x.add(x).sub(x)],
  ['roll', (x) => x.roll(1, 0)],
  ['flip', (x) => x.flip(0)],
  ['repeatInterleave', (x) => repeatInterleave(x, 2, 0)],
  ['indexAdd, the target', (x) => x.indexAdd(0, at, ones([2, 3]))],
  ['scatterAdd, the target', (x) => x.scatterAdd(0, at.unsqueeze(0), ones([1, 2]))],
  ['interpolate', (x) => F.interpolate(x.unsqueeze(0), { scaleFactor: 2 })],
])('%s saves nothing', (_, f) => {
  const x = rand([3, 3], { requiresGrad: true });
  const y = f(x).sum();
  y.backward();
  const once = x.grad!.clone();
  y.backward();
  expect(x.grad!.tolist()).toEqual(once.mul(2).tolist());
});
