// npm run bench: the kernels compared with stock tslab and ipykernel, then the library's workloads compared with its
// peers.
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { kernelBuild, libraryBuild, runMain, setUp } from '../kernel-setup/setup/index.mjs';
import { benchBeside } from './beside.mjs';
import { benchKernels, installedKernels, kernelNames } from './kernel.mjs';
import { benchMoves } from './moves.mjs';
import { benchOverhead } from './overhead.mjs';
import { benchUsers } from './users.mjs';
import { benchWorkers } from './workers.mjs';
import { benchWorkloads, profileWorkloads, workloadNames } from './workloads.mjs';

const usage = `npm run bench [-- options] [names …]
Measures the kernels beside stock tslab and ipykernel, then the library's workloads beside its peers, or what is named:
${workloadNames.join(' ')}, kernels, moves (of a control), users (memory each), fit (over a loop by hand),
workers (of a search, four beside one), beside (some sixty operations beside PyTorch on one thread).
  --rounds N         how often each is measured, by turns
  --core N           the processor core that workloads are bound to (default 0), or all: with threads, by the clock
  --kernels A,B      of ${kernelNames.join(', ')} (a program on the PATH, or named by the variable DENO)
  --nodes A,B        Node programs for the workloads (default this one)
  --library FILE     another build of the library beside this one, such as /path/to/dist/index.js
  --python PROGRAM   a Python with PyTorch (default python3); without it there is no such column
  --peers FOLDER     where TensorFlow.js and jax-js are (default bench/peers: npm install --prefix bench/peers)
  --only PATTERN     of the operations of beside, those whose names match
  --save             keeps the ratios of beside in bench/beside.json, for where there is no PyTorch
  --profile          a CPU profile of the workloads in bench/profiles/ instead`;

/** Further measurements, of the kernel and besides the workloads. */
const kernelWork = ['kernels', 'moves', 'users'];
const others = [...kernelWork, 'fit', 'workers', 'beside'];

runMain(async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      core: { type: 'string', default: '0' },
      kernels: { type: 'string', default: installedKernels.join() },
      nodes: { type: 'string', default: process.execPath },
      library: { type: 'string', default: '' },
      python: { type: 'string', default: 'python3' },
      peers: { type: 'string', default: fileURLToPath(new URL('peers', import.meta.url)) },
      only: { type: 'string' },
      save: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  for (const name of positionals)
    if (!others.includes(name) && !workloadNames.includes(name))
      throw new Error(`there is no workload ${name}: ${[...others, ...workloadNames].join(', ')}`);
  const workloads = positionals.filter((name) => !others.includes(name));
  const all = positionals.length === 0;
  const wanted = (name) => !values.profile && (all || positionals.includes(name));
  await setUp({}, kernelWork.some(wanted) ? [kernelBuild, libraryBuild] : [libraryBuild]);
  console.log(`${os.cpus().length} × ${os.cpus()[0].model.trim()}, load ${os.loadavg()[0].toFixed(1)}`);
  const options = {
    wanted: all ? workloadNames : workloads,
    rounds: Number(values.rounds ?? 3),
    core: values.core,
    nodes: values.nodes.split(','),
    library: values.library && path.resolve(values.library),
    python: values.python,
    peers: path.resolve(values.peers),
  };
  if (values.profile) profileWorkloads(options);
  if (wanted('kernels')) await benchKernels(values.kernels.split(','), Number(values.rounds ?? 5));
  if (wanted('moves')) await benchMoves(Number(values.rounds ?? 3));
  if (wanted('users')) await benchUsers();
  if (wanted('fit')) benchOverhead(Number(values.rounds ?? 100), options.library);
  if (wanted('workers')) await benchWorkers(Number(values.rounds ?? 2), options.library);
  let wrong = 0;
  if (wanted('beside')) {
    const { only, save } = values;
    wrong += await benchBeside({ ...options, rounds: Number(values.rounds ?? 3), only, save });
  }
  wrong += values.profile || options.wanted.length === 0 ? 0 : benchWorkloads(options);
  return wrong > 0 ? 1 : 0;
});
