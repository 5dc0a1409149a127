// Model beside Keras 3: histories, weights and answers that data/histories.py has written.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { io, manualSeed, nn, noGrad, optim, randn, type Tensor, tensor, training } from '../../src';
import { FormatError, ValueError } from '../../src/errors';

const { Model } = training;
const keras = JSON.parse(readFileSync(new URL('data/histories.json', import.meta.url), 'utf8'));
const float64 = (values: unknown) => tensor(values as number[], { dtype: 'float64' });

/** Puts Keras' weights, in its order and with its axes, into the layers, or says how far off those are. */
function weights(net: nn.AnyModule, all: unknown[], visit: (own: Tensor, theirs: Tensor) => void): void {
  const left = all.map(float64);
  for (const layer of net.modules()) {
    if (layer instanceof nn.Linear) {
      visit(layer.weight, left.shift()!.t());
      visit(layer.bias!, left.shift()!);
    } else if (layer instanceof nn.Conv2d) {
      visit(layer.weight, left.shift()!.permute(3, 2, 0, 1));
      visit(layer.bias!, left.shift()!);
    } else if (layer instanceof nn.BatchNorm2d)
      for (const own of [layer.weight!, layer.bias!, layer.runningMean!, layer.runningVar!]) visit(own, left.shift()!);
  }
  expect(left).toEqual([]);
}

const begin = (net: nn.AnyModule, first: unknown[]) =>
  weights(net, first, (own, theirs) => {
    noGrad(() => own.detach().copy_(theirs));
  });

const nets: Record<string, () => training.Net> = {
  classifier: () => new nn.Sequential(new nn.Linear(5, 8), new nn.Tanh(), new nn.Linear(8, 3), new nn.Softmax(1)),
  regression: () => new nn.Sequential(new nn.Linear(4, 6), new nn.ReLU(), new nn.Linear(6, 1)),
  convolution: () =>
    new nn.Sequential(
      new nn.Conv2d(1, 4, 3),
      new nn.BatchNorm2d(4),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new nn.Linear(16, 1),
      new nn.Sigmoid(),
    ),
};

const settings: Record<string, { compile: (p: Tensor[]) => object; fit: (model: training.Model) => object }> = {
  classifier: {
    compile: (p) => ({
      optimizer: new training.KerasAdam(p, { lr: 0.01 }),
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
    }),
    fit: () => ({ epochs: 6, batchSize: 8, validationSplit: 0.25, classWeight: { 0: 1, 1: 3, 2: 0.5 } }),
  },
  regression: {
    compile: (p) => ({
      optimizer: new training.KerasSGD(p, { lr: 0.02, momentum: 0.9, nesterov: true }),
      loss: 'mse',
      metrics: ['mae'],
    }),
    fit: (model) => ({
      epochs: 40,
      batchSize: 16,
      validationSplit: 0.2,
      sampleWeight: float64(keras.regression.weights),
      callbacks: [
        {
          name: 'rate',
          onEpochBegin: (epoch: number) => {
            model.optimizer.paramGroups[0]!.lr = 0.02 * 0.8 ** epoch;
          },
        },
        training.earlyStopping({ monitor: 'valLoss', patience: 2, minDelta: 0.002, startFromEpoch: 1 }),
      ],
    }),
  },
  convolution: {
    compile: (p) => ({
      optimizer: new training.KerasRMSprop(p, { lr: 0.01, momentum: 0.5 }),
      loss: 'binaryCrossentropy',
      metrics: ['accuracy'],
    }),
    fit: () => ({ epochs: 5, batchSize: 10, validationSplit: 0.3 }),
  },
};

