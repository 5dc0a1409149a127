import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ParentId } from '../process-messages';

/** An interrupt: its number, and the request it is for. */
export interface Order {
  order: number;
  parentId: ParentId;
}

/** A child process that runs beside the cells; without a request it has ended. */
export interface ChildNote {
  pid: number;
  parentId: ParentId | undefined;
}

/** What both threads see: numbers at these places of shared memory. */
export const shared = {
  /** How many orders there were, and how many of them the main thread has noticed. */
  ordered: 0,
  noticed: 1,
  /** The request that runs, 0 if none does, and the one that was interrupted last. */
  running: 2,
  interrupted: 3,
} as const;

export interface Interrupts {
  /** To be told which request runs, 0 if none does. */
  setRunning(parentId: ParentId): void;
  /** Whether the request has been interrupted, even if the main thread could not notice yet. */
  hasInterrupted(parentId: ParentId): boolean;
  /** Whether what runs has been interrupted. */
  isRaised(): boolean;
  noteChild(pid: number, parentId: ParentId | undefined): void;
}

/**
 * Starts the thread that stops cells that loop or wait for a child process. What asks before that is not ended in the middle.
 * @param onInterrupt called when the main thread is free again; what ran there has been ended, or waits for something
 */
export function watchForInterrupts(onInterrupt: (parentId: ParentId) => void): Interrupts {
  const memory = new Int32Array(new SharedArrayBuffer(4 * Object.keys(shared).length));
  const thread = new Worker(path.join(__dirname, 'interrupt-thread.js'), { workerData: { memory } });
  thread.on('message', ({ order, parentId }: Order) => {
    Atomics.store(memory, shared.noticed, order);
    onInterrupt(parentId);
  });
  thread.unref();
  // Jupyter may signal the whole process group; the host decides.
  process.on('SIGINT', () => {});
  return {
    setRunning: (parentId) => Atomics.store(memory, shared.running, parentId),
    isRaised: () => {
      const running = Atomics.load(memory, shared.running);
      return running !== 0 && Atomics.load(memory, shared.interrupted) === running;
    },
    hasInterrupted: (parentId) => Atomics.load(memory, shared.interrupted) === parentId,
    noteChild: (pid, parentId) => thread.postMessage({ pid, parentId } satisfies ChildNote),
  };
}
