// Records nets for the chapter "Training neural networks in practice" (note 003): each piece of advice taken away, alone. After a build:
//   node tools/recordings/advice.mjs [--to FILE] [--only NAME]
// It takes about ten minutes; what the file has already is kept. The nets of one row, one for each rate and draw, are trained at
// once: their weights lie in one tensor whose first dimension is the net, so no net knows of the others.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { data, Generator, nn, noGrad, rand, randn, randperm, stack, tensor, zeros } from 'gradlab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' }, only: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/003-nyu-week-2/advice.recorded.json');
const sown = (seed) => new Generator().manualSeed(seed);
const draws = [1, 2, 3, 4, 5];
const [learned, chosenBy, judgedBy, width, usual] = [500, 300, 997, 32, 30];

const pictures = await data.digits();
/** A separate factor for each pixel, from 0.1 to 10. */
const factorOf = (draw) =>
  rand([64], { generator: sown(2000 + draw) })
    .mul(2)
    .sub(1)
    .mul(Math.log(10))
    .exp();
/** The rows of one draw, in one of the units: training rows, validation rows for the rate, and test rows. */
function deal(draw, units, sorted) {
  const order = randperm(1797, { generator: sown(1000 + draw) });
  const part = (from, n) => {
    const rows = order.narrow(0, from, n);
    return { x: pictures.x.indexSelect(0, rows).to('float32'), y: pictures.y.indexSelect(0, rows) };
  };
  const learn = part(0, learned);
  if (sorted) {
    const byClass = learn.y.argsort();
    for (const name of ['x', 'y']) learn[name] = learn[name].indexSelect(0, byClass);
  }
  const [mean, spread] = [learn.x.mean(0), learn.x.std(0).clamp(0.01)];
  // A separate factor for each pixel, from 0.1 to 10.
  const factor = rand([64], { generator: sown(2000 + draw) })
    .mul(2)
    .sub(1)
    .mul(Math.log(10))
    .exp();
  const seen = ({ x, y }) => {
    if (units === 'ink') return { x, y };
    if (units === 'counts') return { x: x.mul(16), y };
    const alike = x.sub(mean).div(spread);
    return { x: units === 'mixed' ? alike.mul(factor) : alike, y };
  };
  return { learn: seen(learn), choose: seen(part(learned, chosenBy)), judge: seen(part(learned + chosenBy, judgedBy)) };
}

const bends = { relu: (h) => h.relu(), tanh: (h) => h.tanh(), sigmoid: (h) => h.sigmoid() };
/** Spreads of the initial weights; `plain` is the default of layers. */
const starts = {
  he: (inputs) => Math.sqrt(2 / inputs),
  plain: (inputs) => Math.sqrt(1 / inputs),
  four: (inputs) => 4 / Math.sqrt(inputs),
  uniform: (inputs) => Math.sqrt(1 / (3 * inputs)),
  small: () => 0.01,
  large: () => 1,
};

function train({ bend = 'relu', start = 'he', loss = 'cross entropy', batch = 20, ...given }) {
  const {
    units,
    undone = false,
    sorted = false,
    falling = true,
    decay = 0,
    p = 0,
    epochs = usual,
    hidden,
    step,
    rates,
  } = given;
  const settings = rates.flatMap((rate) => draws.map((draw) => ({ rate, draw })));
  const dealt = Object.fromEntries(draws.map((draw) => [draw, deal(draw, units, sorted)]));
  const joined = (name) => ({
    x: stack(settings.map(({ draw }) => dealt[draw][name].x)),
    y: stack(settings.map(({ draw }) => dealt[draw][name].y)),
  });
  const [learn, choose, judge] = ['learn', 'choose', 'judge'].map(joined);
  const nets = settings.length;
  const rate = tensor(settings.map((one) => one.rate))
    .to('float32')
    .reshape([nets, 1, 1]);
  const widths = [64, ...Array(hidden).fill(width), 10];
  const parameters = widths.slice(1).flatMap((outputs, l) => {
    const spread = starts[start](widths[l]);
    const drawn = settings.map(({ draw }) => randn([widths[l], outputs], { generator: sown(10000 * (l + 1) + draw) }));
    // Undone: the first layer is initialised as if the pixels had equal units.
    if (undone && l === 0) drawn.forEach((one, k) => void one.div_(factorOf(settings[k].draw).unsqueeze(1)));
    return [stack(drawn).mul(spread).requiresGrad_(), zeros([nets, 1, outputs]).requiresGrad_()];
  });
  const memory = parameters.map((one) => [zeros(one.shape), zeros(one.shape)]);
  const masks = sown(7);
  const forward = (x, training) => {
    let h = x;
    for (let l = 0; l < parameters.length; l += 2) {
      h = h.matmul(parameters[l]).add(parameters[l + 1]);
      if (l === parameters.length - 2) return h;
      h = bends[bend](h);
      if (training && p) h = h.mul(rand(h.shape, { generator: masks }).ge(p).to('float32')).div(1 - p);
    }
  };
  const lossOf = (scores, y) => {
    if (loss === 'cross entropy')
      return nn.functional.crossEntropy(scores.reshape([-1, 10]), y.reshape([-1]), { reduction: 'sum' });
    const truth = nn.functional.oneHot(y.to('int32'), 10).to('float32');
    return scores.softmax(2).sub(truth).square().sum();
  };
  const order = sown(8);
  const steps = (epochs * learned) / batch;
  let rest = [];
  for (let t = 1; t <= steps; t++) {
    const share = falling ? 0.5 * (1 + Math.cos((Math.PI * (t - 1)) / steps)) : 1;
    if (rest.length === 0) {
      const rows = sorted
        ? tensor(Array.from({ length: learned }, (_, i) => i)).to('int32')
        : randperm(learned, { generator: order });
      rest = [...rows.split(batch)].reverse();
    }
    const rows = rest.pop();
    for (const one of parameters) one.grad = null;
    lossOf(forward(learn.x.indexSelect(1, rows), true), learn.y.indexSelect(1, rows))
      .div(batch)
      .backward();
    noGrad(() => {
      const now = rate.mul(share);
      parameters.forEach((one, i) => {
        let towards = one.grad;
        const [first, second] = memory[i];
        if (step === 'Adam') {
          first.mul_(0.9).add_(towards.mul(0.1));
          second.mul_(0.999).add_(towards.square().mul(0.001));
          towards = first.div(1 - 0.9 ** t).div(
            second
              .div(1 - 0.999 ** t)
              .sqrt()
              .add(1e-8),
          );
        }
        if (decay && i % 2 === 0) one.mul_(now.mul(-decay).add(1));
        one.sub_(towards.mul(now));
      });
    });
  }
  const wrong = ({ x, y }) => noGrad(() => forward(x, false).argmax(2).ne(y).to('float32').mean(1).tolist());
  const [own, toChoose, toJudge] = [wrong(learn), wrong(choose), wrong(judge)];
  const table = (all) => rates.map((_, r) => draws.map((_, d) => Number((100 * all[r * draws.length + d]).toFixed(2))));
  return { rates, own: table(own), choose: table(toChoose), judge: table(toJudge) };
}

