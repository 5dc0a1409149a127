// Records nets for the chapter "Dropout" (note 004). After a build:
//   node tools/recordings/dropout.mjs [--to FILE] [--only NAME]
// It takes about a quarter of an hour; what the file has already is kept. Many nets are trained at once: their weights lie in one
// tensor whose first dimension is the net, so each step costs one product for all of them. Adam, SGD and masks act on each number by
// itself, so no net knows of the others.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { data, Generator, nn, noGrad, optim, rand, randn, randperm, stack, tensor } from 'gradlab';
import { datasets } from 'gradlab/lab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' }, only: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/004-neural-networks/dropout.recorded.json');
const sown = (seed) => new Generator().manualSeed(seed);

/** Training, validation and test rows of one draw. Friedman's y is scaled equally in all draws. */
function friedman(rows, draw) {
  const part = (n, seed, noise) => datasets.friedman1(n, { noise, generator: sown(seed) });
  const own = part(rows, 1000 + draw, 1);
  const scaled = ({ x, y }) => ({
    x: x.sub(0.5).mul(Math.sqrt(12)).to('float32'),
    y: y.sub(14.4).div(4.9).to('float32'),
  });
  return { learn: scaled(own), choose: scaled(part(500, 2000 + draw, 1)), judge: scaled(part(2000, 3000 + draw, 0)) };
}

const pictures = await data.digits();
/** Digits: training rows, 297 for validation, 500 for testing, shuffled for each draw. */
function digits(rows, draw) {
  const order = randperm(1797, { generator: sown(1000 + draw) });
  const part = (from, n) => {
    const chosen = order.narrow(0, from, n);
    return { x: pictures.x.indexSelect(0, chosen).to('float32'), y: pictures.y.indexSelect(0, chosen) };
  };
  return { learn: part(0, rows), choose: part(1000, 297), judge: part(1297, 500) };
}

/**
 * Trains nets of one shape side by side, one for each setting, and returns the result of each. A setting has `p`, the
 * dropout after each hidden layer, `input`, that of the inputs, `decay`, which is AdamW's, `l2`, half a square in the
 * loss, `noise`, the spread of noise on the inputs, and its `draw`.
 */
