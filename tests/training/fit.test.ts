import { describe, expect, test } from 'vitest';
import { data, Generator, manualSeed, nn, optim, rand, randn, type Tensor, tensor, training } from '../../src';
import { ShapeError, ValueError } from '../../src/errors';
// Draws the curves.
import '../../src/lab';
import { fakeJupyter } from '../support/fake-jupyter';

const { crossEntropy, mseLoss } = nn.functional;
const { evaluate } = training;

/** Two clouds of points, left and right. */
function clouds(n = 40) {
  const generator = new Generator().manualSeed(5);
  const y = tensor(Int32Array.from({ length: n }, (_, i) => i % 2));
  const x = randn([n, 2], { generator }).add(y.to('float32').mul(4).sub(2).unsqueeze(1));
  return { x, y };
}

function netAndOptimizer(lr = 0.1) {
  manualSeed(3);
  const net = new nn.Linear(2, 2);
  return { net, optimizer: new optim.SGD(net.parameters(), { lr }) };
}

const weights = (net: nn.Linear) => net.weight.detach().clone();

describe('fit', () => {
  test('equals the written-out loop, with a DataLoader', () => {
    const { x, y } = clouds();
    const a = netAndOptimizer();
    const fitted = training.fit(
      a.net,
      { x, y },
      {
        loss: crossEntropy,
        optimizer: a.optimizer,
        epochs: 3,
        batchSize: 16,
        generator: new Generator().manualSeed(7),
      },
    );
    const b = netAndOptimizer();
    const loader = new data.DataLoader(new data.TensorDataset(x, y), {
      batchSize: 16,
      shuffle: true,
      generator: new Generator().manualSeed(7),
    });
    const losses: number[] = [];
    const accuracies: number[] = [];
    for (let epoch = 0; epoch < 3; epoch++) {
      let [sum, right] = [0, 0];
      for (const [X, Y] of loader) {
        b.optimizer.zeroGrad();
        const output = b.net(X);
        const loss = crossEntropy(output, Y);
        loss.backward();
        b.optimizer.step();
        sum += loss.item() * X.shape[0]!;
        right += output.argmax(1).eq(Y).sum().item();
      }
      losses.push(sum / 40);
      accuracies.push(right / 40);
    }
    expect(fitted.history).toEqual({ loss: losses, accuracy: accuracies });
    expect(weights(a.net).equal(weights(b.net))).toBe(true);
    expect(fitted.seconds).toHaveLength(3);
  });

  test('accepts a loader, which has its own batches', () => {
    const { x, y } = clouds();
    const { net, optimizer } = netAndOptimizer();
    const loader = new data.DataLoader(new data.TensorDataset(x, y), { batchSize: 10 });
    const { history } = training.fit(net, loader, { loss: crossEntropy, optimizer, epochs: 2, validation: { x, y } });
    expect(history.loss).toHaveLength(2);
    expect(history.valAccuracy!.at(-1)).toBeCloseTo(evaluate(net, { x, y }).accuracy, 12);
    expect(history.valLoss!.at(-1)).toBeCloseTo(crossEntropy(net(x), y).item(), 6);
    expect(() => training.fit(net, loader, { loss: crossEntropy, optimizer, epochs: 1, batchSize: 3 })).toThrow(
      'leave out batchSize',
    );
  });

  test('has no accuracy without classes', () => {
    const x = rand([20, 2]);
    const net = new nn.Linear(2, 1);
    const optimizer = new optim.Adam(net.parameters());
    const { history } = training.fit(
      net,
      { x, y: x.sum(1, { keepdim: true }) },
      { loss: mseLoss, optimizer, epochs: 2 },
    );
    expect(Object.keys(history)).toEqual(['loss']);
  });

  test('keeps the history of complete epochs when it is stopped, and continues with it', () => {
    const { x, y } = clouds();
    const { net, optimizer } = netAndOptimizer();
    const history: training.History = { loss: [] };
    let batches = 0;
    const interrupted = (output: Tensor, target: Tensor) => {
      if (++batches === 8) throw new Error('interrupted');
      return crossEntropy(output, target);
    };
    const options = { optimizer, epochs: 5, batchSize: 16, history };
    expect(() => training.fit(net, { x, y }, { ...options, loss: interrupted })).toThrow('interrupted');
    expect(history.loss).toHaveLength(2);
    training.fit(net, { x, y }, { ...options, loss: crossEntropy, onEpoch: (epoch) => epoch < 1 });
    expect(history.loss).toHaveLength(4);
    expect(history.loss[3]).toBeLessThan(history.loss[0]!);
    expect(history.accuracy).toHaveLength(4);
  });

  test('a schedule of epochs follows epochs, whatever the loss is', () => {
    const { x, y } = clouds();
    const { CosineAnnealingWarmRestarts } = optim.lrScheduler;
    const { net, optimizer } = netAndOptimizer();
    const scheduler = new CosineAnnealingWarmRestarts(optimizer, 3);
    const { history } = training.fit(
      net,
      { x, y },
      { loss: crossEntropy, epochs: 7, batchSize: 20, optimizer, scheduler },
    );
    for (const [epoch, lr] of history.lr!.entries())
      expect(lr).toBeCloseTo(0.05 * (1 + Math.cos((Math.PI * (epoch % 3)) / 3)), 12);
  });

  test('steps a scheduler after each epoch, or each batch, and records the rates', () => {
    const { x, y } = clouds();
    const cosine = netAndOptimizer();
    const { CosineAnnealingLR, OneCycleLR, ReduceLROnPlateau } = optim.lrScheduler;
    const scheduler = new CosineAnnealingLR(cosine.optimizer, 4);
    const options = { loss: crossEntropy, epochs: 4, batchSize: 20 };
    const { history } = training.fit(cosine.net, { x, y }, { ...options, optimizer: cosine.optimizer, scheduler });
    for (const [epoch, lr] of history.lr!.entries())
      expect(lr).toBeCloseTo(0.05 * (1 + Math.cos((Math.PI * epoch) / 4)), 12);
    const cycle = netAndOptimizer();
    const oneCycle = new OneCycleLR(cycle.optimizer, 1, { totalSteps: 8 });
    const rates: number[] = [];
    const loss = (output: Tensor, target: Tensor) => {
      rates.push(cycle.optimizer.paramGroups[0]!.lr);
      return crossEntropy(output, target);
    };
    const fitted = training.fit(
      cycle.net,
      { x, y },
      { ...options, loss, optimizer: cycle.optimizer, scheduler: oneCycle, interval: 'batch' },
    );
    expect(new Set(rates).size).toBe(8);
    expect(fitted.history.lr).toEqual(rates.filter((_, i) => i % 2 === 1));
    const plateau = netAndOptimizer(0);
    const reduce = new ReduceLROnPlateau(plateau.optimizer, { patience: 0, factor: 0.5, eps: 0 });
    plateau.optimizer.paramGroups[0]!.lr = 1e-12; // does not change the loss
    const still = training.fit(plateau.net, { x, y }, { ...options, optimizer: plateau.optimizer, scheduler: reduce });
    expect(still.history.lr).toEqual([1e-12, 1e-12, 0.5e-12, 0.25e-12]);
    expect(() => training.fit(cycle.net, { x, y }, { ...options, optimizer: cycle.optimizer, scheduler })).toThrow(
      'scheduler must be one of the optimizer that is given',
    );
    expect(() =>
      training.fit(
        cycle.net,
        { x, y },
        { ...options, optimizer: cycle.optimizer, scheduler: oneCycle, interval: 'step' as never },
      ),
    ).toThrow("interval must be 'epoch' or 'batch'");
  });

  test('puts the net into training mode, also after validation', () => {
    const { x, y } = clouds();
    const net = new nn.Sequential(new nn.Dropout(0.5), new nn.Linear(2, 2));
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
    net.eval();
    const modes: boolean[] = [];
    net.registerForwardHook((module) => void modes.push(module.training));
    training.fit(net, { x, y }, { loss: crossEntropy, optimizer, epochs: 2, batchSize: 40, validation: { x, y } });
    expect(modes).toEqual([true, false, true, false]);
  });

  test('updates an open display', () => {
    const { x, y } = clouds();
    const { net, optimizer } = netAndOptimizer();
    const updates: object[] = [];
    const display = { update: (values: object) => updates.push(values) } as training.EpochDisplay;
    const { history } = training.fit(net, { x, y }, { loss: crossEntropy, optimizer, epochs: 2, display });
    expect(updates).toEqual([0, 1].map((i) => ({ loss: history.loss[i], accuracy: history.accuracy![i] })));
  });

  test('draws a continued training as one', () => {
    const { x, y } = clouds();
    const { net, optimizer } = netAndOptimizer();
    const scheduler = new optim.lrScheduler.StepLR(optimizer, 2);
    const history = { loss: [] };
    const options = { loss: crossEntropy, optimizer, scheduler, epochs: 2, history };
    training.fit(net, { x, y }, options);
    const kept: training.History = structuredClone(history);
    const scope = globalThis as { Jupyter?: unknown };
    const { Jupyter, displayed } = fakeJupyter();
    scope.Jupyter = Jupyter;
    try {
      training.fit(net, { x, y }, { ...options, epochs: 3, validation: { x, y }, display: true });
    } finally {
      delete scope.Jupyter;
    }
    expect(displayed[0]!.text).toMatch(/^epoch 2\/5 · loss/);
    const last = displayed.at(-1)!;
    const { data } = last.bundle['application/vnd.plotly.v1+json'] as {
      data: { name: string; x: number[]; y: number[]; yaxis: string }[];
    };
    // A panel for each quantity.
    expect(data.map(({ name, yaxis }) => `${name} ${yaxis}`)).toEqual([
      'loss y',
      'valLoss y',
      'accuracy y2',
      'valAccuracy y2',
    ]);
    expect(data[0]!.x).toEqual([1, 2, 3, 4, 5]);
    const { loss, accuracy, valLoss } = history as training.History;
    const near = (curve: number[]) => curve.map((value) => expect.closeTo(value, 4)); // figures have few digits
    expect([data[0]!.y, data[2]!.y]).toEqual([near(loss), near(accuracy!)]);
    expect(loss.slice(0, 2)).toEqual(kept.loss);
    expect(data[1]!.y.slice(2)).toEqual(near(valLoss!));
    expect(last.text).toMatch(/^epoch 5\/5 · loss/);

    // Again: the validation started later, so that its numbers have no position.
    training.fit(net, { x, y }, { ...options, epochs: 1, display: true });
    expect((history as training.History).lr).toHaveLength(6);
  });

  test('rejects mismatched arguments before anything is changed', () => {
    const { x, y } = clouds();
    const { net, optimizer } = netAndOptimizer();
    const before = weights(net);
    const good = { loss: crossEntropy, optimizer, epochs: 1 };
    expect(() => training.fit(net, { x, y: tensor([1, 2]) }, good)).toThrow(ShapeError);
    const once = () => [[x, y] as const].values();
    const twice = { ...good, epochs: 2 };
    expect(() => training.fit(net, once(), twice)).toThrow('an iterator, which runs once, for 2 epochs');
    expect(() => training.fit(net, { x, y }, { ...twice, validation: once() })).toThrow(
      'fit: validation: the data are',
    );
    expect(() => training.fit(net, 5 as never, good)).toThrow('must be a loader or { x, y }');
    expect(() => training.fit(net, { x, y }, { ...good, epochs: 1.5 })).toThrow('epochs is 1.5');
    expect(() => training.fit(net, { x, y }, { ...good, batchSize: 0 })).toThrow('batchSize is 0');
    expect(() => training.fit(net, { x, y }, { ...good, loss: 'mse' as never })).toThrow('loss must be a function');
    expect(() => training.fit(net, { x, y }, { ...good, optimizer: 'sgd' as never })).toThrow('optimizer must be');
    expect(() => training.fit(net, [], good)).toThrow(ValueError);
    expect(weights(net).equal(before)).toBe(true);
    expect(training.fit(net, once(), { ...good, epochs: 1 }).history.loss).toHaveLength(1);
  });
});

