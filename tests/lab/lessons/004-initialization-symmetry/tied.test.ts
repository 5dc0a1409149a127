import { describe, expect, it } from 'vitest';
import { outputOf, places, spreadOf, trainTied } from '../../../../src/lab/lessons/004-initialization-symmetry';
import { Linear, Sequential, Tanh } from '../../../../src/nn';
import { mseLoss } from '../../../../src/nn/functional';
import { Adam, SGD } from '../../../../src/optim';
import { tensor } from '../../../../src/tensor/creation';

describe('a net whose weights start alike', () => {
  it.each(['SGD', 'Adam'])('takes the steps of autograd and %s', (kind) => {
    const [start, end] = trainTied({
      ...{ apart: 0.3, steps: 20, noted: [0], seed: 4, frequency: 2 },
      adam: kind === 'Adam',
    });
    const double = { dtype: 'float64' } as const;
    const net = new Sequential(new Linear(1, 6, double), new Tanh(), new Linear(6, 1, double));
    net.loadStateDict({
      '0.weight': tensor(
        start!.inward.map((w) => [w]),
        double,
      ),
      '0.bias': tensor(start!.bias, double),
      '2.weight': tensor([start!.out], double),
      '2.bias': tensor([start!.last], double),
    });
    const x = tensor(
      places.map((one) => [one]),
      double,
    );
    const y = tensor(
      places.map((one) => [Math.sin(2 * one)]),
      double,
    );
    const optimizer = new (kind === 'SGD' ? SGD : Adam)(net.parameters(), { lr: 0.1 });
    for (let step = 0; step < 20; step++) {
      optimizer.zeroGrad();
      mseLoss(net.forward(x), y).backward();
      optimizer.step();
    }
    expect(mseLoss(net.forward(x), y).item()).toBeCloseTo(end!.loss, 10);
    expect(net.forward(tensor([[0.7]], double)).item()).toBeCloseTo(outputOf(end!, 0.7), 10);
    expect(start!.loss).not.toBeCloseTo(end!.loss, 3);
  });

  it('keeps equal units equal, and notes what it was asked for', () => {
    const nets = trainTied({ steps: 200, noted: [0, 10, 100] });
    expect(nets.map(({ step }) => step)).toEqual([0, 10, 100, 200]);
    expect(nets.map(spreadOf)).toEqual([0, 0, 0, 0]);
    expect(nets[0]!.inward).toEqual(Array(6).fill(0.5));
  });

  it('starts as far apart as it is told', () => {
    const [start] = trainTied({ apart: 0.01, units: 400, steps: 1, noted: [0], seed: 2 });
    const size = Math.sqrt(start!.bias.reduce((sum, b) => sum + b * b, 0) / 400);
    expect(size).toBeGreaterThan(0.009);
    expect(size).toBeLessThan(0.011);
    expect(() => trainTied({ units: 0 })).toThrow('units must be a whole number above 0, got 0');
  });
});