describe.each(Object.keys(nets))('as Keras: the %s', (name) => {
  test('has its history, its weights and its answers', () => {
    const { x, y, first, last, history, evaluated, predicted } = keras[name];
    const net = nets[name]!().double();
    const model = new Model(net, { conventions: 'keras' });
    begin(net, first);
    const { compile, fit: train } = settings[name]!;
    model.compile(compile(net.parameters()) as never);
    const inputs = float64(x);
    const targets = name === 'classifier' ? tensor(y as number[]) : float64(y);
    const fitted = model.fit(inputs, targets, { shuffle: false, ...train(model) } as never);
    const found = fitted.history as unknown as Record<string, number[]>;
    const ours = (key: string) => (key.startsWith('val_') ? `val${key[4]!.toUpperCase()}${key.slice(5)}` : key);
    let largest = 0;
    expect(Object.keys(found).sort()).toEqual(Object.keys(history).map(ours).sort());
    for (const [key, values] of Object.entries(history as Record<string, number[]>)) {
      expect(found[ours(key)]).toHaveLength(values.length);
      // Keras keeps its means in float32.
      for (const [i, value] of values.entries()) {
        const by = Math.abs(found[ours(key)]![i]! - value) / Math.max(1, value);
        largest = Math.max(largest, by);
        expect(by).toBeLessThan(2e-6);
      }
    }
    if (process.env.GRADLAB_FIGURES) console.log(`${name}: history off by at most ${largest} from that of Keras`);
    let off = 0;
    weights(net, last, (own, theirs) => {
      off = Math.max(off, own.sub(theirs).abs().max().item());
    });
    // Its learning rates, too.
    expect(off).toBeLessThan(1e-5);
    const answers = Object.values(model.evaluate(inputs, targets));
    for (const [i, value] of (evaluated as number[]).entries()) expect(answers[i]).toBeCloseTo(value, 5);
    expect(
      model
        .predict(inputs.narrow(0, 0, 3))
        .sub(float64(predicted))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-5);
  });
});

/** Rows on a plane, and a small model for them. */
function plane(conventions: training.Conventions = 'pytorch') {
  manualSeed(5);
  const x = randn([40, 2]);
  const net = new nn.Sequential(new nn.Linear(2, 5), new nn.Tanh(), new nn.Linear(5, 1));
  return { x, y: x.sum(1, { keepdim: true }), net, model: new Model(net, { conventions }) };
}

test('fit is training.fit', () => {
  const a = plane();
  a.model.compile({ optimizer: 'adam', loss: 'mse', metrics: { r2: training.metrics.r2() } });
  manualSeed(1);
  const one = a.model.fit(a.x, a.y, { epochs: 3, validationSplit: 0.25 });
  const b = plane();
  manualSeed(1);
  const two = training.fit(b.net, b, {
    loss: nn.functional.mseLoss,
    optimizer: new optim.Adam(b.net.parameters()),
    epochs: 3,
    validationSplit: 0.25,
    metrics: { r2: training.metrics.r2() },
  });
  expect(one.history).toEqual(two.history);
});

test('trainStep can be replaced, and the loop still steps', () => {
  class Penalized extends Model {
    calls = 0;
    override trainStep(batch: training.Batch) {
      this.calls++;
      const { output, loss } = super.trainStep(batch);
      const size = this.net.parameters().reduce((sum, p) => sum.add(p.pow(2).sum()), tensor(0));
      return { output, loss: loss.add(size.mul(10)) };
    }
  }
  const { x, y, net } = plane();
  const model = new Penalized(net);
  model.compile({ optimizer: new optim.SGD(net.parameters(), { lr: 0.01 }), loss: 'mse' });
  const before = nn.utils.parametersToVector(net.parameters()).norm().item();
  const { history } = model.fit(x, y, { epochs: 5, validationData: { x, y } });
  expect(model.calls).toBe(10);
  expect(nn.utils.parametersToVector(net.parameters()).norm().item()).toBeLessThan(before / 2);
  // The penalty is no part of the validation.
  expect(history.valLoss![0]).toBeLessThan(history.loss[0]!);
});

