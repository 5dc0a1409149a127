// Records the search of rates for the chapter "AdaGrad, RMSprop, Adam, and the optimizer race" (note 004). After a build:
//   node tools/recordings/optimizer-race.mjs [--to FILE]
// It takes half a minute. Each net is trained by itself, as `train` of the notebook does.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  data,
  Generator,
  manualSeed,
  nn,
  noGrad,
  optim,
  randint,
  randperm,
  slice,
  useDeterministicAlgorithms,
} from 'gradlab';
import { numeric } from 'gradlab/lab';
import { paths } from '../../kernel-setup/setup/paths.mjs';

useDeterministicAlgorithms(true);
const committed = path.join(paths.notebooks, '004-neural-networks', 'optimizer-race.recorded.json');
const { values } = parseArgs({ options: { to: { type: 'string', default: committed } } });

const digits = await data.digits();
const chosen = randperm(1797, { generator: new Generator().manualSeed(3) }).at(slice(0, 1297));
const raw = { x: digits.x.at(chosen), y: digits.y.at(chosen) };
const centred = { x: raw.x.sub(raw.x.mean(0)), y: raw.y };
const makers = {
  GD: (p, lr) => new optim.SGD(p, { lr }),
  momentum: (p, lr) => new optim.SGD(p, { lr, momentum: 0.9 }),
  Nesterov: (p, lr) => new optim.SGD(p, { lr, momentum: 0.9, nesterov: true }),
  AdaGrad: (p, lr) => new optim.Adagrad(p, { lr }),
  RMSprop: (p, lr) => new optim.RMSprop(p, { lr, alpha: 0.9 }),
  Adam: (p, lr) => new optim.Adam(p, { lr }),
};
const rates = {
  GD: [0.1, 0.3, 1, 3],
  momentum: [0.03, 0.1, 0.3, 1],
  Nesterov: [0.03, 0.1, 0.3, 1],
  AdaGrad: [0.03, 0.1, 0.3, 1],
  RMSprop: [0.003, 0.01, 0.03, 0.1],
  Adam: [0.003, 0.01, 0.03, 0.1],
};
function lossAfter({ x, y }, make, rate, falls, seed) {
  manualSeed(seed);
  const net = new nn.Sequential(
    new nn.Linear(64, 32),
    new nn.ReLU(),
    new nn.Linear(32, 32),
    new nn.ReLU(),
    new nn.Linear(32, 10),
  );
  const optimizer = make(net.parameters(), rate);
  for (let step = 0; step < 320; step++) {
    optimizer.paramGroups[0].lr = rate * (falls ? (1 + Math.cos((Math.PI * step) / 320)) / 2 : 1);
    const batch = randint(0, 1297, [32]);
    optimizer.zeroGrad();
    nn.functional.crossEntropy(net.forward(x.at(batch)), y.at(batch)).backward();
    optimizer.step();
  }
  const loss = noGrad(() => nn.functional.crossEntropy(net.forward(x), y).item());
  return Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY;
}
/** For each optimizer and rate the median loss of three seeds; null if it is not finite. */
const search = (rows, falls) =>
  Object.fromEntries(
    Object.entries(makers).map(([name, make]) => [
      name,
      rates[name].map((rate) => {
        const loss = numeric.median([1, 2, 3].map((seed) => lossAfter(rows, make, rate, falls, seed)));
        return Number.isFinite(loss) ? Number(loss.toPrecision(5)) : null;
      }),
    ]),
  );
const searches = {
  'each its own': search(raw, false),
  'and it falls': search(raw, true),
  'and inputs centred': search(centred, true),
};
const about =
  'Training losses of a net on 1,297 digits after 320 steps, the median of three seeds, at each of four rates: at a constant rate, at a falling ' +
  'one, and with inputs centred as well. Made by node tools/recordings/optimizer-race.mjs';
fs.writeFileSync(values.to, `${JSON.stringify({ about, rates, searches })}\n`);
