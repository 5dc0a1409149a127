// The workloads in gradlab: node bench/workloads/gradlab.mjs [W1 …]. BENCH_LIBRARY names another build of the library.
import { createRequire } from 'node:module';
import {
  checksum,
  clock,
  memory,
  numbers,
  places,
  report,
  runWorkloads,
  tensorsOf,
  time,
  weights,
} from './measure.mjs';

const { Generator, nn, noGrad, optim, tensor } = createRequire(import.meta.url)(process.env.BENCH_LIBRARY || 'gradlab');

const flat = (x) => x.detach().flatten().toArray();
const { filled, classes } = tensorsOf(tensor);
const set = (parameter, values) => noGrad(() => parameter.copy_(values));

function linear(inputs, outputs, seed, bias = true) {
  const layer = new nn.Linear(inputs, outputs, { bias });
  set(
    layer.weight,
    tensor(weights(inputs, outputs, seed))
      .reshape([inputs, outputs])
      .t(),
  );
  if (bias) noGrad(() => layer.bias.zero_());
  return layer;
}

/** Forward, backward and a step of the optimizer; `batch(i)` returns input and classes of step i. */
function training(net, optimizer, batch) {
  const criterion = new nn.CrossEntropyLoss();
  let steps = 0;
  return () => {
    const [x, y] = batch(steps++);
    optimizer?.zeroGrad();
    if (optimizer === undefined) net.zeroGrad();
    const loss = criterion(net(x), y);
    loss.backward();
    optimizer?.step();
    return loss;
  };
}

function after(steps, step) {
  for (let i = 1; i < steps; i++) step();
  return step().item();
}

function chain(x) {
  let y = x;
  for (let i = 0; i < 50; i++) y = y.mul(0.99).add(0.01);
  return y;
}

