// Records nets for the chapter "Gradient descent: batch, stochastic, mini-batch" (note 004). After a build:
//   node tools/recordings/batches.mjs [--to FILE]
// It takes about twenty minutes. What the file has already is kept, but for the times, which are measured again. The steps are loops
// over arrays, without the library: the notebook trains some of the nets again with it, and so checks both.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { data, Generator, manualSeed, nn, optim, randperm } from 'gradlab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const [rows, unseen, inputs, hidden, classes] = [1024, 500, 64, 32, 10];
const epochs = 20;
const seeds = [1, 2, 3];
/** Additional nets for the two best rates: three are too few to distinguish batches near the rate that diverges. */
const nine = [4, 5, 6, 7, 8, 9, 10, 11, 12];
const fresh = { SGD: nine, momentum: nine, Adam: nine.slice(0, 5) };
const batches = [1, 4, 16, 64, 256, 1024];
/** Each rate is twice the previous one. */
const ratesFrom = (first, count) => Array.from({ length: count }, (_, i) => first * 2 ** i);
const kinds = {
  SGD: ratesFrom(1 / 512, 13),
  momentum: ratesFrom(1 / 4096, 13),
  Adam: ratesFrom(1 / 16384, 12),
};
const schedules = { constant: () => 1, falling: (share) => 1 - share };
const batchesOf = { constant: batches, falling: [4, 16, 64] };
const [beta, beta2, epsilon] = [0.9, 0.999, 1e-8];

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
  const net = new nn.Sequential(
    new nn.Linear(inputs, hidden, { dtype: 'float64' }),
    new nn.ReLU(),
    new nn.Linear(hidden, classes, { dtype: 'float64' }),
  );
  return Float64Array.from(nn.utils.parametersToVector(net.parameters()).tolist());
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

function stepper(kind, size) {
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

/** The loss on the training rows after each epoch, and the accuracy on unseen digits at the end. */
function train(kind, batch, rate, schedule, seed) {
  const w = startOf(seed);
  const g = new Float64Array(w.length);
  const step = stepper(kind, w.length);
  const generator = new Generator().manualSeed(1000 + seed);
  const perEpoch = Math.ceil(rows / batch);
  const losses = [lossOf(w, learn)];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const turns = randperm(rows, { generator }).tolist();
    for (let s = 0; s < perEpoch; s++) {
      g.fill(0);
      const end = Math.min(rows, (s + 1) * batch);
      for (let k = s * batch; k < end; k++) backward(w, g, learn, turns[k], 1 / (end - s * batch));
      step(w, g, rate * schedules[schedule]((epoch * perEpoch + s) / (epochs * perEpoch)));
    }
    losses.push(lossOf(w, learn));
    if (!Number.isFinite(losses.at(-1)) || losses.at(-1) > 1000)
      return { losses: [...losses.slice(0, -1), null], right: null };
  }
  return { losses, right: rightOf(w, judge) };
}

/** The median of an odd number of values. */
const middle = (values) => [...values].sort((a, b) => a - b)[(values.length - 1) / 2];
const last = ({ losses }) => losses[epochs] ?? Number.POSITIVE_INFINITY;
const short = (value) => (value === null || value === undefined ? null : Number(value.toPrecision(4)));

/** The library's milliseconds per epoch, the minimum of 25. */
function millisecondsOf(batch) {
  manualSeed(1);
  const net = new nn.Sequential(new nn.Linear(inputs, hidden), new nn.ReLU(), new nn.Linear(hidden, classes));
  const sgd = new optim.SGD(net.parameters(), { lr: 0.01 });
  const [x, y] = [digits.x, digits.y].map((all) => all.indexSelect(0, order.narrow(0, 0, rows)));
  const times = Array.from({ length: 25 }, () => {
    const started = performance.now();
    for (const chosen of randperm(rows).split(batch)) {
      sgd.zeroGrad();
      nn.functional.crossEntropy(net(x.indexSelect(0, chosen)), y.indexSelect(0, chosen)).backward();
      sgd.step();
    }
    return performance.now() - started;
  });
  return short(Math.min(...times));
}

