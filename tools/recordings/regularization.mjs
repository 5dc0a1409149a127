// Records nets for the chapter "Overfitting and regularization" (note 000). After a build:
//   node tools/recordings/regularization.mjs [--to FILE] [--only NAME]
// It takes some minutes; what the file has already is kept. Nets of one kind are trained at once: their weights lie in one tensor
// whose first dimension is the net, and each optimizer acts on each number by itself, so no net knows of the others.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Generator, nn, noGrad, optim, rand, randint, randn, stack, tensor, where } from 'gradlab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' }, only: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/000-machine-learning/regularization.recorded.json');
const sown = (seed) => new Generator().manualSeed(seed);

/**
 * Rows of 20 normal numbers in three classes, by the largest of three sums; a fraction of the labels is drawn again.
 */
function rowsOf(n, seed, rule, rethrown) {
  const generator = sown(seed);
  const x = randn([n, 20], { generator });
  const true_ = x.matmul(rule).argmax(1);
  const again = rand([n], { generator }).lt(rethrown);
  return { x, y: where(again, randint(0, 3, [n], { generator }), true_) };
}
/** One draw: its rule, training rows, equally noisy validation rows, and 2,000 test rows with true labels. */
function draw(rows, seed, rethrown) {
  const rule = randn([20, 3], { generator: sown(100 + seed) });
  return {
    learn: rowsOf(rows, 1000 + seed, rule, rethrown),
    choose: rowsOf(500, 2000 + seed, rule, rethrown),
    judge: rowsOf(2000, 3000 + seed, rule, 0),
  };
}
const makers = {
  adam: (parameters, lr) => new optim.Adam(parameters, { lr }),
  'adam, β₂ 0.9': (parameters, lr) => new optim.Adam(parameters, { lr, betas: [0.9, 0.9] }),
  momentum: (parameters, lr) => new optim.SGD(parameters, { lr, momentum: 0.9 }),
  sgd: (parameters, lr) => new optim.SGD(parameters, { lr }),
};

/** Trains nets 20-13-8-3 side by side. A setting has `l2` (half a square), `l1` or `decay` (AdamW's), and its `draw`. */
function train({ rows, settings, optimizer, rate, falling = false, steps = 600, widths = [20, 13, 8, 3] }) {
  const [looks, rethrown] = [24, 0.25];
  const sets = settings.map((one) => draw(rows, one.draw, rethrown));
  const joined = (name) => ({ x: stack(sets.map((one) => one[name].x)), y: stack(sets.map((one) => one[name].y)) });
  const [learn, choose, judge] = ['learn', 'choose', 'judge'].map(joined);
  const nets = settings.length;
  const column = (name) => tensor(settings.map((one) => one[name] ?? 0)).reshape([nets, 1, 1]);
  const [l1, l2, decay] = ['l1', 'l2', 'decay'].map(column);
  const some = (name) => settings.some((one) => one[name]);
  const layers = widths.slice(1).map((outputs, l) => {
    const bound = 1 / Math.sqrt(widths[l]);
    const drawn = (shape, k) =>
      stack(settings.map((one) => rand(shape, { generator: sown(10000 * (l + 1) + 100 * one.draw + k) })))
        .mul(2 * bound)
        .sub(bound)
        .requiresGrad_();
    return { weight: drawn([widths[l], outputs], 0), bias: drawn([1, outputs], 1) };
  });
  const made = makers[optimizer](
    layers.flatMap(({ weight, bias }) => [weight, bias]),
    rate,
  );
  const forward = (x) => {
    let h = x;
    layers.forEach(({ weight, bias }, l) => {
      h = h.matmul(weight).add(bias);
      if (l < layers.length - 1) h = h.relu();
    });
    return h;
  };
  const lossesOf = (out, y) =>
    nn.functional
      .crossEntropy(out.reshape([-1, 3]), y.reshape([-1]), { reduction: 'none' })
      .reshape([nets, -1])
      .mean(1);
  const look = ({ x, y }) =>
    noGrad(() => {
      const out = forward(x);
      return { loss: lossesOf(out, y).tolist(), right: out.argmax(2).eq(y).to('float32').mean(1).tolist() };
    });
  const told = [];
  for (let step = 1; step <= steps; step++) {
    const now = falling ? rate * 0.5 * (1 + Math.cos((Math.PI * (step - 1)) / steps)) : rate;
    made.paramGroups[0].lr = now;
    made.zeroGrad();
    let loss = lossesOf(forward(learn.x), learn.y).sum();
    if (some('l2')) for (const { weight } of layers) loss = loss.add(weight.square().mul(l2).sum().div(2));
    if (some('l1')) for (const { weight } of layers) loss = loss.add(weight.abs().mul(l1).sum());
    loss.backward();
    made.step();
    if (some('decay'))
      noGrad(() => {
        for (const { weight } of layers) weight.mul_(decay.mul(-now).add(1));
      });
    if (step % (steps / looks) === 0) told.push([look(learn), look(choose), look(judge)]);
  }
  const short = (value) => Number(value.toPrecision(4));
  return settings.map((setting, k) => {
    const at = (i) => {
      const [own, chosen, judged] = told[i];
      return {
        own: short(own.right[k]),
        choose: short(chosen.loss[k]),
        judge: short(judged.right[k]),
        step: ((i + 1) * steps) / looks,
      };
    };
    const best = told.reduce((least, [, { loss }], i) => (loss[k] < told[least][1].loss[k] ? i : least), 0);
    return { ...setting, end: at(told.length - 1), stopped: at(best) };
  });
}

