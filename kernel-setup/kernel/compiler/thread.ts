// The compiler's thread: the host can answer while it compiles.
import v8 from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { releaseMemoryWhenIdle } from '../idle-memory';
import type { LibraryBuild } from '../library-build';
import { loadCached } from './code-cache';
import { answerCall, type FromCompiler, type ToCompiler } from './serve';

export interface CompilerData {
  /** Declaration files visible in every cell. */
  types: readonly string[];
  /** Folder of caches for faster starts. */
  cache: string;
  /** The build of gradlab whose types cells see; default: the one that TypeScript resolves. */
  library?: LibraryBuild;
}

/** Milliseconds to wait for a first cell before warming up without one. */
const warmUpDelay = 100;

const { types, cache, library } = workerData as CompilerData;
const post = (message: FromCompiler) => parentPort!.postMessage(message);

// TypeScript is a large program that runs for milliseconds at a time. V8 optimises its functions early and soon discards most
// of that code, which took a third of a cell's CPU time. So functions run longer before they are optimised.
v8.setFlagsFromString(
  Number.parseInt(process.versions.node, 10) < 22
    ? '--interrupt-budget=1000000'
    : '--invocation-count-for-turbofan=25000',
);
// Each cell leaves about a megabyte, which V8 would collect only when the heap has grown to three times its size.
v8.setFlagsFromString('--heap-growing-percent=40');

// Loading TypeScript takes most of the kernel's start, so nothing that needs it is loaded before.
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
// Warms the compiler up with an empty cell while idle.
setTimeout(() => {
  compiler.compile('0');
  keepCompiled();
}, warmUpDelay);
