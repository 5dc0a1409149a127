// A worker whose code may fail to download or stall. It is restarted after growing pauses with newly fetched files. Messages
// sent before it was ready are replayed to its replacement.
import { DownloadError } from '../kernel/host/download-error';
import { ARRIVED } from './arrived';
import { download } from './download.mjs';

/** The files of each worker, filled in by bundle-kernel.mjs. */
declare const PARTS: Record<string, string[]>;
/** Milliseconds without a byte after which a download has failed. */
declare const PATIENCE: number;

/** Milliseconds before each retry. */
const pauses = [500, 2000, 5000];

export interface PartEvents<Said> {
  onMessage(message: Said): void;
  /** It could not be loaded, and is not retried. */
  onFailure(error: DownloadError): void;
  /** An uncaught error. */
  onError?(error: Error): void;
}

export class PartWorker<Told, Said> {
  private worker: Worker | undefined;
  /** Messages sent before its first one, which it may not have received. */
  private unheard: Told[] | undefined = [];
  private tries = 0;
  /** Whether its code runs. */
  private hasArrived = false;

  /** @param part such as 'cells-worker'; its first message shows that it has started */
  constructor(
    private readonly part: string,
    private readonly events: PartEvents<Said>,
  ) {
    this.start();
  }

  post(message: Told): void {
    this.unheard?.push(message);
    this.worker?.postMessage(message);
  }

  end(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }

  private start(): void {
    const worker = new Worker(new URL(`./${this.part}.mjs`, import.meta.url), { type: 'module', name: this.part });
    this.worker = worker;
    this.hasArrived = false;
    // A slow download may take longer, so the timeout grows.
    const stalled = setTimeout(() => this.tryAgain(worker), PATIENCE * 2 ** this.tries);
    worker.onmessage = ({ data }: MessageEvent<Said | typeof ARRIVED>) => {
      clearTimeout(stalled);
      if (this.worker !== worker) return;
      if (data === ARRIVED) {
        this.hasArrived = true;
        return;
      }
      this.unheard = undefined;
      this.events.onMessage(data);
    };
    worker.onerror = ({ message }) => {
      clearTimeout(stalled);
      if (this.worker !== worker) return;
      if (this.unheard === undefined) {
        this.events.onError?.(new Error(message));
        return;
      }
      worker.terminate();
      // Without a reason, the code was not downloaded.
      const problem =
        message === undefined ? `${this.part} could not be downloaded` : `${this.part} does not start: ${message}`;
      void this.tryAgain(worker, problem);
    };
    for (const message of this.unheard ?? []) worker.postMessage(message);
  }

  /** Replaces a worker that has sent nothing, once its files are available. @param problem why it cannot start */
  private async tryAgain(worker: Worker, problem?: string): Promise<void> {
    let reason = problem;
    for (; this.tries < pauses.length; this.tries++) {
      if (reason !== undefined) await new Promise((resolve) => setTimeout(resolve, pauses[this.tries]));
      const missing = await missingOf(PARTS[this.part]!);
      // It was ended, or has started after all.
      if (this.worker !== worker || (this.hasArrived && problem === undefined)) return;
      if (missing === undefined) {
        this.tries++;
        worker.terminate();
        this.start();
        return;
      }
      reason = missing;
    }
    if (this.worker !== worker || reason === undefined) return;
    this.end();
    this.events.onFailure(new DownloadError(`${reason}. Run the cell again, or restart the kernel, to try once more.`));
  }
}

/** Fetches files past caches, which may be damaged. Returns the problem of one, if any. */
async function missingOf(files: readonly string[]): Promise<string | undefined> {
  const problems = await Promise.all(
    files.map(async (file) => {
      const problem = await problemOf(new URL(file, import.meta.url));
      return problem && `${file} could not be downloaded: ${problem}`;
    }),
  );
  return problems.find((problem) => problem !== undefined);
}

async function problemOf(address: URL): Promise<string | undefined> {
  try {
    const { answer } = await download(address, 'reload', PATIENCE);
    if (answer.status === 404) return 'the server answered 404. If the site was renewed meanwhile, reload the page';
    if (!answer.ok) return `the server answered ${answer.status}`;
    const type = answer.headers.get('Content-Type') ?? '';
    if (!/javascript|json/.test(type))
      return `${type || 'something else'} came in its place, perhaps the log-in page of a network`;
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