const grid = (middle, from, to) =>
  Array.from({ length: to - from + 1 }, (_, i) => Number((middle * Math.exp((from + i) * Math.log(3))).toPrecision(2)));
/** The advice that each row removes, and the shift of its rates. */
const rows = {
  nothing: {},
  'ReLU: sigmoid': { bend: 'sigmoid', start: 'plain', SGD: 3, Adam: 1 },
  'ReLU: sigmoid, wide start': { bend: 'sigmoid', start: 'four', SGD: 3 },
  'ReLU: tanh': { bend: 'tanh', start: 'plain' },
  'loss: squares': { loss: 'squares', SGD: 3 },
  'batch: all rows': { batch: 500, SGD: 3, Adam: 3 },
  'batch: all rows, as many steps': { batch: 500, epochs: 750, only: ['2 SGD'] },
  'batch: one row': { batch: 1, SGD: 0.1, only: ['2 SGD', '2 Adam'] },
  'order: by class': { sorted: true, SGD: 0.3, Adam: 0.3 },
  'order: by class, rate: constant': { sorted: true, falling: false, SGD: 0.3, Adam: 0.3 },
  'units: ink': { units: 'ink', SGD: 3 },
  'units: counts': { units: 'counts', SGD: 0.02, Adam: 0.5 },
  'units: mixed': { units: 'mixed', SGD: 0.1, Adam: 0.5 },
  'units: mixed, undone in the start': { units: 'mixed', undone: true, SGD: 0.1, only: ['2 SGD', '2 Adam'] },
  'rate: constant': { falling: false, SGD: 0.5, Adam: 0.5 },
  'start: 0.01': { start: 'small', SGD: 3, Adam: 1 },
  'start: 1': { start: 'large', SGD: 0.1 },
  'start: uniform': { start: 'uniform' },
  'decay: weak': { decay: { SGD: 0.001, Adam: 0.1 } },
  'decay: strong': { decay: { SGD: 0.01, Adam: 1 } },
  'dropout: 0.1': { p: 0.1 },
  'dropout: 0.3': { p: 0.3 },
};
const middles = { SGD: 0.1, Adam: 0.005 };

const about =
  `Per cent wrong of the digits learned (own), of ${chosenBy} by which a rate is chosen and of ${judgedBy} others (judge), for each rate and ` +
  'each of five draws, by hidden layers, step and row; by tools/recordings/advice.mjs';
const record = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { runs: {} };
const nets = [
  [2, 'SGD'],
  [2, 'Adam'],
  [6, 'SGD'],
  [6, 'Adam'],
];
for (const [hidden, step] of nets)
  for (const [name, { SGD = 1, Adam = 1, decay, only, ...row }] of Object.entries(rows)) {
    const key = `${hidden} ${step} ${name}`;
    if (
      record.runs[key] ||
      (only && !only.includes(`${hidden} ${step}`)) ||
      (options.only && !key.includes(options.only))
    )
      continue;
    const began = Date.now();
    const shift = step === 'Adam' ? Adam : SGD;
    record.runs[key] = train({
      ...row,
      decay: step === 'Adam' ? decay?.Adam : decay?.SGD,
      hidden,
      step,
      rates: grid(middles[step] * shift, -3, 3),
    });
    fs.writeFileSync(file, `${JSON.stringify({ about, ...record })}\n`);
    const { rates, choose, judge } = record.runs[key];
    const mean = (all) => (all.reduce((a, b) => a + b) / all.length).toFixed(1);
    console.log(
      key,
      `${((Date.now() - began) / 1000).toFixed(0)} s |`,
      rates.map((one, r) => `${one}: ${mean(choose[r])}/${mean(judge[r])}`).join('  '),
    );
  }
