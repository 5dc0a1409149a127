import { describe, expect, it } from 'vitest';
import { linspace, manualSeed, nn, noGrad, optim, tensor } from '../../../../src';
import { ValueError } from '../../../../src/errors';
import * as lesson from '../../../../src/lab/lessons/004-dying-relu';

const double = { dtype: 'float64' } as const;
const x = linspace(-2, 2, 16, double).unsqueeze(1);
const y = x.mul(2).sin();

function deepNet(seed = 2) {
  manualSeed(seed);
  const layers = [new nn.Linear(1, 8, double), new nn.Linear(8, 8, double), new nn.Linear(8, 1, double)] as const;
  return new nn.Sequential(layers[0], new nn.ReLU(), layers[1], new nn.ReLU(), layers[2]);
}

describe('unitRaster', () => {
  it('observes plain gradient descent', () => {
    const net = deepNet();
    const other = deepNet();
    const { on, loss, dead } = lesson.unitRaster(net, x, y, { rate: 0.1, steps: 30, momentum: 0.5 });
    const optimizer = new optim.SGD(other.parameters(), { lr: 0.1, momentum: 0.5 });
    for (let step = 0; step <= 30; step++) {
      const hidden = noGrad(() => (other.children()[0] as nn.Linear)(x));
      const shares = Array.from({ length: 8 }, (_, k) => {
        const column = (hidden.tolist() as number[][]).map((row) => row[k]!);
        return column.filter((value) => value > 0).length / 16;
      });
      expect(on[0]!.map((unit) => unit[step])).toEqual(shares);
      expect(dead[0]![step]).toBe(shares.filter((share) => share === 0).length);
      const value = nn.functional.mseLoss(other(x), y);
      expect(loss[step]).toBe(value.item());
      if (step === 30) break;
      optimizer.zeroGrad();
      value.backward();
      optimizer.step();
    }
    expect(net.parameters().map((p) => p.tolist())).toEqual(other.parameters().map((p) => p.tolist()));
    expect([on.length, on[1]!.length, on[1]![0]!.length, loss.length]).toEqual([2, 8, 31, 31]);
  });

  it('counts deaths and revivals: none in the first layer, some in the second', () => {
    let [first, second] = [0, 0];
    for (const seed of [0, 1, 2, 3]) {
      const { on, deaths, revivals, dead } = lesson.unitRaster(deepNet(seed), x, y, { rate: 0.3, steps: 100 });
      for (const l of [0, 1]) expect(dead[l]![0]! + deaths[l]! - revivals[l]!).toBe(dead[l]!.at(-1));
      const again = on[0]!.filter((shares) => shares.some((share, i) => share > 0 && shares[i - 1] === 0));
      expect(again).toEqual([]);
      first += revivals[0]!;
      second += revivals[1]!;
    }
    expect(first).toBe(0);
    expect(second).toBeGreaterThan(3);
  });

  it('leaves a dead unit unchanged, and reports each step', () => {
    const net = deepNet();
    const [weight, bias] = net.parameters() as [nn.Parameter, nn.Parameter];
    noGrad(() => bias.select(0, 3).fill_(-50));
    const before = weight.detach().clone();
    const told: number[] = [];
    const { on } = lesson.unitRaster(net, x, y, {
      rate: 0.01,
      steps: 20,
      onStep: (step, output) => {
        told.push(step);
        expect([...output.shape]).toEqual([16, 1]);
        return step < 5;
      },
    });
    expect(told).toEqual([0, 1, 2, 3, 4, 5]);
    expect(on[0]![3]).toEqual(Array(6).fill(0));
    expect(weight.detach().select(0, 3).tolist()).toEqual(before.select(0, 3).tolist());
    expect(weight.detach().tolist()).not.toEqual(before.tolist());
  });

  it('supports leaky units and channels, counts no NaN, and removes its hooks', () => {
    manualSeed(1);
    const net = new nn.Sequential(
      new nn.Conv1d(1, 3, 1, double),
      new nn.LeakyReLU(),
      new nn.Flatten(),
      new nn.Linear(6, 1, double),
    );
    const input = tensor([[[1, -2]], [[3, 4]]], double);
    const target = tensor([[1], [2]], double);
    const { on } = lesson.unitRaster(net, input, target, { rate: 0, steps: 1 });
    const [weight, bias] = net.parameters() as [nn.Parameter, nn.Parameter];
    const w = weight.detach().flatten().tolist() as number[];
    const b = bias.detach().tolist() as number[];
    const expected = w.map((slope, k) => [1, -2, 3, 4].filter((v) => slope * v + b[k]! > 0).length / 4);
    expect(on).toEqual([expected.map((share) => [share, share])]);
    const wild = lesson.unitRaster(net, input, target, { rate: 1e200, steps: 6 });
    expect(wild.loss.at(-1)).toBeNaN();
    expect(wild.on[0]!.every((shares) => Number.isNaN(shares.at(-1)))).toBe(true);
    expect(wild.dead[0]!.at(-1)).toBe(0);
    const length = on[0]![0]!.length;
    net(input);
    expect(on[0]![0]).toHaveLength(length);
  });

  it('explains what it cannot observe', () => {
    const smooth = new nn.Sequential(new nn.Linear(1, 2, double), new nn.Tanh());
    expect(() => lesson.unitRaster(smooth, x, y, { rate: 0.1 })).toThrow('no rectifier');
    expect(() => lesson.unitRaster(deepNet(), x, y, {} as never)).toThrow('rate must be a number');
    expect(() => lesson.unitRaster(deepNet(), x, y, { rate: 0.1, steps: 1.5 })).toThrow(ValueError);
    expect(() => lesson.unitRaster(deepNet(), 3 as never, y, { rate: 0.1 })).toThrow('x');
  });
});
