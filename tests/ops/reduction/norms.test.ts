import { describe, expect, test } from 'vitest';
import { DtypeError, IndexError, linalg, norm, ShapeError, tensor, ValueError, zeros } from '../../../src';
import { expectClose } from '../../support/close';

const inf = Number.POSITIVE_INFINITY;
const nan = Number.NaN;
const x = tensor([
  [3, -4],
  [0, 12],
]);

describe('norm', () => {
  test('of every kind', () => {
    expect(norm(x).item()).toBe(13);
    expect(x.norm('fro', [0, 1]).item()).toBe(13);
    expect(x.norm(2, 1).tolist()).toEqual([5, 12]);
    expect(x.norm(1, 0, { keepdim: true }).tolist()).toEqual([[3, 16]]);
    expect(x.norm(inf).item()).toBe(12);
    expect(x.norm(-inf, 1).tolist()).toEqual([3, 0]);
    expect(x.norm(0, 1).tolist()).toEqual([2, 1]);
    expectClose(x.norm(3), (27 + 64 + 1728) ** (1 / 3));
    expect(tensor([3, 4], { dtype: 'int32' }).norm(2, 0, { dtype: 'float64' }).item()).toBe(5);
    expect(zeros([2, 0]).norm(2, 1).tolist()).toEqual([0, 0]);
    expect(tensor([1, nan]).norm(inf).item()).toBe(nan);
    expect(linalg.vectorNorm(x, 1, { dim: 1, keepdim: true }).tolist()).toEqual([[7], [12]]);
    expect(linalg.vectorNorm(x).item()).toBe(13);
  });

  test('its gradient is 0 at 0', () => {
    for (const p of [1, 1.5, 2, 3, inf]) {
      const z = zeros([3], { requiresGrad: true });
      z.norm(p).backward();
      expect(z.grad!.abs().tolist()).toEqual([0, 0, 0]);
    }
  });

  test('equals share the gradient of the maximum', () => {
    const y = tensor([2, -2, 1], { requiresGrad: true });
    y.norm(inf).backward();
    expect(y.grad!.tolist()).toEqual([0.5, -0.5, 0]);
  });

  test('errors', () => {
    expect(() => tensor([1, 2]).norm('nuc')).toThrow(ShapeError);
    expect(() => x.norm('inf' as 'fro')).toThrow(ValueError);
    expect(() => zeros([2, 2]).norm('nuc', null, { dim: 1 } as object)).toThrow('norm: there is no option dim');
    expect(() => tensor([1], { dtype: 'int32' }).norm()).toThrow(DtypeError);
    expect(() => x.norm(2, 3)).toThrow(IndexError);
    expect(() => zeros([2, 0]).norm(inf, 1)).toThrow(ShapeError);
    expect(() => zeros([0]).norm(-1)).toThrow(ShapeError);
  });
});

test('dist', () => {
  expect(
    tensor([1, 2])
      .dist(tensor([4, 6]))
      .item(),
  ).toBe(5);
  expect(
    tensor([[1], [2]])
      .dist(tensor([4, 6]), 1)
      .item(),
  ).toBe(3 + 5 + 2 + 4);
  expect(() => tensor([1, 2]).dist(tensor([1, 2, 3]))).toThrow(ShapeError);
});

describe('renorm', () => {
  test('shrinks what is too long and leaves the rest', () => {
    const y = tensor([
      [3, 4],
      [0.3, 0.4],
    ]);
    expectClose(y.renorm(2, 0, 1), [
      [0.6, 0.8],
      [0.3, 0.4],
    ]);
    expectClose(y.renorm(1, 1, 3.3), [
      [3, 3],
      [0.3, 0.3],
    ]);
  });

  test('errors', () => {
    expect(() => tensor([1, 2]).renorm(2, 0, 1)).toThrow(ShapeError);
    expect(() => x.renorm(0, 0, 1)).toThrow(ValueError);
    expect(() => x.renorm(2, 0, -1)).toThrow(ValueError);
    expect(() => x.renorm(2, 2, 1)).toThrow(IndexError);
  });
});

test('the gradient of renorm, in place too; NaN norms change nothing', () => {
  const leaf = tensor(
    [
      [3, 4],
      [0.3, 0.4],
      [nan, 10],
      [inf, 1],
    ],
    { dtype: 'float64', requiresGrad: true },
  );
  const y = leaf.mul(1);
  y.renorm_(2, 0, 1);
  expect(y.gradFn!.name).toBe('RenormBackward0');
  expectClose(y, [
    [0.6, 0.8],
    [0.3, 0.4],
    [nan, 10],
    [nan, 0],
  ]);
  y.backward(
    tensor(
      [
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ],
      { dtype: 'float64' },
    ),
  );
  expectClose(leaf.grad, [
    [-0.064, 0.048],
    [3, 4],
    [5, 6],
    [nan, nan],
  ]);
});
