import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ParentId } from '../process-messages';

/** An interrupt: its number, and the last of the requests that it is for. */
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
  /** The first of the requests that run, 0 if none does; up to which they are to end, 0 if they are not. */
  running: 2,
  interrupted: 3,
} as const;

export interface Interrupts {
  /** To be told which is the first of the requests that run, 0 if none does, and which one has begun last. */
  setRunning(first: ParentId, last: ParentId): void;
  /** Whether there is an interrupt of which the main thread will be told. */
  isHeard(): boolean;
  /** Whether a request that runs has been interrupted, even if the main thread could not notice yet. */
  hasInterrupted(parentId: ParentId): boolean;
  /** To be told that what was interrupted has ended: it concerns nothing that begins from now on. */
  clear(): void;
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
    setRunning: (first) => Atomics.store(memory, shared.running, first),
    isHeard: () => Atomics.load(memory, shared.interrupted) !== 0,
    isRaised: () => {
      const running = Atomics.load(memory, shared.running);
      return running !== 0 && running <= Atomics.load(memory, shared.interrupted);
    },
    hasInterrupted: (parentId) => parentId <= Atomics.load(memory, shared.interrupted),
    clear: () => Atomics.store(memory, shared.interrupted, 0),
    noteChild: (pid, parentId) => thread.postMessage({ pid, parentId } satisfies ChildNote),
  };
}
