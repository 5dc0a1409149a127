// Records nets for the chapter "Batch size, epochs and DataLoader" (note 002). It needs Fashion-MNIST. After a build:
//   node tools/recordings/fashion-batches.mjs [--to FILE] [--minutes 3] [--compare]
// It stops after that many minutes and keeps finished results, so call it until it reports that none is missing. That
// took some forty minutes on a busy machine. Batches of 5 are trained by loops over arrays, which are faster for so few
// rows; all others by the library. With --compare it first checks that both agree on 50 rows.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { data, Generator, manualSeed, nn, noGrad, optim, randperm, useDeterministicAlgorithms } from 'gradlab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const [rows, unseen, own, inputs, hidden, classes] = [5000, 3000, 1500, 784, 32, 10];
const epochs = 10;
const batches = [5, 50, 500, 5000];
/** Training epochs of a batch size: all rows continue for as many updates as smaller batches. */
const epochsOf = { 5: 10, 50: 10, 500: 10, 5000: 100 };
/** Updates after which a net is evaluated. */
const checkpoints = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];
const rates = {
  SGD: {
    5: [0.003, 0.01, 0.03, 0.1],
    50: [0.03, 0.1, 0.3, 0.6, 1],
    500: [0.1, 0.2, 0.3, 0.6, 1],
    5000: [0.1, 0.2, 0.3, 0.6, 1],
  },
  momentum: {
    5: [0.0003, 0.001, 0.003, 0.01],
    50: [0.003, 0.01, 0.03, 0.1],
    500: [0.03, 0.1, 0.2, 0.3],
    5000: [0.03, 0.1, 0.2, 0.3],
  },
  Adam: {
    5: [0.0001, 0.0003, 0.001, 0.003],
    50: [0.0003, 0.001, 0.003, 0.01],
    500: [0.001, 0.003, 0.01, 0.03],
    5000: [0.003, 0.01, 0.03, 0.1],
  },
};
/** Rates only for the comparison at a hundred updates: these nets stop after an epoch. */
const hasty = {
  SGD: { 5: [0.3], 50: [] },
  momentum: { 5: [0.03], 50: [] },
  Adam: { 5: [0.01], 50: [0.03] },
};
/** Rates for pictures minus their mean, to check what limits SGD. */
const centredRates = { SGD: { 50: [0.03, 0.1, 0.3], 500: [0.3, 0.6, 1, 1.5] } };
/** Higher initial rates that decrease to 0, so that the best is not the last of the list. */
const fallingRates = { momentum: { 50: [0.2] }, Adam: { 50: [0.02] } };
const seeds = [1, 2];
const [beta, beta2, epsilon] = [0.9, 0.999, 1e-8];

useDeterministicAlgorithms(true);
const train = await data.fashionMnist({ split: 'train', limit: rows });
const test = await data.fashionMnist({ split: 'test', limit: unseen });
/** The nonblack pixels of each picture: their positions and brightness. */
const partOf = ({ x, y }, n) => {
  const pixels = x
    .narrow(0, 0, n)
    .reshape([n * inputs])
    .tolist();
  const [starts, places, values] = [[0], [], []];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < inputs; j++)
      if (pixels[i * inputs + j] !== 0) {
        places.push(j * hidden);
        values.push(pixels[i * inputs + j]);
      }
    starts.push(places.length);
  }
  return {
    n,
    y: y.narrow(0, 0, n).tolist(),
    starts: Int32Array.from(starts),
    places: Int32Array.from(places),
    values: Float64Array.from(values),
  };
};
const [learn, judge] = [partOf(train, rows), partOf(test, unseen)];

const [b1, w2] = [inputs * hidden, (inputs + 1) * hidden];
const b2 = w2 + classes * hidden;

/** Returns the initial weights of nn.Linear for a seed, in one list; those of the first layer pixel by pixel. */
function startOf(seed) {
  manualSeed(seed);
  const [one, two] = [nn.Linear, nn.Linear].map((Layer, k) => new Layer([inputs, hidden][k], [hidden, classes][k]));
  const parts = [one.weight.t(), one.bias, two.weight, two.bias];
  return Float64Array.from(parts.flatMap((part) => part.detach().contiguous().flatten().tolist()));
}

const h = new Float64Array(hidden);
const back = new Float64Array(hidden);
const p = new Float64Array(classes);

/** Writes the probabilities of a row to `p`, and returns the row's cross entropy. */
function forward(w, part, i) {
  for (let k = 0; k < hidden; k++) h[k] = w[b1 + k];
  for (let s = part.starts[i]; s < part.starts[i + 1]; s++) {
    const at = part.places[s];
    const x = part.values[s];
    for (let k = 0; k < hidden; k++) h[k] += x * w[at + k];
  }
  for (let k = 0; k < hidden; k++) if (h[k] < 0) h[k] = 0;
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
  back.fill(0);
  for (let c = 0; c < classes; c++) {
    p[c] *= share;
    g[b2 + c] += p[c];
    for (let k = 0; k < hidden; k++) {
      g[w2 + c * hidden + k] += p[c] * h[k];
      back[k] += w[w2 + c * hidden + k] * p[c];
    }
  }
  for (let k = 0; k < hidden; k++) {
    if (h[k] === 0) back[k] = 0;
    g[b1 + k] += back[k];
  }
  for (let s = part.starts[i]; s < part.starts[i + 1]; s++) {
    const at = part.places[s];
    const x = part.values[s];
    for (let k = 0; k < hidden; k++) g[at + k] += x * back[k];
  }
}

