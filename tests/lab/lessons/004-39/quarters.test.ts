import { describe, expect, it } from 'vitest';
import { plane, trainQuarters } from '../../../../src/lab/lessons/004-39';

const few = { hidden: 2, steps: 3, seed: 4 };

describe('a net that learns the quarters', () => {
  it('learns them, of any two runs the same', () => {
    const [a, b] = [1, 2].map(() => trainQuarters((x) => x.tanh(), { hidden: 2, seed: 1 }));
    expect(a!.loss).toBeLessThan(0.1);
    expect(a!.loss).toBe(b!.loss);
    const said = a!.probability(a!.x).gt(0.5).to('float32');
    expect(said.sub(a!.y).abs().sum().item()).toBeLessThan(3);
  });

  it('goes down by the rate times the square of the gradient', () => {
    const before = trainQuarters((x) => x.relu(), { ...few, steps: 1, lr: 0 });
    const one = trainQuarters((x) => x.relu(), { ...few, steps: 1, lr: 1e-4, momentum: 0 });
    const two = trainQuarters((x) => x.relu(), { ...few, steps: 2, lr: 1e-4, momentum: 0 });
    // So small a step lowers the loss by the rate times the gradient's square, and the next by nearly as much.
    const [first, second] = [before.loss - one.loss, one.loss - two.loss];
    expect(first).toBeGreaterThan(0);
    expect(second / first).toBeCloseTo(1, 2);
  });

  it('draws its points first, then its weights layer by layer', () => {
    const net = trainQuarters((x) => x, { hidden: 1, steps: 1, lr: 0, gain: 0 });
    expect(net.loss).toBeCloseTo(Math.LN2, 7);
    expect(net.y.tolist()).toEqual((net.x.tolist() as [number, number][]).map(([a, b]) => (a * b > 0 ? 1 : 0)));
  });

  it('says what cannot be', () => {
    expect(() => trainQuarters((x) => x, { hidden: 0 })).toThrow('hidden must be a whole number above 0, got 0');
    expect(() => trainQuarters((x) => x, { gain: -1 })).toThrow('got -1');
  });
});

describe('its plane', () => {
  const net = trainQuarters((x) => x.tanh(), few);
  const bytesOf = (figure: ReturnType<typeof plane>) =>
    Buffer.from((figure.data[0]!.z as { bdata: string }).bdata, 'base64');

  it('holds what the net says, in half per cent', () => {
    const sure = { ...net, probability: (at: typeof net.x) => at.select(1, 0).gt(0).to('float32') };
    const figure = plane(sure, { resolution: 3 });
    expect([...bytesOf(figure)]).toEqual([0, 0, 200, 0, 0, 200, 0, 0, 200]);
    expect(figure.description).toContain('it gives class 1 probabilities from 0 to 1.');
    const [, zero, one] = figure.data;
    expect((zero!.x as number[]).length + (one!.x as number[]).length).toBe(64);
  });

  it('has no ground where the net gives no number', () => {
    const lost = { ...net, probability: (at: typeof net.x) => net.probability(at).mul(Number.NaN) };
    const { data, description } = plane(lost);
    expect(data[0]!.opacity).toBe(0);
    expect(description).toContain('the net gives no number');
    expect(() => plane(net, { resolution: 1 })).toThrow('from 2 to 200, got 1');
  });
});
