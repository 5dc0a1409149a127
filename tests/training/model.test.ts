// Model compared with Keras 3: histories, weights and predictions, written by data/histories.py.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eye, io, manualSeed, nn, noGrad, optim, randn, type Tensor, tensor, training } from '../../src';
import { FormatError, ValueError } from '../../src/errors';

const { Model } = training;
const keras = JSON.parse(readFileSync(new URL('data/histories.json', import.meta.url), 'utf8'));
const float64 = (values: unknown) => tensor(values as number[], { dtype: 'float64' });

/** Copies Keras' weights, in its order and with its axes, to the layers, or returns their distance. */
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

describe.each(Object.keys(nets))('like Keras: the %s', (name) => {
  test('has its history, its weights and its predictions', () => {
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
      // Keras stores its means in float32.
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
  // The penalty is not part of the validation loss.
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

test('an incomplete load changes nothing', async () => {
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

test('rejects options of fit that the model already has', () => {
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
  expect(() => model.fit(x, y, null as never)).toThrow(
    'options are given as an object such as { epochs: … }, got null',
  );
});

test('initialises like Keras’ layers, and reports differences', () => {
  const { net, model } = plane('keras');
  const { weight, bias } = (net as unknown as { at(i: number): nn.Linear }).at(0);
  expect(weight.abs().max().item()).toBeLessThanOrEqual(Math.sqrt(6 / 7));
  expect(bias!.abs().max().item()).toBe(0);
  const texts = [model, plane().model].map((one) => String(one.conventions().mimeBundle()['text/plain']));
  const momentum = texts.map(
    (text) => text.split('\n').find((line) => line.includes('momentum') && line.includes('μv'))!,
  );
  expect(momentum[0]).toMatch(/as Keras .*steps keep their rate/);
  expect(momentum[1]).toMatch(/as PyTorch .*steps keep their rate/);
  expect(model.conventions().markdown()).toContain('| batch normalization |');
  expect(model.summary([1, 2]).parameters).toBe(21);
});

test('reports what is missing', () => {
  const { x, y, model } = plane();
  expect(() => model.fit(x, y)).toThrow("compile the model first: model.compile({ optimizer: 'adam', loss: 'mse' })");
  expect(() => model.compile({ optimizer: 'adm' as never, loss: 'mse' })).toThrow(
    'there is no optimizer adm; give one of sgd, adam',
  );
  expect(() => model.compile({ optimizer: 'adam', loss: 'msse' as never })).toThrow('there is no loss msse');
  expect(() => model.compile({ optimizer: 'adam', loss: 'mse', metrics: ['acc' as never] })).toThrow(
    "there is no metric 'acc'",
  );
  expect(() => new Model(3 as never)).toThrow('expected a net');
  expect(() => new Model(new nn.Linear(1, 1), { conventions: 'jax' as never })).toThrow("use 'keras' or 'pytorch'");
});

test('other layers initialise like Keras’', () => {
  manualSeed(8);
  const [words, long, gated, plain] = [new nn.Embedding(50, 8), new nn.LSTM(3, 5), new nn.GRU(3, 5), new nn.RNN(3, 5)];
  const norms = [new nn.LayerNorm(4), new nn.GroupNorm(2, 4), new nn.RMSNorm(4), new nn.LayerNorm(4, { eps: 0.1 })];
  const back = new nn.ConvTranspose2d(2, 3, 2);
  const net = new nn.Sequential(...([words, long, gated, plain, ...norms, back] as unknown as nn.Module[]));
  new Model(net, { conventions: 'keras' });
  const largest = (x: Tensor) => x.abs().max().item();
  expect(largest(words.weight)).toBeLessThanOrEqual(0.05);
  expect(largest(words.weight)).toBeGreaterThan(0.049);
  for (const [layer, gates] of [
    [long, 4],
    [gated, 3],
    [plain, 1],
  ] as const) {
    expect(largest(layer.weightIhL0)).toBeLessThanOrEqual(Math.sqrt(6 / (3 + 5 * gates)));
    const product = layer.weightHhL0.t().matmul(layer.weightHhL0);
    expect(largest(product.sub(eye(5)))).toBeLessThan(1e-5);
    expect(layer.biasHhL0!.tolist()).toEqual(new Array(5 * gates).fill(0));
    expect(layer.biasHhL0!.requiresGrad).toBe(layer === gated);
  }
  expect(long.biasIhL0!.tolist()).toEqual(Array.from({ length: 20 }, (_, i) => (i >= 5 && i < 10 ? 1 : 0)));
  expect(gated.biasIhL0!.tolist()).toEqual(new Array(15).fill(0));
  expect(norms.map(({ eps }) => eps)).toEqual([1e-3, 1e-3, 1e-6, 0.1]);
  expect(largest(back.weight)).toBeLessThanOrEqual(Math.sqrt(6 / (4 * (2 + 3))));
  expect(largest(back.bias!)).toBe(0);
});

test('gradients are clipped as in Keras', () => {
  const bounds: [training.KerasClipOptions, training.Clip][] = [
    [{ clipnorm: 0.3 }, { normEach: 0.3 }],
    [{ globalClipnorm: 0.3 }, { norm: 0.3 }],
    [{ clipvalue: 0.1 }, { value: 0.1 }],
  ];
  const norms = (net: nn.AnyModule, before: Tensor[]) =>
    net.parameters().map((p, i) => p.detach().sub(before[i]!).norm().item());
  const steps = bounds.map(([own, clip]) =>
    [own, {}].map((options, k) => {
      const { x, y, net } = plane();
      const before = net.parameters().map((p) => p.detach().clone());
      const optimizer = new training.KerasSGD(net.parameters(), { lr: 1, ...options });
      training.fit(
        net,
        { x, y: y.mul(10) },
        {
          loss: nn.functional.mseLoss,
          optimizer,
          epochs: 1,
          batchSize: 40,
          ...(k === 1 && { clip }),
        },
      );
      return norms(net, before);
    }),
  );
  for (const [own, clip] of steps) for (const [i, norm] of own!.entries()) expect(norm).toBeCloseTo(clip![i]!, 5);
  // All gradients are larger than their bounds, so a step is as long as these.
  for (const norm of steps[0]![0]!) expect(norm).toBeCloseTo(0.3, 6);
  expect(Math.hypot(...steps[1]![0]!)).toBeCloseTo(0.3, 6);
  expect(() => new training.KerasAdam([tensor([1])], { clipnorm: 1, clipvalue: 1 })).toThrow(
    'clipnorm and clipvalue exclude each other',
  );
  expect(() => new training.KerasSGD([tensor([1])], { clipnorm: 0 })).toThrow('clipnorm is 0; it must be above 0');
  expect(() => new training.KerasAdamW([tensor([1])], { clipNorm: 1 } as object)).toThrow('did you mean clipnorm');
});
