// A gradient that the tape computed is passed on and modified in place. Programs must not notice.
import { expect, test } from 'vitest';
import { grad, ones, type Tensor, tensor } from '../../src';

const leaf = () => tensor([1, 2, 3], { requiresGrad: true });
const values = (x: Tensor | null) => x?.tolist();

test('retained intermediate gradients do not change', () => {
  const x = leaf();
  const h = x.mul(2);
  const k = h.add(1);
  const m = k.mul(3);
  for (const t of [h, k, m]) t.retainGrad();
  m.mul(5).sub(4).abs().sum().backward();
  expect([m, k, h, x].map((t) => values(t.grad))).toEqual([
    [5, 5, 5],
    [15, 15, 15],
    [15, 15, 15],
    [30, 30, 30],
  ]);
  expect(new Set([m, k, h, x].map((t) => t.grad!.data.buffer)).size).toBe(4);
});

test('results of grad() may be modified: a second pass gives the same result', () => {
  const x = leaf();
  const h = x.mul(x);
  const k = h.add(1);
  const y = k.mul(3).mul(5).sum();
  for (let pass = 0; pass < 2; pass++) {
    const [ofK, ofH, ofX] = grad(y, [k, h, x], { retainGraph: true });
    expect([ofK, ofH, ofX].map(values)).toEqual([
      [15, 15, 15],
      [15, 15, 15],
      [30, 60, 90],
    ]);
    for (const given of [ofK, ofH, ofX]) given!.zero_();
  }
});

test('a gradient with contiguous columns is modified in place', () => {
  const x = tensor(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    { requiresGrad: true },
  );
  const weights = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  x.t().mul(2).add(1).mul(0.1).mul(weights.t()).sum().backward();
  const expected = weights.mul(0.1).mul(2);
  expect(values(x.grad)).toEqual(values(expected));
});

test('two leaves of one sum do not share a gradient', () => {
  const [x, y] = [leaf(), leaf()];
  x.add(y).mul(2).mul(3).sum().backward();
  x.grad!.mul_(10);
  expect([x, y].map((t) => values(t.grad))).toEqual([
    [60, 60, 60],
    [6, 6, 6],
  ]);
});

test('branches that split and merge have separate gradients', () => {
  const x = leaf();
  const h = x.mul(2);
  h.add(1).mul(3).add(h.mul(7)).add(h).mul(h.add(5).mul(11)).sum().backward();
  // y = (11h + 3)(11h + 55) with h = 2x.
  expect(values(x.grad)).toEqual([2, 4, 6].map((h) => 2 * (11 * (11 * h + 55) + 11 * (11 * h + 3))));
});

test('a gradient kept by a hook keeps its values', () => {
  const x = leaf();
  const h = x.add(1);
  let seen: Tensor | undefined;
  h.registerHook((g) => {
    seen = g;
  });
  h.mul(3).mul(2).sum().backward();
  expect(values(seen!)).toEqual([6, 6, 6]);
  const seed = ones(3);
  const y = leaf();
  y.mul(2).add(1).mul(3).backward(seed);
  expect([values(seed), values(y.grad)]).toEqual([
    [1, 1, 1],
    [6, 6, 6],
  ]);
});

test('a recorded gradient can be differentiated again', () => {
  const x = leaf();
  const y = x.mul(x).mul(3).add(1).mul(2).sum();
  const [g] = grad(y, [x], { createGraph: true });
  expect(values(g!)).toEqual([12, 24, 36]);
  const [gg] = grad(g!.mul(2).sum(), [x]);
  expect(values(gg!)).toEqual([24, 24, 24]);
});
