// Records nets for the chapter "Why deep networks?" (note 001). After a build:
//   node tools/recordings/depth.mjs [--to FILE] [--only NAME]
// It takes about half an hour; what the file has already is kept. Nets of one shape are trained at once: their weights lie in one tensor
// whose first dimension is the net, and the rules below act on each number by itself, so no net knows of the others.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { data, Generator, nn, noGrad, rand, randn, randperm, stack, tensor } from 'gradlab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' }, only: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/001-fastai-book/depth.recorded.json');
const sown = (seed) => new Generator().manualSeed(seed);
const F = nn.functional;

/** A sawtooth with this many teeth from -1 to 1 over x from -1 to 1, at 257 training points and 1,024 test points. */
function saw(teeth) {
  const at = (n, shift) => {
    const x = Array.from({ length: n }, (_, i) => -1 + (2 * (i + shift)) / (n - 1 + 2 * shift));
    const height = (t) => 1 - 2 * Math.abs(2 * (t - Math.floor(t)) - 1);
    return {
      x: tensor(x.map((v) => [v])),
      y: tensor(x.map((v) => [height((teeth * (v + 1)) / 2)])),
    };
  };
  return { inputs: 1, outputs: 1, learn: at(257, 0), judge: at(1024, 0.5) };
}
/** Two spirals with this many turns, one inside the other, with noise: 300 training points and 2,000 test points. */
function spirals(turns, draw) {
  const part = (n, seed) => {
    const generator = sown(seed);
    const along = rand([n], { generator }).tolist();
    const noise = randn([n, 2], { generator }).mul(0.02).tolist();
    const x = along.map((a, i) => {
      const r = 0.1 + 0.9 * Math.sqrt(a);
      const angle = 2 * Math.PI * turns * r + Math.PI * (i % 2);
      return [1.7 * (r * Math.cos(angle) + noise[i][0]), 1.7 * (r * Math.sin(angle) + noise[i][1])];
    });
    return {
      x: tensor(x),
      y: tensor(
        x.map((_, i) => i % 2),
        { dtype: 'int32' },
      ),
    };
  };
  return { inputs: 2, outputs: 2, learn: part(300, 1000 + draw), judge: part(2000, 3000 + draw) };
}
const pictures = await data.digits();
/** 500 digits for training and 797 others, shuffled for each draw. */
function digits(draw) {
  const order = randperm(1797, { generator: sown(1000 + draw) });
  const part = (from, n) => {
    const chosen = order.narrow(0, from, n);
    return { x: pictures.x.indexSelect(0, chosen).to('float32'), y: pictures.y.indexSelect(0, chosen) };
  };
  return { inputs: 64, outputs: 10, learn: part(0, 500), judge: part(1000, 797) };
}

/** Optimizer rules: return the step from a gradient, for a rate of 1. State is kept per parameter. */
const rules = {
  SGD: () => (g) => g,
  momentum: () => {
    let v;
    return (g) => (v = v ? v.mul(0.9).add(g) : g);
  },
  Adam: () => {
    const b2 = 0.999;
    let [m, s] = [undefined, undefined];
    return (g, t) => {
      m = m ? m.mul(0.9).add(g.mul(0.1)) : g.mul(0.1);
      const square = g.square().mul(1 - b2);
      s = s ? s.mul(b2).add(square) : square;
      return m.div(1 - 0.9 ** t).div(
        s
          .div(1 - b2 ** t)
          .sqrt()
          .add(1e-8),
      );
    };
  },
};

/**
 * Trains nets of `widths` hidden units on `task(draw)`, one for each seed and rate. `start`: 'usual' as nn.Linear draws, 'He' weights of
 * variance 2/n, with biases of spread 0.5 in the first layer and 0.1 above, times `biases`. `shortcut`: what goes into a hidden layer
 * behind the first is added to its output.
 */
