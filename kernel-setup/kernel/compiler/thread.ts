// The thread in which the compiler runs, so that the host can answer while it compiles.
import v8 from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { releaseMemoryWhenIdle } from '../idle-memory';
import type { LibraryBuild } from '../library-build';
import { loadCached } from './code-cache';
import { answerCall, type FromCompiler, type ToCompiler } from './serve';

export interface CompilerData {
  /** Declaration files that every cell sees. */
  types: readonly string[];
  /** The folder for what makes the next start faster. */
  cache: string;
  /** The build of gradlab whose types cells see; default: what TypeScript finds. */
  library?: LibraryBuild;
}

/** How long, in milliseconds, a front end has to send its first cell before the compiler is warmed up without one. */
const warmUpDelay = 100;

const { types, cache, library } = workerData as CompilerData;
const post = (message: FromCompiler) => parentPort!.postMessage(message);

// TypeScript is a large program that runs for milliseconds at a time. V8 optimizes its functions early, and discards most of that
// code again, which took a third of a cell's processor time. So a function runs longer before it is optimized.
v8.setFlagsFromString(
  Number.parseInt(process.versions.node, 10) < 22
    ? '--interrupt-budget=1000000'
    : '--invocation-count-for-turbofan=25000',
);

// Loading takes most of the time in which a kernel starts: nothing that needs TypeScript is loaded before.
const keepCompiled = loadCached('typescript', cache);
const { createCompiler } = require('./index') as typeof import('./index');
const { nodePlatform } = require('./node-platform') as typeof import('./node-platform');
const compiler = createCompiler(nodePlatform(cache, library), types);
const keepReady = releaseMemoryWhenIdle();
parentPort!.on('message', (call: ToCompiler) => {
  keepReady();
  answerCall(compiler, call, post);
});
post({ type: 'loaded' });
// A first cell warms the compiler up while nobody waits.
setTimeout(() => {
  compiler.compile('0');
  keepCompiled();
}, warmUpDelay);
