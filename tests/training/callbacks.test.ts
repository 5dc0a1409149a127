// Callbacks: when they are called, and the library's own.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { Generator, manualSeed, nn, optim, randn, type Tensor, tensor, training } from '../../src';
import { ValueError } from '../../src/errors';

const { mseLoss } = nn.functional;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradlab-callbacks-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => void vi.restoreAllMocks());

/** Points on a line, with noise. */
function line(n = 32) {
  const generator = new Generator().manualSeed(2);
  const x = randn([n, 2], { generator });
  return { x, y: x.matmul(tensor([[1], [-2]])).add(randn([n, 1], { generator }).mul(0.3)) };
}

function made(lr = 0.05) {
  manualSeed(4);
  const net = new nn.Sequential(new nn.Linear(2, 4), new nn.BatchNorm1d(4), new nn.Tanh(), new nn.Linear(4, 1));
  return { net, optimizer: new optim.SGD(net.parameters(), { lr }) };
}

const state = (net: training.Net) =>
  Object.fromEntries(Object.entries(net.stateDict()).map(([k, x]) => [k, x.clone()]));
const sameState = (a: Record<string, Tensor>, b: Record<string, Tensor>) =>
  Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((name) => a[name]!.equal(b[name]!));

/** A callback that sets the numbers of an epoch. */
const numbers =
  (values: readonly number[]): training.EpochFunction =>
  (epoch, logs) =>
    void Object.assign(logs, { valLoss: values[epoch] });

describe('hooks', () => {
  test('are called in order, with the promised arguments', () => {
    const { x, y } = line(10);
    const calls: string[] = [];
    const note = (text: string) => void calls.push(text);
    const hooks: training.Callback = {
      name: 'all',
      onTrainBegin: (run) => note(`begin ${run.epochs} ${run.names}`),
      onEpochBegin: (epoch, run) => note(`epoch ${epoch} ${run.steps}`),
      onTrainBatchBegin: (batch) => note(`batch ${batch}`),
      onBeforeOptimizerStep: (run) => note(`step ${run.net.parameters().every((p) => p.grad !== null)}`),
      onTrainBatchEnd: (batch, logs) => note(`batch ${batch} ${Object.keys(logs)} ${logs.loss! > 0}`),
      onTestBegin: () => note('test'),
      onTestEnd: (logs) => note(`test ${Object.keys(logs)}`),
      onEpochEnd: (epoch, logs, run) =>
        note(`epoch ${epoch} ${Object.keys(logs)} ${run.history.loss.length} ${run.steps}`),
      onTrainEnd: (run) => note(`end ${run.epoch}`),
    };
    const { net, optimizer } = made();
    const metrics = { mae: training.metrics.mae() };
    training.fit(
      net,
      { x, y },
      { loss: mseLoss, optimizer, epochs: 1, batchSize: 5, validation: { x, y }, metrics, callbacks: [hooks] },
    );
    expect(calls).toEqual([
      'begin 1 loss,mae,valLoss,valMae',
      'epoch 0 0',
      'batch 0',
      'step true',
      'batch 0 loss,mae true',
      'batch 1',
      'step true',
      'batch 1 loss,mae true',
      'test',
      'test valLoss,valMae',
      'epoch 0 loss,mae,valLoss,valMae 1 2',
      'end 1',
    ]);
  });

  test.each(['onEpochBegin', 'onTrainBatchBegin', 'onTrainBatchEnd', 'onEpochEnd'] as const)(
    '%s ends the training by returning false',
    (hook) => {
      const { net, optimizer } = made();
      let calls = 0;
      const callbacks = [{ name: 'enough', [hook]: () => ++calls < 3 }];
      const fitted = training.fit(net, line(32), { loss: mseLoss, optimizer, epochs: 9, batchSize: 8, callbacks });
      expect(calls).toBe(3);
      expect(fitted.stopped).toBe('enough');
      expect(fitted.history.loss).toHaveLength({ onEpochBegin: 2, onEpochEnd: 3 }[hook as string] ?? 0);
    },
  );

  test('onTrainEnd of every callback is always called', () => {
    const { net, optimizer } = made();
    const ended: string[] = [];
    const fails = (): never => {
      throw new Error('of its own');
    };
    const callbacks = [
      { name: 'a', onEpochEnd: fails, onTrainEnd: () => void ended.push('a') },
      { name: 'b', onTrainEnd: () => void ended.push('b') },
    ];
    const train = () => training.fit(net, line(), { loss: mseLoss, optimizer, epochs: 1, callbacks });
    expect(train).toThrow('of its own');
    expect(ended).toEqual(['a', 'b']);
  });

  test('that are misspelt, duplicate, or asynchronous are rejected', () => {
    const { net, optimizer } = made();
    const before = state(net);
    const train =
      (...callbacks: unknown[]) =>
      () =>
        training.fit(net, line(), { loss: mseLoss, optimizer, epochs: 1, callbacks: callbacks as never });
    expect(train({ name: 'a', onEpochEnds: () => {} })).toThrow(
      'the callback a has onEpochEnds, which is never called',
    );
    expect(train({ name: 'a', onEpochEnd: 3 })).toThrow('onEpochEnd of the callback a must be a function');
    expect(train({ name: 'a' }, { name: 'a' })).toThrow('two callbacks are called a');
    expect(train({ onEpochEnd: () => {} })).toThrow('must be an object with a name');
    expect(train({ name: 'a', onTrainBegin: async () => {} })).toThrow('use await training.fitAsync');
    expect(sameState(before, net.stateDict())).toBe(true);
  });
});

