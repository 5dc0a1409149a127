import { describe, expect, it } from 'vitest';
import { optim, tensor } from '../../../src';
import { classic } from '../../../src/lab';

const { bowl, descend } = classic;

describe('bowl', () => {
  it('is the loss of its two points, with its gradient and minimum', () => {
    for (const [w1, w2] of [
      [1.4, 0],
      [-8, 8],
      [3, -2],
    ] as const) {
      const w = tensor([w1, w2], { dtype: 'float64', requiresGrad: true });
      const fromData = bowl.points.map(([x, y]) => w.at(0).mul(x).add(w.at(1)).sub(y).square());
      const loss = fromData[0]!.add(fromData[1]!);
      expect(bowl.loss(w1, w2)).toBeCloseTo(loss.item(), 12);
      loss.backward();
      bowl.gradient([w1, w2]).forEach((slope, i) => {
        expect(slope).toBeCloseTo((w.grad!.tolist() as number[])[i]!, 12);
      });
    }
    expect(bowl.loss(...bowl.minimum)).toBe(0);
  });

  it('has ellipses that begin on the steep axis, and the gradient deviates most at 45°', () => {
    for (const angle of [0, 15, 45, 90, 200]) expect(bowl.loss(...bowl.ellipse(angle, 20))).toBeCloseTo(20, 11);
    const miss = (angle: number) => {
      const at = bowl.ellipse(angle, 20);
      const [g1, g2] = bowl.gradient(at);
      const [e1, e2] = [at[0] - 1, at[1] - 1];
      return (g1 * e1 + g2 * e2) / Math.hypot(g1, g2) / Math.hypot(e1, e2);
    };
    for (const angle of [0, 90, 180, 270]) expect(miss(angle)).toBeCloseTo(1, 12);
    expect(miss(45)).toBeCloseTo(1 / 3, 12);
  });
});

describe('descend', () => {
  it('matches optim.SGD, with and without momentum', () => {
    for (const momentum of [0, 0.9]) {
      const w = tensor([-8, 8], { dtype: 'float64', requiresGrad: true });
      const sgd = new optim.SGD([w], { lr: 0.02, momentum });
      const { points, moves } = descend(bowl.gradient, [-8, 8], { lr: 0.02, steps: 30, momentum });
      for (let step = 1; step <= 30; step++) {
        w.grad = tensor(bowl.gradient(w.tolist() as [number, number]), { dtype: 'float64' });
        sgd.step();
        const [a, b] = w.tolist() as [number, number];
        expect(points[step]![0]).toBeCloseTo(a, 12);
        expect(points[step]![1]).toBeCloseTo(b, 12);
      }
      expect(moves).toHaveLength(30);
      expect(points[5]![0] - points[4]![0]).toBe(moves[4]![0]);
    }
  });

  it("with Nesterov's form is ahead of SGD's parameter by the remaining velocity", () => {
    const [lr, momentum] = [0.02, 0.9];
    const w = tensor([-8, 8], { dtype: 'float64', requiresGrad: true });
    const sgd = new optim.SGD([w], { lr, momentum, nesterov: true });
    const { points, moves } = descend(bowl.gradient, [-8, 8], { lr, steps: 30, momentum, nesterov: true });
    for (let step = 1; step <= 30; step++) {
      w.grad = tensor(bowl.gradient(w.tolist() as [number, number]), { dtype: 'float64' });
      sgd.step();
      const ahead = points[step]!.map((x, i) => x + momentum * moves[step - 1]![i]!);
      (w.tolist() as number[]).forEach((x, i) => {
        expect(ahead[i]).toBeCloseTo(x, 12);
      });
    }
    const plain = descend(bowl.gradient, [-8, 8], { lr, steps: 5 });
    expect(descend(bowl.gradient, [-8, 8], { lr, steps: 5, nesterov: true })).toEqual(plain);
  });

  it('accepts a rate for each step, and continues through overflow', () => {
    const { points } = descend(([w]) => [w], [1] as [number], { lr: (step) => (step === 0 ? 0 : 1), steps: 2 });
    expect(points).toEqual([[1], [1], [0]]);
    expect(descend(([w]: [number]) => [-w * w], [5], { lr: 1, steps: 20 }).points.at(-1)).toEqual([
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('does not modify the start, and rejects invalid arguments', () => {
    const start: [number, number] = [1, 2];
    expect(descend(bowl.gradient, start, { lr: 0.1, steps: 0 })).toEqual({ points: [[1, 2]], moves: [] });
    expect(() => descend(bowl.gradient, start, { lr: 0.1, steps: 1.5 })).toThrow('from 0 on, got 1.5');
    const without = { steps: 1 } as Parameters<typeof descend>[2];
    expect(() => descend(bowl.gradient, start, without)).toThrow('lr must be a finite number or a function');
    expect(() => classic.cubic.fit([1, 2, 3, 4], { lr: Number.NaN, steps: 1 })).toThrow('of the step, got NaN');
    expect(() => descend(bowl.gradient, start, { lr: 1, steps: 1, momentum: Number.NaN })).toThrow('momentum must be');
    expect(() => descend(() => [1] as never, start, { lr: 0.1, steps: 1 })).toThrow('1 slopes for 2 weights');
  });
});
