import { describe, expect, test } from 'vitest';
import { nn, ones, optim, ShapeError, type Tensor, tensor, ValueError, zeros } from '../../src';
import { expectClose } from '../support/close';

const leaf = (...values: number[]) => tensor(values, { dtype: 'float64', requiresGrad: true });

/** Rosenbrock's function, with its minimum 0 at (1, 1). */
function valley(p: Tensor): Tensor {
  const [x, y] = [p.at(0), p.at(1)];
  return y.sub(x.square()).square().mul(100).add(x.rsub(1).square());
}

function closureOf(optimizer: optim.Optimizer, f: () => Tensor): () => Tensor {
  return () => {
    optimizer.zeroGrad();
    const loss = f();
    loss.backward();
    return loss;
  };
}

describe('LBFGS', () => {
  test("has PyTorch's defaults; maxEval follows maxIter", () => {
    const optimizer = new optim.LBFGS([leaf(1)], { maxIter: 7 });
    expect(optimizer.defaults).toEqual({
      lr: 1,
      maxIter: 7,
      maxEval: 8,
      historySize: 100,
      toleranceGrad: 1e-7,
      toleranceChange: 1e-9,
      lineSearchFn: null,
    });
    expect(String(optimizer)).toContain('    lineSearchFn: None\n    lr: 1\n    maxEval: 8\n');
  });

  test("finds the minimum of Rosenbrock's function with a line search", () => {
    const p = leaf(-1.2, 1);
    const optimizer = new optim.LBFGS([p], { lineSearchFn: 'strong_wolfe', maxIter: 100, toleranceChange: 1e-14 });
    const loss = optimizer.step(closureOf(optimizer, () => valley(p)));
    expect(loss.item()).toBeCloseTo(24.2, 10);
    expectClose(p.detach(), [1, 1], 1e-6);
  });

  test('every step of the line search satisfies the strong Wolfe conditions', () => {
    const p = leaf(-1.2, 1);
    const optimizer = new optim.LBFGS([p], { lineSearchFn: 'strong_wolfe', maxIter: 1, maxEval: 100 });
    for (let n = 0; n < 20; n++) {
      const from = p.detach().clone();
      const f = closureOf(optimizer, () => valley(p));
      const before = optimizer.step(f).item();
      const d = (optimizer.state.get(p)!.d as Tensor).clone();
      const t = optimizer.state.get(p)!.t as number;
      const start = from.clone().requiresGrad_();
      valley(start).backward();
      const slope = start.grad!.matmul(d).item();
      const after = f().item();
      expectClose(p.detach(), from.add(d.mul(t)).tolist(), 1e-12);
      expect(after).toBeLessThanOrEqual(before + 1e-4 * t * slope);
      expect(Math.abs(p.grad!.matmul(d).item())).toBeLessThanOrEqual(-0.9 * slope);
    }
  });

  test('solves a quadratic, and calls the closure no more often than allowed', () => {
    const [a, b] = [leaf(3, -2), leaf(5).reshape([1, 1]).detach().requiresGrad_()];
    const optimizer = new optim.LBFGS([a, b], { lineSearchFn: 'strong_wolfe' });
    const f = () =>
      a
        .square()
        .mul(tensor([1, 4]))
        .sum()
        .add(b.sub(1).square().sum());
    let calls = 0;
    const closure = closureOf(optimizer, f);
    optimizer.step(() => {
      calls++;
      return closure();
    });
    expectClose(a.detach(), [0, 0], 1e-6);
    expect(b.item()).toBeCloseTo(1, 5);
    expect(optimizer.state.get(a)!.funcEvals).toBe(calls);
    const few = new optim.LBFGS([leaf(2)], { maxEval: 3 });
    const [q] = few.paramGroups[0].params;
    few.step(closureOf(few, () => q.pow(4).sum()));
    expect(few.state.get(q)!.funcEvals).toBe(3);
  });

  test.each(['strong_wolfe', null] as const)('continues from a saved state (line search %s)', (lineSearchFn) => {
    const options = { lineSearchFn, maxIter: 2, historySize: 3, lr: lineSearchFn === null ? 0.2 : 1 };
    const steps = (optimizer: optim.LBFGS, p: Tensor, n: number) => {
      const f = () =>
        p
          .square()
          .mul(tensor([1, 3]))
          .sum();
      for (let i = 0; i < n; i++) optimizer.step(closureOf(optimizer, f));
    };
    const whole = leaf(1, 2);
    steps(new optim.LBFGS([whole], options), whole, 5);
    const half = leaf(1, 2);
    const first = new optim.LBFGS([half], options);
    steps(first, half, 2);
    const rest = half.detach().clone().requiresGrad_();
    const saved = first.stateDict();
    steps(first, half, 3);
    const second = new optim.LBFGS([rest]);
    second.loadStateDict(saved);
    steps(second, rest, 3);
    expect(rest.tolist()).toEqual(whole.tolist());
    expect(half.tolist()).toEqual(whole.tolist());
  });

  test('a state of other sizes is rejected', () => {
    const train = (p: Tensor) => {
      const optimizer = new optim.LBFGS([p], { maxIter: 2 });
      optimizer.step(closureOf(optimizer, () => p.square().sum()));
      return optimizer;
    };
    expect(() => train(leaf(1)).loadStateDict(train(leaf(1, 2)).stateDict())).toThrow(ShapeError);
  });

  test('a parameter without a gradient does not change', () => {
    const [a, b] = [leaf(1), leaf(1)];
    const optimizer = new optim.LBFGS([a, b]);
    optimizer.step(closureOf(optimizer, () => a.square().sum()));
    expect([a.item(), b.item()]).toEqual([0, 1]);
  });

  test('a loss may be a number', () => {
    const p = leaf(2);
    const optimizer = new optim.LBFGS([p]);
    const closure = closureOf(optimizer, () => p.square().sum());
    expect(optimizer.step(() => closure().item())).toBe(4);
    expect(p.item()).toBeCloseTo(0, 6);
  });

  test('rejects invalid options', () => {
    const p = leaf(1);
    const optimizer = new optim.LBFGS([p]);
    expect(() => optimizer.step()).toThrow('LBFGS: step needs a closure');
    expect(() => optimizer.step(() => undefined)).toThrow(
      new ValueError('LBFGS: the closure must return the loss, a number or a tensor with one element, got undefined'),
    );
    expect(() => new optim.LBFGS([{ params: [p] }, { params: [leaf(1)] }])).toThrow('they must be one group');
    expect(() => new optim.LBFGS([p], { lineSearchFn: 'armijo' as unknown as null })).toThrow(
      new ValueError("LBFGS: lineSearchFn is 'armijo'; use 'strong_wolfe' or null"),
    );
    expect(() => new optim.LBFGS([p], { lr: -1 })).toThrow('LBFGS: lr is -1; it must be 0 or more');
    expect(() => new optim.LBFGS([p], { historySize: 0 })).toThrow('historySize is 0; it must be a whole number');
    const wide = zeros([1]).expand(2).detach().requiresGrad_();
    const broken = new optim.LBFGS([wide]);
    expect(() => broken.step(() => 0)).toThrow('share one place in memory');
  });

  test('trains a network', () => {
    const net = new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh(), new nn.Linear(4, 1));
    const x = tensor([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    const y = tensor([[0], [1], [1], [0]]);
    for (const [i, p] of net.parameters().entries())
      p.detach().copy_(
        ones(p.shape)
          .mul(0.1 * (i + 1))
          .add(
            tensor([...Array(p.numel()).keys()])
              .sin()
              .reshape(p.shape),
          ),
      );
    const optimizer = new optim.LBFGS(net.parameters(), { lineSearchFn: 'strong_wolfe', maxIter: 100 });
    const f = closureOf(optimizer, () => net(x).sub(y).square().mean());
    const before = optimizer.step(f).item();
    expect(before).toBeGreaterThan(0.2);
    expect(f().item()).toBeLessThan(1e-4);
  });
});
