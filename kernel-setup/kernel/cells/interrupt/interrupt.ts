import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ParentId } from '../../process-messages';
import { send } from '../channel';
import { cancelBy, currentParent, throwAtNextPoll } from '../parent/parent';
import { suspend as suspendHooks } from './async-hooks';
import { beforeTerminationOf, type ChildNote, type InterruptRequest, shared, throwInLoopOf } from './interrupt-memory';

export interface Interrupts {
  /** Sets the first running request, 0 if none, and the one that began last. */
  setRunning(first: ParentId, last: ParentId): void;
  /** The latest interrupt that has not been cleared: requests up to this number are cancelled; 0 if none. */
  latest(): ParentId;
  /** Called when the interrupted requests have ended. Later requests are not affected. */
  clear(): void;
  /** The interrupt that applies to the running requests, acknowledged or not; 0 if none. */
  pending(): ParentId;
  noteChild(pid: number, parentId: ParentId | undefined): void;
}

/**
 * Starts the thread that stops cells that loop or wait for a child process. Code that polls in time is not terminated.
 * @param onInterrupt called when the main thread is free again: its code has been stopped or awaits something
 */
export function watchForInterrupts(onInterrupt: (parentId: ParentId) => void): Interrupts {
  const memory = new Int32Array(new SharedArrayBuffer(4 * Object.keys(shared).length));
  const thread = new Worker(path.join(__dirname, 'interrupt-thread.js'), { workerData: { memory } });
  thread.on('message', ({ count, parentId }: InterruptRequest) => {
    Atomics.store(memory, shared.acknowledged, count);
    onInterrupt(parentId);
  });
  thread.unref();
  Object.defineProperty(globalThis, throwInLoopOf, {
    value: (count: number) => {
      if (Atomics.load(memory, shared.acknowledged) >= count) return;
      throwAtNextPoll(() => {
        Atomics.store(memory, shared.thrown, count);
        send({ type: 'cleaning-up', parentId: currentParent() });
        cancelBy(Atomics.load(memory, shared.interrupted));
      });
    },
  });
  Object.defineProperty(globalThis, beforeTerminationOf, { value: suspendHooks });
  // Jupyter may signal the whole process group; the host alone decides on interrupts.
  process.on('SIGINT', () => {});
  return {
    setRunning: (first) => Atomics.store(memory, shared.running, first),
    latest: () => Atomics.load(memory, shared.interrupted),
    pending: () => {
      const running = Atomics.load(memory, shared.running);
      const interrupted = Atomics.load(memory, shared.interrupted);
      return running !== 0 && running <= interrupted ? interrupted : 0;
    },
    clear: () => Atomics.store(memory, shared.interrupted, 0),
    noteChild: (pid, parentId) => thread.postMessage({ pid, parentId } satisfies ChildNote),
  };
}
