// Records errors over settings for the question "Grid or random search" (note 004). After a build:
//   node tools/recordings/wave-maps.mjs [--to FILE]
// It takes some seconds.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { useDeterministicAlgorithms } from 'gradlab';
import { waveErrors } from 'gradlab/lab/lessons/004-random-search-grid-or-dice';
import { paths } from '../../kernel-setup/setup/paths.mjs';

useDeterministicAlgorithms(true);
const committed = path.join(paths.notebooks, '004-neural-networks', 'wave-maps.recorded.json');
const { values } = parseArgs({ options: { to: { type: 'string', default: committed } } });

const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
const rates = Array.from({ length: 27 }, (_, i) => Number((10 ** ((5.2 * i) / 26 - 3.3)).toPrecision(6)));
const widths = [2, 4, 8, 16, 32, 64];
const epsilons = [1e-12, 1e-9, 1e-6];
/** For each seed its errors at all rates. */
const mapped = (width, eps) => {
  const found = waveErrors(width, { seeds, rates, eps });
  return seeds.map((_, i) => found.map((errors) => Number(errors[i].toPrecision(5))));
};
const about =
  'Errors between the points of nets of one layer of tanh after 40 epochs of Adam: by width, or by Adam’s ε at width 32, for seeds 1 to 12, at ' +
  'each of the rates. Made by node tools/recordings/wave-maps.mjs';
const record = {
  ...{ about, rates, widths, epsilons },
  byWidth: widths.map((width) => mapped(width)),
  byEps: epsilons.map((eps) => mapped(32, eps)),
};
fs.writeFileSync(values.to, `${JSON.stringify(record)}\n`);
