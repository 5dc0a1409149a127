// Records nets for the chapter "Linear, ReLU, add, max, log-softmax" (note 003). After a build:
//   node tools/recordings/log-of-softmax.mjs [--to FILE] [--only NAME]
// It takes some minutes; what the file has already is kept. One loss, minus the logarithm of the true class's share, is written in five
// ways. Each learns 1,000 handwritten digits by three optimizers at five rates, from five starts.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { data, Generator, manualSeed, nn, noGrad, optim, randperm, useDeterministicAlgorithms } from 'gradlab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

useDeterministicAlgorithms(true);
const { values: options } = parseArgs({ options: { to: { type: 'string' }, only: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/003-nyu-week-2/log-of-softmax.recorded.json');
const sown = (seed) => new Generator().manualSeed(seed);
const { nllLoss } = nn.functional;

const digits = await data.digits();
const dealt = randperm(1797, { generator: sown(1) });
const part = (from, n) => {
  const chosen = dealt.narrow(0, from, n);
  return { x: digits.x.indexSelect(0, chosen), y: digits.y.indexSelect(0, chosen) };
};
/** Training rows, validation rows for the rate, test rows. */
const [learn, choose, judge] = [part(0, 1000), part(1000, 297), part(1297, 500)];

/** Logarithms of the probabilities. */
const ways = {
  'log-softmax': (scores) => scores.logSoftmax(1),
  'log of softmax': (scores) => scores.softmax(1).log(),
  'plus 1e-20': (scores) => scores.softmax(1).add(1e-20).log(),
  'plus 1e-8': (scores) => scores.softmax(1).add(1e-8).log(),
  'clipped at 1e-7': (scores) =>
    scores
      .softmax(1)
      .clamp(1e-7, 1 - 1e-7)
      .log(),
};
const optimizers = {
  SGD: (parameters, lr) => new optim.SGD(parameters, { lr }),
  momentum: (parameters, lr) => new optim.SGD(parameters, { lr, momentum: 0.9 }),
  Adam: (parameters, lr) => new optim.Adam(parameters, { lr }),
};
const usual = {
  SGD: [0.03, 0.1, 0.3, 1, 3],
  momentum: [0.003, 0.01, 0.03, 0.1, 0.3],
  Adam: [0.001, 0.003, 0.01, 0.03, 0.1],
};
const starts = {
  'fresh net': { scale: 1, rates: usual },
  'labels corrected': { scale: 1, rates: usual, isMisled: true },
  'pixels from 0 to 255': {
    scale: 255,
    rates: {
      SGD: [1e-5, 1e-4, 3e-4, 1e-3, 1e-2],
      momentum: [1e-6, 1e-5, 1e-4, 3e-4, 1e-3],
      Adam: [1e-4, 3e-4, 0.001, 0.003, 0.01],
    },
  },
};
const seeds = [0, 1, 2, 3, 4];
const looks = [2, 8, 24];

function newNet(seed) {
  manualSeed(seed);
  return new nn.Sequential(new nn.Linear(64, 32), new nn.ReLU(), new nn.Linear(32, 10));
}
function epoch(net, optimizer, logs, generator, { scale = 1, labels = (y) => y } = {}) {
  for (const rows of randperm(1000, { generator }).split(32)) {
    optimizer.zeroGrad();
    const scores = net.forward(learn.x.indexSelect(0, rows).mul(scale));
    nllLoss(logs(scores), labels(learn.y.indexSelect(0, rows))).backward();
    optimizer.step();
  }
}
/** Nets trained by Adam on labels that are one too high: their weights, by seed. */
const misled = seeds.map((seed) => {
  const net = newNet(seed);
  const adam = new optim.Adam(net.parameters(), { lr: 0.01 });
  const generator = sown(seed);
  for (let k = 0; k < 20; k++)
    epoch(net, adam, ways['log-softmax'], generator, { labels: (y) => y.add(1).remainder(10).int() });
  return nn.utils.parametersToVector(net.parameters()).detach();
});
const mistakes = (net, { x, y }, scale) =>
  noGrad(() => Number(((100 * net.forward(x.mul(scale)).argmax(1).ne(y).sum().item()) / y.numel()).toFixed(2)));

/** Errors in 100 after 2, 8 and 24 epochs, on validation and test rows, and whether some weight is NaN or infinite. */
function run({ scale, isMisled }, kind, way, rate, seed) {
  const net = newNet(seed);
  if (isMisled) nn.utils.vectorToParameters(misled[seed], net.parameters());
  const optimizer = optimizers[kind](net.parameters(), rate);
  const generator = sown(100 + seed);
  const told = [];
  for (let k = 1; k <= 24; k++) {
    epoch(net, optimizer, ways[way], generator, { scale });
    if (looks.includes(k)) told.push([mistakes(net, choose, scale), mistakes(net, judge, scale)]);
  }
  const isLost = net.parameters().some((p) => Number.isNaN(p.detach().sum().item()));
  return { looks: told, isLost };
}

const runs = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).runs : {};
for (const [name, start] of Object.entries(starts)) {
  if (runs[name] || (options.only && options.only !== name)) continue;
  runs[name] = Object.fromEntries(
    Object.keys(optimizers).map((kind) => [
      kind,
      Object.fromEntries(
        Object.keys(ways).map((way) => [
          way,
          start.rates[kind].map((rate) => ({ rate, seeds: seeds.map((seed) => run(start, kind, way, rate, seed)) })),
        ]),
      ),
    ]),
  );
  const about =
    'Mistakes in 100 after 2, 8 and 24 epochs: rows to choose the rate by, rows to judge by. Made by ' +
    '`node tools/recordings/log-of-softmax.mjs`.';
  fs.writeFileSync(file, `${JSON.stringify({ about, runs })}\n`);
  console.log(name, 'written');
}
