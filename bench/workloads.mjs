// Workloads in gradlab and, if they are installed, in PyTorch, TensorFlow.js and jax-js. They alternate, each library
// in its own process: on one core, by processor time, or on all cores with threads, by wall-clock time. Every workload
// checks its result against PyTorch's.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const file = (...parts) => path.join(here, ...parts);

/** Results by name, in the order of the table: title and unit. */
const rows = {
  ...Object.fromEntries([32, 64, 128, 256, 512, 1024].map((n) => [`W1 ${n}`, [`matmul, ${n} × ${n}`, 'GF/s']])),
  'W1 256 transposed': ['matmul, 256 × 256, both transposed', 'GF/s'],
  'W2 exp': ['exp, a million', 'ms'],
  'W2 tanh': ['tanh(2x + 1), a million', 'ms'],
  'W2 softmax': ['softmax, 1000 rows of 1000', 'ms'],
  'W2 broadcast': ['a row added to 1000 rows', 'ms'],
  'W2 rows': ['sums of rows', 'ms'],
  'W2 columns': ['sums of columns', 'ms'],
  'W3 add': ['add of 4 elements', 'µs'],
  'W3 chain': ['chain of 100, forward and backward, each op', 'µs'],
  'W3 chain without grad': ['chain of 100, no gradient, each op', 'µs'],
  W4: ['cubic fit, 2,000 points, each iteration', 'µs'],
  W5: ['20-13-8-3 net, batch 500, each step', 'µs'],
  'W6 SGD': ['784-128-64-10, batch 64, SGD, each step', 'µs'],
  'W6 Adam': ['784-128-64-10, batch 64, Adam, each step', 'µs'],
  'W7 forward': ['small CNN, batch 64, forward', 'ms'],
  'W7 both': ['small CNN, batch 64, forward and backward', 'ms'],
  'W8 retained': ['left behind by 1,000 steps of W6', 'MB'],
  'W8 peak': ['most memory in W6', 'MB'],
  W9: ['import, over bare Node', 'ms'],
  W10: ['8 layers of 12 with batch norm, batch 128, each step', 'µs'],
  'W11 forest': ['100 trees, 10,000 × 20, all features at each cut', 's'],
  'W11 classes': ['100 trees for classes, 10,000 × 20, 4 features at each cut', 's'],
  'W11 boosting': ['100 stages of depth 3, 10,000 × 20', 's'],
};
export const workloadNames = [...new Set(Object.keys(rows).map((name) => name.split(' ')[0]))];

/** Tolerance of a check against PyTorch. */
const tolerance = 3e-4;

/** The libraries that can run here: name, command, and requirements of its environment. */
function librariesHere({ nodes, peers, python, library }) {
  const found = nodes.flatMap((node) => {
    const version = execFileSync(node, ['-p', 'process.version'], { encoding: 'utf8' }).trim();
    const command = [node, '--expose-gc', file('workloads', 'gradlab.mjs')];
    const build = (name, of) => ({ name: `${name}, Node ${version}`, command, env: { BENCH_LIBRARY: of }, node });
    return [build('gradlab', ''), ...(library ? [build('other build', library)] : [])];
  });
  const answers = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  if (answers(python, ['-c', 'import torch']))
    found.push({ name: 'PyTorch', command: [python, file('peers', 'pytorch.py')] });
  const ways = [
    ['tfjs', '@tensorflow/tfjs-backend-wasm', 'tfjs.mjs'],
    ['jax-js', '@jax-js/jax', 'jax-js.mjs'],
  ];
  for (const [name, wanted, script] of ways)
    if (fs.existsSync(path.join(peers, 'node_modules', wanted)))
      found.push({
        name,
        command: [process.execPath, '--expose-gc', file('peers', script)],
        env: { BENCH_PEERS: peers },
      });
  return found;
}

