import { describe, expect, it } from 'vitest';
import { optim, type Tensor, tensor } from '../../../../src';
import { classic } from '../../../../src/lab';
import { courseOf, leastLoss } from '../../../../src/lab/lessons/000-fit-a-curve-four-ways';

const { cubic } = classic;
const start = [1, -1, 0, 0];
const adam = (w: Tensor[]) => new optim.Adam(w, { lr: 0.1 });

/** The same by autograd, with all points. */
function byAutograd(make: (w: Tensor[]) => optim.Optimizer, steps: number): number[] {
  const points = tensor(cubic.x.map(cubic.features), { dtype: 'float64' });
  const y = tensor(cubic.y, { dtype: 'float64' });
  const w = tensor(start, { dtype: 'float64', requiresGrad: true });
  const optimizer = make([w]);
  return Array.from({ length: steps + 1 }, () => {
    const loss = points.matmul(w).sub(y).square().sum();
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.item();
  });
}

describe('courseOf', () => {
  it('has the losses of a loop with all points', () => {
    const { losses, weights } = courseOf(adam, { start, steps: 40 });
    for (const [step, loss] of byAutograd(adam, 40).entries()) expect(losses[step]).toBeCloseTo(loss, 6);
    expect(weights[0]).toEqual(start);
    expect(cubic.loss(weights[40] as [number, number, number, number])).toBeCloseTo(losses[40]!, 6);
  });

  it('starts from the same curve in other units, and finds the minimal loss', () => {
    const { losses, weights } = courseOf((w) => new optim.SGD(w, { lr: 1e-4 }), { start, steps: 2000, unit: 2 });
    expect(weights[0]).toEqual(start);
    expect(losses[0]).toBeCloseTo(cubic.loss([1, -1, 0, 0]), 6);
    expect(losses[2000]).toBeCloseTo(leastLoss, 6);
  });

  it('lowers the rate to 0', () => {
    const { weights } = courseOf(adam, { start, steps: 10, falls: true });
    const way = weights.slice(1).map((w, k) => Math.abs(w[1]! - weights[k]![1]!));
    expect(way[0]).toBeCloseTo(0.1, 6);
    expect(way[9]).toBeLessThan(0.02);
  });
});
