// Records nets for the chapter "Batch normalization" (note 004). After a build:
//   node tools/recordings/batch-norm.mjs [--to FILE]
// It takes about three quarters of an hour. What the file has already is kept. The steps are loops over arrays, without the library: the notebook
// trains some of the nets again with it, and so checks both.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { data, Generator, randn, randperm } from 'gradlab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const [rows, unseen, largest, width, depth] = [1024, 500, 64, 32, 8];
const sizes = [64, ...Array.from({ length: depth }, () => width), 10];
const seeds = [1, 2, 3];
const freshSeeds = [4, 5, 6, 7, 8];
const kinds = {
  SGD: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
  momentum: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
  Adam: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
};
const falling = (share) => (1 + Math.cos(Math.PI * share)) / 2;
const [beta, beta2, epsilon, eps, kept] = [0.9, 0.999, 1e-8, 1e-5, 0.1];

const digits = await data.digits();
const order = randperm(1797, { generator: new Generator().manualSeed(1) });
const partOf = (from, length) => {
  const chosen = order.narrow(0, from, length);
  const [x, y] = [digits.x.indexSelect(0, chosen), digits.y.indexSelect(0, chosen)];
  return { n: length, x: Float64Array.from(x.tolist().flat()), y: y.tolist() };
};
const [learn, judge] = [partOf(0, rows), partOf(1797 - unseen, unseen)];

/** Weights from N(0, 2/inputs) times `times`, the last layer's from N(0, 1/inputs); biases 0, γ = 1 and β = 0. */
function startOf(times, seed) {
  const generator = new Generator().manualSeed(seed);
  return sizes.slice(1).map((out, l) => {
    const inputs = sizes[l];
    const spread = (l === depth ? 1 : Math.SQRT2 * times) / Math.sqrt(inputs);
    const drawn = randn([out, inputs], { dtype: 'float64', generator }).mul(spread);
    return {
      out,
      inputs,
      // weights, biases, γ, β in one list: the optimizer sees no difference
      w: Float64Array.from([
        ...drawn.tolist().flat(),
        ...Array(out).fill(0),
        ...Array(out).fill(1),
        ...Array(out).fill(0),
      ]),
      g: new Float64Array(out * (inputs + 3)),
      mean: new Float64Array(out),
      variance: new Float64Array(out).fill(1),
    };
  });
}

const room = (n) => sizes.slice(1).map((out) => new Float64Array(n * out));
const [z, standard, values, blame] = [room(largest), room(largest), room(largest), room(largest)];
const spreads = sizes.slice(1).map((out) => new Float64Array(Math.max(out, largest)));
const input = new Float64Array(largest * 64);

/** Layer norm: mean and spread over the units of each row. */
function byRows(l, out, n, w, gamma, shift) {
  for (let i = 0; i < n; i++) {
    let [m, v] = [0, 0];
    for (let k = 0; k < out; k++) m += z[l][i * out + k];
    m /= out;
    for (let k = 0; k < out; k++) v += (z[l][i * out + k] - m) ** 2;
    const spread = Math.sqrt(v / out + eps);
    spreads[l][i] = spread;
    for (let k = 0; k < out; k++) {
      const one = (z[l][i * out + k] - m) / spread;
      standard[l][i * out + k] = one;
      values[l][i * out + k] = Math.max(0, w[gamma + k] * one + w[shift + k]);
    }
  }
}

/** Adds the derivatives of one layer's γ and β to `g`, and propagates `d` through its layer norm. */
function backByRows(l, out, n, { w, g }, gamma, shift, d) {
  for (let i = 0; i < n; i++) {
    let [shared, stretch] = [0, 0];
    for (let k = 0, a = i * out; k < out; k++, a++) {
      g[gamma + k] += d[a] * standard[l][a];
      g[shift + k] += d[a];
      d[a] *= w[gamma + k];
      shared += d[a];
      stretch += d[a] * standard[l][a];
    }
    for (let k = 0, a = i * out; k < out; k++, a++)
      d[a] = (d[a] - shared / out - (standard[l][a] * stretch) / out) / spreads[l][i];
  }
}

