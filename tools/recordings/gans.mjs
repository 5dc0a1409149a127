// Records the games for the chapter "GANs" (note 000). After a build:
//   node tools/recordings/gans.mjs [--to FILE] [--only NAME]
// It takes about ten minutes; what the file has already is kept. Eight games lie in one stack, and each plays as it would alone.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Generator, noGrad, optim } from 'gradlab';
import * as lesson from 'gradlab/lab/lessons/000-gans-and-fine-detail';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' }, only: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/000-machine-learning/gans.recorded.json');

const target = { mean: 6, sd: 0.5 };
const twoBells = { mean: 0, sd: 0.5, apart: 6 };
const rounds = [0, 5, 10, 20, 30, 40, 50, 60, 80, 100, 150, 200, 250, 300];
const road = Array.from({ length: 51 }, (_, i) => -2 + i / 5);

/** Plain steps, but with the gradient of each game's weights normalised to length 1. */
class UnitSlope {
  constructor(weights, lr) {
    Object.assign(this, { weights, lr });
  }
  zeroGrad() {
    for (const weight of this.weights) weight.grad = null;
  }
  step() {
    noGrad(() => {
      const squares = this.weights.map(({ grad }) => grad.square().sum(2).sum(1).reshape([-1, 1, 1]));
      const length = squares.reduce((a, b) => a.add(b)).sqrt();
      for (const weight of this.weights) weight.sub_(weight.grad.div(length).mul(this.lr));
    });
  }
}
/** Adam that resets its state after some rounds. */
class Forgetful {
  constructor(weights, after) {
    Object.assign(this, { weights, after, steps: 0 });
    this.adam = adamOf(0.999)(weights);
  }
  zeroGrad() {
    this.adam.zeroGrad();
  }
  step() {
    if (this.steps++ === this.after) this.adam = adamOf(0.999)(this.weights);
    this.adam.step();
  }
}
const sgd =
  (lr, momentum = 0) =>
  (weights) =>
    new optim.SGD(weights, { lr, momentum });
const adamOf =
  (beta2, lr = 0.005, beta1 = 0.5) =>
  (weights) =>
    new optim.Adam(weights, { lr, betas: [beta1, beta2] });
const unit = (lr) => (weights) => new UnitSlope(weights, lr);
/** Plain steps of a generator whose samples start this far to the right. */
const startingAt = (lr, shift) => (weights) => {
  noGrad(() => weights[3].add_(shift));
  return sgd(lr)(weights);
};
const rms = (alpha) => (weights) => new optim.RMSprop(weights, { lr: 0.005, alpha });
const forgetful = (after) => (weights) => new Forgetful(weights, after);

const kept = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
const record = { about: '', road, rounds, ...kept };
record.about =
  'Eight games each: means and spreads of the 100 samples over rounds; of the watched game also nine samples, D on the road, and ' +
  'the pushes on the samples; of games with two real bells the share of samples in the right one; by tools/recordings/gans.mjs';
record.games ??= {};
record.watched ??= {};
const short = (value) => Number(value.toPrecision(4));
const every = (list) => list.filter((_, i) => i % 12 === 2);

function run(name, { loss, k, optimizer, watch = false, lr = 0.005, steps = 300, noise, real = target }) {
  if (record.games[name] || (options.only && !name.includes(options.only))) return;
  const began = Date.now();
  const games = lesson.gan1d(real, {
    ...{ criticSteps: k, loss: loss === 'log(1 − D)' ? 'saturating' : 'non-saturating', steps, lr },
    ...{ generatorOptimizer: optimizer, snapshots: steps === 300 ? rounds : [0, steps], ...(noise && { noise }) },
    generators: [0, 1, 2, 3, 4, 5, 6, 7].map((seed) => new Generator().manualSeed(seed)),
  });
  const over = (of) => games.map(({ history }) => history.map((one) => short(of(one))));
  record.games[name] = { means: over(({ mean }) => mean), spreads: over(({ sd }) => sd) };
  if (real.apart)
    record.games[name].shares = over(({ samples }) => samples.filter((x) => x > real.mean).length / samples.length);
  if (watch)
    record.watched[name] = games[5].history.map(({ samples, pushes, critic }) => ({
      samples: every(samples).map(short),
      pushes: every(pushes).map(short),
      critic: critic(road).map((d) => Number(d.toFixed(3))),
      surest: short(Math.max(...critic(samples))),
    }));
  fs.writeFileSync(file, `${JSON.stringify(record)}\n`);
  const ends = record.games[name].means.map((course) => course.at(-1).toFixed(1));
  const spread = record.games[name].spreads.map((course) => course.at(-1).toFixed(2));
  const { shares } = record.games[name];
  if (shares) console.log(shares.map((course) => course.at(-1).toFixed(2)).join(' '));
  console.log(name, '|', ends.join(' '), '|', spread.join(' '), '|', `${((Date.now() - began) / 1000).toFixed(0)} s`);
}

