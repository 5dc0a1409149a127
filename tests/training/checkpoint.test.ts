// Checkpoints within one process; tests/training/resume.test.ts kills processes.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { data, Generator, io, manualSeed, nn, optim, randn, type Tensor, tensor, training } from '../../src';
import { FormatError, GradlabError, ValueError } from '../../src/errors';

const { crossEntropy } = nn.functional;

let folder: string;
let files = 0;
const newFile = () => join(folder, `run-${++files}.safetensors`);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradlab-checkpoint-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const x = randn([30, 3], { generator: new Generator().manualSeed(3) });
const y = tensor(Int32Array.from({ length: 30 }, (_, i) => i % 2));

function made(seed = 1) {
  manualSeed(seed);
  const net = new nn.Sequential(new nn.Linear(3, 8), new nn.BatchNorm1d(8), new nn.Dropout(0.4), new nn.Linear(8, 2));
  return { net, optimizer: new optim.Adam(net.parameters(), { lr: 0.02 }) };
}

/** Trains, and stops at the n-th loss. */
function trained(
  options: Partial<training.FitOptions>,
  { stopAt = 0, seed = 1, rows = { x, y } as training.TrainingData } = {},
) {
  const { net, optimizer } = made(seed);
  let losses = 0;
  const loss = (output: Tensor, target: Tensor, ...more: never[]) => {
    if (++losses === stopAt) throw new Error('stop');
    return crossEntropy(output, target, ...more);
  };
  const history: training.History = { loss: [] };
  const all = { loss, optimizer, epochs: 4, ...('x' in rows && { batchSize: 8 }), history, ...options };
  let fitted: training.Fitted | undefined;
  try {
    fitted = training.fit(net, rows, all as training.FitOptions);
  } catch (error) {
    if ((error as Error).message !== 'stop') throw error;
  }
  return { net, optimizer, history, fitted, losses, weights: nn.utils.parametersToVector(net.parameters()).detach() };
}

