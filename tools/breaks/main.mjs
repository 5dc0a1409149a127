// Breaks notebooks at random, and reports claims that do not detect it. See USAGE.
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
executes what they need of the notebook. A break that no claim notices has survived: it moves a measured number, by a
ten-thousandth or more, within what the sentence allows, or too far for it; or it moves none, as what no claim hangs on, or
what a claim should see and does not. Constants of cells are counted apart: a sentence that says more than this page's numbers
holds at others as well, and such a break shows it. Nothing is written into the notebooks or the library.
  --seed N      which breaks (default 1)
  --count N     how many, half of them in cells and half in the library (default 20)
  --timeout S   seconds for each cell, after which a break counts as noticed (default 60)
  --own-tests   whether the library's own tests notice those of its breaks that survived (minutes for each)`;

const signs = { red: '✓ red', moves: '✗ SURVIVED', still: '– NO NUMBER MOVED' };

const describe = ({ at, line, was, text }) => `${at}:${line}  ${was || '(nothing)'} → ${text || '(nothing)'}`;

const sentences = (entries) => entries.map(({ id, sentence }) => `  ${id}: ${sentence}`).join('\n');

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
  const tally = Object.fromEntries(
    ['rules of cells', 'constants of cells', 'the library'].map((kind) => [kind, { red: 0, moves: 0, still: 0 }]),
  );
  const workshop = makeWorkshop({ root: paths.notebooks, entries, timeout });
  await inTwos(plan, async ({ name, where, luck }) => {
    const result = await workshop.tryOne(name, where, luck);
    if (result.lacks !== undefined) {
      console.log(`– ${name}: ${result.lacks}`);
      return;
    }
    const outcome = result.noticed ? 'red' : result.moved?.length ? 'moves' : 'still';
    tally[kindOf(where, result)][outcome] += 1;
    if (!result.noticed) survivors.push({ name, where, ...result });
    console.log(`${signs[outcome]} ${name} · ${describe(result)} ${result.noticed ?? ''}`);
  });
  workshop.close();
  const counts = ({ red, moves, still }) => `${red} noticed, ${moves} move a number unnoticed, ${still} move none`;
  console.log(`\nSeed ${seed}`);
  for (const [kind, numbers] of Object.entries(tally)) console.log(`  ${kind}: ${counts(numbers)}`);
  for (const one of survivors) {
    const own = entries.filter((entry) => entry.notebook === one.name && entry.settled === 'measured');
    console.log(`\n${one.name} · ${describe(one)}\n  ${one.about}`);
    for (const { id, name, was, is } of one.moved) console.log(`  ${id}, ${name}: ${was} → ${is}`);
    if (one.moved.length === 0) console.log('  no measured number moves');
    console.log(sentences(one.moved.length === 0 ? own : own.filter(({ id }) => one.moved.some((it) => it.id === id))));
    if (values['own-tests'] && one.where === 'library') {
      const noticed = await ownTestsNotice(paths.root, one);
      console.log(noticed ? "  ✓ the library's own tests notice it" : "  ✗ nor do the library's own tests");
    }
  }
  return 0;
});

/** Returns the kind of a break: a number in a cell is a constant, which could have other values. */
function kindOf(where, { was }) {
  if (where === 'library') return 'the library';
  return /^[\d._e-]+$/.test(was) ? 'constants of cells' : 'rules of cells';
}

/** Two at a time, in order of their beginning. */
async function inTwos(items, work) {
  const waiting = [...items];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await work(next);
  };
  await Promise.all([worker(), worker()]);
}
