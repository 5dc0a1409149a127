import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Generator } from '../../../src';
import { classic } from '../../../src/lab';

const seeded = (seed: number) => new Generator().manualSeed(seed);

describe('bumps', () => {
  it('has the slope of its height, by finite differences, and is the same after a turn unless it is a bowl', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(0, 0.5),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (seed, waves, curvature, x) => {
          const { height, slope } = classic.bumps({ waves, curvature, generator: seeded(seed) });
          expect((height(x + 1e-5) - height(x - 1e-5)) / 2e-5).toBeCloseTo(slope(x), 5);
          const turn = x + 2 * Math.PI;
          expect(height(turn) - height(x)).toBeCloseTo((curvature * (turn * turn - x * x)) / 2, 10);
        },
      ),
    );
  });

  it('has sines that are equally steep, each 1 on average', () => {
    const generator = seeded(4);
    const slopes = [1, 2, 3].map(() => 0);
    const [runs, places] = [3000, 16];
    for (let run = 0; run < runs; run++) {
      const { slope } = classic.bumps({ waves: 3, generator });
      for (let k = 1; k <= 3; k++) {
        // The component of cos kx and sin kx in the slope: its power is a²/2.
        let [c, s] = [0, 0];
        for (let i = 0; i < places; i++) {
          const x = (2 * Math.PI * i) / places;
          c += (2 / places) * slope(x) * Math.cos(k * x);
          s += (2 / places) * slope(x) * Math.sin(k * x);
        }
        slopes[k - 1]! += (c * c + s * s) / runs;
      }
    }
    for (const power of slopes) expect(Math.abs(power - 1)).toBeLessThan(0.12); // 4.6 standard errors
  });

  it('follows the generator, and rejects invalid landscapes', () => {
    const at = (seed: number) => classic.bumps({ generator: seeded(seed) }).height(1);
    expect(at(3)).toBe(at(3));
    expect(at(3)).not.toBe(at(4));
    expect(() => classic.bumps({ waves: 0 })).toThrow('waves must be a whole number from 1 on, got 0');
    expect(() => classic.bumps({ curvature: -1 })).toThrow('curvature must be 0 or more, got -1');
  });
});
