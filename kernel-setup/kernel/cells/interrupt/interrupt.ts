import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ParentId } from '../../process-messages';
import { send } from '../channel';
import { cancelBy, currentParent, throwAtNextPoll } from '../parent/parent';
import { suspend as suspendHooks } from './async-hooks';
import { beforeTerminationOf, type ChildNote, type InterruptRequest, shared, throwInLoopOf } from './interrupt-memory';

export interface Interrupts {
  /** To be told which is the first of the requests that run, 0 if none does, and which one has begun last. */
  setRunning(first: ParentId, last: ParentId): void;
  /** The interrupt of which the main thread will be told, up to which number requests are to end; 0 if there is none. */
  latest(): ParentId;
  /** To be told that what was interrupted has ended: it concerns nothing that begins from now on. */
  clear(): void;
  /** The interrupt of what runs, of which it may not have been told; 0 if there is none. */
  pending(): ParentId;
  noteChild(pid: number, parentId: ParentId | undefined): void;
}

/**
 * Starts the thread that stops cells that loop or wait for a child process. What asks before that is not ended in the middle.
 * @param onInterrupt called when the main thread is free again; what ran there has been ended, or waits for something
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
  // Jupyter may signal the whole process group; the host decides.
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
