// Records nets for the question "Hyperband: the second hour" (note 004). After a build:
//   node tools/recordings/hyperband.mjs [--to FILE]
// It takes a quarter of a minute. Each net is trained as the notebook trains those of two brackets.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { manualSeed, nn, optim, tuner, useDeterministicAlgorithms } from 'gradlab';
import { errorOn, waveNet, wavePoints } from 'gradlab/lab/lessons/004-random-search-grid-or-dice';
import { paths } from '../../kernel-setup/setup/paths.mjs';

useDeterministicAlgorithms(true);
const committed = path.join(paths.notebooks, '004-neural-networks', 'hyperband.recorded.json');
const { values } = parseArgs({ options: { to: { type: 'string', default: committed } } });

const { seen, fresh } = wavePoints();
const spaceFrom = (low, high) =>
  tuner.space({ rate: tuner.float(low, high, { log: true }), width: tuner.int(2, 64, { log: true }) });

/**
 * Errors after 1, 3, 9 … steps, up to 3 to the power `last`, of the 27 settings of a bracket; above 100 all count as
 * equally bad.
 */
function bracket(space, seed, last) {
  const search = new tuner.Search(space, { sampler: tuner.random(), trials: 27, seed });
  return Array.from({ length: 27 }, () => {
    const { params, seed: own } = search.ask();
    manualSeed(own);
    const net = waveNet(params.width);
    const optimizer = new optim.SGD(net.parameters(), { lr: params.rate, momentum: 0.9 });
    const errors = [];
    for (let step = 1; step <= 3 ** last; step++) {
      optimizer.zeroGrad();
      nn.functional.mseLoss(net.forward(seen.x), seen.y).backward();
      optimizer.step();
      if (step !== 3 ** errors.length) continue;
      const error = errorOn(net, fresh);
      errors.push(error < 100 ? Number(error.toPrecision(7)) : 100);
    }
    return errors;
  });
}
const twelve = Array.from({ length: 12 }, (_, i) => i + 1);
const wide = twelve.map((seed) => bracket(spaceFrom(1e-4, 1), seed, 6));
const narrow = twelve.map((seed) => bracket(spaceFrom(0.01, 0.3), seed, 5));
const about =
  'Errors of nets between their points after 1, 3, 9 … steps: twelve brackets, of seeds 1 to 12, of 27 settings each; wide: rates from 0.0001 to 1, up ' +
  'to 729 steps, narrow: rates from 0.01 to 0.3, up to 243. Made by node tools/recordings/hyperband.mjs';
fs.writeFileSync(values.to, `${JSON.stringify({ about, wide, narrow })}\n`);
