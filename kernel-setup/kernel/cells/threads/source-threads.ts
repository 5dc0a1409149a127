// A thread of a source in TypeScript, `new Worker(new URL('./w.ts', import.meta.url))`: it begins with thread-main.ts, which loads
// the source as cells load files. The host compiles; the thread that has started it asks on its behalf.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, type Transferable, type WorkerOptions } from 'node:worker_threads';
import { isTypeScript } from '../../local-file';
import type { LocalModule } from '../../process-messages';

/** What such a thread begins with. */
export interface ThreadData {
  file: string;
  /** What its own `workerData` is to be. */
  data: unknown;
  /** Where it asks for files. */
  port: MessagePort;
}

/** What it asks, and the answer. */
export interface FileQuestion {
  id: number;
  path: string;
}
export interface FileAnswer {
  id: number;
  modules: readonly LocalModule[];
}

type Arguments = [file: string | URL, options?: WorkerOptions];

/** Who has files compiled. */
export interface Sources {
  compiledWith(file: string): Promise<readonly LocalModule[]>;
}

/** What a thread is started with: as given, unless it is of a source in TypeScript. */
export function threadOf(sources: Sources, file: string | URL, options: WorkerOptions = {}): Arguments {
  const source = file instanceof URL ? (file.protocol === 'file:' ? fileURLToPath(file) : '') : file;
  if (options.eval || !isTypeScript(source)) return [file, options];
  const { port1, port2 } = new MessageChannel();
  port1.on('message', async ({ id, path: asked }: FileQuestion) => {
    const modules = await sources.compiledWith(asked).catch(() => []);
    port1.postMessage({ id, modules } satisfies FileAnswer);
  });
  port1.unref();
  const workerData: ThreadData = { file: path.resolve(source), data: options.workerData, port: port2 };
  const transferList = [...(options.transferList ?? []), port2] as Transferable[];
  return [path.join(__dirname, 'thread-main.js'), { ...options, workerData, transferList }];
}
