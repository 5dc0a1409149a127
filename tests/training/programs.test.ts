// Twelve programs compared with Keras 3; data/programs.py has written its weights, data and histories.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cat, nn, noGrad, type optim, type Tensor, tensor, training } from '../../src';

const { KerasAdam, KerasAdamW, KerasRMSprop, KerasSGD, earlyStopping, reduceOnPlateau } = training;
const programs = JSON.parse(readFileSync(new URL('data/programs.json', import.meta.url), 'utf8'));
const float64 = (values: unknown) => tensor(values as number[], { dtype: 'float64' });

/** The output of a recurrent layer after the last step. */
class Last extends nn.Module {
  constructor(readonly layer: nn.LSTM | nn.GRU) {
    super();
  }
  forward(x: Tensor): Tensor {
    return (this.layer(x) as unknown as [Tensor, unknown])[0].select(1, -1);
  }
}

/** The mean over the words of a text. */
class MeanWord extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.mean(1);
  }
}

const dense = (...sizes: number[]) =>
  new nn.Sequential(
    ...sizes
      .slice(1)
      .flatMap((n, i) => [new nn.Linear(sizes[i]!, n), ...(i < sizes.length - 2 ? [new nn.Tanh()] : [])]),
  );

/** Copies Keras' weights to the layers, in its order and with its axes. */
function begin(net: nn.AnyModule, first: unknown[]): void {
  const left = first.map(float64);
  const next = () => left.shift()!;
  const set = (own: Tensor | null | undefined, theirs: Tensor) => noGrad(() => void own!.detach().copy_(theirs));
  for (const layer of net.modules()) {
    if (layer instanceof nn.Linear) {
      set(layer.weight, next().t());
      set(layer.bias, next());
    } else if (layer instanceof nn.Conv2d || layer instanceof nn.ConvTranspose2d) {
      set(layer.weight, next().permute(3, 2, 0, 1));
      set(layer.bias, next());
    } else if (layer instanceof nn.BatchNorm2d) {
      for (const own of [layer.weight, layer.bias, layer.runningMean, layer.runningVar]) set(own, next());
    } else if (layer instanceof nn.LayerNorm) {
      set(layer.weight, next());
      set(layer.bias, next());
    } else if (layer instanceof nn.Embedding) set(layer.weight, next());
    else if (layer instanceof nn.LSTM) {
      set(layer.weightIhL0, next().t());
      set(layer.weightHhL0, next().t());
      set(layer.biasIhL0, next());
    } else if (layer instanceof nn.GRU) {
      // Keras has the update gate first, PyTorch the reset gate.
      const turned = (x: Tensor) => {
        const [update, reset, state] = x.chunk(3, 0);
        return [reset!, update!, state!];
      };
      const joined = (x: Tensor) => cat(turned(x));
      set(layer.weightIhL0, joined(next().t()));
      set(layer.weightHhL0, joined(next().t()));
      const [input, recurrent] = next().unbind(0);
      set(layer.biasIhL0, joined(input!));
      set(layer.biasHhL0, joined(recurrent!));
    }
  }
  expect(left).toEqual([]);
}

interface Program {
  net: () => nn.Module;
  compile: (parameters: Tensor[]) => {
    optimizer: optim.Optimizer;
    loss: training.LossName;
    metrics?: 'accuracy' | 'mae';
  };
  options: () => object;
}