/** The mean loss of some rows, and the accuracy. */
function judged(w, part, n) {
  let [loss, right] = [0, 0];
  for (let i = 0; i < n; i++) {
    loss += forward(w, part, i);
    if (p.indexOf(Math.max(...p)) === part.y[i]) right++;
  }
  return [loss / n, right / n];
}

/** Averages of zero gradients become subnormal, for which arithmetic is a hundred times as slow. */
const flushed = (value) => (value < 1e-200 && value > -1e-200 ? 0 : value);

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
      const [scale, root] = [rate / (1 - power), 1 / Math.sqrt(1 - power2)];
      for (let i = 0; i < size; i++) {
        m[i] = flushed(beta * m[i]) + (1 - beta) * g[i];
        v[i] = flushed(beta2 * v[i]) + (1 - beta2) * g[i] * g[i];
        w[i] -= (scale * m[i]) / (Math.sqrt(v[i]) * root + epsilon);
      }
    }
  };
}

/** At each checkpoint: loss on training pictures and on unseen ones, and the accuracy on the latter. */
function trained(kind, batch, rate, seed, last, falling) {
  const w = startOf(seed);
  const g = new Float64Array(w.length);
  const step = stepper(kind, w.length);
  const generator = new Generator().manualSeed(1000 + seed);
  const perEpoch = Math.ceil(rows / batch);
  const course = [];
  let updates = 0;
  for (let epoch = 0; epoch < last; epoch++) {
    const turns = randperm(rows, { generator }).tolist();
    for (let s = 0; s < perEpoch; s++) {
      g.fill(0);
      const end = Math.min(rows, (s + 1) * batch);
      for (let k = s * batch; k < end; k++) backward(w, g, learn, turns[k], 1 / (end - s * batch));
      step(w, g, falling ? rate * (1 - updates / (last * perEpoch)) : rate);
      updates++;
      if (checkpoints.includes(updates) && (!falling || updates === last * perEpoch)) {
        const [learnt, [loss, right]] = [judged(w, learn, own)[0], judged(w, judge, unseen)];
        if (!Number.isFinite(learnt) || learnt > 100) return course;
        course.push([short(learnt), short(loss), short(right)]);
      }
    }
  }
  return course;
}

/** The same by the library, in float32; with pictures minus their mean if `centred`. */
function byLibrary(kind, batch, rate, seed, last, falling, centred = false) {
  manualSeed(seed);
  const net = new nn.Sequential(new nn.Linear(inputs, hidden), new nn.ReLU(), new nn.Linear(hidden, classes));
  const momentum = kind === 'momentum' ? beta : 0;
  const optimizer =
    kind === 'Adam'
      ? new optim.Adam(net.parameters(), { lr: rate })
      : new optim.SGD(net.parameters(), { lr: rate, momentum });
  const generator = new Generator().manualSeed(1000 + seed);
  const all = last * Math.ceil(rows / batch);
  const course = [];
  let updates = 0;
  const lossOf = nn.functional.crossEntropy;
  const mean = centred ? train.x.flatten(1).mean(0) : 0;
  const [x, unknown] = [train.x, test.x].map((pictures) => pictures.flatten(1).sub(mean));
  const seen = x.narrow(0, 0, own);
  const labels = train.y.narrow(0, 0, own);
  for (let epoch = 0; epoch < last; epoch++)
    for (const chosen of randperm(rows, { generator }).split(batch)) {
      if (falling) optimizer.paramGroups[0].lr = rate * (1 - updates / all);
      optimizer.zeroGrad();
      lossOf(net(x.indexSelect(0, chosen)), train.y.indexSelect(0, chosen)).backward();
      optimizer.step();
      updates++;
      if (checkpoints.includes(updates) && (!falling || updates === all)) {
        const [learnt, loss, right] = noGrad(() => {
          const answers = net(unknown);
          const right = answers.argmax(1).eq(test.y).to('float64').mean();
          return [lossOf(net(seen), labels), lossOf(answers, test.y), right].map((value) => value.item());
        });
        if (!Number.isFinite(learnt) || learnt > 100) return course;
        course.push([short(learnt), short(loss), short(right)]);
      }
    }
  return course;
}

/** Throws if the loops and the library differ after an epoch of batches of 50. */
function compare() {
  for (const [kind, rate] of [
    ['SGD', 0.1],
    ['momentum', 0.01],
    ['Adam', 0.001],
  ]) {
    const both = [trained, byLibrary].map((train) => train(kind, 50, rate, 1, 1, false).at(-1));
    if (both[0].some((value, i) => Math.abs(value / both[1][i] - 1) > 0.005)) throw new Error(`they differ: ${both}`);
  }
}

