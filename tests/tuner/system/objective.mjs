// Objectives for tests of runners: their value depends only on the parameters and the seed.
import fs from 'node:fs';
import path from 'node:path';

const worth = ({ x, width }, seed) => Math.sin(x) * width + seed / 2 ** 32;

/** Blocks its process, as a training does. */
const block = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

export default function ({ x, width }, { seed, report }) {
  for (let step = 1; step <= 3; step++) {
    block(20);
    report(step, x * step);
  }
  return worth({ x, width }, seed);
}

export const atOnce = (params, { seed }) => worth(params, seed);

export const sleeping = async (params, { seed }) => {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return worth(params, seed);
};

/** Ends its process the first time that trial 2 runs, and each time that trial 4 does. */
export const crashing = (params, { number, seed, checkpoint }) => {
  const mark = path.join(checkpoint, 'begun');
  if (number === 4 || (number === 2 && !fs.existsSync(mark))) {
    fs.mkdirSync(checkpoint, { recursive: true });
    fs.writeFileSync(mark, '');
    console.error('this process has had enough');
    process.exit(7);
  }
  return worth(params, seed);
};

/** Writes its process id to a file beside the checkpoint, and continues until it is stopped. */
export const endless = (_, { checkpoint, report }) => {
  fs.mkdirSync(checkpoint, { recursive: true });
  fs.writeFileSync(path.join(checkpoint, 'pid'), String(process.pid));
  for (let step = 0; ; step++) {
    block(20);
    if (report(step, step) === 'stop') return 0;
  }
};

/** Continues until it is stopped. */
export const untilStopped = (_, { report }) => {
  for (let step = 0; ; step++) if (report(step, step) === 'stop') return 0;
};
