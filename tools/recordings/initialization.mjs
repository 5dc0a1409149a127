// Records nets for the chapter "Weight initialization" (note 004). After a build:
//   node tools/recordings/initialization.mjs [--to FILE] [digits/8 …]
// Arguments are prefixes of the cells to compute. What the file has already is kept.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { data, Generator, nn, noGrad, ones, optim, rand, randn, randperm, setNumThreads, zeros } from 'gradlab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

setNumThreads(1);
const { crossEntropy } = nn.functional;
const width = 32;
const [learnRows, judgeRows] = [1280, 500];
const batch = 64;
const epochs = 10;
/** A net for each; the nets of a cell are trained at the same time, as a dimension of all tensors. */
const seeds = [1, 2, 3];
const nets = seeds.length;

const bells = (variance) => (ins, outs, generator) =>
  randn([ins, outs], { generator }).mul(Math.sqrt(variance(ins, outs)));
/** Initialisations of weights of shape [in, out]. */
const rules = {
  zero: (ins, outs) => zeros([ins, outs]),
  constant: (ins, outs) => ones([ins, outs]).mul(0.1),
  'sd 0.01': bells(() => 0.01 ** 2),
  PyTorch: (ins, outs, generator) => rand([ins, outs], { generator }).mul(2).sub(1).div(Math.sqrt(ins)),
  '1/(in+out)': bells((ins, outs) => 1 / (ins + outs)),
  Xavier: bells((ins, outs) => 2 / (ins + outs)),
  He: bells((ins) => 2 / ins),
  '4/in': bells((ins) => 4 / ins),
  'sd 1': bells(() => 1),
};
const activations = { tanh: (z) => z.tanh(), ReLU: (z) => z.relu() };
const kinds = {
  SGD: [0.01, 0.03, 0.1, 0.3, 1, 3],
  momentum: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
  Adam: [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1],
};
const optimizers = {
  SGD: (weights, lr) => new optim.SGD(weights, { lr }),
  momentum: (weights, lr) => new optim.SGD(weights, { lr, momentum: 0.9 }),
  Adam: (weights, lr) => new optim.Adam(weights, { lr }),
};

const digits = await data.digits();
const order = randperm(1797, { generator: new Generator().manualSeed(1) });
const partOf = (from, length) => {
  const chosen = order.narrow(0, from, length);
  return { x: digits.x.indexSelect(0, chosen), y: digits.y.indexSelect(0, chosen) };
};
const [learn, judge] = [partOf(0, learnRows), partOf(learnRows, judgeRows)];
const mean = learn.x.mean(0);
const scale = 1 / Math.sqrt(learn.x.sub(mean).square().mean().item());
for (const part of [learn, judge]) part.x = part.x.sub(mean).mul(scale);

/** Three nets at once: weights [nets, in, out] and biases [nets, 1, out] of each layer; with batch norm also scales. */
function netsOf(activation, depth, rule, help) {
  const generators = seeds.map((seed) => new Generator().manualSeed(seed));
  const widths = [64, ...Array(depth).fill(width), 10];
  const layers = widths.slice(1).map((outs, l) => {
    const drawn = generators.map((generator) => rules[rule](widths[l], outs, generator));
    const weight = zeros([nets, widths[l], outs]);
    for (const [k, one] of drawn.entries()) weight.narrow(0, k, 1).copy_(one.unsqueeze(0));
    const inner = l < depth;
    const bias = zeros([nets, 1, outs]);
    if (rule === 'PyTorch')
      for (const [k, generator] of generators.entries())
        bias.narrow(0, k, 1).copy_(rules.PyTorch(1, outs, generator).div(Math.sqrt(widths[l])).unsqueeze(0));
    return {
      weight: weight.requiresGrad_(),
      bias: bias.requiresGrad_(),
      ...(help === 'batch norm' && inner && { scale: ones([nets, 1, outs]).requiresGrad_() }),
    };
  });
  const forward = (x) => {
    let h = x;
    for (const [l, layer] of layers.entries()) {
      let z = h.matmul(layer.weight);
      if (layer.scale) {
        const centred = z.sub(z.mean(1, { keepdim: true }));
        z = centred.div(centred.square().mean(1, { keepdim: true }).add(1e-5).sqrt()).mul(layer.scale);
      }
      z = z.add(layer.bias);
      if (l === depth) return z;
      h = help === 'skip' && l > 0 ? activations[activation](z).add(h) : activations[activation](z);
    }
  };
  return { forward, parameters: layers.flatMap((layer) => Object.values(layer)) };
}

const short = (value) => (Number.isFinite(value) ? Number(value.toPrecision(3)) : null);

/** For each net the loss on all training rows, and the accuracy on unseen digits. */
function train({ activation, depth, rule, help, kind, lr, turns = epochs }) {
  const { forward, parameters } = netsOf(activation, depth, rule, help);
  const optimizer = optimizers[kind](parameters, lr);
  const generators = seeds.map((seed) => new Generator().manualSeed(1000 + seed));
  const [perEpoch, steps] = [learnRows / batch, (turns * learnRows) / batch];
  let orders = [];
  for (let step = 0; step < steps; step++) {
    const at = step % perEpoch;
    if (at === 0) orders = generators.map((generator) => randperm(learnRows, { generator }).tolist());
    const rows = orders.flatMap((one) => one.slice(at * batch, (at + 1) * batch));
    optimizer.paramGroups[0].lr = (lr * (1 + Math.cos((Math.PI * step) / steps))) / 2;
    optimizer.zeroGrad();
    const scores = forward(learn.x.at(rows).view([nets, batch, 64])).view([nets * batch, 10]);
    crossEntropy(scores, learn.y.at(rows)).mul(nets).backward();
    optimizer.step();
  }
  return noGrad(() => {
    const scores = forward(learn.x.unsqueeze(0)).unbind(0);
    const unseen = forward(judge.x.unsqueeze(0)).unbind(0);
    return {
      losses: scores.map((one) => short(crossEntropy(one, learn.y).item())),
      right: unseen.map((one) => short(one.argmax(1).eq(judge.y).to('float64').mean().item())),
    };
  });
}

