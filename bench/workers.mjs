// npm run bench -- workers: the speed-up of a search with four processes, with trials of a second that wait and that
// compute.
import { createRequire } from 'node:module';
import os from 'node:os';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** A trial that leaves the processor idle, like one that waits for a disk or another machine. */
export const waits = async ({ x }) => {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return x;
};

/** A trial that computes: always the same work, however busy the machine is. */
export const computes = ({ x, turns }) => {
  let sum = 0;
  for (let i = 1; i <= turns; i++) sum += Math.sqrt(i) * x;
  return sum;
};

/** The number of turns that take a second of processor time. */
function turnsOfASecond() {
  computes({ x: 0.5, turns: 1e7 });
  const { user } = process.cpuUsage();
  computes({ x: 0.5, turns: 1e8 });
  return Math.round(1e14 / (process.cpuUsage().user - user));
}

/** Runs searches of eight trials with one process and with four, alternately, and prints a table. */
export async function benchWorkers(rounds, library) {
  const { tuner } = require(library || 'gradlab');
  const turns = turnsOfASecond();
  const space = tuner.space({ x: tuner.float(0, 1), turns: tuner.int(turns, turns) });
  console.log('\n| trials | one process, s | four, s | ratio | load |\n|---|---:|---:|---:|---:|');
  for (const name of ['waits', 'computes']) {
    const seconds = { 1: [], 4: [] };
    for (let round = 0; round < rounds; round++)
      for (const workers of [1, 4]) {
        const study = tuner.study(space, { sampler: tuner.random(), trials: 8, seed: 1 });
        const runner = tuner.processes({ workers });
        const began = performance.now();
        await study.run({ module: fileURLToPath(import.meta.url), export: name }, { runner });
        seconds[workers].push((performance.now() - began) / 1000);
        const lost = study.trials.filter(({ state }) => state !== 'complete');
        if (lost.length > 0) throw new Error(`${lost.length} trials are ${lost[0].state}: ${lost[0].reason}`);
      }
    const least = Object.fromEntries(Object.entries(seconds).map(([workers, all]) => [workers, Math.min(...all)]));
    const row = [
      least[1].toFixed(1),
      least[4].toFixed(1),
      (least[1] / least[4]).toFixed(2),
      os.loadavg()[0].toFixed(1),
    ];
    console.log(`| ${name} | ${row.join(' | ')} |`);
  }
}
