import { expect, it } from 'vitest';
import { Generator, tensor } from '../../../src';
import { classic, datasets } from '../../../src/lab';

const { x, y } = datasets.line200();
const variance = (cloud: readonly number[][]) => {
  const mean = [0, 1].map((k) => cloud.reduce((sum, g) => sum + g[k]!, 0) / cloud.length);
  return cloud.reduce((sum, g) => sum + (g[0]! - mean[0]!) ** 2 + (g[1]! - mean[1]!) ** 2, 0) / cloud.length;
};

it('has two hundred points with the digits of any language', () => {
  // The same recipe, computed in Python.
  const full = x
    .t()
    .matmul(y)
    .mul(-2 / 200)
    .tolist() as number[];
  expect(full[0]).toBeCloseTo(-1.92459037, 8);
  expect(full[1]).toBeCloseTo(4.0176202, 7);
  const single = (x.tolist() as number[][]).map((row, i) => row.map((v) => -2 * y.at(i).item() * v));
  expect(variance(single)).toBeCloseTo(63.301044749703394, 9);
});

it('gives the full gradient if each batch has all rows', () => {
  const cloud = classic.gradientCloud(x, y, 200, { draws: 3, replace: false, at: [0.5, 1] });
  const w = tensor([0.5, 1], { dtype: 'float64', requiresGrad: true });
  x.matmul(w).sub(y).square().mean().backward();
  for (const g of cloud) for (const k of [0, 1]) expect(g[k]).toBeCloseTo((w.grad!.tolist() as number[])[k]!, 12);
});

it('has a variance of one over the batch size, and less without replacement', () => {
  const generator = new Generator().manualSeed(1);
  const spread = (batch: number, replace: boolean) =>
    (batch * variance(classic.gradientCloud(x, y, batch, { draws: 8000, replace, generator }))) / 63.301;
  expect(spread(4, true)).toBeCloseTo(1, 0.9);
  expect(spread(64, true)).toBeCloseTo(1, 0.9);
  expect(spread(64, false)).toBeCloseTo(136 / 199, 0.9);
});

it('rejects invalid sizes', () => {
  expect(() => classic.gradientCloud([[1]], [1, 2], 1, { draws: 1 })).toThrow('x has 1 rows, y has 2');
  expect(() => classic.gradientCloud([[1]], [1], 2, { draws: 1, replace: false })).toThrow('at most the 1 rows, got 2');
  expect(() => classic.gradientCloud([[1]], [1], 0, { draws: 1 })).toThrow(
    'batch must be a whole number above 0, got 0',
  );
  expect(() => classic.gradientCloud([[1]], [1], 1, { draws: 1, at: [1, 2] })).toThrow('at has 2');
});