await runWorkloads({
  async W1() {
    for (const n of [32, 64, 128, 256, 512, 1024]) {
      const [a, b] = [filled([n, n], 1), filled([n, n], 2)];
      report(`W1 check ${n}`, checksum(flat(a.matmul(b))));
      report(`W1 ${n}`, (2e-9 * n ** 3) / (await time(() => a.matmul(b))));
    }
    const [a, b] = [filled([256, 256], 1), filled([256, 256], 2)];
    report('W1 256 transposed', (2e-9 * 256 ** 3) / (await time(() => a.t().matmul(b.t()))));
  },
  async W2() {
    const x = filled([1000, 1000], 3, -3, 3);
    const row = filled([1000], 4);
    const operations = {
      exp: () => x.exp(),
      tanh: () => x.mul(2).add(1).tanh(),
      softmax: () => x.softmax(1),
      broadcast: () => x.add(row),
      rows: () => x.sum(1),
      columns: () => x.sum(0),
    };
    for (const [name, run] of Object.entries(operations)) {
      report(`W2 check ${name}`, checksum(flat(run())));
      report(`W2 ${name}`, 1e3 * (await time(run)));
    }
  },
  async W3() {
    const [a, b] = [filled([4], 5), filled([4], 6)];
    let kept;
    report(
      'W3 add',
      1e6 *
        (await time(() => {
          kept = a.add(b);
        })),
    );
    report('W3 check add', checksum(flat(kept)));
    const x = tensor(numbers(4, 5), { requiresGrad: true });
    const both = () => {
      x.grad = null;
      chain(x).sum().backward();
    };
    both();
    report('W3 check chain', checksum(flat(x.grad)));
    report('W3 chain', 1e4 * (await time(both)));
    report('W3 chain without grad', 1e4 * (await time(() => noGrad(() => chain(a)))));
  },
  async W4() {
    const x = tensor(places);
    const y = x.sin();
    const start = () => [0.5, -0.3, 0.2, 0.1].map((value) => tensor(value, { requiresGrad: true }));
    const step = ([a, b, c, d]) => {
      const loss = a
        .add(b.mul(x))
        .add(c.mul(x.pow(2)))
        .add(d.mul(x.pow(3)))
        .sub(y)
        .pow(2)
        .sum();
      loss.backward();
      noGrad(() => {
        for (const p of [a, b, c, d]) {
          p.sub_(p.grad.mul(1e-6));
          p.grad = null;
        }
      });
      return loss;
    };
    const first = start();
    report(
      'W4 check',
      after(2000, () => step(first)),
    );
    const again = start();
    report('W4', 1e6 * (await time(() => step(again))));
  },
  async W5() {
    const [x, y] = [filled([500, 20], 7, -2, 2), classes(500, 3, 8)];
    const net = new nn.Sequential(
      linear(20, 13, 11, false),
      new nn.ReLU(),
      linear(13, 8, 12, false),
      new nn.Sigmoid(),
      linear(8, 3, 13),
    );
    const step = training(net, new optim.SGD(net.parameters(), { lr: 0.05, momentum: 0.9 }), () => [x, y]);
    report('W5 check', after(50, step));
    report('W5', 1e6 * (await time(step)));
  },
  async W6() {
    const batches = Array.from({ length: 16 }, (_, i) => [filled([64, 784], 100 + i, 0, 1), classes(64, 10, 200 + i)]);
    let step;
    for (const kind of ['SGD', 'Adam']) {
      const net = new nn.Sequential(
        linear(784, 128, 21),
        new nn.ReLU(),
        linear(128, 64, 22),
        new nn.ReLU(),
        linear(64, 10, 23),
      );
      const optimizer = new optim[kind](net.parameters(), { lr: kind === 'SGD' ? 0.05 : 1e-3 });
      step = training(net, optimizer, (i) => batches[i % 16]);
      report(`W6 check ${kind}`, after(20, step));
      report(`W6 ${kind}`, 1e6 * (await time(step)));
    }
    await memory(step);
  },
  async W7() {
    const [x, y] = [filled([64, 1, 28, 28], 31), classes(64, 10, 32)];
    const [first, second] = [new nn.Conv2d(1, 16, 3, { padding: 1 }), new nn.Conv2d(16, 32, 3, { padding: 1 })];
    set(first.weight, filled([16, 1, 3, 3], 33, -0.3, 0.3));
    set(second.weight, filled([32, 16, 3, 3], 34, -0.08, 0.08));
    noGrad(() => [first, second].map((layer) => layer.bias.zero_()));
    const net = new nn.Sequential(
      first,
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      second,
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      linear(1568, 10, 35),
    );
    const step = training(net, undefined, () => [x, y]);
    report('W7 check', step().item());
    report('W7 check gradient', first.weight.grad.abs().sum().item());
    report('W7 both', 1e3 * (await time(step)));
    report('W7 forward', 1e3 * (await time(() => noGrad(() => net(x)))));
  },
  async W10() {
    const [x, y] = [filled([128, 12], 41), classes(128, 12, 42)];
    const layers = Array.from({ length: 8 }, (_, i) => [linear(12, 12, 50 + i), new nn.BatchNorm1d(12), new nn.ReLU()]);
    const net = new nn.Sequential(...layers.flat());
    const step = training(net, new optim.SGD(net.parameters(), { lr: 0.05 }), () => [x, y]);
    report('W10 check', after(20, step));
    report('W10', 1e6 * (await time(step)));
  },
  W11() {
    const [n, d] = [10_000, 20];
    const x = filled([n, d], 61, 0, 1).tolist();
    const y = Array.from(numbers(n, 62), (noise, i) => {
      const [a, b, c, e, f] = x[i];
      return 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * e + 5 * f + noise;
    });
    const seconds = (name, model, target) => {
      const start = clock();
      model.fit(x, target);
      report(name, clock() - start);
      return model;
    };
    const generator = new Generator().manualSeed(0);
    seconds('W11 forest', new trees.RandomForestRegressor({ generator }), y);
    seconds(
      'W11 classes',
      new trees.RandomForestClassifier({ generator }),
      y.map((value) => (value > 14 ? 1 : 0)),
    );
    report('W11 check', checksum(seconds('W11 boosting', new trees.GradientBoostingRegressor(), y).predict(x)));
  },
});
