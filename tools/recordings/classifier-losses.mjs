// Records nets for the chapter "Softmax, sigmoid, cross entropy, MSE" (note 001). After a build:
//   node tools/recordings/classifier-losses.mjs [--to FILE] [--only NAME]
// It takes about twenty minutes; what the file has already is kept.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { data, Generator, manualSeed, nn, noGrad, optim, randperm, where } from 'gradlab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' }, only: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/001-fastai-book/classifier-losses.recorded.json');
const { crossEntropy, mseLoss, oneHot } = nn.functional;
const sown = (seed) => new Generator().manualSeed(seed);
const pictures = await data.digits();

/**
 * 500 digits for training, 297 for validation and 1,000 for testing, shuffled for each draw. A fraction of labels may
 * be wrong, and two classes are even and odd.
 */
function deal(draw, wrong, classes) {
  const order = randperm(1797, { generator: sown(1000 + draw) });
  const part = (from, n) => {
    const chosen = order.narrow(0, from, n);
    return {
      x: pictures.x.indexSelect(0, chosen).to('float32'),
      y: pictures.y.indexSelect(0, chosen).remainder(classes),
    };
  };
  const learn = part(0, 500);
  const [lot, shift] = [
    randperm(500, { generator: sown(2000 + draw) }),
    randperm(500, { generator: sown(3000 + draw) }),
  ];
  const moved = learn.y.add(shift.remainder(9)).add(1).remainder(10).to(learn.y.dtype);
  return {
    learn: { x: learn.x, y: where(lot.lt(500 * wrong), moved, learn.y) },
    choose: part(500, 297),
    judge: part(797, 1000),
  };
}

const goals = (scores, y) => oneHot(y, scores.shape[1]).to('float32');
/**
 * Mean squares of scores minus targets, where a score beyond its target has no loss: that of the true class, or those
 * of the others, or both.
 */
const oneSided = (scores, y, { ofTrue, ofOthers }) => {
  const wanted = goals(scores, y);
  const off = scores.sub(wanted);
  const [short, far] = [ofTrue ? off.clampMax(0) : off, ofOthers ? off.clampMin(0) : off];
  return short
    .mul(wanted)
    .add(far.mul(wanted.rsub(1)))
    .square()
    .mean();
};
const losses = {
  'cross entropy': (scores, y) => crossEntropy(scores, y),
  'smoothed cross entropy': (scores, y) => crossEntropy(scores, y, { labelSmoothing: 0.1 }),
  'squares on softmax': (scores, y) => mseLoss(scores.softmax(1), goals(scores, y)),
  'squares on scores': (scores, y) => mseLoss(scores, goals(scores, y)),
  'one-sided squares': (scores, y) => oneSided(scores, y, { ofTrue: true, ofOthers: true }),
  'one-sided for the true class': (scores, y) => oneSided(scores, y, { ofTrue: true }),
  'one-sided for the others': (scores, y) => oneSided(scores, y, { ofOthers: true }),
};
const three = ['cross entropy', 'squares on softmax', 'squares on scores'];
const two = ['cross entropy', 'squares on scores'];
/** The rates, from the smallest on, each twice the previous one. */
const rates = {
  'cross entropy': { SGD: [0.05, 7], momentum: [0.005, 7], Adam: [0.001, 7] },
  'smoothed cross entropy': { SGD: [0.05, 7], momentum: [0.005, 8], Adam: [0.001, 7] },
  'squares on softmax': { SGD: [2, 6], momentum: [0.2, 6], Adam: [0.001, 7] },
  'squares on scores': { SGD: [0.125, 7], momentum: [0.0125, 9], Adam: [0.001, 7] },
  'one-sided squares': { SGD: [0.125, 8], momentum: [0.0125, 9], Adam: [0.001, 7] },
  'one-sided for the true class': { SGD: [0.125, 7], momentum: [0.0125, 7], Adam: [0.001, 7] },
  'one-sided for the others': { SGD: [0.125, 8], momentum: [0.0125, 8], Adam: [0.001, 7] },
};
const cases = {
  'true labels': {
    draws: 6,
    tried: [...three, 'smoothed cross entropy', 'one-sided squares', 'one-sided for the others'],
  },
  'true labels, fixed rate': { draws: 3, falling: false, tried: three },
  'true labels, 5 epochs': { draws: 3, epochs: 5, tried: three },
  '15 % wrong labels': { draws: 3, wrong: 0.15, tried: [...three, 'smoothed cross entropy'] },
  'one layer': { draws: 6, widths: [64, 10], tried: Object.keys(losses) },
  'one layer, even or odd': { draws: 6, widths: [64, 2], classes: 2, tried: [...two, 'smoothed cross entropy'] },
};

/** Errors in per cent on the validation and test rows, after training. */
function train(loss, kind, rate, draw, setting) {
  const { epochs = 30, falling = true, wrong = 0, widths = [64, 64, 64, 10], classes = 10 } = setting;
  const { learn, choose, judge } = deal(draw, wrong, classes);
  manualSeed(draw);
  const layers = widths.slice(1).flatMap((outputs, l) => {
    const layer = new nn.Linear(widths[l], outputs);
    return l === widths.length - 2 ? [layer] : [layer, new nn.ReLU()];
  });
  const net = new nn.Sequential(...layers);
  const optimizer =
    kind === 'Adam'
      ? new optim.Adam(net.parameters(), { lr: rate })
      : new optim.SGD(net.parameters(), { lr: rate, momentum: kind === 'momentum' ? 0.9 : 0 });
  const steps = epochs * 25;
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++)
    for (const rows of randperm(500).split(20)) {
      if (falling) optimizer.paramGroups[0].lr = (rate / 2) * (1 + Math.cos((Math.PI * step) / steps));
      optimizer.zeroGrad();
      losses[loss](net(learn.x.indexSelect(0, rows)), learn.y.indexSelect(0, rows)).backward();
      optimizer.step();
      step++;
    }
  const error = ({ x, y }) => noGrad(() => 100 * (1 - net(x).argmax(1).eq(y).to('float32').mean().item()));
  return [choose, judge].map((rows) => Number(error(rows).toFixed(1)));
}

const record = fs.existsSync(file)
  ? JSON.parse(fs.readFileSync(file, 'utf8'))
  : {
      about:
        'Errors of 100 digits on rows to choose the rate by and on rows to judge by, for each rate and draw: ' +
        'runs[case][kind of step][loss] is a list of { rate, errors: [[choose, judge], …] }; by tools/recordings/classifier-losses.mjs',
      runs: {},
    };
for (const [name, setting] of Object.entries(cases)) {
  if (options.only !== undefined && options.only !== name) continue;
  for (const kind of ['SGD', 'momentum', 'Adam'])
    for (const loss of setting.tried) {
      record.runs[name] ??= {};
      record.runs[name][kind] ??= {};
      const place = record.runs[name][kind];
      if (place[loss]) continue;
      const [least, count] = rates[loss][kind];
      place[loss] = Array.from({ length: count }, (_, i) => least * 2 ** i).map((rate) => ({
        rate,
        errors: Array.from({ length: setting.draws }, (_, draw) => train(loss, kind, rate, draw, setting)),
      }));
      fs.writeFileSync(file, `${JSON.stringify(record)}\n`);
      const means = place[loss].map(
        ({ rate, errors }) =>
          `${rate}: ${[0, 1].map((k) => (errors.reduce((s, e) => s + e[k], 0) / errors.length).toFixed(1)).join('/')}`,
      );
      console.log(name, kind, loss, means.join('  '));
    }
}