describe('resume', () => {
  test.each([1, 2, 5, 8, 9, 14, 16])('continues after a stop at loss %i as if uninterrupted', (stopAt) => {
    const whole = trained({});
    const checkpoint = { file: newFile(), batches: 1 };
    trained({ checkpoint }, { stopAt });
    // Whatever was drawn in the meantime, and whatever the initial net is.
    const rest = trained({ checkpoint, resume: true }, { seed: 77 });
    expect(rest.losses).toBe(16 - (stopAt - 1));
    expect(rest.history).toEqual(whole.history);
    expect(rest.weights.equal(whole.weights)).toBe(true);
    expect(rest.net.at(1).runningVar!.equal(whole.net.at(1).runningVar!)).toBe(true);
  });

  test('checkpointing does not change a training', () => {
    expect(trained({ checkpoint: { file: newFile(), batches: 2 } }).weights.equal(trained({}).weights)).toBe(true);
  });

  test('a finished training is not repeated, and continues with more epochs', () => {
    const checkpoint = newFile();
    const first = trained({ checkpoint });
    const again = trained({ checkpoint, resume: true }, { seed: 5 });
    expect([again.losses, again.history, again.weights.equal(first.weights)]).toEqual([0, first.history, true]);
    const more = trained({ checkpoint, resume: true, epochs: 6 }, { seed: 5 });
    expect([more.losses, more.weights.equal(trained({ epochs: 6 }).weights)]).toEqual([8, true]);
  });

  test('a training that a callback has ended stays ended, with the best weights', () => {
    const checkpoint = newFile();
    const options = () => ({
      checkpoint,
      validation: { x, y },
      callbacks: [training.earlyStopping({ monitor: 'loss', mode: 'max' })] as never,
    });
    const first = trained(options());
    expect(first.fitted!.stopped).toContain('loss did not improve');
    const again = trained({ ...options(), resume: true }, { seed: 5 });
    expect([again.losses, again.fitted!.stopped]).toEqual([0, first.fitted!.stopped]);
    expect(again.weights.equal(first.weights)).toBe(true);
    expect(again.net.at(1).runningVar!.equal(first.net.at(1).runningVar!)).toBe(true);
  });

  test('from any file of checkpoints', () => {
    const run = join(folder, 'all');
    const callbacks = () => [training.checkpoints(run)];
    const first = trained({ callbacks: callbacks() });
    expect(readdirSync(run)).toHaveLength(4);
    const rest = trained({ callbacks: callbacks(), resume: join(run, 'epoch-0001.safetensors') }, { seed: 5 });
    expect([rest.losses, rest.history, rest.weights.equal(first.weights)]).toEqual([8, first.history, true]);
  });

  test('keeps the state of the loss, unassigned and frozen parameters, modes and hidden buffers', () => {
    class Scaled extends nn.Module {
      scale = new nn.Parameter(tensor(1));
      seen = new nn.Buffer(tensor(0), { persistent: false });
      override forward(input: Tensor) {
        this.seen.add_(1);
        return input.mul(this.scale);
      }
    }
    const checkpoint = { file: newFile(), batches: 1 };
    const run = (stopAt: number, more: object) => {
      manualSeed(2);
      const net = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new Scaled(), new nn.Linear(4, 2));
      const extra = tensor(0.5, { requiresGrad: true });
      const ce = new nn.CrossEntropyLoss();
      class Own extends nn.Module<[Tensor, Tensor]> {
        slope = new nn.Parameter(tensor(2));
        calls = 0;
        override forward(output: Tensor, target: Tensor) {
          if (++this.calls === stopAt) throw new Error('stop');
          return ce(output.mul(this.slope).add(extra), target);
        }
      }
      const loss = new Own();
      const optimizer = new optim.SGD([...net.parameters(), loss.slope, extra], { lr: 0.1, momentum: 0.9 });
      const freeze: training.Callback = {
        name: 'freeze',
        onEpochBegin: (epoch) => {
          net.at(0).requiresGrad_(epoch !== 1);
        },
        onTrainBatchBegin: (batch) => void (batch === 0 && net.at(1).eval()),
      };
      try {
        training.fit(
          net,
          { x, y },
          { loss: loss as never, optimizer, epochs: 3, batchSize: 8, callbacks: [freeze], ...more },
        );
      } catch (error) {
        if ((error as Error).message !== 'stop') throw error;
      }
      return [...net.parameters(), loss.slope, extra, net.at(1).runningMean!, net.at(2).seen].map((t) => t.tolist());
    };
    const whole = run(0, {});
    run(7, { checkpoint });
    expect(run(0, { checkpoint, resume: true })).toEqual(whole);
  });

  test.each(Object.keys(optim.lrScheduler))('with %s', (name) => {
    type Made = (optimizer: optim.Optimizer) => never;
    const s = optim.lrScheduler;
    const makers: Record<string, (optimizer: optim.Optimizer) => unknown> = {
      ChainedScheduler: (o) => new s.ChainedScheduler([new s.ExponentialLR(o, 0.9), new s.LinearLR(o)]),
      ConstantLR: (o) => new s.ConstantLR(o),
      CosineAnnealingLR: (o) => new s.CosineAnnealingLR(o, 5),
      CosineAnnealingWarmRestarts: (o) => new s.CosineAnnealingWarmRestarts(o, 3),
      CyclicLR: (o) => new s.CyclicLR(o, 0.001, 0.1, { stepSizeUp: 3 }),
      ExponentialLR: (o) => new s.ExponentialLR(o, 0.9),
      LambdaLR: (o) => new s.LambdaLR(o, (epoch) => 1 / (1 + epoch)),
      LinearLR: (o) => new s.LinearLR(o),
      MultiStepLR: (o) => new s.MultiStepLR(o, [2, 7]),
      MultiplicativeLR: (o) => new s.MultiplicativeLR(o, () => 0.9),
      OneCycleLR: (o) => new s.OneCycleLR(o, 0.1, { totalSteps: 20 }),
      PolynomialLR: (o) => new s.PolynomialLR(o),
      ReduceLROnPlateau: (o) => new s.ReduceLROnPlateau(o, { patience: 0 }),
      SequentialLR: (o) => new s.SequentialLR(o, [new s.LinearLR(o), new s.ExponentialLR(o, 0.9)], [3]),
      StepLR: (o) => new s.StepLR(o, 3),
      SWALR: (o) => new optim.swaUtils.SWALR(o, 0.01),
    };
    const make = makers[name];
    if (make === undefined) {
      // Base classes make no schedule.
      expect(name).toBe('LRScheduler');
      return;
    }
    for (const maker of name === 'StepLR' ? [make, makers.SWALR!] : [make]) {
      const run = (stopAt: number, more: object) => {
        manualSeed(1);
        const net = new nn.Linear(3, 2);
        const optimizer = new optim.SGD(net.parameters(), { lr: 0.05, momentum: 0.9 });
        const rates: number[] = [];
        let losses = 0;
        const loss = (output: Tensor, target: Tensor) => {
          if (++losses === stopAt) throw new Error('stop');
          rates.push(optimizer.paramGroups[0]!.lr);
          return crossEntropy(output, target);
        };
        const scheduler = (maker as Made)(optimizer);
        try {
          const all = { loss, optimizer, scheduler, interval: 'batch' as const, epochs: 3, batchSize: 8, ...more };
          training.fit(net, { x, y }, all);
        } catch (error) {
          if ((error as Error).message !== 'stop') throw error;
        }
        return { rates, weights: nn.utils.parametersToVector(net.parameters()).tolist() };
      };
      const whole = run(0, {});
      const checkpoint = { file: newFile(), batches: 1 };
      run(7, { checkpoint });
      const rest = run(0, { checkpoint, resume: true });
      expect(rest.weights).toEqual(whole.weights);
      expect(rest.rates).toEqual(whole.rates.slice(6));
    }
  });

  test('explains mismatched states, and then changes nothing', () => {
    const checkpoint = { file: newFile(), batches: 1 };
    trained({ checkpoint }, { stopAt: 7 });
    const before = made(9);
    const state = JSON.stringify([before.net, before.optimizer]);
    const resume =
      (more: object, rows: training.TrainingData = { x, y }, net: training.Net = before.net) =>
      () =>
        training.fit(net, rows, {
          loss: crossEntropy,
          optimizer: before.optimizer,
          epochs: 4,
          ...('x' in rows && { batchSize: 8 }),
          checkpoint,
          resume: true,
          ...more,
        });
    expect(resume({ batchSize: 7 })).toThrow('2 batches of other rows than the data give now');
    expect(resume({}, { x: x.narrow(0, 0, 20), y: y.narrow(0, 0, 20) })).toThrow('of other rows');
    expect(resume({}, { x, y }, new nn.Linear(3, 2))).toThrow(
      'is of another training, and nothing was changed: it has 5 modules, this one 1',
    );
    expect(resume({ scheduler: new optim.lrScheduler.StepLR(before.optimizer, 2) })).toThrow('it has no scheduler');
    expect(resume({ generator: new Generator() })).toThrow('the checkpoint has 1 random generators, this training 2');
    expect(resume({ resume: join(folder, 'nowhere') })).toThrow('there is no file');
    expect(resume({ resume: true, checkpoint: undefined })).toThrow("give checkpoint: 'run.safetensors'");
    expect(JSON.stringify([before.net, before.optimizer]).replace(/,"initialLr":[\d.]+/, '')).toBe(state);
    expect(resume({ resume: folder })).toThrow(GradlabError);
    expect(resume({ resume: folder })).toThrow(`fit: the checkpoint ${folder} cannot be read: EISDIR`);
    const other = newFile();
    writeFileSync(other, 'no tensors');
    expect(resume({ resume: other })).toThrow(FormatError);
    writeFileSync(other, io.encodeSafetensors({ x }, { metadata: { tree: '{"a":1}' } }));
    expect(resume({ resume: other })).toThrow('is not a checkpoint of a training');
    expect(resume({ checkpoint: { file: '' } })).toThrow(ValueError);
    expect(resume({ checkpoint: { file: 'a', batche: 1 } })).toThrow('did you mean batches');
  });

  test('a callback that was removed, or added', () => {
    const checkpoint = { file: newFile(), batches: 1 };
    const callbacks = [training.earlyStopping({ monitor: 'loss', patience: 9 })];
    trained({ checkpoint, callbacks }, { stopAt: 7 });
    expect(() => trained({ checkpoint, resume: true })).toThrow(
      'it has the callback earlyStopping, which is to be given again',
    );
    const more = [...callbacks, training.reduceOnPlateau({ monitor: 'loss' })];
    expect(trained({ checkpoint, resume: true, callbacks: more }).history.loss).toHaveLength(4);
  });
});

