// Records nets for the chapter "Stochastic gradient descent and mini-batches" (note 003). After a build:
//   node tools/recordings/sgd.mjs [--to FILE]
// It takes about six minutes on a busy machine. What the file has already is kept, but for the times, which are measured again. The steps are loops
// over arrays, without the library: the notebook trains some of the nets again with it, and so checks both.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { data, Generator, linalg, manualSeed, nn, optim, randn, randperm, tensor } from 'gradlab';
import { datasets } from 'gradlab/lab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const [rows, unseen, inputs, hidden, classes] = [512, 500, 64, 32, 10];
const seeds = [1, 2, 3, 4, 5];
const batches = [1, 8, 64, 512];
const targets = [0.3, 0.1];
/** The rates, from one that is too small to one that is too large: each is twice the previous one. */
const ratesFrom = (first, count) => Array.from({ length: count }, (_, i) => first * 2 ** i);
const kinds = {
  SGD: { 1: ratesFrom(1 / 64, 4), 8: ratesFrom(1 / 8, 4), 64: ratesFrom(1 / 4, 4), 512: ratesFrom(1 / 4, 4) },
  momentum: { 1: ratesFrom(1 / 512, 4), 8: ratesFrom(1 / 64, 4), 64: ratesFrom(1 / 16, 4), 512: ratesFrom(1 / 8, 4) },
  Adam: { 1: ratesFrom(1 / 1024, 5), 8: ratesFrom(1 / 256, 5), 64: ratesFrom(1 / 64, 4), 512: ratesFrom(1 / 64, 4) },
};
const most = { 1: 25 * 512, 8: 25 * 64, 64: 40 * 8, 512: 400 };
const [usualBeta, beta2, epsilon] = [0.9, 0.999, 1e-8];

const digits = await data.digits();
const order = randperm(1797, { generator: new Generator().manualSeed(1) });
const partOf = (from, length) => {
  const chosen = order.narrow(0, from, length);
  const [x, y] = [digits.x.indexSelect(0, chosen), digits.y.indexSelect(0, chosen)];
  return { n: length, x: Float64Array.from(x.tolist().flat()), y: y.tolist() };
};
const [learn, judge] = [partOf(0, rows), partOf(1797 - unseen, unseen)];

/** Returns the initial weights of nn.Linear for a seed, in one list: both layers, each weights before biases. */
function startOf(seed) {
  manualSeed(seed);
  const first = new nn.Linear(inputs, hidden, { dtype: 'float64' });
  const second = new nn.Linear(hidden, classes, { dtype: 'float64' });
  return Float64Array.from(nn.utils.parametersToVector([...first.parameters(), ...second.parameters()]).tolist());
}

const [b1, w2, b2] = [hidden * inputs, hidden * inputs + hidden, hidden * inputs + hidden + classes * hidden];
const h = new Float64Array(hidden);
const p = new Float64Array(classes);

/** Writes the probabilities of a row to `p`, and returns the row's cross entropy. */
function forward(w, part, i) {
  for (let k = 0; k < hidden; k++) {
    let sum = w[b1 + k];
    for (let j = 0; j < inputs; j++) sum += w[k * inputs + j] * part.x[i * inputs + j];
    h[k] = sum > 0 ? sum : 0;
  }
  let top = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) {
    let sum = w[b2 + c];
    for (let k = 0; k < hidden; k++) sum += w[w2 + c * hidden + k] * h[k];
    p[c] = sum;
    if (sum > top) top = sum;
  }
  const score = p[part.y[i]];
  let total = 0;
  for (let c = 0; c < classes; c++) total += p[c] = Math.exp(p[c] - top);
  for (let c = 0; c < classes; c++) p[c] /= total;
  return top + Math.log(total) - score;
}

/** Adds a row's gradient, times `share`. */
function backward(w, g, part, i, share) {
  forward(w, part, i);
  p[part.y[i]] -= 1;
  for (let c = 0; c < classes; c++) {
    p[c] *= share;
    g[b2 + c] += p[c];
    for (let k = 0; k < hidden; k++) g[w2 + c * hidden + k] += p[c] * h[k];
  }
  for (let k = 0; k < hidden; k++) {
    if (h[k] === 0) continue;
    let d = 0;
    for (let c = 0; c < classes; c++) d += w[w2 + c * hidden + k] * p[c];
    g[b1 + k] += d;
    for (let j = 0; j < inputs; j++) g[k * inputs + j] += d * part.x[i * inputs + j];
  }
}

function lossOf(w, part) {
  let sum = 0;
  for (let i = 0; i < part.n; i++) sum += forward(w, part, i);
  return sum / part.n;
}

function rightOf(w, part) {
  let right = 0;
  for (let i = 0; i < part.n; i++) {
    forward(w, part, i);
    if (p.indexOf(Math.max(...p)) === part.y[i]) right++;
  }
  return right / part.n;
}

/** Averages of zero gradients become subnormal, for which arithmetic is a hundred times as slow. */
const flushed = (value) => (Math.abs(value) < 1e-200 ? 0 : value);