test('save and load keep weights and moments', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gradlab-model-'));
  try {
    const file = join(folder, 'model.safetensors');
    const { x, y, model } = plane();
    model.compile({ optimizer: 'adam', loss: 'mse' });
    model.fit(x, y, { epochs: 2 });
    await model.save(file);
    manualSeed(2);
    const on = model.fit(x, y, { epochs: 2 }).history;
    const other = plane().model;
    other.compile({ optimizer: 'adam', loss: 'mse' });
    expect(await other.load(file)).toBe(other);
    manualSeed(2);
    expect(other.fit(x, y, { epochs: 2 }).history).toEqual(on);
    await other.save(file);
    await expect(new Model(new nn.Linear(2, 1)).load(file)).rejects.toThrow(ValueError);
    await expect(other.load(join(folder, 'nothing'))).rejects.toThrow('there is no file');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what is not loaded changes nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gradlab-model-'));
  try {
    const file = join(folder, 'model.safetensors');
    const { x, y, model } = plane();
    model.compile({ optimizer: 'adam', loss: 'mse' });
    model.fit(x, y, { epochs: 1 });
    await model.save(file);
    const { net, model: other } = plane();
    other.compile({ optimizer: 'sgd', loss: 'mse' });
    const before = nn.utils.parametersToVector(net.parameters()).tolist();
    await expect(other.load(file)).rejects.toThrow(ValueError);
    expect(nn.utils.parametersToVector(net.parameters()).tolist()).toEqual(before);
    await io.save(file, null as never);
    await expect(other.load(file)).rejects.toThrow(FormatError);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what the model has already is no option of its fit', () => {
  const { x, y, model } = plane();
  model.compile({ optimizer: 'sgd', loss: 'mse' });
  for (const [option, advice] of Object.entries({
    loss: 'the model has its own loss; compile it with another',
    optimizer: 'the model has its own optimizer; compile it with another',
    metrics: 'the model has its own metrics; compile it with others',
    validation: 'the model has its own validation; give validationData',
    trainStep: 'the model has its own trainStep; override the method',
    weightedBy: 'the model has its own weightedBy; choose conventions',
  }))
    expect(() => model.fit(x, y, { [option]: 1 } as object)).toThrow(`fit: ${advice}`);
  expect(() => model.fit(x, y, null as never)).toThrow('options must be an object such as { epochs: 10 }, got null');
});

test('begins as Keras’ layers do, and says what differs', () => {
  const { net, model } = plane('keras');
  const { weight, bias } = (net as unknown as { at(i: number): nn.Linear }).at(0);
  expect(weight.abs().max().item()).toBeLessThanOrEqual(Math.sqrt(6 / 7));
  expect(bias!.abs().max().item()).toBe(0);
  const texts = [model, plane().model].map((one) => String(one.conventions().mimeBundle()['text/plain']));
  expect(texts[0]).toContain('here: as in Keras');
  expect(texts[1]).toContain('here: as in PyTorch');
  expect(model.conventions().markdown()).toContain('| batch normalization |');
  expect(model.summary([1, 2]).parameters).toBe(21);
});

test('says what is missing', () => {
  const { x, y, model } = plane();
  expect(() => model.fit(x, y)).toThrow("compile the model first: model.compile({ optimizer: 'adam', loss: 'mse' })");
  expect(() => model.compile({ optimizer: 'adm' as never, loss: 'mse' })).toThrow(
    'there is no optimizer adm; give one of sgd, adam',
  );
  expect(() => model.compile({ optimizer: 'adam', loss: 'msse' as never })).toThrow('there is no loss msse');
  expect(() => model.compile({ optimizer: 'adam', loss: 'mse', metrics: ['acc' as never] })).toThrow(
    'there is no metric acc',
  );
  expect(() => new Model(3 as never)).toThrow('expected a net');
  expect(() => new Model(new nn.Linear(1, 1), { conventions: 'jax' as never })).toThrow("use 'keras' or 'pytorch'");
});