describe('monitor', () => {
  test('is checked before anything is trained', () => {
    const { net, optimizer } = made();
    const before = state(net);
    const train =
      (monitor: string, more: object = {}) =>
      () =>
        training.fit(net, line(), {
          loss: mseLoss,
          optimizer,
          epochs: 1,
          callbacks: [training.earlyStopping({ monitor }) as never],
          ...more,
        });
    expect(train('valLoss')).toThrow('there is no validation; give validation or validationSplit');
    expect(train('valLos', { validationSplit: 0.2 })).toThrow('an epoch has loss, accuracy, valLoss, valAccuracy');
    expect(train('own', { metrics: { own: () => 1 } })).toThrow("say mode: 'max'".replace('say', 'Say'));
    expect(sameState(before, net.stateDict())).toBe(true);
    expect(train('accuracy')).toThrow('there is no accuracy to monitor, an epoch has loss');
  });
});

describe('earlyStopping', () => {
  const train = (values: number[], options: object, more: object = {}) => {
    const { net, optimizer } = made();
    const states: Record<string, Tensor>[] = [];
    const { history, stopped } = training.fit(net, line(), {
      loss: mseLoss,
      optimizer,
      epochs: values.length,
      validationSplit: 0.25,
      callbacks: [
        numbers(values),
        () => void states.push(state(net)),
        training.earlyStopping({ monitor: 'valLoss', ...options }),
      ],
      ...more,
    });
    const restored = states.findIndex((one) => sameState(one, net.stateDict()));
    return { epochs: history.loss.length, restored, stopped };
  };

  test('waits, and restores the best weights, with buffers', () => {
    expect(train([5, 4, 3, 3.5, 3.2, 3.1, 2], { patience: 3 })).toMatchObject({ epochs: 6, restored: 2 });
    expect(train([5, 4, 3, 3.5, 3.2, 2, 2], { patience: 3 })).toMatchObject({ epochs: 7, restored: 5 });
    expect(train([5, 6, 4], {})).toMatchObject({ epochs: 2, restored: 0 });
    expect(train([5, 6, 4], {}).stopped).toBe('valLoss did not improve for 1 epoch; its best was 5 in epoch 0');
  });

  test('has Keras’ options', () => {
    expect(train([5, 4.95, 4.9, 4.85], { patience: 2, minDelta: 0.2 })).toMatchObject({ epochs: 3, restored: 0 });
    expect(train([1, 5, 4, 4.5, 4.6], { patience: 2, startFromEpoch: 1 })).toMatchObject({ epochs: 5, restored: 2 });
    expect(train([1, 2, 3, 2], { patience: 2, mode: 'max' })).toMatchObject({ epochs: 4, restored: 2 });
    expect(train([5, 4, 3, 2], { patience: 2, baseline: 1 })).toMatchObject({ epochs: 4, restored: 3 });
    expect(train([5, 6, 7], { patience: 1, restoreBestWeights: false })).toMatchObject({ epochs: 2, restored: 1 });
    expect(train([Number.NaN, 4, 5], { patience: 2 })).toMatchObject({ epochs: 3, restored: 1 });
    expect(() => training.earlyStopping({ monitor: 'loss', patience: -1 })).toThrow(ValueError);
    expect(() => training.earlyStopping({ monitor: 'loss', mode: 'auto' as never })).toThrow("use 'min' or 'max'");
  });

  test('restores after the last epoch, an error and Stop as well', () => {
    expect(train([5, 4, 6, 7], { patience: 9 })).toMatchObject({ epochs: 4, restored: 1 });
    const { net, optimizer } = made();
    const best: Record<string, Tensor>[] = [];
    let losses = 0;
    const options = {
      optimizer,
      epochs: 9,
      batchSize: 8,
      validationSplit: 0.25,
      loss: (output: Tensor, target: Tensor) => {
        if (++losses === 25) throw new Error('Stop');
        return mseLoss(output, target);
      },
      callbacks: [
        numbers([5, 1, 4]),
        (epoch: number) => void (epoch === 1 && best.push(state(net))),
        training.earlyStopping({ monitor: 'valLoss', patience: 9 }),
      ],
    };
    expect(() => training.fit(net, line(), options)).toThrow('Stop');
    expect(best).toHaveLength(1);
    expect(sameState(best[0]!, net.stateDict())).toBe(true);
  });
});

