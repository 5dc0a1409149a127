// Records first rises for the question "Early stopping: would you stop here?" (note 004). After a build:
//   node tools/recordings/early-stopping.mjs [--to FILE]
// It takes a quarter of a minute.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { useDeterministicAlgorithms } from 'gradlab';
import { choice, firstRise, histories } from 'gradlab/lab/lessons/004-early-stopping-would-you-stop-here';
import { paths } from '../../kernel-setup/setup/paths.mjs';

useDeterministicAlgorithms(true);
const committed = path.join(paths.notebooks, '004-neural-networks', 'early-stopping.recorded.json');
const { values } = parseArgs({ options: { to: { type: 'string', default: committed } } });

const settings = {
  'momentum 0.02, batches': { by: 'momentum', rate: 0.02, batch: 10, epochs: 400 },
  'plain 0.05, batches': { by: 'descent', rate: 0.05, batch: 10, epochs: 400 },
  'Adam 0.01, all rows': { epochs: 1000 },
  'plain 0.2, all rows': { by: 'descent', rate: 0.2, epochs: 1000 },
  'Adam 0.0003, all rows': { rate: 0.0003, epochs: 2500 },
  'plain 0.05, all rows': { by: 'descent', rate: 0.05, epochs: 2000 },
  'Adam 0.001, all rows': { rate: 0.001, epochs: 1000 },
};
const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
const short = (loss) => (loss === null ? null : Number(loss.toPrecision(6)));
const kinds = Object.fromEntries(
  Object.entries(settings).map(([name, one]) => [
    name,
    histories({ seeds, wave: false, ...one }).map((history) => {
      const { before, best, risesToo } = firstRise(history);
      return { before: short(before), best: short(best), risesToo };
    }),
  ]),
);
const forty = Array.from({ length: 40 }, (_, i) => i + 1);
const choices = Object.fromEntries(
  [30, 300].map((count) => [
    count,
    histories({ seeds: forty, count, epochs: 500 }).map((history) => {
      const { chosen, right, over } = choice(history);
      return { chosen, right, over: short(over) };
    }),
  ]),
);
const about =
  'By kind of step and rate, for each of twenty nets, of seeds 1 to 20: the validation loss before it first rises, null if it never does, the ' +
  'best one, and whether the training loss rises within an epoch as well. choices: by the number of rows to validate with, for each of forty nets, of ' +
  '500 epochs the one with the least validation loss, the one nearest to the wave, and the first one’s distance over the second one’s. Made by node tools/recordings/early-stopping.mjs';
fs.writeFileSync(values.to, `${JSON.stringify({ about, settings, kinds, choices })}\n`);