/** Writes the layers' outputs for `n` rows of `input` to `values`; the last layer's are scores. */
function forward(layers, norm, n, training) {
  layers.forEach(({ out, inputs, w, mean, variance }, l) => {
    const from = l === 0 ? input : values[l - 1];
    const [bias, gamma, shift] = [out * inputs, out * (inputs + 1), out * (inputs + 2)];
    for (let i = 0; i < n; i++)
      for (let k = 0; k < out; k++) {
        let [s0, s1, s2, s3] = [w[bias + k], 0, 0, 0];
        for (let j = 0, a = k * inputs, b = i * inputs; j < inputs; j += 4) {
          s0 += w[a + j] * from[b + j];
          s1 += w[a + j + 1] * from[b + j + 1];
          s2 += w[a + j + 2] * from[b + j + 2];
          s3 += w[a + j + 3] * from[b + j + 3];
        }
        z[l][i * out + k] = s0 + s1 + (s2 + s3);
      }
    if (l === depth) {
      values[l].set(z[l]);
      return;
    }
    if (!norm) {
      for (let i = 0; i < n * out; i++) values[l][i] = Math.max(0, z[l][i]);
      return;
    }
    if (norm === 'layer norm') {
      byRows(l, out, n, w, gamma, shift);
      return;
    }
    for (let k = 0; k < out; k++) {
      let [m, v] = [mean[k], variance[k]];
      if (training) {
        m = 0;
        v = 0;
        for (let i = 0; i < n; i++) m += z[l][i * out + k];
        m /= n;
        for (let i = 0; i < n; i++) v += (z[l][i * out + k] - m) ** 2;
        mean[k] += kept * (m - mean[k]);
        variance[k] += kept * (v / (n - 1) - variance[k]);
        v /= n;
      }
      const spread = Math.sqrt(v + eps);
      spreads[l][k] = spread;
      for (let i = 0; i < n; i++) {
        const one = (z[l][i * out + k] - m) / spread;
        standard[l][i * out + k] = one;
        values[l][i * out + k] = Math.max(0, w[gamma + k] * one + w[shift + k]);
      }
    }
  });
}

/** Turns a row's scores into probabilities, and returns its cross entropy. */
function lossOfRow(scores, i, target) {
  let top = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < 10; c++) top = Math.max(top, scores[i * 10 + c]);
  const score = scores[i * 10 + target];
  let total = 0;
  for (let c = 0; c < 10; c++) total += scores[i * 10 + c] = Math.exp(scores[i * 10 + c] - top);
  for (let c = 0; c < 10; c++) scores[i * 10 + c] /= total;
  return top + Math.log(total) - score;
}

/** Writes the gradients of the mean loss to each layer's `g`. */
function backward(layers, norm, n) {
  for (let l = depth; l >= 0; l--) {
    const { out, inputs, w, g } = layers[l];
    const [bias, gamma, shift] = [out * inputs, out * (inputs + 1), out * (inputs + 2)];
    g.fill(0);
    const d = blame[l];
    if (l < depth) {
      for (let i = 0; i < n * out; i++) if (values[l][i] <= 0) d[i] = 0;
      if (norm === 'layer norm') backByRows(l, out, n, layers[l], gamma, shift, d);
      else if (norm)
        for (let k = 0; k < out; k++) {
          let [shared, stretch] = [0, 0];
          for (let i = 0; i < n; i++) {
            shared += d[i * out + k];
            stretch += d[i * out + k] * standard[l][i * out + k];
          }
          g[gamma + k] = stretch;
          g[shift + k] = shared;
          const factor = w[gamma + k] / spreads[l][k];
          for (let i = 0; i < n; i++)
            d[i * out + k] = factor * (d[i * out + k] - shared / n - (standard[l][i * out + k] * stretch) / n);
        }
    }
    const from = l === 0 ? input : values[l - 1];
    const back = l === 0 ? undefined : blame[l - 1];
    back?.fill(0);
    for (let i = 0; i < n; i++)
      for (let k = 0; k < out; k++) {
        const one = d[i * out + k];
        if (one === 0) continue;
        g[bias + k] += one;
        const [a, b] = [k * inputs, i * inputs];
        for (let j = 0; j < inputs; j++) g[a + j] += one * from[b + j];
        if (back) for (let j = 0; j < inputs; j++) back[b + j] += one * w[a + j];
      }
  }
}