const random = Object.keys(rules).filter((rule) => rule !== 'zero' && rule !== 'constant');
const cells = [
  ['none', 8, ['momentum', 'Adam'], Object.keys(rules)],
  ['none', 2, ['momentum', 'Adam'], random],
  ['batch norm', 8, ['momentum', 'Adam'], ['sd 0.01', 'He', 'sd 1']],
  ['skip', 8, ['momentum', 'Adam'], ['sd 0.01', 'He', 'sd 1']],
  ['none', 8, ['SGD'], ['PyTorch', '1/(in+out)', 'Xavier', 'He']],
  ['none', 20, ['Adam', 'momentum'], random],
].flatMap(([help, depth, chosen, some]) =>
  chosen.flatMap((kind) =>
    Object.keys(activations).flatMap((activation) => some.map((rule) => ({ help, depth, kind, activation, rule }))),
  ),
);
/** Cells that did not learn, again with five times the epochs, at two rates. */
const longer = [
  { help: 'none', depth: 8, kind: 'Adam', activation: 'tanh', rule: 'sd 0.01', rates: [0.003, 0.01] },
  { help: 'none', depth: 8, kind: 'Adam', activation: 'ReLU', rule: 'sd 0.01', rates: [0.003, 0.01] },
  { help: 'none', depth: 8, kind: 'momentum', activation: 'ReLU', rule: 'PyTorch', rates: [0.1, 0.3] },
  { help: 'none', depth: 20, kind: 'momentum', activation: 'ReLU', rule: 'Xavier', rates: [0.01, 0.03] },
  { help: 'none', depth: 20, kind: 'momentum', activation: 'ReLU', rule: 'He', rates: [0.01, 0.03] },
];
const nameOf = ({ help, depth, kind, activation, rule }) => [help, depth, kind, activation, rule].join('/');

const committed = path.join(paths.notebooks, '004-neural-networks', 'initialization.recorded.json');
const { values, positionals } = parseArgs({
  options: { to: { type: 'string', default: committed } },
  allowPositionals: true,
});
const file = fs.existsSync(values.to) ? JSON.parse(fs.readFileSync(values.to, 'utf8')) : {};
const before = file.cells ?? {};
const about = {
  command: 'node tools/recordings/initialization.mjs',
  data: `data.digits(), each pixel less its mean over the ${learnRows} rows to learn from, all divided by one number, so that the mean square of these is 1; ${judgeRows} others to judge by; a permutation of seed 1.`,
  nets: `64 inputs, hidden layers of ${width}, 10 outputs, biases 0 at first (PyTorch: uniform within 1/√in), cross entropy, batches of ${batch}, ${epochs} epochs, the rate falls to 0 as half a cosine. Weights by seeds ${seeds.join(', ')}, orders by seeds ${1000 + seeds[0]} and on. Momentum 0.9; Adam with 0.9 and 0.999.`,
  rules:
    'PyTorch: uniform within 1/√in, whose variance is 1/(3 in), as nn.Linear starts. All layers follow the rule, the last one, too. Batch norm: of the sums of hidden layers, with scale and bias, ' +
    'by the rows at hand, when judging as well. skip: the outputs of a hidden layer plus its inputs, from the second on.',
  longer: `As cells, with ${5 * epochs} epochs, at the rates named.`,
  cells:
    'help/hidden layers/kind/activation/rule: for each rate the losses of three nets on the rows learned from (null: not finite), and the shares of unseen digits that are right.',
};
const result = {};
const long = file.longer ?? {};
const started = performance.now();
for (const cell of cells) {
  const name = nameOf(cell);
  if (before[name]) result[name] = before[name];
}
for (const cell of cells) {
  const name = nameOf(cell);
  if (result[name] || (positionals.length && !positionals.some((start) => name.startsWith(start)))) continue;
  const runs = kinds[cell.kind].map((lr) => train({ ...cell, lr }));
  result[name] = { losses: runs.map(({ losses }) => losses), right: runs.map(({ right }) => right) };
  const learnt = runs.map(({ losses }) => losses.filter((loss) => loss !== null && loss < 0.3).length);
  console.log(`${Math.round((performance.now() - started) / 1000)} s ${name}: ${learnt.join(' ')}`);
  write();
}

for (const cell of longer) {
  const name = nameOf(cell);
  if (long[name] || positionals.length) continue;
  const runs = cell.rates.map((lr) => train({ ...cell, lr, turns: 5 * epochs }));
  long[name] = { rates: cell.rates, losses: runs.map(({ losses }) => losses) };
  console.log(`longer ${name}: ${JSON.stringify(long[name])}`);
  write();
}

function write() {
  const lines = cells
    .map(nameOf)
    .filter((name) => result[name])
    .map((name) => `${JSON.stringify(name)}: ${JSON.stringify(result[name])}`);
  fs.writeFileSync(
    values.to,
    `{"about": ${JSON.stringify(about)},\n"kinds": ${JSON.stringify(kinds)},\n"longer": ${JSON.stringify(long)},\n"cells": {\n${lines.join(',\n')}\n}}\n`,
  );
}