const short = (value) => Number(value.toPrecision(4));

const committed = path.join(paths.notebooks, '002-gradient-descent', 'fashion-batches.recorded.json');
const options = {
  to: { type: 'string', default: committed },
  minutes: { type: 'string', default: '3' },
  compare: { type: 'boolean', default: false },
};
const { values } = parseArgs({ options });
const { to: file, minutes } = values;
const before = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
const result = {
  about: {
    command: 'node tools/recordings/fashion-batches.mjs, again and again until nothing is missing',
    data: `data.fashionMnist(): the first ${rows} pictures of train to learn from; judged by the first ${own} of these and the first ${unseen} of test.`,
    nets: `784, 32 and 10 units, ReLU, PyTorch's start (seeds 1 and 2), cross entropy; rows shuffled in each epoch (seeds 1001 and 1002). Momentum 0.9; Adam with 0.9 and 0.999.`,
    runs: `By kind, batch, rate, for each seed and checkpoint [loss on pictures learned from, on unseen ones, share of unseen ones that is right]; a list ends where a net diverged. constant: ${epochs} epochs, all rows 100; rates beyond those of rates 1 epoch. falling: after the last of ${epochs} epochs, with a rate that falls evenly to 0. centred: constant, on pictures less the mean picture of those learned from.`,
  },
  batches,
  checkpoints,
  rates,
  constant: {},
  falling: {},
  centred: {},
};
if (values.compare) compare();
const until = performance.now() + 60000 * Number(minutes);
const kinds = Object.keys(rates);
const jobs = [];
const ratesOf = (schedule, kind, batch) => {
  if (schedule === 'centred') return centredRates[kind]?.[batch] ?? [];
  const more = (schedule === 'falling' ? fallingRates : hasty)[kind]?.[batch] ?? [];
  return [...rates[kind][batch], ...more];
};
const planned = (schedule, kind, batch, seed, all = rates[kind][batch]) => {
  for (const rate of all) jobs.push({ schedule, kind, batch, rate, seed });
};
// First what the comparisons need, then the rest.
for (const batch of [50, 500, 5, 5000]) for (const kind of kinds) planned('constant', kind, batch, 1);
for (const kind of kinds)
  for (const batch of [5, 50]) for (const seed of seeds) planned('constant', kind, batch, seed, hasty[kind][batch]);
for (const batch of [500, 50]) for (const kind of kinds) planned('constant', kind, batch, 2);
for (const batch of [500, 50]) for (const kind of kinds) planned('falling', kind, batch, 1);
for (const batch of [500, 50]) for (const kind of kinds) planned('falling', kind, batch, 2);
for (const batch of [5, 5000]) for (const kind of kinds) planned('constant', kind, batch, 2);
for (const seed of seeds)
  for (const batch of [500, 50]) planned('centred', 'SGD', batch, seed, centredRates.SGD[batch]);
for (const seed of seeds)
  for (const kind of ['momentum', 'Adam']) planned('falling', kind, 50, seed, fallingRates[kind][50]);

for (const schedule of ['constant', 'falling', 'centred'])
  for (const kind of kinds)
    for (const batch of batches)
      for (const rate of ratesOf(schedule, kind, batch))
        for (const seed of seeds) {
          const kept = before[schedule]?.[kind]?.[batch]?.[rate]?.[seed];
          if (kept) keep({ schedule, kind, batch, rate, seed }, kept);
        }
let missing = 0;
for (const job of jobs) {
  const { schedule, kind, batch, rate, seed } = job;
  if (result[schedule][kind]?.[batch]?.[rate]?.[seed]) continue;
  if (performance.now() > until) {
    missing++;
    continue;
  }
  const started = performance.now();
  const falling = schedule === 'falling';
  const centred = schedule === 'centred';
  const isHasty = schedule === 'constant' && hasty[kind][batch]?.includes(rate);
  const last = isHasty ? 1 : falling ? epochs : epochsOf[batch];
  const course = (batch === 5 ? trained : byLibrary)(kind, batch, rate, seed, last, falling, centred);
  keep(job, course);
  write();
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${schedule}, ${kind}, ${batch} at ${rate}, seed ${seed}: ${course.at(-1)}, ${seconds} s`);
}
console.log(missing ? `${missing} runs are missing: call it again.` : 'Nothing is missing.');
write();

function keep({ schedule, kind, batch, rate, seed }, course) {
  result[schedule][kind] ??= {};
  result[schedule][kind][batch] ??= {};
  result[schedule][kind][batch][rate] ??= {};
  result[schedule][kind][batch][rate][seed] = course;
}

function write() {
  const text = JSON.stringify(result)
    .replace(/"(about|batches|checkpoints|rates|constant|falling|centred)":/g, '\n"$1":')
    .replace(/"(\d+(?:\.\d+)?(?:e-\d+)?)":\{"1":\[/g, '\n"$1":{"1":[');
  fs.writeFileSync(file, `${text}\n`);
}