function stepper(kind, size, beta = usualBeta) {
  const [m, v] = [new Float64Array(size), new Float64Array(size)];
  let [power, power2] = [1, 1];
  return (w, g, rate) => {
    if (kind === 'SGD') for (let i = 0; i < size; i++) w[i] -= rate * g[i];
    else if (kind === 'momentum')
      for (let i = 0; i < size; i++) {
        m[i] = flushed(beta * m[i]) + g[i];
        w[i] -= rate * m[i];
      }
    else {
      power *= beta;
      power2 *= beta2;
      for (let i = 0; i < size; i++) {
        m[i] = flushed(beta * m[i]) + (1 - beta) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        w[i] -= (rate * (m[i] / (1 - power))) / (Math.sqrt(v[i] / (1 - power2)) + epsilon);
      }
    }
  };
}

/** The number of steps until the loss of all rows is below each target, and the accuracy on unseen digits then. */
function train(kind, batch, rate, seed) {
  const w = startOf(seed);
  const g = new Float64Array(w.length);
  const step = stepper(kind, w.length);
  const generator = new Generator().manualSeed(1000 + seed);
  const perPass = rows / batch;
  const every = Math.max(2, perPass / 4);
  const reached = [];
  for (let s = 0; s < most[batch]; ) {
    const turns = randperm(rows, { generator }).tolist();
    for (let first = 0; first < rows && s < most[batch]; first += batch) {
      g.fill(0);
      for (let k = first; k < first + batch; k++) backward(w, g, learn, turns[k], 1 / batch);
      step(w, g, rate);
      s++;
      if (s % every > 0) continue;
      const loss = lossOf(w, learn);
      if (!(loss < 100)) return reached;
      while (reached.length < targets.length && loss < targets[reached.length])
        reached.push({ steps: s, right: short(rightOf(w, judge)) });
      if (reached.length === targets.length) return reached;
    }
  }
  return reached;
}

const short = (value) => Number(value.toPrecision(4));

/** The library's milliseconds per step, by batch: all rows at once, and up to 64 row by row; the minimum of many. */
function millisecondsOf(batch) {
  manualSeed(1);
  const net = new nn.Sequential(new nn.Linear(inputs, hidden), new nn.ReLU(), new nn.Linear(hidden, classes));
  const sgd = new optim.SGD(net.parameters(), { lr: 0.01 });
  const chosen = order.narrow(0, 0, batch);
  const [x, y] = [digits.x, digits.y].map((all) => all.indexSelect(0, chosen));
  const least = (run, times) => {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < times; i++) {
      const started = performance.now();
      run();
      best = Math.min(best, performance.now() - started);
    }
    return short(best);
  };
  const loss = (from, count) =>
    nn.functional.crossEntropy(net(x.narrow(0, from, count)), y.narrow(0, from, count)).mul(count / batch);
  const together = () => {
    sgd.zeroGrad();
    loss(0, batch).backward();
    sgd.step();
  };
  const inLoop = () => {
    sgd.zeroGrad();
    for (let i = 0; i < batch; i++) loss(i, 1).backward();
    sgd.step();
  };
  // On a busy machine, a loop over many rows is always interrupted.
  return { together: least(together, 400), ...(batch <= 64 && { loop: least(inLoop, Math.max(100, 400 / batch)) }) };
}

// Valleys of two weights: 200 rows around a line, the second feature narrow (long), as wide as the first (round), and
// rows without noise.
const budgets = [200, 4000, 40_000];
const valleyRates = {
  SGD: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.5, 0.6, 0.8, 1, 1.2],
  momentum: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.5, 0.6, 0.8, 1, 1.2, 1.6],
  Adam: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
};
/** How much the averages of gradients forget per step; plain steps have none. */
const valleyBetas = { SGD: [0], momentum: [0.3, 0.6, 0.9], Adam: [0.3, 0.6, 0.9] };

/** 200 rows; draw 0 is datasets.line200(). */
function valleyOf(name, draw) {
  const random = { dtype: 'float64', generator: new Generator().manualSeed(draw) };
  const square = draw === 0 ? datasets.line200().x : randn([200, 2], random);
  const line = square.matmul(tensor([1, -2], { dtype: 'float64' }));
  const noisy = draw === 0 ? datasets.line200().y : line.add(randn([200], random).mul(0.5));
  const y = name === 'no noise' ? line : noisy;
  const x = square.mul(tensor([1, name === 'round' ? 1 : 0.3], { dtype: 'float64' }));
  const best = linalg.lstsq(x, y).solution.tolist();
  const H = x.t().matmul(x).div(200).tolist();
  const excess = (w) => {
    const off = w.map((value, k) => value - best[k]);
    return H.reduce((sum, row, i) => sum + off[i] * (row[0] * off[0] + row[1] * off[1]), 0);
  };
  return { x: x.tolist(), y: y.tolist(), excess };
}