const both = ['log(1 − D)', '−log D'];
const [game, swapped] = both;
const at = (loss, k, name, optimizer, more = {}) => run(`${loss}, ${k}, ${name}`, { loss, k, optimizer, ...more });
at(game, 20, 'SGD 0.05', sgd(0.05), { watch: true });
at(swapped, 20, 'SGD 0.05', sgd(0.05), { watch: true });
at(game, 1, 'SGD 0.05', sgd(0.05), { watch: true });
at(swapped, 1, 'SGD 0.05', sgd(0.05));
at(game, 20, 'Adam β₂ 0.9', adamOf(0.9));
at(game, 20, 'Adam β₂ 0.999', adamOf(0.999), { watch: true });
at(swapped, 20, 'Adam β₂ 0.999', adamOf(0.999));
for (const loss of both) at(loss, 1, 'Adam β₂ 0.999', adamOf(0.999));
at(game, 20, 'SGD 1', sgd(1), { watch: true });
at(game, 20, 'slope of length 1', unit(0.05));
at(game, 20, 'Adam β₂ 0.999, forgets at round 40', forgetful(40));
at(game, 20, 'SGD 0.2', sgd(0.2));
at(game, 20, 'Adam β₂ 0.99', adamOf(0.99));
for (const loss of both) at(loss, 5, 'SGD 0.05', sgd(0.05));
at(swapped, 20, 'SGD 1', sgd(1));
for (const loss of both) at(loss, 20, 'momentum 0.9, 0.005', sgd(0.005, 0.9));
for (const loss of both) at(loss, 20, 'RMSprop α 0.9', rms(0.9));
at(swapped, 5, 'Adam β₂ 0.999', adamOf(0.999));
for (const loss of both) at(loss, 20, 'SGD 0.05, critic 0.0005', sgd(0.05), { lr: 0.0005 });
at(swapped, 20, 'momentum 0.9, 0.0005', sgd(0.0005, 0.9));
at(swapped, 1, 'momentum 0.9, 0.005', sgd(0.005, 0.9));
// As many steps of the discriminator as 20 per round make, with a generator twenty times as slow.
at(swapped, 1, 'Adam 0.00025, 6,000 rounds', adamOf(0.999, 0.00025), { steps: 6000 });
for (const spread of [1, 3])
  at(game, 20, `SGD 0.05, noise ${spread}`, sgd(0.05), { noise: (round) => spread * (1 - round / 300) });
at(game, 20, 'SGD 0.05, noise 1 stays', sgd(0.05), { noise: () => 1 });
at(game, 20, 'Adam β₂ 0.999, 0.01', adamOf(0.999, 0.01));
for (const k of [1, 20]) {
  at(swapped, k, 'Adam β₂ 0.999, two bells', adamOf(0.999), { real: twoBells });
  at(swapped, k, 'SGD 0.05, two bells', sgd(0.05), { real: twoBells });
}
const fading = (round) => 3 * (1 - round / 300);
for (const k of [20, 1]) {
  at(swapped, k, 'Adam β₂ 0.999, two bells, noise 3', adamOf(0.999), { real: twoBells, noise: fading });
  at(swapped, k, 'SGD 0.05, two bells, noise 3', sgd(0.05), { real: twoBells, noise: fading });
}
at(swapped, 1, 'Adam 0.00025, 6,000 rounds, two bells', adamOf(0.999, 0.00025), { steps: 6000, real: twoBells });
// The real numbers are at 0, and the samples start at 20, where the discriminator's units are saturated.
at(swapped, 20, 'SGD 0.05, from 20 to 0', startingAt(0.05, 20), { real: { mean: 0, sd: 0.5 } });
