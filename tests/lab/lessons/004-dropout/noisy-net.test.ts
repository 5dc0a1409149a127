import { expect, it } from 'vitest';
import { lossInUse, lossReported, maskVariance, noisyNet } from '../../../../src/lab/lessons/004-dropout';

it('reports a loss that is larger by the variance of the masks', () => {
  const steps: number[] = [];
  const trained = noisyNet({ p: 0.5, seed: 1, steps: 60, onStep: (step) => steps.push(step) });
  expect(steps).toEqual(Array.from({ length: 61 }, (_, i) => i));
  const gap = lossReported(trained, 300) - lossInUse(trained);
  expect(gap / maskVariance(trained)).toBeGreaterThan(0.9);
  expect(gap / maskVariance(trained)).toBeLessThan(1.1);
  expect(trained.net.training).toBe(true);
});

it('reports the same loss without dropped units', () => {
  const trained = noisyNet({ p: 0, steps: 20 });
  expect(lossReported(trained)).toBe(lossInUse(trained));
  expect(maskVariance(trained)).toBe(0);
  expect(lossInUse(trained, trained.others)).toBeGreaterThan(lossInUse(trained));
});

it('trains the same way with the same seed', () => {
  const [a, b] = [noisyNet({ p: 0.3, steps: 10 }), noisyNet({ p: 0.3, steps: 10 })];
  expect(lossInUse(a)).toBe(lossInUse(b));
});
