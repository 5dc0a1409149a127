import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Context } from '../process-messages';

/** What an interrupted cell fails with. */
export class KernelInterrupt extends Error {
  override name = 'KernelInterrupt';

  constructor() {
    super('The cell was interrupted; its variables are kept');
  }
}

/** An interrupt: its number, and the request it is for. */
export interface Order {
  order: number;
  context: Context;
}

/**
 * Starts the thread that stops cells that loop.
 * @param onInterrupt called when the main thread is free again; what ran there has been ended, or waits for something
 */
export function watchForInterrupts(onInterrupt: (context: Context) => void): void {
  const counters = new Int32Array(new SharedArrayBuffer(8));
  const thread = new Worker(path.join(__dirname, 'interrupt-thread.js'), { workerData: { counters } });
  thread.on('message', ({ order, context }: Order) => {
    Atomics.store(counters, 1, order);
    onInterrupt(context);
  });
  thread.unref();
  // Jupyter may signal the whole process group; the host decides.
  process.on('SIGINT', () => {});
}