const ours: Record<string, Program> = {
  'gradient descent, rows left over': {
    net: () => dense(3, 4, 1),
    compile: (p) => ({ optimizer: new KerasSGD(p, { lr: 0.05 }), loss: 'mse' }),
    options: () => ({ epochs: 6, batchSize: 8 }),
  },
  'a rate too high, reduced at once': {
    net: () => dense(2, 1),
    compile: (p) => ({ optimizer: new KerasSGD(p, { lr: 1.6 }), loss: 'mse' }),
    options: () => ({
      epochs: 9,
      batchSize: 16,
      callbacks: [reduceOnPlateau({ monitor: 'loss', factor: 0.5, patience: 1 })],
    }),
  },
  'reduced with a cooldown and a least rate': {
    net: () => dense(3, 5, 1),
    compile: (p) => ({ optimizer: new KerasSGD(p, { lr: 0.3, momentum: 0.8 }), loss: 'mse', metrics: 'mae' }),
    options: () => ({
      epochs: 24,
      batchSize: 10,
      validationSplit: 0.3,
      callbacks: [
        reduceOnPlateau({ monitor: 'valLoss', factor: 0.3, patience: 2, minDelta: 0.02, cooldown: 2, minLr: 0.01 }),
      ],
    }),
  },
  'Adam with AMSGrad, each gradient clipped': {
    net: () => dense(3, 4, 1),
    compile: (p) => ({ optimizer: new KerasAdam(p, { lr: 0.02, amsgrad: true, clipnorm: 0.5 }), loss: 'mae' }),
    options: () => ({ epochs: 8, batchSize: 10 }),
  },
  'centered RMSprop, all gradients clipped': {
    net: () => dense(3, 4, 1),
    compile: (p) => ({
      optimizer: new KerasRMSprop(p, { lr: 0.02, rho: 0.8, centered: true, globalClipnorm: 0.7 }),
      loss: 'huber',
    }),
    options: () => ({ epochs: 8, batchSize: 10 }),
  },
  'momentum, elements clipped, classes weighted': {
    net: () => new nn.Sequential(dense(4, 6, 3), new nn.Softmax(1)),
    compile: (p) => ({
      optimizer: new KerasSGD(p, { lr: 0.1, momentum: 0.9, clipvalue: 0.02 }),
      loss: 'categoricalCrossentropy',
      metrics: 'accuracy',
    }),
    options: () => ({ epochs: 8, batchSize: 9, classWeight: { 0: 1, 1: 2, 2: 0.5 } }),
  },
  'AdamW and layer normalization': {
    net: () => new nn.Sequential(new nn.Linear(4, 6), new nn.LayerNorm(6), new nn.ReLU(), new nn.Linear(6, 1)),
    compile: (p) => ({ optimizer: new KerasAdamW(p, { lr: 0.01 }), loss: 'mse' }),
    options: () => ({ epochs: 8, batchSize: 8, validationSplit: 0.25 }),
  },
  LSTM: {
    net: () => new nn.Sequential(new Last(new nn.LSTM(2, 4, { batchFirst: true })), new nn.Linear(4, 1)),
    compile: (p) => ({ optimizer: new KerasAdam(p, { lr: 0.02 }), loss: 'mse' }),
    options: () => ({ epochs: 6, batchSize: 8 }),
  },
  GRU: {
    net: () =>
      new nn.Sequential(new Last(new nn.GRU(2, 4, { batchFirst: true })), new nn.Linear(4, 2), new nn.Softmax(1)),
    compile: (p) => ({
      optimizer: new KerasRMSprop(p, { lr: 0.02 }),
      loss: 'sparseCategoricalCrossentropy',
      metrics: 'accuracy',
    }),
    options: () => ({ epochs: 6, batchSize: 8 }),
  },
  'embedded words, the best accuracy comes back': {
    net: () => new nn.Sequential(new nn.Embedding(7, 3), new MeanWord(), new nn.Linear(3, 1), new nn.Sigmoid()),
    compile: (p) => ({ optimizer: new KerasAdam(p, { lr: 0.05 }), loss: 'binaryCrossentropy', metrics: 'accuracy' }),
    options: () => ({
      epochs: 20,
      batchSize: 6,
      validationSplit: 0.2,
      callbacks: [earlyStopping({ monitor: 'valAccuracy', patience: 3 })],
    }),
  },
  'convolutions there and back, rows weighted': {
    net: () =>
      new nn.Sequential(
        new nn.Conv2d(1, 3, 3, { padding: 'same' }),
        new nn.BatchNorm2d(3),
        new nn.ELU(),
        new nn.AvgPool2d(2),
        new nn.ConvTranspose2d(3, 2, 2, { stride: 2 }),
        new nn.LeakyReLU({ negativeSlope: 0.3 }),
        new nn.Flatten(),
        new nn.Linear(32, 1),
        new nn.Sigmoid(),
      ),
    compile: (p) => ({
      optimizer: new KerasSGD(p, { lr: 0.05, momentum: 0.5, nesterov: true }),
      loss: 'binaryCrossentropy',
      metrics: 'accuracy',
    }),
    options: () => ({
      epochs: 6,
      batchSize: 7,
      validationSplit: 0.25,
      sampleWeight: float64(programs['convolutions there and back, rows weighted'].weights),
    }),
  },
  'stopped where nothing improves by enough': {
    net: () => dense(2, 5, 1),
    compile: (p) => ({ optimizer: new KerasAdam(p, { lr: 0.03 }), loss: 'mse', metrics: 'mae' }),
    options: () => ({
      epochs: 40,
      batchSize: 8,
      validationSplit: 0.4,
      callbacks: [earlyStopping({ monitor: 'valMae', minDelta: 0.03, patience: 2, baseline: 3, startFromEpoch: 2 })],
    }),
  },
};

