// Records nets for the chapter "Label smoothing, mixup, early stopping" (note 001). After a build:
//   node tools/recordings/soft-targets.mjs [--to FILE] [--only NAME]
// It takes about a quarter of an hour; what the file has already is kept. Nets of one kind are trained at once: their weights lie in one tensor
// whose first dimension is the net, and no net knows of the others. Each has its own rate, schedule, targets and decay.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { betaSample, data, Generator, nn, noGrad, rand, randint, randn, randperm, stack, tensor, where } from 'gradlab';
import { datasets } from 'gradlab/lab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' }, only: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/001-fastai-book/soft-targets.recorded.json');
const sown = (seed) => new Generator().manualSeed(seed);
const { crossEntropy, logSoftmax, oneHot } = nn.functional;
const pictures = await data.digits();

/** Training rows, validation rows with equally wrong labels, and test rows with true labels. */
const deals = {
  clouds(seed, wrong) {
    const { x, y, truth } = datasets.blobs(5, 1100, { dims: 5, noise: 0.8, flip: wrong, generator: sown(1000 + seed) });
    const part = (from, n, labels) => ({ x: x.narrow(0, from, n).to('float32'), y: labels.narrow(0, from, n) });
    return { learn: part(0, 300, y), choose: part(300, 200, y), judge: part(500, 600, truth) };
  },
  digits(seed, wrong) {
    const order = randperm(1797, { generator: sown(1000 + seed) });
    const generator = sown(2000 + seed);
    const part = (from, n, share) => {
      const chosen = order.narrow(0, from, n);
      const y = pictures.y.indexSelect(0, chosen);
      const other = y
        .add(randint(1, 10, [n], { generator }))
        .remainder(10)
        .to(y.dtype);
      const x = pictures.x.indexSelect(0, chosen).to('float32');
      return { x, y: where(rand([n], { generator }).lt(share), other, y) };
    };
    return { learn: part(0, 500, wrong), choose: part(500, 300, wrong), judge: part(800, 997, 0) };
  },
};
const shapes = { clouds: { widths: [5, 64, 5], batch: 50 }, digits: { widths: [64, 64, 64, 10], batch: 20 } };

/** Epochs at which nets are evaluated: the first thirty, then fewer; for digits every second. */
const seenEpochs = (epochs, every) =>
  Array.from({ length: epochs }, (_, i) => i + 1).filter(
    (epoch) =>
      (epoch <= 30 && epoch % every === 0) ||
      epoch === epochs ||
      (epoch > 30 && (epoch <= 60 ? epoch % 2 : epoch % 5) === 0),
  );
const temperatures = Array.from({ length: 33 }, (_, i) => 0.5 * 2 ** (i / 8));

/**
 * Trains `settings` side by side. Each has a `draw`, a `rate`, and may have `epsilon` (label smoothing), `alpha` (mixup), `decay` (a
 * factor 1 − rate · decay on the weights), `fixed` (the rate does not fall), `epochs` (how long its half cosine is), and `tail`: from that
 * epoch on the rate falls in a straight line to 0 within a quarter as many.
 */
