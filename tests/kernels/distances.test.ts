// Distances by a product of matrices, beside the sum of squared differences in float64.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cdist, manualSeed, randn, tensor } from '../../src';
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

test.each(['float32', 'float64'] as const)('of %s, NaN and infinities among them', (dtype) => {
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

test('rows that lie close together keep their digits, and the same row is at distance 0', () => {
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

test('the gradient is that of the differences, and 0 where rows coincide', () => {
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
