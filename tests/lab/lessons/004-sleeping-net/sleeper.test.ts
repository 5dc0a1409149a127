import { describe, expect, it } from 'vitest';
import { accuracy, lossOf, passes, sleeper, wake } from '../../../../src/lab/lessons/004-sleeping-net';

describe('a sleeping net', () => {
  it('stays as good as a coin, and wakes with batch norm', () => {
    const [asleep, awake] = [sleeper(), sleeper({ norm: true })];
    expect(wake(asleep, { steps: 60 }).at(-1)).toBeCloseTo(Math.LN2, 3);
    expect(accuracy(asleep)).toBe(0.5);
    expect(wake(awake, { steps: 60 }).at(-1)).toBeLessThan(0.3);
    expect(accuracy(awake)).toBeGreaterThan(0.95);
    expect(awake.net.training).toBe(true);
  });

  it('adds what a layer makes to what it gets', () => {
    const straight = passes(sleeper({ shortcuts: true, hidden: 3, bend: (x) => x.tanh(), gain: 1e-4 }));
    expect(straight.up).toBeCloseTo(1, 3);
    expect(straight.down).toBeCloseTo(1, 3);
  });

  it('passes on what weights and slope leave', () => {
    // One layer between the first and the last: x ↦ x W with a bend that is the identity.
    const one = sleeper({ hidden: 2, bend: (x) => x });
    const { up, down } = passes(one);
    const weight = one.net.parameters()[2]!;
    const mean = Math.sqrt(weight.square().sum().item() / 16);
    expect(up / mean).toBeGreaterThan(0.5);
    expect(up / mean).toBeLessThan(2);
    const back = one.net.parameters()[4]!.matmul(weight).norm().item() / one.net.parameters()[4]!.norm().item();
    expect(down).toBeCloseTo(back, 5);
  });

  it('goes down by the rate times the square of the gradient, and stops where it is told', () => {
    const one = sleeper({ hidden: 1, bend: (x) => x.tanh(), gain: 1 });
    lossOf(one).backward();
    const square = one.net.parameters().reduce((sum, p) => sum + p.grad!.square().sum().item(), 0);
    const [first, second] = wake(one, { steps: 1, lr: 1e-2 });
    expect((first! - second!) / (1e-2 * square)).toBeCloseTo(1, 1);
    const losses = wake(one, { steps: 300, until: 0.3 });
    expect(losses.length).toBeLessThan(300);
    expect(losses.filter((loss) => loss < 0.3)).toHaveLength(1);
    expect(() => sleeper({ hidden: 0 })).toThrow('got 0');
  });
});
