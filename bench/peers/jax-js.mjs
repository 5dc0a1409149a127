// The workloads in jax-js on its WebAssembly device, compiled by jit: node bench/peers/jax-js.mjs [W1 …].
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as m from '../workloads/measure.mjs';

// jax-js reads this global of browsers.
globalThis.navigator ??= { userAgent: 'node', hardwareConcurrency: 1 };
// Packages are resolved in the folder where the peers are installed.
const require = createRequire(join(process.env.BENCH_PEERS ?? import.meta.dirname, 'package.json'));
const jax = await import(pathToFileURL(require.resolve('@jax-js/jax')).href);
const { numpy: np, nn, lax, jit, valueAndGrad, grad } = jax;
await jax.init('wasm');
jax.defaultDevice('wasm');

// A function consumes its arguments, unless they are passed as `.ref`.
const made = (values, shape) => np.array(values).reshape(shape);
const filled = (shape, seed, low, high) =>
  made(
    m.numbers(
      shape.reduce((a, b) => a * b),
      seed,
      low,
      high,
    ),
    shape,
  );
const targets = (count, kinds, seed) => made(m.oneHot(m.labels(count, kinds, seed), kinds), [count, kinds]);
const weight = (inputs, outputs, seed) => made(m.weights(inputs, outputs, seed), [inputs, outputs]);
const each = (tree, f) => Object.fromEntries(Object.entries(tree).map(([name, x]) => [name, f(x, name)]));
const again = (tree) => each(tree, (x) => x.ref);
const crossEntropy = (y, scores) => nn.logSoftmax(scores, -1).mul(y).sum(-1).mean().neg();

const timed = (action) =>
  m.time(async () => {
    const result = action();
    await jax.blockUntilReady(result);
    result.dispose();
  });

/** A training step that keeps its state: `update(state, …data)` returns the loss and the next state. */
function training(state, update, data) {
  const compiled = jit(update);
  let current = state;
  let steps = 0;
  return async () => {
    const [loss, next] = compiled(current, ...data(steps++).map((x) => x.ref));
    current = next;
    await jax.blockUntilReady([loss, next]);
    return loss;
  };
}

async function after(steps, step) {
  for (let i = 1; i < steps; i++) (await step()).dispose();
  return (await step()).dataSync()[0];
}
const timedStep = (step) => m.time(async () => (await step()).dispose());

