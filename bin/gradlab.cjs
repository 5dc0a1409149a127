#!/usr/bin/env node
// The program `gradlab`: `gradlab worker redis://…` runs trials of searches, each in a process `gradlab trials` of its own.
const { parseArgs } = require('node:util');
const { runTrials, startWorker } = require('../dist/tuner/runners/program.js');

const help = `gradlab worker redis://HOST:PORT   runs the trials that tuner.redis('redis://HOST:PORT') gives out

  --concurrency N   so many at once (1)
  --queue NAME      the queue from which it takes them (gradlab)
  --lease SECONDS   how long a trial stays its own without a sign of life (30)
  --until-empty     ends when no trial is left and no process adds more

Objectives are loaded by their paths from the folder in which it is started. bullmq and ioredis must be installed.
Ctrl-C and SIGTERM give running trials back.`;

const options = {
  concurrency: { type: 'string' },
  queue: { type: 'string' },
  lease: { type: 'string' },
  'until-empty': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

async function main(args) {
  if (args[0] === 'trials') return runTrials((address) => import(address));
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [command, url, ...others] = positionals;
  if (values.help) return console.log(help);
  if (command !== 'worker' || url === undefined || others.length > 0)
    throw new Usage('expected gradlab worker redis://HOST:PORT');
  const { concurrency, lease, queue } = values;
  const worker = await startWorker(url, {
    ...(queue !== undefined && { queue }),
    ...(concurrency !== undefined && { concurrency: Number(concurrency) }),
    ...(lease !== undefined && { lease: 1000 * Number(lease) }),
    untilEmpty: values['until-empty'] === true,
    say: (text) => console.error(`gradlab worker ${process.pid}: ${text}`),
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void worker.stop());
  await worker.ended;
  process.exit(0);
}

class Usage extends Error {}

main(process.argv.slice(2)).catch((error) => {
  const isUsage = error instanceof Usage || error.code?.startsWith('ERR_PARSE_ARGS');
  if (isUsage) console.error(`${error.message}\n\n${help}`);
  else console.error(['StudyError', 'ValueError'].includes(error.name) ? error.message : error);
  process.exit(isUsage ? 2 : 1);
});