const committed = path.join(paths.notebooks, '004-neural-networks', 'batches.recorded.json');
const { to: file } = parseArgs({ options: { to: { type: 'string', default: committed } } }).values;
const before = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
const result = {
  about: {
    command: 'node tools/recordings/batches.mjs',
    data: `data.digits(): ${rows} rows to learn from, ${unseen} others to judge by; a permutation of seed 1.`,
    nets: `64, 32 and 10 units, ReLU, PyTorch's start (seeds 1, 2, 3), cross entropy, ${epochs} epochs, rows shuffled in each (seeds 1001 to 1003). Momentum 0.9; Adam with 0.9 and 0.999.`,
    runs: 'By kind, schedule, batch: for each rate and seed the loss after the last epoch on the rows learned from (null: diverged), and the share of unseen digits that are right. falling: the rate falls evenly to 0. courses: at the rate whose median loss is least, the losses after each epoch, for each seed.',
    fresh:
      'The rate whose median loss is least, and half of it (first), with nine nets of seeds 4 to 12 (Adam: five, 4 to 8; orders 1004 and on); falling: Adam with 4 and 16 rows only. course: the medians of their losses after each epoch at the better of the two.',
    milliseconds: 'What an epoch took the library, by batch, on the machine that made this file.',
  },
  batches,
  rates: kinds,
  milliseconds: Object.fromEntries(batches.map((batch) => [batch, millisecondsOf(batch)])),
  runs: {},
  fresh: {},
};
const started = performance.now();
/** Returns the rate with the lowest median loss. */
const bestOf = (all) => {
  const ends = all.map((runs) => middle(runs.map((loss) => loss ?? Number.POSITIVE_INFINITY)));
  return ends.indexOf(Math.min(...ends));
};
const recordedOf = (all) => ({
  losses: all.map((runs) => runs.map((run) => short(run.losses[epochs]))),
  right: all.map((runs) => runs.map(({ right }) => short(right))),
});
const told = (what, loss, rate) => {
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${what}: ${short(loss)} at ${rate}, ${seconds} s`);
  write();
};
const cases = Object.keys(schedules).flatMap((schedule) =>
  Object.entries(kinds).flatMap(([kind, rates]) =>
    batchesOf[schedule].map((batch) => ({ schedule, kind, rates, batch })),
  ),
);
for (const part of [result.runs, result.fresh])
  for (const kind of Object.keys(kinds)) part[kind] = { constant: {}, falling: {} };
for (const { schedule, kind, batch } of cases) {
  result.runs[kind][schedule][batch] = before.runs?.[kind]?.[schedule]?.[batch];
  result.fresh[kind][schedule][batch] = before.fresh?.[kind]?.[schedule]?.[batch];
}
for (const { schedule, kind, rates, batch } of cases) {
  if (result.runs[kind][schedule][batch]) continue;
  const all = rates.map((rate) => seeds.map((seed) => train(kind, batch, rate, schedule, seed)));
  const recorded = recordedOf(all);
  const best = bestOf(recorded.losses);
  recorded.courses = all[best].map(({ losses }) => losses.map(short));
  result.runs[kind][schedule][batch] = recorded;
  told(`${kind}, ${schedule}, ${batch}`, middle(all[best].map(last)), rates[best]);
}
for (const { schedule, kind, rates, batch } of cases) {
  if (result.fresh[kind][schedule][batch]) continue;
  if (schedule === 'falling' && (kind !== 'Adam' || batch > 16)) continue;
  const best = bestOf(result.runs[kind][schedule][batch].losses);
  const two = rates.slice(best - 1, best + 1);
  const all = two.map((rate) => fresh[kind].map((seed) => train(kind, batch, rate, schedule, seed)));
  const recorded = recordedOf(all);
  const better = bestOf(recorded.losses);
  const losses = all[better].map((run) => run.losses);
  recorded.course = losses[0].map((_, e) => short(middle(losses.map((one) => one[e] ?? Number.POSITIVE_INFINITY))));
  result.fresh[kind][schedule][batch] = { rates: two, ...recorded };
  told(`fresh, ${kind}, ${schedule}, ${batch}`, middle(all[better].map(last)), two[better]);
}
write();

function write() {
  const text = JSON.stringify(result)
    .replace(/"(about|batches|milliseconds|runs|fresh)":/g, '\n"$1":')
    .replace(/"(SGD|momentum|Adam|constant|falling|\d+)":\{/g, '\n"$1":{');
  fs.writeFileSync(file, `${text}\n`);
}
