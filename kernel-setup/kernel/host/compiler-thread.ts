import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CompilerData } from '../compiler/thread';
import type { CompilerThread, CompilerThreadEvents } from './compiler';

const program = path.join(__dirname, '..', 'compiler', 'thread.js');

/** The stack, in megabytes, that a deeply nested cell may fill; memory is taken only for what is used of it. */
const stackSizeMb = 64;

/** Starts the compiler in a thread of this process. */
export function startCompilerThread(workerData: CompilerData, events: CompilerThreadEvents): CompilerThread {
  const worker = new Worker(program, { workerData, resourceLimits: { stackSizeMb } });
  worker.on('message', events.onMessage);
  worker.on('error', events.onDeath);
  return {
    post: (call) => worker.postMessage(call),
    end: () => void worker.terminate(),
  };
}
