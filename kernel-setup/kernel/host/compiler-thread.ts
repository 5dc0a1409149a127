import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CompilerData } from '../compiler/thread';
import { CompilerOutOfMemory, type CompilerThread, type CompilerThreadEvents } from './compiler';

const program = path.join(__dirname, '..', 'compiler', 'thread.js');

/** Stack size in megabytes, for deeply nested cells. Memory is allocated only when used. */
const stackSizeMb = 64;

/** Starts the compiler in a thread of this process. */
export function startCompilerThread(workerData: CompilerData, events: CompilerThreadEvents): CompilerThread {
  const worker = new Worker(program, { workerData, resourceLimits: { stackSizeMb } });
  worker.on('message', events.onMessage);
  worker.on('error', (error: NodeJS.ErrnoException) =>
    events.onDeath(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new CompilerOutOfMemory() : error),
  );
  return {
    post: (call) => worker.postMessage(call),
    end: () => void worker.terminate(),
  };
}