function train({
  task,
  widths,
  rule,
  rates,
  seeds,
  steps,
  batch,
  falling = true,
  start = 'usual',
  biases = 1,
  shortcut = false,
}) {
  const settings = seeds.flatMap((seed) => rates.map((rate) => ({ seed, rate })));
  const nets = settings.length;
  const sets = settings.map(({ seed }) => task(seed));
  const { inputs, outputs } = sets[0];
  const joined = (name) => ({ x: stack(sets.map((one) => one[name].x)), y: stack(sets.map((one) => one[name].y)) });
  const [learn, judge] = ['learn', 'judge'].map(joined);
  const isClass = learn.y.dtype === 'int32';
  const sizes = [inputs, ...widths, outputs];
  const layers = sizes.slice(1).map((to, l) => {
    const from = sizes[l];
    const drawn = (shape, k, spread) =>
      stack(
        settings.map(({ seed }) => {
          const generator = sown(10000 * (l + 1) + 100 * seed + k);
          return start === 'usual'
            ? rand(shape, { generator }).mul(2).sub(1).div(Math.sqrt(from))
            : randn(shape, { generator }).mul(spread);
        }),
      ).requiresGrad_();
    return {
      weight: drawn([from, to], 0, Math.sqrt(2 / from)),
      bias: drawn([1, to], 1, biases * (l === 0 ? 0.5 : 0.1)),
    };
  });
  const parameters = layers.flatMap(({ weight, bias }) => [weight, bias]);
  const stepsOf = parameters.map(() => rules[rule]());
  const rate = tensor(settings.map((one) => one.rate)).reshape([nets, 1, 1]);
  const forward = (x) => {
    let h = x;
    layers.forEach(({ weight, bias }, l) => {
      const sum = h.matmul(weight).add(bias);
      if (l === layers.length - 1) h = sum;
      else if (shortcut && l > 0) h = h.add(sum.relu());
      else h = sum.relu();
    });
    return h;
  };
  const lossesOf = (out, y) =>
    isClass
      ? F.crossEntropy(out.reshape([-1, outputs]), y.reshape([-1]), { reduction: 'none' }).reshape([nets, -1])
      : out.sub(y).square().squeeze(2);
  const look = (part) =>
    noGrad(() => {
      const out = forward(part.x);
      return {
        loss: lossesOf(out, part.y).mean(1).tolist(),
        wrong: isClass ? out.argmax(2).ne(part.y).to('float32').mean(1).tolist() : undefined,
      };
    });
  const rows = learn.x.shape[1];
  const order = sown(8);
  let deal = [];
  for (let step = 1; step <= steps; step++) {
    let part = learn;
    if (batch) {
      if (deal.length === 0) deal = [...randperm(rows, { generator: order }).split(batch)];
      const chosen = deal.pop();
      part = { x: learn.x.indexSelect(1, chosen), y: learn.y.indexSelect(1, chosen) };
    }
    for (const p of parameters) p.grad = null;
    lossesOf(forward(part.x), part.y).mean(1).sum().backward();
    const share = falling ? 0.5 * (1 + Math.cos((Math.PI * (step - 1)) / steps)) : 1;
    noGrad(() => {
      for (const [i, p] of parameters.entries()) p.sub_(stepsOf[i](p.grad, step).mul(rate).mul(share));
    });
  }
  const [own, other] = [look(learn), look(judge)];
  return settings.map((setting, k) => ({
    ...setting,
    own: own.loss[k],
    judge: other.loss[k],
    ...(isClass && { ownWrong: own.wrong[k], wrong: other.wrong[k] }),
  }));
}

const about =
  'Losses of the rows learned from (own) and of others (judge), and shares that are wrong, at the end of training; by tools/recordings/depth.mjs';
