// Worker threads of cells: an interrupt of the cell terminates them, as it does child processes.
import threads, { type WorkerOptions } from 'node:worker_threads';
import { here, onCancel } from '../parent/parent';
import { type Sources, threadOf } from './source-threads';

/** Call once, before the first cell. @param sources compiles TypeScript sources */
export function watchThreads(sources: Sources): void {
  const { Worker } = threads;
  /** Functions that stop watching a thread. */
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

    /** Libraries keep such threads for all cells, so an interrupt must not terminate them. */
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
