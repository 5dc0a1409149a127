// A training in a separate process that may be killed: `node train.mjs FOLDER SEED [EVENT COUNT]`. The seed chooses
// what is trained. At the COUNT-th EVENT (`loss`, `step`, `rename` of a checkpoint's file) the process kills itself
// like `kill -9`. A finished training writes its result to FOLDER/end.safetensors.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { data, Generator, getRngState, io, manualSeed, nn, optim, randn, tensor, training } = createRequire(
  import.meta.url,
)('../../../dist/index.js');
const [folder, seedText, event, count] = process.argv.slice(2);
const seed = Number(seedText);

let left = Number(count ?? Number.POSITIVE_INFINITY);
/** Reports an event. */
const happens = (name) => {
  if (name === event && --left === 0) process.kill(process.pid, 'SIGKILL');
};
const { renameSync } = fs;
fs.renameSync = (...paths) => {
  happens('rename');
  renameSync(...paths);
};

/** Chooses one of several, by the seed. */
const choose = (at, ...all) => all[Math.floor(seed / at) % all.length];

// Every start has the same data; what a training draws depends on the seed.
const own = new Generator().manualSeed(1);
const x = randn([84, 6], { generator: own });
const y = tensor(Int32Array.from({ length: 84 }, (_, i) => (i * 7) % 3));
x.narrow(1, 0, 3).add_(nn.functional.oneHot(y, 3).to('float32').mul(0.8));
const [train, test] = [0, 60].map((from) => {
  const rows = from === 0 ? 60 : 24;
  return { x: x.narrow(0, from, rows), y: y.narrow(0, from, rows) };
});

manualSeed(seed);
const net = new nn.Sequential(
  new nn.Linear(6, 12),
  new nn.BatchNorm1d(12),
  new nn.ReLU(),
  new nn.Dropout(0.3),
  new nn.Linear(12, 3),
);
const { Adam, AdamW, NAdam, RMSprop, SGD } = optim;
const [Optimizer, options] = choose(
  1,
  [SGD, { lr: 0.05, momentum: 0.9 }],
  [Adam, { lr: 0.01 }],
  [RMSprop, { lr: 0.005, momentum: 0.5 }],
  [AdamW, { lr: 0.01, amsgrad: true }],
  [NAdam, { lr: 0.01 }],
);
const optimizer = new Optimizer(net.parameters(), options);
const { CosineAnnealingLR, ExponentialLR, LinearLR, OneCycleLR, ReduceLROnPlateau, SequentialLR } = optim.lrScheduler;
const [scheduler, interval] = choose(
  2,
  [new CosineAnnealingLR(optimizer, 9), 'epoch'],
  [new OneCycleLR(optimizer, 0.05, { totalSteps: 400 }), 'batch'],
  [new ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.7 }), 'epoch'],
  [
    new SequentialLR(optimizer, [new LinearLR(optimizer, { totalIters: 5 }), new ExponentialLR(optimizer, 0.97)], [5]),
    'batch',
  ],
);
const dataset = new data.TensorDataset(train.x, train.y);
const generator = new Generator().manualSeed(seed + 5);
const batchSize = 7;
/** A sampler that draws lazily, from the same generator as dropout, and saves its position. */
class Lazy extends data.Sampler {
  length = 40;
  drawn = new Generator().manualSeed(seed + 9);
  *[Symbol.iterator]() {
    for (let i = 0; i < 40; i++) yield Number(this.drawn.random63() % 60n);
  }
}
const rows = choose(
  1,
  train,
  new data.DataLoader(dataset, { batchSize, shuffle: true, generator }),
  new data.DataLoader(dataset, {
    batchSize,
    sampler: new data.WeightedRandomSampler(
      new Array(60).fill(1).map((_, i) => 1 + (i % 4)),
      52,
      { generator },
    ),
  }),
  new data.DataLoader(dataset, {
    batchSize,
    sampler: new data.RandomSampler(dataset, { replacement: true, generator }),
  }),
  new data.DataLoader(dataset, { batchSize, sampler: new Lazy() }),
  new data.DataLoader(dataset, { batchSize, shuffle: true }),
);
const loss = (output, target, ...more) => {
  happens('loss');
  return nn.functional.crossEntropy(output, target, ...more);
};
const noise = new Generator().manualSeed(seed + 11);
const callbacks = [
  // A callback with state, and noise from a generator that only `generators` names.
  {
    name: 'noise',
    seen: 0,
    state: () => ({ seen: callbacks[0].seen }),
    restore: ({ seen }) => {
      callbacks[0].seen = seen;
    },
    onBeforeOptimizerStep: () => {
      happens('step');
      callbacks[0].seen++;
      for (const p of net.parameters()) p.grad.add_(randn(p.shape, { generator: noise }).mul(0.01 / callbacks[0].seen));
    },
  },
  training.earlyStopping({ monitor: 'valLoss', patience: 4, minDelta: 0.002 }),
  training.reduceOnPlateau({ monitor: 'loss', patience: 2, factor: 0.9 }),
  ...choose(2, [], [training.weightAveraging({ startFromEpoch: 2, updateBn: train })]),
  training.csv(join(folder, 'run.csv')),
  training.checkpoints(join(folder, 'all'), { keep: 2, monitor: 'valAccuracy' }),
];
const { history, stopped } = training.fit(net, rows, {
  loss,
  optimizer,
  epochs: 9,
  ...(rows === train && { batchSize }),
  scheduler,
  interval,
  validation: test,
  metrics: { accuracy: training.metrics.accuracy(), f1: training.metrics.f1(), table: training.metrics.confusion() },
  accumulate: choose(3, 1, 2),
  classWeight: [1, 2, 1],
  clip: { norm: 5 },
  callbacks,
  generators: [noise],
  checkpoint: { file: join(folder, 'run.safetensors'), batches: 3 },
  resume: true,
});
await io.save(join(folder, 'end.safetensors'), {
  net: net.stateDict(),
  optimizer: optimizer.stateDict(),
  scheduler: scheduler.stateDict(),
  generators: [getRngState(), generator.getState(), noise.getState()],
  history,
  stopped: stopped ?? null,
  seen: callbacks[0].seen,
});