describe('earlyStopping of a training metric restores the weights with which it was measured', () => {
  /** Weights before each step, of a training that diverges sooner or later. */
  const train = (makeOptimizer: (p: Tensor[]) => optim.Optimizer, options: object, stopping: object = {}) => {
    const { net } = made();
    const optimizer = makeOptimizer(net.parameters());
    const before: Record<string, Tensor>[] = [];
    const note = { name: 'note', onTrainBatchBegin: () => void before.push(state(net)) };
    const { history } = training.fit(net, line(), {
      loss: mseLoss,
      optimizer,
      epochs: 12,
      shuffle: false,
      callbacks: [note, training.earlyStopping({ monitor: 'loss', patience: 4, ...stopping })],
      ...options,
    });
    const best = history.loss.indexOf(Math.min(...history.loss));
    return { net, history, best, before };
  };
  const makes: [string, (p: Tensor[]) => optim.Optimizer][] = [
    ['SGD', (p) => new optim.SGD(p, { lr: 1.2 })],
    ['Adam', (p) => new optim.Adam(p, { lr: 0.9 })],
    ['LBFGS', (p) => new optim.LBFGS(p, { lr: 1.5, maxIter: 2 })],
  ];

  test.each(makes)('%s, in one batch: the loss is the best loss', (_, make) => {
    const { net, history, best } = train(make, { batchSize: 32 });
    const { x, y } = line();
    net.train();
    expect(mseLoss(net(x), y).item()).toBe(history.loss[best]!);
  });

  test.each([...makes, ['gathered', makes[0]![1]] as const])(
    '%s, in batches: those of the last one, before its step',
    (name, make) => {
      const { net, best, before } = train(make, { batchSize: 8, ...(name === 'gathered' && { accumulate: 2 }) });
      expect(sameState(before[4 * best + 3]!, net.stateDict())).toBe(true);
    },
  );

  test('also for a training metric; a validation metric has the weights after the epoch', () => {
    const metrics = { mae: training.metrics.mae() };
    const own = train(makes[0]![1], { batchSize: 8, metrics }, { monitor: 'mae', patience: 20 });
    const maes = own.history.mae as number[];
    expect(sameState(own.before[4 * maes.indexOf(Math.min(...maes)) + 3]!, own.net.stateDict())).toBe(true);
    const { net, history } = train(
      makes[0]![1],
      { batchSize: 8, validation: line(9) },
      { monitor: 'valLoss', patience: 20 },
    );
    expect(training.evaluate(net, line(9), { loss: mseLoss, metrics: {} }).loss).toBe(Math.min(...history.valLoss!));
  });

  test('resumed in the middle of an epoch or after its last batch, as if uninterrupted', () => {
    const run = (failAt: string, resume: boolean) => {
      const { net, optimizer } = made(0.3);
      const failIf = (place: string) => {
        if (place === failAt) throw new Error('killed');
      };
      training.fit(net, line(), {
        loss: mseLoss,
        optimizer,
        epochs: 6,
        batchSize: 8,
        shuffle: false,
        checkpoint: { file: join(folder, 'measured.safetensors'), batches: 1 },
        resume,
        callbacks: [
          {
            name: 'fail',
            onTrainBatchBegin: (batch, { epoch }) => failIf(`batch ${batch} of ${epoch}`),
            onEpochEnd: (epoch) => failIf(`end of ${epoch}`),
          },
          training.earlyStopping({ monitor: 'loss', patience: 9 }),
        ],
      });
      return state(net);
    };
    const whole = run('', false);
    for (const place of ['batch 2 of 0', 'end of 0', 'batch 0 of 1', 'end of 3', 'end of 5']) {
      expect(() => run(place, false)).toThrow('killed');
      expect(sameState(run('', true), whole)).toBe(true);
    }
  });
});

