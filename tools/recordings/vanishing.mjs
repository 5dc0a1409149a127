// Records nets for the chapter "Vanishing gradients and what helps" (note 004). After a build:
//   node tools/recordings/vanishing.mjs [--to FILE]
// It takes some minutes; what the file has already is kept.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { useDeterministicAlgorithms } from 'gradlab';
import * as lesson from 'gradlab/lab/lessons/004-vanishing-gradients-and-what-helps';
import { paths } from '../../kernel-setup/setup/paths.mjs';

useDeterministicAlgorithms(true);
const committed = path.join(paths.notebooks, '004-neural-networks', 'vanishing-gradients.recorded.json');
const { values } = parseArgs({ options: { to: { type: 'string', default: committed } } });

const tanh = (x) => x.tanh();
const relu = (x) => x.relu();
/** Each a recipe and the gain of its weights, N(0, gain² / inputs). */
const rows = {
  'σ, weights × ½': [{}, 0.5],
  'σ, Xavier': [{}, 1],
  'σ, weights × 6': [{}, 6],
  'σ, 3 layers': [{ hidden: 3 }, 1],
  'σ, 2 layers': [{ hidden: 2 }, 1],
  'σ, 1 layer': [{ hidden: 1 }, 1],
  'tanh, weights × ½': [{ activation: tanh }, 0.5],
  'tanh, Xavier': [{ activation: tanh }, 1],
  'ReLU, weights × ½': [{ activation: relu }, 0.5],
  'ReLU, He': [{ activation: relu }, Math.SQRT2],
  'σ, weights × ½, skip': [{ skip: true }, 0.5],
  'σ, weights × ½, batch norm': [{ norm: true }, 0.5],
};
const kinds = {
  momentum: [0.01, 0.03, 0.1, 0.3, 1, 3],
  Adam: [0.001, 0.003, 0.01, 0.03, 0.1],
};
const seeds = [1, 2, 3, 4, 5, 6];
const [steps, longer] = [300, 1500];

const short = (loss) => (Number.isFinite(loss) ? Number(loss.toPrecision(3)) : null);
const record = fs.existsSync(values.to) ? JSON.parse(fs.readFileSync(values.to, 'utf8')) : {};
record.about =
  'Loss of nets of 16 units a layer on 64 points of the quarters of a plane, after 300 full-batch steps: by row, kind of step, and rate, ' +
  'for each of six starts; null where it is not finite. longer: after 1,500 steps, where at no rate all six were below 0.3. small: by Adam, smaller weights. ' +
  'Made by node tools/recordings/vanishing.mjs';
Object.assign(record, { kinds: { ...kinds }, seeds });
record.rows ??= {};
record.longer ??= {};
/** Adam with another ε or dtype, 1,500 steps, for the row with the smallest gradient. */
const variants = {
  'float64, ε 1e-8': { eps: 1e-8, dtype: 'float64' },
  'float64, ε 1e-16': { eps: 1e-16, dtype: 'float64' },
};
const learned = (losses) => losses.map((all) => all.filter((loss) => loss !== null && loss < 0.3).length);
function trained(recipe, gain, by, options) {
  const rates = kinds[by];
  const nets = rates.flatMap((rate) => seeds.map((seed) => ({ seed, gain, rate })));
  const runs = lesson.deepRuns(nets, recipe, { by, ...options });
  return rates.map((_, r) =>
    runs.slice(r * seeds.length, (r + 1) * seeds.length).map(({ losses }) => short(losses.at(-1))),
  );
}
/** Computes, reports and stores a result, unless it is stored already. */
function once(place, name, compute) {
  if (place[name]) return;
  const from = Date.now();
  place[name] = compute();
  fs.writeFileSync(values.to, `${JSON.stringify(record)}\n`);
  console.log(name, learned(place[name]).join(' '), `${((Date.now() - from) / 1000).toFixed(1)} s`);
}
for (const [name, [recipe, gain]] of Object.entries(rows))
  for (const by of Object.keys(kinds)) {
    record.rows[name] ??= {};
    once(record.rows[name], by, () => trained(recipe, gain, by, { steps }));
  }
/** Smaller weights still, by Adam: more signal does not mean that more nets learn. */
const smaller = {
  'ReLU, weights × 0.17': [{ activation: relu }, 0.17],
  'tanh, weights × ¼': [{ activation: tanh }, 0.25],
};
record.small ??= {};
for (const [name, [recipe, gain]] of Object.entries(smaller))
  once(record.small, name, () => trained(recipe, gain, 'Adam', { steps }));
record.epsilon ??= {};
for (const [name, options] of Object.entries(variants))
  once(record.epsilon, name, () => trained({}, 0.5, 'Adam', { steps: longer, ...options }));
for (const [name, [recipe, gain]] of Object.entries(rows))
  for (const by of Object.keys(kinds)) {
    if (Math.max(...learned(record.rows[name][by])) === seeds.length) continue;
    record.longer[name] ??= {};
    once(record.longer[name], by, () => trained(recipe, gain, by, { steps: longer }));
  }