/** Runs a command on one core, if the system can do that, or on all; returns its output. */
function run(core, given, env = {}) {
  const bound = core !== 'all' && process.platform === 'linux' ? ['taskset', '-c', core] : [];
  const [command, ...args] = [...bound, ...given];
  const options = { encoding: 'utf8', env: { ...process.env, ...threads(core), ...env }, maxBuffer: 1e8 };
  const { stdout, stderr, status, error } = spawnSync(command, args, options);
  if (status !== 0)
    console.error(`${command} ${args.join(' ')}: ${error ?? stderr.trim().split('\n').slice(-3).join('\n')}`);
  return stdout ?? '';
}
/** The number of threads for the libraries, and the clock for that comparison. */
function threads(core) {
  if (core !== 'all') return { OMP_NUM_THREADS: '1', GRADLAB_THREADS: '1' };
  return { BENCH_THREADS: String(os.availableParallelism()), BENCH_CLOCK: 'wall' };
}

/** Total processor time of a process in milliseconds. */
const processorTime = (node, core, script) =>
  Number(run(core, [node, '-e', `${script}; const u = process.cpuUsage(); console.log((u.user + u.system) / 1e3)`]));

/** Measures all libraries alternately, and prints a table. */
export function benchWorkloads({ wanted, rounds, core, ...places }) {
  const libraries = librariesHere(places);
  const here = wanted.filter((name) => name !== 'W8' && name !== 'W9');
  if (wanted.includes('W8') && !here.includes('W6')) here.push('W6');
  /** Results: by name, by library. */
  const results = new Map();
  const note = (library, name, value) => {
    if (!results.has(name)) results.set(name, new Map());
    const row = results.get(name);
    row.set(library, [...(row.get(library) ?? []), value]);
  };
  for (let round = 1; round <= rounds; round++) {
    for (const { name: library, command, env, node } of libraries) {
      for (const workload of here) {
        for (const line of run(core, [...command, workload], env).split('\n'))
          if (line.startsWith('{')) {
            const { name, value } = JSON.parse(line);
            note(library, name, value);
          }
      }
      if (node && wanted.includes('W9'))
        for (let i = 0; i < 20; i++) {
          const load = `require(${JSON.stringify(env.BENCH_LIBRARY || 'gradlab')})`;
          note(library, 'W9', processorTime(node, core, load) - processorTime(node, core, ''));
        }
    }
    console.log(
      `round ${round} of ${rounds}, load ${fs.existsSync('/proc/loadavg') ? fs.readFileSync('/proc/loadavg', 'utf8').split(' ')[0] : '?'}`,
    );
  }
  print(
    libraries.map(({ name }) => name),
    results,
  );
  return compare(results);
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function print(libraries, results) {
  console.log(`\n| | unit | ${libraries.join(' | ')} |\n|---|---|${'---:|'.repeat(libraries.length)}`);
  for (const [name, [title, unit]] of Object.entries(rows)) {
    const row = results.get(name);
    if (row === undefined) continue;
    const values = libraries.map((library) => (row.has(library) ? short(median(row.get(library))) : '–'));
    console.log(`| ${name.split(' ')[0]} ${title} | ${unit} | ${values.join(' | ')} |`);
  }
}

const short = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(2 + (Math.abs(value) >= 10)));

/** Names the differences from PyTorch; without PyTorch, from the first library. Returns their number. */
function compare(results) {
  let wrong = 0;
  for (const [name, row] of results) {
    if (!name.includes('check')) continue;
    const expected = (row.get('PyTorch') ?? row.values().next().value)[0];
    for (const [library, values] of row)
      for (const value of values)
        if (!(Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected)))) {
          console.log(`${library}: ${name} is ${value}, not ${expected}`);
          wrong++;
        }
  }
  return wrong;
}

/** Writes a CPU profile of each workload in gradlab into the folder bench/profiles. */
export function profileWorkloads({ wanted, core, nodes: [node], library }) {
  const folder = file('profiles');
  for (const workload of wanted) {
    const name = `${workload}.cpuprofile`;
    const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}`, '--expose-gc'];
    run(core, [node, ...flags, file('workloads', 'gradlab.mjs'), workload], { BENCH_LIBRARY: library });
    console.log(
      `${path.relative(process.cwd(), path.join(folder, name))}: open it in Chrome's DevTools, or in VS Code`,
    );
  }
}