function train({ of, rows, widths, settings, rate, steps, batch, optimizer = 'Adam', looks = 20 }) {
  const sets = settings.map(({ draw }) => of(rows, draw));
  const joined = (name) => ({ x: stack(sets.map((one) => one[name].x)), y: stack(sets.map((one) => one[name].y)) });
  const [learn, choose, judge] = ['learn', 'choose', 'judge'].map(joined);
  const nets = settings.length;
  const column = (name) => tensor(settings.map((one) => one[name] ?? 0)).reshape([nets, 1, 1]);
  const [p, input, decay, l2, noise] = ['p', 'input', 'decay', 'l2', 'noise'].map(column);
  const layers = widths.slice(1).map((outputs, l) => {
    const bound = 1 / Math.sqrt(widths[l]);
    const drawn = (shape, k) =>
      stack(settings.map(({ draw }) => rand(shape, { generator: sown(10000 * (l + 1) + 100 * draw + k) })))
        .mul(2 * bound)
        .sub(bound)
        .requiresGrad_();
    return { weight: drawn([widths[l], outputs], 0), bias: drawn([1, outputs], 1) };
  });
  const parameters = layers.flatMap(({ weight, bias }) => [weight, bias]);
  const made =
    optimizer === 'Adam'
      ? new optim.Adam(parameters, { lr: rate })
      : new optim.SGD(parameters, { lr: rate, momentum: 0.9 });
  const masks = sown(7);
  const silence = (h, share) =>
    h.mul(rand(h.shape, { generator: masks }).ge(share).to('float32')).div(share.neg().add(1));
  const some = (all) => settings.some((one) => (one[all] ?? 0) > 0);
  const forward = (x, training) => {
    let h = training && some('input') ? silence(x, input) : x;
    if (training && some('noise')) h = h.add(randn(h.shape, { generator: masks }).mul(noise));
    layers.forEach(({ weight, bias }, l) => {
      h = h.matmul(weight).add(bias);
      if (l === layers.length - 1) return;
      h = h.relu();
      if (training && some('p')) h = silence(h, p);
    });
    return h;
  };
  const classes = widths.at(-1);
  /** The loss of each row, [nets, rows]. */
  const lossesOf = (out, y) =>
    classes === 1
      ? out.squeeze(2).sub(y).square()
      : nn.functional
          .crossEntropy(out.reshape([-1, classes]), y.reshape([-1]), { reduction: 'none' })
          .reshape([nets, -1]);
  const look = (part) =>
    noGrad(() => {
      const out = forward(part.x, false);
      const loss = lossesOf(out, part.y).mean(1).tolist();
      const wrong = classes === 1 ? [] : out.argmax(2).ne(part.y).to('float32').mean(1).tolist();
      return { loss, wrong };
    });
  const order = sown(8);
  let deal = [];
  const told = [];
  for (let step = 1; step <= steps; step++) {
    const now = rate * 0.5 * (1 + Math.cos((Math.PI * (step - 1)) / steps));
    made.paramGroups[0].lr = now;
    if (deal.length === 0)
      deal = [...randperm(rows, { generator: order }).split(Math.min(batch, rows))].filter(
        (b) => b.shape[0] === Math.min(batch, rows),
      );
    const chosen = deal.pop();
    made.zeroGrad();
    let loss = lossesOf(forward(learn.x.indexSelect(1, chosen), true), learn.y.indexSelect(1, chosen))
      .mean(1)
      .sum();
    if (some('l2')) for (const { weight } of layers) loss = loss.add(weight.square().mul(l2).sum().div(2));
    loss.backward();
    made.step();
    if (some('decay'))
      noGrad(() => {
        for (const { weight } of layers) weight.mul_(decay.mul(-now).add(1));
      });
    if (step % (steps / looks) === 0) told.push([look(learn), look(choose), look(judge)]);
  }
  return settings.map((setting, k) => {
    const at = (i) => ({
      own: told[i][0].loss[k],
      choose: told[i][1].loss[k],
      judge: told[i][2].loss[k],
      ...(classes > 1 && { chooseWrong: told[i][1].wrong[k], wrong: told[i][2].wrong[k] }),
    });
    const all = told.map((_, i) => at(i));
    const stopped = all.reduce((best, one) => (one.choose < best.choose ? one : best));
    return { ...setting, end: all.at(-1), stopped };
  });
}

const about =
  'Mean losses in use of the rows learned from (own), of rows to choose by and of rows to judge by, at the end and where the second was ' +
  'least; by tools/recordings/dropout.mjs';
const record = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { runs: {} };
const short = (value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);
/** Trains what the file does not have yet, and writes the file. */
function run(name, given) {
  if (record.runs[name] || (options.only && !name.includes(options.only))) return;
  const began = Date.now();
  record.runs[name] = train(given).map((one) => JSON.parse(JSON.stringify(one, (_, value) => short(value))));
  fs.writeFileSync(file, `${JSON.stringify({ about, ...record })}\n`);
  console.log(name, `${((Date.now() - began) / 1000).toFixed(0)} s`);
}
const times = (settings, draws) => settings.flatMap((one) => draws.map((draw) => ({ ...one, draw })));
const small = [
  ...[0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8].map((p) => ({ p })),
  { decay: 1 },
  ...[0.003, 0.01, 0.03].map((l2) => ({ l2 })),
  { p: 0.1, l2: 0.003 },
];
const large = [
  ...[0, 0.3, 0.5].map((p) => ({ p })),
  { input: 0.2 },
  { input: 0.2, p: 0.3 },
  { decay: 1 },
  ...[0.003, 0.01].map((l2) => ({ l2 })),
  { input: 0.2, l2: 0.003 },
];
const huge = [{ p: 0 }, { p: 0.3 }, { p: 0.5 }, { input: 0.2 }, { input: 0.2, p: 0.5 }, { l2: 0.003 }];
/** Steps until the training rows are fitted completely. */
const stepsFor = { 100: 400, 1000: 1500 };
const ofDigits = (width, rows, settings, draws) =>
  run(`digits, ${rows} rows, ${width} units, draws ${draws}`, {
    ...{ of: digits, rows, widths: [64, width, width, 10], settings: times(settings, draws) },
    ...{ rate: 0.003, steps: stepsFor[rows], batch: 100 },
  });
