import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hessian, linalg, tensor } from '../../../../src';
import { bendOf, twoLayers } from '../../../../src/lab/lessons/004-convexity-two-cups';

const weight = fc.double({ min: -2, max: 2, noNaN: true });

it('has the slopes and curvatures of its loss', () => {
  fc.assert(
    fc.property(weight, weight, (w1, w2) => {
      const w = tensor([w1, w2], { dtype: 'float64', requiresGrad: true });
      const of = (v: typeof w) => v.prod().sub(1).square();
      of(w).backward();
      twoLayers.gradient([w1, w2]).forEach((slope, i) => {
        expect(slope).toBeCloseTo((w.grad!.tolist() as number[])[i]!, 10);
      });
      const second = hessian(of, tensor([w1, w2], { dtype: 'float64' })).tolist() as number[][];
      twoLayers.hessian([w1, w2]).forEach((row, i) => {
        row.forEach((value, j) => {
          expect(value).toBeCloseTo(second[i]![j]!, 10);
        });
      });
      expect(twoLayers.loss(w1, w2)).toBeCloseTo((w1 * w2 - 1) ** 2, 12);
    }),
  );
});

it('has curvatures between its eigenvalues, and equal to them along their directions', () => {
  const H = twoLayers.hessian([0.5, 0.5]);
  const [low, high] = linalg.eigvalsh(tensor(H, { dtype: 'float64' })).tolist() as [number, number];
  const bends = Array.from({ length: 181 }, (_, degrees) => bendOf(H, degrees));
  expect(Math.min(...bends)).toBeCloseTo(low, 12);
  expect(Math.max(...bends)).toBeCloseTo(high, 12);
  expect([0, 45, 90, 135].map((degrees) => bendOf(H, degrees))).toEqual([
    expect.closeTo(0.5, 12),
    expect.closeTo(-0.5, 12),
    expect.closeTo(0.5, 12),
    expect.closeTo(1.5, 12),
  ]);
});