test('a checkpoint that cannot be written throws and keeps the previous one', () => {
  const file = newFile();
  trained({ checkpoint: file, epochs: 1 });
  const before = readFileSync(file);
  expect(() => trained({ checkpoint: join(file, 'below.safetensors') })).toThrow('what was there before is unchanged');
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('a NaN loss keeps the previous checkpoint', () => {
  const file = newFile();
  let losses = 0;
  const loss = (output: Tensor, target: Tensor) => crossEntropy(output, target).mul(++losses === 6 ? Number.NaN : 1);
  const { fitted } = trained({ checkpoint: file, loss });
  expect(fitted!.stopped).toContain('the loss is NaN in epoch 1, batch 1');
  expect(existsSync(file)).toBe(true);
  const rest = trained({ checkpoint: file, resume: true });
  expect(rest.losses).toBe(12);
  expect(rest.weights.equal(trained({}).weights)).toBe(true);
});

describe('DataLoader', () => {
  test('skips what was done, with the order of a whole pass, and loads nothing for it', () => {
    const fetched: number[] = [];
    const items = { length: 10, at: (i: number) => fetched[fetched.push(i) - 1] };
    const loader = (generator: Generator) =>
      new data.DataLoader(items as never as number[], { batchSize: 3, shuffle: true, generator });
    const whole = [...loader(new Generator().manualSeed(4))].map((batch) => batch.tolist());
    fetched.length = 0;
    const heard: number[] = [];
    const pass = loader(new Generator().manualSeed(4)).passFrom(2, (indices) => heard.push(...indices), false);
    expect(fetched).toEqual([]);
    expect(heard).toEqual(whole.slice(0, 2).flat());
    expect((pass as Iterator<Tensor>).next().value.tolist()).toEqual(whole[2]);
    expect(heard).toEqual(whole.slice(0, 3).flat());
  });
});