function train({ name, wrong, kind, epochs, settings }) {
  const { widths, batch } = shapes[name];
  const classes = widths.at(-1);
  const nets = settings.length;
  const dealt = new Map();
  const sets = settings.map(({ draw }) => {
    if (!dealt.has(draw)) dealt.set(draw, deals[name](draw, wrong));
    return dealt.get(draw);
  });
  const joined = (part) => ({ x: stack(sets.map((one) => one[part].x)), y: stack(sets.map((one) => one[part].y)) });
  const [learn, choose, judge] = ['learn', 'choose', 'judge'].map(joined);
  const rows = learn.x.shape[1];
  const hot = oneHot(learn.y, classes).to('float32');
  const column = (key) => tensor(settings.map((one) => one[key] ?? 0)).reshape([nets, 1, 1]);
  const [epsilon, decay] = [column('epsilon'), column('decay')];
  const targets = hot.mul(epsilon.neg().add(1)).add(epsilon.div(classes));
  const lotteries = sown(5);
  const alphas = settings.map((one) => one.alpha ?? 0);
  const kinds = [...new Set(alphas)].filter((alpha) => alpha > 0);
  const lambdas = () => {
    const drawn = new Map(
      kinds.map((alpha) => [alpha, betaSample(alpha, alpha, [nets], { generator: lotteries }).tolist()]),
    );
    return tensor(alphas.map((alpha, i) => (alpha ? drawn.get(alpha)[i] : 1))).reshape([nets, 1, 1]);
  };
  const layers = widths.slice(1).map((outputs, l) => ({
    weight: stack(
      settings.map((one) => {
        const generator = sown(10000 * (l + 1) + 100 * one.draw);
        // He initialisation, or the smaller one: uniform in ±1/√n
        if (one.small) return rand([widths[l], outputs], { generator }).mul(2).sub(1).div(Math.sqrt(widths[l]));
        return randn([widths[l], outputs], { generator }).mul(Math.sqrt(2 / widths[l]));
      }),
    ).requiresGrad_(),
    bias: tensor(0).expand([nets, 1, outputs]).clone().requiresGrad_(),
  }));
  const all = layers.flatMap(({ weight, bias }) => [weight, bias]);
  const first = all.map((one) => one.detach().mul(0));
  const second = all.map((one) => one.detach().mul(0));
  const forward = (x) =>
    layers.reduce((h, { weight, bias }, l) => {
      const out = h.matmul(weight).add(bias);
      return l === layers.length - 1 ? out : out.relu();
    }, x);
  const lossesOf = (out, y) =>
    crossEntropy(out.reshape([-1, classes]), y.reshape([-1]), { reduction: 'none' })
      .reshape([nets, -1])
      .mean(1);
  const look = ({ x, y }) =>
    noGrad(() => {
      const out = forward(x);
      const shares = out.softmax(2);
      return {
        loss: lossesOf(out, y).tolist(),
        right: out.argmax(2).eq(y).to('float32').mean(1).tolist(),
        sure: shares.amax(2).mean(1).tolist(),
      };
    });
  const perEpoch = rows / batch;
  const rateOf = (one, step) => {
    const { rate, epochs: length = epochs, fixed, tail } = one;
    const at = (s) =>
      fixed ? rate : s >= length * perEpoch ? 0 : (rate / 2) * (1 + Math.cos((Math.PI * s) / (length * perEpoch)));
    if (tail === undefined) return at(step);
    const [start, quarter] = [tail * perEpoch, Math.ceil(tail / 4) * perEpoch];
    return step < start ? at(step) : at(start) * Math.max(0, 1 - (step - start) / quarter);
  };
  const order = sown(8);
  const seen = seenEpochs(epochs, name === 'digits' ? 2 : 1);
  const told = [];
  let step = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (const chosen of randperm(rows, { generator: order }).split(batch)) {
      const rate = tensor(settings.map((one) => rateOf(one, step))).reshape([nets, 1, 1]);
      for (const one of all) one.grad = null;
      let [x, t] = [learn.x.indexSelect(1, chosen), targets.indexSelect(1, chosen)];
      if (kinds.length > 0) {
        const share = lambdas();
        const other = share.neg().add(1);
        [x, t] = [x, t].map((rows) => rows.mul(share).add(rows.roll(1, 1).mul(other)));
      }
      logSoftmax(forward(x), 2).mul(t).sum(2).mean(1).sum().neg().backward();
      step++;
      noGrad(() =>
        all.forEach((one, k) => {
          let move = one.grad;
          if (kind === 'momentum') move = first[k].mul_(0.9).add_(one.grad);
          if (kind === 'Adam') {
            first[k].mul_(0.9).add_(one.grad.mul(0.1));
            second[k].mul_(0.999).add_(one.grad.square().mul(0.001));
            move = first[k].div(1 - 0.9 ** step).div(
              second[k]
                .div(1 - 0.999 ** step)
                .sqrt()
                .add(1e-8),
            );
          }
          if (k % 2 === 0) one.mul_(decay.mul(rate).neg().add(1));
          one.sub_(move.mul(rate));
        }),
      );
    }
    if (seen.includes(epoch)) told.push({ epoch, choose: look(choose), judge: look(judge) });
  }
  const [scoresChoose, scoresJudge] = noGrad(() => [forward(choose.x), forward(judge.x)]);
  const scaled = noGrad(() =>
    temperatures.map((t) =>
      [scoresChoose, scoresJudge].map((scores, k) => lossesOf(scores.div(t), [choose, judge][k].y).tolist()),
    ),
  );
  return settings.map((setting, k) => {
    const at = ({ epoch, choose, judge }) => ({
      epoch,
      chooseLoss: choose.loss[k],
      chooseRight: choose.right[k],
      loss: judge.loss[k],
      right: judge.right[k],
      sure: judge.sure[k],
    });
    const best = told.reduce((least, one) => (one.choose.loss[k] < least.choose.loss[k] ? one : least));
    const warm = scaled.reduce((least, one) => (one[0][k] < least[0][k] ? one : least));
    return { setting, end: at(told.at(-1)), stopped: at(best), cooled: warm[1][k], told: told.map(at) };
  });
}
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
const short = (value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);
const draws = Array.from({ length: 6 }, (_, i) => i + 1);

