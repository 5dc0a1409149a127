import { describe, expect, it } from 'vitest';
import { noGrad, randn, type Tensor } from '../../../../src';
import { deepRuns, quarterPoints } from '../../../../src/lab/lessons/004-vanishing-gradients-and-what-helps';
import { Linear, ReLU, Sequential } from '../../../../src/nn';
import { binaryCrossEntropyWithLogits } from '../../../../src/nn/functional';
import { Adam, SGD } from '../../../../src/optim';

/** The losses of one net by layers and optimizers of the library. */
function alone(seed: number, by: 'momentum' | 'Adam', lr: number, steps: number): { losses: number[]; first: number } {
  const { x, y, generator } = quarterPoints(seed);
  const linears = [2, 16, 16].map((ins, l) => {
    const linear = new Linear(ins, l === 2 ? 1 : 16);
    noGrad(() => {
      linear.weight.copy_(
        randn([ins, l === 2 ? 1 : 16], { generator })
          .mul(Math.SQRT2 / Math.sqrt(ins))
          .t(),
      );
      linear.bias!.fill_(0);
    });
    return linear;
  });
  const net = new Sequential(linears[0]!, new ReLU(), linears[1]!, new ReLU(), linears[2]!);
  const optimizer =
    by === 'Adam' ? new Adam(net.parameters(), { lr }) : new SGD(net.parameters(), { lr, momentum: 0.9 });
  const losses: number[] = [];
  let first = Number.NaN;
  for (let step = 0; step <= steps; step++) {
    optimizer.zeroGrad();
    const loss = binaryCrossEntropyWithLogits((net.forward(x) as Tensor).squeeze(1), y);
    losses.push(loss.item());
    loss.backward();
    if (step === 0) first = linears[0]!.weight.grad!.norm().item();
    optimizer.step();
  }
  return { losses, first };
}

describe('deepRuns', () => {
  const relu = (x: Tensor) => x.relu();
  const nets = [
    { seed: 1, gain: Math.SQRT2, rate: 0.01 },
    { seed: 2, gain: Math.SQRT2, rate: 0.05 },
  ];

  it.each(['momentum', 'Adam'] as const)('trains each net of a stack like a single one, by %s', (by) => {
    const runs = deepRuns(nets, { hidden: 2, activation: relu }, { by, steps: 8 });
    for (const [i, { seed, rate }] of nets.entries()) {
      const { losses, first } = alone(seed, by, rate, 8);
      expect(runs[i]!.losses).toHaveLength(9);
      for (const [step, loss] of losses.entries()) expect(runs[i]!.losses[step]).toBeCloseTo(loss, 5);
      expect(runs[i]!.looks[0]!.gradients[0]).toBeCloseTo(first, 5);
    }
  });

  it('passes through a shortcut what a layer of zeros would stop', () => {
    const zero = (x: Tensor) => x.mul(0);
    const of = (skip: boolean) =>
      deepRuns([nets[0]!], { hidden: 3, activation: zero, skip }, { steps: 0 })[0]!.looks[0]!.signal;
    expect(of(false)).toBe(0);
    // The first layer has no shortcut, so what it stops stays stopped.
    expect(of(true)).toBe(0);
    const half = (x: Tensor) => x.mul(0.5);
    const outputs = [false, true].map(
      (skip) => deepRuns([nets[0]!], { hidden: 6, activation: half, skip }, { steps: 0 })[0]!.looks[0]!.signal,
    );
    expect(outputs[1]! / outputs[0]!).toBeGreaterThan(5);
  });

  it('with batch norm is invariant to the scale of the weights', () => {
    const [small, large] = [0.1, 10].map((gain) =>
      deepRuns([{ seed: 1, gain, rate: 0.1 }], { hidden: 1, activation: relu, norm: true }, { steps: 0 }),
    );
    expect(small![0]!.looks[0]!.signal).toBeCloseTo(large![0]!.looks[0]!.signal, 1);
  });

  it('rejects an empty stack and fractional layers', () => {
    expect(() => deepRuns([])).toThrow('expected at least one net');
    expect(() => deepRuns(nets, { hidden: 0.5 })).toThrow('hidden must be a whole number above 0, got 0.5');
  });
});