/** The remaining excess loss after this many single-row gradients; the rate is constant, or decreases linearly to 0. */
function walk({ x, y, excess }, { kind, batch, rate, beta, budget, falling, seed }) {
  const generator = new Generator().manualSeed(seed);
  const w = new Float64Array(2);
  const step = stepper(kind, 2, beta);
  const steps = budget / batch;
  let turns = [];
  for (let s = 0; s < steps; s++) {
    const from = (s * batch) % 200;
    if (from === 0) turns = randperm(200, { generator }).tolist();
    const g = [0, 0];
    for (let k = from; k < from + batch; k++) {
      const [row, target] = [x[turns[k]], y[turns[k]]];
      const pull = (2 * (w[0] * row[0] + w[1] * row[1] - target)) / batch;
      g[0] += pull * row[0];
      g[1] += pull * row[1];
    }
    step(w, g, rate * (falling ? 1 - s / steps : 1));
    if (!(Math.abs(w[0]) < 1e6)) return Number.POSITIVE_INFINITY;
  }
  return excess([...w]);
}

/** The lowest median of three orders over the rates and betas, and its rate and beta. */
function bestWalk(valley, options) {
  const orders = options.batch === 200 ? [1] : [1, 2, 3];
  const tried = valleyBetas[options.kind].flatMap((beta) => valleyRates[options.kind].map((rate) => ({ rate, beta })));
  const all = tried.map(
    (one) => orders.map((seed) => walk(valley, { ...options, ...one, seed })).sort((a, b) => a - b)[orders.length >> 1],
  );
  const least = Math.min(...all);
  const { rate, beta } = tried[all.indexOf(least)];
  return [short(least), rate, beta];
}

const committed = path.join(paths.notebooks, '003-nyu-week-2', 'sgd.recorded.json');
const { to: file } = parseArgs({ options: { to: { type: 'string', default: committed } } }).values;
const before = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
// The first measurement is of code that is not compiled yet.
millisecondsOf(64);
const result = {
  about: {
    command: 'node tools/recordings/sgd.mjs',
    data: `data.digits(): ${rows} rows to learn from, ${unseen} others to judge by; a permutation of seed 1.`,
    nets: `64, 32 and 10 units, ReLU, PyTorch's start (seeds 1 to 5), cross entropy, constant rates, rows shuffled in each pass (seeds 1001 to 1005). Momentum 0.9; Adam with 0.9 and 0.999.`,
    runs: `By kind and batch: for each rate and seed the steps until the loss of all ${rows} rows is below 0.3 and 0.1 (looked at four times a pass, or after each second step), and the share of unseen digits that are right then. Shorter lists: not reached.`,
    valleys:
      'By kind of valley, draw of 200 rows, kind of step, schedule, gradients spent, batch: the least excess loss over the rates and betas (median of three orders of the rows), its rate, and its beta.',
    milliseconds:
      'What a step took the library, by batch, all rows at once and (up to 64) row after row, on the machine that made this file.',
  },
  batches,
  targets,
  milliseconds: Object.fromEntries(batches.map((batch) => [batch, millisecondsOf(batch)])),
  runs: before.runs ?? {},
  valleys: before.valleys ?? {},
};
console.log(result.milliseconds);
const started = performance.now();
/** The median of the steps to the last target; five seeds. */
const lastSteps = (runs) =>
  runs.map((run) => run[targets.length - 1]?.steps ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)[2];
for (const kind of Object.keys(kinds)) {
  result.runs[kind] ??= {};
  for (const batch of batches) {
    const rates = kinds[kind][batch];
    const reached =
      result.runs[kind][batch]?.reached ?? rates.map((rate) => seeds.map((seed) => train(kind, batch, rate, seed)));
    result.runs[kind][batch] = { rates, reached };
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`${kind}, ${batch}: ${reached.map(lastSteps)} at ${rates}, ${seconds} s`);
    write();
  }
}
for (const name of ['long', 'round', 'no noise'])
  for (const draw of [0, 1, 2, 3, 4, 5]) {
    result.valleys[name] ??= {};
    if (result.valleys[name][draw]) continue;
    const valley = valleyOf(name, draw);
    const over = (keys, of) => Object.fromEntries(keys.map((key) => [key, of(key)]));
    result.valleys[name][draw] = over(Object.keys(valleyRates), (kind) =>
      over(['constant', 'falling'], (schedule) =>
        over(budgets, (budget) =>
          over([1, 200], (batch) =>
            bestWalk(valley, { kind, batch: Number(batch), budget: Number(budget), falling: schedule === 'falling' }),
          ),
        ),
      ),
    );
    console.log(`${name}, ${draw}: ${Math.round((performance.now() - started) / 1000)} s`);
    write();
  }
write();

function write() {
  const text = JSON.stringify(result)
    .replace(/"(about|batches|targets|milliseconds|runs|valleys)":/g, '\n"$1":')
    .replace(/"(SGD|momentum|Adam|long|round|no noise)":\{/g, '\n"$1":{');
  fs.writeFileSync(file, `${text}\n`);
}
