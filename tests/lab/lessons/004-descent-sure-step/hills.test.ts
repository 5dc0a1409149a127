import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hill, hills, nextFrom } from '../../../../src/lab/lessons/004-descent-sure-step';

it('has the slopes of its losses, and a curvature bound that is nearly reached and never exceeded', () => {
  const h = 1e-4;
  for (const { name, loss, slope, bend } of hills) {
    let most = 0;
    for (let i = 0; i <= 8000; i++) {
      const w = -4 + i / 1000;
      expect((loss(w + h) - loss(w - h)) / (2 * h), name).toBeCloseTo(slope(w), 5);
      most = Math.max(most, Math.abs(slope(w + h) - slope(w - h)) / (2 * h));
    }
    expect(most, name).toBeLessThan(bend * (1 + 1e-6));
    expect(most, name).toBeGreaterThan(bend * 0.999);
  }
});

it('steps to the minimum of the bowl, and never up below 2/L', () => {
  fc.assert(
    fc.property(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: 0, max: 2, noNaN: true }), (w, share) => {
      for (const one of hills) {
        const to = nextFrom(one, w, share);
        expect(to).toBeCloseTo(w - (share / one.bend) * one.slope(w), 12);
        expect(one.loss(to)).toBeLessThanOrEqual(one.loss(w) + 1e-12);
      }
    }),
  );
  expect(nextFrom(hill, 0, 1)).toBeCloseTo(-0.3, 12);
});
