// Records nets for the chapter "Weight decay" (note 001). After a build:
//   node tools/recordings/weight-decay.mjs [--to FILE] [--only NAME]
// It takes about a quarter of an hour; what the file has already is kept. Nets of one kind are trained at once: their weights lie in one tensor
// whose first dimension is the net, and each optimizer acts on each number by itself, so no net knows of the others.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { data, Generator, nn, noGrad, optim, rand, randint, randn, randperm, stack, tensor, where } from 'gradlab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' }, only: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/001-fastai-book/weight-decay.recorded.json');
const sown = (seed) => new Generator().manualSeed(seed);
const pictures = await data.digits();

/**
 * One draw: 500 digits for training and 500 for validation, with a fraction of wrong labels, and 797 with true labels
 * for testing.
 */
function draw(seed, wrong) {
  const order = randperm(1797, { generator: sown(1000 + seed) });
  const generator = sown(2000 + seed);
  const part = (from, n, share) => {
    const chosen = order.narrow(0, from, n);
    const y = pictures.y.indexSelect(0, chosen);
    const other = y
      .add(randint(1, 10, [n], { generator }))
      .remainder(10)
      .to(y.dtype);
    return {
      x: pictures.x.indexSelect(0, chosen).to('float32'),
      y: where(rand([n], { generator }).lt(share), other, y),
    };
  };
  return { learn: part(0, 500, wrong), choose: part(500, 500, wrong), judge: part(1000, 797, 0) };
}
const makers = {
  SGD: (parameters, lr) => new optim.SGD(parameters, { lr }),
  momentum: (parameters, lr) => new optim.SGD(parameters, { lr, momentum: 0.9 }),
  Adam: (parameters, lr) => new optim.Adam(parameters, { lr }),
};

/**
 * Trains nets 64-64-64-10 side by side, one for each setting: `l2` is what the options of the library call weightDecay, added to the slope of
 * each weight, `decay` is AdamW's, for biases as well if `biases` is 1, `p` dropout after each hidden layer, `smooth` label smoothing, `wrong` the share of wrong labels.
 * With `small` weights and biases start as in PyTorch's nn.Linear, uniform to ±1/√n, otherwise by He's rule and at 0.
 */
function train({ settings, optimizer, rate, small = false, watched = false, epochs = 30 }) {
  const [rows, batch] = [500, 20];
  const sets = settings.map((one) => draw(one.draw, one.wrong ?? 0));
  const joined = (name) => ({ x: stack(sets.map((one) => one[name].x)), y: stack(sets.map((one) => one[name].y)) });
  const [learn, choose, judge] = ['learn', 'choose', 'judge'].map(joined);
  const nets = settings.length;
  const column = (name) => tensor(settings.map((one) => one[name] ?? 0)).reshape([nets, 1, 1]);
  const [l2, decay, biases, p, smooth] = ['l2', 'decay', 'biases', 'p', 'smooth'].map(column);
  const some = (name) => settings.some((one) => one[name]);
  const widths = [64, 64, 64, 10];
  const layers = widths.slice(1).map((outputs, l) => {
    const generators = settings.map((one) => sown(10000 * (l + 1) + 100 * one.draw));
    const uniform = (rows) =>
      stack(generators.map((generator) => rand([rows, outputs], { generator }).mul(2).sub(1)))
        .div(Math.sqrt(widths[l]))
        .requiresGrad_();
    if (small) return { weight: uniform(widths[l]), bias: uniform(1) };
    const he = stack(generators.map((generator) => randn([widths[l], outputs], { generator })));
    return {
      weight: he.mul(Math.sqrt(2 / widths[l])).requiresGrad_(),
      bias: tensor(0).expand([nets, 1, outputs]).clone().requiresGrad_(),
    };
  });
  const made = makers[optimizer](
    layers.flatMap(({ weight, bias }) => [weight, bias]),
    rate,
  );
  const masks = sown(7);
  const forward = (x, training) => {
    let h = x;
    layers.forEach(({ weight, bias }, l) => {
      h = h.matmul(weight).add(bias);
      if (l === layers.length - 1) return;
      h = h.relu();
      if (training && some('p')) h = h.mul(rand(h.shape, { generator: masks }).ge(p).to('float32')).div(p.neg().add(1));
    });
    return h;
  };
  const lossesOf = (out, y) =>
    nn.functional.crossEntropy(out.reshape([-1, 10]), y.reshape([-1]), { reduction: 'none' }).reshape([nets, -1]);
  const look = ({ x, y }) =>
    noGrad(() => {
      const out = forward(x, false);
      return { loss: lossesOf(out, y).mean(1).tolist(), wrong: out.argmax(2).ne(y).to('float32').mean(1).tolist() };
    });
  const order = sown(8);
  const told = [];
  const steps = (epochs * rows) / batch;
  let step = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (const chosen of randperm(rows, { generator: order }).split(batch)) {
      const now = rate * 0.5 * (1 + Math.cos((Math.PI * step) / steps));
      made.paramGroups[0].lr = now;
      made.zeroGrad();
      const out = forward(learn.x.indexSelect(1, chosen), true);
      let losses = lossesOf(out, learn.y.indexSelect(1, chosen));
      if (some('smooth')) {
        const share = smooth.squeeze(2);
        const even = nn.functional.logSoftmax(out, 2).mean(2).neg();
        losses = losses.mul(share.neg().add(1)).add(even.mul(share));
      }
      let loss = losses.mean(1).sum();
      if (some('l2')) for (const { weight } of layers) loss = loss.add(weight.square().mul(l2).sum().div(2));
      loss.backward();
      made.step();
      if (some('decay'))
        noGrad(() => {
          const factor = decay.mul(-now).add(1);
          for (const { weight, bias } of layers) {
            weight.mul_(factor);
            bias.mul_(factor.sub(1).mul(biases).add(1));
          }
        });
      step++;
    }
    if (watched || epoch === epochs) told.push([epoch, look(choose), look(judge)]);
  }
  return settings.map((setting, k) => {
    const at = ([epoch, chosen, judged]) => ({ chooseWrong: chosen.wrong[k], wrong: judged.wrong[k], epoch });
    const best = told.reduce((least, one) => (one[1].loss[k] < least[1].loss[k] ? one : least));
    return { ...setting, rate, end: at(told.at(-1)), ...(watched && { stopped: at(best) }) };
  });
}

