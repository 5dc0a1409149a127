// Options of `fit` beyond the bare loop: metrics, weights, accumulation, clipping, the split.
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  arange,
  Generator,
  manualSeed,
  nn,
  noGrad,
  ones,
  optim,
  rand,
  randn,
  type Tensor,
  tensor,
  training,
  zeros,
} from '../../src';
import { ShapeError, ValueError } from '../../src/errors';

const { crossEntropy, mseLoss } = nn.functional;
const { metrics } = training;

function clouds(n = 40, classes = 2) {
  const generator = new Generator().manualSeed(5);
  const y = tensor(Int32Array.from({ length: n }, (_, i) => i % classes));
  return { x: randn([n, 2], { generator }).add(y.to('float32').mul(4).sub(2).unsqueeze(1)), y };
}

function made(classes = 2, lr = 0.1) {
  manualSeed(3);
  const net = new nn.Linear(2, classes);
  return { net, optimizer: new optim.SGD(net.parameters(), { lr }) };
}

const flat = (net: training.Net) => nn.utils.parametersToVector(net.parameters()).detach().clone();
const close = (a: Tensor, b: Tensor, off = 1e-6) => expect(a.sub(b).abs().max().item()).toBeLessThan(off);

afterEach(() => void vi.restoreAllMocks());

describe('metrics', () => {
  test('are measured in training and validation, under their names, also custom functions', () => {
    const { x, y } = clouds(30, 3);
    const { net, optimizer } = made(3);
    const own = (output: Tensor) => output.abs().mean();
    const { history } = training.fit(
      net,
      { x, y },
      {
        loss: crossEntropy,
        optimizer,
        epochs: 2,
        batchSize: 8,
        validation: { x, y },
        metrics: { accuracy: metrics.accuracy(), top2: metrics.topK(2), size: own, table: metrics.confusion() },
      },
    );
    expect(Object.keys(history)).toEqual([
      'loss',
      'accuracy',
      'top2',
      'size',
      'table',
      'valLoss',
      'valAccuracy',
      'valTop2',
      'valSize',
      'valTable',
    ]);
    const after = training.evaluate(net, { x, y });
    expect(history.valAccuracy!.at(-1)).toBe(after.accuracy);
    expect(history.valTable!.at(-1)).toEqual(after.confusion);
    expect(history.valSize!.at(-1)).toBeCloseTo(
      noGrad(() => net(x).abs().mean().item()),
      6,
    );
    expect(history.top2.every((share, i) => share >= history.accuracy[i]!)).toBe(true);
    const again = training.evaluate(net, { x, y }, { metrics: { size: own, rows: () => 1 } });
    expect(again).toEqual({ loss: history.valLoss!.at(-1), size: history.valSize!.at(-1), rows: 1 });
  });

  test('a net that classifies nothing has only the requested ones', () => {
    const x = rand([20, 2]);
    const net = new nn.Linear(2, 1);
    const optimizer = new optim.Adam(net.parameters());
    const data = { x, y: x.sum(1, { keepdim: true }) };
    const { history } = training.fit(net, data, { loss: mseLoss, optimizer, epochs: 1, metrics: { r2: metrics.r2() } });
    expect(Object.keys(history)).toEqual(['loss', 'r2']);
  });
});