const targetsOf = {
  hard: {},
  'smoothed 0.1': { epsilon: 0.1 },
  'smoothed 0.2': { epsilon: 0.2 },
  'mixed 0.4': { alpha: 0.4 },
  'mixed 1': { alpha: 1 },
};
const rates = {
  clouds: { SGD: [0.1, 0.3, 1], momentum: [0.01, 0.03, 0.1], Adam: [0.003, 0.01, 0.03] },
  digits: { SGD: [0.1, 0.3], Adam: [0.001, 0.003, 0.01] },
};
const decays = { SGD: [0.01, 0.03], momentum: [0.1, 0.3], Adam: [0.3, 1] };
const lengths = { clouds: 100, digits: 30 };
const record = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { compared: {}, stopped: {} };
const about =
  'compared[data, labels, optimizer, schedule]: for each method and rate the mean over 6 draws at some epochs, and per draw the end, the epoch of least ' +
  'loss on the rows that choose (stopped), and the loss at the end with scores divided by the temperature that suits these rows (cooled). ' +
  'stopped[data, labels, optimizer]: per rate and draw the stopped net, the full run, one trained from the start for as many epochs, and the stopped one ' +
  'whose rate then fell. Losses and shares right are of rows with true labels; made by tools/recordings/soft-targets.mjs.';
const save = () => fs.writeFileSync(file, `${JSON.stringify({ about, ...record }, (_, value) => short(value))}\n`);
const wanted = (name) => !options.only || name.includes(options.only);

for (const name of ['clouds', 'digits'])
  for (const wrong of [0.15, 0])
    for (const kind of name === 'digits' ? ['Adam', 'SGD'] : ['Adam', 'momentum', 'SGD'])
      for (const fixed of name === 'clouds' && kind === 'Adam' ? [false, true] : [false]) {
        const title = `compared ${name}, ${wrong} wrong, ${kind}, ${fixed ? 'fixed' : 'falling'}`;
        if (record.compared[title] || !wanted(title)) continue;
        const from = Date.now();
        const methods = {
          ...targetsOf,
          ...Object.fromEntries(decays[kind].map((decay) => [`decay ${decay}`, { decay }])),
        };
        // Decay on digits is in weight-decay.recorded.json.
        const own = name === 'digits' ? ['hard', 'smoothed 0.1', 'mixed 0.4'] : Object.keys(methods);
        const groups = [];
        for (const rate of rates[name][kind]) {
          const settings = own.flatMap((method) =>
            draws.map((draw) => ({ method, draw, rate, fixed, ...methods[method] })),
          );
          const runs = train({ name, wrong, kind, epochs: lengths[name], settings });
          for (const method of own) {
            const all = runs.filter(({ setting }) => setting.method === method);
            groups.push({
              method,
              rate,
              end: all.map(({ end }) => end),
              stopped: all.map(({ stopped }) => stopped),
              cooled: all.map(({ cooled }) => cooled),
              means: all[0].told.map(({ epoch }, i) => {
                const of = (key) => mean(all.map(({ told }) => told[i][key]));
                return [epoch, of('loss'), of('right'), of('sure'), of('chooseLoss')];
              }),
            });
          }
        }
        record.compared[title] = groups;
        save();
        console.log(title, `${((Date.now() - from) / 1000).toFixed(0)} s`);
      }

