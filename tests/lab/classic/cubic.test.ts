import { describe, expect, it } from 'vitest';
import { linspace, tensor } from '../../../src';
import { classic } from '../../../src/lab';
import type { CubicWeights } from '../../../src/lab/classic';

const { cubic } = classic;
const start: CubicWeights = [0.1, -0.2, 0.3, -0.4];

describe('the cubic of note 000', () => {
  it("has PyTorch's positions, loss and gradient", () => {
    const places = linspace(-Math.PI, Math.PI, 2000, { dtype: 'float64' });
    expect(tensor(cubic.x, { dtype: 'float64' }).sub(places).abs().max().item()).toBeLessThan(1e-14);
    expect(cubic.loss(start) / 62507.61863736843).toBeCloseTo(1, 12);
    const slopes = [4351.7915771, -37865.8273532, 24742.24105402, -251493.40656159];
    for (const [k, slope] of cubic.gradient(start).entries()) expect(slope / slopes[k]!).toBeCloseTo(1, 10);
  });

  it('descends like PyTorch', () => {
    const { weights, losses } = cubic.fit(start, { lr: 1e-6, steps: 2000 });
    expect([weights.length, losses.length]).toEqual([2001, 2001]);
    expect(losses[2000]! / 9.084585864551684).toBeCloseTo(1, 9);
    const ends = [0.00147547, 0.84086919, -0.00025454, -0.09107278];
    for (const [k, end] of ends.entries()) expect(weights[2000]![k]).toBeCloseTo(end, 8);
  });

  it('moves each weight by its feature', () => {
    for (const [k, share] of cubic.features(-2).entries()) {
      const moved = start.map((w, i) => w + (i === k ? 1 : 0)) as CubicWeights;
      expect(cubic.value(moved, -2) - cubic.value(start, -2)).toBeCloseTo(share, 12);
    }
  });

  it('explains invalid arguments', () => {
    expect(() => cubic.fit([1, 2] as unknown as CubicWeights, { lr: 1, steps: 1 })).toThrow('four weights, got [1,2]');
    expect(() => cubic.fit(start, { lr: 1, steps: -1 })).toThrow('steps');
  });
});
