import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { paths } from './setup/paths.mjs';
import { writeOutShorthand } from './shorthand.mjs';

const require = createRequire(import.meta.url);

/**
 * Runs the kernel in this process: at present tslab's, so that a signal from Jupyter reaches it directly.
 * @param {{ connectionFile: string, buildError?: string }} options `buildError`: why dist/ could not be brought up to
 *   date; the first cell shows it instead of running
 */
export function runKernel({ connectionFile, buildError }) {
  if (buildError) failFirstCell(buildError);
  stopWithJupyter();
  acceptShorthand();
  require('tslab/dist/main.js').startKernel({ configPath: connectionFile, enableFindLocal: false });
}

/** Lets cells use the variables of earlier ones in shorthand, `{ x }`. */
function acceptShorthand() {
  const ts = require('@tslab/typescript-for-tslab');
  const converters = require('tslab/dist/converter.js');
  const { createConverter } = converters;
  converters.createConverter = (...args) => {
    const converter = createConverter(...args);
    const { convert } = converter;
    converter.convert = (earlier, source) => convert(earlier, writeOutShorthand(ts, earlier, source));
    return converter;
  };
}

/** Cells run on a library that is not what src/ says only if the person runs them once more, knowing it. */
function failFirstCell(buildError) {
  const lastBuild = fs.statSync(path.join(paths.dist, 'index.js'), { throwIfNoEntry: false })?.mtime;
  const next = lastBuild
    ? `Restart the kernel after correcting it. Or run the cell again: it uses the build of ${lastBuild.toLocaleString()}.`
    : 'Restart the kernel after correcting it.';
  const executors = require('tslab/dist/executor.js');
  const { createExecutor } = executors;
  executors.createExecutor = (...args) => {
    const executor = createExecutor(...args);
    const { execute } = executor;
    executor.execute = async () => {
      executor.execute = execute;
      process.stderr.write(`gradlab: the cell was not run.\n${buildError}\n${next}\n`);
      return false;
    };
    return executor;
  };
}

/**
 * A Jupyter server that is killed cannot end its kernels; they notice that their parent, which it was, is gone. On a
 * thread of its own, since a cell may keep this one busy for ever.
 */
function stopWithJupyter() {
  const server = Number(process.env.JPY_PARENT_PID);
  if (process.ppid !== server) return; // started by way of another program
  const watch = `setInterval(() => {
    if (process.ppid !== ${server}) process.kill(process.pid, 'SIGKILL');
  }, 1000);`;
  new Worker(watch, { eval: true }).unref();
}