// Tests the initialisation: hard targets and decay from a smaller start.
const smaller = {
  SGD: { rates: [0.03, 0.1, 0.3], decays: [0.03, 0.1] },
  Adam: { rates: [0.001, 0.003, 0.01], decays: [1, 3] },
};
for (const wrong of [0.15, 0])
  for (const [kind, { rates: own, decays: strengths }] of Object.entries(smaller)) {
    const title = `compared clouds, ${wrong} wrong, ${kind}, falling, small start`;
    if (record.compared[title] || !wanted(title)) continue;
    record.compared[title] = own.flatMap((rate) =>
      [0, ...strengths].map((decay) => {
        const settings = draws.map((draw) => ({ draw, rate, decay, small: true }));
        const runs = train({ name: 'clouds', wrong, kind, epochs: lengths.clouds, settings });
        return { method: decay ? `decay ${decay}` : 'hard', rate, end: runs.map(({ end }) => end) };
      }),
    );
    save();
    console.log(title);
  }
// On digits the softer targets from it, too; decay is in weight-decay.recorded.json.
const smallRates = { SGD: [0.1, 0.3, 0.6], Adam: [0.001, 0.002, 0.003, 0.006, 0.01] };
for (const wrong of [0.15, 0])
  for (const [kind, own] of Object.entries(smallRates)) {
    const title = `compared digits, ${wrong} wrong, ${kind}, falling, small start`;
    if (record.compared[title] || !wanted(title)) continue;
    record.compared[title] = own.flatMap((rate) => {
      const methods = ['hard', 'smoothed 0.1', 'mixed 0.4'];
      const settings = methods.flatMap((method) =>
        draws.map((draw) => ({ method, draw, rate, small: true, ...targetsOf[method] })),
      );
      const runs = train({ name: 'digits', wrong, kind, epochs: lengths.digits, settings });
      return methods.map((method) => ({
        method,
        rate,
        end: runs.filter(({ setting }) => setting.method === method).map(({ end }) => end),
      }));
    });
    save();
    console.log(title);
  }

const stopRates = { SGD: [0.1, 0.3, 1, 2], momentum: [0.01, 0.03, 0.1, 0.2], Adam: [0.001, 0.003, 0.01, 0.03] };
for (const [name, epochs] of [['clouds', 40]])
  for (const wrong of [0.15, 0])
    for (const kind of ['Adam', 'momentum', 'SGD']) {
      const title = `stopped ${name}, ${wrong} wrong, ${kind}, ${epochs} epochs`;
      if (record.stopped[title] || !wanted(title)) continue;
      const from = Date.now();
      const settings = stopRates[kind].flatMap((rate) => draws.map((draw) => ({ draw, rate })));
      const full = train({ name, wrong, kind, epochs, settings });
      const bests = full.map(({ stopped }) => stopped.epoch);
      const again = train({
        name,
        wrong,
        kind,
        epochs: Math.max(...bests),
        settings: settings.map((one, k) => ({ ...one, epochs: bests[k] })),
      });
      const tails = bests.map((best) => best + Math.ceil(best / 4));
      const settled = train({
        name,
        wrong,
        kind,
        epochs: Math.max(...tails),
        settings: settings.map((one, k) => ({ ...one, epochs, tail: bests[k] })),
      });
      const kept = ({ loss, right, chooseLoss }) => ({ loss, right, chooseLoss });
      record.stopped[title] = settings.map(({ draw, rate }, k) => ({
        draw,
        rate,
        epoch: bests[k],
        rateThen: 0.5 * (1 + Math.cos((Math.PI * bests[k]) / epochs)),
        stopped: kept(full[k].stopped),
        ended: kept(full[k].end),
        again: kept(again[k].end),
        settled: kept(settled[k].end),
      }));
      save();
      console.log(title, `${((Date.now() - from) / 1000).toFixed(0)} s`);
    }
