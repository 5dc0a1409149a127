// Entry of a worker thread whose source is TypeScript.
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';
import { compileBy } from '../compile';
import { showPathsInPrintedErrors } from '../errors/errors';
import { installStackTraces } from '../errors/stack';
import { Modules } from '../modules/modules';
import type { FileAnswer, FileQuestion, ThreadData } from './source-threads';
import { watchThreads } from './threads';

const { file, data, port } = threads.workerData as ThreadData;
Object.assign(threads, { workerData: data });

const waiting = new Map<number, (answer: FileAnswer) => void>();
let asked = 0;
port.on('message', (answer: FileAnswer) => {
  waiting.get(answer.id)?.(answer);
  waiting.delete(answer.id);
  // Lets the thread end when nothing else is pending.
  if (waiting.size === 0) port.unref();
});
compileBy((path) => {
  const id = ++asked;
  port.ref();
  port.postMessage({ id, path } satisfies FileQuestion);
  return new Promise((resolve) => waiting.set(id, ({ modules }) => resolve(modules)));
});
const modules = new Modules(file);
watchThreads(modules);
syncBuiltinESMExports();
installStackTraces();
showPathsInPrintedErrors();
modules.import(file).catch((error: unknown) => {
  setImmediate(() => {
    throw error;
  });
});