/** Averages of zero gradients become subnormal, for which arithmetic is a hundred times as slow. */
const flushed = (value) => (Math.abs(value) < 1e-200 ? 0 : value);

function stepper(kind, layers) {
  const all = layers.map(({ w }) => [new Float64Array(w.length), new Float64Array(w.length)]);
  let [power, power2] = [1, 1];
  return (rate) => {
    power *= beta;
    power2 *= beta2;
    layers.forEach(({ w, g }, l) => {
      const [m, v] = all[l];
      if (kind === 'SGD') for (let i = 0; i < w.length; i++) w[i] -= rate * g[i];
      else if (kind === 'momentum')
        for (let i = 0; i < w.length; i++) {
          m[i] = flushed(beta * m[i]) + g[i];
          w[i] -= rate * m[i];
        }
      else
        for (let i = 0; i < w.length; i++) {
          m[i] = flushed(beta * m[i]) + (1 - beta) * g[i];
          v[i] = flushed(beta2 * v[i]) + (1 - beta2) * g[i] * g[i];
          w[i] -= (rate * (m[i] / (1 - power))) / (Math.sqrt(v[i] / (1 - power2)) + epsilon);
        }
    });
  };
}

/** Copies some rows of a part to `input`. */
function load(part, chosen) {
  chosen.forEach((row, i) => {
    for (let j = 0; j < 64; j++) input[i * 64 + j] = part.x[row * 64 + j];
  });
}

/** Loss and accuracy in evaluation, with running statistics. */
function judged(layers, norm, part) {
  let [loss, right] = [0, 0];
  for (let from = 0; from < part.n; from += largest) {
    const chosen = Array.from({ length: Math.min(largest, part.n - from) }, (_, i) => from + i);
    load(part, chosen);
    forward(layers, norm, chosen.length, false);
    const scores = values[depth];
    chosen.forEach((row, i) => {
      loss += lossOfRow(scores, i, part.y[row]);
      const ten = scores.subarray(i * 10, i * 10 + 10);
      if (ten.indexOf(Math.max(...ten)) === part.y[row]) right++;
    });
  }
  return { loss: loss / part.n, right: right / part.n };
}

/** Trains one net: the mean loss of each epoch's batches, and at the end loss and accuracy in evaluation. */
function train({ norm, kind, times, batch = 64, epochs = 20 }, rate, seed) {
  const layers = startOf(times, seed);
  const step = stepper(kind, layers);
  const generator = new Generator().manualSeed(1000 + seed);
  const perEpoch = rows / batch;
  const course = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const turns = randperm(rows, { generator }).tolist();
    let mean = 0;
    for (let s = 0; s < perEpoch; s++) {
      const chosen = turns.slice(s * batch, (s + 1) * batch);
      load(learn, chosen);
      forward(layers, norm, batch, true);
      const d = values[depth];
      chosen.forEach((row, i) => {
        mean += lossOfRow(d, i, learn.y[row]) / rows;
        d[i * 10 + learn.y[row]] -= 1;
      });
      for (let i = 0; i < batch * 10; i++) blame[depth][i] = d[i] / batch;
      backward(layers, norm, batch);
      step(rate * falling((epoch * perEpoch + s) / (epochs * perEpoch)));
    }
    course.push(mean);
    if (!(mean < 1e6)) return { course, loss: null, right: null };
  }
  const end = judged(layers, norm, learn);
  const ended = Number.isFinite(end.loss);
  return { course, loss: ended ? end.loss : null, right: ended ? judged(layers, norm, judge).right : null };
}

const short = (value) =>
  value === null || value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(4));