const record = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { runs: {} };
const short = (value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);
/** Trains what the file does not have yet, and writes the file. */
function run(name, given) {
  if (record.runs[name] || (options.only && !name.includes(options.only))) return;
  const began = Date.now();
  const trained = train(given);
  const { rule, widths, steps, start, shortcut, falling } = given;
  record.runs[name] = {
    ...{ rule, widths, steps, start, shortcut, falling },
    nets: trained.map((one) => JSON.parse(JSON.stringify(one, (_, value) => short(value)))),
  };
  fs.writeFileSync(file, `${JSON.stringify({ about, ...record })}\n`);
  console.log(name, `${((Date.now() - began) / 1000).toFixed(0)} s`, summary(trained));
}
/** For the terminal: the best rate by the training loss, and its mean. */
function summary(trained) {
  const rates = [...new Set(trained.map((one) => one.rate))];
  const mean = (all) => all.reduce((a, b) => a + b) / all.length;
  return rates
    .map((rate) => {
      const those = trained.filter((one) => one.rate === rate);
      const wrong = those[0].wrong === undefined ? '' : ` (${(100 * mean(those.map((one) => one.wrong))).toFixed(1)}%)`;
      return `${rate}: ${mean(those.map((one) => one.own)).toPrecision(2)}${wrong}`;
    })
    .join(' | ');
}
const seeds = [1, 2, 3, 4, 5];
const manySeeds = Array.from({ length: 15 }, (_, i) => i + 1);
const repeat = (width, layers) => Array(layers).fill(width);
/** About 300 weights for one input, 650 for two, 5,000 for the digits. */
const few = { 1: 100, 2: 15, 3: 11, 5: 8, 8: 6 };
const some = { 1: 130, 2: 23, 3: 16, 5: 12, 8: 9 };
const middle = { 1: 66, 2: 42, 4: 30, 8: 22 };
const rates = [0.003, 0.01, 0.03];
const fourTeeth = (name, depth, more = {}) =>
  run(`saw, ${name}, ${depth}`, {
    ...{
      task: () => saw(4),
      widths: repeat(few[depth], depth),
      rule: 'Adam',
      rates,
      seeds,
      steps: 2000,
      start: 'He',
      ...more,
    },
  });
const turns = (name, depth, more = {}) =>
  run(`spirals, ${name}, ${depth}`, {
    ...{ task: (draw) => spirals(3, draw), widths: repeat(some[depth], depth), rule: 'Adam' },
    ...{ rates: [0.01, 0.03, 0.1], seeds, steps: 1000, start: 'He', ...more },
  });
const tenDigits = (name, depth, more = {}) =>
  run(`digits, ${name}, ${depth}`, {
    ...{ task: digits, widths: repeat(middle[depth], depth), rule: 'Adam', rates: [0.003, 0.01, 0.03], seeds },
    ...{ steps: 300, batch: 50, start: 'He', ...more },
  });
for (const depth of [1, 2, 3, 5, 8]) fourTeeth('Adam', depth, { seeds: manySeeds });
for (const depth of [1, 2, 4, 8]) tenDigits('Adam', depth);
for (const depth of [1, 2, 3, 5]) turns('Adam', depth);
for (const depth of [1, 3]) turns('longer', depth, { rates: [0.03, 0.1], steps: 3000 });
// Tests whether narrow layers learn to fold: six layers, which could draw 64 pieces, of several widths.
const sixLayers = (name, width, more = {}) =>
  run(`six layers, ${name}, ${width}`, {
    ...{
      task: () => saw(4),
      widths: repeat(width, 6),
      rule: 'Adam',
      rates: [0.003, 0.01],
      seeds: manySeeds.slice(0, 10),
    },
    ...{ steps: 1000, start: 'He', ...more },
  });
for (const width of [2, 4, 8, 16]) sixLayers('Adam', width);
for (const width of [2, 8]) sixLayers('momentum', width, { rule: 'momentum', rates: [0.01, 0.03] });
for (const width of [2, 8]) sixLayers('usual start', width, { start: 'usual' });
for (const width of [2, 8]) sixLayers('shortcuts', width, { shortcut: true });
for (const depth of [1, 2, 4, 8]) tenDigits('momentum', depth, { rule: 'momentum', rates: [0.01, 0.03, 0.1] });
for (const depth of [4, 8]) tenDigits('shortcuts', depth, { shortcut: true });
for (const depth of [1, 3, 5]) fourTeeth('momentum', depth, { rule: 'momentum', rates: [0.01, 0.03, 0.1] });
for (const depth of [1, 2, 3, 5, 8]) fourTeeth('usual start', depth, { start: 'usual' });
for (const depth of [3, 5]) fourTeeth('shortcuts', depth, { shortcut: true });
// Tests whether the single layer learns because it has spare kinks: seven are needed.
for (const width of [8, 16, 32]) fourTeeth(`one layer of ${width}`, 1, { widths: [width], seeds: manySeeds });
// He initialisation with zero biases: then the kinks of the first layer are all at x = 0.
fourTeeth('biases 0', 1, { biases: 0, rates: [0.01, 0.03, 0.1], seeds: manySeeds });
fourTeeth('biases 0', 3, { biases: 0, seeds: manySeeds });
// Twice as many teeth, with as many weights.
for (const depth of [1, 3]) fourTeeth('eight teeth', depth, { task: () => saw(8) });
