// npm run bench -- beside: some sixty operations compared with PyTorch on one thread. Each library has its own process,
// bound to one core; they alternate, and processor time is measured. Without PyTorch the committed ratios are shown
// with our times.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const file = (...parts) => path.join(here, ...parts);
const committed = file('beside.json');

/** Tolerance of the sums of results, relative to them. */
const tolerance = 1e-4;

/** A process that measures operations; `names` lists those it knows. */
async function start(name, [command, ...args], core, env) {
  const bound = core !== 'all' && process.platform === 'linux' ? ['taskset', '-c', core] : [];
  const [program, ...rest] = [...bound, command, ...args];
  const one = { OMP_NUM_THREADS: '1', GRADLAB_THREADS: '1', BENCH_SECONDS: process.env.BENCH_SECONDS ?? '0.25' };
  const child = spawn(program, rest, {
    env: { ...process.env, ...one, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name} has ended`);
    return JSON.parse(value);
  };
  const names = await answer();
  return {
    name,
    names,
    measure: (operation) => {
      child.stdin.write(`${operation}\n`);
      return answer();
    },
    end: () => child.kill(),
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const short = (x) => (x >= 100 ? x.toFixed(0) : x.toPrecision(2));
const microseconds = (seconds) => (seconds >= 1e-3 ? `${short(1e3 * seconds)} ms` : `${short(1e6 * seconds)} µs`);

/**
 * Measures, prints the table, and returns the number of different results. With `save`, the ratios become the committed
 * ones.
 */
export async function benchBeside({ rounds, core, library, python, only, save }) {
  const script = file('workloads', 'beside.mjs');
  const node = [process.execPath, '--expose-gc', script];
  const ours = await start('gradlab', node, core, {});
  const before = library ? await start('other build', node, core, { BENCH_LIBRARY: library }) : null;
  const has = spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0;
  const theirs = has ? await start('PyTorch', [python, file('peers', 'beside.py')], core, {}) : null;
  const others = [before, theirs].filter((p) => p !== null);
  for (const { name, names } of others)
    if (names.join() !== ours.names.join()) throw new Error(`${name} has other operations: ${names}`);
  const known = fs.existsSync(committed) ? JSON.parse(fs.readFileSync(committed, 'utf8')) : {};
  const all = [ours, ...others];
  const operations = ours.names.filter((name) => only === undefined || new RegExp(only).test(name));
  const times = new Map(operations.map((name) => [name, { ours: [], before: [], theirs: [] }]));
  let wrong = 0;
  try {
    for (let round = 0; round < rounds; round++)
      for (const operation of operations) {
        const row = times.get(operation);
        const mine = await ours.measure(operation);
        row.ours.push(mine.seconds);
        if (before !== null) row.before.push((await before.measure(operation)).seconds);
        if (theirs === null) continue;
        const peer = await theirs.measure(operation);
        row.theirs.push(peer.seconds);
        if (round === 0 && !(Math.abs(mine.check - peer.check) <= tolerance * Math.max(1, Math.abs(peer.check)))) {
          console.log(`${operation}: results sum to ${mine.check}, PyTorch's to ${peer.check}`);
          wrong++;
        }
      }
  } finally {
    for (const { end } of all) end();
  }
  // The median of the ratios within a round: a busy machine slows both.
  const ratio = (a, b) => median(a.map((seconds, i) => seconds / b[i]));
  const heads = [
    '',
    'gradlab',
    ...(before ? ['other build'] : []),
    ...(theirs ? ['PyTorch', 'ours/theirs'] : ['committed']),
  ];
  if (before && theirs) heads.push('other build/theirs');
  console.log(`\n| ${heads.join(' | ')} |\n|---|${'---:|'.repeat(heads.length - 1)}`);
  for (const [operation, row] of times) {
    const cells = [operation, microseconds(median(row.ours))];
    if (before) cells.push(microseconds(median(row.before)));
    if (theirs) {
      known[operation] = Number(ratio(row.ours, row.theirs).toPrecision(2));
      cells.push(microseconds(median(row.theirs)), short(ratio(row.ours, row.theirs)));
      if (before) cells.push(short(ratio(row.before, row.theirs)));
    } else cells.push(known[operation] ?? '–');
    console.log(`| ${cells.join(' | ')} |`);
  }
  if (save && theirs) fs.writeFileSync(committed, `${JSON.stringify(known, null, 2)}\n`);
  return wrong;
}
