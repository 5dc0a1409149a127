// Records nets for the chapter "A three-class net from scratch" (note 002). After a build:
//   node tools/recordings/three-class-net.mjs [--to FILE] [--only NAME]
// It takes about four minutes; what the file has already is kept.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { manualSeed, nn, noGrad, optim, rand, randint, randperm, useDeterministicAlgorithms } from 'gradlab';
import { ruledRows, twentyToThree } from 'gradlab/lab/lessons/002-gradient-descent-in-3d';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' }, only: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/002-gradient-descent/three-class-net.recorded.json');
const { crossEntropy } = nn.functional;
useDeterministicAlgorithms(true);
const seeds = [1, 2, 3, 4, 5];
const netOf = (seed) => {
  manualSeed(seed + 1000);
  return twentyToThree();
};
const netWithBiases = (seed) => {
  manualSeed(seed + 1000);
  return new nn.Sequential(
    new nn.Linear(20, 13),
    new nn.ReLU(),
    new nn.Linear(13, 8),
    new nn.Sigmoid(),
    new nn.Linear(8, 3),
  );
};
const rules = {
  plain: (weights, lr) => new optim.SGD(weights, { lr }),
  'momentum 0.5': (weights, lr) => new optim.SGD(weights, { lr, momentum: 0.5 }),
  'momentum 0.9': (weights, lr) => new optim.SGD(weights, { lr, momentum: 0.9 }),
  'momentum 0.99': (weights, lr) => new optim.SGD(weights, { lr, momentum: 0.99 }),
  'Nesterov 0.9': (weights, lr) => new optim.SGD(weights, { lr, momentum: 0.9, nesterov: true }),
  Adam: (weights, lr) => new optim.Adam(weights, { lr }),
  'Adam 0.95': (weights, lr) => new optim.Adam(weights, { lr, betas: [0.9, 0.95] }),
};

const changes = {
  raw: (x) => x,
  'only scaled': (x) => x.div(x.std(0)),
  centred: (x) => x.sub(x.mean(0)),
  scaled: (x) => x.sub(x.mean(0)).div(x.std(0)),
};

/** Steps on all rows until their loss is below 0.1; null: not in 1,500. */
function stepsUntil(rule, lr, inputs, seed, make = netOf) {
  const { x: rows, y } = ruledRows(seed);
  const x = changes[inputs](rows);
  const net = make(seed);
  const optimizer = rules[rule]([...net.parameters()], lr);
  for (let step = 0; step < 1500; step++) {
    optimizer.zeroGrad();
    const loss = crossEntropy(net.forward(x), y);
    const now = loss.item();
    if (now < 0.1) return step;
    if (!(now < 50)) return null;
    loss.backward();
    optimizer.step();
  }
  return null;
}

/** Steps on 50 rows each until the loss of all rows, checked every 10 steps, is below 0.1; null: not in 1,000. */
function stepsByBatches(rule, lr, inputs, seed) {
  const { x: rows, y } = ruledRows(seed);
  const x = changes[inputs](rows);
  const net = netOf(seed);
  const optimizer = rules[rule]([...net.parameters()], lr);
  let order = randperm(500);
  for (let step = 0; step <= 1000; step++) {
    if (step % 10 === 0 && noGrad(() => crossEntropy(net.forward(x), y).item()) < 0.1) return step;
    const from = (step * 50) % 500;
    if (from === 0) order = randperm(500);
    const some = order.narrow(0, from, 50);
    optimizer.zeroGrad();
    crossEntropy(net.forward(x.indexSelect(0, some)), y.indexSelect(0, some)).backward();
    optimizer.step();
  }
  return null;
}

/** Accuracies and losses, on 500 training rows and 5,000 new ones, after 1,500 steps. */
function study(labels, rule, lr, seed) {
  manualSeed(seed);
  const draw = (rows) => {
    const x = rand([rows, 20]);
    const byRule = x.narrow(1, 0, 6).reshape([rows, 3, 2]).sum(2).argmax(1);
    return { x, y: labels === 'dice' ? randint(0, 3, [rows]) : byRule };
  };
  const [own, others] = [draw(500), draw(5000)];
  const net = netOf(seed);
  const optimizer = rules[rule]([...net.parameters()], lr);
  for (let step = 0; step < 1500; step++) {
    optimizer.zeroGrad();
    crossEntropy(net.forward(own.x), own.y).backward();
    optimizer.step();
  }
  return [own, others].flatMap(({ x, y }) =>
    noGrad(() => {
      const scores = net.forward(x);
      const right = scores.argmax(1).eq(y).sum().item() / y.numel();
      return [right, crossEntropy(scores, y).item()].map((one) => Number(one.toPrecision(3)));
    }),
  );
}

