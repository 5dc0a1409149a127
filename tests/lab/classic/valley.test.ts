import { describe, expect, it } from 'vitest';
import { hessian, linalg, type Tensor, tensor, ValueError } from '../../../src';
import { classic } from '../../../src/lab';

const { valley, descend } = classic;
const onTape = (w: Tensor) => w.prod().sub(1).square();

describe('valley', () => {
  it('has the loss and the gradient of autograd', () => {
    const places: [number, number][] = [
      [3, 0.5],
      [-0.4, 2],
      [0, 0],
    ];
    for (const w of places) {
      const x = tensor([...w], { dtype: 'float64', requiresGrad: true });
      const loss = onTape(x);
      loss.backward();
      expect(valley.loss(...w)).toBeCloseTo(loss.item(), 12);
      valley.gradient(w).forEach((g, i) => {
        expect(g).toBeCloseTo(x.grad!.at(i).item(), 12);
      });
    }
  });

  it('is flat along its curve, and across it as steep as its largest curvature', () => {
    for (const w1 of [4, 1, 0.25, -2]) {
      const [a, b] = valley.floor(w1);
      expect([valley.loss(a, b), a * b]).toEqual([0, 1]);
      const curvatures = linalg.eigvalsh(hessian(onTape, tensor([a, b], { dtype: 'float64' }))).tolist() as number[];
      expect(curvatures[0]).toBeCloseTo(0, 10);
      expect(curvatures[1]).toBeCloseTo(2 * (a * a + b * b), 10);
      const h = 1e-4;
      const walls = [h, -h].map((s) => valley.loss(...valley.across(w1, s)));
      expect((walls[0]! + walls[1]!) / h ** 2).toBeCloseTo(curvatures[1]!, 4);
    }
    const [x, y] = valley.across(4, 0.5);
    expect(Math.hypot(x - 4, y - 0.25)).toBeCloseTo(0.5, 12);
    expect(valley.loss(...valley.across(4, -0.1))).toBeLessThan(1);
    expect(Math.hypot(...valley.across(1, -0.5))).toBeLessThan(Math.SQRT2);
  });

  it('predicts where a descent first meets the curve', () => {
    const end = descend(valley.gradient, [3.6, 0.9], { lr: 0.001, steps: 5000 }).points.at(-1)!;
    expect(end[0]! * end[1]!).toBeCloseTo(1, 10);
    // Slow descent keeps w₁² - w₂².
    expect(end[0]! ** 2 - end[1]! ** 2).toBeCloseTo(3.6 ** 2 - 0.9 ** 2, 1);
  });

  it('rejects positions without a curve', () => {
    for (const w1 of [0, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => valley.floor(w1)).toThrow(ValueError);
      expect(() => valley.across(w1, 1)).toThrow(ValueError);
    }
  });
});
