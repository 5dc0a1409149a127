// The workloads in TensorFlow.js on its WebAssembly backend, which has no threads in Node and no gradient of a convolution:
// node bench/peers/tfjs.mjs [W1 …].
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as m from '../workloads/measure.mjs';

// Packages are resolved in the folder where the peers are installed.
const require = createRequire(join(process.env.BENCH_PEERS ?? import.meta.dirname, 'package.json'));
console.warn = () => {};
const tf = require('@tensorflow/tfjs');
const backend = require.resolve('@tensorflow/tfjs-backend-wasm');
require(backend).setWasmPaths(join(backend, '..', '/'));
await tf.setBackend('wasm');
await tf.ready();

const filled = (shape, seed, low, high) =>
  tf.tensor(
    m.numbers(
      shape.reduce((a, b) => a * b),
      seed,
      low,
      high,
    ),
    shape,
  );
const targets = (count, kinds, seed) => tf.tensor(m.oneHot(m.labels(count, kinds, seed), kinds), [count, kinds]);
const weight = (inputs, outputs, seed) => tf.variable(tf.tensor(m.weights(inputs, outputs, seed), [inputs, outputs]));
const bias = (size) => tf.variable(tf.zeros([size]));
const timed = (action) =>
  m.time(() => {
    action().dispose();
  });

/** The number in a tensor, which is then disposed. */
function taken(x) {
  const value = x.dataSync()[0];
  x.dispose();
  return value;
}

function after(steps, step) {
  for (let i = 1; i < steps; i++) step().dispose();
  return taken(step());
}

await m.runWorkloads({
  async W1() {
    for (const n of [32, 64, 128, 256, 512, 1024]) {
      const [a, b] = [filled([n, n], 1), filled([n, n], 2)];
      m.report(`W1 check ${n}`, m.checksum(tf.matMul(a, b).dataSync()));
      m.report(`W1 ${n}`, (2e-9 * n ** 3) / (await timed(() => tf.matMul(a, b))));
    }
    const [a, b] = [filled([256, 256], 1), filled([256, 256], 2)];
    m.report('W1 256 transposed', (2e-9 * 256 ** 3) / (await timed(() => tf.matMul(a, b, true, true))));
  },
  async W2() {
    const [x, row] = [filled([1000, 1000], 3, -3, 3), filled([1000], 4)];
    const operations = {
      exp: () => x.exp(),
      tanh: () => tf.tidy(() => x.mul(2).add(1).tanh()),
      softmax: () => x.softmax(),
      broadcast: () => x.add(row),
      rows: () => x.sum(1),
      columns: () => x.sum(0),
    };
    for (const [name, run] of Object.entries(operations)) {
      m.report(`W2 check ${name}`, m.checksum(run().dataSync()));
      m.report(`W2 ${name}`, 1e3 * (await timed(run)));
    }
  },
  async W3() {
    const [a, b] = [filled([4], 5), filled([4], 6)];
    m.report('W3 add', 1e6 * (await timed(() => a.add(b))));
    const [factor, term] = [tf.scalar(0.99), tf.scalar(0.01)];
    const chain = (x) => {
      let y = x;
      for (let i = 0; i < 50; i++) y = y.mul(factor).add(term);
      return y;
    };
    const gradient = tf.grad((x) => chain(x).sum());
    m.report('W3 check chain', m.checksum(gradient(a).dataSync()));
    m.report('W3 chain', 1e4 * (await timed(() => tf.tidy(() => gradient(a)))));
    m.report('W3 chain without grad', 1e4 * (await timed(() => tf.tidy(() => chain(a)))));
  },
  async W4() {
    const x = tf.tensor1d(m.places);
    const y = x.sin();
    const rate = tf.scalar(1e-6);
    const fit = () => [0.5, -0.3, 0.2, 0.1].map((value) => tf.variable(tf.scalar(value)));
    const step = (parameters) =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => {
          const [a, b, c, d] = parameters;
          return a
            .add(b.mul(x))
            .add(c.mul(x.square()))
            .add(d.mul(x.pow(3)))
            .sub(y)
            .square()
            .sum();
        }, parameters);
        for (const p of parameters) p.assign(p.sub(grads[p.name].mul(rate)));
        return value;
      });
    const [first, again] = [fit(), fit()];
    m.report(
      'W4 check',
      after(2000, () => step(first)),
    );
    m.report('W4', 1e6 * (await timed(() => step(again))));
  },
  async W5() {
    const [x, y] = [filled([500, 20], 7, -2, 2), targets(500, 3, 8)];
    const all = [weight(20, 13, 11), weight(13, 8, 12), weight(8, 3, 13), bias(3)];
    const [w1, w2, w3, b] = all;
    const loss = () => tf.losses.softmaxCrossEntropy(y, x.matMul(w1).relu().matMul(w2).sigmoid().matMul(w3).add(b));
    const optimizer = tf.train.momentum(0.05, 0.9);
    const step = () => optimizer.minimize(loss, true, all);
    m.report('W5 check', after(50, step));
    m.report('W5', 1e6 * (await timed(step)));
  },
  async W6() {
    const batches = Array.from({ length: 16 }, (_, i) => [filled([64, 784], 100 + i, 0, 1), targets(64, 10, 200 + i)]);
    let step;
    for (const kind of ['SGD', 'Adam']) {
      const all = [weight(784, 128, 21), bias(128), weight(128, 64, 22), bias(64), weight(64, 10, 23), bias(10)];
      const [w1, b1, w2, b2, w3, b3] = all;
      const optimizer = kind === 'SGD' ? tf.train.sgd(0.05) : tf.train.adam(1e-3, 0.9, 0.999, 1e-8);
      let steps = 0;
      step = () => {
        const [x, y] = batches[steps++ % 16];
        const hidden = () => x.matMul(w1).add(b1).relu().matMul(w2).add(b2).relu();
        return optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, hidden().matMul(w3).add(b3)), true, all);
      };
      m.report(`W6 check ${kind}`, after(20, step));
      m.report(`W6 ${kind}`, 1e6 * (await timed(step)));
    }
    await m.memory(() => step().dispose());
  },
  async W7() {
    // TensorFlow puts channels last.
    const kernel = (shape, seed, bound) => tf.variable(filled(shape, seed, -bound, bound).transpose([2, 3, 1, 0]));
    const x = filled([64, 1, 28, 28], 31).transpose([0, 2, 3, 1]);
    const [k1, b1, k2, b2] = [kernel([16, 1, 3, 3], 33, 0.3), bias(16), kernel([32, 16, 3, 3], 34, 0.08), bias(32)];
    const w = weight(1568, 10, 35).reshape([32, 7, 7, 10]).transpose([1, 2, 0, 3]).reshape([1568, 10]);
    const layer = (z, k, b) => tf.maxPool(tf.relu(tf.conv2d(z, k, 1, 'same').add(b)), 2, 2, 'valid');
    const forward = () =>
      layer(layer(x, k1, b1), k2, b2)
        .reshape([64, 1568])
        .matMul(w);
    const loss = tf.losses.softmaxCrossEntropy(targets(64, 10, 32), forward());
    m.report('W7 check', taken(loss));
    m.report('W7 forward', 1e3 * (await timed(() => tf.tidy(forward))));
  },
});
