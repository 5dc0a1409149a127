import { describe, expect, it } from 'vitest';
import { charts, illnesses, lossOf, patient, visits } from '../../../../src/lab/lessons/004-vanishing-what-ails-it';

describe('patients', () => {
  it('stop learning, each in a different way', () => {
    type Visits = ReturnType<typeof visits>;
    const [fading, silent, zero, slow] = illnesses.map((illness) => visits(patient(illness), [0, 60])) as [
      ...[Visits, Visits, Visits, Visits],
    ];
    const both = (of: ReturnType<typeof visits>) => of as [(typeof of)[0], (typeof of)[0]];
    expect(both(fading)[0].gradients[0]! / both(fading)[0].gradients[8]!).toBeLessThan(1e-7);
    expect(both(fading)[1].loss).toBeCloseTo(Math.LN2, 5);
    for (const one of [...both(silent), ...both(zero)]) {
      expect(one.gradients).toEqual(Array(9).fill(0));
      expect(one.loss).toBeCloseTo(Math.LN2, 12);
    }
    expect(Math.min(...both(silent)[0].weights)).toBeGreaterThan(1);
    expect(both(zero)[1].weights).toEqual(Array(9).fill(0));
    expect(Math.min(...both(slow)[0].gradients)).toBeGreaterThan(1e-3);
    expect(both(slow)[0].loss - both(slow)[1].loss).toBeLessThan(1e-5);
  });

  it('descend by the rate times the square of the gradient', () => {
    const one = patient('slow', { lr: 1e-4, hidden: 2 });
    const [first, second] = visits(one, [0, 1]);
    one.net.zeroGrad();
    lossOf(one).backward();
    const biases = one.linears.reduce((sum, { bias }) => sum + bias!.grad!.square().sum().item(), 0);
    const square = first!.gradients.reduce((sum, length) => sum + length ** 2, 0) + biases;
    expect((first!.loss - second!.loss) / (1e-4 * square)).toBeCloseTo(1, 1);
  });

  it('have a gradient that is the sum of two parts', () => {
    const [{ gradients, common, apart }] = visits(patient('slow'), [0]) as [ReturnType<typeof visits>[0]];
    for (const [l, length] of gradients.entries()) {
      expect(length).toBeLessThan(common[l]! + apart[l]! + 1e-12);
      expect(length).toBeGreaterThan(Math.abs(common[l]! - apart[l]!) - 1e-12);
    }
    // If every row has the same input, there are no differences.
    const still = visits(patient('silent'), [0])[0]!;
    expect(still.apart[8]).toBe(0);
  });

  it('have weights proportional to the gain', () => {
    const [half, twice] = [0.5, 2].map((gain) => visits(patient('slow', { gain }), [0])[0]!);
    for (const [l, length] of twice!.weights.entries()) expect(length / half!.weights[l]!).toBeCloseTo(4, 6);
  });

  it('have one corner of four in class 1, or two', () => {
    expect(patient('zero').y.sum().item()).toBe(64);
    expect(patient('zero', { uneven: true }).y.sum().item()).toBe(32);
    expect(() => patient('zero', { hidden: 0 })).toThrow('got 0');
  });
});

describe('charts', () => {
  const seen = visits(patient('fading', { hidden: 2 }), [0, 4]);
  const nothing = visits(patient('zero', { hidden: 2 }), [0, 4]);

  it('have the layers of each net side by side, and a line for zeros', () => {
    const figure = charts([
      { name: 'A', visits: seen, step: 4 },
      { name: 'B', visits: nothing, step: 4 },
    ]);
    const gradient = figure.data.find(({ name }) => name === 'gradient')!;
    const [x, y] = [gradient.x, gradient.y] as (number | null)[][];
    expect(x).toEqual([1, 2, 3, null, 12, 13, 14, null]);
    expect(y!.slice(4, 7)).toEqual([1e-12, 1e-12, 1e-12]);
    expect(y![0]! / seen[1]!.gradients[0]!).toBeCloseTo(1, 3);
    expect((figure.layout.xaxis as { ticktext: string[] }).ticktext[1]).toBe('B: 0.6931');
  });

  it('have the loss up to the shown step', () => {
    const [loss] = charts([{ name: 'A', visits: seen, step: 0 }]).data;
    expect(loss!.x).toEqual([1, null]);
  });
});
