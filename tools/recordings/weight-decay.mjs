// Records nets for the chapter "Weight decay" (note 001). After a build:
//   node tools/recordings/weight-decay.mjs [--to FILE] [--only NAME]
// It takes some minutes; what the file has already is kept. Nets of one kind are trained at once: their weights lie in one tensor
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

/** Of one draw: 500 digits to learn from and 500 to choose by, a share of whose labels is wrong, and 797 with true labels to judge by. */
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
 */
function train({ settings, optimizer, rate, falling = true, epochs = 30 }) {
  const [rows, batch] = [500, 20];
  const sets = settings.map((one) => draw(one.draw, one.wrong ?? 0));
  const joined = (name) => ({ x: stack(sets.map((one) => one[name].x)), y: stack(sets.map((one) => one[name].y)) });
  const [learn, choose, judge] = ['learn', 'choose', 'judge'].map(joined);
  const nets = settings.length;
  const column = (name) => tensor(settings.map((one) => one[name] ?? 0)).reshape([nets, 1, 1]);
  const [l2, decay, biases, p, smooth] = ['l2', 'decay', 'biases', 'p', 'smooth'].map(column);
  const some = (name) => settings.some((one) => one[name]);
  const widths = [64, 64, 64, 10];
  const layers = widths.slice(1).map((outputs, l) => ({
    weight: stack(
      settings.map((one) => randn([widths[l], outputs], { generator: sown(10000 * (l + 1) + 100 * one.draw) })),
    )
      .mul(Math.sqrt(2 / widths[l]))
      .requiresGrad_(),
    bias: tensor(0).expand([nets, 1, outputs]).clone().requiresGrad_(),
  }));
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
      const now = falling ? rate * 0.5 * (1 + Math.cos((Math.PI * step) / steps)) : rate;
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
    told.push([look(learn), look(choose), look(judge)]);
  }
  const sizes = layers.map(({ weight }) => weight.detach().square().sum([1, 2]).sqrt().tolist());
  return settings.map((setting, k) => {
    const at = (i) => {
      const [own, chosen, judged] = told[i];
      return {
        own: own.wrong[k],
        choose: chosen.loss[k],
        chooseWrong: chosen.wrong[k],
        loss: judged.loss[k],
        wrong: judged.wrong[k],
        epoch: i + 1,
      };
    };
    const best = told.reduce((least, [, { loss }], i) => (loss[k] < told[least][1].loss[k] ? i : least), 0);
    return {
      ...setting,
      rate,
      size: Math.hypot(...sizes.map((one) => one[k])),
      end: at(told.length - 1),
      stopped: at(best),
    };
  });
}

const short = (value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);
const times = (list, draws = [1, 2, 3]) =>
  [0, 0.15].flatMap((wrong) => list.flatMap((one) => draws.map((d) => ({ ...one, wrong, draw: d }))));
const l2s = (values) => times(values.map((l2) => ({ l2 })));
const decays = (values) => times(values.map((decay) => ({ decay })));
const plans = {};
for (const rate of [0.03, 0.1, 0.3])
  plans[`SGD, L2, rate ${rate}`] = { settings: l2s([0, 1e-3, 3e-3, 0.01, 0.03, 0.1]), optimizer: 'SGD', rate };
for (const rate of [0.01, 0.03, 0.1])
  plans[`momentum, L2, rate ${rate}`] = { settings: l2s([0, 1e-3, 3e-3, 0.01, 0.03]), optimizer: 'momentum', rate };
for (const rate of [0.001, 0.003, 0.01, 0.03]) {
  plans[`Adam, L2, rate ${rate}`] = { settings: l2s([0, 3e-4, 1e-3, 3e-3, 0.01, 0.03]), optimizer: 'Adam', rate };
  plans[`AdamW, rate ${rate}`] = { settings: decays([0.01, 0.1, 0.3, 1, 3, 10]), optimizer: 'Adam', rate };
}
for (const rate of [0.001, 0.003, 0.01, 0.03])
  plans[`Adam, rivals, rate ${rate}`] = {
    settings: times([{ smooth: 0.1 }, { p: 0.2 }, { p: 0.5 }]),
    optimizer: 'Adam',
    rate,
  };
plans['AdamW, biases too, rate 0.003'] = {
  settings: times([0.3, 1, 3].map((decay) => ({ decay, biases: 1 }))),
  optimizer: 'Adam',
  rate: 0.003,
};
plans['constant: AdamW, rate 0.001'] = {
  settings: decays([0.01, 0.1, 0.3, 1, 3]),
  optimizer: 'Adam',
  rate: 0.001,
  falling: false,
};
plans['constant: Adam, L2, rate 0.001'] = {
  ...{ settings: l2s([0, 3e-4, 1e-3, 3e-3, 0.01]), optimizer: 'Adam' },
  ...{ rate: 0.001, falling: false },
};
const record = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { runs: {} };
const about =
  'Nets 64-64-64-10 with ReLUs on 500 digits, 30 epochs of batches of 20, a falling rate; made by tools/recordings/weight-decay.mjs. ' +
  'own, chooseWrong, wrong: share wrong on the rows learned from, on 500 that choose (labels as wrong as those) and on 797 with true ' +
  'labels; choose, loss: cross entropy of the latter two; end: after all epochs; stopped: where the loss of rows that choose was least.';
for (const [name, plan] of Object.entries(plans)) {
  if (record.runs[name] || (options.only && !name.includes(options.only))) continue;
  const from = Date.now();
  record.runs[name] = train(plan).map((one) => JSON.parse(JSON.stringify(one, (_, value) => short(value))));
  fs.writeFileSync(file, `${JSON.stringify({ about, ...record })}\n`);
  console.log(name, `${((Date.now() - from) / 1000).toFixed(0)} s`);
}