const short = (value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);
const tenDraws = Array.from({ length: 10 }, (_, i) => i + 1);
const times = (list, wrong) => list.flatMap((one) => tenDraws.map((d) => ({ ...one, wrong, draw: d })));
const plans = {};
for (const wrong of [0.15, 0]) {
  const add = (name, optimizer, rates, list) => {
    for (const rate of rates)
      plans[`${name}, rate ${rate}, wrong ${wrong}`] = {
        ...{ settings: times(list, wrong), optimizer, rate },
        small: name.endsWith('small start'),
        watched: name === 'Adam, nothing',
      };
  };
  const l2s = (...values) => values.map((l2) => ({ l2 }));
  const decays = (...values) => values.map((decay) => ({ decay }));
  const rivals = [{ smooth: 0.1 }, { p: 0.2 }, { p: 0.5 }];
  add('Adam, nothing', 'Adam', wrong ? [5e-4, 0.001, 0.002, 0.003, 0.01] : [0.001, 0.003, 0.01], l2s(0));
  if (wrong) {
    add('AdamW', 'Adam', [0.003, 0.01, 0.03], decays(0.03, 0.1, 0.3, 0.6, 1, 3));
    add('Adam, L2', 'Adam', [0.003, 0.01, 0.03], l2s(1e-3, 3e-3, 0.01, 0.03));
    add('Adam, rivals', 'Adam', [0.001, 0.003, 0.01], rivals);
    add('momentum, L2', 'momentum', [0.03, 0.1, 0.2], l2s(0, 3e-3, 0.01, 0.03));
    add('momentum, L2', 'momentum', [0.01], l2s(0));
    add('SGD, L2', 'SGD', [0.1, 0.3, 0.6], l2s(0, 3e-3, 0.01, 0.03));
    add('AdamW, biases too', 'Adam', [0.01], [{ decay: 0.6, biases: 1 }]);
    add('Adam, small start', 'Adam', [0.001, 0.002, 0.003, 0.006, 0.01], decays(0, 0.1, 0.3, 0.6, 1));
    add('SGD, small start', 'SGD', [0.1, 0.3, 0.6], l2s(0, 1e-3, 3e-3, 0.01));
  } else {
    add('AdamW', 'Adam', [0.003, 0.01], decays(0.1, 0.3, 1));
    add('Adam, L2', 'Adam', [0.003, 0.01], l2s(1e-3, 3e-3, 0.01));
    add('Adam, rivals', 'Adam', [0.003, 0.01], rivals);
    add('momentum, L2', 'momentum', [0.03, 0.1], l2s(0, 3e-3, 0.01));
    add('SGD, L2', 'SGD', [0.1, 0.3], l2s(0, 3e-3, 0.01));
  }
}
const record = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { runs: {} };
const about =
  'Nets 64-64-64-10 with ReLUs on 500 digits, 30 epochs of batches of 20, a falling rate; made by tools/recordings/weight-decay.mjs. ' +
  'Ten draws of rows and wrong labels. chooseWrong, wrong: share wrong on 500 rows that choose (labels as wrong as those learned ' +
  'from) and on 797 with true labels; end: after all epochs; stopped: where the loss of the rows that choose was least.';
for (const [name, plan] of Object.entries(plans)) {
  if (record.runs[name] || (options.only && !name.includes(options.only))) continue;
  const from = Date.now();
  record.runs[name] = train(plan).map((one) => JSON.parse(JSON.stringify(one, (_, value) => short(value))));
  fs.writeFileSync(file, `${JSON.stringify({ about, ...record })}\n`);
  console.log(name, `${((Date.now() - from) / 1000).toFixed(0)} s`);
}