describe('evaluate', () => {
  /** Scores equal to x. */
  const echo = (): training.Net => new nn.Identity();
  const x = tensor([
    [2, 1, 0],
    [0, 3, 1],
    [5, 0, 0],
    [0, 0, 1],
  ]);
  const y = tensor(Int32Array.from([0, 1, 2, 2]));

  test('counts by class, whatever the batches are', () => {
    for (const batchSize of [1, 3, 4]) {
      const { loss, accuracy, confusion } = evaluate(echo(), { x, y }, { batchSize });
      expect(confusion).toEqual([
        [1, 0, 0],
        [0, 1, 0],
        [1, 0, 1],
      ]);
      expect(accuracy).toBe(0.75);
      expect(loss).toBeCloseTo(crossEntropy(x, y).item(), 6);
    }
  });

  test('leaves modes and gradients unchanged', () => {
    const frozen = new nn.BatchNorm1d(3);
    const net = new nn.Sequential(frozen, new nn.Linear(3, 3));
    frozen.eval();
    evaluate(net, { x, y });
    expect([net.training, frozen.training]).toEqual([true, false]);
    expect(net.parameters().every((p) => p.grad === null)).toBe(true);
  });

  test('is for classifiers', () => {
    expect(() => evaluate(echo(), { x, y: x }, { loss: mseLoss })).toThrow('the net gives [4, 3] for targets [4, 3]');
    // As the message suggests.
    expect(evaluate(echo(), { x, y: x.add(2) }, { loss: mseLoss, metrics: {} })).toEqual({ loss: 4 });
    const wrong = { x, y: tensor([0, 1, 2, 7]) };
    expect(() => evaluate(echo(), wrong, { loss: (output) => output.sum() })).toThrow(ShapeError);
  });
});
