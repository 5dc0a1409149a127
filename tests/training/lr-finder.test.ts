import { describe, expect, test } from 'vitest';
import { Generator, manualSeed, nn, optim, randn, tensor, training } from '../../src';
import { ValueError } from '../../src/errors';

const { mseLoss } = nn.functional;

function task() {
  const generator = new Generator().manualSeed(1);
  const x = randn([64, 2], { generator, dtype: 'float64' });
  return { x, y: x.matmul(tensor([[2], [-1]], { dtype: 'float64' })) };
}

function netAndOptimizer() {
  manualSeed(0);
  const net = new nn.Linear(2, 1, { dtype: 'float64' });
  return { net, optimizer: new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.5 }) };
}

describe('lrFinder', () => {
  test('makes one step with each rate, like the written-out loop', () => {
    const { x, y } = task();
    const { net, optimizer } = netAndOptimizer();
    const found = training.lrFinder(net, [[x, y]], { loss: mseLoss, optimizer, from: 0.001, to: 0.1, steps: 5 });
    const again = netAndOptimizer();
    let mean = 0;
    for (const [i, rate] of [1e-3, 10 ** -2.5, 1e-2, 10 ** -1.5, 0.1].entries()) {
      expect(found.rates[i]).toBeCloseTo(rate, 12);
      again.optimizer.paramGroups[0]!.lr = rate;
      again.optimizer.zeroGrad();
      const loss = mseLoss(again.net(x), y);
      loss.backward();
      again.optimizer.step();
      expect(found.losses[i]).toBeCloseTo(loss.item(), 12);
      mean = 0.9 * mean + 0.1 * loss.item();
      expect(found.smoothed[i]).toBeCloseTo(mean / (1 - 0.9 ** (i + 1)), 12);
    }
    expect(found.rates).toHaveLength(5);
  });

  test('leaves net, optimizer and modes unchanged', () => {
    const { x, y } = task();
    const { net, optimizer } = netAndOptimizer();
    training.fit(net, { x, y }, { loss: mseLoss, optimizer, epochs: 1 });
    net.eval();
    const before = JSON.stringify([net, optimizer]);
    training.lrFinder(net, { x, y }, { loss: mseLoss, optimizer });
    expect(JSON.stringify([net, optimizer])).toBe(before);
    expect(net.training).toBe(false);
    expect(net.weight.grad).toBeNull();
    expect(() =>
      training.lrFinder(
        net,
        { x, y },
        {
          loss: () => {
            throw new Error('no loss');
          },
          optimizer,
        },
      ),
    ).toThrow('no loss');
    expect(JSON.stringify([net, optimizer])).toBe(before);
  });

  test('stops where the loss explodes, above the limit 2/λ; a tenth of the best rate trains', () => {
    const { x, y } = task();
    const { net } = netAndOptimizer();
    const optimizer = new optim.SGD(net.parameters(), { lr: 0 });
    const { rates, smoothed, suggested } = training.lrFinder(
      net,
      { x, y },
      {
        loss: mseLoss,
        optimizer,
        batchSize: 64,
        smoothing: 0,
      },
    );
    // The Hessian of the mean square is twice the mean of (x, 1)(x, 1)ᵀ.
    const rows = x.tolist() as number[][];
    const trace = 2 * (rows.reduce((sum, [a, b]) => sum + a! * a! + b! * b!, 0) / 64 + 1);
    expect(rates.at(-1)).toBeGreaterThan(2 / trace);
    expect(rates.at(-1)).toBeLessThan(10);
    expect(smoothed.at(-1)).toBeGreaterThan(4 * Math.min(...smoothed));
    const good = new optim.SGD(net.parameters(), { lr: suggested });
    const { history } = training.fit(net, { x, y }, { loss: mseLoss, optimizer: good, epochs: 40 });
    expect(history.loss.at(-1)).toBeLessThan(1e-3 * history.loss[0]!);
  });

  test('explains mismatched arguments', () => {
    const { net, optimizer } = netAndOptimizer();
    const { x, y } = task();
    const options = { loss: mseLoss, optimizer };
    expect(() => training.lrFinder(net, { x, y }, { ...options, from: 0 })).toThrow(ValueError);
    expect(() => training.lrFinder(net, { x, y }, { ...options, steps: 2 })).toThrow('at least three rates');
    expect(() => training.lrFinder(net, { x, y }, { ...options, smoothing: 1 })).toThrow('from 0 to below 1, got 1');
    expect(() => training.lrFinder(net, [], options)).toThrow('not a single batch');
    expect(() => training.lrFinder(net, { x, y }, { loss: mseLoss } as never)).toThrow('optimizer must be');
    expect(() => training.lrFinder(net, { x, y }, { optimizer } as never)).toThrow('loss must be');
    const nothing = (output: ReturnType<typeof net>) => output.sum().mul(Number.NaN);
    expect(() => training.lrFinder(net, { x, y }, { optimizer, loss: nothing })).toThrow('after 0 steps');
  });
});