describe('stopOnNaN', () => {
  test('names the parameter, and keeps the values before', () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { net, optimizer } = made(0.05);
    const callbacks = [
      {
        name: 'spoil',
        onBeforeOptimizerStep: (run: training.Run) =>
          void (run.steps === 5 && net.parameters()[4]!.grad!.fill_(Number.NaN)),
      },
    ];
    const { history, stopped } = training.fit(net, line(), {
      loss: mseLoss,
      optimizer,
      epochs: 3,
      batchSize: 8,
      callbacks,
    });
    expect(history.loss).toHaveLength(1);
    expect(stopped).toBe(
      'the loss is NaN in epoch 1, batch 2: the parameter 3.weight has NaN in 4 of 4 elements since the step before, the others are ' +
        'finite; a smaller learning rate or clip: { norm: 1 } may help',
    );
    expect(said).toHaveBeenCalledWith(`fit: stopped, ${stopped}`);
    const on = training.fit(net, line(), { loss: mseLoss, optimizer, epochs: 2, stopOnNaN: false });
    expect(on.history.loss).toEqual([Number.NaN, Number.NaN]);
  });

  test('checks the data and the loss first', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { x, y } = line(4);
    const { net, optimizer } = made();
    const before = state(net);
    const train = (data: training.Rows, loss: training.Loss) =>
      training.fit(net, data, { loss, optimizer, epochs: 1 }).stopped;
    expect(train({ x, y: y.clone().fill_(Number.NaN) }, mseLoss)).toContain(
      'y of the batch has NaN in 4 of 4 elements',
    );
    expect(train({ x, y }, (output) => output.sum().mul(0).log())).toContain(
      'it is the loss itself, such as a logarithm of 0',
    );
    const wide = new nn.Linear(x.shape[1]!, 1);
    const optimizerOfWide = new optim.SGD(wide.parameters(), { lr: 0.1 });
    const large = training.fit(wide, { x: x.mul(1e30), y }, { loss: mseLoss, optimizer: optimizerOfWide, epochs: 1 });
    expect(large.stopped).toMatch(
      /the output of the net reaches \d\.\de\+\d+, whose square is infinite; a smaller learning rate/,
    );
    expect(
      net
        .parameters()
        .every((p, i) => p.equal(before[Object.keys(net.stateDict()).filter((k) => /weight|bias/.test(k))[i]!]!)),
    ).toBe(true);
  });
});

describe('reduceOnPlateau', () => {
  const train = (values: readonly number[], options: object) => {
    const { net, optimizer } = made(0.4);
    const rates: number[] = [];
    training.fit(net, line(), {
      loss: mseLoss,
      optimizer,
      epochs: values.length,
      validationSplit: 0.25,
      callbacks: [
        numbers(values),
        training.reduceOnPlateau({ monitor: 'valLoss', factor: 0.5, ...options }),
        () => void rates.push(optimizer.paramGroups[0]!.lr),
      ],
    });
    return rates;
  };

  test('reduces in the epoch after patience, as Keras does; data/programs.py has two trainings', () => {
    expect(train([5, 5, 5, 5], { patience: 1 })).toEqual([0.4, 0.2, 0.1, 0.05]);
    expect(train([5, 5, 5, 5], { patience: 0 })).toEqual([0.4, 0.2, 0.1, 0.05]);
    expect(train([5, 4, 4, 4, 4, 4], { patience: 2 })).toEqual([0.4, 0.4, 0.4, 0.2, 0.2, 0.1]);
    expect(train([5, 4.5, 4.2, 3.9, 3.5], { patience: 1, minDelta: 0.4 })).toEqual([0.4, 0.4, 0.2, 0.2, 0.1]);
    expect(train([1, 1, 1, 1, 1, 1], { patience: 1, cooldown: 2 })).toEqual([0.4, 0.2, 0.2, 0.1, 0.1, 0.05]);
    expect(train([1, 1, 1, 1], { patience: 1, minLr: 0.15 })).toEqual([0.4, 0.2, 0.15, 0.15]);
    expect(train([1, 2, 2, 3], { patience: 1, mode: 'max' })).toEqual([0.4, 0.4, 0.2, 0.2]);
  });

  test('rejects missing metrics', () => {
    expect(() => training.reduceOnPlateau({ monitor: 'loss', patienc: 1 } as never)).toThrow('did you mean patience');
    expect(() => training.reduceOnPlateau({ monitor: 'loss', factor: 1 })).toThrow(
      'factor is 1; it must be from 0 to below 1',
    );
    expect(() => training.reduceOnPlateau({ monitor: 'loss', minDelta: -1 })).toThrow(
      'minDelta is -1; it must be 0 or more',
    );
    expect(() => training.reduceOnPlateau({ monitor: 'loss', cooldown: 0.5 })).toThrow(ValueError);
  });
});

