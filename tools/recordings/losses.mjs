// Records nets for the chapter "L1, L2, MAE, MSE, RMSE" (note 001). After a build:
//   node tools/recordings/losses.mjs [--to FILE] [--only LOSS]
// What the file has already is kept. The nets of all draws and kinds of noise are trained at once: their weights lie in one tensor
// whose first dimension is the net. Descent, momentum and Adam act on each number by itself, so no net knows of the others.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Generator, nn, noGrad, optim, rand, randn, stack, tensor, useDeterministicAlgorithms } from 'gradlab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' }, only: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/001-fastai-book/losses.recorded.json');
useDeterministicAlgorithms(true);
const sown = (seed) => new Generator().manualSeed(seed);
const { mseLoss, l1Loss, huberLoss } = nn.functional;

const [rows, hidden, steps, draws, wrong] = [100, 16, 1000, 6, 15];
const spread = 0.3;
const bell = (generator) => randn([rows], { generator }).mul(spread).tolist();
/** The noise added to each row's target, by its kind. */
const noises = {
  '15 too high': (generator) => bell(generator).map((e, i) => (i < wrong ? e + 4 : e)),
  '15 off, both ways': (generator) => bell(generator).map((e, i) => (i < wrong ? e + (i % 2 ? 4 : -4) : e)),
  'heavy tails': (generator) =>
    rand([rows], { generator })
      .tolist()
      .map((u) => spread * Math.tan(Math.PI * 0.49 * (2 * u - 1))),
  bell,
  /** An exponential variable minus its mean. */
  'long tail up': (generator) =>
    rand([rows], { generator })
      .tolist()
      .map((u) => -Math.log(1 - u) - 1),
};
const sum = { reduction: 'sum' };
const losses = {
  MSE: (a, b) => mseLoss(a, b, sum),
  MAE: (a, b) => l1Loss(a, b, sum),
  'Huber 0.2': (a, b) => huberLoss(a, b, { ...sum, delta: 0.2 }),
  'Huber 0.5': (a, b) => huberLoss(a, b, { ...sum, delta: 0.5 }),
  'Huber 1': (a, b) => huberLoss(a, b, { ...sum, delta: 1 }),
};
const kinds = {
  Adam: { rates: [0.003, 0.01, 0.03, 0.1], make: (all, lr) => new optim.Adam(all, { lr }) },
  momentum: { rates: [0.01, 0.03, 0.1, 0.3], make: (all, lr) => new optim.SGD(all, { lr, momentum: 0.9 }) },
  SGD: { rates: [0.03, 0.1, 0.3, 1], make: (all, lr) => new optim.SGD(all, { lr }) },
};

const truth = (x) => x.mul(2).sin();
/** 161 points from −2 to 2. */
const places = tensor(Array.from({ length: 161 }, (_, i) => [-2 + i / 40]));
const cells = Object.keys(noises).flatMap((noise) => Array.from({ length: draws }, (_, draw) => ({ noise, draw })));
const x = stack(
  cells.map(({ draw }) =>
    rand([rows, 1], { generator: sown(10 + draw) })
      .mul(4)
      .sub(2),
  ),
);
const y = truth(x).add(stack(cells.map(({ noise, draw }) => tensor(noises[noise](sown(100 + draw))).unsqueeze(1))));

const short = (number) => Number(number.toPrecision(3));
/** The rows of each noise's first draw, as lists of x and of y. */
function firstRows() {
  const listOf = (all, i) => all.at(i).flatten().tolist().map(short);
  const firsts = cells.flatMap(({ draw }, i) => (draw === 0 ? [i] : []));
  return Object.fromEntries(firsts.map((i) => [cells[i].noise, { x: listOf(x, i), y: listOf(y, i) }]));
}

/** The results of the nets of one loss, kind of step and rate, for each noise. */
function train(loss, make, lr) {
  const start = (shape, bound, seed) =>
    stack(
      cells.map(({ draw }) =>
        rand(shape, { generator: sown(seed + draw) })
          .mul(2 * bound)
          .sub(bound),
      ),
    )
      .detach()
      .requiresGrad_();
  const [w, b] = [start([1, hidden], 1, 1000), start([1, hidden], 1, 2000)];
  const [v, c] = [start([hidden, 1], 0.25, 3000), start([1, 1], 0.25, 4000)];
  const net = (input) => input.matmul(w).add(b).tanh().matmul(v).add(c);
  const optimizer = make([w, b, v, c], lr);
  for (let step = 0; step < steps; step++) {
    optimizer.paramGroups[0].lr = lr * (1 - step / steps);
    optimizer.zeroGrad();
    // The sum of the nets' mean losses, so that each has its own gradient.
    losses[loss](net(x), y).div(rows).backward();
    optimizer.step();
  }
  const says = noGrad(() => net(places.unsqueeze(0)).squeeze(2));
  const off = says.sub(truth(places).squeeze(1));
  const [far, above] = [off.square().mean(1).sqrt().tolist(), off.mean(1).tolist()];
  return Object.fromEntries(
    Object.keys(noises).map((noise) => {
      const own = cells.flatMap((cell, i) => (cell.noise === noise ? [i] : []));
      const every = says
        .at(own[0])
        .tolist()
        .filter((_, k) => k % 4 === 0);
      return [
        noise,
        { far: own.map((i) => short(far[i])), above: own.map((i) => short(above[i])), says: every.map(short) },
      ];
    }),
  );
}

const about =
  'Nets 1-16-1 on 100 rows around sin 2x, 1,000 steps of a falling rate, six draws: for each loss, kind of step, rate and noise the root mean ' +
  'square distance from the true curve (far), the mean of what the net says less the curve (above), and for Adam what the first net says at ' +
  '41 places from -2 to 2 (says); rows: those of the first draw; by tools/recordings/losses.mjs';
const before = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).runs : {};
const record = { about, rows: firstRows(), runs: before };
const write = () => fs.writeFileSync(file, `${JSON.stringify(record)}\n`);
for (const loss of Object.keys(losses))
  for (const [kind, { rates, make }] of Object.entries(kinds))
    for (const rate of rates) {
      const name = `${loss}, ${kind}, ${rate}`;
      if (record.runs[name] || (options.only && options.only !== loss)) continue;
      const begun = Date.now();
      const ends = train(loss, make, rate);
      if (kind !== 'Adam') for (const end of Object.values(ends)) delete end.says;
      record.runs[name] = ends;
      console.log(name, ((Date.now() - begun) / 1000).toFixed(1), 's');
      write();
    }
write();
