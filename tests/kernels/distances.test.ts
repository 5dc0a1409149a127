// Distances by a product of matrices, compared with the sum of squared differences in float64.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cdist, manualSeed, randn, tensor } from '../../src';
import { setSwitches } from '../../src/kernels/wasm/runtime';
import type { ComputeMode } from '../../src/ops/products/distance';

const byProduct: ComputeMode = 'use_mm_for_euclid_dist';
const special = fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 1e-20, 1e19, 3);
const element = fc.oneof(
  { weight: 12, arbitrary: fc.double({ min: -4, max: 4, noNaN: true }) },
  { weight: 1, arbitrary: special },
);
const matrix = (k: number) =>
  fc.array(fc.array(element, { minLength: k, maxLength: k }), { minLength: 1, maxLength: 9 });
const pair = fc.integer({ min: 1, max: 7 }).chain((k) => fc.tuple(matrix(k), matrix(k)));

test.each(['float32', 'float64'] as const)('of %s, including NaN and infinities', (dtype) => {
  const tolerance = dtype === 'float32' ? 2e-6 : 1e-14;
  const underflow = dtype === 'float32' ? 2e-45 : 1e-160;
  fc.assert(
    fc.property(pair, ([a, b]) => {
      const [x, y] = [tensor(a, { dtype }), tensor(b, { dtype })];
      const got = cdist(x, y, { computeMode: byProduct }).tolist() as number[][];
      const rows = (t: typeof x) => t.tolist() as number[][];
      rows(x).forEach((u, i) => {
        rows(y).forEach((v, j) => {
          const exact = Math.sqrt(u.reduce((sum, value, e) => sum + (value - v[e]) ** 2, 0));
          if (Number.isFinite(exact))
            expect(Math.abs(got[i][j] - exact)).toBeLessThanOrEqual(tolerance * exact + underflow);
          else expect(got[i][j]).toBe(exact);
        });
      });
    }),
    { numRuns: 300, seed: 5 },
  );
});

test('close rows keep their digits, and equal rows have distance 0', () => {
  manualSeed(1);
  const x = randn([40, 16]).add(100);
  const near = x.add(randn([40, 16]).mul(1e-3));
  const [got, exact] = [cdist(x, near), cdist(x.to('float64'), near.to('float64'))];
  expect(got.sub(exact).div(exact).abs().max().item()).toBeLessThan(1e-6);
  expect(cdist(x, x).diagonal().abs().max().item()).toBe(0);
});

test('by default more than 25 rows come from a product; other modes and norms do not', () => {
  manualSeed(2);
  const [a, b] = [randn([26, 50]), randn([30, 50])];
  const modes = (x: typeof a, y: typeof a) =>
    (['donot_use_mm_for_euclid_dist', byProduct] as const).map((computeMode) => cdist(x, y, { computeMode }).tolist());
  const [direct, product] = modes(a, b);
  expect(direct).not.toEqual(product);
  expect(cdist(a, b).tolist()).toEqual(product);
  const few = b.narrow(0, 0, 25);
  expect(cdist(few, few).tolist()).toEqual(modes(few, few)[0]);
  expect(cdist(a, b, { p: 1, computeMode: byProduct }).tolist()).toEqual(cdist(a, b, { p: 1 }).tolist());
});

const size = fc.integer({ min: 1, max: 40 });

test.each([1, 2])('p = %i: the kernels match the loops, for rows of any number and length', (p) => {
  const options = { p, computeMode: 'donot_use_mm_for_euclid_dist' } as const;
  fc.assert(
    fc.property(size, size, size, fc.constantFrom('float32', 'float64'), special, (m, n, k, dtype, odd) => {
      manualSeed(m + 41 * n + 1681 * k);
      const [x, y] = [randn([m, k], { dtype }), randn([n, k], { dtype })];
      y.at(n >> 1, k >> 1).fill_(odd);
      const got = cdist(x, y, options);
      const old = setSwitches({ wasm: false });
      const loops = cdist(x, y, options);
      setSwitches(old);
      const tolerance = dtype === 'float32' ? 1.2e-7 : 1e-14;
      expect(got.allclose(loops, { rtol: tolerance, atol: 0, equalNan: true })).toBe(true);
    }),
    { numRuns: 200, seed: 6 },
  );
});

test('rows in several blocks, and rows that are too long for one', () => {
  manualSeed(4);
  for (const [m, n, k] of [
    [9, 14, 3001],
    [50, 3, 1000],
    [2, 3, 9001],
  ]) {
    const [x, y] = [randn([m, k], { dtype: 'float64' }), randn([n, k], { dtype: 'float64' })];
    const differences = x.unsqueeze(1).sub(y);
    expect(cdist(x, y, { p: 1 }).allclose(differences.abs().sum(-1), { rtol: 1e-13 })).toBe(true);
    expect(cdist(x, y).allclose(differences.square().sum(-1).sqrt(), { rtol: 1e-13 })).toBe(true);
  }
});

test('squares that overflow float32 although the distance does not', () => {
  const far = (i: number) => Array.from({ length: 4 }, (_, j) => (i === j ? 1e20 : 0));
  const got = cdist(tensor([far(0), far(1)]), tensor([far(2), far(0)]), { computeMode: byProduct });
  const expected = tensor([
    [Math.SQRT2 * 1e20, 0],
    [Math.SQRT2 * 1e20, Math.SQRT2 * 1e20],
  ]);
  expect(got.allclose(expected, { rtol: 1e-6 })).toBe(true);
});

test('the gradient is that of the differences, and 0 for equal rows', () => {
  manualSeed(3);
  const start = randn([30, 6]);
  const grads = (['donot_use_mm_for_euclid_dist', byProduct] as const).map((computeMode) => {
    const x = start.clone().requiresGrad_();
    cdist(x, start.narrow(0, 0, 20), { computeMode })
      .pow(2)
      .add(1)
      .sqrt()
      .sum()
      .backward();
    return x.grad!;
  });
  expect(grads[0].sub(grads[1]).abs().max().item()).toBeLessThan(1e-5);
  const same = start.clone().requiresGrad_();
  cdist(same, same).diagonal().sum().backward();
  expect(same.grad!.abs().max().item()).toBe(0);
});
