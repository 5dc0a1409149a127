// Worker threads with a TypeScript source, `new Worker(new URL('./w.ts', import.meta.url))`. They start with thread-main.ts,
// which loads the source like cells load files. The host compiles, and the parent thread forwards the requests.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, type Transferable, type WorkerOptions } from 'node:worker_threads';
import { isTypeScript } from '../../local-file';
import type { LocalModule } from '../../process-messages';

/** `workerData` of such a thread. */
export interface ThreadData {
  file: string;
  /** The `workerData` for the source itself. */
  data: unknown;
  /** The port for requests to compile files. */
  port: MessagePort;
}

/** A request to compile a file, and the answer. */
export interface FileQuestion {
  id: number;
  path: string;
}
export interface FileAnswer {
  id: number;
  modules: readonly LocalModule[];
}

type Arguments = [file: string | URL, options?: WorkerOptions];

/** Compiles files. */
export interface Sources {
  compiledWith(file: string): Promise<readonly LocalModule[]>;
}

/** The arguments of `Worker`: unchanged unless the source is TypeScript. */
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
