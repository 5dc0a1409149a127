import { expect, it } from 'vitest';
import { Generator, type Tensor, ValueError } from '../../../src';
import { datasets } from '../../../src/lab';

const seeded = (seed: number) => new Generator().manualSeed(seed);

it("follows Friedman's formula", () => {
  const { x, y } = datasets.friedman1(50, { features: 7, generator: seeded(0) });
  expect([x.shape, y.shape, x.dtype, y.dtype]).toEqual([[50, 7], [50], 'float64', 'float64']);
  const rows = x.tolist() as number[][];
  (y.tolist() as number[]).forEach((value, i) => {
    const [a, b, c, d, e] = rows[i] as [number, number, number, number, number];
    expect(value).toBeCloseTo(10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e, 12);
  });
  expect(rows.flat().every((value) => value >= 0 && value < 1)).toBe(true);
});

it('adds noise of the given size', () => {
  const noisy = datasets.friedman1(4000, { noise: 2, generator: seeded(5) });
  const plain = datasets.friedman1(4000, { generator: seeded(5) });
  const rest = noisy.y.sub(plain.y) as Tensor;
  expect(noisy.x.equal(plain.x)).toBe(true);
  expect(rest.mean().item()).toBeCloseTo(0, 1);
  expect(rest.std().item()).toBeCloseTo(2, 1);
});

it('rejects invalid sizes', () => {
  expect(() => datasets.friedman1(0)).toThrow(ValueError);
  expect(() => datasets.friedman1(10, { features: 4 })).toThrow(/features must be a whole number from 5 on, got 4/);
  expect(() => datasets.friedman1(10, { noise: -1 })).toThrow(/noise must be 0 or more/);
});
