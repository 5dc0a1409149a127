// The order in which random functions draw for non-contiguous tensors, compared with PyTorch.
import { expect, test } from 'vitest';
import { arange, manualSeed, nn, randLike, type Tensor } from '../../src';

/** 4 × 3 numbers in [0, 1), stored by columns. */
const p = (): Tensor => arange(12).to('float32').reshape(3, 4).div(12).t();

function drawn(f: () => Tensor, count = 12): number[] {
  manualSeed(3);
  return Array.from(f().toArray().slice(0, count), (v: number) => Number(v.toFixed(3)));
}

test('numbers are drawn in memory order, which results inherit from their operands', () => {
  const uniform = [0.004, 0.472, 0.594, 0.106, 0.06, 0.888, 0.286, 0.772, 0.451, 0.027, 0.744, 0.799];
  expect(drawn(() => p().mul(2).uniform_())).toEqual(uniform);
  expect(drawn(() => randLike(p().mul(2)))).toEqual(uniform);
  const kept = drawn(() => nn.functional.dropout(p().add(1), 0.5).ne(0));
  expect(kept).toEqual([1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0]);
});

test('bernoulli draws in row-major order', () => {
  expect(drawn(() => p().bernoulli())).toEqual([0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1]);
});

test('attention with batchFirst, and dropout after it', () => {
  const x = arange(24).to('float32').reshape(2, 3, 4).div(10);
  const attention = (needWeights: boolean) =>
    new nn.MultiheadAttention(4, 2, { dropout: 0.5, batchFirst: true })(x, x, x, { needWeights })[0];
  const close = (got: number[], want: number[]) =>
    want.forEach((v, i) => {
      expect(got[i]).toBeCloseTo(v, 2);
    });
  close(
    drawn(() => attention(true)),
    [0.2458, -0.5357, -0.2282, -0.0588, 0.1242, -0.3033, -0.1325, -0.0547],
  );
  close(
    drawn(() => nn.functional.dropout(attention(false), 0.5)),
    [0.4916, -1.0713, 0, 0, 0.2484, -0.6065, 0, -0.1093, -0.4254, -0.9063, 0, 0],
  );
});

test('sort and flip keep the layout', () => {
  expect(p().sort(0).values.stride).toEqual([1, 4]);
  expect(p().sort(0).indices.stride).toEqual([1, 4]);
  expect(p().flip(0).stride).toEqual([1, 4]);
});