describe('weights', () => {
  test('of classes are those of crossEntropy', () => {
    const { x, y } = clouds(50, 3);
    const weight = [1, 5, 0.5];
    const [a, b, c] = [made(3), made(3), made(3)];
    const options = { epochs: 3, batchSize: 7, shuffle: false };
    const one = training.fit(
      a.net,
      { x, y },
      { ...options, optimizer: a.optimizer, loss: crossEntropy, classWeight: weight },
    );
    const loss = new nn.CrossEntropyLoss({ weight: tensor(weight) });
    training.fit(b.net, { x, y }, { ...options, optimizer: b.optimizer, loss });
    close(flat(a.net), flat(b.net));
    const object = training.fit(
      c.net,
      { x, y },
      {
        ...options,
        optimizer: c.optimizer,
        loss: new nn.CrossEntropyLoss(),
        classWeight: { 1: 5, 2: 0.5 },
      },
    );
    expect(object.history.loss).toEqual(one.history.loss);
    expect(flat(c.net).equal(flat(a.net))).toBe(true);
  });

  test('of rows: integers are repetitions, and 0 is absence', () => {
    const { x, y } = clouds(6);
    const weights = tensor([1, 2, 0, 1, 3, 0]);
    const rows = tensor(Int32Array.from([0, 1, 1, 3, 4, 4, 4]));
    const [a, b] = [made(), made()];
    const options = { loss: crossEntropy, epochs: 4, batchSize: 10, shuffle: false };
    const one = training.fit(a.net, { x, y, weights }, { ...options, optimizer: a.optimizer });
    const two = training.fit(
      b.net,
      { x: x.indexSelect(0, rows), y: y.indexSelect(0, rows) },
      { ...options, optimizer: b.optimizer },
    );
    close(flat(a.net), flat(b.net));
    for (const [i, value] of one.history.loss.entries()) expect(value).toBeCloseTo(two.history.loss[i]!, 6);
    // Keras divides by the number of rows: 7/6 of that.
    const c = made();
    const keras = training.fit(c.net, { x, y, weights }, { ...options, optimizer: c.optimizer, weightedBy: 'rows' });
    expect(keras.history.loss[0]).toBeCloseTo((one.history.loss[0]! * 7) / 6, 6);
  });

  test('of losses with several numbers per row, which are averaged first', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const net: training.Net = new nn.Linear(2, 2);
    const optimizer = new optim.SGD(net.parameters(), { lr: 0 });
    const { history } = training.fit(
      net,
      { x, y: zeros([2, 2]), weights: tensor([1, 3]) },
      { loss: new nn.MSELoss(), optimizer, epochs: 1 },
    );
    const rows = noGrad(() => net(x).pow(2).mean(1).tolist() as number[]);
    expect(history.loss[0]).toBeCloseTo((rows[0]! + 3 * rows[1]!) / 4, 5);
  });

  test('need losses by rows, and valid values', () => {
    const { x, y } = clouds(6);
    const { net, optimizer } = made();
    const before = flat(net);
    const options = { loss: (o: Tensor, t: Tensor) => crossEntropy(o, t), optimizer, epochs: 1 };
    const train =
      (more: object, data: object = { x, y }) =>
      () =>
        training.fit(net, data as never, { ...options, ...more } as never);
    expect(train({ classWeight: [1, 2] })).toThrow("when it is called with { reduction: 'none' }");
    expect(train({ classWeight: [1, -2] })).toThrow('classWeight has -2 for 1');
    expect(train({ classWeight: 3 })).toThrow('classWeight must be a list of numbers');
    expect(train({ loss: crossEntropy }, { x, y, weights: tensor([1, 1, 1, 1, 1, -1]) })).toThrow('a row weighs -1');
    expect(train({ loss: crossEntropy }, { x, y, weights: zeros([6]) })).toThrow('sum to 0');
    expect(train({}, { x, y, weights: ones([5]) })).toThrow(ShapeError);
    expect(train({ weightedBy: 'sum' })).toThrow("use 'weights' or 'rows'");
    expect(flat(net).equal(before)).toBe(true);
  });
});

describe('accumulation', () => {
  test('over k batches is the step of one batch of all their rows, also at the end of an epoch', () => {
    const { x, y } = clouds(50, 3);
    const [a, b] = [made(3), made(3)];
    const options = { loss: crossEntropy, epochs: 3, shuffle: false };
    const one = training.fit(a.net, { x, y }, { ...options, optimizer: a.optimizer, batchSize: 8, accumulate: 3 });
    const two = training.fit(b.net, { x, y }, { ...options, optimizer: b.optimizer, batchSize: 24 });
    close(flat(a.net), flat(b.net));
    for (const [i, value] of one.history.loss.entries()) expect(value).toBeCloseTo(two.history.loss[i]!, 6);
  });

  test('with weights, too; a scheduler of steps counts steps', () => {
    const { x, y } = clouds(24);
    const [a, b] = [made(), made()];
    const schedulers = [a, b].map(({ optimizer }) => new optim.lrScheduler.LinearLR(optimizer, { totalIters: 6 }));
    const options = { loss: crossEntropy, epochs: 2, shuffle: false, interval: 'batch' as const, classWeight: [1, 4] };
    training.fit(
      a.net,
      { x, y },
      { ...options, optimizer: a.optimizer, scheduler: schedulers[0], batchSize: 4, accumulate: 2 },
    );
    training.fit(b.net, { x, y }, { ...options, optimizer: b.optimizer, scheduler: schedulers[1], batchSize: 8 });
    close(flat(a.net), flat(b.net));
    expect(schedulers[0]!.lastEpoch).toBe(6);
  });
});

describe('clip', () => {
  test('limits the norm of all gradients, or each element, before the step', () => {
    for (const clip of [{ norm: 0.01 }, { value: 0.002 }]) {
      const { x, y } = clouds();
      const { net, optimizer } = made(2, 1);
      const before = flat(net);
      const norms: number[] = [];
      const callbacks = [
        {
          name: 'norms',
          onBeforeOptimizerStep: ({ net }: training.Run) => {
            const gradients = net.parameters().map((p) => p.grad!);
            norms.push(
              'norm' in clip
                ? nn.utils.getTotalNorm(gradients).item()
                : Math.max(...gradients.map((g) => g.abs().max().item())),
            );
          },
        },
      ];
      training.fit(net, { x, y }, { loss: crossEntropy, optimizer, epochs: 1, batchSize: 40, clip, callbacks });
      expect(norms).toHaveLength(1);
      expect(norms[0]).toBeCloseTo(Object.values(clip)[0]!, 6);
      expect(flat(net).sub(before).abs().max().item()).toBeLessThanOrEqual(0.0101);
    }
    const { net, optimizer } = made();
    const train = (clip: object) => () =>
      training.fit(net, clouds(), { loss: crossEntropy, optimizer, epochs: 1, clip: clip as never });
    expect(train({ norm: 0 })).toThrow('clip must be { norm: … }, { normEach: … } or { value: … }');
    expect(train({ norm: 1, value: 1 })).toThrow(ValueError);
  });
});