for (const rows of [40, 200, 1000])
  run(`friedman, ${rows} rows, draws 1,2,3`, {
    ...{ of: friedman, rows, widths: [10, 64, 64, 1], settings: times(small, [1, 2, 3]) },
    ...{ rate: 0.003, steps: 1500, batch: 40 },
  });
for (const rows of [100, 1000]) ofDigits(32, rows, large, [1, 2, 3]);
ofDigits(128, 100, large, [1, 2, 3]);
// With too few steps, for the comparison.
run('short, 1000 rows, 32 units, draws 1,2,3', {
  ...{ of: digits, rows: 1000, widths: [64, 32, 32, 10], settings: times(large, [1, 2, 3]) },
  ...{ rate: 0.003, steps: 400, batch: 100 },
});
ofDigits(512, 100, huge, [1]);
run('digits, 100 rows, 512 units, rivals, draws 1', {
  ...{ of: digits, rows: 100, widths: [64, 512, 512, 10], settings: times([{ l2: 0.001 }, { noise: 0.4 }], [1]) },
  ...{ rate: 0.003, steps: stepsFor[100], batch: 100 },
});
ofDigits(512, 100, [{ p: 0 }, { p: 0.5 }, { input: 0.2, p: 0.5 }, { l2: 0.003 }, { l2: 0.001 }, { noise: 0.4 }], [2]);
const more = [...[0.1, 0.3].map((l2) => ({ l2 })), ...[0.1, 0.2].map((input) => ({ input }))];
for (const rows of [40, 200, 1000])
  run(`friedman, ${rows} rows, more, draws 1,2,3`, {
    ...{ of: friedman, rows, widths: [10, 64, 64, 1], settings: times(more, [1, 2, 3]) },
    ...{ rate: 0.003, steps: 1500, batch: 40 },
  });
const noisy = [0.1, 0.2, 0.4].map((noise) => ({ noise }));
for (const width of [32, 128]) {
  run(`digits, 100 rows, ${width} units, noise, draws 1,2,3`, {
    ...{ of: digits, rows: 100, widths: [64, width, width, 10], settings: times(noisy, [1, 2, 3]) },
    ...{ rate: 0.003, steps: stepsFor[100], batch: 100 },
  });
}
// Smaller penalties, so that the best one is inside the range.
const gentle = [{ l2: 0.0003 }, { l2: 0.001 }, { decay: 0.1 }, { decay: 0.3 }];
for (const [rows, width] of [
  [100, 32],
  [100, 128],
  [1000, 32],
])
  run(`digits, ${rows} rows, ${width} units, gentle, draws 1,2,3`, {
    ...{ of: digits, rows, widths: [64, width, width, 10], settings: times(gentle, [1, 2, 3]) },
    ...{ rate: 0.003, steps: stepsFor[rows], batch: 100 },
  });
// Dropout with weight decay, as in the advice.
const beside = [0.3, 0.5].flatMap((p) => [
  { p, l2: 0.001 },
  { p, l2: 0.003 },
  { p, decay: 1 },
]);
for (const [rows, width] of [
  [100, 32],
  [100, 128],
  [1000, 32],
])
  run(`digits, ${rows} rows, ${width} units, beside decay, draws 1,2,3`, {
    ...{ of: digits, rows, widths: [64, width, width, 10], settings: times(beside, [1, 2, 3]) },
    ...{ rate: 0.003, steps: stepsFor[rows], batch: 100 },
  });
