// Records nets for the question "Vanishing gradients: eight layers of sigmoids" (note 004). After a build:
//   node tools/recordings/eight-layers.mjs [--to FILE]
// It takes half a minute.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { optim, useDeterministicAlgorithms } from 'gradlab';
import { trainQuarters } from 'gradlab/lab/lessons/004-vanishing-eight-layers-of-sigmoids';
import { paths } from '../../kernel-setup/setup/paths.mjs';

useDeterministicAlgorithms(true);
const committed = path.join(paths.notebooks, '004-neural-networks', 'eight-layers.recorded.json');
const { values } = parseArgs({ options: { to: { type: 'string', default: committed } } });

const sigmoid = (x) => x.sigmoid();
const relu = (x) => x.relu();
const sgd = (lr) => (parameters) => new optim.SGD(parameters, { lr, momentum: 0.9 });
const adam = (lr) => (parameters) => new optim.Adam(parameters, { lr });
const times = [1, 2, 4, 6, 10, 16];
const reluRates = [1e-2, 1e-3, 1e-5, 1e-7, 1e-8, 1e-9];

const short = (loss) => (Number.isFinite(loss) ? Number(loss.toPrecision(4)) : null);
/** Losses of nets of the first seeds, with weights scaled by this factor. */
const losses = (activation, gain, nets, options) =>
  trainQuarters(activation, {
    seeds: Array.from({ length: nets }, (_, i) => i + 1),
    gain: gain * (activation === relu ? Math.SQRT2 : 1),
    ...options,
  }).map(({ loss }) => short(loss));
const deep = { hidden: 23, steps: 500 };
const runs = {
  'sigmoid, SGD 0.3': times.map((t) => losses(sigmoid, t, 10, { optimizer: sgd(0.3) })),
  'ReLU, SGD at other rates': times.map((t, i) => losses(relu, t, 10, { optimizer: sgd(reluRates[i]) })),
  'sigmoid, Adam': times.map((t) => losses(sigmoid, t, 10, { optimizer: adam(0.01) })),
  'ReLU, Adam': times.map((t) => losses(relu, t, 10, { optimizer: adam(0.01) })),
  'sigmoid, SGD at 0.03 and 3, × 1 and × 2': [1, 2].flatMap((t) =>
    [0.03, 3].map((rate) => losses(sigmoid, t, 5, { optimizer: sgd(rate) })),
  ),
  'sigmoid, SGD, 2,000 steps, × 1 and × 2': [1, 2].map((t) => losses(sigmoid, t, 4, { steps: 2000 })),
  'sigmoid, Adam 0.03, 500 steps, × 1': [losses(sigmoid, 1, 5, { optimizer: adam(0.03), steps: 500 })],
  '24 layers, SGD 0.03, × 6, × 10 and × 16': [6, 10, 16].map((t) =>
    losses(sigmoid, t, 3, { optimizer: sgd(0.03), ...deep }),
  ),
  '24 layers, Adam 0.003, × 6 and × 16': [6, 16].map((t) => losses(sigmoid, t, 2, { optimizer: adam(0.003), ...deep })),
};
const about =
  'Losses after 150 full-batch steps, or as many as is said, of nets of seven hidden layers, or 23, of 24 units on 64 points of the quarters ' +
  `of a plane: a list for each size of the weights (${times.map((t) => `× ${t}`).join(', ')}, or as is said), and in it one for each seed ` +
  'from 1 on; null where a loss is not finite. Made by node tools/recordings/eight-layers.mjs';
fs.writeFileSync(values.to, `${JSON.stringify({ about, runs })}\n`);