describe('validationSplit', () => {
  const warnings = () => vi.spyOn(console, 'warn').mockImplementation(() => {});
  const train = (data: training.Rows, validationSplit: number) => {
    const net = new nn.Linear(data.x.shape[1]!, 3);
    const optimizer = new optim.SGD(net.parameters(), { lr: 0 });
    return { net, ...training.fit(net, data, { loss: crossEntropy, optimizer, epochs: 1, validationSplit }) };
  };

  test('uses the last rows, whatever the order of training', () => {
    const said = warnings();
    const { x, y } = clouds(50, 3);
    const { net, history } = train({ x, y }, 0.3);
    const last = training.evaluate(net, { x: x.narrow(0, 35, 15), y: y.narrow(0, 35, 15) });
    expect(history.valLoss![0]).toBeCloseTo(last.loss, 12);
    expect(history.loss[0]).toBeCloseTo(
      training.evaluate(net, { x: x.narrow(0, 0, 35), y: y.narrow(0, 0, 35) }).loss,
      6,
    );
    expect(said).not.toHaveBeenCalled();
  });

  test.each([
    ['lacks a class', [0, 1, 2, 0, 1, 2, 0, 1, 0, 1], 'which lack class 2'],
    ['has a class that training lacks', [0, 1, 0, 1, 0, 1, 0, 1, 0, 2], 'which alone have class 2'],
    ['is cut from sorted rows', [0, 0, 0, 1, 1, 1, 1, 2, 2, 2], 'sorted by y'],
  ])('warns if its part %s', (_, classes, text) => {
    const said = warnings();
    train({ x: randn([10, 2]), y: tensor(classes) }, 0.2);
    expect(said.mock.calls.flat().join('\n')).toContain(text);
    expect(said.mock.calls.flat().join('\n')).toContain('tests with the last 2 of 10 rows');
  });

  test('works for one-hot rows and single columns as well', () => {
    const said = warnings();
    const net = new nn.Linear(1, 3);
    const optimizer = new optim.SGD(net.parameters(), { lr: 0 });
    const oneHot = nn.functional.oneHot(tensor(Int32Array.from([0, 1, 2, 0, 1, 2, 0, 1, 0, 1])), 3).to('float32');
    training.fit(
      net,
      { x: arange(10).to('float32').unsqueeze(1), y: oneHot },
      { loss: mseLoss, optimizer, epochs: 1, validationSplit: 0.2 },
    );
    const texts = said.mock.calls.flat().join('\n');
    expect(texts).toContain('which lack class 2');
    expect(texts).toContain('sorted by x');
  });

  test('needs rows, and two parts', () => {
    const { x, y } = clouds(4, 3);
    expect(() => train({ x, y }, 1)).toThrow('above 0 and below 1');
    expect(() => train({ x, y }, 0.1)).not.toThrow();
    expect(() => train({ x: x.narrow(0, 0, 1), y: y.narrow(0, 0, 1) }, 0.5)).toThrow(ShapeError);
    const { net, optimizer } = made(3);
    const options = { loss: crossEntropy, optimizer, epochs: 1, validationSplit: 0.5 };
    expect(() => training.fit(net, [[x, y]], options)).toThrow('divide the dataset of a loader with data.randomSplit');
    expect(() => training.fit(net, { x, y }, { ...options, validation: { x, y } })).toThrow('not both');
  });
});

test('L-BFGS receives its closure', () => {
  manualSeed(1);
  const x = randn([30, 2], { dtype: 'float64' });
  const net = new nn.Linear(2, 1).double();
  const y = x.matmul(tensor([[2], [-1]], { dtype: 'float64' })).add(3);
  const optimizer = new optim.LBFGS(net.parameters(), { lineSearchFn: 'strong_wolfe' });
  const { history } = training.fit(net, { x, y }, { loss: mseLoss, optimizer, epochs: 3, batchSize: 30 });
  expect(history.loss[0]).toBeGreaterThan(1);
  expect(history.loss[2]).toBeLessThan(1e-12);
  expect(() => training.fit(net, { x, y }, { loss: mseLoss, optimizer, epochs: 1, accumulate: 2 })).toThrow(
    'leave out accumulate',
  );
});