const about = {
  command: 'node tools/recordings/three-class-net.mjs',
  data: '500 rows of 20 uniform numbers (seeds 1 to 5); the class says which of x1 + x2, x3 + x4, x5 + x6 is largest. only scaled: each column over its deviation; centred: less its mean; scaled: both.',
  nets: '20, 13 ReLU, 8 sigmoid, 3; PyTorch’s start (seeds 1001 to 1005), cross entropy, all rows in each step.',
  steps: 'By inputs and rule, for each rate: steps until the loss is below 0.1, seeds 1 to 5; null: not in 1,500.',
  biased: 'The same for a net with biases in all layers.',
  batches: 'The same with 50 rows in each step, the loss of all rows looked at every 10 steps; null: not in 1,000.',
  studies:
    'By labels, rule and rate, for seeds 1 to 3: share right and loss of 500 studied rows, then of 5,000 new ones, after 1,500 steps.',
};
const record = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
for (const part of ['steps', 'biased', 'batches', 'studies']) record[part] ??= {};
const put = (part, name, make) => {
  if (name in record[part] || (options.only && options.only !== part)) return;
  const began = Date.now();
  record[part][name] = make();
  fs.writeFileSync(
    file,
    `${JSON.stringify({ ...record, about }, null, 1).replaceAll(/\[[^[\]{}]*\]/g, (list) => list.replaceAll(/\s+/g, ' '))}\n`,
  );
  console.log(part, name, `${((Date.now() - began) / 1000).toFixed(0)} s`);
};
const ratesOf = {
  plain: [0.1, 0.2, 0.3, 0.5, 1, 1.5, 2, 3, 5, 10],
  'momentum 0.5': [0.05, 0.1, 0.15, 0.25, 0.5, 1, 1.5, 2.5, 5, 10],
  'momentum 0.9': [0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5],
  'momentum 0.99': [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5],
  'Nesterov 0.9': [0.1, 0.2, 0.3, 0.5, 1, 2, 3],
  Adam: [0.003, 0.01, 0.03, 0.05, 0.1, 0.2],
  'Adam 0.95': [0.01, 0.03, 0.1],
};
const someOnly = { 'only scaled': ['plain', 'momentum 0.9'] };
for (const inputs of Object.keys(changes))
  for (const [rule, rates] of Object.entries(ratesOf).filter(([one]) => (someOnly[inputs] ?? [one]).includes(one)))
    put('steps', `${inputs}, ${rule}`, () =>
      rates.map((lr) => [lr, ...seeds.map((seed) => stepsUntil(rule, lr, inputs, seed))]),
    );
const withBiases = {
  raw: { plain: [0.5, 1, 1.5, 2], 'momentum 0.9': [0.2, 0.3, 0.5, 1] },
  centred: { plain: [2, 3, 5, 10], 'momentum 0.9': [0.5, 1, 2, 3, 5] },
  scaled: { plain: [2, 3, 5, 10], 'momentum 0.9': [1, 2, 3, 5] },
};
for (const [inputs, byRule] of Object.entries(withBiases))
  for (const [rule, rates] of Object.entries(byRule))
    put('biased', `${inputs}, ${rule}`, () =>
      rates.map((lr) => [lr, ...seeds.map((seed) => stepsUntil(rule, lr, inputs, seed, netWithBiases))]),
    );
const inBatches = {
  raw: { plain: [0.5, 1, 2, 3], 'momentum 0.9': [0.1, 0.2, 0.3, 0.5] },
  centred: { plain: [2, 3, 5, 10], 'momentum 0.9': [0.2, 0.3, 0.5, 1] },
};
for (const [inputs, byRule] of Object.entries(inBatches))
  for (const [rule, rates] of Object.entries(byRule))
    put('batches', `${inputs}, ${rule}`, () =>
      rates.map((lr) => [lr, ...seeds.map((seed) => stepsByBatches(rule, lr, inputs, seed))]),
    );
for (const labels of ['dice', 'rule'])
  for (const [rule, lr] of [
    ['plain', 0.1],
    ['plain', 1],
    ['momentum 0.9', 0.1],
    ['momentum 0.9', 0.3],
    ['Adam', 0.01],
  ])
    put('studies', `${labels}, ${rule}, ${lr}`, () => [1, 2, 3].map((seed) => study(labels, rule, lr, seed)));
