// Breaks notebooks at random, and looks which of their claims do not notice. See USAGE.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { paths, runMain, setUp } from '../../kernel-setup/setup/index.mjs';
import { readClaimsList } from '../notebooks/claims.mjs';
import { findNotebooks, selectNotebooks } from '../notebooks/options.mjs';
import { chooser } from './chooser.mjs';
import { ownTestsNotice } from './own-tests.mjs';
import { makeWorkshop } from './workshop.mjs';

const USAGE = `npm run breaks -- [options] [names of notebooks …]
Changes one small thing at random, in what a notebook's claims compute or in the rules of the library that they run, and
executes what they need of the notebook. A claim that still passes has survived: either its sentence allows the change, or
it cannot see it. Nothing is written into the notebooks or the library.
  --seed N      which breaks (default 1)
  --count N     how many, half of them in cells and half in the library (default 20)
  --timeout S   seconds for each cell, after which a break counts as noticed (default 60)
  --own-tests   whether the library's own tests notice those of its breaks that survived (minutes for each)`;

const describe = ({ at, line, was, text }) => `${at}:${line}  ${was || '(nothing)'} → ${text || '(nothing)'}`;

const sentences = (name, entries) =>
  entries
    .filter((one) => one.notebook === name && one.settled === 'measured')
    .map(({ id, sentence }) => `  ${id}: ${sentence}`)
    .join('\n');

await runMain(async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '20' },
      timeout: { type: 'string', default: '60' },
      'own-tests': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [seed, count, timeout] = ['seed', 'count', 'timeout'].map((name) => {
    const value = Number(values[name]);
    if (!(Number.isInteger(value) && value > 0))
      throw new Error(`--${name} takes a whole number above 0, not "${values[name]}"`);
    return value;
  });
  const names = selectNotebooks(positionals, findNotebooks(paths.notebooks), paths.notebooks);
  await setUp();
  const entries = readClaimsList(path.join(paths.notebooks, 'claims.json')).entries;
  const measured = names.filter((name) => entries.some((one) => one.notebook === name && one.settled === 'measured'));
  const choose = chooser(seed);
  const plan = Array.from({ length: count }, (_, i) => ({
    name: choose(measured),
    where: i % 2 === 0 ? 'cell' : 'library',
    luck: choose.share(),
  }));
  const survivors = [];
  const tally = { cell: [0, 0], library: [0, 0] };
  const workshop = makeWorkshop({ root: paths.notebooks, entries, timeout });
  await inTwos(plan, async ({ name, where, luck }) => {
    const result = await workshop.tryOne(name, where, luck);
    if (result.lacks) {
      console.log(`– ${name}: ${result.lacks}`);
      return;
    }
    tally[where][1] += 1;
    if (result.noticed) tally[where][0] += 1;
    else survivors.push({ name, where, ...result });
    console.log(`${result.noticed ? '✓ red' : '✗ SURVIVED'} ${name} · ${describe(result)} ${result.noticed ?? ''}`);
  });
  workshop.close();
  console.log(
    `\nSeed ${seed}: noticed ${tally.cell[0]} of ${tally.cell[1]} in cells, ` +
      `${tally.library[0]} of ${tally.library[1]} in the library`,
  );
  for (const one of survivors) {
    console.log(`\n${one.name} · ${describe(one)}\n  ${one.about}\n${sentences(one.name, entries)}`);
    if (values['own-tests'] && one.where === 'library') {
      const noticed = await ownTestsNotice(paths.root, one);
      console.log(noticed ? "  ✓ the library's own tests notice it" : "  ✗ nor do the library's own tests");
    }
  }
  return 0;
});

/** Two at a time, in order of their beginning. */
async function inTwos(items, work) {
  const waiting = [...items];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await work(next);
  };
  await Promise.all([worker(), worker()]);
}
