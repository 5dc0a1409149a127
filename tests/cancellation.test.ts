// Cancels computations at every poll: the state stays consistent, and the computation can continue.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Generator, isGradEnabled, manualSeed, nn, noGrad, optim, randn, type Tensor, tensor, training } from '../src';
import { pace, turn } from '../src/cancellation';
import { setSwitches } from '../src/kernels/wasm/runtime';
import { expectClose } from './support/close';

class Stopped extends Error {}

const asked = Symbol.for('gradlab.turn');
const globals = globalThis as { [key: symbol]: (() => void) | undefined };
const { stretch } = pace;

beforeEach(() => {
  pace.stretch = 0;
  turn(stretch + 1);
});
afterEach(() => {
  pace.stretch = stretch;
  delete globals[asked];
});

/** Runs a computation that is cancelled at poll `n`; returns the number of polls. */
function stoppedAt(n: number, compute: () => unknown): { asks: number; stopped: boolean } {
  let asks = 0;
  let stopped = false;
  globals[asked] = () => {
    if (asks++ === n) throw new Stopped();
  };
  try {
    compute();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    stopped = true;
  } finally {
    delete globals[asked];
  }
  expect(isGradEnabled()).toBe(true);
  return { asks, stopped };
}

/** Cancels the computation at each poll, or at a hundred of them, and checks the state afterwards. */
function atEveryTurn<T>(prepare: () => T, compute: (state: T) => unknown, check: (state: T) => void): void {
  const whole = prepare();
  const { asks, stopped } = stoppedAt(Number.POSITIVE_INFINITY, () => compute(whole));
  expect(stopped).toBe(false);
  expect(asks).toBeGreaterThan(0);
  const step = Math.ceil(asks / 100);
  let times = 0;
  for (let n = 0; n < asks; n += step) {
    const state = prepare();
    // The number of polls depends on earlier tensors and memory, so it varies by a few.
    if (!stoppedAt(n, () => compute(state)).stopped) continue;
    times++;
    check(state);
  }
  expect(times).toBeGreaterThan(0);
}

const list = (x: Tensor) => Array.from(x.toArray());
const leaves = (shapes: number[][]) => {
  manualSeed(3);
  return shapes.map((shape) => randn(shape, { requiresGrad: true }));
};