describe('like Keras', () => {
  test('covers all programs', () => {
    expect(Object.keys(ours)).toEqual(Object.keys(programs).filter((name) => name !== 'keras'));
  });

  test.each(Object.keys(ours))('%s', (name) => {
    const { x, y, first, history, rates, predicted, evaluated } = programs[name];
    const { net: make, compile, options } = ours[name]!;
    const net = make().double();
    const model = new training.Model(net, { conventions: 'keras' });
    begin(net, first);
    const { optimizer, loss, metrics } = compile(net.parameters());
    model.compile({ optimizer, loss, metrics: metrics ? [metrics] : [] } as never);
    const inputs = name.startsWith('embedded') ? tensor(x as number[], { dtype: 'int32' }) : float64(x);
    const targets = loss.startsWith('sparse') ? tensor(y as number[], { dtype: 'int32' }) : float64(y);
    const { callbacks = [], ...others } = options() as { callbacks?: training.Callback[] };
    const seen: number[] = [];
    const note = () => void seen.push(optimizer.paramGroups[0]!.lr);
    const fitted = model.fit(inputs, targets, { shuffle: false, callbacks: [...callbacks, note], ...others } as never);
    const found = fitted.history as unknown as Record<string, number[]>;
    const named = (key: string) => (key.startsWith('val_') ? `val${key[4]!.toUpperCase()}${key.slice(5)}` : key);
    expect(Object.keys(found).sort()).toEqual(Object.keys(history).map(named).sort());
    // Keras stores its means, and its rates, in float32.
    for (const [key, values] of Object.entries(history as Record<string, number[]>)) {
      expect(found[named(key)]).toHaveLength(values.length);
      for (const [i, value] of values.entries())
        expect(Math.abs(found[named(key)]![i]! - value) / Math.max(1, value)).toBeLessThan(2e-6);
    }
    expect(seen).toHaveLength(rates.length);
    for (const [i, rate] of (rates as number[]).entries()) expect(Math.abs(seen[i]! / rate - 1)).toBeLessThan(1e-6);
    const off = model
      .predict(inputs.narrow(0, 0, 4))
      .sub(float64(predicted))
      .abs()
      .max()
      .item();
    expect(off).toBeLessThan(1e-5);
    const answers = Object.values(model.evaluate(inputs, targets));
    for (const [i, value] of (evaluated as number[]).entries()) expect(answers[i]).toBeCloseTo(value, 5);
  });
});