await m.runWorkloads({
  async W1() {
    const product = jit((a, b) => np.matmul(a, b));
    for (const n of [32, 64, 128, 256, 512, 1024]) {
      const [a, b] = [filled([n, n], 1), filled([n, n], 2)];
      m.report(`W1 check ${n}`, m.checksum(product(a.ref, b.ref).dataSync()));
      m.report(`W1 ${n}`, (2e-9 * n ** 3) / (await timed(() => product(a.ref, b.ref))));
    }
    const [a, b] = [filled([256, 256], 1), filled([256, 256], 2)];
    const transposed = jit((x, y) => np.matmul(x.transpose(), y.transpose()));
    m.report('W1 256 transposed', (2e-9 * 256 ** 3) / (await timed(() => transposed(a.ref, b.ref))));
  },
  async W2() {
    const [x, row] = [filled([1000, 1000], 3, -3, 3), filled([1000], 4)];
    const operations = {
      exp: (z) => np.exp(z),
      tanh: (z) => np.tanh(z.mul(2).add(1)),
      softmax: (z) => nn.softmax(z, 1),
      broadcast: (z) => z.add(row.ref),
      rows: (z) => z.sum(1),
      columns: (z) => z.sum(0),
    };
    for (const [name, operation] of Object.entries(operations)) {
      const run = jit(operation);
      m.report(`W2 check ${name}`, m.checksum(run(x.ref).dataSync()));
      m.report(`W2 ${name}`, 1e3 * (await timed(() => run(x.ref))));
    }
  },
  async W3() {
    const [a, b] = [np.array(m.numbers(4, 5)), np.array(m.numbers(4, 6))];
    m.report('W3 add', 1e6 * (await timed(() => a.ref.add(b.ref))));
    const chain = (x) => {
      let y = x;
      for (let i = 0; i < 50; i++) y = y.mul(0.99).add(0.01);
      return y;
    };
    const gradient = jit(grad((x) => chain(x).sum()));
    m.report('W3 check chain', m.checksum(gradient(a.ref).dataSync()));
    m.report('W3 chain', 1e4 * (await timed(() => gradient(a.ref))));
    const forward = jit(chain);
    m.report('W3 chain without grad', 1e4 * (await timed(() => forward(a.ref))));
  },
  async W4() {
    const x = np.array(m.places);
    const y = np.array(m.places.map(Math.sin));
    const loss = ({ a, b, c, d }, x, y) => {
      const cube = x.ref.mul(x.ref).mul(x.ref);
      return np
        .square(
          a
            .add(b.mul(x.ref))
            .add(c.mul(np.square(x)))
            .add(d.mul(cube))
            .sub(y),
        )
        .sum();
    };
    const update = (p, x, y) => {
      const [value, gradients] = valueAndGrad(loss)(again(p), x, y);
      return [value, each(p, (q, name) => q.sub(gradients[name].mul(1e-6)))];
    };
    const start = () => ({ a: np.array(0.5), b: np.array(-0.3), c: np.array(0.2), d: np.array(0.1) });
    const fit = () => training(start(), update, () => [x, y]);
    m.report('W4 check', await after(2000, fit()));
    m.report('W4', 1e6 * (await timedStep(fit())));
  },
  async W5() {
    const [x, y] = [filled([500, 20], 7, -2, 2), targets(500, 3, 8)];
    const scores = (p, x) => {
      const hidden = nn.sigmoid(np.matmul(nn.relu(np.matmul(x, p.w1)), p.w2));
      return np.matmul(hidden, p.w3).add(p.b);
    };
    const p = { w1: weight(20, 13, 11), w2: weight(13, 8, 12), w3: weight(8, 3, 13), b: np.zeros([3]) };
    const v = { w1: np.zeros([20, 13]), w2: np.zeros([13, 8]), w3: np.zeros([8, 3]), b: np.zeros([3]) };
    const update = ({ p, v }, x, y) => {
      const [value, g] = valueAndGrad((q) => crossEntropy(y, scores(q, x)))(again(p));
      const speed = each(v, (old, name) => old.mul(0.9).add(g[name]));
      return [value, { p: each(p, (q, name) => q.sub(speed[name].ref.mul(0.05))), v: speed }];
    };
    const step = training({ p, v }, update, () => [x, y]);
    m.report('W5 check', await after(50, step));
    m.report('W5', 1e6 * (await timedStep(step)));
  },
  async W6() {
    const batches = Array.from({ length: 16 }, (_, i) => [filled([64, 784], 100 + i, 0, 1), targets(64, 10, 200 + i)]);
    const shapes = { w1: [784, 128], b1: [128], w2: [128, 64], b2: [64], w3: [64, 10], b3: [10] };
    const scores = (p, x) => {
      const first = nn.relu(np.matmul(x, p.w1).add(p.b1));
      return np.matmul(nn.relu(np.matmul(first, p.w2).add(p.b2)), p.w3).add(p.b3);
    };
    const gradients = (p, x, y) => valueAndGrad((q) => crossEntropy(y, scores(q, x)))(again(p));
    const updates = {
      SGD({ p, ...rest }, x, y) {
        const [value, g] = gradients(p, x, y);
        return [value, { p: each(p, (q, name) => q.sub(g[name].mul(0.05))), ...rest }];
      },
      Adam({ p, first, second, t }, x, y) {
        const [value, g] = gradients(p, x, y);
        const step = t.add(1);
        const bias1 = np.power(np.array(0.9), step.ref).neg().add(1);
        const bias2 = np.power(np.array(0.999), step.ref).neg().add(1);
        const m1 = each(first, (old, name) => old.mul(0.9).add(g[name].ref.mul(0.1)));
        const m2 = each(second, (old, name) => old.mul(0.999).add(np.square(g[name]).mul(0.001)));
        const change = (name) =>
          m1[name].ref
            .div(bias1.ref)
            .mul(1e-3)
            .div(np.sqrt(m2[name].ref.div(bias2.ref)).add(1e-8));
        const next = each(p, (q, name) => q.sub(change(name)));
        bias1.dispose();
        bias2.dispose();
        return [value, { p: next, first: m1, second: m2, t: step }];
      },
    };
    let step;
    for (const [kind, update] of Object.entries(updates)) {
      let seed = 21;
      const p = each(shapes, (shape) => (shape.length === 2 ? weight(...shape, seed++) : np.zeros(shape)));
      const zeros = () => each(shapes, (shape) => np.zeros(shape));
      const state = kind === 'SGD' ? { p } : { p, first: zeros(), second: zeros(), t: np.array(0) };
      step = training(state, update, (i) => batches[i % 16]);
      m.report(`W6 check ${kind}`, await after(20, step));
      m.report(`W6 ${kind}`, 1e6 * (await timedStep(step)));
    }
    await m.memory(async () => (await step()).dispose());
  },
  async W7() {
    const [x, y] = [filled([64, 1, 28, 28], 31), targets(64, 10, 32)];
    const pooled = (z) => {
      const [n, c, h, w] = z.shape;
      return np.max(z.reshape([n, c, h / 2, 2, w / 2, 2]), [3, 5]);
    };
    const layer = (z, k, b) => pooled(nn.relu(lax.conv(z, k, [1, 1], 'SAME').add(b.reshape([b.shape[0], 1, 1]))));
    const forward = (p, x) => np.matmul(layer(layer(x, p.k1, p.b1), p.k2, p.b2).reshape([64, 1568]), p.w).add(p.b);
    const p = {
      k1: filled([16, 1, 3, 3], 33, -0.3, 0.3),
      b1: np.zeros([16]),
      k2: filled([32, 16, 3, 3], 34, -0.08, 0.08),
      b2: np.zeros([32]),
      w: weight(1568, 10, 35),
      b: np.zeros([10]),
    };
    const both = jit((p, x, y) => valueAndGrad((q) => crossEntropy(y, forward(q, x)))(p));
    const run = async () => {
      const [loss, gradients] = both(again(p), x.ref, y.ref);
      await jax.blockUntilReady([loss, gradients]);
      return [loss, gradients];
    };
    const [loss, gradients] = await run();
    m.report('W7 check', loss.dataSync()[0]);
    m.report('W7 check gradient', np.abs(gradients.k1).sum().dataSync()[0]);
    m.report(
      'W7 both',
      1e3 *
        (await m.time(async () => {
          const [value, all] = await run();
          value.dispose();
          for (const g of Object.values(all)) g.dispose();
        })),
    );
    const compiled = jit(forward);
    m.report('W7 forward', 1e3 * (await timed(() => compiled(again(p), x.ref))));
  },
});