const draws = [1, 2, 3];
const withDraws = (list) => list.flatMap((one) => draws.map((d) => ({ ...one, draw: d })));
const l2s = withDraws([0, 1e-3, 3e-3, 5e-3, 7e-3, 0.01, 0.015, 0.02, 0.03, 0.05].map((l2) => ({ l2 })));
const l1s = withDraws([3e-4, 1e-3, 2e-3, 3e-3, 5e-3, 0.01].map((l1) => ({ l1 })));
const few = withDraws([0, 1e-3, 3e-3, 0.01].map((l2) => ({ l2 })));
const more = withDraws([0.04, 0.06, 0.08, 0.1].map((l2) => ({ l2 })));
const wide = withDraws([0.03, 0.05, 0.06, 0.08, 0.1, 0.2].map((l2) => ({ l2 })));
const decays = withDraws([0.03, 0.1, 0.3, 1, 3].map((decay) => ({ decay })));
const plans = {
  adam: { rows: 500, settings: l2s, optimizer: 'adam', rate: 0.01 },
  momentum: { rows: 500, settings: l2s, optimizer: 'momentum', rate: 0.1 },
  'adam, falling': { rows: 500, settings: l2s, optimizer: 'adam', rate: 0.01, falling: true },
  'adam, L1': { rows: 500, settings: l1s, optimizer: 'adam', rate: 0.01, falling: true },
  'adam, 2000 rows': { rows: 2000, settings: few, optimizer: 'adam', rate: 0.01, falling: true },
  'sgd, falling': { rows: 500, settings: l2s, optimizer: 'sgd', rate: 0.5, falling: true },
  'adam, more': { rows: 500, settings: more, optimizer: 'adam', rate: 0.01 },
  'momentum, more': { rows: 500, settings: more, optimizer: 'momentum', rate: 0.1 },
  'sgd, falling, more': { rows: 500, settings: more, optimizer: 'sgd', rate: 0.5, falling: true },
  'adam, line': { rows: 500, settings: few, optimizer: 'adam', rate: 0.01, falling: true, widths: [20, 3] },
  'adam, line, more': { rows: 500, settings: wide, optimizer: 'adam', rate: 0.01, falling: true, widths: [20, 3] },
  'adam, decay': { rows: 500, settings: decays, optimizer: 'adam', rate: 0.01 },
  'adam, decay, more': {
    rows: 500,
    settings: withDraws([6, 10].map((decay) => ({ decay }))),
    optimizer: 'adam',
    rate: 0.01,
  },
  'adam, one hidden layer': { rows: 500, settings: wide, optimizer: 'adam', rate: 0.01, widths: [20, 13, 3] },
};
const record = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { runs: {} };
record.about =
  'Nets 20-13-8-3 with ReLUs on rows in three classes, a quarter of the labels drawn again; made by tools/recordings/regularization.mjs. ' +
  'own, judge: share right on the learned rows and on 2,000 new ones with true labels; choose: loss on 500 noisy rows; ' +
  'end: after 600 steps on all rows; stopped: at the step with the least loss on the rows that choose.';
for (const [name, plan] of Object.entries(plans)) {
  if (record.runs[name] || (options.only && name !== options.only)) continue;
  const from = Date.now();
  record.runs[name] = train(plan);
  console.log(name, `${((Date.now() - from) / 1000).toFixed(0)} s`);
  fs.writeFileSync(file, `${JSON.stringify(record)}\n`);
}
