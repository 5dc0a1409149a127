// Threads that a cell has started: an interrupt of the cell is their end, as it is that of child processes.
import threads, { type WorkerOptions } from 'node:worker_threads';
import { here, onCancel } from '../parent/parent';
import { type Sources, threadOf } from './source-threads';

/** To be called once, before the first cell. @param sources has sources in TypeScript compiled */
export function watchThreads(sources: Sources): void {
  const { Worker } = threads;
  /** What ends the watch of a thread. */
  const watched = new WeakMap<object, () => void>();
  const watch = (thread: InstanceType<typeof Worker>) => {
    watched.get(thread)?.();
    watched.set(
      thread,
      onCancel(() => void thread.terminate()),
    );
  };
  threads.Worker = class extends Worker {
    static override readonly name = 'Worker';

    constructor(file: string | URL, options?: WorkerOptions) {
      super(...threadOf(sources, file, options));
      if (here().id === 0) return; // the kernel's own
      watch(this);
      this.once('exit', () => watched.get(this)?.());
    }

    /** Nobody waits for such a thread: a library keeps it for all cells. */
    override unref(): void {
      watched.get(this)?.();
      super.unref();
    }

    override ref(): void {
      if (watched.has(this)) watch(this);
      super.ref();
    }
  };
}