test('without a poll callback nothing is polled, and polling does not change the result', () => {
  const [x] = leaves([[40, 40]]);
  const alone = list(x!.matmul(x!));
  let asks = 0;
  globals[asked] = () => void asks++;
  expect(list(x!.matmul(x!))).toEqual(alone);
  expect(asks).toBeGreaterThan(0);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'polling continues after turn(%s)',
  (steps) => {
    pace.stretch = 10;
    turn(steps);
    let asks = 0;
    globals[asked] = () => void asks++;
    for (let i = 0; i < 100; i++) turn(1);
    expect(asks).toBeGreaterThanOrEqual(9);
  },
);

describe.each([
  ['WebAssembly', true],
  ['loops', false],
])('with %s', (_, wasm) => {
  beforeEach(() => {
    const before = setSwitches({ wasm });
    return () => void setSwitches(before);
  });

  test.each<[string, (x: Tensor) => Tensor]>([
    ['a product', (x) => x.matmul(x)],
    ['a batch of products', (x) => x.reshape([9, 10, 10]).bmm(x.reshape([9, 10, 10]))],
    ['a convolution', (x) => nn.functional.conv2d(x.reshape([1, 1, 30, 30]), x.narrow(0, 0, 1).reshape([1, 1, 5, 6]))],
    ['elementwise functions', (x) => x.exp().mul(x.mT).lgamma()],
    ['sums and running sums', (x) => x.cumsum(0).sum(1).logcumsumexp(0)],
    ['a sort', (x) => x.reshape(-1).sort().values],
    ['softmax', (x) => x.logSoftmax(1)],
  ])('%s: cancellation leaves the operands unchanged, and a second run returns the same values', (_name, f) => {
    const make = () => leaves([[30, 30]])[0]!.detach();
    const [before, right] = [list(make()), list(f(make()))];
    atEveryTurn(make, f, (x) => {
      expect(list(x)).toEqual(before);
      expect(list(f(x))).toEqual(right);
    });
  });
});

test('an in-place operation is applied completely or not at all', () => {
  const make = () => ({ x: leaves([[30, 30]])[0]!.detach(), seen: [] as number[][] });
  const steps: ((x: Tensor) => void)[] = [
    (x) => x.mul_(3),
    (x) => x.add_(x.mT),
    (x) => x.exp_(),
    (x) => x.narrow(0, 2, 5).fill_(7),
    (x) => x.copy_(x.flip([0])),
    (x) => x.normal_(0, 1, { generator: new Generator().manualSeed(1) }),
  ];
  const states: number[][] = [];
  const { x } = make();
  states.push(list(x));
  for (const step of steps) {
    step(x);
    states.push(list(x));
  }
  atEveryTurn(
    make,
    ({ x }) => {
      for (const step of steps) step(x);
    },
    ({ x }) => expect(states).toContainEqual(list(x)),
  );
});

test('the generator continues its sequence after a cancelled draw', () => {
  const all = list(randn([4000], { generator: new Generator().manualSeed(5) }));
  const reference = new Generator().manualSeed(5);
  const draws = Array.from({ length: 5000 }, () => reference.random());
  atEveryTurn(
    () => new Generator().manualSeed(5),
    (generator) => randn([4000], { generator }),
    (generator) => {
      expect(draws).toContain(generator.random());
      expect(list(randn([4000], { generator: generator.manualSeed(5) }))).toEqual(all);
    },
  );
});

test.each([
  ['once', {}],
  ['with createGraph', { createGraph: true }],
])('a cancelled backward pass can run again: %s', (_, options) => {
  const make = () =>
    leaves([
      [6, 5],
      [5, 4],
      [6, 4],
    ]);
  const loss = ([a, b, c]: Tensor[]) => a!.matmul(b!).tanh().sub(c!).square().sum();
  const reference = make();
  loss(reference).backward();
  const right = reference.map((x) => list(x.grad!));
  const hooked = ([a]: Tensor[]) => a!.registerHook((g) => g.mul(1));
  atEveryTurn(
    () => {
      const all = make();
      hooked(all);
      return { all, y: loss(all) };
    },
    ({ y }) => y.backward(undefined, { retainGraph: true, ...options }),
    ({ all, y }) => {
      for (const [i, { grad }] of all.entries()) if (grad !== null) expectClose(grad.reshape(-1), right[i]!, 1e-5);
      for (const x of all) x.grad = null;
      y.backward();
      expect(all.map((x) => list(x.grad!))).toEqual(right);
    },
  );
});

describe('optimizers', () => {
  const kinds = {
    SGD: (p: Tensor[]) => new optim.SGD(p, { lr: 0.1, momentum: 0.9 }),
    Adam: (p: Tensor[]) => new optim.Adam(p, { lr: 0.1, amsgrad: true }),
    RMSprop: (p: Tensor[]) => new optim.RMSprop(p, { lr: 0.1, centered: true }),
    Adagrad: (p: Tensor[]) => new optim.Adagrad(p, { lr: 0.1 }),
    Rprop: (p: Tensor[]) => new optim.Rprop(p, { lr: 0.1 }),
  };

  test.each(Object.entries(kinds))('%s takes a step completely or not at all', (_, make) => {
    const prepare = () => {
      const all = leaves([[9, 9], [9], [100]]);
      return { all, optimizer: make(all) };
    };
    const step = ({ all, optimizer }: ReturnType<typeof prepare>) => {
      optimizer.zeroGrad();
      for (const x of all) x.grad = noGrad(() => x.mul(0.5));
      optimizer.step();
    };
    const reference = prepare();
    const states = [reference.all.map(list)];
    for (let i = 0; i < 6; i++) {
      step(reference);
      states.push(reference.all.map(list));
    }
    atEveryTurn(
      prepare,
      (state) => {
        for (let i = 0; i < 3; i++) step(state);
      },
      (state) => {
        const taken = state.optimizer.stepsTaken;
        expect(state.all.map(list)).toEqual(states[taken]);
        step(state);
        expect(state.all.map(list)).toEqual(states[taken + 1]);
      },
    );
  });

  test('LBFGS continues after a cancelled step and finds the minimum', () => {
    const prepare = () => {
      const w = tensor([3, -2], { dtype: 'float64', requiresGrad: true });
      return { w, optimizer: new optim.LBFGS([w], { lineSearchFn: 'strong_wolfe' }) };
    };
    const step = ({ w, optimizer }: ReturnType<typeof prepare>) =>
      optimizer.step(() => {
        optimizer.zeroGrad();
        const loss = w
          .mul(tensor([1, 5], { dtype: 'float64' }))
          .square()
          .sum()
          .add(w.sum().cosh());
        loss.backward();
        return loss;
      });
    const reference = prepare();
    for (let i = 0; i < 3; i++) step(reference);
    atEveryTurn(prepare, step, (state) => {
      for (let i = 0; i < 3; i++) step(state);
      expect(state.w.sub(reference.w).abs().max().item()).toBeLessThan(1e-6);
    });
  });
});

describe('training', () => {
  const prepare = () => {
    manualSeed(4);
    const net = new nn.Sequential(new nn.Linear(3, 8), new nn.BatchNorm1d(8), new nn.ReLU(), new nn.Linear(8, 1));
    const optimizer = new optim.Adam(net.parameters(), { lr: 0.01 });
    const batches = [0, 1, 2].map(() => [randn([8, 3]), randn([8, 1])] as const);
    const history: training.History = { loss: [] };
    return { net, optimizer, history, data: batches };
  };
  const loss = nn.functional.mseLoss;

  /** The options for `fit`. */
  const chosen = ({ net: _, data: __, ...options }: ReturnType<typeof prepare>) => options;

  test('a cancelled fit leaves the net between two steps, and only complete epochs in the history', () => {
    const fit = (state: ReturnType<typeof prepare>) =>
      training.fit(state.net, state.data, { ...chosen(state), loss, epochs: 2 });
    const reference = prepare();
    const states = [reference.net.parameters().map(list)];
    for (let i = 0; i < 6; i++) {
      training.fit(reference.net, [reference.data[i % 3]!], {
        ...chosen(reference),
        loss,
        epochs: 1,
        history: { loss: [] },
      });
      states.push(reference.net.parameters().map(list));
    }
    atEveryTurn(prepare, fit, ({ net, optimizer, history }) => {
      expect(net.parameters().map(list)).toEqual(states[optimizer.stepsTaken]);
      expect(history.loss.length).toBeLessThanOrEqual(Math.floor(optimizer.stepsTaken / 3));
    });
  });

  test('running mean and variance are updated together or not at all', () => {
    const make = () => new nn.BatchNorm1d(3);
    const x = randn([8, 3]);
    const fed = make();
    fed(x);
    atEveryTurn(
      make,
      (norm) => norm(x),
      (norm) => {
        const moved = list(norm.runningVar!).some((v) => v !== 1);
        if (moved) {
          expect(list(norm.runningMean!)).toEqual(list(fed.runningMean!));
          expect(list(norm.runningVar!)).toEqual(list(fed.runningVar!));
        } else expect(list(norm.runningMean!)).toEqual([0, 0, 0]);
      },
    );
  });

  test('a cancelled lrFinder restores the net and the optimizer', () => {
    const before = prepare().net.parameters().map(list);
    atEveryTurn(
      prepare,
      ({ net, optimizer, data }) => training.lrFinder(net, data, { loss, optimizer, steps: 6 }),
      ({ net, optimizer }) => {
        expect(net.parameters().map(list)).toEqual(before);
        expect(optimizer.paramGroups[0]!.lr).toBe(0.01);
        expect(net.training).toBe(true);
      },
    );
  });
});