const nameOf = ({ norm, kind, times, batch = 64, epochs = 20 }) =>
  [
    'ReLU',
    norm || 'plain',
    kind,
    'falling',
    `× ${times}`,
    ...(batch === 64 ? [] : [`batches of ${batch}`]),
    ...(epochs === 20 ? [] : [`${epochs} epochs`]),
  ].join(', ');
const cases = [
  ...['momentum', 'Adam', 'SGD'].map((kind) => ({ kind, times: 1 })),
  ...['momentum', 'Adam'].map((kind) => ({ kind, times: 3 })),
]
  .flatMap((one) => ['', 'batch norm'].map((norm) => ({ ...one, norm })))
  .concat(['', 'batch norm', 'layer norm'].map((norm) => ({ kind: 'momentum', times: 1, batch: 4, norm })))
  .concat(['', 'batch norm'].map((norm) => ({ kind: 'Adam', times: 1, epochs: 60, rates: [0.003, 0.01, 0.03], norm })));

const committed = path.join(paths.notebooks, '004-neural-networks', 'batch-norm.recorded.json');
const { to: file } = parseArgs({ options: { to: { type: 'string', default: committed } } }).values;
const before = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
const result = {
  about: {
    command: 'node tools/recordings/batch-norm.mjs',
    data: `data.digits(): ${rows} rows to learn from, ${unseen} others to judge by; a permutation of seed 1.`,
    nets: `64 inputs, ${depth} hidden layers of ${width} units, 10 classes; ReLU, weights N(0, 2/n) times 1 or 3, biases 0. Batch norm or layer norm before each ReLU, ε 1e-5, momentum 0.1.`,
    training: `Cross entropy, batches of ${largest} and 20 epochs, or as named, rows shuffled in each (seeds 1001 and on). Momentum 0.9; Adam with 0.9 and 0.999. The rate falls to 0 by a cosine.`,
    runs: 'By kind of norm, kind of step and start: for each rate (60 epochs: 0.003, 0.01, 0.03) and each of the seeds 1, 2, 3 the loss in use of the rows learned from, and the share of unseen rows that are right; null: diverged.',
    fresh:
      'At the rate of the least median loss, with five nets of seeds 4 to 8: the same, and courses: the mean loss of each epoch’s batches.',
  },
  rates: kinds,
  runs: before.runs ?? {},
  fresh: before.fresh ?? {},
};
const write = () => {
  const text = JSON.stringify(result).replace(/"(about|rates|runs|fresh|ReLU,[^"]*)":/g, '\n"$1":');
  fs.writeFileSync(file, `${text}\n`);
};
const middle = (all) => all.map((loss) => loss ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)[(all.length - 1) / 2];
const started = performance.now();
const told = (name, loss, rate) =>
  console.log(`${name}: ${loss} at ${rate}, ${Math.round((performance.now() - started) / 1000)} s`);
for (const one of cases) {
  const name = nameOf(one);
  const rates = one.rates ?? kinds[one.kind];
  result.runs[name] ??= { losses: [], right: [] };
  const runs = result.runs[name];
  for (const rate of rates.slice(runs.losses.length)) {
    const three = seeds.map((seed) => train(one, rate, seed));
    runs.losses.push(three.map(({ loss }) => short(loss)));
    runs.right.push(three.map(({ right }) => short(right)));
    write();
  }
  const ends = result.runs[name].losses.map(middle);
  const best = ends.indexOf(Math.min(...ends));
  result.fresh[name] ??= { rate: rates[best], losses: [], right: [], courses: [] };
  const fresh = result.fresh[name];
  for (const seed of freshSeeds.slice(fresh.losses.length)) {
    const { loss, right, course } = train(one, rates[best], seed);
    fresh.losses.push(short(loss));
    fresh.right.push(short(right));
    fresh.courses.push(course.map(short));
    write();
  }
  told(
    name,
    `${ends.map((loss) => loss.toPrecision(3)).join(' ')}; fresh ${middle(result.fresh[name].losses)}`,
    rates[best],
  );
}
write();