describe('weightAveraging', () => {
  const train = (options: training.WeightAveragingOptions, epochs = 4) => {
    const { net, optimizer } = made();
    const seen: Tensor[] = [];
    const averaging = training.weightAveraging(options);
    const note = {
      name: 'note',
      onTrainBatchEnd: () => void seen.push(nn.utils.parametersToVector(net.parameters()).detach().clone()),
    };
    training.fit(net, line(), { loss: mseLoss, optimizer, epochs, batchSize: 16, callbacks: [note, averaging] });
    return { net, seen, averaging, end: nn.utils.parametersToVector(net.parameters()).detach() };
  };

  test('sets the net to the mean of its epochs at the end', () => {
    const { seen, end, averaging } = train({ startFromEpoch: 1 });
    const mean = [3, 5, 7]
      .map((i) => seen[i]!)
      .reduce((a, b) => a.add(b))
      .div(3);
    expect(end.sub(mean).abs().max().item()).toBeLessThan(1e-6);
    expect(averaging.averaged!.nAveraged.item()).toBe(3);
  });

  test('or to an exponential mean of its steps', () => {
    const { seen, end } = train({ decay: 0.8, every: 'step' });
    const mean = seen.reduce((a, b) => a.mul(0.8).add(b.mul(0.2)));
    expect(end.sub(mean).abs().max().item()).toBeLessThan(1e-6);
    const kept = train({ decay: 0.8, every: 'step', swap: false });
    expect(kept.end.equal(kept.seen.at(-1)!)).toBe(true);
  });

  test('recomputes batch statistics', () => {
    const { x, y } = line();
    const { net } = train({ updateBn: { x, y } });
    const inputs = net.at(0)(x).detach();
    expect(net.at(1).runningMean!.sub(inputs.mean(0)).abs().max().item()).toBeLessThan(1e-6);
  });
});

test('csv has a line for each epoch, complete after each', () => {
  const { net, optimizer } = made();
  const file = join(folder, 'deep', 'run.csv');
  const lines: number[] = [];
  const metrics = { 'a,b': () => 0.5 };
  const callbacks = [training.csv(file), () => void lines.push(readFileSync(file, 'utf8').split('\n').length)];
  const { history } = training.fit(net, line(), { loss: mseLoss, optimizer, epochs: 2, metrics, callbacks });
  expect(lines).toEqual([3, 4]);
  expect(readFileSync(file, 'utf8')).toBe(`epoch,loss,"a,b"\n0,${history.loss[0]},0.5\n1,${history.loss[1]},0.5\n`);
});

test('checkpoints keeps the best and the last, and does not touch other files', () => {
  const run = join(folder, 'run');
  const train = (keep: number | undefined, values: number[], more: object = {}) => {
    rmSync(run, { recursive: true, force: true });
    mkdirSync(run);
    writeFileSync(join(run, 'epoch-0099.safetensors'), '');
    const { net, optimizer } = made();
    const options = { ...(keep && { keep }), ...more };
    training.fit(net, line(), {
      loss: mseLoss,
      optimizer,
      epochs: values.length,
      validationSplit: 0.25,
      callbacks: [numbers(values), training.checkpoints(run, options)],
    });
    return readdirSync(run).map((name) => Number(/\d+/.exec(name)![0]));
  };
  expect(train(undefined, [3, 2, 1])).toEqual([0, 1, 2, 99]);
  expect(train(2, [3, 2, 1, 2])).toEqual([2, 3, 99]);
  expect(train(2, [3, 1, 2, 5, 6], { monitor: 'valLoss' })).toEqual([1, 2, 4, 99]);
  expect(train(1, [3, 1, 2, 5, 6], { every: 2 })).toEqual([3, 99]);
  expect(() => training.checkpoints('')).toThrow(ValueError);
});
